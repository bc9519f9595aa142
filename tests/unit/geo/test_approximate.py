"""Approximate boundaries: every village has land, the pieces fit, and they lie where the villages really are."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import Refused
from geo.boundaries.approximate import approximate_boundaries, embedded_coast, split
from geo.boundaries.coverage import AREA_CRS, area_km2, is_coverage
from geo.levels import dissolve_level


def overlap(ours: gpd.GeoDataFrame, theirs: gpd.GeoDataFrame) -> pd.Series:
    """Intersection over union of the areas of the same code, in an equal-area projection."""
    a = ours.to_crs(AREA_CRS).set_index("kode").geometry.reindex(theirs["kode"]).to_numpy()
    b = theirs.to_crs(AREA_CRS).geometry.to_numpy()
    common = shapely.area(shapely.intersection(a, b))
    return pd.Series(common / (shapely.area(a) + shapely.area(b) - common), index=theirs["kode"])


def points(rows: list[tuple[float, float]]) -> pd.DataFrame:
    """Villages of a province without an embedded coast."""
    codes = [f"98.01.{number // 10 + 1:02}.{2001 + number % 10}" for number in range(len(rows))]
    frame = pd.DataFrame(rows, columns=["lon", "lat"]).assign(kode=codes)
    return frame.assign(kode_kec=frame["kode"].str[:8], kode_kab=frame["kode"].str[:5])


@pytest.mark.slow
def test_every_village_has_a_polygon_of_one_valid_coverage(approximate: gpd.GeoDataFrame, ntt: pd.DataFrame) -> None:
    assert approximate["kode"].tolist() == ntt["kode"].tolist()
    assert approximate.crs == "EPSG:4326"
    assert approximate.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    assert approximate.is_valid.all()
    assert is_coverage(approximate.geometry)
    assert area_km2(approximate.geometry).min() > 0.05


def test_the_land_is_handed_out_once_and_whole(approximate: gpd.GeoDataFrame, ntt: pd.DataFrame) -> None:
    coast = gpd.GeoSeries([embedded_coast(ntt)["provinsi"]], crs="EPSG:4326")
    land = area_km2(coast).sum()
    assert land == pytest.approx(46_455, rel=0.001)
    handed_out = area_km2(approximate.geometry).sum()
    # islets the coast lacks come on top as discs of 0.8 km²
    assert land < handed_out < land * 1.005
    inside = shapely.intersection(approximate.geometry.to_numpy(), coast[0])
    assert area_km2(gpd.GeoSeries(inside, crs="EPSG:4326")).sum() == pytest.approx(land, rel=1e-6)


def test_neighbouring_provinces_and_timor_leste_get_no_village(
    approximate: gpd.GeoDataFrame, ntt: pd.DataFrame
) -> None:
    context = embedded_coast(ntt)["konteks"]
    dili, bima, oecusse, kupang = (
        shapely.Point(*xy) for xy in ((125.58, -8.59), (118.73, -8.46), (124.36, -9.25), (123.61, -10.17))
    )
    assert all(context.contains(place) for place in (dili, bima, oecusse))
    assert not context.contains(kupang)
    assert not approximate.intersects(shapely.union_all([dili, bima, oecusse])).any()


def test_most_villages_lie_on_the_land_of_their_own_point(approximate: gpd.GeoDataFrame, ntt: pd.DataFrame) -> None:
    own = ntt["presisi_titik"] == "desa"
    place = gpd.GeoSeries.from_xy(ntt["lon"], ntt["lat"], crs="EPSG:4326").to_crs("EPSG:32751")
    away = approximate.geometry.to_crs("EPSG:32751").distance(place)[own]
    assert (away == 0).mean() > 0.9
    # the source's coast is quantised to 400 m
    assert away.quantile(0.99) < 1000


def test_it_agrees_with_the_real_villages_and_kecamatan(
    approximate: gpd.GeoDataFrame, real_villages: gpd.GeoDataFrame, real_kecamatan: gpd.GeoDataFrame
) -> None:
    assert overlap(approximate, real_villages).median() >= 0.52
    assert overlap(dissolve_level(approximate, "kecamatan"), real_kecamatan).median() >= 0.76


@pytest.mark.slow
def test_the_same_gazetteer_gives_the_same_polygons(approximate: gpd.GeoDataFrame, ntt: pd.DataFrame) -> None:
    again = approximate_boundaries(ntt.sample(frac=1, random_state=1))
    assert again["kode"].tolist() == approximate["kode"].tolist()
    assert shapely.equals_exact(again.geometry.to_numpy(), approximate.geometry.to_numpy(), 0).all()


def test_another_province_gets_land_around_its_points() -> None:
    rng = np.random.default_rng(98)
    # two islands 100 km apart
    west, east = rng.normal((115.0, -8.4), 0.08, (60, 2)), rng.normal((116.0, -8.4), 0.05, (30, 2))
    frame = approximate_boundaries(points([tuple(xy) for xy in np.vstack([west, east])]))
    assert len(frame) == 90
    assert is_coverage(frame.geometry)
    assert (area_km2(frame.geometry) > 0.1).all()
    # the sea between them belongs to nobody
    assert not frame.intersects(shapely.Point(115.5, -8.4)).any()


def test_a_given_coast_is_used() -> None:
    frame = approximate_boundaries(points([(115.1, -8.1), (115.3, -8.1)]), coast=shapely.box(115.0, -8.2, 115.4, -8.0))
    west, east = frame.geometry
    assert (west.bounds, east.bounds) == (
        pytest.approx((115.0, -8.2, 115.2, -8.0)),
        pytest.approx((115.2, -8.2, 115.4, -8.0)),
    )


def test_an_islet_the_coast_lacks_becomes_a_disc_and_an_empty_island_goes_to_the_nearest_village() -> None:
    coast = shapely.union_all([shapely.box(115.0, -8.2, 115.4, -8.0), shapely.box(115.6, -8.2, 115.7, -8.1)])
    frame = approximate_boundaries(points([(115.1, -8.1), (115.3, -8.1), (115.2, -8.5)]), coast=coast)
    islet, east = frame.geometry[2], frame.geometry[1]
    assert islet.contains(shapely.Point(115.2, -8.5))
    assert area_km2(frame.geometry)[2] == pytest.approx(np.pi * 0.25, rel=0.05)
    assert east.contains(shapely.Point(115.65, -8.15))


def test_villages_without_a_point_stand_in_the_middle_of_their_kecamatan() -> None:
    frame = points([(115.10, -8.1), (115.20, -8.1), (np.nan, np.nan), (np.nan, np.nan)])
    polygons = approximate_boundaries(frame, coast=shapely.box(115.0, -8.2, 115.3, -8.0)).geometry
    assert polygons[2].distance(shapely.Point(115.15, -8.1)) < 0.001
    assert polygons[3].distance(shapely.Point(115.15, -8.1)) < 0.01
    assert is_coverage(polygons)


def test_without_a_single_point_there_is_nothing_to_draw() -> None:
    with pytest.raises(Refused) as caught:
        approximate_boundaries(points([(np.nan, np.nan)] * 3))
    assert caught.value.reason == "COORD_MISSING"


places = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda xy: (115 + xy[0] / 100, -8 - xy[1] / 100)),
    min_size=1,
    max_size=30,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(rows=places, with_coast=st.booleans())
def test_however_the_points_lie_everyone_gets_a_piece(rows: list[tuple[float, float]], with_coast: bool) -> None:
    # points on the shore, off it, on one line and on one spot
    coast = shapely.union_all([shapely.box(115.0, -8.3, 115.2, -8.0), shapely.box(115.3, -8.4, 115.4, -8.1)])
    frame = approximate_boundaries(points(rows), coast=coast if with_coast else None)
    assert len(frame) == len(rows)
    assert not frame.is_empty.any()
    assert (frame.to_crs(AREA_CRS).area > 0).all()
    assert is_coverage(frame.geometry)


def test_split_gives_each_site_its_nearest_part() -> None:
    area = shapely.box(0, 0, 4, 1).difference(shapely.box(1.8, 0.5, 2.2, 1))
    pieces = split(area, np.array([[1.0, 0.2], [3.0, 0.2], [0.5, 0.8]]))
    assert shapely.area(pieces).sum() == pytest.approx(area.area)
    assert pieces[1].contains(shapely.Point(2.5, 0.9))
    assert pieces[2].contains(shapely.Point(0.1, 0.9))
