"""Boundary files that look right and are not: shifted layers, areas in parts, codes that another list explains."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from batas_kit import STEP, check_written, features, gazetteer, installation, villages, write_geojson
from hypothesis import given, settings
from hypothesis import strategies as st

from data.batches import BatchMeta
from data.intake.examined import Examined, ImportOptions
from geo.boundaries.importing import examine_batas
from geo.checks.shifted import measured_shift
from geo.files.reader import read_boundaries


class Office:
    """One installation that examines files, and checks that all it says has words."""

    def __init__(self, folder: Path, frame: pd.DataFrame | None = None) -> None:
        self.workspace, self.store = installation(folder, frame)
        self.folder = folder

    def examine(self, members: list[Any], **options: Any) -> Examined:
        return self.examine_file(write_geojson(self.folder / "batas.geojson", members), **options)

    def examine_file(self, path: Path, **options: Any) -> Examined:
        found = examine_batas(path, self.store, self.workspace, ImportOptions(**options))
        report = found.report
        for reason, params in [(i.reason, i.params) for i in [*report.errors, *report.warnings]]:
            check_written(reason, params)
        if report.reason:
            check_written(report.reason, report.params)
        assert report.rows_read == report.rows_ok + report.rows_error + report.rows_skipped
        return found

    def errors(self, members: list[Any]) -> list[tuple[int | None, str]]:
        return [(issue.row, issue.reason) for issue in self.examine(members).report.errors]


@pytest.fixture
def office(tmp_path: Path) -> Any:
    made = Office(tmp_path)
    yield made
    made.store.close()


def moved(east: float, north: float) -> list[Any]:
    frame = villages()
    frame["geometry"] = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy + np.array([east, north]))
    return features(frame)


# -- layers beside their place -------------------------------------------------------------------------------


@pytest.mark.parametrize(("east", "north"), [(0.0015, 0.0), (0.0, -0.003), (-0.002, 0.002), (0.02, 0.01)])
def test_a_layer_that_lies_beside_its_points_as_a_whole_is_refused(office: Office, east: float, north: float) -> None:
    report = office.examine(moved(east, north)).report
    assert (report.outcome, report.reason) == ("refused", "CRS_MISMATCH")
    assert report.params["km"] == pytest.approx(np.hypot(east, north) * 111, rel=0.05, abs=0.01)


def test_what_drawing_and_rounding_move_is_no_shift(office: Office) -> None:
    assert office.examine(moved(0.0003, -0.0003)).report.outcome == "ok"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["anywhere", "north"]))
def test_points_anywhere_in_their_villages_accuse_no_layer(seed: int, mode: str) -> None:
    """Offices lie on one coast, in one corner: that is no shift, however many villages do so."""
    chance = np.random.default_rng(seed)
    shapes = villages().geometry.to_numpy()
    low = shapely.bounds(shapes)[:, :2] + [0.0, STEP / 2 if mode == "north" else 0.0]
    points = low + chance.uniform(0.0, 1.0, (len(shapes), 2)) * [STEP, STEP / 2 if mode == "north" else STEP]
    assert measured_shift(shapes, points) is None


def test_without_points_or_with_points_of_kecamatan_no_shift_is_claimed(tmp_path: Path) -> None:
    for name, frame in (("a", gazetteer(points=False)), ("b", gazetteer().assign(presisi_titik="kecamatan"))):
        office = Office(tmp_path / name, frame)
        assert office.examine(moved(0.004, 0.0)).report.outcome == "ok"
        office.store.close()


# -- areas in parts ------------------------------------------------------------------------------------------


def test_islands_exported_one_by_one_are_one_village_again(office: Office) -> None:
    islands = [shapely.box(119.9, -9.5, 119.92, -9.48), shapely.box(119.9, -9.46, 119.91, -9.45)]
    frame = villages()
    members = features(frame)
    for island in islands:
        members += features(frame.iloc[:1].set_geometry([island], crs=4326))
    found = office.examine(members)
    assert found.report.outcome == "ok"
    assert found.report.rows_ok == 14
    (joined,) = [issue for issue in found.report.warnings if issue.reason == "PARTS_JOINED"]
    assert (joined.row, joined.params["shown"]) == (1, "1, 13, 14")
    whole = found.frames["desa"].set_index("kode").geometry[frame["kode"][0]]
    assert len(found.frames["desa"]) == 12
    assert whole.area == pytest.approx(frame.geometry[0].area + sum(one.area for one in islands), rel=1e-3)


def test_a_village_cut_in_two_is_whole_again(office: Office) -> None:
    frame = villages()
    west, south, east, north = frame.geometry[4].bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    frame.loc[4, "geometry"] = halves[0]
    found = office.examine([*features(frame), *features(frame.iloc[4:5].set_geometry([halves[1]], crs=4326))])
    assert found.report.outcome == "ok"
    assert found.frames["desa"].set_index("kode").geometry[frame["kode"][4]].area == pytest.approx(
        STEP * STEP, rel=1e-3
    )


def test_the_same_village_twice_is_no_village_in_parts(office: Office) -> None:
    frame = villages()
    assert office.errors([*features(frame), *features(frame.iloc[:1])]) == [(13, "DUPLICATE_KEY")]
    shifted = frame.iloc[:1].set_geometry(
        shapely.transform(frame.geometry[:1].to_numpy(), lambda xy: xy - 0.03), crs=4326
    )
    both = [(1, "DUPLICATE_KEY"), (13, "DUPLICATE_KEY")]
    assert office.errors([*features(frame), *features(shifted)]) == both, "neither is chosen silently"


def test_a_part_under_another_name_or_over_another_village_is_a_wrong_code(office: Office) -> None:
    frame = villages()
    island = frame.iloc[:1].set_geometry([shapely.box(119.9, -9.5, 119.92, -9.48)], crs=4326)
    assert office.errors([*features(frame), *features(island.assign(nama="Pulau Lain"))]) == [(13, "DUPLICATE_KEY")]
    mistaken = frame.drop(columns="nama")
    mistaken.loc[1, "kode"] = mistaken["kode"][0]
    members = [{**one, "properties": {"kode": one["properties"]["kode"]}} for one in features(mistaken.assign(nama=""))]
    assert office.errors(members) == [(2, "DUPLICATE_KEY")], "the point of the village it is lies in it"


# -- codes -------------------------------------------------------------------------------------------------------


def gadm() -> list[Any]:
    frame, codes = villages(), gazetteer()["kode_bps"]
    members = features(frame)
    for number, (member, code) in enumerate(zip(members, codes, strict=True)):
        name = member["properties"]["nama"].replace(" ", "")
        member["properties"] = {
            "GID_4": f"IDN.1.1.1.{number}_1",
            "NAME_1": "X",
            "NAME_4": name,
            "TYPE_4": "Desa",
            "CC_4": code,
        }
    return members


def test_gadm_lands_on_the_right_villages(office: Office) -> None:
    found = office.examine(gadm())
    assert found.report.outcome == "ok"
    assert list(found.frames["desa"]["kode"]) == sorted(villages()["kode"])


def test_a_renamed_village_is_proposed_and_an_older_name_known_from_a_crosswalk_accepted(office: Office) -> None:
    members = gadm()
    members[4]["properties"]["NAME_4"] = "SesuatuLain"
    report = office.examine(members).report
    assert [(issue.row, issue.reason) for issue in report.errors] == [(5, "NAME_CODE_MISMATCH")]
    (proposal,) = report.proposals
    assert (proposal.row, proposal.kode) == (5, villages()["kode"][4])
    _crosswalk(office, [("nama", "Sesuatu Lain", villages()["kode"][4])])
    assert office.examine(members).report.outcome == "ok"


def test_codes_of_a_crosswalk_imported_later_are_understood(tmp_path: Path) -> None:
    office = Office(tmp_path, gazetteer(bps=False))
    assert office.examine(gadm()).report.reason == "CODE_SYSTEM_MISMATCH"
    pairs = zip(gazetteer()["kode_bps"], gazetteer()["kode"], strict=True)
    _crosswalk(office, [*(("bps", code, kode) for code, kode in pairs), ("lama", "97.02.02.2777", "97.02.02.2003")])
    assert office.examine(gadm()).report.outcome == "ok"
    members = features()
    members[-1]["properties"]["kode"] = "97.02.02.2777"
    found = office.examine(members)
    assert found.report.outcome == "ok"
    assert "RETIRED_CODE" in {issue.reason for issue in found.report.warnings}
    office.store.close()


def _crosswalk(office: Office, rows: list[tuple[str, str, str]]) -> None:
    frame = pd.DataFrame([{"jenis": a, "nilai": b, "kode": c, "row": n} for n, (a, b, c) in enumerate(rows, start=2)])
    office.store.records.commit(BatchMeta(jenis="padanan", source="uji", file_name="padanan.csv"), frame)


# -- text tables ---------------------------------------------------------------------------------------------------


def table(header: str, delimiter: str, cell: Any) -> str:
    lines = io.StringIO()
    lines.write(delimiter.join(("kode", "nama", header)) + "\n")
    for row in villages().itertuples():
        quoted = '"' + cell(row.geometry).replace('"', '""') + '"'
        lines.write(delimiter.join((row.kode, row.nama, quoted)) + "\n")
    return lines.getvalue()


@pytest.mark.parametrize(
    ("header", "delimiter", "cell"),
    [
        ("WKT", ",", lambda shape: shape.wkt),
        ("the_geom", ";", lambda shape: f"SRID=4326;{shapely.multipolygons([shape]).wkt}"),
        ("geojson", "\t", shapely.to_geojson),
    ],
)
def test_shapes_in_a_text_table(office: Office, tmp_path: Path, header: str, delimiter: str, cell: Any) -> None:
    path = tmp_path / "batas.csv"
    path.write_text("\ufeff" + table(header, delimiter, cell), encoding="utf-8")
    found = office.examine_file(path)
    assert found.report.outcome == "ok"
    assert len(found.frames["desa"]) == 12
    assert "CRS_ASSUMED" in {issue.reason for issue in found.report.warnings} or header == "the_geom"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "GEOM_EMPTY"),
        ("POLYGON ((0 0, 1", "GEOM_INVALID"),
        ("POINT (120 -9)", "GEOM_TYPE"),
        ("{", "GEOM_INVALID"),
        ("GEOMETRYCOLLECTION (" * 500, "GEOM_TYPE"),
        ("entah", "GEOM_TYPE"),
        ("POLYGON ((inf 1, nan 2, 1 1))", "GEOM_INVALID"),
    ],
)
def test_a_cell_that_is_no_area_is_an_error_of_its_row(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "batas.csv"
    path.write_text(
        f'kode,wkt\n97.01.01.2001,"{text}"\n97.01.01.2002,"POLYGON ((0 0, 1 0, 1 1, 0 0))"\n', encoding="utf-8"
    )
    read = read_boundaries(path)
    assert {number: fault[0] for number, fault in read.faults.items()} == {0: reason}
    assert read.geometry[1].is_valid
