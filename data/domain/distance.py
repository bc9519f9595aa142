"""Kilometres between places given in degrees; the one figure for how long a degree is.

The earth is a sphere of 6,371 km here. Inside a province that is good to half a percent, which is less than the points
of villages are known to. Areas are never measured this way (`geo.boundaries.coverage.area_km2`).
"""

from __future__ import annotations

import numpy as np

KM_PER_DEGREE = 111.195
"""Great-circle kilometres of a degree of latitude; of a degree of longitude at the equator."""


def distance_km(lon_a: object, lat_a: object, lon_b: object, lat_b: object) -> np.ndarray:
    """Great-circle distance in kilometres between points in degrees (haversine; arrays broadcast)."""
    a, b, c, d = (np.radians(np.asarray(value, float)) for value in (lon_a, lat_a, lon_b, lat_b))
    half = np.sin((d - b) / 2) ** 2 + np.cos(b) * np.cos(d) * np.sin((c - a) / 2) ** 2
    return np.degrees(2 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))) * KM_PER_DEGREE


def nearest_km(lon: object, lat: object, to_lon: object, to_lat: object) -> np.ndarray:
    """Great-circle kilometres from each of n points to the nearest of m others (n,); m must not be 0."""
    from_lon, from_lat = np.asarray(lon, float)[:, None], np.asarray(lat, float)[:, None]
    away = distance_km(from_lon, from_lat, np.asarray(to_lon, float)[None, :], np.asarray(to_lat, float)[None, :])
    return np.asarray(away.min(axis=1))


def plane_km(lon: object, lat: object) -> np.ndarray:
    """Kilometres east and north (n, 2) of points in degrees, on a plane that is true at their mean latitude.

    For distances between points of one province; across 4° of latitude a length east is wrong by less than 2 %.
    """
    x, y = np.asarray(lon, float), np.asarray(lat, float)
    return np.column_stack([x * KM_PER_DEGREE * np.cos(np.radians(y.mean())), y * KM_PER_DEGREE])
