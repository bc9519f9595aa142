"""Dates and periods at the edges: serial days, two-digit years, halves, laws and dates of printing in titles."""

from __future__ import annotations

import datetime as dt

import pytest
from imports import Examine, faults

from data.intake.cells.periods import Period, month_first, period_in_title, read_date, read_period

D = dt.date


def test_numbers_are_days_only_where_spreadsheets_of_our_time_have_them() -> None:
    assert read_date(45_658) == D(2025, 1, 1)
    assert read_date("45658") == D(2025, 1, 1)
    assert read_date(30_000) == D(1982, 2, 18)
    assert read_date(60_000) == D(2064, 4, 8)
    for outside in (29_999, 60_001, "29999", "60001"):
        assert read_date(outside) is None


def test_years_of_two_digits_are_of_this_century_up_to_sixty_nine() -> None:
    assert read_date("01/02/24") == D(2024, 2, 1)
    assert read_date("01/02/69") == D(2069, 2, 1)
    assert read_date("01/02/70") == D(1970, 2, 1)


def test_eight_digits_are_a_day_only_with_a_year_in_front() -> None:
    assert read_date("20240131") == D(2024, 1, 31)
    assert read_date("31012024") is None
    assert read_date("53010101") is None, "the code of a place"


def test_the_thirteenth_tells_day_from_month_and_the_twelfth_does_not() -> None:
    assert month_first(["12/12/2024"]) is False
    assert month_first(["12/13/2024"]) is True
    assert month_first(["13/12/2024", "12/13/2024"]) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Semester I 2024", D(2024, 1, 1), D(2024, 6, 30)),
        ("Semester II 2024", D(2024, 7, 1), D(2024, 12, 31)),
        ("Triwulan I 2024", D(2024, 1, 1), D(2024, 3, 31)),
        ("Triwulan III 2024", D(2024, 7, 1), D(2024, 9, 30)),
        ("1 Oktober 2023 - 31 Maret 2024", D(2023, 10, 1), D(2024, 3, 31)),
        ("Oktober 2023 - Maret 2024", D(2023, 10, 1), D(2024, 3, 31)),
    ],
)
def test_stretches_of_a_year_and_across_two(text: str, start: dt.date, end: dt.date) -> None:
    found = read_period(text)
    assert found is not None
    assert (found.start, found.end) == (start, end)


def test_until_a_day_is_from_the_start_of_the_year_and_says_so() -> None:
    assert read_period("s/d 30 November 2024") == Period(D(2024, 1, 1), D(2024, 11, 30), True)
    assert read_period("2024") == Period(D(2024, 1, 1), D(2024, 12, 31), False)


def test_only_a_recap_that_starts_in_january_and_ends_early_is_a_part_of_a_year() -> None:
    assert Period(D(2024, 1, 1), D(2024, 11, 30)).partial_year
    assert not Period(D(2024, 1, 1), D(2024, 12, 31)).partial_year
    assert not Period(D(2024, 2, 1), D(2024, 11, 30)).partial_year


def test_years_of_laws_and_days_of_printing_are_no_periods() -> None:
    assert period_in_title("UU No. 21 Tahun 2007 tentang TPPO") is None
    assert period_in_title("Rekap TPPO 2024 (UU No. 21 Tahun 2007)") == Period(D(2024, 1, 1), D(2024, 12, 31))
    assert period_in_title("Dicetak 5 Januari 2025") is None
    assert period_in_title("Tanggal cetak: 5 Januari 2025") is None
    assert period_in_title("Rekap Semester II Tahun 2024") == Period(D(2024, 7, 1), D(2024, 12, 31))


def test_a_very_long_cell_names_no_period() -> None:
    assert read_period("2024" + " " * 196) == Period(D(2024, 1, 1), D(2024, 12, 31))
    assert read_period("2024" + " " * 197) is None


def test_figures_are_of_1990_or_later(look: Examine) -> None:
    found = look("kemiskinan", "Kode Desa,Jumlah Penduduk Miskin,Tahun\n98.01.01.2001,3,1989\n98.01.01.2001,3,1990\n")
    assert faults(found) == [(2, "DATE_OUT_OF_RANGE")]
