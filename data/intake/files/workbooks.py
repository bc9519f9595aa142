"""The cells of a workbook: XLSX by calamine here, old XLS (xlrd) and ODS (calamine) in a process of its own.

What an XLSX states of its sizes was checked before. An XLS states them in records too many to check, and a reader may
end its process when one is too large; a damaged ODS may keep it busy for ever.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine as calamine

from data.errors import Refused
from data.intake.files.cell_flags import Marks
from data.intake.files.limits import MAX_COLUMNS, MAX_ROWS, too_large

WALL_SECONDS = 30
_CHILD = Path(__file__).with_name("workbook_child.py")
_WIDEST = MAX_COLUMNS * 4
"""Columns of a sheet, blank ones included, that are still laid out."""


@dataclass(frozen=True)
class SheetCells:
    """One sheet of cells: ``rows`` from row 1 and column A on, ``merged`` as ((row, column), (row, column)) from 0.

    ``marks`` are there for an XLS only.
    """

    rows: list[list[Any]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True)
class Book:
    """The names of the sheets that hold cells, those of them that are visible, and a way to read one.

    ``date1904`` says that an XLS counts its days from 1904.
    """

    names: list[str]
    visible: list[str]
    sheet: Callable[[str], SheetCells]
    date1904: bool = False


def open_book(content: bytes, container: str) -> Book:
    """Opens a workbook. Raises `Refused`: ``ENCRYPTED``, ``CORRUPT_FILE``, ``TOO_LARGE``."""
    return _from_here(content) if container == "xlsx" else _from_child(content, container)


def _from_here(content: bytes) -> Book:
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        entries = [entry for entry in book.sheets_metadata if entry.typ == calamine.SheetTypeEnum.WorkSheet]
    except calamine.PasswordError as fault:
        raise Refused("ENCRYPTED") from fault
    except BaseException as fault:
        raise _damaged(fault) from None

    def sheet(name: str) -> SheetCells:
        try:
            found = book.get_sheet_by_name(name)
            end = found.end
            if end is not None and (end[0] >= MAX_ROWS or end[1] >= _WIDEST):
                raise too_large()
            return SheetCells(found.to_python(skip_empty_area=False), list(found.merged_cell_ranges or []))
        except Refused:
            raise
        except BaseException as fault:
            raise _damaged(fault) from None

    visible = [entry.name for entry in entries if entry.visible == calamine.SheetVisibleEnum.Visible]
    return Book([entry.name for entry in entries], visible, sheet)


def _from_child(content: bytes, container: str) -> Book:
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_CHILD), container, str(MAX_ROWS), str(_WIDEST)],
            input=content,
            capture_output=True,
            env=kept,
            timeout=WALL_SECONDS,
            check=False,
        )
        said = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        said = {}
    if said.get("reason") == "TOO_LARGE":
        raise too_large()
    if "sheets" not in said:
        raise Refused(said.get("reason", "CORRUPT_FILE"))
    sheets = {
        one["name"]: SheetCells(
            [[_back(cell) for cell in row] for row in one["rows"]],
            [(tuple(start), tuple(end)) for start, end in one["merged"]],
            _marks(one["marks"]) if "marks" in one else Marks(),
        )
        for one in said["sheets"]
    }
    visible = [one["name"] for one in said["sheets"] if one["visible"]]
    return Book(list(sheets), visible, sheets.__getitem__, said.get("date1904", False))


def _marks(said: dict[str, Any]) -> Marks:
    return Marks(
        {(row, column): fault for row, column, fault in said["faults"]},
        {(row, column) for row, column in said["percent"]},
        set(said["hidden_rows"]),
    )


def _back(cell: Any) -> Any:
    """A cell as calamine gave it."""
    if isinstance(cell, dict):
        return dt.datetime.fromisoformat(cell["t"]) if "t" in cell else dt.date.fromisoformat(cell["d"])
    return cell


def _damaged(fault: BaseException) -> BaseException:
    """calamine's panics are no ``Exception``; an interrupt of ours stays one."""
    if isinstance(fault, KeyboardInterrupt | SystemExit | MemoryError):
        return fault
    return Refused("CORRUPT_FILE")
