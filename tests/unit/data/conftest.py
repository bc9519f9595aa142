"""Workspaces, stores and the fictional province the tests of this room share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from province98 import make_gazetteer

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


@pytest.fixture
def gazetteer() -> pd.DataFrame:
    return make_gazetteer()


@pytest.fixture
def filled(store: Store, gazetteer: pd.DataFrame) -> Store:
    store.set_gazetteer(gazetteer)
    return store
