"""PostgreSQL goes away in the middle of an import and comes back: nothing is lost, nothing is half, and it is told.

The cluster is this module's own: no other test may lose its connections.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from campaign.office.health import examine_health
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


def flip(cluster: str, table: str) -> None:
    """One bit of the first page of a table of the cluster, on its disk and nowhere else."""
    import psycopg

    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (path,) = connection.execute("SELECT pg_relation_filepath(%s)", (table,)).fetchone() or ("",)
    restart_cluster(cluster)
    folder = Path(unquote(cluster.partition("host=")[2].partition("&")[0]))
    with (folder / "data" / path).open("r+b") as raw:
        raw.seek(8191)
        byte = raw.read(1)[0]
        raw.seek(8191)
        raw.write(bytes([byte ^ 1]))


def test_a_page_that_failed_before_and_is_mended_is_no_damage_and_one_that_fails_now_is(
    store: Store, own_cluster: str
) -> None:
    """The server's count goes on from the day its statistics were begun."""
    import psycopg

    with psycopg.connect(own_cluster, autocommit=True) as connection:
        connection.execute("CREATE TABLE lain AS SELECT repeat('x', 100) FROM generate_series(1, 100)")
    flip(own_cluster, "lain")
    count = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
    with psycopg.connect(own_cluster, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.DataCorrupted):
            connection.execute("SELECT * FROM lain")
        connection.execute("DROP TABLE lain")
        assert connection.execute(count).fetchone() == (1,)
    assert store.damage() == ""
    store.facts.commit(META, facts(400))
    assert store.damage() == ""
    flip(own_cluster, "fakta")
    assert store.damage() == "DataCorrupted"
    with psycopg.connect(own_cluster, autocommit=True) as connection:
        connection.execute("ALTER DATABASE postgres SET ignore_checksum_failure = on")
    try:
        restart_cluster(own_cluster)
        assert store.damage().startswith("checksum_failures"), "a server that passes it over still counts it"
    finally:
        with psycopg.connect(own_cluster, autocommit=True) as connection:
            connection.execute("ALTER DATABASE postgres RESET ignore_checksum_failure")
        flip(own_cluster, "fakta")
    assert store.damage() == ""


def test_indexes_that_may_not_be_looked_at_are_not_tested_and_no_fault(
    own_cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.delenv("PETA_AMAN_DATABASE", raising=False)
    with psycopg.connect(own_cluster, autocommit=True) as connection:
        connection.execute("CREATE ROLE kantor LOGIN")
        connection.execute("CREATE SCHEMA kantor AUTHORIZATION kantor")
        connection.execute("GRANT CREATE ON DATABASE postgres TO kantor")
    theirs = own_cluster.replace("//peta@", "//kantor@") + "&options=-csearch_path%3Dkantor"
    monkeypatch.setenv("PETA_AMAN_DATABASE", theirs)
    place = Workspace(tmp_path / "kantor").create()
    office = place.store()
    assert office.soundness() == ("", "amcheck"), "without the extension"
    with psycopg.connect(own_cluster, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA alat")
        connection.execute("GRANT USAGE ON SCHEMA alat TO kantor")
        connection.execute("CREATE EXTENSION amcheck SCHEMA alat")
    assert office.soundness() == ("", "amcheck"), "without the right"
    checks = {check.name: check for check in examine_health(place)}
    assert (checks["basis_data"].ok, checks["indeks_tidak_diuji"].ok) == (True, True)
    with psycopg.connect(own_cluster, autocommit=True) as connection:
        connection.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA alat TO kantor")
    assert office.soundness() == ("", "")
    office.close()


def test_reading_that_loses_its_database_is_told_too(
    store: Store, own_cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.facts.commit(META, facts(5))
    with monkeypatch.context() as patched:
        patched.setattr("data.store.store.input_version", lambda c: gone(own_cluster, c.exec_driver_sql)("SELECT 1"))
        with pytest.raises(Refused, match="DATABASE_GONE"):
            store.input_version()
    assert len(store.facts.read()) == 5
