"""The one catalogue of texts: keys in, Bahasa Indonesia (or English) out.

Texts live beside this module in CSV files with the columns ``kunci,id,en`` so that a translator can open
them in a spreadsheet. Lower rooms return keys and values; only screens, documents and the command line
turn them into sentences here.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("id", "en")
NONE = "–"
"""Stands in a text for what is missing or no number."""
_MONTHS = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


@dataclass(frozen=True)
class Clause:
    """A text within a text: its key and values, put into words in the language of the whole."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.key


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All texts by key; a key defined twice or a language left empty is an error, found at first use."""
    texts: dict[str, dict[str, str]] = {}
    for path in sorted(Path(__file__).parent.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                key = row["kunci"]
                if key in texts:
                    raise ValueError(f"text {key!r} is defined twice (again in {path.name})")
                if not row.get("id") or not row.get("en"):
                    raise ValueError(f"text {key!r} in {path.name} lacks a language")
                texts[key] = {lang: row[lang] for lang in LANGUAGES}
    return texts


def t(key: str, lang: str = "id", **values: Any) -> str:
    """The text of ``key`` with ``{placeholders}`` filled; floats and dates are written as the language writes them."""
    text = catalogue()[key][lang]
    if not values:
        return text
    return text.format(**{name: _written(value, lang) for name, value in values.items()})


def has(key: str) -> bool:
    """Whether the catalogue knows the key."""
    return key in catalogue()


def reason_text(reason: str, params: dict[str, Any], lang: str = "id", kind: str = "") -> str:
    """A reason code of a lower room as a sentence; an unknown code stands for itself. An act (``act``) is named in
    words.

    A kind of file may have texts of its own for codes it shares with others, as boundary files (``batas``) have.
    """
    if has(named := f"tindakan.{params.get('act')}"):
        params = {**params, "act": t(named, lang)}
    rooms = dict.fromkeys((kind, "intake", "batas", "galat"))
    for key in (f"{room}.{reason}" for room in rooms):
        if has(key):
            try:
                return t(key, lang, **params)
            except (KeyError, IndexError):
                continue
    return reason


def number(value: float, lang: str = "id", decimals: int = 0) -> str:
    """``1234.5`` → ``1.234,5`` (id) or ``1,234.5`` (en); a dash for what is no number."""
    if not math.isfinite(value):
        return NONE
    text = f"{value:,.{decimals}f}"
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(share: float, lang: str = "id", decimals: int = 0) -> str:
    """``0.124`` → ``12%`` (id has a comma for decimals); a dash for what is no number."""
    return number(share * 100, lang, decimals) + "%" if math.isfinite(share) else NONE


def date_text(day: dt.date, lang: str = "id") -> str:
    """``2026-11-22`` → ``22 November 2026``."""
    return f"{day.day} {_MONTHS[lang][day.month - 1]} {day.year}"


def _written(value: Any, lang: str) -> Any:
    if isinstance(value, bool):
        return value
    if value is None:
        return NONE
    if isinstance(value, Clause):
        return t(value.key, lang, **value.values)
    if isinstance(value, tuple):
        return "; ".join(str(_written(one, lang)) for one in value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return NONE
        decimals = 0 if value == int(value) else 3 if abs(value) < 0.1 else 2 if abs(value) < 10 else 1
        return number(value, lang, decimals)
    if isinstance(value, int):
        return number(value, lang)
    if isinstance(value, dt.datetime):
        return (
            f"{date_text(value.date(), lang)} {value:%H.%M}"
            if lang == "id"
            else f"{date_text(value, lang)} {value:%H:%M}"
        )
    if isinstance(value, dt.date):
        return date_text(value, lang)
    return value
