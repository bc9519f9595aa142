"""The target list as an Excel workbook: sheets Daftar, Metadata, Kamus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from campaign.handover.score_table import column_widths
from words import t


def write_workbook(rows: pd.DataFrame, metadata: list[tuple[str, str]], path: Path, lang: str = "id") -> None:
    """Write one table with its metadata and a data dictionary.

    Every text cell is written as a string, so a value that starts with ``=`` is shown and never run.
    """
    book = xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": False},
    )
    try:
        bold = book.add_format({"bold": True, "bg_color": "#E6EAF2", "border": 1, "text_wrap": True, "valign": "top"})
        mark = book.add_format({"bold": True, "font_color": "#7A3E00", "bg_color": "#FFF1D6"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@", "valign": "top"})
        _list_sheet(book, rows, metadata, bold, mark, text, wrap)
        sheet = book.add_worksheet("Metadata")
        sheet.set_column(0, 0, 24, bold)
        sheet.set_column(1, 1, 100, wrap)
        for i, (label, value) in enumerate(metadata):
            sheet.write_string(i, 0, label, bold)
            sheet.write_string(i, 1, value, wrap)
        sheet = book.add_worksheet("Kamus")
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 110, wrap)
        for j, label in enumerate((t("kamus.kolom", lang), t("kamus.arti", lang))):
            sheet.write_string(0, j, label, bold)
        for i, name in enumerate(rows.columns, start=1):
            sheet.write_string(i, 0, name)
            sheet.write_string(i, 1, t(f"kamus.{name}", lang), wrap)
    finally:
        book.close()


def _list_sheet(
    book: Any, rows: pd.DataFrame, metadata: list[tuple[str, str]], bold: Any, mark: Any, text: Any, wrap: Any
) -> None:
    sheet = book.add_worksheet("Daftar")
    contoh = bool(rows["data_contoh"].any())
    sheet.freeze_panes(1, 0)
    widths = column_widths()
    for j, name in enumerate(rows.columns):
        sheet.set_column(j, j, widths.get(name, 14), wrap if name.startswith("alasan") else text)
        sheet.write_string(0, j, name, bold)
    for i, row in enumerate(rows.itertuples(index=False), start=1):
        for j, value in enumerate(row):
            if value is None or (isinstance(value, float) and pd.isna(value)):
                continue
            if isinstance(value, bool):
                sheet.write_string(i, j, "DATA CONTOH" if value else "tidak", mark if value else text)
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                sheet.write_number(i, j, float(value))
            else:
                sheet.write_string(i, j, str(value))
    if len(rows):
        sheet.autofilter(0, 0, len(rows), len(rows.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    title = dict(metadata)
    first = next(iter(title.values()))
    sheet.set_header(f"&L{first}&R{'DATA CONTOH' if contoh else ''}")
    if contoh:
        sheet.set_tab_color("#E69F00")
