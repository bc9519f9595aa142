"""A few of the kills of ``benchmarks/crash.py``, and the two officers, as part of every run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from data.domain.actor import owner
from data.errors import Refused
from data.files import clear_leftovers, temporary_beside
from data.intake.examined import ImportOptions
from data.workspace import Workspace, building_beside
from tests.store.test_databases import GAZETTEER

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import crash
import crash_acts

from words import reason_text

QUICK = (
    "impor kasus",
    "batalkan",
    "tulis catatan",
    "rencanakan",
    "bekukan daftar",
    "setujui daftar",
    "pilih sumber",
    "unduh daftar CSV",
    "cadangkan",
    "pulihkan",
    "potong jejak",
)
"""Acts of each kind of writing; all of them are killed in the benchmark."""
pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed with SIGKILL here")


def test_a_killed_import_leaves_the_old_state_or_the_new(database: str, tmp_path: Path) -> None:
    result = crash.run(kills=4, villages=40, seed=7, folder=tmp_path, officers=4)
    assert result["faults"] == []
    assert result["kills"] == 4
    assert result["two officers: one after the other"] + result["two officers: one told"] >= 1


def test_no_act_that_is_killed_is_left_half_done(tmp_path: Path) -> None:
    """A few of the kills of ``benchmarks/crash_acts.py``, one or two an act, in a small province."""
    from campaign.office.installation import prepare

    (tmp_path / "g.csv").write_text(GAZETTEER, encoding="utf-8")
    prepare(Workspace(tmp_path / "awal"), gazetteer=tmp_path / "g.csv")
    (tmp_path / "di").mkdir()
    result = crash_acts.run_acts(kills=32, seed=11, folder=tmp_path / "di", given=tmp_path / "awal", only=QUICK)
    assert result["left_out"] == {}
    assert result["faults"] == []
    assert result["kills"] >= 25


def test_of_two_officers_who_looked_at_the_same_data_one_wins(database: str, tmp_path: Path) -> None:
    from campaign.intake.importing import commit, examine
    from campaign.office.installation import prepare

    (tmp_path / "g.csv").write_text(crash.province(40), encoding="utf-8")
    workspace = Workspace(tmp_path / "kerja")
    prepare(workspace, gazetteer=tmp_path / "g.csv", demo=False)
    for kind in crash.KINDS:
        first, second = workspace.store(), workspace.store()
        files = [crash.write_file(tmp_path, kind, first.gazetteer.villages(), number) for number in (1, 2)]
        seen = [
            examine(kind, file, store, workspace, ImportOptions(source="Uji"))
            for file, store in zip(files, (first, second), strict=True)
        ]
        won = commit(owner("ani"), seen[0], kind, first, workspace)
        with pytest.raises(Refused) as fault:
            commit(owner("budi"), seen[1], kind, second, workspace)
        assert fault.value.reason == "DATA_CHANGED"
        assert fault.value.params["stored"] == f"{won} ({kind}, ani)"
        assert f"{won} ({kind}, ani)" in reason_text(fault.value.reason, fault.value.params)
        assert second.batches.all()["batch"].iloc[0] == won
        again = examine(kind, files[1], second, workspace, ImportOptions(source="Uji"))
        assert commit(owner("budi"), again, kind, second, workspace) != won
        assert crash.faults_of(workspace) == []
        first.close()
        second.close()


def test_what_a_killed_process_was_writing_is_cleared_at_the_next_start(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "kerja").create()
    workspace.store().close()
    left = workspace.boundaries / ".desa-1.parquet.abc.sementara"
    left.write_bytes(b"half")
    (tmp_path / ".kerja-abcdefgh.sementara").mkdir()
    writing, building_it = temporary_beside(workspace.layers / "peta.json"), building_beside(tmp_path / "kerja")
    with writing as (_, alive), building_it as building:
        store = workspace.store()
        store.close()
        assert not left.exists()
        assert alive.exists(), "a file that is being written stays"
        assert building.exists()
        assert not (tmp_path / ".kerja-abcdefgh.sementara").exists()
    assert clear_leftovers(workspace.layers) == []
