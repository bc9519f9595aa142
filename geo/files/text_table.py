"""Boundaries in a text table: a row per polygon, its shape as WKT or GeoJSON in one of the cells."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.errors import Refused
from data.intake.files.decode import decode
from geo.checks.headers import GEOMETRY_HEADERS, plain
from geo.files.container import FilePart
from geo.files.features import Fault, FileFeatures, Rings, as_text
from geo.files.geojson import add_geometry
from geo.files.limits import MAX_COLUMNS, MAX_FEATURES, too_large

_DELIMITERS = ";,\t|"
_SRID = re.compile(r"SRID=(\d{4,6});", re.IGNORECASE)
_AREA = re.compile(r"(?:MULTI)?POLYGON\s*(?:Z|M|ZM)?\s*\([\d\seE+.,()-]*\)", re.IGNORECASE)
"""The only WKT that is handed on: no collections, whose nesting has no end."""
_WORD = re.compile(r"[A-Za-z]+")


def read_text_table(part: FilePart) -> FileFeatures:
    """The rows of one file. ``crs`` is what the shapes name themselves (``SRID=…;POLYGON …``), mostly nothing.

    Raises `Refused`: ``ENCODING``, ``CORRUPT_FILE`` (rows that are longer than the header, quotes that do not end),
    ``NO_ROWS``, ``TOO_LARGE``.
    """
    try:
        text = decode(part.content())[0].lstrip("\ufeff")
    except Refused as fault:
        raise Refused(fault.reason, file=part.name) from fault
    header = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        table = pd.read_csv(
            io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False, nrows=MAX_FEATURES + 1, index_col=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as fault:
        raise Refused("CORRUPT_FILE", file=part.name) from fault
    if len(table) > MAX_FEATURES or table.shape[1] > MAX_COLUMNS:
        raise too_large(part.name)
    if table.empty:
        raise Refused("NO_ROWS", file=part.name)
    shapes = next(column for column in table.columns if plain(column) in GEOMETRY_HEADERS)
    geometry, faults, systems = _geometries(list(table[shapes]))
    cells = {str(column): [as_text(cell) for cell in table[column]] for column in table.columns if column != shapes}
    crs = f"EPSG:{systems.pop()}" if len(systems) == 1 else None
    return FileFeatures("csv", pd.DataFrame(cells, dtype=object), geometry, faults, crs=crs)


def _geometries(texts: list[str]) -> tuple[np.ndarray, dict[int, Fault], set[str]]:
    made = np.full(len(texts), None, dtype=object)
    faults: dict[int, Fault] = {}
    systems: set[str] = set()
    for number, text in enumerate(texts):
        text = text.strip()
        if found := _SRID.match(text):
            systems.add(found[1])
            text = text[found.end() :].strip()
        shape: Any = None
        if not text:
            faults[number] = ("GEOM_EMPTY", {})
        elif text.startswith("{"):
            shape = _from_json(text, number, faults)
        elif _AREA.fullmatch(text):
            shape = shapely.from_wkt(text, on_invalid="ignore")
            if shape is None:
                faults[number] = ("GEOM_INVALID", {"problem": "coordinates"})
        elif (word := _WORD.match(text)) and not word[0].upper().endswith("POLYGON"):
            faults[number] = ("GEOM_TYPE", {"found": word[0][:30]})
        else:
            faults[number] = ("GEOM_INVALID", {"problem": "coordinates"})
        made[number] = shape
    return made, faults, systems


def _from_json(text: str, number: int, faults: dict[int, Fault]) -> Any:
    rings = Rings()
    try:
        add_geometry(json.loads(text), rings)
    except (ValueError, RecursionError):
        rings.skip("GEOM_INVALID", problem="coordinates")
    if rings.faults:
        faults[number] = rings.faults[0]
    return rings.geometries()[0]
