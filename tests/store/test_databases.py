"""A workspace whose tables are in PostgreSQL: made, used, refused and cleaned up as one with a file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from campaign.office.installation import prepare
from data.errors import PetaAmanError, Refused, WrongUse
from data.store.engine import open_engine
from data.workspace import DATABASE_FILE, Workspace

GAZETTEER = "\n".join(
    ["kode,kode_bps,nama,jenis,kode_kec,kecamatan,kode_kab,kabupaten,penduduk,kode_lama,lon,lat"]
    + [
        f"97.0{kab}.0{kec}.200{desa},,Sukamaju {desa},desa,97.0{kab}.0{kec},Kecamatan {kab}{kec},97.0{kab},"
        f"Kabupaten {kab},{400 + 37 * desa},,{130 + kab + 0.1 * desa},{-2 - 0.1 * kec}"
        for kab in (1, 2)
        for kec in (1, 2, 3)
        for desa in range(1, 9)
    ]
)


@pytest.fixture
def gazetteer(tmp_path: Path) -> Path:
    (tmp_path / "g.csv").write_text(GAZETTEER, encoding="utf-8")
    return tmp_path / "g.csv"


def test_an_installation_is_made_and_scored_on_either_database(database: str, gazetteer: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "kerja")
    made = prepare(workspace, gazetteer=gazetteer)
    assert made["score_version"]
    assert (workspace.path / DATABASE_FILE).exists() == (database == "sqlite")
    store = workspace.store()
    assert len(store.scores.table()) == 48
    assert store.scores.table("kecamatan")["kode"].tolist() == sorted(store.scores.table("kecamatan")["kode"])
    assert store.scores.version() is not None
    store.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_in_use_is_not_taken_for_a_second_workspace(database: str, gazetteer: Path, tmp_path: Path) -> None:
    first = Workspace(tmp_path / "satu")
    prepare(first, gazetteer=gazetteer, demo=False)
    store = first.store()
    before = store.table_hashes()
    store.close()
    with pytest.raises(Refused) as fault:
        prepare(Workspace(tmp_path / "dua"), gazetteer=gazetteer, demo=False)
    assert fault.value.reason == "DATABASE_IN_USE"
    assert not (tmp_path / "dua").exists()
    store = first.store()
    assert store.table_hashes() == before
    store.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_failed_installation_leaves_the_database_empty(database: str, gazetteer: Path, tmp_path: Path) -> None:
    (tmp_path / "rusak.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(PetaAmanError):
        prepare(Workspace(tmp_path / "kerja"), gazetteer=gazetteer, boundaries=tmp_path / "rusak.geojson", demo=False)
    made = prepare(Workspace(tmp_path / "kerja"), gazetteer=gazetteer, demo=False)
    assert made["villages"] == 48


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_folder_without_its_tables_is_not_used(
    database: str, gazetteer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "kerja")
    prepare(workspace, gazetteer=gazetteer, demo=False)
    monkeypatch.delenv("PETA_AMAN_DATABASE")
    with pytest.raises(Refused) as fault:
        workspace.store()
    assert fault.value.reason == "DATABASE_OTHER"
    assert not (workspace.path / DATABASE_FILE).exists()


def test_another_kind_of_database_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("mysql://u@h/d", "tanpa arti"):
        monkeypatch.setenv("PETA_AMAN_DATABASE", address)
        with pytest.raises(WrongUse) as fault:
            Workspace(tmp_path / "kerja").store()
        assert fault.value.reason == "DATABASE_URL"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_writer_waits_in_bounds_for_another(
    database: str, gazetteer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "kerja")
    prepare(workspace, gazetteer=gazetteer, demo=False)
    monkeypatch.setattr("data.store.engine.BUSY_SECONDS", 1)
    store, other = workspace.store(), open_engine(workspace.database_url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(5301042003)"))
        with pytest.raises(Refused) as fault:
            store.audit.record("ani", "view", {})
        assert fault.value.reason == "DATABASE_BUSY"
        connection.rollback()
    store.audit.record("ani", "view", {})
    assert isinstance(store.audit.trail(), pd.DataFrame)
    store.close()
    other.dispose()
