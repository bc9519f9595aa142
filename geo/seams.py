"""Boundaries of different origin as one coverage: what is only approximate gives way to what is official."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.coverage import GAP_DEGREES, SNAP_DEGREES, clean

CRS = "EPSG:4326"


def fit_together(official: Sequence[gpd.GeoDataFrame], approximate: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """All areas (``kode, geometry`` in EPSG:4326, each code once) as one valid coverage, sorted by ``kode``.

    Each of ``official`` is a coverage by itself. Several are cleaned like the areas of one file; their outer edges
    change no further, but for vertices put in where an approximate edge meets them. ``approximate`` areas lose what
    official ones cover, and strips narrower than `GAP_DEGREES` that remain of that; one of which nothing remains has
    no row. Land that neither side covers stays open.
    """
    firm, soft = _together(official), _together(approximate)
    if len(official) > 1:
        firm, _ = clean(firm)
    shapes = np.asarray(soft.geometry.to_numpy(), dtype=object)
    if len(firm) and len(soft):
        shapes = _cut(shapes, shapely.union_all(firm.geometry.to_numpy()))
    left = ~shapely.is_empty(shapes)
    codes = np.concatenate([firm["kode"].to_numpy(), soft["kode"].to_numpy()[left]])
    shapes = np.concatenate([np.asarray(firm.geometry.to_numpy(), dtype=object), shapes[left]])
    # no overlaps remain; this gives both sides of each seam the same vertices
    shapes = np.asarray(shapely.coverage_clean(shapes, gap_width=0.0, snapping_distance=SNAP_DEGREES), dtype=object)
    frame = gpd.GeoDataFrame({"kode": codes}, geometry=shapes, crs=CRS)
    return frame[~frame.geometry.is_empty].sort_values("kode", ignore_index=True)


def _together(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    if not frames:
        return gpd.GeoDataFrame({"kode": np.empty(0, dtype=object)}, geometry=[], crs=CRS)
    both = pd.concat([frame[["kode", "geometry"]] for frame in frames], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=CRS)


def _cut(shapes: np.ndarray, taken: shapely.Geometry) -> np.ndarray:
    """``shapes`` without ``taken``; of those that were cut only the parts that are no mere strips along the seam."""
    shapes = shapes.copy()
    shapely.prepare(taken)
    for index in np.flatnonzero(shapely.intersects(taken, shapes)):
        parts = shapely.get_parts(shapely.difference(shapes[index], taken))
        wide = parts[~shapely.is_empty(shapely.buffer(parts, -GAP_DEGREES / 2, quad_segs=1))]
        shapes[index] = wide[0] if len(wide) == 1 else shapely.MultiPolygon(list(wide))
    return shapes
