"""An empty workspace and its store, for the rooms' own tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store.store import Store
from data.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("PETA_AMAN_DATABASE", raising=False)
    return Workspace(tmp_path / "kerja").create()


@pytest.fixture
def store(workspace: Workspace) -> Iterator[Store]:
    opened = workspace.store()
    yield opened
    opened.close()
