"""GeoJSON read feature by feature with the JSON decoder alone; GDAL never meets it.

RFC 7946 says longitude, latitude in WGS 84; older files declare another system in a ``crs`` member, which is kept.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from data.errors import Refused
from geo.files.container import FilePart
from geo.files.features import FileFeatures, Rings, as_text
from geo.files.limits import MAX_COLUMNS, MAX_FEATURES, too_large

_BLANK = re.compile(r"[ \t\r\n]*+")
_EPSG = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{4,6})", re.IGNORECASE)
_CRS84 = re.compile(r"urn:ogc:def:crs:OGC:[\d.]*:?CRS(?:84|83)h?|(?:OGC:)?CRS84h?", re.IGNORECASE)


def read_geojson(part: FilePart) -> FileFeatures:
    """The features of one file. ``crs`` is ``None`` when the file declares none, which means lon, lat by the RFC.

    Raises `Refused`: ``CORRUPT_FILE`` (not JSON, or cut off), ``ENCODING``, ``UNSUPPORTED_FORMAT`` (JSON that is no
    GeoJSON), ``NO_ROWS``, ``TOO_LARGE``, ``CRS`` (a ``crs`` member that names no system, or a link).
    """
    text = _decoded(part)
    if text.count('"Feature"') > MAX_FEATURES:  # before a hundred thousand of them are in memory
        raise too_large(part.name)
    rings = Rings()
    cells: list[dict[str, str | None]] = []
    columns: set[str] = set()
    members: dict[str, Any] = {}
    try:
        for key, value in _members(text):
            if key == "features[]":
                _add(value, rings, cells, columns, part.name)
            else:
                members[key] = value
    except (ValueError, RecursionError) as fault:
        raise Refused("CORRUPT_FILE", file=part.name) from fault
    kind = members.get("type")
    if kind == "Feature":
        _add(members, rings, cells, columns, part.name)
    elif kind != "FeatureCollection" or "features" not in members:
        raise Refused("UNSUPPORTED_FORMAT", file=part.name)
    if not cells:
        raise Refused("NO_ROWS", file=part.name)
    table = pd.DataFrame(cells, dtype=object)
    return FileFeatures(
        "geojson", table.where(table.notna(), None), rings.geometries(), rings.faults, crs=_declared(members.get("crs"))
    )


def _members(text: str) -> Iterator[tuple[str, Any]]:
    """Members of the top object; those of the array ``features`` one by one as ``features[]``.

    So a file of 200 MB never stands in memory as Python lists as a whole. Raises ``ValueError`` for broken JSON.
    """
    decoder = json.JSONDecoder()
    at = _expect(text, 0, "{")
    while text[at : at + 1] != "}":
        key, at = decoder.raw_decode(text, at)
        if not isinstance(key, str):
            raise ValueError("member name")
        at = _expect(text, at, ":")
        if key == "features" and text[at : at + 1] == "[":
            at = _skip(text, at + 1)
            while text[at : at + 1] != "]":
                value, at = decoder.raw_decode(text, at)
                yield "features[]", value
                at = _separator(text, at, "]")
            yield key, True
            at = _skip(text, at + 1)
        else:
            value, at = decoder.raw_decode(text, at)
            yield key, value
            at = _skip(text, at)
        at = _separator(text, at, "}")
    if _skip(text, at + 1) != len(text):
        raise ValueError("text after the end")


def _separator(text: str, at: int, end: str) -> int:
    """Past a comma, or at the end mark."""
    at = _skip(text, at)
    if text[at : at + 1] == end:
        return at
    at = _expect(text, at, ",")
    if text[at : at + 1] == end:
        raise ValueError("comma before the end")
    return at


def _expect(text: str, at: int, mark: str) -> int:
    at = _skip(text, at)
    if text[at : at + 1] != mark:
        raise ValueError(f"{mark} expected")
    return _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    return _BLANK.match(text, at).end()  # type: ignore[union-attr]


def _add(feature: Any, rings: Rings, cells: list[dict[str, str | None]], columns: set[str], name: str) -> None:
    if len(cells) >= MAX_FEATURES:
        raise too_large(name)
    if not isinstance(feature, dict):
        feature = {}
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    columns.update(properties)
    if len(columns) > MAX_COLUMNS:
        raise too_large(name)
    cells.append({str(key)[:100]: as_text(value) for key, value in properties.items()})
    if "id" in feature and "id" not in properties:
        cells[-1]["id"] = as_text(feature["id"])
    add_geometry(feature.get("geometry"), rings)


def add_geometry(geometry: Any, rings: Rings) -> None:
    """Adds a geometry object as the next feature."""
    if not isinstance(geometry, dict) or not geometry:
        rings.skip("GEOM_EMPTY")
        return
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "GeometryCollection":
        polygons = _polygons_of(geometry.get("geometries"))
        if polygons is None:
            rings.skip("GEOM_TYPE", found="GeometryCollection")
        else:
            rings.add(polygons)
    elif kind not in ("Polygon", "MultiPolygon"):
        rings.skip("GEOM_TYPE", found=str(kind)[:30])
    elif not isinstance(coordinates, list) or not coordinates:
        rings.skip("GEOM_EMPTY")
    else:
        rings.add([coordinates] if kind == "Polygon" else coordinates)


def _polygons_of(members: Any) -> list[Any] | None:
    """Polygons of a collection that holds nothing else; ``None`` otherwise (a line beside them may be meant)."""
    polygons: list[Any] = []
    for member in members if isinstance(members, list) else []:
        if not isinstance(member, dict) or member.get("type") not in ("Polygon", "MultiPolygon"):
            return None
        coordinates = member.get("coordinates") or []
        polygons += [coordinates] if member["type"] == "Polygon" else coordinates
    return polygons or None


def _declared(member: Any) -> str | None:
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str):
        if found := _EPSG.fullmatch(name.strip()):
            return f"EPSG:{found[1]}"
        if _CRS84.fullmatch(name.strip()):
            return "EPSG:4326"
    raise Refused("CRS", crs=str(name)[:60] if isinstance(name, str) else "")


def _decoded(part: FilePart) -> str:
    content = part.content()
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise Refused("ENCODING", file=part.name) from fault
