"""Dates and periods as clerks write them: ``31/12/2024``, ``s/d 30 Nopember 2024``, ``Triwulan II 2024``, ``TA 2024``.

A file has one order of day and month; the Indonesian one unless its dates show otherwise.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

from data.intake.cells.text import words_of
from data.intake.files.raw import Cell

EARLIEST = dt.date(1990, 1, 1)
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "januari jan january djanuari",
        "februari feb pebruari peb february",
        "maret mar mrt march maart",
        "april apr",
        "mei may",
        "juni jun june djuni",
        "juli jul july djuli",
        "agustus agu agt ags aug august agoestoes augustus",
        "september sep sept",
        "oktober okt oct october",
        "november nov nopember nop",
        "desember des dec december dessember",
    ),
    start=1,
):
    _MONTHS.update(dict.fromkeys(_names.split(), _number))
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d.*)?")
_SERIAL = re.compile(r"[3-6]\d{4}[.,]\d+", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: \d.*)?")
_NAMED_DAY = re.compile(rf"(\d{{1,2}}) ({_MONTH}) (\d{{4}}|\d{{2}})")
_YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d\d)(?!\d)")
_TO = re.compile(r"\s+(?:s d|sd|sampai dengan|sampai|hingga|to|until)\s+|\s*[–—]\s*|\s+-\s+|(?<=[A-Za-z])-(?=[A-Za-z])")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_OF_A_LAW = re.compile(
    r"(?i)\b(?:nomor|no)\b[\s.:]*[\w./-]+\s+(?:tahun|thn|th)\.?\s*(?:19|20)\d\d\b"
    r"|\b(?:uu|undang[- ]undang|pp|perpu|perpres|permen\w*|kepmen\w*|perda|pergub|perbup|perwali|peraturan|keputusan"
    r"|surat)"
    r"\b[^;\n]*?\b(?:nomor|no)\b[^;\n]*?\b(?:19|20)\d\d\b"
)
_PRINTED = re.compile(
    r"(?:dicetak|cetak|diunduh|unduh|tanggal cetak|tgl cetak|printed|downloaded|diekspor|waktu unduh)\b"
)
_LONGEST = 200
"""Characters beyond which a cell names no period."""
_QUARTER = re.compile(r"(?:triwulan|tw|tri wulan|kuartal|q|quarter) ?(iv|i{1,3}|[1-4])(?= |$)")
_HALF = re.compile(r"(?:semester|smt|sem) ?(i{1,2}|[12])(?= |$)")
_UP_TO = re.compile(r"^(?:per(?: tanggal)?|s d|sd|sampai dengan|sampai|hingga|posisi|keadaan)(?: tanggal| tgl)? ")


class Period(NamedTuple):
    """A stretch of time, both days included. ``open_year`` says that it only named its end (``s/d 30 November``)."""

    start: dt.date
    end: dt.date
    open_year: bool = False

    @property
    def partial_year(self) -> bool:
        """Whether it runs from 1 January to a day before 31 December: a recap so far."""
        return (self.start.month, self.start.day) == (1, 1) and (self.end.month, self.end.day) != (12, 31)


def year_period(year: int) -> Period:
    """The whole calendar year."""
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))


def month_first(cells: Iterable[Cell]) -> bool | None:
    """Whether the dates of a column are written month first; None when some say yes and some say no."""
    day_first = us = False
    for cell in cells:
        found = _SLASHED.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if found:
            first, second = int(found.group(1)), int(found.group(2))
            day_first |= first > 12
            us |= second > 12
    return None if us and day_first else us


def read_date(cell: Cell, us_order: bool = False) -> dt.date | None:
    """One day, or None when the cell is no date. Numbers are serial days of spreadsheets (1900 system)."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, float | int):
        return _EXCEL_EPOCH + dt.timedelta(days=int(cell)) if 30_000 <= cell <= 60_000 else None
    text = cell.strip()
    if _SERIAL.fullmatch(text):
        text = text[:5]
    if text.isdigit() and len(text) == 5 and 30_000 <= int(text) <= 60_000:
        return _EXCEL_EPOCH + dt.timedelta(days=int(text))
    if text.isdigit() and len(text) == 8 and text[:2] in ("19", "20"):
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    if found := _ISO.fullmatch(text):
        return _day(*(int(part) for part in found.groups()))
    if found := _SLASHED.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        return _day(_full(year), first, second) if us_order else _day(_full(year), second, first)
    words = re.sub(r"^(?:senin|selasa|rabu|kamis|jumat|jum at|sabtu|minggu) ", "", words_of(text))
    if found := _NAMED_DAY.fullmatch(words):
        return _day(_full(int(found.group(3))), _MONTHS[found.group(2)], int(found.group(1)))
    return None


def read_year(cell: Cell) -> int | None:
    """A year on its own: ``2024``, ``2024.0``, ``Tahun 2024``, ``TA. 2024``."""
    if cell is None or isinstance(cell, bool | dt.date):
        return None
    if isinstance(cell, float | int):
        return int(cell) if float(cell).is_integer() and 1900 <= cell <= 2200 else None
    found = re.fullmatch(r"(?:(?:tahun|thn|th|ta|t a|tahun anggaran|year|fy) ?)?(\d{4})(?: 0)?", words_of(cell))
    return int(found.group(1)) if found and 1900 <= int(found.group(1)) <= 2200 else None


def read_period(cell: Cell, us_order: bool = False, default_year: int | None = None) -> Period | None:
    """A period: a year, month, quarter, half-year, day, or a range of them; None when the cell names none."""
    if isinstance(cell, str) and len(cell) > _LONGEST:
        return None
    if (year := read_year(cell)) is not None:
        return year_period(year)
    if not isinstance(cell, str):
        day = read_date(cell)
        return Period(day, day) if day else None
    text = cell.strip()
    if found := re.fullmatch(r"(\d{4})[-/](\d{1,2})", text):
        return _month(int(found.group(1)), int(found.group(2)))
    if found := re.fullmatch(r"(\d{1,2})[-/](\d{4})", text):
        return _month(int(found.group(2)), int(found.group(1)))
    if day := read_date(text, us_order):
        return Period(day, day)
    if found := re.fullmatch(rf"({_MONTH})\W+(\d\d)", text.lower()):
        return _month(_full(int(found.group(2))), _MONTHS[found.group(1)])
    words = re.sub(r"^(?:periode|bulan|tanggal|tgl|pada) ", "", words_of(text))
    return (
        _until(words, text, us_order, default_year)
        or _range(text, us_order, default_year)
        or _named(words, default_year)
    )


def period_in_title(text: str) -> Period | None:
    """The period a title or sheet name speaks of: ``REKAP … TAHUN 2024``, ``… s/d 30 November 2024``.

    The years of laws (``UU No. 21 Tahun 2007``) and dates of printing are no periods.
    """
    text = _OF_A_LAW.sub(" ", text[: 2 * _LONGEST])
    words = words_of(text)
    if _PRINTED.match(words):
        return None
    if found := re.search(
        rf"(?:s d|sd|sampai dengan|per|hingga|posisi|keadaan)(?: tanggal| tgl)? (\d{{1,2}} (?:{_MONTH}) \d{{4}})", words
    ):
        end = read_date(found.group(1))
        if end:
            return Period(dt.date(end.year, 1, 1), end, True)
    months = re.search(rf"({_MONTH}) (?:s d |sd |sampai dengan |sampai |hingga )?({_MONTH}) (\d{{4}})", words)
    if months:
        year = int(months.group(3))
        first, last = _month(year, _MONTHS[months.group(1)]), _month(year, _MONTHS[months.group(2)])
        if first and last and first.start <= last.end:
            return Period(first.start, last.end)
    years = {int(found) for found in _YEAR.findall(text)}
    if len(years) != 1:
        return None
    year = years.pop()
    if found := _QUARTER.search(words):
        return _quarter(year, _ROMAN[found.group(1)])
    if found := _HALF.search(words):
        return _half(year, _ROMAN[found.group(1)])
    if found := re.search(rf"(?:bulan |^| )({_MONTH}) {year}", words):
        return _month(year, _MONTHS[found.group(1)])
    return year_period(year)


def years_in(text: str) -> list[int]:
    """Years that occur in a header."""
    return [int(found) for found in _YEAR.findall(text)]


def _until(words: str, text: str, us_order: bool, default_year: int | None) -> Period | None:
    """``s/d 30 November 2024``: from the start of that year."""
    found = _UP_TO.match(words)
    if not found:
        return None
    tail = words[found.end() :]
    day = read_date(tail, us_order) or read_date(re.sub(r"^\D+", "", text), us_order)
    if day:
        return Period(dt.date(day.year, 1, 1), day, True)
    named = _named(tail, default_year)
    return Period(dt.date(named.end.year, 1, 1), named.end, True) if named else None


def _range(text: str, us_order: bool, default_year: int | None) -> Period | None:
    """``1 Januari - 30 Juni 2024``, ``Januari s/d Juni 2024``."""
    spoken = re.sub(r"(?i)\bs\s*[./]\s*d\b\.?", "s d", text)
    parts = [part for part in _TO.split(spoken) if part and part.strip()]
    if len(parts) != 2:
        return None
    last = read_period(parts[1], us_order, default_year)
    if last is None:
        return None
    year = last.end.year
    first_text = parts[0] if _YEAR.search(parts[0]) else f"{parts[0]} {year}"
    first = read_period(first_text, us_order, year)
    return Period(first.start, last.end) if first and first.start <= last.end else None


def _named(words: str, default_year: int | None) -> Period | None:
    years = [int(found) for found in _YEAR.findall(words)]
    year = years[0] if len(set(years)) == 1 else default_year if not years else None
    if year is None:
        return None
    rest = _YEAR.sub(" ", words).replace("tahun", " ").strip()
    rest = re.sub(r"\s+", " ", rest)
    if found := _QUARTER.fullmatch(rest):
        return _quarter(year, _ROMAN[found.group(1)])
    if found := _HALF.fullmatch(rest):
        return _half(year, _ROMAN[found.group(1)])
    if rest in _MONTHS:
        return _month(year, _MONTHS[rest])
    if rest.isdigit() and 1 <= int(rest) <= 12:
        return _month(year, int(rest))
    return None


def _month(year: int, month: int) -> Period | None:
    if not 1 <= month <= 12 or not 1900 <= year <= 2200:
        return None
    return Period(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))


def _quarter(year: int, number: int) -> Period:
    last = number * 3
    return Period(dt.date(year, last - 2, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


def _half(year: int, number: int) -> Period:
    return (
        Period(dt.date(year, 1, 1), dt.date(year, 6, 30))
        if number == 1
        else Period(dt.date(year, 7, 1), dt.date(year, 12, 31))
    )


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _full(year: int) -> int:
    return year if year >= 100 else year + (2000 if year < 70 else 1900)
