"""Roads that an office loads to find its way on the map: their course alone, no name and no attribute of the file.

They are drawn and nothing is computed from them; distances stay straight lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import Refused

ROADS = ("jalan", "aktif")
"""Under which kind and version the store keeps them."""
MAX_BYTES = 60_000_000
GRID = 1e-4
"""About 11 m."""
TOLERANCE = 0.0008
POINTS = 20_000
"""Points kept of all roads together; of more, bends are left out until they fit."""
COARSEST = 0.02
"""Simplification in degrees beyond which a line is no road any more."""
_LON_LAT = ("crs84", "epsg::4326", "epsg:4326")


def read_roads(path: Path, bbox: Sequence[float]) -> list[list[int]]:
    """The lines of a GeoJSON file within ``bbox`` (west, south, east, north in EPSG:4326), simplified.

    A line is x, y of its first point and then the steps to the next ones, in units of `GRID`. Raises `Refused`
    (``ROADS_FILE``): too large, no GeoJSON, another system than longitude and latitude, no line in the province,
    or too much to draw.
    """
    import shapely

    lines = [line for line in _lines(_document(path)) if len(line) > 1]
    if not lines:
        raise _refused(path)
    west, south, east, north = bbox
    found = shapely.linestrings(
        [point for line in lines for point in line],
        indices=np.repeat(np.arange(len(lines)), [len(line) for line in lines]),
    )
    parts = shapely.get_parts(shapely.clip_by_rect(found, west - 0.1, south - 0.1, east + 0.1, north + 0.1))
    parts = parts[shapely.get_dimensions(parts) == 1]
    if not len(parts):
        raise _refused(path)
    tolerance = TOLERANCE
    simple = shapely.simplify(parts, tolerance, preserve_topology=False)
    while shapely.get_num_coordinates(simple).sum() > POINTS:
        tolerance *= 1.6
        if tolerance > COARSEST:
            raise _refused(path)
        simple = shapely.simplify(parts, tolerance, preserve_topology=False)
    return [_steps(shapely.get_coordinates(line)) for line in simple if shapely.length(line) > tolerance]


def _steps(points: np.ndarray) -> list[int]:
    units = np.round(points / GRID).astype(int)
    return [int(value) for value in np.vstack([units[:1], np.diff(units, axis=0)]).ravel()]


def _refused(path: Path) -> Refused:
    return Refused("ROADS_FILE", file=path.name, allowed=MAX_BYTES // 1_000_000)


def _document(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_BYTES:
        raise _refused(path)
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise _refused(path) from fault
    if not isinstance(document, dict) or document.get("type") not in ("FeatureCollection", "Feature"):
        raise _refused(path)
    declared = document.get("crs")
    if declared is not None and not any(name in json.dumps(declared).casefold() for name in _LON_LAT):
        raise _refused(path)
    return document


def _lines(document: dict[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """Every line of every feature as longitude and latitude; what is no number on earth is left out."""
    features = document.get("features", [document])
    for feature in features if isinstance(features, list) else []:
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(geometry, dict) or geometry.get("type") not in ("LineString", "MultiLineString"):
            continue
        lines = geometry.get("coordinates")
        for line in [lines] if geometry["type"] == "LineString" else lines if isinstance(lines, list) else []:
            if isinstance(line, list):
                yield [(float(point[0]), float(point[1])) for point in line if _placed(point)]


def _placed(point: Any) -> bool:
    if not isinstance(point, list) or len(point) < 2 or not all(type(one) in (int, float) for one in point[:2]):
        return False
    return -180 <= point[0] <= 180 and -90 <= point[1] <= 90
