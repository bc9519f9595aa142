"""The public ``wilayah_boundaries`` set: SQL dumps whose INSERT rows carry a polygon as JSON in [lat, lng] order.

The text is taken apart, never executed. Source of the layout: github.com/cahyadsn/wilayah_boundaries (MIT).
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from data.domain.codes import CodeError, level_of, parse_code
from data.domain.levels import LEVELS
from data.errors import Refused
from geo.files.container import FilePart
from geo.files.features import FileFeatures, Rings, nesting
from geo.files.limits import MAX_FEATURES, too_large

SQL_COLUMNS = ("kode", "nama", "lat", "lng", "path")
"""Columns of a dump whose INSERT names none."""

# Possessive quantifiers keep the time linear on a dump that was cut inside a string.
_TOKEN = re.compile(
    r"""\s++
      | /\*.*?\*/ | --[^\n]*+ | \#[^\n]*+
      | (?P<text>'(?:[^'\\]++|''|\\.)*+')
      | (?P<name>[A-Za-z_][\w$]*+ | `[^`]*+` | "[^"]*+")
      | (?P<number>[-+]?+(?:\d++\.?+\d*+|\.\d++)(?:[eE][-+]?+\d++)?+)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "Z": "\x1a", "b": "\b"}
_ESCAPED = re.compile(r"''|\\(.)", re.DOTALL)

Row = tuple[str | None, ...]


def read_dumps(parts: tuple[FilePart, ...], *, level: str | None = None) -> FileFeatures:
    """All INSERT rows of one level; without ``level`` the finest there is.

    Coordinates come out as lon, lat. Features are numbered over the parts in order of name. Rows of other levels
    are left out and noted (``OTHER_LEVELS``). Raises `Refused`: ``NO_ROWS`` (no row), ``WRONG_LEVEL`` (none of the
    level asked for), ``MISSING_COLUMN``, ``CORRUPT_FILE`` (a string or row that does not end), ``ENCODING``.
    """
    rows: list[tuple[str, str | None, str | None]] = []
    for part in parts:
        for row in insert_rows(_decoded(part), part.name):
            rows.append((row.get("kode") or "", row.get("nama"), row.get("path")))
            if len(rows) > MAX_FEATURES:
                raise too_large(part.name)
    if not rows:
        raise Refused("NO_ROWS", file=parts[0].name)
    levels = [_level(kode) for kode, _, _ in rows]
    counts = Counter(found for found in levels if found)
    wanted = level or next((name for name in LEVELS if counts[name]), None)
    if wanted is None:
        raise Refused("MISSING_COLUMN", column="kode", field="kode", columns=", ".join(SQL_COLUMNS))
    if not counts[wanted]:
        raise Refused("WRONG_LEVEL", level=wanted, found=", ".join(sorted(counts)))
    chosen = [row for row, found in zip(rows, levels, strict=True) if found in (wanted, None)]
    rings = Rings(swap=True)
    for _, _, path in chosen:
        _add_path(rings, path)
    table = pd.DataFrame({"kode": [row[0] for row in chosen], "nama": [row[1] for row in chosen]}, dtype=object)
    there = [name for name in LEVELS if counts[name]]
    others = ", ".join(f"{name} {counts[name]}" for name in there if name != wanted)
    return FileFeatures(
        "sql",
        table,
        rings.geometries(),
        rings.faults,
        crs="EPSG:4326",
        axis_known=True,
        notes=[("OTHER_LEVELS", {"level": wanted, "others": others, "names": there})] if others else [],
    )


def insert_rows(text: str, name: str) -> Iterator[dict[str, str | None]]:
    """Rows of every ``INSERT INTO``/``REPLACE INTO`` as {column: text}; ``NULL`` is ``None``.

    Raises `Refused` (``CORRUPT_FILE``) when a row is cut off, and (``MISSING_COLUMN``) when an INSERT names its
    columns and ``kode`` or ``path`` is not among them.
    """
    tokens = _tokens(text)
    for kind, word in tokens:
        if kind != "name" or word.upper() not in ("INSERT", "REPLACE"):
            continue
        columns: list[str] = []
        for kind, word in tokens:
            if kind == "name" and word.upper() == "VALUES":
                break
            if (kind, word) == ("mark", "("):
                columns = [value or "" for value in _row(tokens, name)]
            if (kind, word) == ("mark", ";"):
                break
        else:
            raise Refused("CORRUPT_FILE", file=name)
        if word == ";":
            continue
        keys = [column.lower() for column in columns] or list(SQL_COLUMNS)
        if missing := {"kode", "path"} - set(keys):
            lacking = sorted(missing)[0]
            raise Refused("MISSING_COLUMN", column=lacking, field=lacking, columns=", ".join(keys)[:300])
        for kind, word in tokens:
            if (kind, word) == ("mark", ";"):
                break
            if (kind, word) == ("mark", "("):
                values = _row(tokens, name)
                if len(values) != len(keys):
                    raise Refused("CORRUPT_FILE", file=name)
                yield dict(zip(keys, values, strict=True))
            elif kind == "name" and word.upper() in ("INSERT", "REPLACE", "DELETE", "CREATE"):
                raise Refused("CORRUPT_FILE", file=name)


def _row(tokens: Iterator[tuple[str, str]], name: str) -> list[str | None]:
    """Values up to the closing parenthesis."""
    values: list[str | None] = []
    for kind, word in tokens:
        if kind == "mark":
            if word == ")":
                return values
            if word == ",":
                continue
            raise Refused("CORRUPT_FILE", file=name)
        if kind == "name" and word.upper() == "NULL":
            values.append(None)
        else:
            values.append(word)
    raise Refused("CORRUPT_FILE", file=name)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        word = match[0]
        if kind == "text":
            word = word[1:-1]
            if "\\" in word or "''" in word:
                word = _ESCAPED.sub(lambda m: "'" if m[1] is None else _ESCAPES.get(m[1], m[1]), word)
        elif kind == "name" and word[0] in '`"':
            word = word[1:-1]
        yield kind, word


def _add_path(rings: Rings, path: str | None) -> None:
    if not path or path.strip().upper() in ("", "NULL", "[]"):
        rings.skip("GEOM_EMPTY")
        return
    try:
        value = json.loads(path)
    except (ValueError, RecursionError):
        rings.skip("GEOM_INVALID", problem="json")
        return
    depth = nesting(value)
    if depth == 4:
        rings.add(value)
    elif depth == 3:
        rings.add([value])
    elif depth == 2:
        rings.add([[value]])
    else:
        rings.skip("GEOM_TYPE", found="path")


def _level(kode: str) -> str | None:
    try:
        return level_of(parse_code(kode))
    except CodeError:
        return None


def _decoded(part: FilePart) -> str:
    content = part.content()
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        # Names may be cp1252; codes and rings are ASCII either way, and names are only compared, never stored.
        return content.decode("cp1252", errors="replace")
