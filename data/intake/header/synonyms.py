"""Headers as clerks write them, by field, read from ``synonyms.csv`` beside this module.

All are folded as `data.intake.cells.text.header_key` folds. Collected from RBI, BPS, HDX, GADM, IDM and press recaps; a
header that is not there can be named by hand (``--column FIELD=HEADER``). Groups in capitals are no fields.
"""

from __future__ import annotations

import csv
from pathlib import Path


def _read() -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    with Path(__file__).with_name("synonyms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            groups.setdefault(row["field"], []).append(row["header"])
    return {name: tuple(headers) for name, headers in groups.items()}


_GROUPS = _read()
FIELDS = {name: headers for name, headers in _GROUPS.items() if name.islower()}
FIELD_OF = {key: name for name, keys in FIELDS.items() for key in keys}

CODE_FIELDS = ("kode", "kode_desa", "kode_kec", "kode_kab", "kode_prov")
NAME_FIELDS = ("desa", "kecamatan", "kabupaten", "provinsi", "nama")
TIME_FIELDS = ("tahun", "bulan", "triwulan", "semester", "periode", "awal", "akhir", "tanggal")

BPS_HEADERS = frozenset(_GROUPS["BPS"])
"""Headers that say the codes are those of BPS (or HDX, which writes ``ID`` before them)."""

KEMENDAGRI_HEADERS = frozenset(_GROUPS["KEMENDAGRI"])
"""Headers that say the codes are those of the home ministry."""

SLS_HEADERS = frozenset(_GROUPS["SLS"])
"""Headers of the neighbourhoods BPS counts in: a village's ten digits and four or six more."""

IGNORED = frozenset(_GROUPS["IGNORED"])
"""Columns that are never an indicator: running numbers, coordinates, ranks."""

BREAKDOWN = frozenset(_GROUPS["BREAKDOWN"])
"""Words that make a column a part of a figure, not the figure."""


def own_code_columns(columns: list[int], keys: list[str]) -> list[int]:
    """Of several code columns the one of villages by the home ministry; all of them where none stands out.

    ``keys`` are the folded headers by column. Neighbourhoods (SLS) give way to villages, codes of BPS (``KDEBPS``) to
    those of Kemendagri (``KDEPUM``).
    """
    of_villages = [column for column in columns if keys[column] not in SLS_HEADERS]
    if len(columns) > len(of_villages) == 1:
        return of_villages
    ours = [column for column in columns if keys[column] not in BPS_HEADERS]
    return ours if len(columns) > 1 and len(ours) == 1 else columns
