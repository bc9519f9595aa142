"""Boundaries of different origin as one coverage: what is only approximate gives way to what is official."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.boundaries.coverage import GAP_DEGREES, SNAP_DEGREES, clean

CRS = "EPSG:4326"


def fit_together(official: Sequence[gpd.GeoDataFrame], approximate: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """All areas (``kode, geometry`` in EPSG:4326, each code once) as one valid coverage, sorted by ``kode``.

    Each of ``official`` is a coverage by itself. Several, the newest first, are cleaned like the areas of one file;
    where they contradict one another too much for that, the newer one counts. Official areas change no further, but
    for vertices put in where an approximate edge meets them. ``approximate`` areas lose what official ones cover, and
    strips narrower than `GAP_DEGREES` that remain of that; one of which nothing remains has no row. Land that neither
    side covers stays open.
    """
    firm = _together(official)
    if len(official) > 1:
        firm, report = clean(firm)
        if not report.valid:
            firm = _layered(official)
    frame = _layered([firm, *approximate])
    # no overlaps remain; this gives both sides of each seam the same vertices
    shapes = shapely.coverage_clean(frame.geometry.to_numpy(), gap_width=0.0, snapping_distance=SNAP_DEGREES)
    frame = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=CRS))
    return frame[~frame.geometry.is_empty].sort_values("kode", ignore_index=True)


def _together(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    if not frames:
        return gpd.GeoDataFrame({"kode": np.empty(0, dtype=object)}, geometry=[], crs=CRS)
    both = pd.concat([frame[["kode", "geometry"]] for frame in frames], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=CRS)


def _layered(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """All areas; those of a later frame without what earlier ones cover, and without a row where nothing is left."""
    layers: list[gpd.GeoDataFrame] = []
    for frame in frames:
        shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
        for above in layers:
            shapes = _cut(shapes, shapely.union_all(above.geometry.to_numpy()))
        layers.append(frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=CRS)))
        layers[-1] = layers[-1][~shapely.is_empty(shapes)]
    return _together(layers)


def _cut(shapes: np.ndarray, taken: shapely.Geometry) -> np.ndarray:
    """``shapes`` without ``taken``; of those that were cut only the parts that are no mere strips along the seam."""
    shapes = shapes.copy()
    shapely.prepare(taken)
    for index in np.flatnonzero(shapely.intersects(taken, shapes)):
        parts = shapely.get_parts(shapely.difference(shapes[index], taken))
        wide = parts[~shapely.is_empty(shapely.buffer(parts, -GAP_DEGREES / 2, quad_segs=1))]
        shapes[index] = wide[0] if len(wide) == 1 else shapely.MultiPolygon(list(wide))
    return shapes
