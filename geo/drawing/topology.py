"""Polygons as TopoJSON: every edge once, whoever borders it, on an integer grid.

Own code because the same file holds villages, kecamatan and kabupaten that share their edges, and because the order
of the areas and the grid must not depend on a library's version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

Shape = tuple[dict[str, Any] | None, Any]
"""Properties (or none) and a geometry: polygon, multipolygon or point."""


def topology(objects: Mapping[str, Sequence[Shape]], grid: float) -> dict[str, Any]:
    """A TopoJSON topology of named collections on a grid of ``grid`` degrees, delta-coded.

    Polygons that meet vertex for vertex share their arcs, also across collections. Parts smaller than the grid are
    dropped, but never the last part of an area: it becomes one cell of the grid.
    """
    everything = np.array([shape for shapes in objects.values() for _, shape in shapes], dtype=object)
    west, south, east, north = (float(side) for side in shapely.total_bounds(everything))
    origin = np.floor(np.array([west, south]) / grid)
    coded = {
        name: [(properties, _on_grid(shape, origin, grid)) for properties, shape in shapes]
        for name, shapes in objects.items()
    }
    rings = [
        ring
        for shapes in coded.values()
        for _, polygons in shapes
        if isinstance(polygons, list)
        for polygon in polygons
        for ring in polygon
    ]
    arcs = _Arcs(_junctions(rings))
    collections = {
        name: {"type": "GeometryCollection", "geometries": [_member(shape, props, arcs) for props, shape in shapes]}
        for name, shapes in coded.items()
    }
    return {
        "type": "Topology",
        "transform": {"scale": [grid, grid], "translate": [round(float(side), 9) for side in origin * grid]},
        "bbox": [round(side, 6) for side in (west, south, east, north)],
        "objects": collections,
        "arcs": [np.diff(arc, axis=0, prepend=0).tolist() for arc in arcs.coded],
    }


def _on_grid(shape: Any, origin: np.ndarray, grid: float) -> Any:
    """A point as an integer pair; polygons as lists of rings, each an (n, 2) integer array without its last point."""
    if shape.geom_type == "Point":
        return np.rint(shapely.get_coordinates(shape)[0] / grid - origin).astype(int)
    polygons = []
    for part in shapely.get_parts(shape):
        rings = [_ring(ring, origin, grid) for ring in shapely.get_rings(part)]
        if len(rings[0]):
            polygons.append([rings[0], *(ring for ring in rings[1:] if len(ring))])
    if not polygons:
        corner = np.rint(shapely.get_coordinates(shapely.point_on_surface(shape))[0] / grid - origin).astype(int)
        polygons = [[corner + np.array([[0, 0], [0, 1], [1, 1], [1, 0]])]]
    return polygons


def _ring(ring: Any, origin: np.ndarray, grid: float) -> np.ndarray:
    xy = np.rint(shapely.get_coordinates(ring)[:-1] / grid - origin).astype(int)
    moved = np.empty(len(xy), dtype=bool)
    moved[:1] = (xy[:1] != xy[-1:]).any(axis=1)
    moved[1:] = (xy[1:] != xy[:-1]).any(axis=1)
    xy = xy[moved]
    x, y = xy.T
    twice_area = (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() + (x[-1:] * y[:1] - x[:1] * y[-1:]).sum()
    return xy if len(xy) >= 3 and twice_area != 0 else xy[:0]


def _key(xy: np.ndarray) -> np.ndarray:
    return xy[:, 0] * (1 << 32) + xy[:, 1]


def _junctions(rings: Sequence[np.ndarray]) -> set[int]:
    """Vertices where edges of different areas part: those with more than one pair of neighbours along the rings."""
    if not rings:
        return set()
    keys = [_key(ring) for ring in rings]
    at = np.concatenate(keys)
    one = np.concatenate([part for k in keys for part in (k[-1:], k[:-1])])
    two = np.concatenate([part for k in keys for part in (k[1:], k[:1])])
    seen = np.unique(np.stack([at, np.minimum(one, two), np.maximum(one, two)], axis=1), axis=0)[:, 0]
    return set(seen[1:][seen[1:] == seen[:-1]].tolist())


class _Arcs:
    """Arcs met so far; the same line in the other direction is the same arc."""

    def __init__(self, junctions: set[int]) -> None:
        self.coded: list[np.ndarray] = []
        self._junctions = junctions
        self._number: dict[bytes, int] = {}

    def of_ring(self, ring: np.ndarray) -> list[int]:
        """Arc numbers that make up the ring; ``~number`` for an arc run backwards."""
        keys = _key(ring).tolist()
        cuts = [index for index, key in enumerate(keys) if key in self._junctions]
        start = cuts[0] if cuts else int(np.argmin(keys))
        closed = np.concatenate([ring[start:], ring[: start + 1]])
        stops = [cut - start for cut in cuts[1:]] + [len(ring)]
        return [self._arc(closed[a : b + 1]) for a, b in zip([0, *stops[:-1]], stops, strict=True)]

    def _arc(self, line: np.ndarray) -> int:
        for number, key in ((0, line.tobytes()), (-1, line[::-1].tobytes())):
            if key in self._number:
                return self._number[key] ^ number
        self._number[line.tobytes()] = len(self.coded)
        self.coded.append(line)
        return len(self.coded) - 1


def _member(shape: Any, properties: dict[str, Any] | None, arcs: _Arcs) -> dict[str, Any]:
    if not isinstance(shape, list):
        member: dict[str, Any] = {"type": "Point", "coordinates": shape.tolist()}
    else:
        polygons = [[arcs.of_ring(ring) for ring in polygon] for polygon in shape]
        if len(polygons) == 1:
            member = {"type": "Polygon", "arcs": polygons[0]}
        else:
            member = {"type": "MultiPolygon", "arcs": polygons}
    return member if properties is None else {**member, "properties": properties}
