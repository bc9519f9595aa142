"""The column of a boundary file that holds area codes, and the codes in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.domain.codes import CodeError, digits_of, level_of, parse_code
from data.domain.levels import LEVELS
from data.errors import Refused
from geo.checks.headers import ANY_LEVEL, BPS_HEADERS, CODE_HEADERS, NAME_HEADERS, plain
from geo.files.features import Fault

BPS_DIGITS = {"desa": 10, "kecamatan": 7, "kabupaten": 4, "provinsi": 2}
ENOUGH = 0.5
"""Share of a column's cells that must be codes for it to be the code column."""
MIXED = 0.2
"""Share of features of another level from which the file as a whole mixes levels."""
_HDX = re.compile(r"ID(\d{2,10})", re.IGNORECASE)
_DECIMAL_ZERO = re.compile(r"(\d+)\.0+")
_LOST_DIGITS = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+|\d{2}\.\d|\d{2}\.\d{2}\.\d|\d{2}\.\d{2}\.\d{2}\.\d{1,3}")


@dataclass(frozen=True)
class CodeColumn:
    """The column found: its header, the level of its codes, the codes (dotted; plain BPS digits when ``bps``;
    ``None`` with a fault), and whether all of them were written with dots."""

    header: str
    level: str
    codes: list[str | None]
    bps: bool
    dotted: bool
    faults: dict[int, Fault]


def find_code_column(
    table: pd.DataFrame, *, level: str | None = None, mapping: Mapping[str, str] | None = None
) -> CodeColumn:
    """The code column of the finest level there is; at one level Kemendagri's before BPS's.

    ``mapping["kode"]`` names the header outright. Raises `Refused`: ``COLUMN_MAPPING`` (no such header),
    ``MISSING_COLUMN``, ``AMBIGUOUS_COLUMN`` (two columns of one level that differ), ``WRONG_LEVEL`` (the file is of
    another level than ``level``, or mixes levels).
    """
    headers = {plain(column): str(column) for column in reversed(table.columns)}
    named = (mapping or {}).get("kode")
    if named is not None:
        header = headers.get(plain(named))
        if header is None:
            raise Refused("COLUMN_MAPPING", field="kode", header=str(named)[:60], **_headers(table))
        bps = any(plain(named) in of_level for of_level in BPS_HEADERS.values())
        return _levelled(table, header, level, bps=bps)
    for of_level in LEVELS:
        own = [headers[name] for name in CODE_HEADERS[of_level] + ANY_LEVEL if name in headers]
        own = [header for header in own if _holds(table[header], of_level, bps=False)]
        if any(_codes(table[header], None)[0] != _codes(table[own[0]], None)[0] for header in own[1:]):
            raise Refused("AMBIGUOUS_COLUMN", field="kode", column="kode", columns=", ".join(own), names=own)
        of_bps = [headers[name] for name in BPS_HEADERS[of_level] if name in headers]
        of_bps = [header for header in of_bps if _holds(table[header], of_level, bps=True)]
        if own or of_bps:
            return _levelled(table, (own or of_bps)[0], level, bps=not own)
    raise Refused("MISSING_COLUMN", field="kode", column="kode", **_headers(table))


def name_column(table: pd.DataFrame, level: str, mapping: Mapping[str, str] | None = None) -> list[str | None] | None:
    """Names of the features, where a header tells that a column holds them; ``None`` without such a column."""
    headers = {plain(column): column for column in reversed(table.columns)}
    wanted = (plain(mapping["nama"]),) if mapping and "nama" in mapping else NAME_HEADERS[level]
    for name in wanted:
        if name in headers and any(table[headers[name]]):
            return list(table[headers[name]])
    return None


def _holds(cells: pd.Series, level: str, *, bps: bool) -> bool:
    """Whether most of the column is codes of ``level``."""
    codes = _codes(cells, BPS_DIGITS[level] if bps else None)[0]
    fitting = sum(1 for code in codes if code and (bps or level_of(code) == level))
    return fitting >= max(1, ENOUGH * len(codes))


def _levelled(table: pd.DataFrame, header: str, level: str | None, *, bps: bool) -> CodeColumn:
    """The column with its main level; features of other levels become faults."""
    if bps:
        lengths = Counter(len(_bps_plain(cell)) for cell in table[header] if cell)
        of_length = {digits: name for name, digits in BPS_DIGITS.items()}
        found = of_length.get(lengths.most_common(1)[0][0] if lengths else 0)
        if found is None:
            raise Refused("MISSING_COLUMN", field="kode", column="kode", **_headers(table))
        if level not in (None, found):
            raise Refused("WRONG_LEVEL", level=level, found=found)
        codes, faults, dotted = _codes(table[header], BPS_DIGITS[found])
        return CodeColumn(header, found, codes, True, dotted, faults)
    codes, faults, dotted = _codes(table[header], None)
    counts = Counter(level_of(code) for code in codes if code)
    if not counts:
        raise Refused("MISSING_COLUMN", field="kode", column="kode", **_headers(table))
    main, most = counts.most_common(1)[0]
    if level not in (None, main) or most < (1 - MIXED) * counts.total():
        raise Refused("WRONG_LEVEL", level=level or main, found=", ".join(sorted(counts)))
    for number, code in enumerate(codes):
        if code and level_of(code) != main:
            faults[number] = ("WRONG_LEVEL", {"value": code, "level": main, "found": level_of(code)})
            codes[number] = None
    return CodeColumn(header, main, codes, False, dotted, faults)


def _codes(cells: pd.Series, bps_digits: int | None) -> tuple[list[str | None], dict[int, Fault], bool]:
    """Each cell as a code: dotted, or plain digits of the given count for BPS."""
    codes: list[str | None] = []
    faults: dict[int, Fault] = {}
    dotted = True
    for number, cell in enumerate(cells):
        text = (cell or "").strip()
        if whole := _DECIMAL_ZERO.fullmatch(text):
            text = whole[1]
        code: str | None = None
        if bps_digits is not None:
            digits = _bps_plain(text)
            code = digits if digits.isdecimal() and len(digits) == bps_digits else None
        else:
            try:
                code = parse_code(text)
            except CodeError:
                code = None
            dotted &= code is None or "." in text
        if code is None:
            lost = text and _LOST_DIGITS.fullmatch(text)
            faults[number] = ("CODE_PRECISION_LOST" if lost else "BAD_CODE", {"value": _showable(text)})
        codes.append(code)
    return codes, faults, dotted


def _bps_plain(text: str) -> str:
    """BPS digits without dots and without the ``ID`` that HDX puts before them."""
    plain_text = text.strip()
    found = _HDX.fullmatch(plain_text)
    return digits_of(found[1] if found else plain_text)


def _showable(text: str) -> str:
    """The cell if it cannot be a person's number or name; otherwise nothing, because reports are kept."""
    return text if re.fullmatch(r"[\d.,eE+ -]{1,18}", text) and sum(map(str.isdigit, text)) <= 10 else ""


def _headers(table: pd.DataFrame) -> dict[str, Any]:
    """The file's headers, in one line for a message and by name for a person to choose from."""
    names = [str(column) for column in table.columns[:200]]
    return {"columns": ", ".join(name[:40] for name in names[:30]), "names": names}
