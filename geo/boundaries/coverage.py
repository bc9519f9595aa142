"""Polygons that fit together: check, clean, simplify, dissolve, measure.

A *coverage* is a set of polygons that do not overlap and whose neighbours have identical vertices along their common
edge. Published boundaries rarely are one: each village was generalised alone, which leaves slivers between them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

AREA_CRS = "EPSG:6933"
"""Equal-area projection (cylindrical, whole earth): areas are right everywhere, distances are not."""
GAP_DEGREES = 0.0005
"""Gaps narrower than this, about 55 m, are slivers and are closed; wider ones are left as water or unmapped land."""
SNAP_DEGREES = 1e-6
KEEP_SHARE = 0.5
"""A polygon that loses more than half its area in cleaning is taken for swallowed by a neighbour."""


@dataclass
class CleanReport:
    """What `clean` did; codes are those of the frame."""

    valid_before: bool = False
    valid: bool = False
    repaired: list[str] = field(default_factory=list)
    """Geometries that were invalid by themselves."""
    restored: list[str] = field(default_factory=list)
    """Areas a neighbour covered: they were cut out of it, or left as they were when that was impossible."""
    changed: int = 0
    """Areas whose size changed by more than 0.1 %."""
    largest_change: float = 0.0
    """Largest change of one area's size, as a share of it."""


def is_coverage(shapes: Any, gap_width: float = 0.0) -> bool:
    """Whether the polygons neither overlap nor meet with differing vertices.

    Gaps are allowed (straits, lakes) unless they are narrower than ``gap_width`` degrees.
    """
    return bool(shapely.coverage_is_valid(np.asarray(shapes, dtype=object), gap_width=gap_width))


def clean(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, CleanReport]:
    """The same areas (``kode, geometry`` in EPSG:4326, any order) as a valid coverage, and what was changed.

    Invalid polygons are repaired, overlaps given to one side, slivers narrower than `GAP_DEGREES` closed; first inside
    each kabupaten, which is much faster than all at once, then over the seams between them. No area is ever lost:
    one that its neighbour covers is cut out of the neighbour, and where even that fails its kabupaten keeps the
    repaired originals and ``valid`` is false.
    """
    report = CleanReport()
    original = np.asarray(frame.geometry.to_numpy(), dtype=object)
    codes = frame["kode"].to_numpy()
    broken = ~shapely.is_valid(original)
    report.repaired = sorted(codes[broken])
    shapes = polygonal(original)
    report.valid_before = not broken.any() and is_coverage(shapes)
    if not report.valid_before:
        area = shapely.area(shapes)  # only its change is used, as a share: the unit cancels
        restored: set[int] = set()
        for members in pd.Series(codes).groupby(pd.Series(codes).str[:5]).indices.values():
            numbers = np.asarray(members)
            shapes[numbers] = _clean_group(shapes[numbers], numbers, restored)
        seam = _along_seams(shapes, codes)
        mended = shapes.copy()
        mended[seam] = _clean_group(shapes[seam], seam, restored)
        # Seldom the rest of a kabupaten has to move too; with a country's villages that takes gigabytes.
        whole = np.arange(len(shapes))
        report.valid = is_coverage(mended)
        shapes = mended if report.valid else _clean_group(shapes, whole, restored)
        report.restored = sorted(codes[list(restored)])
        change = np.abs(shapely.area(shapes) / np.where(area > 0, area, 1.0) - 1.0)
        report.changed, report.largest_change = int((change > 0.001).sum()), float(change.max(initial=0.0))
    report.valid = report.valid or report.valid_before or is_coverage(shapes)
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=frame.crs), report


def polygonal(shapes: np.ndarray) -> np.ndarray:
    """The valid polygons and multipolygons of the same extent; lines and points that repair leaves over are dropped."""
    valid = np.array(shapes, dtype=object)
    broken = ~shapely.is_valid(valid)
    valid[broken] = shapely.make_valid(valid[broken], method="structure", keep_collapsed=False)
    mixed = shapely.get_type_id(valid) == 7
    for index in np.flatnonzero(mixed):
        parts = shapely.get_parts(valid[index])
        valid[index] = shapely.union_all([part for part in parts if shapely.get_dimensions(part) == 2])
    return valid


def simplify(frame: gpd.GeoDataFrame, tolerance: float) -> gpd.GeoDataFrame:
    """The coverage with fewer vertices, neighbours still sharing theirs; ``tolerance`` in degrees.

    The tolerance is the square root of the area of the smallest triangle that is kept (Visvalingam-Whyatt).
    """
    shapes = shapely.coverage_simplify(frame.geometry.to_numpy(), tolerance)
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


def dissolve(frame: gpd.GeoDataFrame, by: pd.Series) -> gpd.GeoSeries:
    """One polygon per value of ``by`` (aligned with ``frame``), sorted by it; inner edges disappear.

    Edges between the results are those of the villages, vertex for vertex, so that levels nest.
    """
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    union = shapely.coverage_union_all if is_coverage(shapes) else shapely.union_all
    groups = sorted(pd.Series(by.to_numpy()).groupby(by.to_numpy()).indices.items())
    return gpd.GeoSeries(
        [union(shapes[members]) for _, members in groups], index=pd.Index([key for key, _ in groups]), crs=frame.crs
    )


def area_km2(shapes: gpd.GeoSeries) -> pd.Series:
    """Area in km², measured in `AREA_CRS`; same index, NaN without a polygon."""
    size = shapes.to_crs(AREA_CRS).area / 1e6
    return size.where(shapes.geom_type.isin(["Polygon", "MultiPolygon"])).rename("area_km2")


def _along_seams(shapes: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Positions of the areas nearer than `GAP_DEGREES` to one of another kabupaten, and of those that touch these."""
    group = np.array([code[:5] for code in codes])
    boxes = shapely.bounds(shapes) + np.array([-1, -1, 1, 1]) * GAP_DEGREES / 2
    around = shapely.box(*boxes.T)
    tree = shapely.STRtree(around)
    first, second = tree.query(around)
    apart = (group[first] != group[second]) & (first < second)
    first, second = first[apart], second[apart]
    near = shapely.dwithin(shapes[first], shapes[second], GAP_DEGREES)
    seam = np.unique(np.concatenate([first[near], second[near]]))
    one, other = tree.query(around[seam])
    touching = shapely.intersects(shapes[seam[one]], shapes[other])
    return np.unique(np.concatenate([seam, other[touching]]))


def _clean_group(shapes: np.ndarray, numbers: np.ndarray, restored: set[int]) -> np.ndarray:
    """One cleaning; ``restored`` collects the ``numbers`` of areas that had to be kept alive."""
    before = shapely.area(shapes)
    cleaned = _clean_once(shapes)
    lost = _lost(cleaned, before)
    if not lost.any():
        return cleaned
    restored.update(int(number) for number in numbers[lost])
    freed = shapes.copy()
    tree = shapely.STRtree(shapes)
    for inner in np.flatnonzero(lost):
        for outer in tree.query(shapes[inner], predicate="intersects"):
            if outer != inner and not lost[outer]:
                freed[outer] = shapely.difference(freed[outer], shapes[inner])
    freed = polygonal(freed)
    cleaned = _clean_once(freed)
    return shapes if _lost(cleaned, before * 0.9).any() else cleaned


def _clean_once(shapes: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.coverage_clean(shapes, gap_width=GAP_DEGREES, snapping_distance=SNAP_DEGREES))


def _lost(cleaned: np.ndarray, before: np.ndarray) -> np.ndarray:
    return shapely.is_empty(cleaned) | (shapely.area(cleaned) < KEEP_SHARE * before)
