from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.intake.cells.numbers import Convention, convention_of, digits_text, looks_numeric, read_number

NONE = Convention()
counts = st.integers(0, 10**9)


def indonesian(number: float, decimals: int) -> str:
    return f"{number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


@given(counts)
def test_counts_written_the_indonesian_way_are_read_back(number: int) -> None:
    assert read_number(indonesian(number, 0), NONE, whole=True).value == number


@given(counts)
def test_counts_with_english_signs_blanks_or_none_are_the_same_number(number: int) -> None:
    for text in (f"{number}", f"{number:,}", f"{number:,}".replace(",", " "), f" {number} orang", f"{float(number)}"):
        if text.endswith(".0") and len(text.split(".")[0]) > 15:
            continue
        assert read_number(text, NONE, whole=True).value == number, text


@given(st.lists(st.floats(0, 100).map(lambda x: round(x, 2)), min_size=1, max_size=20))
def test_a_column_of_fractions_with_commas_is_read_back(numbers: list[float]) -> None:
    cells = [indonesian(number, 2) for number in numbers]
    convention = convention_of(cells)
    assert [read_number(cell, convention).value for cell in cells] == numbers


@given(st.text(max_size=12))
def test_any_text_is_missing_a_number_or_a_reason(text: str) -> None:
    read = read_number(text, convention_of([text]))
    assert (read.value is None) or (read.reason is None)
    assert read.reason in (None, "NOT_A_NUMBER", "AMBIGUOUS_NUMBER", "CELL_ERROR", "NOT_INTEGER")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,5", 12.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("0.621", 0.621),
        ("0,621", 0.621),
        ("-5", -5.0),
        ("(5)", -5.0),
        ("Rp 1.000.000", 1_000_000.0),
        ("12,5 %", 12.5),
        ("71,15 ", 71.15),
        (",5", 0.5),
        ("1e3", 1000.0),
        ("3 kasus", 3.0),
        ("5130.659", 5130.659),
        ("−2", -2.0),
        ("+7", 7.0),
        ("007", 7.0),
    ],
)
def test_spellings_that_can_only_mean_one_number(text: str, value: float) -> None:
    assert read_number(text, NONE).value == value


@pytest.mark.parametrize("text", ["", " ", "-", "–", "…", "n/a", "NA", "tidak ada data"])
def test_missing_is_missing_and_not_zero(text: str) -> None:
    read = read_number(text, NONE, whole=True)
    assert read.value is None
    assert read.reason is None


@pytest.mark.parametrize("text", ["nihil", "NIHIL", "Nil", "nol"])
def test_nihil_is_a_zero_somebody_stated(text: str) -> None:
    assert read_number(text, NONE, whole=True).value == 0


def test_a_point_before_three_digits_needs_the_column_or_the_field_to_settle_it() -> None:
    assert read_number("1.234", NONE).reason == "AMBIGUOUS_NUMBER"
    assert read_number("1.234", NONE, whole=True).value == 1234
    assert read_number("12.345", NONE, highest=100).value == 12.345
    assert read_number("1.234", convention_of(["12,5", "1.234"])).value == 1234
    assert read_number("1.234", convention_of(["12.5", "1.234"])).value == 1.234
    assert read_number("1,234", convention_of(["12.5"])).value == 1234


def test_two_conventions_in_one_column_make_only_the_doubtful_cells_errors() -> None:
    convention = convention_of([" 71,15 ", "6.84", "1.234"])
    assert convention.mixed
    assert read_number(" 71,15 ", convention).value == 71.15
    assert read_number("6.84", convention).value == 6.84
    assert read_number("1.234", convention).reason == "AMBIGUOUS_NUMBER"
    assert read_number("1.234", convention, whole=True).reason == "AMBIGUOUS_NUMBER"


def test_doubtful_cells_of_both_signs_in_one_column_are_errors_also_for_counts() -> None:
    convention = convention_of(["1.234", "1,234", "12"])
    assert read_number("1.234", convention, whole=True).reason == "AMBIGUOUS_NUMBER"
    assert read_number("1,234", convention, whole=True).reason == "AMBIGUOUS_NUMBER"
    assert read_number("12", convention, whole=True).value == 12


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#NAME?", "#DIV/0!", "#VALUE!", "#NILAI!"])
def test_error_cells_are_errors(text: str) -> None:
    assert read_number(text, NONE).reason == "CELL_ERROR"


@pytest.mark.parametrize("cell", ["tiga", "1-2", "12a", "3/4", True, dt.date(2024, 1, 2), float("nan"), "1.23.4"])
def test_what_is_no_number_is_said_to_be_none(cell: object) -> None:
    assert read_number(cell, NONE).reason == "NOT_A_NUMBER"  # type: ignore[arg-type]


def test_halves_of_people_are_not_counted() -> None:
    assert read_number(12.5, NONE, whole=True).reason == "NOT_INTEGER"
    assert read_number(12.0, NONE, whole=True).value == 12


def test_cells_shown_as_percentages_are_percentages() -> None:
    assert read_number(0.2652, NONE, percent=True).value == pytest.approx(26.52)


def test_looking_numeric() -> None:
    assert looks_numeric("1.234")
    assert looks_numeric(3.0)
    assert not looks_numeric("Desa 3")
    assert not looks_numeric("-")
    assert digits_text(5301042003.0) == "5301042003"
    assert digits_text(1.5) is None
