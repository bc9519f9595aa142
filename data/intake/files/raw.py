"""A file as raw tables: cells as typed, each row with its physical number, what a reader would not see beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from data.intake.cells.text import clean
from data.intake.files.limits import MAX_COLUMNS, MAX_ROWS, too_large
from data.intake.report import RowIssue

Cell = str | float | bool | dt.date | dt.datetime | None
"""Text, number, truth, date, or nothing. Integers arrive as float from spreadsheets, as text from text files."""


@dataclass
class RawTable:
    """One sheet or text file. ``rows`` pairs the physical row number (from 1) with its cells; blank rows are left out.

    ``faults`` maps (row, column from 0) to ``CELL_ERROR`` or ``FORMULA_NO_VALUE``; ``percent`` holds cells formatted
    as a percentage; ``merged`` are ranges ((row, column), (row, column)) both ends included; ``lengths`` are the cells
    a text file's record has, blank ones at its end included; ``date1904`` says that days count from 1904.
    """

    container: str
    sheet: str | None = None
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    percent: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    warnings: list[RowIssue] = field(default_factory=list)
    lengths: dict[int, int] = field(default_factory=dict)
    date1904: bool = False

    @property
    def width(self) -> int:
        """Cells of the widest row."""
        return max((len(cells) for _, cells in self.rows), default=0)


@dataclass
class RawFile:
    """A file read once: its name, checksum and the tables found in it (visible sheets, or the one asked for).

    ``aside`` are its other sheets, looked at for personal data only.
    """

    file_name: str
    sha256: str
    tables: list[RawTable]
    warnings: list[RowIssue] = field(default_factory=list)
    other_sheets: list[str] = field(default_factory=list)
    aside: list[RawTable] = field(default_factory=list)


def add_row(table: RawTable, number: int, cells: list[Cell]) -> None:
    """Appends a row unless it is blank; text is cleaned. Raises `Refused` beyond the limits."""
    kept = [clean(cell) or None if isinstance(cell, str) else cell for cell in cells]
    while kept and kept[-1] is None:
        kept.pop()
    if not kept:
        return
    if len(kept) > MAX_COLUMNS or len(table.rows) >= MAX_ROWS:
        raise too_large()
    table.rows.append((number, kept))
