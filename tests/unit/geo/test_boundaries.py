"""Which boundaries are in force, and where villages without a polygon stand on the map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from batas_kit import gazetteer, installation
from batas_kit import villages as twelve
from official import register

from data.errors import Refused
from data.workspace import Workspace
from geo.boundaries.coverage import is_coverage
from geo.boundaries.in_force import active_boundaries, content_version, install_approximate, point_places


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Workspace, Any]]:
    workspace, store = installation(tmp_path)
    yield workspace, store
    store.close()


def test_a_new_installation_has_approximate_boundaries_of_every_village(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    version = install_approximate(store, workspace)
    frame = active_boundaries(store, workspace)
    assert frame["kode"].tolist() == store.gazetteer.villages()["kode"].tolist()
    assert (frame["area_km2"] > 0).all()
    registered = store.boundaries.newest("desa")
    assert (registered.kind, registered.version, registered.n_polygons) == ("perkiraan", version, 12)
    assert "Natural Earth" in registered.source


def test_installing_twice_changes_nothing(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    first = install_approximate(store, workspace)
    before = (store.state_key(), sorted(workspace.boundaries.iterdir()))
    assert install_approximate(store, workspace) == first
    assert (store.state_key(), sorted(workspace.boundaries.iterdir())) == before


@pytest.mark.parametrize("official_first", [True, False])
def test_official_boundaries_win_and_step_back_when_taken_back(
    opened: tuple[Workspace, Any], official_first: bool
) -> None:
    workspace, store = opened
    if official_first:
        batch = register(workspace, store, twelve())
        install_approximate(store, workspace)
    else:
        install_approximate(store, workspace)
        batch = register(workspace, store, twelve())
    assert active_boundaries(store, workspace).geometry[0].equals(twelve().geometry[0])
    store.batches.undo(batch, "tes")
    assert store.boundaries.newest("desa").kind == "perkiraan"
    assert not active_boundaries(store, workspace).geometry[0].equals(twelve().geometry[0])


def test_levels_above_are_dissolved_from_the_villages_in_force(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, twelve())
    # outlines imported for the kecamatan do not fit the villages and are not drawn over them
    outlines = gpd.GeoDataFrame({"kode": ["97.01.01"]}, geometry=[shapely.box(119, -10, 121, -9)], crs="EPSG:4326")
    register(workspace, store, outlines, "kecamatan")
    kecamatan = active_boundaries(store, workspace, "kecamatan")
    assert kecamatan["kode"].tolist() == ["97.01.01", "97.01.02", "97.02.01", "97.02.02"]
    total = active_boundaries(store, workspace)["area_km2"].sum()
    for level in ("kecamatan", "kabupaten", "provinsi"):
        frame = active_boundaries(store, workspace, level)
        assert frame["area_km2"].sum() == pytest.approx(total)
        assert is_coverage(frame.geometry)


def test_official_kecamatan_are_used_while_villages_are_only_approximate(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    install_approximate(store, workspace)
    outlines = gpd.GeoDataFrame({"kode": ["97.01.01"]}, geometry=[shapely.box(119, -10, 121, -9)], crs="EPSG:4326")
    register(workspace, store, outlines, "kecamatan")
    assert active_boundaries(store, workspace, "kecamatan").geometry[0].equals(shapely.box(119, -10, 121, -9))
    assert len(active_boundaries(store, workspace, "kabupaten")) == 2


def test_no_boundaries_and_a_lost_file_are_said_plainly(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    with pytest.raises(Refused) as caught:
        active_boundaries(store, workspace, "kecamatan")
    assert caught.value.reason == "NO_BOUNDARIES"
    register(workspace, store, twelve())
    for path in workspace.boundaries.iterdir():
        path.unlink()
    with pytest.raises(Refused) as caught:
        active_boundaries(store, workspace)
    assert caught.value.params["path"].startswith("desa-")


def test_a_version_knows_the_content_not_the_order() -> None:
    squares = twelve()
    assert content_version(squares.sample(frac=1, random_state=3)) == content_version(squares)
    moved = squares.set_geometry(squares.translate(1e-6, 0))
    assert content_version(moved) != content_version(squares)


def test_a_village_without_polygon_stands_at_its_own_point_if_that_is_in_its_kecamatan() -> None:
    villages, squares = gazetteer(), twelve()
    # the first village's point, moved within the kecamatan: the second village's square
    villages.loc[0, ["lon", "lat"]] = villages.loc[1, ["lon", "lat"]].to_numpy() + 0.01
    places = point_places(villages, squares.iloc[1:])
    assert places["kode"].tolist() == [villages["kode"][0]]
    assert places.loc[0, ["lon", "lat"]].tolist() == villages.loc[0, ["lon", "lat"]].tolist()


def test_a_point_elsewhere_is_not_believed(opened: tuple[Workspace, Any]) -> None:
    villages, squares = gazetteer(), twelve()
    villages.loc[[0, 1], ["lon", "lat"]] = [[121.0, -3.0], [float("nan")] * 2]
    places = point_places(villages, squares.iloc[2:])
    kecamatan = squares.geometry[2]
    assert places["kode"].tolist() == villages["kode"].tolist()[:2]
    assert gpd.GeoSeries.from_xy(places["lon"], places["lat"]).within(kecamatan).all()
    assert not places.duplicated(["lon", "lat"]).any()
    pd.testing.assert_frame_equal(places, point_places(villages, squares.iloc[2:]))


def test_without_any_polygon_around_the_gazetteers_point_is_kept() -> None:
    villages = gazetteer()
    villages.loc[0, ["lon", "lat"]] = float("nan")
    places = point_places(villages, twelve().iloc[:0])
    assert places["kode"].tolist() == villages["kode"].tolist()[1:]
    assert places["lon"].tolist() == villages["lon"].tolist()[1:]


def test_the_90_real_villages_without_polygon_stand_in_their_kecamatan(
    ntt: pd.DataFrame, real_coverage: gpd.GeoDataFrame
) -> None:
    places = point_places(ntt, real_coverage)
    assert len(places) == 90
    spots = gpd.GeoSeries.from_xy(places["lon"], places["lat"], crs="EPSG:4326")
    for kode, spot in zip(places["kode"], spots, strict=True):
        assert real_coverage.geometry[real_coverage["kode"].str.startswith(kode[:9])].contains(spot).any()
    metres = spots.to_crs("EPSG:32751")
    apart = metres.apply(lambda spot: metres[metres.distance(spot) > 0].distance(spot).min())
    assert apart.min() > 100
