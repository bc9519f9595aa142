"""A coverage: recognised, made, kept while it is simplified, measured in square kilometres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.boundaries.coverage import area_km2, clean, dissolve, is_coverage, polygonal, simplify


def frame(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    codes = [f"97.01.01.{2001 + number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"kode": codes}, geometry=list(shapes), crs="EPSG:4326")


def test_a_sliver_an_overlap_and_an_extra_vertex_are_no_coverage() -> None:
    assert is_coverage([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    assert not is_coverage([shapely.box(0, 0, 1, 1), shapely.box(0.9999, 0, 2, 1)])
    # the same line, but one side has a vertex the other lacks
    assert not is_coverage([shapely.box(0, 0, 1, 1), shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)])])


def test_cleaning_closes_slivers_and_overlaps_and_says_so() -> None:
    cleaned, report = clean(
        frame(shapely.box(0, 0, 1, 1), shapely.box(1.0002, 0, 2, 1), shapely.box(0, 0.9, 1, 2)).iloc[[2, 0, 1]]
    )
    assert cleaned["kode"].tolist() == ["97.01.01.2003", "97.01.01.2001", "97.01.01.2002"]
    assert report.valid
    assert not report.valid_before
    assert is_coverage(cleaned.geometry)
    assert shapely.area(cleaned.geometry.to_numpy()).sum() == pytest.approx(3.0, abs=0.001)
    assert report.changed >= 1
    assert report.largest_change == pytest.approx(0.1, abs=0.02)


def test_a_coverage_is_left_alone() -> None:
    squares = frame(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1))
    cleaned, report = clean(squares)
    assert report.valid_before
    assert shapely.equals_exact(cleaned.geometry.to_numpy(), squares.geometry.to_numpy(), 0).all()


def test_a_village_covered_by_its_neighbour_is_cut_out_of_it() -> None:
    cleaned, report = clean(frame(shapely.box(0, 0, 1, 1), shapely.box(0.4, 0.4, 0.6, 0.6), shapely.box(1, 0, 2, 1)))
    outer, inner, beside = shapely.area(cleaned.geometry.to_numpy())
    assert (outer, inner, beside) == (pytest.approx(0.96), pytest.approx(0.04), pytest.approx(1.0))
    assert report.restored == ["97.01.01.2002"]
    assert report.valid


def test_two_villages_with_one_outline_are_both_kept_and_the_report_says_they_do_not_fit() -> None:
    cleaned, report = clean(frame(shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1)))
    assert not cleaned.is_empty.any()
    assert not report.valid


def test_a_bow_tie_is_repaired_and_named() -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    cleaned, report = clean(frame(bow, shapely.box(1, 0, 2, 1)))
    assert report.repaired == ["97.01.01.2001"]
    assert cleaned.is_valid.all()
    assert shapely.area(cleaned.geometry[0]) == pytest.approx(0.5)


def test_repair_leaves_no_lines_behind() -> None:
    spike = shapely.Polygon([(0, 0), (1, 0), (1, 1), (1, 3), (1, 1), (0, 1)])
    assert polygonal(np.array([spike], dtype=object))[0].geom_type == "Polygon"


def test_seams_between_kabupaten_are_closed_too() -> None:
    west, east = frame(shapely.box(0, 0, 1, 1), shapely.box(0, 1, 1, 2)), frame(shapely.box(1.0001, 0, 2, 2))
    east["kode"] = ["97.02.01.2001"]
    cleaned, report = clean(pd.concat([west, east], ignore_index=True))
    assert report.valid
    assert shapely.union_all(cleaned.geometry.to_numpy()).area == pytest.approx(4.0, abs=0.001)


def test_dissolving_leaves_only_outer_edges() -> None:
    squares = frame(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(5, 0, 6, 1))
    merged = dissolve(squares, pd.Series(["b", "b", "a"]))
    assert merged.index.tolist() == ["a", "b"]
    assert merged["b"].equals(shapely.box(0, 0, 2, 1))
    assert merged.crs == "EPSG:4326"


def test_area_is_measured_on_the_ground_not_in_degrees() -> None:
    # one degree square: 12,309 km² on the equator, 12,110 km² between 10° and 11° south (WGS 84)
    cells = gpd.GeoSeries(
        [shapely.box(120, 0, 121, 1), shapely.box(120, -11, 121, -10), None, shapely.Point(0, 0)],
        index=list("abcd"),
        crs="EPSG:4326",
    )
    size = area_km2(cells)
    assert size["a"] == pytest.approx(12_309, abs=2)
    assert size["b"] == pytest.approx(12_110, rel=0.002)
    assert size[["c", "d"]].isna().all()


def test_the_real_villages_become_a_coverage_without_losing_one(
    real_villages: gpd.GeoDataFrame, real_coverage: gpd.GeoDataFrame
) -> None:
    assert not is_coverage(real_villages.geometry)
    assert len(real_coverage) == 3352
    assert is_coverage(real_coverage.geometry)
    before, after = area_km2(real_villages.geometry), area_km2(real_coverage.geometry)
    assert after.sum() == pytest.approx(before.sum(), rel=1e-4)
    assert (after / before - 1).abs().max() < 0.02


def test_simplified_villages_still_fit(real_coverage: gpd.GeoDataFrame) -> None:
    light = simplify(real_coverage, 0.001)
    count = shapely.get_num_coordinates
    assert count(light.geometry.to_numpy()).sum() < 0.5 * count(real_coverage.geometry.to_numpy()).sum()
    assert is_coverage(light.geometry)
    assert not light.is_empty.any()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(1, 5)] * 2), min_size=1, max_size=8, unique=True).map(
        lambda boxes: [shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes]
    )
)
def test_no_cleaning_loses_a_village(boxes: list[shapely.Geometry]) -> None:
    squares = frame(*boxes)
    cleaned, report = clean(squares)
    assert cleaned["kode"].tolist() == squares["kode"].tolist()
    assert not cleaned.is_empty.any()
    assert cleaned.is_valid.all()
    assert report.valid == is_coverage(cleaned.geometry)
