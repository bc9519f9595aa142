"""The officer's own rows with errors as a workbook: each with its reasons, to be corrected and sent again."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from pathlib import Path
from typing import Any

import xlsxwriter

from data.files import write_atomically
from data.intake.examined import Examined
from words import reason_text

SHEET = "Perbaikan"
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def corrections_workbook(found: Examined, lang: str = "id") -> bytes | None:
    """The rows of an examined import that have errors, as XLSX; None when it has none (or was refused as a whole).

    The titles of the officer's table stand above, the header and the cells are as they came; behind them the row's
    number in the officer's file (``baris``) and its reasons in words (``alasan``). Both are passed over when the file
    comes back.
    """
    rows = found.refused_rows
    if found.report.outcome == "refused" or len(rows) < 2:
        return None
    reasons: defaultdict[object, list[str]] = defaultdict(list)
    for issue in found.report.errors:
        if issue.row is not None:
            sentence = reason_text(issue.reason, issue.params, lang)
            reasons[issue.row].append(f"{issue.column}: {sentence}" if issue.column else sentence)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _SAFE)
    sheet = book.add_worksheet(SHEET)
    bold = book.add_format({"bold": True, "bg_color": "#E6EAF2", "border": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@", "valign": "top"})
    day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
    wrong = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF1D6"})
    titles = list(dict.fromkeys(found.titles))[:20]
    for at, title in enumerate(titles):
        sheet.write_string(at, 0, title)
    top = len(titles)
    header, last = rows[0], len(rows[0]) - 1
    for column, label in enumerate(header):
        sheet.write_string(top, column, str(label), bold)
    sheet.set_column(0, last - 1, 18)
    sheet.set_column(last, last, 90)
    for at, row in enumerate(rows[1:], start=top + 1):
        for column, cell in enumerate(row[:-1]):
            _write(sheet, at, column, cell, text, day)
        sheet.write_string(at, last, "\n".join(reasons.get(row[-2], [])) or str(row[-1]), wrong)
    sheet.freeze_panes(top + 1, 0)
    book.close()
    return target.getvalue()


def write_corrections(found: Examined, path: Path, lang: str = "id") -> int:
    """Writes `corrections_workbook` to ``path`` and returns how many rows it holds; no file for none."""
    content = corrections_workbook(found, lang)
    if content is None:
        return 0
    write_atomically(path, content, private=False)
    return len(found.refused_rows) - 1


def _write(sheet: Any, row: int, column: int, cell: Any, text: Any, day: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, dt.datetime | dt.date):
        sheet.write_datetime(row, column, cell, day)
    else:
        sheet.write_string(row, column, str(cell), text)
