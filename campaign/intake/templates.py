"""Workbooks to fill in: the villages of a kabupaten, validated columns, instructions; imported without a question."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pandas as pd
import xlsxwriter

from data.domain.kinds import KINDS, TemplateColumn, load
from data.errors import WrongUse
from data.store.store import Store
from words import has, t

SHEET, HELP, VILLAGES = "Isian", "Petunjuk", "Desa"
BLANK_ROWS = 200
"""Rows of a template that does not list villages."""
FIRST_YEAR = 2000


def template_workbook(kind: str, store: Store, kode_kab: str, *, lang: str = "id", year: int | None = None) -> bytes:
    """An XLSX for ``kind`` with the villages of ``kode_kab`` (dotted code); ``year`` stands in its column of years.

    Codes are text; counts, shares, dates and choices are validated as Excel does. Raises `WrongUse`: ``NO_TEMPLATE``
    for a kind without one (boundaries), ``UNKNOWN_AREA`` for a kabupaten that is not in the gazetteer.
    """
    columns = KINDS[kind].template if kind in KINDS else ()
    if not columns:
        raise WrongUse("NO_TEMPLATE", kind=kind)
    gazetteer = store.gazetteer.villages()
    villages = gazetteer[gazetteer["kode_kab"] == kode_kab].sort_values("kode")
    if villages.empty:
        raise WrongUse("UNKNOWN_AREA", kode=kode_kab)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _fill_sheet(book, columns, villages, year or dt.date.today().year, lang)
    _help_sheet(book, kind, str(villages["kabupaten"].iloc[0]), lang)
    if any(column.what == "kode" and not column.known for column in columns):
        _village_sheet(book, villages)
    book.close()
    return target.getvalue()


def template_name(kind: str, kode_kab: str) -> str:
    """The file name a template is offered under."""
    return f"templat-{kind}-{kode_kab.replace('.', '')}.xlsx"


def _fill_sheet(book: Any, fields: tuple[TemplateColumn, ...], villages: pd.DataFrame, year: int, lang: str) -> None:
    sheet = book.add_worksheet(SHEET)
    bold = book.add_format({"bold": True, "bg_color": "#E6EAF2", "border": 1, "text_wrap": True, "valign": "top"})
    formats = {
        "kode": book.add_format({"num_format": "@"}),
        "teks": book.add_format({"num_format": "@"}),
        "tanggal": book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    listed = any(field.known for field in fields)
    last = len(villages) if listed else BLANK_ROWS
    for column, field in enumerate(fields):
        sheet.set_column(
            column, column, max(len(field.header) + 2, 26 if field.what == "teks" else 14), formats.get(field.what)
        )
        sheet.write_string(0, column, field.header, bold)
        if (rule := _rule(field, lang)) is not None:
            sheet.data_validation(1, column, last + (BLANK_ROWS if listed else 0), column, rule)
        for row, value in enumerate(villages[field.known] if field.known else (), start=1):
            if value:
                sheet.write_string(row, column, str(value), formats.get(field.what))
        if field.what == "tahun":
            for row in range(1, last + 1):
                sheet.write_number(row, column, year)
    sheet.freeze_panes(1, 2 if listed else 0)


def _rule(field: TemplateColumn, lang: str) -> dict[str, Any] | None:
    """Excel's validation of a column; text and codes are left to the import, which says more."""
    rules: dict[str, dict[str, Any]] = {
        "bulat": {"validate": "integer", "criteria": ">=", "value": 0},
        "angka": {"validate": "decimal", "criteria": ">=", "value": 0},
        "persen": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
        "lintang": {"validate": "decimal", "criteria": "between", "minimum": -12, "maximum": 7},
        "bujur": {"validate": "decimal", "criteria": "between", "minimum": 94, "maximum": 142},
        "pilihan": {"validate": "list", "source": _choices(field)},
        "tahun": {"validate": "list", "source": [str(one) for one in range(dt.date.today().year, FIRST_YEAR - 1, -1)]},
        "tanggal": {
            "validate": "date",
            "criteria": "between",
            "minimum": dt.date(FIRST_YEAR, 1, 1),
            "maximum": dt.date(dt.date.today().year + 1, 12, 31),
        },
    }
    rule = rules.get(field.what)
    if rule is None:
        return None
    message = t("templat.galat.angka", lang, arti=_meaning(field, lang))
    # Excel cuts the title at 32 characters and the message at 255.
    return {**rule, "ignore_blank": True, "error_title": field.header[:32], "error_message": message[:255]}


def _meaning(field: TemplateColumn, lang: str) -> str:
    return t(f"templat.arti.{field.what}", lang, pilihan=", ".join(_choices(field)))


def _choices(field: TemplateColumn) -> list[str]:
    return list(load(field.choices)) if field.choices else []


def _help_sheet(book: Any, kind: str, kabupaten: str, lang: str) -> None:
    sheet = book.add_worksheet(HELP)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 110, wrap)
    own = f"templat.satu_{kind}"
    lines = [
        t("templat.judul", lang, jenis=t(f"templat.jenis.{kind}", lang), kabupaten=kabupaten),
        t(own if has(own) else "templat.satu", lang),
        t("templat.dua", lang),
        t("templat.tiga", lang),
        t("templat.empat", lang),
        t("templat.lima", lang, kind=kind),
        *(t("templat.kolom", lang, kolom=field.header, arti=_meaning(field, lang)) for field in KINDS[kind].template),
    ]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, wrap)


def _village_sheet(book: Any, villages: pd.DataFrame) -> None:
    sheet = book.add_worksheet(VILLAGES)
    text = book.add_format({"num_format": "@"})
    for column, (header, name) in enumerate((("Kode Desa", "kode"), ("Desa", "nama"), ("Kecamatan", "kecamatan"))):
        sheet.set_column(column, column, 24, text)
        sheet.write_string(0, column, header)
        for row, value in enumerate(villages[name], start=1):
            sheet.write_string(row, column, str(value), text)
