"""What the tests of whole imports share: a clean file, workbooks, and short ways to read a report."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd

from data.intake.examined import Examined
from words import t

Examine = Callable[..., Examined]

CLEAN = """Kode Desa;Desa;Jumlah Kasus TPPO;Tahun
98.01.01.2001;Sukamaju;3;2024
9801012002;Tanah Merah Bukit;-;2024
98.01.01.2003;Wae Rebo II;nihil;2024
"""


def render(reason: str, params: dict[str, Any]) -> str:
    """Every reason has a sentence in both languages and its values suffice."""
    assert t(f"intake.{reason}", "en", **params)
    return t(f"intake.{reason}", "id", **params)


def xlsx(rows: list[list[Any]], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def faults(found: Examined) -> list[tuple[int | None, str]]:
    return [(issue.row, issue.reason) for issue in found.report.errors]


def skips(found: Examined) -> list[tuple[int | None, str]]:
    return [(issue.row, issue.reason) for issue in found.report.skipped]


def said(found: Examined) -> set[str]:
    return {issue.reason for issue in found.report.warnings}


def stored(found: Examined) -> dict[tuple[str, str], float | None]:
    """Values by area and measure, as they would be stored."""
    keys = zip(found.rows["kode"], found.rows["indikator"], strict=True)
    values = (None if pd.isna(value) else value for value in found.rows["value"])
    return dict(zip(keys, values, strict=True))
