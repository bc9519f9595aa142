"""The period of each row: from its own cells, from the header of its value, else from what the whole table says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from data.intake.cells.periods import (
    EARLIEST,
    Period,
    month_first,
    period_in_title,
    read_date,
    read_period,
    read_year,
    year_period,
)
from data.intake.cells.text import shorten
from data.intake.files.raw import Cell
from data.intake.header.headers import Header
from data.intake.header.layout import Body
from data.intake.header.synonyms import TIME_FIELDS
from data.intake.report import RowIssue

_EPOCHS_APART = 1462
"""Days between the two epochs of spreadsheets."""

_SUB = {"bulan": "{}", "triwulan": "triwulan {}", "semester": "semester {}"}


@dataclass(frozen=True)
class PeriodFault:
    """Why a row's period cannot be read: the field, the reason, values of its text."""

    field: str
    reason: str
    params: Mapping[str, object]


class Clock:
    """Reads the periods of one table. ``default`` serves rows and columns that say nothing themselves; ``date1904``
    says that serial days count from 1904.
    """

    def __init__(
        self, header: Header, body: Body, default: Period | None, today: dt.date, date1904: bool = False
    ) -> None:
        self._shift = _EPOCHS_APART if date1904 else 0
        self._fields = {name: header.fields[name] for name in TIME_FIELDS if name in header.fields}
        self._default = default
        self._today = today
        days = [
            cells[self._fields[name]]
            for name in ("awal", "akhir", "tanggal")
            if name in self._fields
            for _, cells in body.data
            if self._fields[name] < len(cells)
        ]
        order = month_first(days)
        self.mixed_order = order is None
        self._us = bool(order)
        self._cache: dict[tuple[object, ...], Period | PeriodFault | None] = {}

    @property
    def told_by_rows(self) -> bool:
        """Whether the table has a column of time."""
        return bool(self._fields)

    @property
    def has_default(self) -> bool:
        """Whether rows that say nothing have a period all the same."""
        return self._default is not None

    def period(self, cells: list[Cell], header_year: int | None) -> Period | PeriodFault:
        """The period of a value: the row's own, else the year in its header, else the table's."""
        values = tuple(self._dated(cells[at]) if at < len(cells) else None for at in self._fields.values())
        if values not in self._cache:
            self._cache[values] = self._checked(self._row_period(dict(zip(self._fields, values, strict=True))))
        own = self._cache[values]
        if own is not None:
            return own
        if header_year is not None:
            found = self._checked(year_period(header_year))
            return found if found is not None else PeriodFault("tahun", "PERIOD", {"value": str(header_year)})
        if self._default is not None:
            return self._default
        name = next(iter(self._fields), "tahun")
        return PeriodFault(name, "PERIOD", {"value": ""})

    def _dated(self, cell: Cell) -> Cell:
        """A cell of time; serial days counted from 1904 as those counted from 1900."""
        serial = isinstance(cell, float) and 20_000 <= cell <= 60_000
        return cell + self._shift if serial and isinstance(cell, float) else cell

    def _row_period(self, cells: dict[str, Cell]) -> Period | PeriodFault | None:
        """What the time cells of a row say, None when they are blank."""
        start, end = cells.get("awal"), cells.get("akhir")
        if start is not None or end is not None:
            return self._from_ends(start, end)
        for name in ("periode", "tanggal"):
            cell = cells.get(name)
            if cell is not None:
                year = read_year(cells.get("tahun"))
                found = read_period(cell, self._us, year)
                if found is None:
                    reason = "DATE_UNPARSEABLE" if name == "tanggal" else "PERIOD"
                    return PeriodFault(name, reason, {"value": shorten(str(cell))})
                if year is not None and not found.start.year <= year <= found.end.year:
                    return PeriodFault(name, "PERIOD", {"value": f"{shorten(str(cell))} / {year}"})
                return self._not_later(found, name)
        return self._from_year(cells)

    def _from_ends(self, start: Cell, end: Cell) -> Period | PeriodFault:
        spans: dict[str, Period | None] = {}
        for name, cell in (("awal", start), ("akhir", end)):
            if cell is None:
                continue
            spans[name] = read_period(cell, self._us)
            if spans[name] is None:
                return PeriodFault(name, "DATE_UNPARSEABLE", {"value": shorten(str(cell))})
        last = spans.get("akhir")
        first = spans.get("awal")
        if last is None and first is not None:
            return PeriodFault("akhir", "PERIOD", {"value": ""})
        if last is None:
            return PeriodFault("akhir", "PERIOD", {"value": ""})
        begin = first.start if first else dt.date(last.end.year, 1, 1)
        if begin > last.end:
            return PeriodFault("akhir", "PERIOD", {"value": f"{begin} > {last.end}"})
        found = Period(begin, last.end)
        return self._not_later(found._replace(open_year=found.partial_year), "akhir")

    def _from_year(self, cells: dict[str, Cell]) -> Period | PeriodFault | None:
        cell = cells.get("tahun")
        sub = next(((name, cells[name]) for name in _SUB if cells.get(name) is not None), None)
        if cell is None and sub is None:
            return None
        if isinstance(cell, dt.date):
            # A year cell shown as a date: 1 January is the year itself, any other day is a typing error.
            first = (cell.month, cell.day) == (1, 1)
            return (
                year_period(cell.year)
                if first
                else PeriodFault("tahun", "PERIOD", {"value": cell.strftime("%Y-%m-%d")})
            )
        year = read_year(cell) if cell is not None else None
        if cell is not None and year is None:
            whole = read_period(cell, self._us) if sub is None else None
            return whole or PeriodFault("tahun", "PERIOD", {"value": shorten(str(cell))})
        if sub is None:
            return year_period(year) if year is not None else None
        name, value = sub
        if year is None and self._default is not None:
            year = self._default.end.year
        text = str(int(value)) if isinstance(value, float) else str(value)
        words = text if any(char.isalpha() for char in text) and name == "bulan" else _SUB[name].format(text)
        found = read_period(words, False, year) if year is not None else None
        if found is None:
            found = read_period(text, False, year) if year is not None else None
        return found or PeriodFault(name, "PERIOD", {"value": shorten(text)})

    def _not_later(self, period: Period, field: str) -> Period | PeriodFault:
        if period.end > self._today and period.end - period.start < dt.timedelta(days=364):
            return PeriodFault(field, "DATE_FUTURE", {"value": period.end.isoformat()})
        return period

    def _checked(self, period: Period | PeriodFault | None) -> Period | PeriodFault | None:
        if not isinstance(period, Period):
            return period
        name = next(iter(self._fields), "tahun")
        if period.start > self._today:
            return PeriodFault(name, "DATE_FUTURE", {"value": period.start.isoformat()})
        if period.start < EARLIEST:
            return PeriodFault(
                name, "DATE_OUT_OF_RANGE", {"value": period.start.isoformat(), "earliest": EARLIEST.isoformat()}
            )
        return period


def default_period(
    titles: list[str], sheet: str | None, file_name: str, as_of: dt.date | None, asked: object
) -> tuple[Period | None, RowIssue | None]:
    """The period of a table that has no column of time: asked for, in its titles, sheet name, as-of date, file name."""
    if asked is not None:
        found = read_period(str(asked))
        return found, None
    for text in [*titles, sheet or ""]:
        if (found := period_in_title(text)) and EARLIEST <= found.start <= dt.date.today():
            return found, RowIssue(None, None, "PERIOD_FROM_TITLE", _said(found))
    if as_of is not None:
        found = Period(dt.date(as_of.year, 1, 1), as_of, True)
        return found, RowIssue(None, None, "PERIOD_FROM_AS_OF", _said(found))
    if found := period_in_title(file_name.rpartition(".")[0].replace("_", " ")):
        return found, RowIssue(None, None, "PERIOD_FROM_FILE_NAME", _said(found))
    return None, None


def day_of(text: object) -> dt.date | None:
    """A date an officer typed in a form or on the command line."""
    if isinstance(text, dt.date):
        return text
    return read_date(str(text)) if text else None


def _said(period: Period) -> dict[str, object]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}
