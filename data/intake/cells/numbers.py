"""Numbers as written in Indonesia: ``1.234`` people, ``12,5`` per cent, ``-`` for missing, ``nihil`` for none.

A point followed by three digits is a thousand to one writer and a fraction to another. The column decides: what its
other cells show beyond doubt, then what the field allows. Where both readings stay possible it is an error.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from data.intake.cells.text import words_of
from data.intake.files.raw import Cell

MISSING = {
    "",
    "-",
    "--",
    "---",
    "–",
    "—",
    "‐",
    "−",
    "...",
    "…",
    "..",
    "n/a",
    "na",
    "n.a.",
    "n.a",
    "nan",
    "null",
    "none",
    "tidak ada data",
    "tad",
    "belum ada data",
}
"""Ways of writing that a figure is not there. Missing is not zero."""

NONE_AT_ALL = {"nihil", "nil", "nol", "kosong (nihil)"}
"""Ways of writing that there was nothing to count: a zero somebody stated."""

LONGEST = 200
"""Characters beyond which a text is no number; the patterns below take their time over longer ones."""

_ERRORS = re.compile(
    r"#(?:REF|N/A|NAME|VALUE|DIV/0|NUM|NULL|NILAI|NAMA|ERROR|SPILL|GETTING_DATA|CALC)[!?]?|#{2,}", re.IGNORECASE
)
_UNITS = re.compile(
    r"(?:\s*(?:%|persen|orang|org|jiwa|kk|rtm|rt|kasus|desa|kel|unit|km2|km²|ha|tahun|thn))+\.?$", re.IGNORECASE
)
_CURRENCY = re.compile(r"^(?:rp\.?|idr)\s*", re.IGNORECASE)
_ROUND = re.compile(r"(?<=\d)[.,](?:-|–|=)$")
"""The ending of whole amounts of money: ``1.500,-``."""

_PLAIN = re.compile(r"\d+")
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}")
_THOUSANDS = {
    ".": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"),
    ",": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
    " ": re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?"),
    "'": re.compile(r"[1-9]\d{0,2}(?:'\d{3})+(?:[.,]\d+)?"),
}
_DECIMAL = {".": re.compile(r"\d*\.\d+|\d+\."), ",": re.compile(r"\d*,\d+|\d+,")}
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@dataclass(frozen=True)
class Convention:
    """What a column shows: which signs mark fractions and which thousands, beyond doubt; and the signs of cells like
    ``1.234`` that may be either.
    """

    decimal: frozenset[str] = frozenset()
    thousands: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()

    @property
    def mixed(self) -> bool:
        """Whether the column uses one sign in both senses, or two signs in one."""
        several = len(self.decimal) > 1 or len(self.thousands) > 1 or len(self.doubtful) > 1
        return bool(self.decimal & self.thousands) or several


@dataclass(frozen=True)
class Number:
    """A read cell: ``value`` (None is missing) or the ``reason`` it cannot be read."""

    value: float | None = None
    reason: str | None = None


def convention_of(cells: Iterable[Cell]) -> Convention:
    """The convention of a column's text cells; cells that are numbers already say nothing."""
    decimal: set[str] = set()
    thousands: set[str] = set()
    doubtful: set[str] = set()
    for cell in cells:
        if not isinstance(cell, str) or len(cell) > LONGEST:
            continue
        body = _body(cell)[0]
        if _AMBIGUOUS.fullmatch(body):
            doubtful.add("." if "." in body else ",")
            continue
        if not body or _PLAIN.fullmatch(body):
            continue
        for sign, shape in _THOUSANDS.items():
            if shape.fullmatch(body):
                thousands.add(sign)
                rest = body.replace(sign, "")
                decimal.update(mark for mark in ".," if mark in rest)
        if body.count(".") + body.count(",") == 1:
            decimal.update(sign for sign, shape in _DECIMAL.items() if shape.fullmatch(body))
    return Convention(frozenset(decimal), frozenset(thousands), frozenset(doubtful))


def read_number(
    cell: Cell, convention: Convention, *, whole: bool = False, highest: float | None = None, percent: bool = False
) -> Number:
    """One cell as a number.

    ``whole`` says that the field counts things, ``highest`` is the largest value that makes sense: both settle
    ``1.234`` when the column does not. ``percent`` marks a cell formatted as a percentage (0.125 is 12.5).
    Reasons: ``CELL_ERROR``, ``NOT_A_NUMBER``, ``AMBIGUOUS_NUMBER``, ``NOT_INTEGER``.
    """
    if cell is None:
        return Number()
    if isinstance(cell, bool | dt.date):
        return Number(reason="NOT_A_NUMBER")
    if isinstance(cell, float | int):
        value = float(cell) * (100 if percent else 1)
        return _whole(round(value, 10) if percent else value, whole)
    text = cell.strip()
    if text.lower() in MISSING:
        return Number()
    if text.lower() in NONE_AT_ALL or words_of(text) in NONE_AT_ALL:
        return Number(0.0)
    if _ERRORS.fullmatch(text):
        return Number(reason="CELL_ERROR")
    if whole and "%" in text:
        return Number(reason="NOT_A_NUMBER")  # a share where things are counted
    if len(text) > LONGEST:
        return Number(reason="NOT_A_NUMBER")
    body, sign = _body(text)
    if _AMBIGUOUS.fullmatch(body):
        return _whole_or_not(_ambiguous(body, convention, whole, highest), sign, whole)
    return _whole_or_not(_plain(body), sign, whole)


def _ambiguous(body: str, convention: Convention, whole: bool, highest: float | None) -> Number:
    """``1.234`` or ``1,234``: the sign's sense from the column, else from what the field allows."""
    mark = "." if "." in body else ","
    other = "," if mark == "." else "."
    as_thousand, as_fraction = float(body.replace(mark, "")), float(body.replace(mark, "."))
    thousand = mark in convention.thousands or other in convention.decimal
    fraction = mark in convention.decimal or other in convention.thousands
    if not thousand and not fraction and len(convention.doubtful) < 2:
        thousand = whole
        fraction = highest is not None and as_thousand > highest >= as_fraction
    if thousand == fraction:
        return Number(reason="AMBIGUOUS_NUMBER")
    return Number(as_thousand if thousand else as_fraction)


def _plain(body: str) -> Number:
    """A number whose reading does not depend on its neighbours."""
    if _PLAIN.fullmatch(body):
        return Number(float(body))
    if _SCIENTIFIC.fullmatch(body):
        return Number(float(body.replace(",", ".")))
    for sign, shape in _THOUSANDS.items():
        if shape.fullmatch(body):
            return Number(float(body.replace(sign, "").replace(",", ".")))
    for shape in _DECIMAL.values():
        if shape.fullmatch(body):
            return Number(float(body.replace(",", ".")))
    return Number(reason="NOT_A_NUMBER")


def _whole_or_not(number: Number, sign: int, whole: bool) -> Number:
    return number if number.value is None else _whole(sign * number.value, whole)


def _whole(value: float, whole: bool) -> Number:
    if value != value or value in (float("inf"), float("-inf")):
        return Number(reason="NOT_A_NUMBER")
    if whole and abs(value - round(value)) > 1e-9:
        return Number(reason="NOT_INTEGER")
    return Number(float(round(value)) if whole else value)


def _body(text: str) -> tuple[str, int]:
    """The digits and signs of a number without currency, unit, sign, and which way it points."""
    body = _ROUND.sub("", _UNITS.sub("", _CURRENCY.sub("", text.strip())).strip())
    sign = 1
    if body.startswith("(") and body.endswith(")") and len(body) > 2:
        body, sign = body[1:-1].strip(), -1
    if body[:1] in "-−–+" and body[1:]:
        sign = 1 if body[0] == "+" else -1
        body = body[1:].strip()
    return body.lstrip("'"), sign


def fault_of(cell: Cell) -> str | None:
    """``CELL_ERROR`` for a text a spreadsheet shows in place of a value it has not got."""
    return "CELL_ERROR" if isinstance(cell, str) and _ERRORS.fullmatch(cell.strip()) else None


def looks_numeric(cell: Cell) -> bool:
    """Whether a cell holds something that may be a number (missing marks do not count)."""
    if isinstance(cell, bool) or cell is None or isinstance(cell, dt.date):
        return False
    if isinstance(cell, float | int):
        return True
    if len(cell) > LONGEST:
        return False
    body = _body(cell)[0]
    return cell.strip().lower() not in MISSING and bool(_AMBIGUOUS.fullmatch(body) or _plain(body).reason is None)


def digits_text(cell: Any) -> str | None:
    """A whole number cell as its digits (``5301042003.0`` → ``5301042003``), None for anything else."""
    if isinstance(cell, bool) or not isinstance(cell, float | int):
        return None
    return str(int(cell)) if float(cell).is_integer() and abs(cell) < 1e16 else None
