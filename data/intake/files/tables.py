"""Reading a file into raw tables, whatever it is in: text, or the sheets of a workbook."""

from __future__ import annotations

import hashlib
from pathlib import Path

from data.errors import Refused
from data.intake.files.decode import decode, records
from data.intake.files.limits import MAX_BYTES, too_large
from data.intake.files.raw import RawFile, RawTable, add_row
from data.intake.files.sheets import read_sheets
from data.intake.files.sniff import sniff


def read_tables(path: Path, sheet: str | None = None) -> RawFile:
    """Reads a CSV, TSV, TXT, XLSX, XLS or ODS file; ``sheet`` names one sheet, hidden ones included.

    Raises `Refused` with the reasons of `data.intake.files.sniff.sniff`, of decoding, ``TOO_LARGE`` for more than
    `data.intake.files.limits.MAX_ROWS` rows or ``MAX_COLUMNS`` columns, ``SHEET_CHOICE`` for a sheet that is not
    there, ``NO_ROWS`` when no table holds a row.
    """
    if path.stat().st_size > MAX_BYTES:
        raise too_large()
    return read_content(path.read_bytes(), path.name, sheet)


def read_content(content: bytes, file_name: str, sheet: str | None = None) -> RawFile:
    """As `read_tables`, for bytes that were never written to disk (an upload)."""
    kind = sniff(content, file_name)
    raw = RawFile(file_name, hashlib.sha256(content).hexdigest(), [], list(kind.warnings))
    if kind.container == "text":
        raw.tables = [_text_table(content)]
    else:
        raw.tables, raw.aside = read_sheets(content, kind, sheet)
        raw.other_sheets = [str(table.sheet) for table in raw.aside]
    raw.tables = [table for table in raw.tables if table.rows]
    if not raw.tables:
        raise Refused("NO_ROWS")
    return raw


def read_table(path: Path, sheet: str | None = None) -> RawTable:
    """The one table of a file; `Refused` (``SHEET_CHOICE``) when there are several and none was chosen."""
    raw = read_tables(path, sheet)
    if len(raw.tables) > 1:
        raise Refused("SHEET_CHOICE", sheets=", ".join(str(table.sheet) for table in raw.tables))
    return raw.tables[0]


def _text_table(content: bytes) -> RawTable:
    text, warnings = decode(content)
    found, _ = records(text)
    table = RawTable("text", warnings=warnings)
    for number, cells in found:
        add_row(table, number, list(cells))
        table.lengths[number] = len(cells)
    return table
