"""Points against the boundaries in force: inside the village named, in the province."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from campaign.intake.importing import commit, examine, undo
from data.domain.actor import owner
from data.workspace import Workspace
from geo.boundaries.in_force import active_boundaries
from geo.points import misplaced

VILLAGE, NEIGHBOUR = "53.01.04.2003", "53.71.01.1001"


@pytest.fixture(scope="module")
def inner(demo_workspace: Workspace) -> dict[str, tuple[float, float]]:
    store = demo_workspace.store()
    frame = active_boundaries(store, demo_workspace).set_index("kode")
    store.close()
    points = frame.geometry.representative_point()
    return {kode: (points[kode].x, points[kode].y) for kode in (VILLAGE, NEIGHBOUR)}


def test_points_are_judged_by_the_area_they_name(demo_workspace: Workspace, inner: dict[str, Any]) -> None:
    store = demo_workspace.store()
    own, other = inner[VILLAGE], inner[NEIGHBOUR]
    found = misplaced(
        store,
        demo_workspace,
        [
            (2, VILLAGE, *own),
            (3, VILLAGE, *other),
            (4, "", *own),
            (5, "53.01.04", *own),
            (6, "53.71", *own),
            (7, "", 125.57, -8.56),
            (8, VILLAGE, 115.2, -8.6),
            (9, "53.01.04.2999", *own),
        ],
    )
    store.close()
    assert {row: reason for row, (reason, _) in found.items()} == {
        3: "OUTSIDE_VILLAGE",
        6: "OUTSIDE_VILLAGE",
        7: "OUTSIDE_PROVINCE",
        8: "OUTSIDE_PROVINCE",
    }, "Dili lies in the frame of the province's points and is outside it all the same"
    assert found[3][1]["nama"] == "Bokonusan"
    assert found[3][1]["km"] > 5
    assert found[6][1]["nama"].startswith("Kota")


def test_a_file_of_points_goes_in_and_out(demo_copy: Workspace, tmp_path: Path, inner: dict[str, Any]) -> None:
    store = demo_copy.store()
    before = store.table_hashes()
    own = inner[VILLAGE]
    lines = ["Nama;Jenis;Lintang;Bujur;Kode Desa", f"Pos Semau;pelabuhan;{own[1]:.6f};{own[0]:.6f};{VILLAGE}"]
    path = tmp_path / "titik.csv"
    path.write_text("\n".join([*lines, f"LTSA;ltsa;{own[1]:.6f};{own[0]:.6f};{NEIGHBOUR}"]), encoding="utf-8")
    found = examine("titik", path, store, demo_copy)
    assert [(issue.row, issue.reason) for issue in found.report.errors] == [(3, "OUTSIDE_VILLAGE")]
    path.write_text("\n".join(lines), encoding="utf-8")
    batch = commit(owner("ani"), examine("titik", path, store, demo_copy), "titik", store, demo_copy)
    assert store.records.read("titik")["kode"].tolist() == [VILLAGE]
    undo(owner("ani"), batch, store, demo_copy)
    assert store.table_hashes() == before
    store.close()
