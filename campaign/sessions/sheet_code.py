"""The code on a village's clarification sheet: which village, which list, and a sign that tells slips of the pen.

``5301-0420-03K7-Q2XA``: the village's code, five signs for the version of the list, one check sign. No O, I, L, U or Z,
so that a hand-written code is read one way. Nothing is kept of sheets that were printed: the code says it all.
"""

from __future__ import annotations

import hashlib
import re

from data.errors import WrongUse
from data.store.store import Store

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXY"
"""31 signs, a prime: a weighted sum over them finds every single slip and every two signs changed about."""
LENGTH = 16
_MARK = 5


def sheet_code(kode: str, versi: str = "") -> str:
    """The code for the sheet of a village (dotted code) printed for the list or plan ``versi``, empty for none."""
    body = kode.replace(".", "") + _mark(versi)
    return "-".join(re.findall(".{4}", body + _check(body)))


def read_sheet_code(text: str, store: Store) -> tuple[str, str, str]:
    """Code as it is printed, village, version of the list (empty for a sheet that was printed without one).

    Blanks, dashes and small letters do not matter; O is read as 0, I and L as 1. Raises `WrongUse`: ``SHEET_CODE`` (not
    a code, or a slip in it), ``SHEET_STRANGER`` (no such village, or a list that is not of this workspace).
    """
    signs = re.sub(r"[^0-9A-Z]", "", text.upper()).translate(str.maketrans("OIL", "011"))
    if len(signs) != LENGTH or set(signs) - set(SIGNS) or not signs[:10].isdigit() or _check(signs[:-1]) != signs[-1]:
        raise WrongUse("SHEET_CODE", signs=len(signs), expected=LENGTH)
    digits, mark = signs[:10], signs[10:-1]
    kode = f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}"
    versions = ["", *(row.versi for row in store.lists.all()), *(versi for versi, _ in store.results.all("rencana"))]
    found = [versi for versi in versions if _mark(versi) == mark]
    if not found or kode not in set(store.gazetteer.villages()["kode"]):
        raise WrongUse("SHEET_STRANGER")
    return sheet_code(kode, found[0]), kode, found[0]


def _mark(versi: str) -> str:
    number = int(hashlib.sha256(versi.encode()).hexdigest(), 16)
    return "".join(SIGNS[number // 31**i % 31] for i in range(_MARK))


def _check(body: str) -> str:
    return SIGNS[sum(weight * SIGNS.index(sign) for weight, sign in enumerate(body, start=1)) % 31]
