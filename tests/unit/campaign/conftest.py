"""A workspace with one plan in it, made once for all tests of what is handed over."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from campaign.planning.plan_types import Plan
from data.gazetteer import read_gazetteer
from data.store.store import Store
from data.workspace import Workspace
from risk.evaluation.leak_verdict import guard
from tests.once import made_once
from tests.unit.campaign.papers import kept_plan


@dataclass(frozen=True)
class Planned:
    """A workspace, its open store, and the plan kept there."""

    workspace: Workspace
    store: Store
    plan: Plan


@pytest.fixture(scope="session")
def planned_once(demo_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planned]:
    """Shared by all tests of a worker: read only."""

    def make(folder: Path) -> None:
        workspace = Workspace(folder / "workspace")
        shutil.copytree(demo_workspace.path, workspace.path)
        store = workspace.store()
        plan = kept_plan(store, workspace, exclude={"53.20": "O3", "53.01.04.2003": "O2: sudah ada program provinsi"})
        guard(store, workspace)  # its verdict is kept, so that copies need no verdict of their own
        store.close()
        (folder / "rencana.json").write_text(json.dumps(plan), encoding="utf-8")

    folder = made_once(tmp_path_factory, "rencana", make)
    workspace = Workspace(folder / "workspace")
    store = workspace.store()
    yield Planned(workspace, store, json.loads((folder / "rencana.json").read_text(encoding="utf-8")))
    store.close()


@pytest.fixture
def planned(planned_once: Planned, tmp_path: Path) -> Iterator[Planned]:
    """A copy, free to change."""
    folder = tmp_path / "rencana"
    shutil.copytree(planned_once.workspace.path, folder)
    workspace = Workspace(folder)
    store = workspace.store()
    yield Planned(workspace, store, planned_once.plan)
    store.close()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workspace, Store]]:
    """A workspace with the gazetteer of NTT and nothing else, and its open store."""
    monkeypatch.delenv("PETA_AMAN_DATABASE", raising=False)
    workspace = Workspace(tmp_path / "kerja").create()
    store = workspace.store()
    store.gazetteer.replace(read_gazetteer())
    yield workspace, store
    store.close()
