"""Columns a person assigned before, found again by the set of headers they stood in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from data.intake.cells.text import header_key, words_of
from data.intake.examined import ImportOptions
from data.intake.files.raw import Cell, RawFile, RawTable
from data.intake.report import RowIssue

SEARCHED_ROWS = 40


def header_hash(cells: Iterable[Cell]) -> str:
    """SHA-256 over the folded headers of a row, in any order; blank cells and numbers do not count."""
    keys = sorted({header_key(cell) for cell in cells if isinstance(cell, str)} - {""})
    return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()


def hash_of_row(table: RawTable, number: int) -> str:
    """`header_hash` of the row with this physical number; of a header of two rows, the upper one."""
    return header_hash(next((cells for row, cells in table.rows if row == number), ()))


def with_remembered(options: ImportOptions, raw: RawFile, kind: str, mappings: pd.DataFrame) -> ImportOptions:
    """The options with the columns remembered for such a table of this kind and source, and a remark that says so.

    Columns named in the options come first; a mapping of the source wins over a general one.
    """
    if options.columns or mappings.empty:
        return options
    source = words_of(options.source)
    ours = [row for row in mappings.to_dict("records") if row["jenis"] == kind and row["sumber"] in ("", source)]
    known = {row["tajuk"]: row["kolom"] for row in sorted(ours, key=lambda row: bool(row["sumber"]))}
    for table in raw.tables if known else ():
        for _, cells in table.rows[:SEARCHED_ROWS]:
            columns = known.get(header_hash(cells))
            if columns is not None:
                shown = ", ".join(f"{name}={header}" for name, header in sorted(columns.items()))
                raw.warnings.append(RowIssue(None, None, "MAPPING_USED", {"columns": shown[:300]}))
                return replace(options, columns=columns)
    return options
