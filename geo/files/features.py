"""Features of a boundary file as they were read: attributes as text, geometry as it stands, faults by number."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.files.limits import MAX_VERTICES

Fault = tuple[str, dict[str, Any]]
"""A row reason of INTERFACE.md and the values of its text."""


@dataclass
class FileFeatures:
    """One layer. ``table`` has a row per feature (numbered from 0) and text cells, ``None`` for empty ones.

    ``geometry`` is an array of shapely geometries of the same length, ``None`` where ``faults`` says why.
    ``crs`` is what the file declares (``EPSG:…``, WKT or PROJJSON text), ``None`` when it declares nothing;
    ``axis_known`` says that the order of the axes is part of the format and coordinates are already lon, lat.
    """

    kind: str
    table: pd.DataFrame
    geometry: np.ndarray
    faults: dict[int, Fault] = field(default_factory=dict)
    crs: str | None = None
    axis_known: bool = False
    sha256: str = ""
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.table)


class Rings:
    """Collects polygons given as nested coordinate lists and makes all geometries at once.

    A feature is a list of polygons, a polygon a list of rings, a ring a list of positions. Making 3,352 villages
    one by one takes ten times as long.
    """

    def __init__(self, *, swap: bool = False) -> None:
        self._order = [1, 0] if swap else [0, 1]
        self._coordinates: list[np.ndarray] = []
        self._ring_ends = [0]
        self._polygon_ends = [0]
        self._feature_ends = [0]
        self.faults: dict[int, Fault] = {}
        self._n = 0

    def add(self, polygons: Any) -> None:
        """The next feature; what is wrong with it becomes its fault and it gets no geometry."""
        try:
            rings_of = [[self._ring(ring) for ring in polygon] for polygon in polygons]
            count = sum(len(ring) for rings in rings_of for ring in rings)
            if count == 0:
                raise _Unusable("GEOM_EMPTY")
            if count > MAX_VERTICES:
                raise _Unusable("TOO_COMPLEX", vertices=count, limit=MAX_VERTICES)
        except _Unusable as fault:
            self.skip(fault.args[0], **fault.args[1])
            return
        except (TypeError, ValueError, OverflowError, IndexError):
            self.skip("GEOM_INVALID", problem="coordinates")
            return
        for rings in rings_of:
            for ring in rings:
                self._coordinates.append(ring)
                self._ring_ends.append(self._ring_ends[-1] + len(ring))
            self._polygon_ends.append(len(self._ring_ends) - 1)
        self._end()

    def skip(self, reason: str, **params: Any) -> None:
        """The next feature has no geometry, for this reason."""
        self.faults[self._n] = (reason, params)
        self._end()

    def _end(self) -> None:
        self._feature_ends.append(len(self._polygon_ends) - 1)
        self._n += 1

    def _ring(self, positions: Any) -> np.ndarray:
        if len(positions) > MAX_VERTICES:
            raise _Unusable("TOO_COMPLEX", vertices=len(positions), limit=MAX_VERTICES)
        ring = np.array([position[:2] for position in positions], dtype=float)
        if len(ring) == 0:
            raise _Unusable("GEOM_EMPTY")
        if ring.ndim != 2 or ring.shape[1] != 2:
            raise _Unusable("GEOM_INVALID", problem="coordinates")
        if not np.isfinite(ring).all():
            raise _Unusable("GEOM_INVALID", problem="not_finite")
        if (ring[0] != ring[-1]).any():
            ring = np.vstack([ring, ring[:1]])
        if len(ring) < 4:
            raise _Unusable("GEOM_INVALID", problem="ring")
        return ring[:, self._order]

    def geometries(self) -> np.ndarray:
        """Multipolygons of all features in the order given, ``None`` for those with a fault."""
        coordinates = np.ascontiguousarray(np.vstack([*self._coordinates, np.empty((0, 2))]))
        offsets = tuple(
            np.array(ends, dtype=np.int64) for ends in (self._ring_ends, self._polygon_ends, self._feature_ends)
        )
        made = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, coordinates, offsets)
        made = made.astype(object)
        made[list(self.faults)] = None
        return made


class _Unusable(Exception):
    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(reason, params)


def nesting(value: Any) -> int:
    """How deep lists are nested at the front: 3 for a polygon's coordinates, 4 for a multipolygon's."""
    depth = 0
    while isinstance(value, list):
        depth += 1
        if not value:
            break
        value = value[0]
    return depth


def as_text(value: Any) -> str | None:
    """An attribute as the text a person would see: no exponent or ``.0`` for whole numbers, ``None`` for missing."""
    if value is None or isinstance(value, (dict, list)):
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
    return str(value)[:200].strip() or None
