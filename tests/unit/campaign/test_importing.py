"""Boundaries of one kabupaten imported and taken back, as the screen and the command do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campaign.handover.export import metadata
from campaign.intake.importing import commit, examine, undo
from campaign.office.health import examine_health
from data.domain.actor import owner
from data.intake.examined import ImportOptions
from data.workspace import Workspace
from geo.boundaries.composition import boundary_in_force
from geo.boundaries.in_force import active_boundaries
from geo.drawing.layers import current_layers
from words import t

KOTA_KUPANG, ALOR = "53.71", "53.05"


@pytest.fixture
def opened(demo_copy: Workspace) -> Iterator[tuple[Workspace, Any]]:
    store = demo_copy.store()
    yield demo_copy, store
    store.close()


def file_of(folder: Path, opened: tuple[Workspace, Any], kab: str, moved: float = 0.001) -> Path:
    """A kabupaten's villages as an office might send them: the approximate ones, moved a little."""
    workspace, store = opened
    frame = active_boundaries(store, workspace)
    frame = frame[frame["kode"].str.startswith(kab)][["kode", "geometry"]]
    path = folder / f"desa_{kab}.geojson"
    path.write_text(frame.set_geometry(frame.translate(moved, 0)).to_json(), encoding="utf-8")
    return path


def bring_in(path: Path, opened: tuple[Workspace, Any], **options: Any) -> str:
    workspace, store = opened
    found = examine("batas", path, store, workspace, ImportOptions(**options))
    assert found.report.outcome == "ok", found.report
    return commit(owner("petugas"), found, "batas", store, workspace)


def test_the_map_follows_each_import_and_each_undo_in_any_order(opened: tuple[Workspace, Any], tmp_path: Path) -> None:
    workspace, store = opened
    before, tables = current_layers(store, workspace), store.table_hashes()
    city = bring_in(file_of(tmp_path, opened, KOTA_KUPANG), opened)
    only_city = current_layers(store, workspace)
    assert only_city is not None
    assert only_city["kind"] == "campuran"
    assert KOTA_KUPANG not in only_city["perkiraan"]
    assert len(only_city["perkiraan"]) == 21
    island = bring_in(file_of(tmp_path, opened, ALOR), opened)
    both = current_layers(store, workspace)
    assert both is not None
    assert set(only_city["perkiraan"]) - set(both["perkiraan"]) == {ALOR}
    assert len(both["units"]["desa"]) == 3442

    undo(owner("petugas"), city, store, workspace)  # the earlier one, while the later one stays
    now = current_layers(store, workspace)
    assert now is not None
    assert set(now["perkiraan"]) == {*both["perkiraan"], KOTA_KUPANG}
    undo(owner("petugas"), island, store, workspace)
    assert current_layers(store, workspace) == before
    assert store.table_hashes() == tables


def test_an_import_that_changes_nothing_on_the_map_is_taken_back_too(
    opened: tuple[Workspace, Any], tmp_path: Path
) -> None:
    workspace, store = opened
    path = file_of(tmp_path, opened, KOTA_KUPANG)
    bring_in(path, opened, source="Dinas A")
    first = current_layers(store, workspace)
    again = bring_in(path, opened, source="Dinas B")
    assert boundary_in_force(store, workspace).source.startswith("Dinas B")
    assert current_layers(store, workspace) == first
    undo(owner("petugas"), again, store, workspace)
    assert current_layers(store, workspace) == first


def test_taking_back_a_table_leaves_the_map_alone(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    layers = current_layers(store, workspace)
    files = {path: path.stat().st_mtime_ns for path in workspace.layers.iterdir()}
    cases = store.batches.all().query("jenis == 'kasus' and status == 'aktif'")["batch"].iloc[0]
    undo(owner("petugas"), cases, store, workspace)
    assert current_layers(store, workspace) == layers
    assert {path: path.stat().st_mtime_ns for path in workspace.layers.iterdir()} == files


def test_without_any_boundary_left_there_is_no_map_and_no_fault(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    (only,) = store.boundaries.of("desa")
    undo(owner("petugas"), only.batch, store, workspace)
    assert current_layers(store, workspace) is None


def test_files_and_the_health_check_say_which_kabupaten_are_approximate(
    opened: tuple[Workspace, Any], tmp_path: Path
) -> None:
    workspace, store = opened
    assert t("metadata.kabupaten_perkiraan") not in dict(metadata(store, workspace, rows=1, level="desa"))
    bring_in(file_of(tmp_path, opened, KOTA_KUPANG), opened, source="Bappeda Kota")
    told = dict(metadata(store, workspace, rows=1, level="desa"))
    assert told[t("metadata.batas")] == t("batas.campuran")
    assert told[t("metadata.sumber_batas")].startswith("Bappeda Kota; ")
    names = told[t("metadata.kabupaten_perkiraan")]
    assert "Kabupaten Alor" in names
    assert "Kota Kupang" not in names
    checks = {entry.name: entry for entry in examine_health(workspace)}
    assert checks["batas"].ok
    assert checks["lapisan"].ok
    (workspace.boundaries / store.boundaries.newest("desa").path).unlink()
    checks = {entry.name: entry for entry in examine_health(workspace)}
    assert not checks["isi_batas"].ok
    assert "batas" not in checks, "what rests on a damaged file is not asked"
