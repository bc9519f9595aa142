"""Boundaries from file to stored version: which village, where, what shape, and what is said about it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from batas_kit import (
    SOUTH,
    STEP,
    WEST,
    check_written,
    feature,
    features,
    gazetteer,
    installation,
    villages,
    write_geojson,
    write_shapefile,
    write_sql,
    write_zip,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import Refused, RowErrors
from data.gazetteer import read_gazetteer
from data.intake.examined import Examined, ImportOptions
from data.store.parts.boundaries import BoundaryFile
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.coverage import is_coverage
from geo.boundaries.importing import commit_batas, examine_batas
from geo.boundaries.in_force import active_boundaries, install_approximate
from geo.checks.areas import agree
from geo.checks.shapes import check_shapes, gaps, overlaps

pytestmark = pytest.mark.slow


class Office:
    """One installation that imports."""

    def __init__(self, workspace: Workspace, store: Store) -> None:
        self.workspace, self.store = workspace, store

    def examine(self, path: Path, **options: Any) -> Examined:
        imported = examine_batas(path, self.store, self.workspace, ImportOptions(**options))
        report = imported.report
        if report.reason:
            check_written(report.reason, report.params)
        for issue in [*report.errors, *report.warnings]:
            check_written(issue.reason, issue.params)
        json.dumps(report.to_store())
        return imported

    def commit(self, path: Path, **options: Any) -> str:
        return commit_batas(self.examine(path, **options), self.store, self.workspace, "petugas")

    def errors(self, path: Path, **options: Any) -> list[tuple[int | None, str]]:
        report = self.examine(path, **options).report
        assert report.rows_read == report.rows_ok + report.rows_error + report.rows_skipped
        return [(issue.row, issue.reason) for issue in report.errors]

    def refusal(self, path: Path, **options: Any) -> str | None:
        imported = self.examine(path, **options)
        assert imported.report.outcome == "refused", imported.report
        assert imported.frames == {}
        return imported.report.reason


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    workspace, store = installation(tmp_path)
    yield Office(workspace, store)
    store.close()


def warnings(imported: Examined) -> Counter[str]:
    return Counter(issue.reason for issue in imported.report.warnings)


def with_codes(codes: list[str], *, header: str = "kode", names: bool = True, name_header: str = "nama") -> list[Any]:
    frame = villages()
    return [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shape)),
            "properties": {header: code} | ({name_header: name} if names else {}),
        }
        for code, name, shape in zip(codes, frame["nama"], frame.geometry, strict=True)
    ]


def plain_codes() -> list[str]:
    return [kode.replace(".", "") for kode in gazetteer()["kode"]]


def bps_codes() -> list[str]:
    return list(gazetteer()["kode_bps"])


# -- which village -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["kode", "KODE_DESA", "Kode Desa", "KDEPUM", "kemendagri_code", "kd_desa", "KODE_KD"]
)
def test_codes_are_found_under_the_headers_agencies_use(office: Office, tmp_path: Path, header: str) -> None:
    for codes in (list(gazetteer()["kode"]), plain_codes(), [f"{code}.0" for code in plain_codes()]):
        imported = office.examine(write_geojson(tmp_path / "a.geojson", with_codes(codes, header=header)))
        assert imported.report.outcome == "ok"
        assert list(imported.frames["desa"]["kode"]) == list(gazetteer()["kode"])


def test_a_file_without_a_code_column_is_refused_and_the_column_can_be_named(office: Office, tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", with_codes(list(gazetteer()["kode"]), header="kunci_wilayah"))
    assert office.refusal(path) == "MISSING_COLUMN"
    assert office.examine(path, columns={"kode": "Kunci Wilayah"}).report.rows_ok == 12
    assert office.refusal(path, columns={"kode": "tidak_ada"}) == "COLUMN_MAPPING"


def test_two_code_columns_that_disagree_are_not_chosen_between(office: Office, tmp_path: Path) -> None:
    members = with_codes(list(gazetteer()["kode"]))
    for member, code in zip(members, reversed(plain_codes()), strict=True):
        member["properties"]["KODE_DESA"] = code
    assert office.refusal(write_geojson(tmp_path / "a.geojson", members)) == "AMBIGUOUS_COLUMN"


@pytest.mark.parametrize(("header", "prefix"), [("iddesa", ""), ("ADM4_PCODE", "ID"), ("kode_desa", ""), ("kode", "")])
def test_bps_codes_land_on_the_right_villages_by_code_and_name(
    office: Office, tmp_path: Path, header: str, prefix: str
) -> None:
    members = with_codes([prefix + code for code in bps_codes()], header=header)
    if prefix and header != "ADM4_PCODE":
        pytest.skip("only HDX writes the prefix")
    imported = office.examine(write_geojson(tmp_path / "a.geojson", members))
    assert imported.report.outcome == "ok", imported.report
    found = imported.frames["desa"].set_index("kode").geometry
    wanted = villages().set_index("kode").geometry
    assert all(found[kode].centroid.distance(wanted[kode].centroid) < 1e-6 for kode in wanted.index)


def test_bps_codes_without_names_or_without_a_crosswalk_are_refused(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", with_codes(bps_codes(), header="iddesa", names=False))
    workspace, store = installation(tmp_path)
    assert Office(workspace, store).refusal(path) == "CODE_SYSTEM_MISMATCH"
    store.gazetteer.replace(gazetteer(bps=False))
    path = write_geojson(tmp_path / "a.geojson", with_codes(bps_codes(), header="iddesa"))
    assert Office(workspace, store).refusal(path) == "CODE_SYSTEM_MISMATCH"
    store.close()


def test_a_bps_code_whose_name_disagrees_is_an_error_of_its_row(office: Office, tmp_path: Path) -> None:
    members = with_codes(bps_codes(), header="iddesa")
    members[4]["properties"]["nama"] = "Sesuatu Lain"
    assert office.errors(write_geojson(tmp_path / "a.geojson", members)) == [(5, "NAME_CODE_MISMATCH")]


def test_kabupaten_codes_of_bps_are_told_by_name_and_without_names_by_place(office: Office, tmp_path: Path) -> None:
    halves = {
        kab: shapely.union_all(villages().geometry[villages()["kode"].str.startswith(kab)])
        for kab in ("97.01", "97.02")
    }
    far = shapely.transform(halves["97.02"], lambda xy: xy)
    for bps, names, outcome in ((True, True, "ok"), (False, True, "ok"), (False, False, "ok")):
        members = [
            feature(
                None,
                shape,
                KODE_KAB={"97.01": "9702", "97.02": "9701"}[kab] if bps else kab.replace(".", ""),
                **({"nama": {"97.01": "BARAT", "97.02": "Kab. Timur"}[kab]} if names else {}),
            )
            for kab, shape in halves.items()
        ]
        for member in members:
            del member["properties"]["kode"]
        imported = office.examine(write_geojson(tmp_path / "a.geojson", members))
        assert imported.report.outcome == outcome
        found = imported.frames["kabupaten"].set_index("kode").geometry
        assert found["97.02"].symmetric_difference(far).area < 1e-6


def test_kabupaten_read_in_the_wrong_system_are_betrayed_by_their_place(tmp_path: Path) -> None:
    """As in NTT, where 5301 is Sumba Barat for BPS and Kupang, 400 km away, for Kemendagri."""
    frame = gazetteer()
    east = frame["kode_kab"] == "97.02"
    frame.loc[east, "lon"] += 4.0
    workspace, store = installation(tmp_path, frame)
    points = frame.groupby("kode_kab")[["lon", "lat"]].mean()
    members = [
        feature(other.replace(".", ""), shapely.Point(*points.loc[own]).buffer(0.2))
        for own, other in (("97.01", "97.02"), ("97.02", "97.01"))
    ]
    assert Office(workspace, store).refusal(write_geojson(tmp_path / "a.geojson", members)) == "CODE_SYSTEM_MISMATCH"
    right = [feature(own.replace(".", ""), shapely.Point(*points.loc[own]).buffer(0.2)) for own in points.index]
    assert Office(workspace, store).examine(write_geojson(tmp_path / "a.geojson", right)).report.outcome == "ok"
    store.close()


def test_each_wrong_code_has_its_reason_and_place(office: Office, tmp_path: Path) -> None:
    codes = list(gazetteer()["kode"])
    codes[1], codes[2], codes[3], codes[4], codes[5], codes[6] = (
        "97.01.01.2999",
        "51.01.01.2001",
        codes[0],
        "",
        "9.701E+09",
        "97.01.02",
    )
    codes[7] = "3175091234567890"
    imported = office.examine(write_geojson(tmp_path / "a.geojson", with_codes(codes)))
    assert [(issue.row, issue.reason) for issue in imported.report.errors] == [
        (2, "UNKNOWN_CODE"),
        (3, "OUTSIDE_PROVINCE"),
        (4, "DUPLICATE_KEY"),
        (5, "BAD_CODE"),
        (6, "CODE_PRECISION_LOST"),
        (7, "WRONG_LEVEL"),
        (8, "BAD_CODE"),
    ]
    assert {issue.column for issue in imported.report.errors} == {"kode"}
    assert imported.report.errors[2].params["first_row"] == 1
    assert "3175091234567890" not in json.dumps(imported.report.to_store()), "a personal number is never repeated"
    assert (imported.report.rows_read, imported.report.rows_ok, imported.report.rows_error) == (12, 5, 7)


def test_a_retired_code_becomes_its_successor_and_says_so(office: Office, tmp_path: Path) -> None:
    codes = ["97.01.01.2901", *list(gazetteer()["kode"])[1:]]
    imported = office.examine(write_geojson(tmp_path / "a.geojson", with_codes(codes)))
    assert imported.report.outcome == "ok"
    assert "97.01.01.2001" in set(imported.frames["desa"]["kode"])
    said = [(issue.row, issue.params) for issue in imported.report.warnings if issue.reason == "RETIRED_CODE"]
    assert said == [(1, {"value": "97.01.01.2901", "kode": "97.01.01.2001"})]


def test_the_level_asked_for_must_be_the_level_of_the_file(office: Office, tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", features())
    assert office.refusal(path, layer="kecamatan") == "WRONG_LEVEL"
    assert list(office.examine(path, layer="Desa").frames) == ["desa"]
    mixed = features()[:8] + features(villages().iloc[8:].assign(kode=["97.01.01", "97.01.02", "97.02.01", "97.02.02"]))
    assert office.refusal(write_geojson(tmp_path / "b.geojson", mixed)) == "WRONG_LEVEL"


def test_names_are_compared_but_never_kept(office: Office, tmp_path: Path) -> None:
    members = features()
    canary = "{{ 7*7 }}<script>x</script>"
    members[3]["properties"] |= {"nama": canary, "catatan": canary}
    path = write_geojson(tmp_path / "a.geojson", members)
    imported = office.examine(path)
    assert [issue.params["codes"] for issue in imported.report.warnings if issue.reason == "NAME_DIFFERS"] == [
        [gazetteer()["kode"][3]]
    ]
    commit_batas(imported, office.store, office.workspace, "petugas")
    kept = b"".join(file.read_bytes() for file in office.workspace.path.rglob("*") if file.is_file())
    assert b"7*7" not in kept
    assert list(gpd.read_parquet(next(office.workspace.boundaries.glob("*.parquet"))).columns) == [
        "kode",
        "geometry",
        "area_km2",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kab. Timor Tengah", "TIMOR TENGAH", True),
        ("Desa Oe'nak", "Oenak", True),
        ("Kelurahan", "", False),
        ("Batu Putih", "Batuputih", True),
        ("Awan", "Lontar", False),
        (None, "x", False),
        ("Desakota", "kota", False),
        ("OESAO DUA", "Oesao II", True),
        ("Oesao I", "Oesao II", False),
        ("Kota Kupang", "Kabupaten Kupang", False),
    ],
)
def test_spellings_of_one_name_agree(one: str | None, other: str, same: bool) -> None:
    assert agree(one, other) is same


# -- where ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crs", [32751, 3857, 23836, 9470, 4238])
def test_other_reference_systems_are_brought_to_degrees(office: Office, tmp_path: Path, crs: int) -> None:
    members = write_shapefile(tmp_path / "shp", villages().to_crs(crs))
    imported = office.examine(write_zip(tmp_path / "a.zip", members))
    assert imported.report.outcome == "ok", imported.report
    middle = imported.frames["desa"].geometry.union_all().centroid
    assert middle.distance(shapely.Point(WEST + 2 * STEP, SOUTH + 1.5 * STEP)) < 0.01
    assert warnings(imported)["REPROJECTED"] == 1


def test_a_missing_prj_is_filled_in_only_when_the_degrees_fit(office: Office, tmp_path: Path) -> None:
    for crs, reason in ((4326, None), (32751, "CRS_UNKNOWN")):
        members = write_shapefile(tmp_path / f"shp{crs}", villages().to_crs(crs))
        del members["batas_desa.prj"]
        imported = office.examine(write_zip(tmp_path / "a.zip", members))
        assert imported.report.reason == reason
        assert warnings(imported)["CRS_ASSUMED"] == (reason is None)


def test_coordinates_that_contradict_the_declaration_are_refused(office: Office, tmp_path: Path) -> None:
    metres = features(villages().to_crs(32751))
    assert office.refusal(write_geojson(tmp_path / "a.geojson", metres)) == "CRS_UNKNOWN"
    assert office.refusal(write_geojson(tmp_path / "a.geojson", metres, crs="EPSG:4326")) == "CRS_MISMATCH"
    assert office.refusal(write_geojson(tmp_path / "a.geojson", features(), crs="EPSG:32751")) == "CRS_MISMATCH"
    assert office.refusal(write_geojson(tmp_path / "a.geojson", metres, crs="EPSG:32750")) == "CRS_MISMATCH"
    assert office.examine(write_geojson(tmp_path / "a.geojson", metres, crs="EPSG:32751")).report.outcome == "ok"


def test_swapped_axes_are_refused_as_a_file_and_named_as_a_row(office: Office, tmp_path: Path) -> None:
    frame = villages()
    flipped = frame.set_geometry(shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1]))
    assert office.refusal(write_geojson(tmp_path / "a.geojson", features(flipped))) == "AXIS_SWAPPED"
    assert office.refusal(write_sql(tmp_path / "a.sql", flipped)) == "AXIS_SWAPPED"
    one = features(frame)
    one[2] = features(flipped)[2]
    one[5]["geometry"] = json.loads(shapely.to_geojson(shapely.box(100, 1, 100.1, 1.1)))
    assert office.errors(write_geojson(tmp_path / "b.geojson", one)) == [(3, "AXIS_SWAPPED"), (6, "OUTSIDE_PROVINCE")]


def test_a_whole_file_from_elsewhere_is_not_believed(office: Office, tmp_path: Path) -> None:
    frame = villages()
    moved = frame.set_geometry(shapely.transform(frame.geometry.to_numpy(), lambda xy: xy + np.array([2.0, 0.0])))
    assert office.refusal(write_geojson(tmp_path / "a.geojson", features(moved))) == "CRS_MISMATCH"


def test_a_polygon_far_from_its_point_is_pointed_out(office: Office, tmp_path: Path) -> None:
    codes = list(gazetteer()["kode"])
    codes[0], codes[-1] = codes[-1], codes[0]
    imported = office.examine(write_geojson(tmp_path / "a.geojson", with_codes(codes, names=False)))
    assert {issue.row for issue in imported.report.warnings if issue.reason == "FAR_FROM_POINT"} == {1, 12}


def test_without_points_in_the_gazetteer_the_country_is_the_extent(tmp_path: Path) -> None:
    workspace, store = installation(tmp_path, gazetteer(points=False))
    other = Office(workspace, store)
    assert other.examine(write_geojson(tmp_path / "a.geojson", features())).report.outcome == "ok"
    frame = villages()
    flipped = frame.set_geometry(shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1]))
    assert other.refusal(write_geojson(tmp_path / "a.geojson", features(flipped))) == "AXIS_SWAPPED"
    store.close()


# -- what shape ----------------------------------------------------------------------------------------------


def moved_into(number: int, shape: Any) -> list[Any]:
    members = features()
    members[number] = feature(villages()["kode"][number], shape)
    return members


def bow_tie(x: float, y: float, size: float) -> shapely.Polygon:
    return shapely.Polygon([(x, y), (x + size, y + size), (x + size, y), (x, y + size)])


def test_a_bow_tie_is_an_error_and_a_nested_islet_a_repair(office: Office, tmp_path: Path) -> None:
    square = villages().geometry[0]
    west, south, *_ = square.bounds
    path = write_geojson(tmp_path / "a.geojson", moved_into(0, bow_tie(west, south, STEP)))
    assert office.errors(path) == [(1, "GEOM_INVALID")]
    islet = shapely.box(west + 0.01, south + 0.01, west + 0.012, south + 0.012)
    nested = moved_into(0, shapely.MultiPolygon([square, islet]))
    imported = office.examine(write_geojson(tmp_path / "b.geojson", nested))
    assert imported.report.outcome == "ok"
    said = [issue for issue in imported.report.warnings if issue.reason == "GEOM_REPAIRED"]
    assert [(issue.row, issue.params["kode"], issue.params["problem"]) for issue in said] == [
        (1, villages()["kode"][0], "nested")
    ]
    assert said[0].params["percent"] == pytest.approx(0.04, abs=0.001)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 0.05), st.floats(0.2, 0.8))
def test_a_repair_never_changes_more_than_the_limit(size: float, where: float) -> None:
    """A loop of growing size on the edge of a square: kept while small, an error from 0.1 % on."""
    shape = shapely.Polygon(
        [
            (120, -9),
            (121, -9),
            (121, -9 + where),
            (121 + size, -9 + where + size),
            (121 + size, -9 + where),
            (121, -9 + where + size),
            (121, -8),
            (120, -8),
        ]
    )
    checked = check_shapes(np.array([shape], dtype=object))
    made, fault = checked.geometry[0], checked.faults.get(0)
    assert (made is None) == (fault is not None)
    if made is not None:
        assert made.is_valid
        assert made.area == pytest.approx(shape.area, rel=0.0011)


def test_a_village_inside_another_is_an_error_and_a_sliver_is_not(office: Office, tmp_path: Path) -> None:
    west, south, east, north = villages().geometry[0].bounds
    path = write_geojson(tmp_path / "a.geojson", moved_into(0, shapely.box(west, south, east + 0.02, north)))
    assert office.errors(path) == [(4, "OVERLAP")], "the neighbour, now the smaller, lies to a fifth inside the first"
    imported = office.examine(
        write_geojson(tmp_path / "b.geojson", moved_into(0, shapely.box(west, south, east + 0.0004, north)))
    )
    assert imported.report.outcome == "ok"
    said = next(issue.params for issue in imported.report.warnings if issue.reason == "COVERAGE_CLEANED")
    assert said["overlaps"] == 1
    assert said["overlap_km2"] > 0.1
    assert (said["overlaps_after"], said["overlap_km2_after"]) == (0, 0)
    assert is_coverage(imported.frames["desa"].geometry.to_numpy())


def test_the_same_polygon_under_two_codes_is_an_overlap(office: Office, tmp_path: Path) -> None:
    errors = office.errors(write_geojson(tmp_path / "a.geojson", moved_into(1, villages().geometry[0])))
    assert [reason for _, reason in errors] == ["OVERLAP"]


def test_gaps_and_overlaps_are_measured_in_square_kilometres() -> None:
    frame = villages().iloc[:12].reset_index(drop=True)
    shapes = frame.geometry.to_numpy().copy()
    assert overlaps(shapes) == []
    centre = int(np.flatnonzero(shapely.intersects_xy(shapes, WEST + 1.5 * STEP, SOUTH + 1.5 * STEP))[0])
    shapes[centre] = shapely.box(*np.array(shapes[centre].bounds) + np.array([0.002, 0, 0, 0]))
    count, size = gaps(shapes, np.full(12, "97"))
    assert (count, size) == (0, 0.0), "a gap of 2 km² is a hole in the map, not a sliver"
    shapes[centre] = shapely.box(*np.array(villages().geometry[centre].bounds) + np.array([0.0005, 0, 0, 0]))
    count, size = gaps(shapes, np.full(12, "97"))
    assert count == 1
    assert size == pytest.approx(0.0005 * 111.32 * np.cos(np.radians(9.35)) * STEP * 110.6, rel=0.01)


# -- storing -------------------------------------------------------------------------------------------------


def snapshot(folder: Path) -> dict[str, str]:
    """Every file's hash; SQLite's shared-memory index holds no content and changes when the database is read."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith("-shm")]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_dry_run_writes_nothing(office: Office, tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", features())
    villages().to_file(tmp_path / "a.gpkg", layer="desa")
    before = snapshot(tmp_path)
    assert office.examine(path).report.outcome == "ok"
    assert office.examine(tmp_path / "a.gpkg").report.outcome == "ok"
    assert snapshot(tmp_path) == before


def newest(office: Office) -> BoundaryFile:
    found = office.store.boundaries.newest("desa")
    assert found is not None
    return found


def test_imported_boundaries_come_into_force_and_go_again(office: Office, tmp_path: Path) -> None:
    install_approximate(office.store, office.workspace)
    approximate = newest(office)
    tables = office.store.table_hashes()
    first = office.commit(write_geojson(tmp_path / "a.geojson", features()), source="Dinas X", as_of="2025-01-31")
    in_force = newest(office)
    assert (in_force.kind, in_force.batch, in_force.n_polygons, in_force.source) == ("resmi", first, 12, "Dinas X")
    assert in_force.path == f"desa-{in_force.version[:8]}.parquet"
    stored = active_boundaries(office.store, office.workspace, "desa").set_index("kode")
    given_shapes = villages().set_index("kode").geometry[stored.index].to_numpy()
    assert shapely.equals(shapely.normalize(stored.geometry.to_numpy()), shapely.normalize(given_shapes)).all()
    assert stored["area_km2"].sum() == pytest.approx(12 * 11.132 * np.cos(np.radians(9.35)) * 11.06, rel=0.01)
    assert stored.crs == "EPSG:4326"

    second = office.commit(write_geojson(tmp_path / "b.geojson", features()[:11]))
    assert newest(office).batch == second
    office.store.batches.undo(first, "petugas")
    assert newest(office).batch == second
    office.store.batches.undo(second, "petugas")
    assert newest(office) == approximate
    assert office.store.table_hashes() == tables


def test_the_same_polygons_are_the_same_version_whatever_file_they_came_in(office: Office, tmp_path: Path) -> None:
    office.commit(write_geojson(tmp_path / "a.geojson", features()))
    first = newest(office)
    office.commit(write_sql(tmp_path / "a.sql"))
    second = newest(office)
    assert first.version == second.version
    assert first.batch != second.batch


def test_with_row_errors_nothing_is_stored_unless_asked(office: Office, tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", [*features()[:10], feature("97.01.01.2999", villages().geometry[11])])
    before = snapshot(office.workspace.path)
    with pytest.raises(RowErrors):
        office.commit(path)
    with pytest.raises(Refused):
        office.commit(write_geojson(tmp_path / "b.geojson", []))
    assert snapshot(office.workspace.path) == before
    batch = office.commit(path, valid_rows_only=True)
    row = office.store.batches.all().set_index("batch").loc[batch]
    kept = ("jenis", "rows_read", "rows_ok", "rows_error", "user")
    assert tuple(row[name] for name in kept) == ("batas", 11, 10, 1, "petugas")
    assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert len(active_boundaries(office.store, office.workspace, "desa")) == 10


def test_areas_without_a_polygon_are_named(office: Office, tmp_path: Path) -> None:
    imported = office.examine(write_geojson(tmp_path / "a.geojson", features()[:9]))
    said = next(issue for issue in imported.report.warnings if issue.reason == "MISSING_POLYGON")
    assert said.params["codes"] == list(gazetteer()["kode"][9:])
    assert said.params["count"] == 3
    assert said.row is None


def test_a_file_of_one_kabupaten_says_that_the_others_keep_theirs(office: Office, tmp_path: Path) -> None:
    imported = office.examine(write_geojson(tmp_path / "a.geojson", features()[:5]))
    told = {issue.reason: issue.params for issue in imported.report.warnings}
    assert told["PARTIAL_PROVINCE"] == {"count": 1, "total": 2, "shown": "97.01"}
    # only the village its kabupaten's file lacks becomes a point
    assert told["MISSING_POLYGON"]["codes"] == [gazetteer()["kode"][5]]
    whole = office.examine(write_geojson(tmp_path / "b.geojson", features()))
    assert "PARTIAL_PROVINCE" not in warnings(whole)


def test_one_file_with_many_small_faults_says_all_of_them(office: Office, tmp_path: Path) -> None:
    frame = villages()
    west, south, east, north = frame.geometry[5].bounds
    frame.loc[5, "geometry"] = shapely.box(west, south, east + 0.0004, north)
    frame.loc[0, "kode"] = "97.01.01.2901"
    frame.loc[1, "nama"] = "Nama Lain Sama Sekali"
    path = write_zip(tmp_path / "a.zip", write_shapefile(tmp_path / "shp", frame.iloc[:11].to_crs(32751)))
    imported = office.examine(path)
    reasons = warnings(imported)
    assert set(reasons) >= {
        "REPROJECTED",
        "RETIRED_CODE",
        "NAME_DIFFERS",
        "COVERAGE_CLEANED",
        "AREA_CHANGED",
        "MISSING_POLYGON",
    }


# -- the real province ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    workspace, store = installation(tmp_path_factory.mktemp("ntt"), read_gazetteer())
    yield Office(workspace, store)
    store.close()


def test_the_published_villages_of_ntt_come_in_whole(real: Office, shared: Path) -> None:
    folder = shared / "boundaries" / "wilayah_boundaries"
    imported = real.examine(folder)
    report = imported.report
    assert (report.outcome, report.rows_read, report.rows_ok, report.errors) == ("ok", 3352, 3352, [])
    missing = next(issue.params for issue in report.warnings[:4] if issue.reason == "MISSING_POLYGON")
    assert missing["count"] == 90
    assert Counter(kode[:5] for kode in missing["codes"]) == {"53.09": 55, "53.07": 34, "53.03": 1}
    assert [issue.params["kode"] for issue in report.warnings if issue.reason == "GEOM_REPAIRED"] == ["53.02.11.2003"]
    cleaned = next(issue.params for issue in report.warnings if issue.reason == "COVERAGE_CLEANED")
    assert cleaned["overlaps"] > 5000
    assert (cleaned["overlaps_after"], cleaned["gaps_after"]) == (0, 0)
    assert cleaned["max_percent"] < 1.0
    assert "PARTIAL_PROVINCE" not in warnings(imported)
    frame = imported.frames["desa"]
    assert frame["area_km2"].sum() == pytest.approx(46_447, abs=5)
    assert is_coverage(frame.geometry.to_numpy())
    commit_batas(imported, real.store, real.workspace, "petugas")
    assert len(active_boundaries(real.store, real.workspace, "desa")) == 3352


@pytest.mark.parametrize(("level", "count", "repaired"), [("kec", 315, 22), ("kab", 22, 9)])
def test_the_published_kecamatan_and_kabupaten_come_in_whole(
    real: Office, shared: Path, tmp_path: Path, level: str, count: int, repaired: int
) -> None:
    folder = shared / "boundaries" / "wilayah_boundaries"
    archive = shutil.make_archive(str(tmp_path / "wilayah"), "zip", folder)
    for path, layer in ((folder, level), (Path(archive), level), (folder / "db" / level, None)):
        imported = real.examine(path, layer=layer)
        assert (imported.report.outcome, imported.report.rows_ok) == ("ok", count)
        assert warnings(imported)["GEOM_REPAIRED"] == repaired
        assert warnings(imported)["MISSING_POLYGON"] == 0
        assert warnings(imported)["FAR_FROM_POINT"] == 0


def test_bps_codes_of_the_real_province_land_on_their_villages(real: Office, shared: Path, tmp_path: Path) -> None:
    """Codes and names of the BPS bridge on discs at the gazetteer's points: all land on their own village."""
    crosswalk = pd.read_csv(shared / "codes" / "village_crosswalk.csv", dtype=str).set_index("kemendagri_code")
    places = read_gazetteer()
    places["kode_bps"] = places["kode"].map(crosswalk["bps_code"]).fillna("")
    real.store.gazetteer.replace(places)
    named = places[(places["kode_bps"] != "") & places["lon"].notna()].iloc[::25]
    members = [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shapely.Point(row.lon, row.lat).buffer(1e-4))),
            "properties": {"iddesa": row.kode_bps, "nmdesa": crosswalk.loc[str(row.kode), "name_in_bps_bridge"]},
        }
        for row in named.itertuples()
    ]
    imported = real.examine(write_geojson(tmp_path / "bps.geojson", members))
    real.store.gazetteer.replace(read_gazetteer())
    wrong = [issue for issue in imported.report.errors if issue.reason != "NAME_CODE_MISMATCH"]
    assert wrong == []
    found = imported.frames["desa"].set_index("kode").geometry
    own = named.set_index("kode").loc[found.index]
    assert shapely.distance(found.to_numpy(), shapely.points(own["lon"], own["lat"])).max() < 1e-3
    assert len(found) >= 0.95 * len(named), "names that changed since 2020 are errors, not guesses"
