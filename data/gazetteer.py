"""The gazetteer: every village of the installation with its code, names, parents and, where known, a point.

``data/embedded/gazetteer_53.csv`` holds the 3,442 desa and kelurahan of Nusa Tenggara Timur; another province brings
its own file of the same columns.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from data.domain.codes import CodeError, level_of, parent, parse_code
from data.errors import Refused, RowErrors
from data.intake.report import RowIssue
from data.store.parts.gazetteer import GAZETTEER_COLUMNS

EMBEDDED = Path(__file__).parent / "embedded" / "gazetteer_53.csv"
"""NTT's gazetteer; sources and licences in the README beside it."""

REQUIRED = ("kode", "nama", "kode_kec", "kecamatan", "kode_kab", "kabupaten")
TYPES = ("desa", "kelurahan")
PRECISIONS = ("desa", "kecamatan", "")
LONGEST = 120
"""Characters of a name; the longest of Indonesia's village names has 48."""
LON_RANGE, LAT_RANGE = (94.0, 142.0), (-12.0, 7.0)
"""Indonesia in degrees; anything else is a typing error or a swapped pair."""
LARGEST_FILE = 64 * 1024 * 1024

Wrong = Callable[..., None]
"""Notes a fault of the current row: column, reason code, values."""

_NUMBERS = {"penduduk": (0.0, 1e6), "lon": LON_RANGE, "lat": LAT_RANGE, "elevasi": (-100.0, 5000.0)}


def read_gazetteer(path: Path | None = None) -> pd.DataFrame:
    """The gazetteer in the file ``path`` (default: NTT's), one row per village, sorted by ``kode``.

    The file is CSV (comma or semicolon, UTF-8) with the columns of INTERFACE in any order; ``kode, nama, kode_kec,
    kecamatan, kode_kab, kabupaten`` must be filled, other cells may be empty and other columns missing.

    Returns `GAZETTEER_COLUMNS`: text, empty where unknown, except ``penduduk`` (people), ``lon, lat`` (EPSG:4326) and
    ``elevasi`` (metres), which are float and NaN where unknown. ``presisi_titik`` says what the point stands for:
    ``desa`` the village itself, ``kecamatan`` only the middle of its kecamatan, empty without a point.

    Raises `Refused` for a file that cannot be read as a whole, and `RowErrors` (``GAZETTEER_ROWS``) when rows are
    wrong: ``n`` says how many faults, ``row, column, code, value`` what the first is, ``errors`` lists them all.
    Nothing is corrected silently.
    """
    header, lines = _read_rows(EMBEDDED if path is None else Path(path))
    errors: list[RowIssue] = []
    records = [_record(row, dict(zip(header, cells, strict=True)), errors) for row, cells in lines]
    _check_together([row for row, _ in lines], records, errors)
    if errors:
        errors.sort(key=lambda issue: issue.row or 0)
        raise _row_errors(errors)
    frame = pd.DataFrame(records, columns=list(GAZETTEER_COLUMNS))
    return frame.astype(dict.fromkeys(_NUMBERS, float)).sort_values("kode", ignore_index=True)


def _read_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and non-empty rows with their physical line number, counted from 1 with the header."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST_FILE else b""
    except OSError as fault:
        raise Refused("NO_FILE", path=path.name) from fault
    if size > LARGEST_FILE:
        raise Refused("TOO_LARGE", path=path.name, allowed=LARGEST_FILE // 2**20, rows="-", columns="-")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Refused("ENCODING", path=path.name, position=fault.start) from fault
    if not text.strip():
        raise Refused("EMPTY_FILE", path=path.name)
    if "\x00" in text:
        raise Refused("TYPE_MISMATCH", path=path.name, found="NUL")
    first_line = text.lstrip().split("\n", 1)[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        before = 0
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((before + 1, cells))
            before = reader.line_num
    except csv.Error as fault:
        raise Refused("MALFORMED_CSV", path=path.name, row=reader.line_num) from fault
    header = [name.strip().lower() for name in lines[0][1]]
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise Refused("MISSING_COLUMN", field=", ".join(missing), path=path.name)
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise Refused("AMBIGUOUS_COLUMN", field=twice[0], columns=", ".join(twice), path=path.name)
    if len(lines) == 1:
        raise Refused("NO_ROWS", path=path.name)
    uneven = [
        RowIssue(row, None, "COLUMN_COUNT", {"found": len(cells), "expected": len(header)})
        for row, cells in lines[1:]
        if len(cells) != len(header)
    ]
    if uneven:
        raise _row_errors(uneven)
    return header, lines[1:]


def _row_errors(errors: list[RowIssue]) -> RowErrors:
    first = errors[0]
    value = first.params.get("value", first.params.get("found", ""))
    return RowErrors(
        "GAZETTEER_ROWS",
        n=len(errors),
        row=first.row,
        column=first.column or "",
        code=first.reason,
        value=value,
        errors=errors,
    )


def _record(row: int, cells: dict[str, str], errors: list[RowIssue]) -> dict[str, Any]:
    """One village; what is wrong with it is added to ``errors``."""

    def wrong(column: str, reason: str, **params: Any) -> None:
        errors.append(RowIssue(row, column, reason, {"value": cells.get(column, "").strip()[:40], **params}))

    record: dict[str, Any] = {}
    for column in ("nama", "kecamatan", "kabupaten"):
        record[column] = _name(cells[column], column, wrong)
    for column, level in (("kode", "desa"), ("kode_kec", "kecamatan"), ("kode_kab", "kabupaten")):
        record[column] = _code(cells[column], column, level, wrong)
    for column, below in (("kode_kec", "kode"), ("kode_kab", "kode_kec")):
        if record[column] and record[below] and parent(record[below]) != record[column]:
            wrong(column, "NAME_CODE_MISMATCH", kode=record[below], nama=record["nama"])
    kode = record["kode"]
    record["kode_prov"] = kode[:2]
    record["jenis"] = cells.get("jenis", "").strip().lower() or ("kelurahan" if kode[9:10] == "1" else "desa")
    if record["jenis"] not in TYPES:
        wrong("jenis", "OUT_OF_RANGE", allowed=", ".join(TYPES))
    record["kode_bps"] = cells.get("kode_bps", "").strip()
    if record["kode_bps"] and not re.fullmatch(r"[0-9]{10}", record["kode_bps"]):
        wrong("kode_bps", "BAD_CODE")
    retired = (part.strip() for part in cells.get("kode_lama", "").split(";"))
    record["kode_lama"] = ";".join(_code(part, "kode_lama", "desa", wrong) for part in retired if part)
    for column, (low, high) in _NUMBERS.items():
        record[column] = _number(cells.get(column, ""), column, low, high, wrong)
    given = [column for column in ("lon", "lat") if cells.get(column, "").strip()]
    if len(given) == 1:
        wrong("lat" if given == ["lon"] else "lon", "COORD_MISSING")
    record["presisi_titik"] = cells.get("presisi_titik", "").strip().lower() or ("desa" if given else "")
    if record["presisi_titik"] not in PRECISIONS or (record["presisi_titik"] and not given):
        wrong("presisi_titik", "OUT_OF_RANGE", allowed=", ".join(name for name in PRECISIONS if name))
    return record


def _name(cell: str, column: str, wrong: Wrong) -> str:
    name = " ".join(cell.split())
    if not name:
        wrong(column, "MISSING_VALUE")
    elif any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} for char in name):
        wrong(column, "CONTROL_CHAR")
    elif len(name) > LONGEST:
        wrong(column, "TOO_LONG", limit=LONGEST)
    return name


def _code(cell: str, column: str, level: str, wrong: Wrong) -> str:
    """The dotted code, or nothing when the cell holds none of that level."""
    try:
        kode = parse_code(cell)
    except CodeError as fault:
        wrong(column, fault.reason)
        return ""
    if level_of(kode) != level:
        wrong(column, "WRONG_LEVEL", level=level_of(kode), expected=level)
        return ""
    return kode


def _number(cell: str, column: str, low: float, high: float, wrong: Wrong) -> float:
    text = cell.strip()
    if not text:
        return math.nan
    if not re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", text):
        wrong(column, "NOT_A_NUMBER")
        return math.nan
    number = float(text)
    if low <= number <= high:
        return number
    other = {"lon": LAT_RANGE, "lat": LON_RANGE}.get(column)
    if other and other[0] <= number <= other[1]:
        wrong(column, "AXIS_SWAPPED")
    else:
        wrong(
            column, "NEGATIVE" if number < 0 and column == "penduduk" else "OUT_OF_RANGE", allowed=f"{low:g} … {high:g}"
        )
    return math.nan


def _check_together(rows: list[int], records: list[dict[str, Any]], errors: list[RowIssue]) -> None:
    """Codes are unique, and a kecamatan or kabupaten has one name in the whole file."""
    seen: dict[str, int] = {}
    names: dict[str, tuple[str, int]] = {}
    for row, record in zip(rows, records, strict=True):
        kode = record["kode"]
        if kode and kode in seen:
            errors.append(RowIssue(row, "kode", "DUPLICATE_KEY", {"value": kode, "kode": kode, "other": seen[kode]}))
        seen.setdefault(kode, row)
        for column, name in (("kode_kec", "kecamatan"), ("kode_kab", "kabupaten")):
            first, at = names.setdefault(record[column], (record[name], row))
            if record[column] and first != record[name]:
                told = {"value": record[name], "kode": record[column], "nama": first, "other": at}
                errors.append(RowIssue(row, name, "NAME_CODE_MISMATCH", told))
