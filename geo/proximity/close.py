"""Which areas lie close to each other."""

from __future__ import annotations

import numpy as np
import shapely


def close_pairs(shapes: np.ndarray, distance: float) -> np.ndarray:
    """Index pairs (n, 2), the lower first, of ``shapes`` no farther apart than ``distance`` in their own unit.

    A tree asked with the predicate would measure every pair twice, and each shape against itself.
    """
    west, south, east, north = shapely.bounds(shapes).T
    around = shapely.box(west - distance, south - distance, east + distance, north + distance)
    first, second = shapely.STRtree(shapes).query(around)
    later = first < second
    first, second = first[later], second[later]
    prepared = shapes[np.unique(first)]
    shapely.prepare(prepared)
    near = shapely.dwithin(shapes[first], shapes[second], distance)
    shapely.destroy_prepared(prepared)
    return np.stack([first[near], second[near]], axis=1)
