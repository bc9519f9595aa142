"""The list as an Excel workbook: sheets Daftar, Metadata, Kamus, Rekap_Kab, Override."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from campaign.documents.listing.columns import sheet_columns
from campaign.documents.listing.meta import list_meta
from campaign.documents.listing.rows import kabupaten_rows, list_rows, override_rows
from campaign.handover.columns import Cell, FilledBy
from campaign.handover.lists import TargetList
from data.store.store import Store
from words import t

PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Options of a book in which no text becomes a formula, a link or a number."""


def write_list_workbook(
    target_list: TargetList, store: Store, path: Path, lang: str = "id", purpose: str = "pelaksanaan"
) -> None:
    """Writes the five sheets. Every text is written as a string: what starts with ``=`` is shown and never run."""
    rows, contoh = list_rows(target_list, store, lang), bool(target_list.plan.get("data_contoh"))
    columns = sheet_columns()
    meta = list_meta(target_list, store, lang, purpose)
    book = xlsxwriter.Workbook(str(path), PLAIN)
    book.set_properties({"title": meta[0][1], "comments": f"{target_list.name} · {target_list.sidik}"})
    try:
        sheets = Sheets(book, f"{meta[0][1]} · {target_list.name}", t("dokumen.tanda", lang) if contoh else "")
        sheets.table(
            "Daftar",
            rows,
            list(rows.columns),
            {column.name: column.width for column in columns},
            empty=[column.name for column in columns if column.filled_by is not FilledBy.PRODUCT],
            texts=[column.name for column in columns if column.cell is Cell.TEXT],
        )
        sheets.pairs("Metadata", meta)
        words = pd.DataFrame(
            {
                "kolom": [column.name for column in columns],
                "arti": [t(column.meaning, lang) for column in columns],
                "isi": [t(f"dokumen.kamus.{column.filled_by}", lang) for column in columns],
            }
        )
        heads = [t("kamus.kolom", lang), t("kamus.arti", lang), t("dokumen.kamus.isi", lang)]
        sheets.table("Kamus", words, heads, {"kolom": 18, "arti": 100, "isi": 14})
        _summary(sheets, kabupaten_rows(target_list, store, lang), lang)
        changed = override_rows(target_list, store, lang)
        heads = [t(f"dokumen.ov.{name}", lang) for name in changed.columns]
        sheets.table("Override", changed, heads, {"kode": 15, "nama": 26, "arti": 28, "uraian": 90})
        if changed.empty:
            sheets.note(t("dokumen.ov.kosong", lang))
    finally:
        book.close()


class Sheets:
    """Sheets of one book in one style; no colour carries a meaning alone."""

    def __init__(self, book: Any, head: str, mark: str) -> None:
        self.book, self.head, self.mark = book, head.replace("&", "&&")[:180], mark
        base = {"valign": "top", "text_wrap": True}
        self.bold = book.add_format({**base, "bold": True, "bg_color": "#E6EAF2", "border": 1})
        self.hand = book.add_format({**base, "bold": True, "bg_color": "#FFF1D6", "border": 1})
        self.text = book.add_format({**base, "num_format": "@"})
        self.whole = book.add_format({"valign": "top", "num_format": "#,##0"})
        self.parts = book.add_format({"valign": "top", "num_format": "#,##0.0#"})
        self.warn = book.add_format({"bold": True, "bg_color": "#FFF1D6", "font_color": "#7A3E00"})

    def table(
        self,
        name: str,
        rows: pd.DataFrame,
        heads: list[str],
        widths: dict[str, int],
        empty: Sequence[str] = (),
        texts: Sequence[str] = (),
    ) -> None:
        """One sheet: a head (in another colour over columns ``empty``, which the office fills in), then rows; columns
        ``texts`` are text whatever is in them."""
        sheet = self._sheet(name)
        sheet.freeze_panes(1, 0)
        for j, (column, head) in enumerate(zip(rows.columns, heads, strict=True)):
            sheet.set_column(j, j, widths.get(column, 14), self.text)
            sheet.write_string(0, j, head, self.hand if column in empty else self.bold)
            for i, value in enumerate(rows[column].tolist(), start=1):
                if column not in texts and isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(i, j, value, self.whole if float(value).is_integer() else self.parts)
                elif value != "":
                    sheet.write_string(
                        i, j, str(value), self.warn if column == "status_data" and self.mark else self.text
                    )
        if len(rows):
            sheet.autofilter(0, 0, len(rows), len(rows.columns) - 1)
            sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(rows) + 1}"})
        sheet.repeat_rows(0)
        sheet.set_landscape()

    def pairs(self, name: str, pairs: list[tuple[str, str]]) -> None:
        """One sheet of labels and what they say."""
        sheet = self._sheet(name)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 110)
        for i, (label, value) in enumerate(pairs):
            sheet.write_string(i, 0, label, self.bold)
            sheet.write_string(i, 1, value, self.text)

    def note(self, text: str) -> None:
        """A line under the head of the last sheet."""
        self.last.write_string(1, 0, text)

    def total(self, row: int, values: list[Any]) -> None:
        """Sums in bold in a row of the last sheet."""
        for j, value in enumerate(values):
            if isinstance(value, str):
                self.last.write_string(row, j, value, self.bold)
            else:
                self.last.write_number(row, j, value, self.bold)

    def _sheet(self, name: str) -> Any:
        self.last = self.book.add_worksheet(name)
        self.last.set_paper(9)
        self.last.fit_to_pages(1, 0)
        self.last.set_header(f"&L{self.head}&R{self.mark}")
        if self.mark:
            self.last.set_tab_color("#E69F00")
        return self.last


def _summary(sheets: Sheets, rows: pd.DataFrame, lang: str) -> None:
    heads = [t(f"dokumen.rekap.{name}", lang) for name in rows.columns]
    sheets.table("Rekap_Kab", rows, heads, {"kode_kab": 8, "kabupaten": 28})
    sums: list[Any] = []
    for name in rows.columns[2:]:
        total = 0.0 if name == "persen_penduduk" else float(rows[name].sum())
        sums.append("" if name == "persen_penduduk" else round(total, 1))
    sheets.total(len(rows) + 1, ["", t("dokumen.rekap.jumlah", lang), *sums])
