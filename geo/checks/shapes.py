"""Whether polygons are usable: kind, size, validity, overlaps. Areas are measured in EPSG:6933 (equal area)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from geo.files.features import Fault
from geo.files.limits import MAX_VERTICES

MAX_AREA_CHANGE = 0.001
"""Share of its area that a repair may change. The published NTT files need 0.02 % at most."""
MAX_OVERLAP = {"desa": 0.05, "kecamatan": 0.25, "kabupaten": 0.25, "provinsi": 0.25}
"""Share of an area that may lie inside another. Between published NTT villages it is 1 % at most; kecamatan are
published so coarsely that 11 % of one lies inside its neighbour."""
NOTED_OVERLAP = 0.05
GAP_KM2 = 1.0
"""Holes between areas up to this size are gaps left by drawing; larger ones are lakes or areas without a polygon."""
BLOCK = 20_000
"""Pairs of neighbours that are looked at together: what makes them quick to compare takes gigabytes for a country."""
_PROBLEMS = (
    ("Self-intersection", "self_intersection"),
    ("Ring Self-intersection", "self_intersection"),
    ("Nested shells", "nested"),
    ("Hole lies outside", "hole_outside"),
    ("Holes are nested", "nested"),
    ("Duplicate Rings", "duplicate_rings"),
    ("Interior is disconnected", "disconnected"),
    ("Too few points", "ring"),
)


@dataclass(frozen=True)
class Checked:
    """Valid polygons or ``None``, what is wrong with the others, and the repairs ``(feature, params)``."""

    geometry: np.ndarray
    faults: dict[int, Fault]
    repairs: list[tuple[int, dict[str, Any]]]


def check_shapes(geometry: np.ndarray) -> Checked:
    """Polygons and multipolygons in EPSG:4326, each valid.

    An invalid one is repaired by structure (what lies inside a shell is inside, overlapping parts count once). The
    repair is kept when the area differs from the stated one, the sum of shells less holes, by `MAX_AREA_CHANGE` at
    most: so nested islets pass and a bow-tie, whose stated area is the difference of its two halves, does not.
    Faults: ``GEOM_EMPTY``, ``GEOM_TYPE``, ``GEOM_INVALID``, ``TOO_COMPLEX``.
    """
    made = geometry.copy()
    faults: dict[int, Fault] = {}
    vertices = shapely.get_num_coordinates(made)
    for number in range(len(made)):
        if made[number] is not None and (fault := _fault(made[number], int(vertices[number]))):
            faults[number] = fault
            made[number] = None
    for number in _not_finite(made):
        faults[number] = ("GEOM_INVALID", {"problem": "not_finite", "percent": None})
        made[number] = None
    repairs: list[tuple[int, dict[str, Any]]] = []
    for number in np.flatnonzero(~shapely.is_valid(made) & ~shapely.is_missing(made)).tolist():
        before = made[number]
        params: dict[str, Any] = {"problem": _problem(before)}
        after = _polygonal(shapely.make_valid(before, method="structure", keep_collapsed=False))
        stated = float(areas_km2([before])[0])
        found = float(areas_km2([after])[0]) if after is not None else 0.0
        change = abs(found - stated) / stated if stated > 0 else float("inf")
        params["percent"] = round(min(change, 9.99) * 100, 4)
        if change > MAX_AREA_CHANGE:
            faults[number] = ("GEOM_INVALID", params)
            made[number] = None
        else:
            made[number] = after
            repairs.append((number, params))
    return Checked(made, faults, repairs)


def _fault(shape: Any, vertices: int) -> Fault | None:
    if vertices > MAX_VERTICES:
        return "TOO_COMPLEX", {"vertices": vertices, "limit": MAX_VERTICES}
    if shape.is_empty:
        return "GEOM_EMPTY", {}
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        return "GEOM_TYPE", {"found": shape.geom_type}
    return None


def _not_finite(geometry: np.ndarray) -> list[int]:
    coordinates, index = shapely.get_coordinates(geometry, return_index=True)
    return [int(number) for number in np.unique(index[~np.isfinite(coordinates).all(axis=1)])]


def _problem(shape: Any) -> str:
    stated = shapely.is_valid_reason(shape)
    return next((key for text, key in _PROBLEMS if stated.startswith(text)), "other")


def _polygonal(shape: Any) -> Any:
    """The shape if it is made of area only and not empty."""
    return shape if shape.geom_type in ("Polygon", "MultiPolygon") and not shape.is_empty else None


_TO_EQUAL_AREA = Transformer.from_crs(4326, 6933, always_xy=True)


def equal_area(geometry: Any) -> np.ndarray:
    """The shapes in EPSG:6933 (metres, equal area)."""
    return shapely.transform(
        np.asarray(geometry, dtype=object), lambda xy: np.column_stack(_TO_EQUAL_AREA.transform(xy[:, 0], xy[:, 1]))
    )


def areas_km2(geometry: Any) -> np.ndarray:
    """Areas in km² of shapes in EPSG:4326; NaN for missing ones."""
    return shapely.area(equal_area(geometry)) / 1e6


@dataclass(frozen=True)
class Overlap:
    """Area ``inside`` (feature number) lies to this ``share`` inside ``other``; ``km2`` is what both claim."""

    inside: int
    other: int
    share: float
    km2: float


def overlaps(geometry: np.ndarray) -> list[Overlap]:
    """Every pair of areas that claims common ground of more than 100 m², the smaller one as ``inside``."""
    projected = equal_area(geometry)
    tree = shapely.STRtree(projected)
    first, second = tree.query(projected, predicate="intersects")
    later = first < second
    first, second = first[later], second[later]
    common = np.concatenate(
        [
            np.empty(0),
            *(
                _common(projected, first[block : block + BLOCK], second[block : block + BLOCK])
                for block in range(0, len(first), BLOCK)
            ),
        ]
    )
    area = shapely.area(projected)
    found = []
    for i in np.flatnonzero(common > 100):
        a, b = int(first[i]), int(second[i])
        if area[a] > area[b]:
            a, b = b, a
        found.append(Overlap(a, b, float(common[i] / area[a]), float(common[i] / 1e6)))
    return found


def _common(shapes: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Area that the members of each pair share, in the unit of their coordinates squared."""
    prepared = shapes[np.unique(first)]
    shapely.prepare(prepared)
    more = ~shapely.touches(shapes[first], shapes[second])
    shapely.destroy_prepared(prepared)
    found = np.zeros(len(first))
    found[more] = shapely.area(shapely.intersection(shapes[first[more]], shapes[second[more]]))
    return found


def gaps(geometry: np.ndarray, groups: np.ndarray, coverage: bool = False) -> tuple[int, float]:
    """Number and total area (km²) of holes up to `GAP_KM2` within the union of each group (a kabupaten's villages).

    ``coverage``: the polygons are known to be a valid coverage, whose union takes a fraction of the time.
    """
    projected = equal_area(geometry)
    union = shapely.coverage_union_all if coverage else shapely.union_all
    count, total = 0, 0.0
    for group in np.unique(groups):
        parts = shapely.get_parts(union(projected[groups == group]))
        holes = [shapely.area(shapely.polygons(ring)) / 1e6 for part in parts for ring in part.interiors]
        small = [hole for hole in holes if hole <= GAP_KM2]
        count += len(small)
        total += float(sum(small))
    return count, total
