"""Fixtures shared by all tests: one demonstration workspace made as a user makes it, and copies of it to change."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from data.workspace import Workspace
from tests import marks
from tests.databases import TESTED, empty_schema, postgres_cluster
from tests.once import made_once

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.pop("PETA_AMAN_WORKSPACE", None)
os.environ.pop("PETA_AMAN_DATABASE", None)
settings.register_profile("house", settings.default, deadline=None)  # time is measured in benchmarks, not in tests
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(marks)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published real data beside the project; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the published real data are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace as `peta-aman init` makes it. Shared by all tests of a worker: read only."""

    def make(folder: Path) -> None:
        from campaign.office.installation import prepare

        prepare(Workspace(folder))

    return Workspace(made_once(tmp_path_factory, "demo", make))


@pytest.fixture(scope="session")
def sums_only(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """NTT with published figures alone, scored: what an office has on its first day. Read only."""

    def make(folder: Path) -> None:
        from campaign.office.installation import prepare
        from risk.scoring.score import score

        workspace = Workspace(folder)
        prepare(workspace, demo=False)
        store = workspace.store()
        score(store, workspace)
        store.close()

    return Workspace(made_once(tmp_path_factory, "jumlah", make))


@pytest.fixture
def demo_copy(demo_workspace: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the demonstration workspace, free to change."""
    shutil.copytree(demo_workspace.path, tmp_path / "workspace")
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def demo_store(demo_workspace: Workspace) -> Iterator[Any]:
    store = demo_workspace.store()
    yield store
    store.close()


@pytest.fixture(scope="session")
def peta_aman() -> Callable[..., tuple[int, dict[str, Any], str]]:
    """Runs the command as a user does, in a process of its own: exit code, the JSON object, standard error."""

    def run(*words: str | Path, workspace: Workspace | Path) -> tuple[int, dict[str, Any], str]:
        folder = workspace.path if isinstance(workspace, Workspace) else workspace
        done = subprocess.run(
            [sys.executable, str(ROOT / "cli.py"), *map(str, words), "--workspace", str(folder), "--json"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, json.loads(done.stdout), done.stderr

    return run


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of this run's own; tests that need it are skipped where there is none."""
    with postgres_cluster() as address:
        if address is None:
            pytest.skip("PostgreSQL is not installed")
        yield address


@pytest.fixture(params=TESTED)
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Runs a test on each database: sets ``PETA_AMAN_DATABASE`` to an empty one and gives its kind."""
    monkeypatch.delenv("PETA_AMAN_DATABASE", raising=False)
    if request.param == "sqlite":
        yield request.param
        return
    with empty_schema(request.getfixturevalue("postgres")) as address:
        monkeypatch.setenv("PETA_AMAN_DATABASE", address)
        yield request.param
