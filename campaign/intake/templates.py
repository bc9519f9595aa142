"""Workbooks to fill in: the villages of a kabupaten, validated columns, instructions; imported without a question."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

import pandas as pd
import xlsxwriter

from data.errors import WrongUse
from data.intake.kinds.titik import OTHER, TYPES
from data.store.store import Store
from words import t

SHEET, HELP, VILLAGES = "Isian", "Petunjuk", "Desa"
BLANK_ROWS = 200
"""Rows of a template that does not list villages."""
FIRST_YEAR = 2000


@dataclass(frozen=True)
class Field:
    """A column: its header, what may be in it, and the gazetteer's column it is filled from."""

    header: str
    what: str = "bulat"
    known: str = ""


_PLACE = (
    Field("Kode Desa", "kode", "kode"),
    Field("Desa", "teks", "nama"),
    Field("Kecamatan", "teks", "kecamatan"),
    Field("Kabupaten", "teks", "kabupaten"),
)
_YEAR = Field("Tahun", "tahun")
FIELDS: dict[str, tuple[Field, ...]] = {
    "kasus": (
        *_PLACE,
        _YEAR,
        Field("Jumlah Kasus TPPO"),
        Field("Jumlah PMI Bermasalah"),
        Field("Jumlah PMI Meninggal"),
    ),
    "keberangkatan": (*_PLACE, _YEAR, Field("PMI Prosedural"), Field("PMI Nonprosedural")),
    "kemiskinan": (*_PLACE, _YEAR, Field("Jumlah Penduduk Miskin"), Field("Jumlah Rumah Tangga Miskin")),
    "indikator": (
        *_PLACE,
        _YEAR,
        Field("Jumlah Penduduk"),
        Field("Rata-rata Lama Sekolah", "angka"),
        Field("Air Minum Layak", "persen"),
        Field("Sanitasi Layak", "persen"),
    ),
    "sesi": (
        *_PLACE,
        Field("Tanggal", "tanggal"),
        Field("Topik", "teks"),
        Field("Khalayak", "teks"),
        Field("Peserta L"),
        Field("Peserta P"),
        Field("Nilai Pre Test", "persen"),
        Field("Nilai Post Test", "persen"),
        Field("Dirujuk"),
    ),
    "titik": (
        Field("Nama", "teks"),
        Field("Jenis", "pilihan"),
        Field("Lintang", "lintang"),
        Field("Bujur", "bujur"),
        Field("Kode Desa", "kode"),
    ),
    "padanan": (
        Field("Kode Desa", "kode", "kode"),
        Field("Nama Desa", "teks", "nama"),
        Field("Kode BPS", "kode", "kode_bps"),
        Field("Kode Lama", "kode", "kode_lama"),
        Field("Nama Lama", "teks"),
    ),
}
"""Columns by kind. Their headers stay in Bahasa: the intake knows them, and the office fills them in."""


def template_workbook(kind: str, store: Store, kode_kab: str, *, lang: str = "id", year: int | None = None) -> bytes:
    """An XLSX for ``kind`` with the villages of ``kode_kab`` (dotted code); ``year`` stands in its column of years.

    Codes are text; counts, shares, dates and choices are validated as Excel does. Raises `WrongUse`: ``NO_TEMPLATE``
    for a kind without one (boundaries), ``UNKNOWN_AREA`` for a kabupaten that is not in the gazetteer.
    """
    if kind not in FIELDS:
        raise WrongUse("NO_TEMPLATE", kind=kind)
    gazetteer = store.gazetteer.villages()
    villages = gazetteer[gazetteer["kode_kab"] == kode_kab].sort_values("kode")
    if villages.empty:
        raise WrongUse("UNKNOWN_AREA", kode=kode_kab)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _fill_sheet(book, kind, villages, year or dt.date.today().year, lang)
    _help_sheet(book, kind, str(villages["kabupaten"].iloc[0]), lang)
    if kind == "titik":
        _village_sheet(book, villages)
    book.close()
    return target.getvalue()


def template_name(kind: str, kode_kab: str) -> str:
    """The file name a template is offered under."""
    return f"templat-{kind}-{kode_kab.replace('.', '')}.xlsx"


def _fill_sheet(book: Any, kind: str, villages: pd.DataFrame, year: int, lang: str) -> None:
    sheet = book.add_worksheet(SHEET)
    bold = book.add_format({"bold": True, "bg_color": "#E6EAF2", "border": 1, "text_wrap": True, "valign": "top"})
    formats = {
        "kode": book.add_format({"num_format": "@"}),
        "teks": book.add_format({"num_format": "@"}),
        "tanggal": book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    listed = any(field.known for field in FIELDS[kind])
    last = len(villages) if listed else BLANK_ROWS
    for column, field in enumerate(FIELDS[kind]):
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


def _rule(field: Field, lang: str) -> dict[str, Any] | None:
    """Excel's validation of a column; text and codes are left to the import, which says more."""
    rules: dict[str, dict[str, Any]] = {
        "bulat": {"validate": "integer", "criteria": ">=", "value": 0},
        "angka": {"validate": "decimal", "criteria": ">=", "value": 0},
        "persen": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
        "lintang": {"validate": "decimal", "criteria": "between", "minimum": -12, "maximum": 7},
        "bujur": {"validate": "decimal", "criteria": "between", "minimum": 94, "maximum": 142},
        "pilihan": {"validate": "list", "source": [*TYPES, OTHER]},
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


def _meaning(field: Field, lang: str) -> str:
    return t(f"templat.arti.{field.what}", lang, pilihan=", ".join([*TYPES, OTHER]))


def _help_sheet(book: Any, kind: str, kabupaten: str, lang: str) -> None:
    sheet = book.add_worksheet(HELP)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 110, wrap)
    first = {"titik": t("templat.satu_titik", lang), "sesi": t("templat.satu_sesi", lang)}
    lines = [
        t("templat.judul", lang, jenis=t(f"templat.jenis.{kind}", lang), kabupaten=kabupaten),
        first.get(kind, t("templat.satu", lang)),
        t("templat.dua", lang),
        t("templat.tiga", lang),
        t("templat.empat", lang),
        t("templat.lima", lang, kind=kind),
        *(t("templat.kolom", lang, kolom=field.header, arti=_meaning(field, lang)) for field in FIELDS[kind]),
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
