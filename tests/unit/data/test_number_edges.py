"""Single number cells at the edges of what is read: shares among counts, signs, lengths, doubtful cells."""

from __future__ import annotations

import pytest

from data.intake.cells.numbers import LONGEST, Convention, convention_of, digits_text, looks_numeric, read_number

NONE = Convention()


@pytest.mark.parametrize("text", ["12%", "12 %", "12,5%", "0%"])
def test_a_share_is_no_count(text: str) -> None:
    assert read_number(text, NONE, whole=True).reason == "NOT_A_NUMBER"
    assert read_number(text, NONE).value == float(text.rstrip("% ").replace(",", "."))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1500,-", 1500.0),
        ("Rp 2.000.000,-", 2_000_000.0),
        ("(12)", -12.0),
        ("-12", -12.0),
        ("− 12", -12.0),
        ("+12", 12.0),
        ("1.234.567", 1_234_567.0),
        ("1 234", 1234.0),
        ("'0012", 12.0),
        ("25 kk", 25.0),
        ("25 jiwa.", 25.0),
    ],
)
def test_signs_units_and_currency_around_a_number(text: str, value: float) -> None:
    assert read_number(text, NONE).value == value


@pytest.mark.parametrize("text", ["...", "belum ada data", "n.a.", "NaN", "—", "null"])
def test_marks_of_a_missing_figure_are_neither_zero_nor_an_error(text: str) -> None:
    read = read_number(text, NONE, whole=True)
    assert (read.value, read.reason) == (None, None)
    assert not looks_numeric(text)


def test_a_doubtful_cell_follows_the_highest_value_that_makes_sense() -> None:
    assert read_number("12.345", NONE, highest=100).value == 12.345
    assert read_number("99.999", NONE, highest=50).reason == "AMBIGUOUS_NUMBER", "too high in either sense"
    assert read_number("12.345", NONE, highest=20_000).reason == "AMBIGUOUS_NUMBER", "possible in either sense"


def test_a_sign_that_means_one_thing_tells_what_the_other_sign_means() -> None:
    assert read_number("1.234", Convention(decimal=frozenset(","))).value == 1234
    assert read_number("1.234", Convention(thousands=frozenset(","))).value == 1.234
    assert read_number("1.234", Convention(decimal=frozenset("."))).value == 1.234
    assert read_number("1.234", Convention(thousands=frozenset("."))).value == 1234


def test_a_column_that_has_both_signs_in_doubtful_cells_is_mixed() -> None:
    assert convention_of(["1.234", "1,234"]).mixed
    assert not convention_of(["1.234", "2.345"]).mixed
    assert convention_of(["1.234,5"]) == Convention(frozenset(","), frozenset("."))


@pytest.mark.parametrize("cell", [0.4, 12.5, 0.001, "12,5", "0,3"])
def test_a_fraction_is_no_count_however_small(cell: object) -> None:
    assert read_number(cell, NONE, whole=True).reason == "NOT_INTEGER"  # type: ignore[arg-type]


def test_long_text_is_no_number_and_long_codes_keep_their_digits() -> None:
    assert read_number("1" * LONGEST, NONE).value == float("1" * LONGEST)
    assert read_number("1" * 201, NONE).reason == "NOT_A_NUMBER"
    assert not looks_numeric("1" * 201)
    assert digits_text(5301042003123.0) == "5301042003123"
    assert digits_text(1e16) is None
