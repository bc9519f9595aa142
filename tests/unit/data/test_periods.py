from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.intake.cells.periods import Period, month_first, period_in_title, read_date, read_period, read_year

D = dt.date
days = st.dates(D(1995, 1, 1), D(2030, 12, 31))
MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]


@given(days)
def test_a_day_is_the_same_in_every_spelling(day: dt.date) -> None:
    for text in (
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"{day:%d.%m.%Y}",
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day.day} {MONTHS[day.month - 1].upper()} {day.year}",
        f"{day:%Y-%m-%d} 00:00:00",
    ):
        assert read_date(text) == day, text
    assert read_date(float((day - D(1899, 12, 30)).days)) == day
    assert read_date(dt.datetime(day.year, day.month, day.day, 12)) == day


@given(days)
def test_iso_dates_are_never_flipped(day: dt.date) -> None:
    assert read_date(f"{day:%Y-%m-%d}", us_order=True) == day


@given(st.text(max_size=25))
def test_any_text_is_a_period_or_none(text: str) -> None:
    found = read_period(text)
    assert found is None or found.start <= found.end


@given(st.integers(1995, 2030), st.integers(1, 12))
def test_a_month_ends_on_its_last_day(year: int, month: int) -> None:
    whole = Period(D(year, month, 1), D(year, month, calendar.monthrange(year, month)[1]))
    for text in (f"{MONTHS[month - 1]} {year}", f"{year}-{month:02d}", f"{month:02d}/{year}"):
        assert read_period(text) == whole


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", D(2024, 1, 1), D(2024, 12, 31)),
        ("Tahun 2024", D(2024, 1, 1), D(2024, 12, 31)),
        ("TA. 2024", D(2024, 1, 1), D(2024, 12, 31)),
        ("Triwulan II 2024", D(2024, 4, 1), D(2024, 6, 30)),
        ("TW IV 2023", D(2023, 10, 1), D(2023, 12, 31)),
        ("Semester I Tahun 2024", D(2024, 1, 1), D(2024, 6, 30)),
        ("s/d 30 Nopember 2024", D(2024, 1, 1), D(2024, 11, 30)),
        ("Pebruari 2024", D(2024, 2, 1), D(2024, 2, 29)),
        ("Januari s.d. Juni 2024", D(2024, 1, 1), D(2024, 6, 30)),
        ("Jan-Juni 2024", D(2024, 1, 1), D(2024, 6, 30)),
        ("1 Januari - 30 Juni 2024", D(2024, 1, 1), D(2024, 6, 30)),
        ("Agt 2023", D(2023, 8, 1), D(2023, 8, 31)),
        ("2024-01-01 s/d 2024-06-30", D(2024, 1, 1), D(2024, 6, 30)),
        (2024.0, D(2024, 1, 1), D(2024, 12, 31)),
    ],
)
def test_periods_as_clerks_write_them(text: str, start: dt.date, end: dt.date) -> None:
    found = read_period(text)
    assert found is not None
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize("text", ["2023/2024", "13/2024", "31/02/2024", "kemarin", "Triwulan V 2024", "24", ""])
def test_what_names_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


def test_a_file_has_one_order_of_day_and_month() -> None:
    assert month_first(["03/04/2024", "05/06/2024"]) is False
    assert month_first(["03/25/2024", "05/06/2024"]) is True
    assert month_first(["25/03/2024", "03/25/2024"]) is None
    assert read_date("03/04/2024") == D(2024, 4, 3)
    assert read_date("03/04/2024", us_order=True) == D(2024, 3, 4)


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        ("REKAP KASUS TPPO TAHUN 2024", D(2024, 1, 1), D(2024, 12, 31)),
        ("Data PMI meninggal s/d 30 November 2024", D(2024, 1, 1), D(2024, 11, 30)),
        ("Periode Januari - Juni 2023", D(2023, 1, 1), D(2023, 6, 30)),
        ("LAPORAN TRIWULAN II TAHUN 2024", D(2024, 4, 1), D(2024, 6, 30)),
        ("Bulan Mei 2024", D(2024, 5, 1), D(2024, 5, 31)),
    ],
)
def test_the_period_of_a_title(title: str, start: dt.date, end: dt.date) -> None:
    found = period_in_title(title)
    assert found is not None
    assert (found.start, found.end) == (start, end)


def test_a_title_of_two_years_names_no_period() -> None:
    assert period_in_title("Perbandingan 2023 dan 2024") is None
    assert period_in_title("Daftar desa") is None


def test_years_alone() -> None:
    assert read_year("Thn 2024") == 2024
    assert read_year(2024.0) == 2024
    assert read_year("24") is None
    assert read_year(True) is None
