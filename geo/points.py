"""Whether points lie where their rows say: in the area named, in the province."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import shapely

from data.domain.distance import KM_PER_DEGREE
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.composition import composition
from geo.boundaries.in_force import active_boundaries

OFF_SHORE_KM = 10.0
"""A pier or an exit by sea may lie this far from the nearest village; farther is outside the province."""
TOLERANCE_KM = {"resmi": 0.25, "perkiraan": 5.0}
"""How far outside its village's polygon a point may lie: the error of a phone's position, or that of an outline that
is itself only approximate."""

_CODE_LENGTHS = (2, 5, 8, 13)
"""Characters of a dotted code of a province, kabupaten, kecamatan, village."""

Point = tuple[int, str, float, float]
"""Row, code of the area named (or empty), longitude and latitude in degrees (EPSG:4326)."""


def misplaced(store: Store, workspace: Workspace, points: list[Point]) -> dict[int, tuple[str, dict[str, Any]]]:
    """Rows whose point lies elsewhere: ``OUTSIDE_VILLAGE`` (``nama``, ``km``) or ``OUTSIDE_PROVINCE`` (``value``).

    An area without any polygon is not judged, nor is anything when there are no boundaries.
    """
    found = composition(store, workspace, "desa")
    if found is None or not points:
        return {}
    frame = active_boundaries(store, workspace, "desa")
    codes, shapes = frame["kode"].to_numpy(), frame.geometry.to_numpy()
    approximate = set(found.approximate)
    tree = shapely.STRtree(shapes)
    inside: dict[str, list[int]] = defaultdict(list)
    for at, kode in enumerate(codes):
        for length in _CODE_LENGTHS:
            inside[kode[:length]].append(at)
    names = _names(store)
    result: dict[int, tuple[str, dict[str, Any]]] = {}
    for row, kode, lon, lat in points:
        point = shapely.Point(lon, lat)
        if _km(shapes[tree.nearest(point)], point) > OFF_SHORE_KM:
            result[row] = ("OUTSIDE_PROVINCE", {"value": f"{lat:.5g}; {lon:.6g}"})
            continue
        if kode not in inside:
            continue
        distance = min(_km(shape, point) for shape in shapes[inside[kode]])
        if distance > TOLERANCE_KM["perkiraan" if kode[:5] in approximate else "resmi"]:
            result[row] = ("OUTSIDE_VILLAGE", {"nama": names.get(kode, kode), "km": round(distance, 1)})
    return result


def _km(shape: Any, point: Any) -> float:
    """Distance from a point to a polygon; near the equator a degree of longitude is as long as one of latitude."""
    return float(shapely.distance(shape, point)) * KM_PER_DEGREE


def _names(store: Store) -> dict[str, str]:
    gazetteer = store.gazetteer.villages()
    names = dict(zip(gazetteer["kode_kab"], gazetteer["kabupaten"], strict=True))
    names |= dict(zip(gazetteer["kode_kec"], gazetteer["kecamatan"], strict=True))
    return names | dict(zip(gazetteer["kode"], gazetteer["nama"], strict=True))
