"""Two servers and two commands on one workspace: nothing lost, nothing half, one order of what was done."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from data.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
FILES = 3
Serve = Callable[..., AbstractContextManager[str]]


def command(workspace: Path, *words: str) -> subprocess.Popen[bytes]:
    line = [sys.executable, str(ROOT / "cli.py"), "--json", "--workspace", str(workspace), *words]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def stored_batch(process: subprocess.Popen[bytes], workspace: Path, *words: str) -> str:
    """The batch of an import; one that is told that another came in between, and stored nothing, is tried again."""
    for _ in range(5):
        output, problem = process.communicate(timeout=300)
        found = json.loads(output)
        if process.returncode == 0:
            return str(found["batch"])
        assert (process.returncode, found["reason"]) == (4, "DATA_CHANGED"), problem.decode()[-2000:]
        process = command(workspace, *words)
    raise AssertionError("five times another came in between")


@pytest.mark.slow
def test_what_two_commands_store_both_servers_show_in_one_order(
    serve: Serve, demo_workspace: Workspace, tmp_path: Path
) -> None:
    place = tmp_path / "kerja"
    shutil.copytree(demo_workspace.path, place)
    store = Workspace(place).store()
    kode = str(store.gazetteer.villages()["kode"].iloc[0])
    store.close()
    for number in range(2 * FILES):
        year = 2020 + number
        lines = "Kode Desa,Tahun,Indeks Desa Membangun\n" + f"{kode},{year},0.{60 + number}\n"
        (tmp_path / f"idm-{number}.csv").write_text(lines, encoding="utf-8")
    with serve(place) as one, serve(place) as other:
        stored = []
        for pair in range(FILES):
            words = [("import", "indikator", str(tmp_path / f"idm-{2 * pair + i}.csv")) for i in range(2)]
            both = [command(place, *one) for one in words]
            stored += [stored_batch(process, place, *mine) for process, mine in zip(both, words, strict=True)]
        assert len(set(stored)) == 2 * FILES, "no number is given twice"
        for address in (one, other):
            assert urllib.request.urlopen(f"{address}/readyz", timeout=60).status == 200
        workspace = Workspace(place)
        store = workspace.store()
        try:
            kept = store.batches.all()
            assert set(stored) <= set(kept.loc[kept["status"] == "aktif", "batch"])
            values = store.facts.read("indikator")
            mine = values[(values["kode"] == kode) & values["batch"].isin(stored)]
            assert sorted(mine["value"]) == [round(0.6 + 0.01 * number, 2) for number in range(2 * FILES)]
            trail = store.audit.trail()
            order = [json.loads(text)["batch"] for text in trail.loc[trail["act"] == "import", "what_json"]]
            assert sorted(set(stored)) == sorted(one for one in order if one in stored)
        finally:
            store.close()
        health = command(place, "check")
        output, _ = health.communicate(timeout=300)
        found = [problem["code"] for problem in json.loads(output)["problems"]]
        assert found == ["SCORE_OLD"], "the score is of before these imports; nothing else is amiss"
