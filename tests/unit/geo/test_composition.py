"""Boundaries that come one kabupaten at a time: which file counts where, and what is drawn together."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from batas_kit import STEP, gazetteer, installation
from batas_kit import villages as twelve
from hypothesis import given, settings
from hypothesis import strategies as st
from official import register

from data.errors import Refused
from data.workspace import Workspace
from geo.boundaries import in_force as boundaries
from geo.boundaries.composition import boundary_in_force, composition
from geo.boundaries.coverage import GAP_DEGREES, is_coverage
from geo.boundaries.in_force import active_boundaries, install_approximate
from geo.drawing.layers import build_layers, current_layers
from geo.frame import village_frame

CODES = gazetteer()["kode"].tolist()
WEST, EAST = "97.01", "97.02"


def part(kab: str, *, shift: float = 0.0, stretch: float = 1.0, without: tuple[int, ...] = ()) -> gpd.GeoDataFrame:
    """The official squares of one kabupaten, moved east by ``shift`` villages and stretched from their west edge."""
    frame = twelve()
    frame = frame[frame["kode"].str.startswith(kab)].drop(index=list(without))
    west = frame.total_bounds[0]
    shapes = shapely.transform(
        frame.geometry.to_numpy(), lambda xy: np.c_[west + (xy[:, 0] - west) * stretch + shift * STEP, xy[:, 1]]
    )
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Workspace, Any]]:
    workspace, store = installation(tmp_path)
    install_approximate(store, workspace)
    yield workspace, store
    store.close()


def same_shapes(frame: gpd.GeoDataFrame, official: gpd.GeoDataFrame, apart: float = 1e-12) -> bool:
    """Whether the areas of ``official`` are in ``frame`` as they came, but for vertices along their edges and for
    slivers of less than ``apart`` square degrees an area."""
    drawn = frame.set_index("kode").geometry.reindex(official["kode"]).to_numpy()
    return bool((shapely.area(shapely.symmetric_difference(drawn, official.geometry.to_numpy())) < apart).all())


def overlap(frame: gpd.GeoDataFrame) -> float:
    """Area covered more than once, in square degrees."""
    return float(shapely.area(frame.geometry.to_numpy()).sum() - shapely.union_all(frame.geometry.to_numpy()).area)


def test_one_kabupaten_is_official_and_the_other_stays_approximate(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    approximate = active_boundaries(store, workspace)
    official = part(WEST, stretch=1.3)  # reaches far into the other kabupaten's approximate villages
    register(workspace, store, official)
    frame = active_boundaries(store, workspace)
    assert frame["kode"].tolist() == CODES
    assert same_shapes(frame, official)
    assert is_coverage(frame.geometry)
    assert overlap(frame) == pytest.approx(0, abs=1e-12)
    east = frame["kode"].str.startswith(EAST)
    before = approximate.geometry[east].to_numpy()
    assert shapely.covers(shapely.buffer(before, 1e-6), frame.geometry[east].to_numpy()).all()
    assert frame["area_km2"][east].sum() < approximate["area_km2"][east].sum() * 0.9
    told = boundary_in_force(store, workspace)
    assert told is not None
    assert (told.kind, told.perkiraan) == ("campuran", [EAST])
    assert told.source.startswith("BIG 2023; perkiraan")
    assert composition(store, workspace).kind == "campuran"


def test_a_village_missing_in_its_kabupatens_official_file_is_a_point(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, part(WEST, without=(1,)))
    assert active_boundaries(store, workspace)["kode"].tolist() == [CODES[0], *CODES[2:]]
    frame = village_frame(store, workspace)
    assert frame["kode"].tolist() == CODES
    assert frame["punya_poligon"].tolist() == [True, False, *[True] * 10]
    meta = build_layers(store, workspace)
    assert (meta["kind"], meta["perkiraan"]) == ("campuran", [EAST])
    assert meta["polygons"] == [CODES[0], *CODES[2:]]
    assert meta["units"]["desa"] == CODES


def test_an_approximate_village_of_which_nothing_is_left_is_a_point(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, part(WEST, stretch=1.6))
    polygons = active_boundaries(store, workspace)
    assert is_coverage(polygons.geometry)
    gone = set(CODES) - set(polygons["kode"])
    assert gone
    assert all(kode.startswith(EAST) for kode in gone)
    frame = village_frame(store, workspace)
    assert frame["kode"].tolist() == CODES
    assert set(frame["kode"][~frame["punya_poligon"]]) == gone
    assert frame.geometry.notna().all()


def test_kabupaten_imported_one_by_one_stand_side_by_side(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    tables = store.table_hashes()
    first = register(workspace, store, part(WEST))
    after_first = (boundary_in_force(store, workspace), active_boundaries(store, workspace))
    # a hair into the first file, as two surveys are
    second = register(workspace, store, part(EAST, shift=-GAP_DEGREES / STEP / 3))
    frame = active_boundaries(store, workspace)
    assert frame["kode"].tolist() == CODES
    assert is_coverage(frame.geometry, gap_width=GAP_DEGREES)
    assert overlap(frame) == pytest.approx(0, abs=1e-12)
    told = boundary_in_force(store, workspace)
    assert told is not None
    assert (told.kind, told.perkiraan, told.n_polygons) == ("resmi", [], 12)
    store.batches.undo(second, "tes")
    assert boundary_in_force(store, workspace) == after_first[0]
    assert active_boundaries(store, workspace).geometry.geom_equals_exact(after_first[1].geometry, 0).all()
    store.batches.undo(first, "tes")
    assert boundary_in_force(store, workspace).kind == "perkiraan"
    assert store.table_hashes() == tables


def test_the_newest_file_that_has_the_kabupaten_counts(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    older = register(workspace, store, twelve())
    whole = boundary_in_force(store, workspace)
    newer = register(workspace, store, part(WEST, stretch=0.9))
    frame = active_boundaries(store, workspace)
    assert boundary_in_force(store, workspace).kind == "resmi"
    assert same_shapes(frame, part(WEST, stretch=0.9))
    assert same_shapes(frame, part(EAST))
    # taking the older one back leaves the newer one and approximate villages for the rest
    store.batches.undo(older, "tes")
    assert boundary_in_force(store, workspace).perkiraan == [EAST]
    assert same_shapes(active_boundaries(store, workspace), part(WEST, stretch=0.9))
    again = register(workspace, store, twelve())
    told = boundary_in_force(store, workspace)
    assert told is not None
    assert (told.version, told.batch) == (whole.version, again)
    store.batches.undo(newer, "tes")
    assert boundary_in_force(store, workspace) == told


def test_official_villages_two_files_disagree_about_are_all_kept(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, part(EAST))
    register(workspace, store, part(WEST, stretch=1.2))
    frame = active_boundaries(store, workspace)
    assert frame["kode"].tolist() == CODES
    assert is_coverage(frame.geometry)
    assert overlap(frame) == pytest.approx(0, abs=1e-12)


def test_where_official_files_contradict_one_another_the_newer_one_counts(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, part(EAST, stretch=0.75))
    newer = part(WEST, shift=0.25, stretch=1.25)
    register(workspace, store, newer)
    frame = active_boundaries(store, workspace)
    assert is_coverage(frame.geometry)
    assert same_shapes(frame, newer)
    assert village_frame(store, workspace)["kode"].tolist() == CODES


def test_levels_above_are_dissolved_from_what_is_in_force(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, part(WEST, stretch=1.1))
    villages = active_boundaries(store, workspace)
    for level, count in (("kecamatan", 4), ("kabupaten", 2), ("provinsi", 1)):
        frame = active_boundaries(store, workspace, level)
        assert len(frame) == count
        assert is_coverage(frame.geometry)
        assert frame["area_km2"].sum() == pytest.approx(villages["area_km2"].sum())


def test_outlines_count_only_where_villages_are_approximate(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, part(WEST))
    west, south, east, north = part(EAST).total_bounds
    middle = (west + east) / 2
    outlines = gpd.GeoDataFrame(
        {"kode": ["97.01.01", "97.02.01", "97.02.02"]},
        geometry=[
            shapely.box(119, south, 120.01, north),
            shapely.box(west - STEP / 4, south, middle, north),
            shapely.box(middle, south, east, north),
        ],
        crs="EPSG:4326",
    )
    batch = register(workspace, store, outlines, "kecamatan")
    frame = active_boundaries(store, workspace, "kecamatan").set_index("kode")
    assert frame.index.tolist() == ["97.01.01", "97.01.02", "97.02.01", "97.02.02"]
    assert is_coverage(frame.geometry)
    # drawn from villages on one side, as outlined on the other
    assert frame.geometry["97.01.01"].area == pytest.approx(3 * STEP**2)
    assert frame.geometry["97.02.02"].area == pytest.approx(3 * STEP**2)
    meta = build_layers(store, workspace)
    assert len(meta["units"]["kecamatan"]) == 4
    register(workspace, store, part(EAST))
    assert composition(store, workspace, "kecamatan").level == "desa"
    store.batches.undo(batch, "tes")
    assert len(active_boundaries(store, workspace, "kecamatan")) == 4


def test_what_is_composed_once_is_kept_and_screens_open_no_boundary_file(
    opened: tuple[Workspace, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, store = opened
    register(workspace, store, part(WEST))
    meta = build_layers(store, workspace)
    kept = active_boundaries(store, workspace)
    told = boundary_in_force(store, workspace)
    assert (workspace.boundaries / told.path).is_file()

    def never(*args: Any) -> Any:
        raise AssertionError("composed again")

    monkeypatch.setattr(boundaries, "fit_together", never)
    assert active_boundaries(store, workspace).geometry.geom_equals_exact(kept.geometry, 0).all()
    for path in workspace.boundaries.iterdir():
        path.unlink()
    assert current_layers(store, workspace) == meta
    assert boundary_in_force(store, workspace) is None
    with pytest.raises(Refused) as caught:
        active_boundaries(store, workspace)
    assert caught.value.reason == "NO_BOUNDARIES"


def test_installing_approximate_boundaries_again_beside_official_ones_changes_nothing(
    opened: tuple[Workspace, Any],
) -> None:
    workspace, store = opened
    register(workspace, store, part(WEST))
    before = store.state_key()
    install_approximate(store, workspace)
    assert store.state_key() == before


def test_without_approximate_boundaries_a_kabupaten_in_no_file_has_points(tmp_path: Path) -> None:
    workspace, store = installation(tmp_path)
    register(workspace, store, part(WEST))
    frame = village_frame(store, workspace)
    told = boundary_in_force(store, workspace)
    store.close()
    assert frame["punya_poligon"].tolist() == [True] * 6 + [False] * 6
    assert frame.geometry.notna().all()
    assert (told.kind, told.perkiraan) == ("resmi", [])


files = st.lists(
    st.tuples(st.sets(st.sampled_from(range(12)), min_size=1), st.floats(-0.4, 0.4), st.floats(0.7, 1.3)), max_size=3
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(files=files, approximate=st.booleans())
def test_whatever_is_imported_the_result_is_one_coverage(
    files: list[tuple[set[int], float, float]], approximate: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace, store = installation(Path(folder))
        if approximate:
            install_approximate(store, workspace)
        newest: dict[str, gpd.GeoDataFrame] = {}
        for members, shift, stretch in files:
            both = pd.concat([part(kab, shift=shift, stretch=stretch) for kab in (WEST, EAST)])
            # stretched towards each other they would overlap inside one file, which an import does not store
            frame = both.loc[sorted(members)] if stretch <= 1 else both.loc[sorted(m for m in members if m < 6)]
            if frame.empty:
                continue
            register(workspace, store, gpd.GeoDataFrame(frame, crs="EPSG:4326"))
            for kab, rows in frame.groupby(frame["kode"].str[:5]):
                newest[str(kab)] = rows
        told = boundary_in_force(store, workspace)
        if told is None:
            assert not newest
            assert not approximate
            store.close()
            return
        frame, whole = active_boundaries(store, workspace), village_frame(store, workspace)
        store.close()
    assert is_coverage(frame.geometry)
    assert overlap(frame) == pytest.approx(0, abs=1e-12)
    assert frame["kode"].is_unique
    assert whole["kode"].tolist() == CODES
    assert told.perkiraan == ([kab for kab in (WEST, EAST) if kab not in newest] if approximate else [])
    assert told.kind == ("resmi" if not told.perkiraan else "campuran" if newest else "perkiraan")
    official = {kode for rows in newest.values() for kode in rows["kode"]}
    drawn = set(frame["kode"])
    assert {kode for kode in drawn if kode[:5] in newest} <= official
    for kode in official - drawn:  # an older file's village of which a newer file left little
        (own,), (other,) = ([rows for kab, rows in newest.items() if (kab == kode[:5]) is own] for own in (True, False))
        shape = own.geometry[own["kode"] == kode].iloc[0]
        assert shape.intersection(shapely.union_all(other.geometry.to_numpy())).area > 0.5 * shape.area
    if len(newest) == 1:
        assert same_shapes(frame, next(iter(newest.values())))


# -- the real province ---------------------------------------------------------------------------------------


def test_one_real_kabupaten_in_approximate_ntt(
    tmp_path: Path, ntt: pd.DataFrame, approximate: gpd.GeoDataFrame, real_coverage: gpd.GeoDataFrame
) -> None:
    workspace, store = installation(tmp_path, ntt)
    install_approximate(store, workspace)
    before = build_layers(store, workspace)
    official = real_coverage[real_coverage["kode"].str.startswith("53.07.")].reset_index(drop=True)
    batch = register(workspace, store, official)
    frame = active_boundaries(store, workspace)
    assert is_coverage(frame.geometry)
    assert overlap(frame) == pytest.approx(0, abs=1e-10)
    assert same_shapes(frame, official)
    here = frame["kode"].str.startswith("53.07.")
    assert (len(official), int(here.sum()), int((~here).sum())) == (160, 160, 3442 - 194)
    # far away nothing has changed
    far = frame["kode"].str.startswith("53.11.")
    alike = approximate[approximate["kode"].str.startswith("53.11.")]
    assert same_shapes(frame[far], alike)
    meta = build_layers(store, workspace)
    assert (meta["kind"], len(meta["perkiraan"]), len(meta["units"]["desa"])) == ("campuran", 21, 3442)
    assert len(meta["polygons"]) == 3442 - 34
    assert (len(meta["units"]["kecamatan"]), len(meta["units"]["kabupaten"])) == (315, 22)
    store.batches.undo(batch, "tes")
    assert build_layers(store, workspace) == before
    store.close()


def test_real_kabupaten_one_by_one_are_the_real_province(
    tmp_path: Path, ntt: pd.DataFrame, real_coverage: gpd.GeoDataFrame
) -> None:
    workspace, store = installation(tmp_path, ntt)
    install_approximate(store, workspace)
    kabupaten = real_coverage["kode"].str[:5]
    for kab in sorted(set(kabupaten), reverse=True):
        register(workspace, store, real_coverage[kabupaten == kab])
    frame = active_boundaries(store, workspace)
    told = boundary_in_force(store, workspace)
    store.close()
    assert (told.kind, told.n_polygons) == ("resmi", 3352)
    assert frame["kode"].tolist() == real_coverage["kode"].tolist()
    assert is_coverage(frame.geometry)
    assert same_shapes(frame, real_coverage, apart=1e-9), "twelve square metres"
