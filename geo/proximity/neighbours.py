"""Who is next to whom: shared edges, and across straits the nearest, so that every village is linked to all others."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.boundaries.coverage import is_coverage
from geo.proximity.close import close_pairs

TOUCH_DEGREES = 1e-4
"""Polygons that are no coverage count as sharing an edge when they run this close (11 m) for ten times as long."""


def neighbour_pairs(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Pairs of neighbours among the areas of ``frame`` (``kode``, polygons or points in EPSG:4326).

    Returns ``a, b, how`` with ``a < b``, each pair once, sorted. ``how`` is ``sisi`` (they share an edge; a common
    corner is not enough), ``terdekat`` (an area with fewer than two such neighbours and one of the two areas nearest to
    it) or ``penghubung`` (the shortest link between groups that would otherwise be apart). Distances are between
    inner points, in metres. Areas without geometry have no neighbours; all others are linked, directly or not.
    """
    located = frame.loc[frame.geometry.notna() & ~frame.geometry.is_empty, ["kode", "geometry"]].sort_values("kode")
    shapes, codes = np.asarray(located.geometry.to_numpy(), dtype=object), located["kode"].to_numpy()
    edges = _edge_pairs(shapes)
    how = dict.fromkeys(map(tuple, edges.tolist()), "sisi")
    if len(codes) > 1:
        metres = _metres(shapes)
        degree = np.bincount(edges.ravel(), minlength=len(codes)) if len(edges) else np.zeros(len(codes), dtype=int)
        for a, b in _nearest_pairs(metres, np.flatnonzero(degree < 2)):
            how.setdefault((a, b), "terdekat")
        for a, b in _links(metres, np.array(sorted(how)).reshape(-1, 2)):
            how.setdefault((a, b), "penghubung")
    pairs = sorted(how)
    return pd.DataFrame(
        {"a": [codes[a] for a, _ in pairs], "b": [codes[b] for _, b in pairs], "how": [how[pair] for pair in pairs]},
        dtype=object,
    )


def _edge_pairs(shapes: np.ndarray) -> np.ndarray:
    """Index pairs, lower first, of polygons that share at least one segment."""
    areal = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    parts, part_of = shapely.get_parts(shapes[areal], return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    owner = areal[part_of[ring_of]]
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inside_ring = ring[1:] == ring[:-1]
    ends = np.sort((xy[:, 0] + 1j * xy[:, 1])[np.stack([np.arange(len(xy) - 1), np.arange(1, len(xy))])], axis=0)
    ends, owners = ends[:, inside_ring], owner[ring[:-1]][inside_ring]
    key = np.zeros(ends.shape[1], dtype=np.uint64)
    for value in (ends[0].real, ends[0].imag, ends[1].real, ends[1].imag):
        key = key * np.uint64(0x9E3779B97F4A7C15) + pd.util.hash_array(np.ascontiguousarray(value))
    order = np.argsort(key, kind="stable")
    key, owners = key[order], owners[order]
    shared = key[1:] == key[:-1]
    pairs = np.sort(np.stack([owners[:-1][shared], owners[1:][shared]], axis=1), axis=1)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    if len(areal) and not is_coverage(shapes[areal], gap_width=TOUCH_DEGREES):
        pairs = np.concatenate([pairs, _near_pairs(shapes, areal, pairs)])
    return np.unique(pairs, axis=0).astype(int)


def _near_pairs(shapes: np.ndarray, areal: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Pairs, beyond those ``known``, whose outlines run along each other without matching vertex for vertex."""
    pairs = areal[close_pairs(shapes[areal], TOUCH_DEGREES)]
    pairs = pairs[~np.isin(pairs @ [len(shapes), 1], known @ [len(shapes), 1])]
    # only what lies about the other area can run along it
    reach = shapely.buffer(shapely.envelope(shapes[pairs[:, 1]]), TOUCH_DEGREES, cap_style="square")
    outline = shapely.intersection(shapely.boundary(shapes[pairs[:, 0]]), reach)
    near = shapely.buffer(outline, TOUCH_DEGREES, quad_segs=2)
    along = shapely.length(shapely.intersection(near, shapely.boundary(shapes[pairs[:, 1]])))
    return pairs[along > 10 * TOUCH_DEGREES]


def _metres(shapes: np.ndarray) -> np.ndarray:
    """An inner point of each area in metres, in an equal-area plane around the middle of them all."""
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    west, south, east, north = shapely.total_bounds(shapes)
    plane = CRS.from_proj4(f"+proj=laea +lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f} +units=m")
    return np.stack(Transformer.from_crs("EPSG:4326", plane, always_xy=True).transform(*points.T), axis=1)


def _nearest_pairs(metres: np.ndarray, lonely: np.ndarray) -> list[tuple[int, int]]:
    """Each of ``lonely`` with the two areas nearest to it."""
    if len(lonely) == 0:
        return []
    k = min(3, len(metres))
    found = np.atleast_2d(cKDTree(metres).query(metres[lonely], k=k)[1])
    pairs = []
    for own, nearest in zip(lonely, found, strict=True):
        pairs += [(min(own, other), max(own, other)) for other in nearest if other != own][:2]
    return [(int(a), int(b)) for a, b in pairs]


def _links(metres: np.ndarray, pairs: np.ndarray) -> list[tuple[int, int]]:
    """The shortest pairs that join what ``pairs`` leaves apart, the smallest group first."""
    links: list[tuple[int, int]] = []
    while True:
        joined = np.concatenate([pairs, np.array(links, dtype=int).reshape(-1, 2)])
        graph = coo_array((np.ones(len(joined)), joined.T), shape=(len(metres), len(metres)))
        count, group = connected_components(graph, directed=False)
        if count == 1:
            return links
        inside = group == np.argmin(np.bincount(group))
        distance, nearest = cKDTree(metres[~inside]).query(metres[inside])
        best = int(np.argmin(distance))
        a, b = np.flatnonzero(inside)[best], np.flatnonzero(~inside)[nearest[best]]
        links.append((int(min(a, b)), int(max(a, b))))
