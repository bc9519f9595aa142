"""Whether a whole layer lies beside its place: old datums shift Indonesia's maps by a hundred metres and more.

The gazetteer's points may lie anywhere in their village, or be somebody's centroids. So a shift is only claimed where
the points agree about it: they all lie off by nearly the same vector, or moving the layer by the usual vector brings
them back into their own villages.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from data.domain.distance import KM_PER_DEGREE

LEAST_M = 100.0
"""Drawing and rounding stay below it; the old datums of Indonesia lie 120 m and more beside WGS 84."""
CONSISTENT = 0.25
"""Half of the points differ from the common vector by no more than this share of it."""
FEW, SOME = 8, 12
"""Points wanted where all agree, and where only their lying inside tells."""
INSIDE, GAINED = 0.85, 0.25
"""Share of points inside their villages after moving the layer back, and how much more that must be than before."""


class Shift(NamedTuple):
    """How far the layer lies east and north of where the points say, in metres."""

    east: float
    north: float

    @property
    def metres(self) -> float:
        """Length of the shift."""
        return float(np.hypot(self.east, self.north))


def measured_shift(geometry: np.ndarray, points: np.ndarray) -> Shift | None:
    """The common shift of polygons (EPSG:4326) against points (lon, lat) of the same villages, None where there is none
    the points agree about.
    """
    if len(geometry) < FEW:
        return None
    scale = 1000 * KM_PER_DEGREE * np.array([np.cos(np.radians(np.median(points[:, 1]))), 1.0])
    offsets = min(((anchors - points) * scale for anchors in _anchors(geometry)), key=_scatter)
    common = np.median(offsets, axis=0)
    found = Shift(float(common[0]), float(common[1]))
    if found.metres < LEAST_M:
        return None
    if _scatter(offsets) <= CONSISTENT * found.metres:
        return found
    if len(geometry) < SOME:
        return None
    before = shapely.contains_xy(geometry, points[:, 0], points[:, 1]).mean()
    moved = points + common / scale
    after = shapely.contains_xy(geometry, moved[:, 0], moved[:, 1]).mean()
    return found if after >= INSIDE and after - before >= GAINED else None


def _anchors(geometry: np.ndarray) -> list[np.ndarray]:
    """The points of a polygon that gazetteers are made with: centroid, a point inside, middle of its box."""
    bounds = shapely.bounds(geometry)
    return [
        shapely.get_coordinates(shapely.centroid(geometry)),
        shapely.get_coordinates(shapely.point_on_surface(geometry)),
        np.column_stack([(bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2]),
    ]


def _scatter(offsets: np.ndarray) -> float:
    """Half of the offsets lie this near to the common one (metres)."""
    return float(np.median(np.hypot(*(offsets - np.median(offsets, axis=0)).T)))
