"""A file as raw tables: cells as typed, each row with its physical number, what a reader would not see beside it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.errors import Refused
from data.intake.cells.text import clean
from data.intake.files.decode import decode, records
from data.intake.files.limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, too_large
from data.intake.files.sniff import sniff
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


def read_tables(path: Path, options: Mapping[str, Any] | None = None) -> RawFile:
    """Reads a CSV, TSV, TXT, XLSX, XLS or ODS file; the option ``sheet`` names one sheet, hidden ones included.

    Raises `Refused` with the reasons of `data.intake.files.sniff.sniff`, of decoding, ``TOO_LARGE`` for more than
    `data.intake.files.limits.MAX_ROWS` rows or ``MAX_COLUMNS`` columns, ``SHEET_CHOICE`` for a sheet that is not
    there, ``NO_ROWS`` when no table holds a row.
    """
    if path.stat().st_size > MAX_BYTES:
        raise too_large()
    return read_content(path.read_bytes(), path.name, options)


def read_content(content: bytes, file_name: str, options: Mapping[str, Any] | None = None) -> RawFile:
    """As `read_tables`, for bytes that were never written to disk (an upload)."""
    sheet = (options or {}).get("sheet")
    kind = sniff(content, file_name)
    raw = RawFile(file_name, hashlib.sha256(content).hexdigest(), [], list(kind.warnings))
    if kind.container == "text":
        raw.tables = [_text_table(content)]
    else:
        from data.intake.files.sheets import read_sheets

        raw.tables, raw.aside = read_sheets(content, kind, sheet)
        raw.other_sheets = [str(table.sheet) for table in raw.aside]
    raw.tables = [table for table in raw.tables if table.rows]
    if not raw.tables:
        raise Refused("NO_ROWS")
    return raw


def read_table(path: Path, options: Mapping[str, Any] | None = None) -> RawTable:
    """The one table of a file; `Refused` (``SHEET_CHOICE``) when there are several and none was chosen."""
    raw = read_tables(path, options)
    if len(raw.tables) > 1:
        raise Refused("SHEET_CHOICE", sheets=", ".join(str(table.sheet) for table in raw.tables))
    return raw.tables[0]


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


def _text_table(content: bytes) -> RawTable:
    text, warnings = decode(content)
    found, _ = records(text)
    table = RawTable("text", warnings=warnings)
    for number, cells in found:
        add_row(table, number, list(cells))
        table.lengths[number] = len(cells)
    return table
