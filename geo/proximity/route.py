"""In which order to visit places: a short round over straight-line distances.

Roads and ferries are not known, so the order is a proposal for people who know them. Nearest neighbour first, then
2-opt until no swap helps; for the handful of villages of one kecamatan that is the shortest round or close to it.
"""

from __future__ import annotations

import numpy as np

from data.domain.distance import distance_km


def round_trip(lon: np.ndarray, lat: np.ndarray, start: tuple[float, float]) -> list[int]:
    """Positions of the places (degrees, EPSG:4326) in the order of a short round from ``start`` and back.

    Places without coordinates come last, in their own order.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    known = np.flatnonzero(~(np.isnan(lon) | np.isnan(lat)))
    rest = [int(i) for i in np.flatnonzero(np.isnan(lon) | np.isnan(lat))]
    if len(known) < 2 or any(np.isnan(start)):
        return [int(i) for i in known] + rest
    x, y = np.append(lon[known], start[0]), np.append(lat[known], start[1])
    apart = distance_km(x[:, None], y[:, None], x[None, :], y[None, :])
    return [int(known[i]) for i in _two_opt(_nearest(apart), apart)[1:]] + rest


def length_km(order: list[int], apart: np.ndarray) -> float:
    """Kilometres of a closed round over a matrix of distances."""
    return float(sum(apart[a, b] for a, b in zip(order, [*order[1:], order[0]], strict=True)))


def _nearest(apart: np.ndarray) -> list[int]:
    """From the last place, always on to the nearest one left."""
    order, left = [len(apart) - 1], set(range(len(apart) - 1))
    while left:
        order.append(min(left, key=lambda i: (apart[order[-1], i], i)))
        left.remove(order[-1])
    return order


def _two_opt(order: list[int], apart: np.ndarray) -> list[int]:
    better = True
    while better:
        better = False
        for i in range(1, len(order) - 1):
            for j in range(i + 1, len(order)):
                before, after = order[i - 1], order[(j + 1) % len(order)]
                now = apart[before, order[i]] + apart[order[j], after]
                if now - apart[before, order[j]] - apart[order[i], after] > 1e-9:
                    order[i : j + 1] = order[i : j + 1][::-1]
                    better = True
    return order
