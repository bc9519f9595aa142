"""PostgreSQL goes away in the middle of an import and comes back: nothing is lost, nothing is half, and it is told.

The cluster is this module's own: no other test may lose its connections.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.batches import BatchMeta
from data.errors import Refused
from data.store import part
from data.store.store import Store
from data.workspace import Workspace
from tests.databases import postgres_cluster, restart_cluster
from words import reason_text

META = BatchMeta("kasus", "Polres")


def facts(number: int) -> pd.DataFrame:
    period = {"period_start": dt.date(2024, 1, 1), "period_end": dt.date(2024, 12, 31)}
    kode = [f"98.01.01.{2001 + index}" for index in range(number)]
    rows = {"level": "desa", "unit": "orang", "indikator": "tppo", "kode": kode, "value": 1.0, **period}
    return pd.DataFrame({**rows, "row": range(2, number + 2)})


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[str]:
    if os.environ.get("PETA_AMAN_TEST_POSTGRES"):
        pytest.skip("a server that others use is not torn down")
    with postgres_cluster() as address:
        if address is None:
            pytest.skip("PostgreSQL is not installed")
        yield address


@pytest.fixture
def store(own_cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("PETA_AMAN_DATABASE", own_cluster)
    opened = Workspace(tmp_path / "kerja").create().store()
    yield opened
    opened.discard()
    opened.close()


def gone(cluster: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    """``plain``, once the server was torn down."""
    torn: list[bool] = []

    def call(*words: Any, **more: Any) -> Any:
        if not torn:
            torn.append(True)
            restart_cluster(cluster)
        return plain(*words, **more)

    return call


def test_an_import_that_loses_its_database_is_told_and_can_be_repeated(
    store: Store, own_cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.facts.commit(META, facts(5))
    before, rows = store.table_hashes(), store.audit.last()
    with monkeypatch.context() as patched:
        patched.setattr(part, "append", gone(own_cluster, part.append))
        with pytest.raises(Refused) as fault:
            store.facts.commit(META, facts(400))
    assert fault.value.reason == "DATABASE_GONE"
    assert "batches" in reason_text(fault.value.reason, fault.value.params)
    assert (store.table_hashes(), store.audit.last()) == (before, rows), "the same store reads on, and nothing is half"
    assert store.audit.verify().broken is None
    store.facts.commit(META, facts(400))
    assert len(store.facts.read()) == 405
    assert store.audit.verify().broken is None


def test_reading_that_loses_its_database_is_told_too(
    store: Store, own_cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.facts.commit(META, facts(5))
    with monkeypatch.context() as patched:
        patched.setattr("data.store.store.input_version", lambda c: gone(own_cluster, c.exec_driver_sql)("SELECT 1"))
        with pytest.raises(Refused, match="DATABASE_GONE"):
            store.input_version()
    assert len(store.facts.read()) == 5
