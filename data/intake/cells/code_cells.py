"""One code cell on its own: what digits it holds, how it was written, what was lost on the way.

Excel turns codes into numbers, drops their last digits in scientific notation and their zeros behind a point; BPS
and HDX write codes of other lengths. Which *system* the digits belong to is decided for the file as a whole
(`data.intake.places.systems`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from data.intake.cells.numbers import LONGEST, digits_text
from data.intake.files.raw import Cell

_HDX = re.compile(r"ID(\d{2}|\d{4}|\d{7}|\d{10})", re.IGNORECASE | re.ASCII)
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))? ?[eE] ?\+? ?(\d{1,2})", re.ASCII)
_ZERO_FRACTION = re.compile(r"(\d{4,10})[.,]0+", re.ASCII)
_KEMENDAGRI_DOTS = re.compile(r"(?=.*\.|\d{4})\d{2}\.?\d{2}(?:\.?\d{2}(?:\.?\d{4})?)?", re.ASCII)
_BPS_DOTS = re.compile(r"\d{2}\.\d{2}\.\d{3}(?:\.\d{3})?", re.ASCII)


@dataclass(frozen=True)
class CodeCell:
    """The digits of a code cell; ``system`` is ``kemendagri`` or ``bps`` when the way of writing settles it."""

    digits: str = ""
    system: str | None = None
    reason: str | None = None


def read_code(cell: Cell) -> CodeCell:
    """A code cell's digits, empty for a blank cell; reasons ``BAD_CODE``, ``CODE_PRECISION_LOST``."""
    if cell is None:
        return CodeCell()
    if isinstance(cell, float) and not isinstance(cell, bool):
        return _number(cell)
    if not isinstance(cell, str) or len(cell) > LONGEST:
        return CodeCell(reason="BAD_CODE")
    text = unicodedata.normalize("NFKC", cell).strip().removeprefix("=").strip("'`’\" ")
    if text.lower() in ("", "-", "–", "na", "n/a", "nan", "null", "none"):
        return CodeCell()
    if text.startswith("#"):
        return CodeCell(reason="CELL_ERROR")
    if found := _HDX.fullmatch(text):
        return CodeCell(found.group(1), "bps")
    if found := _SCIENTIFIC.fullmatch(text):
        return _scientific(found.group(1), found.group(2) or "", int(found.group(3)))
    if found := _ZERO_FRACTION.fullmatch(text):
        text = found.group(1)
    compact = re.sub(r"\s*[.,\-/ ]\s*", ".", text).strip(".") if not text.startswith("-") else text
    if _KEMENDAGRI_DOTS.fullmatch(compact):
        return CodeCell(compact.replace(".", ""), "kemendagri" if "." in text.strip(".") else None)
    if _BPS_DOTS.fullmatch(compact):
        return CodeCell(compact.replace(".", ""), "bps")
    digits = text.replace(" ", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= 10:
        return CodeCell(digits)
    return CodeCell(reason="BAD_CODE")


def _number(value: float) -> CodeCell:
    digits = digits_text(value)
    if digits is not None:
        return CodeCell(digits) if value >= 0 and len(digits) <= 10 else CodeCell(reason="BAD_CODE")
    # 53.10 typed into a number cell arrives as 53.1: two digits, a point and at most two more are a kabupaten.
    if 11 <= value < 100 and abs(value * 100 - round(value * 100)) < 1e-6:
        return CodeCell(f"{round(value * 100):04d}", "kemendagri")
    return CodeCell(reason="BAD_CODE")


def _scientific(first: str, rest: str, exponent: int) -> CodeCell:
    """``5.301042003E+09`` has all its digits, ``5.30104E+09`` has lost four."""
    significant = (first + rest).rstrip("0") or "0"
    if len(first + rest) < exponent + 1 and exponent >= 4:
        return CodeCell(reason="CODE_PRECISION_LOST")
    if len(significant) > exponent + 1:
        return CodeCell(reason="BAD_CODE")
    return CodeCell((first + rest).ljust(exponent + 1, "0")[: exponent + 1])
