from __future__ import annotations

import datetime as dt
import errno
import shutil
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.batches import BatchMeta
from data.choose import chosen
from data.disk import storage_fault
from data.errors import Refused, WrongUse
from data.files import write_atomically
from data.store.migrate import HEAD
from data.store.store import Store
from data.store.tables import metadata
from data.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, database: str) -> Workspace:
    """All tests of the store run on SQLite and on PostgreSQL."""
    return Workspace(tmp_path / "kerja").create()


def facts(kode: list[str], value: list[float | None], indikator: str = "tppo", year: int = 2024) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indikator": indikator,
            "level": "desa",
            "kode": kode,
            "value": value,
            "row": range(2, len(kode) + 2),
            "period_start": dt.date(year, 1, 1),
            "period_end": dt.date(year, 12, 31),
            "unit": "orang",
        }
    )


META = BatchMeta("kasus", "Polres uji", file_name="kasus.csv", sha256="0" * 64, user="ani", as_of=dt.date(2025, 1, 3))


def test_gazetteer_comes_back_as_it_went_in(store: Store, gazetteer: pd.DataFrame) -> None:
    store.gazetteer.replace(gazetteer.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(store.gazetteer.villages(), gazetteer, check_dtype=False)


def test_levels_above_the_village(filled: Store) -> None:
    assert filled.gazetteer.areas("kabupaten").to_dict("list") == {
        "kode": ["98.01", "98.02", "98.71"],
        "nama": ["Kabupaten Lontar", "Kabupaten Cendana", "Kota Lontar"],
        "induk": ["98", "98", "98"],
    }
    assert len(filled.gazetteer.areas("kecamatan")) == 6
    with pytest.raises(ValueError, match="dusun"):
        filled.gazetteer.areas("dusun")


def test_a_code_given_twice_is_not_a_gazetteer(store: Store, gazetteer: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="twice"):
        store.gazetteer.replace(pd.concat([gazetteer, gazetteer.head(1)]))
    assert store.gazetteer.villages().empty


def test_facts_keep_period_source_row_and_missing_is_not_zero(filled: Store) -> None:
    name = filled.facts.commit(META, facts(["98.01.01.2001", "98.01.01.2002"], [0.0, None]))
    stored = filled.facts.read(jenis="kasus", indikator="tppo", level="desa")
    assert stored["batch"].tolist() == [name, name]
    assert stored["value"].iloc[0] == 0
    assert np.isnan(stored["value"].iloc[1])
    assert stored["row"].tolist() == [2, 3]
    assert stored["source"].unique().tolist() == ["Polres uji"]
    assert stored["period_end"].dt.date.unique().tolist() == [dt.date(2024, 12, 31)]
    assert stored["as_of"].dt.date.unique().tolist() == [dt.date(2025, 1, 3)]
    assert filled.facts.read(jenis="kemiskinan").empty


def test_undo_brings_every_table_back_in_any_order(filled: Store) -> None:
    def state() -> tuple[dict[str, str], str]:
        return filled.table_hashes(), filled.input_version()

    before = state()
    first = filled.facts.commit(META, facts(["98.01.01.2001"], [1.0]))
    with_first = state()
    second = filled.facts.commit(META, facts(["98.02.01.2001"], [4.0]))
    border = filled.boundaries.add_one(BatchMeta("batas", "uji"), "desa", "abc", "abc.parquet", "resmi", "uji", 24)
    assert filled.boundaries.newest("desa") is not None
    filled.batches.undo(border, "ani")
    assert filled.boundaries.newest("desa") is None
    filled.batches.undo(second, "ani")
    assert state() == with_first
    third = filled.facts.commit(META, facts(["98.02.01.2001"], [4.0]))
    filled.batches.undo(first, "ani")
    assert state() != before
    filled.batches.undo(third, "ani")
    assert state() == before
    log = filled.batches.all().set_index("batch")
    assert len(log) == 4
    assert (log["status"] == "dibatalkan").all()


def test_batch_ids_are_never_given_twice(filled: Store) -> None:
    first = filled.facts.commit(META, facts(["98.01.01.2001"], [1.0]))
    filled.batches.undo(first, "ani")
    second = filled.facts.commit(META, facts(["98.01.01.2001"], [1.0]))
    assert first.endswith("-0001")
    assert second.endswith("-0002")


def test_undo_says_what_cannot_be_undone(filled: Store) -> None:
    with pytest.raises(WrongUse) as unknown:
        filled.batches.undo("B20200101-0001", "ani")
    assert (unknown.value.reason, unknown.value.exit_code) == ("UNKNOWN_BATCH", 2)
    name = filled.facts.commit(META, facts(["98.01.01.2001"], [1.0]))
    filled.batches.undo(name, "ani")
    with pytest.raises(WrongUse) as twice:
        filled.batches.undo(name, "ani")
    assert twice.value.reason == "BATCH_ALREADY_UNDONE"


def test_the_second_officer_is_told_when_the_first_was_faster(filled: Store) -> None:
    seen = filled.input_version()
    filled.facts.commit(META, facts(["98.01.01.2001"], [1.0]), expected=seen)
    with pytest.raises(Refused) as fault:
        filled.facts.commit(META, facts(["98.01.01.2001"], [2.0]), expected=seen)
    assert fault.value.reason == "DATA_CHANGED"
    assert filled.facts.read()["value"].tolist() == [1.0]


def test_a_batch_that_breaks_leaves_nothing(filled: Store) -> None:
    before = filled.table_hashes()
    broken = facts(["98.01.01.2001"], [1.0]).assign(kode=None)
    with pytest.raises(Exception, match=r"(?i)not.null"):
        filled.facts.commit(META, broken)
    assert filled.table_hashes() == before
    assert filled.batches.all().empty
    with pytest.raises(ValueError, match="period_start"):
        filled.facts.commit(META, facts(["98.01.01.2001"], [1.0]).drop(columns="period_start"))


def test_official_boundaries_win_over_approximate_ones(store: Store) -> None:
    meta = BatchMeta("batas", "uji")
    store.boundaries.add_one(meta, "desa", "aaa", "aaa.parquet", "resmi", "BIG", 20)
    store.boundaries.add_one(meta, "desa", "bbb", "bbb.parquet", "perkiraan", "Natural Earth", 24)
    found = store.boundaries.newest("desa")
    assert found is not None
    assert (found.version, found.n_polygons) == ("aaa", 20)
    newer = store.boundaries.add_one(meta, "desa", "ccc", "ccc.parquet", "resmi", "BIG", 21)
    assert store.boundaries.newest("desa").version == "ccc"
    store.batches.undo(newer, "ani")
    assert store.boundaries.newest("desa").version == "aaa"
    assert store.boundaries.newest("kecamatan") is None


def score_table(gazetteer: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "level": "desa",
            "kode": gazetteer["kode"],
            "skor": np.linspace(0, 100, len(gazetteer)),
            "skor_bawah": 1.0,
            "skor_atas": 99.0,
            "p_top": np.nan,
            "prioritas": "I",
            "kualitas_data": "B",
            "alasan": [[{"kunci": "alasan.kemiskinan", "nilai": {"persen": np.float64(31.5)}}]] * len(gazetteer),
            "internal": [{"harapan": 0.25}] * len(gazetteer),
        }
    )


def test_scores_by_version_and_without_what_is_internal(filled: Store, gazetteer: pd.DataFrame) -> None:
    assert filled.scores.version() is None
    assert filled.scores.table().empty
    meta = {"input_version": filled.input_version(), "boundary_version": "", "n_top": 5, "evaluation": {"auc": 0.7}}
    old = filled.scores.save(meta, score_table(gazetteer))
    new = filled.scores.save(meta | {"n_top": 9}, score_table(gazetteer).head(3))
    assert filled.scores.needed_version().versi == new
    assert (found := filled.scores.version(old))
    assert found.evaluation == {"auc": 0.7}
    assert len(filled.scores.table()) == 3
    table = filled.scores.table(versi=old)
    assert table["kode"].tolist() == gazetteer["kode"].tolist()
    assert "internal" not in table
    assert table["alasan"].iloc[0] == [{"kunci": "alasan.kemiskinan", "nilai": {"persen": 31.5}}]
    assert table["p_top"].isna().all()
    assert filled.scores.internal(versi=old)["internal"].iloc[0] == {"harapan": 0.25}


def test_state_key_moves_with_every_change_and_stays_otherwise(filled: Store, gazetteer: pd.DataFrame) -> None:
    seen = [filled.state_key()]
    assert filled.state_key() == seen[0]
    name = filled.facts.commit(META, facts(["98.01.01.2001"], [1.0]))
    seen.append(filled.state_key())
    filled.batches.undo(name, "ani")
    seen.append(filled.state_key())
    filled.boundaries.add_one(BatchMeta("batas", "uji"), "desa", "a", "a.parquet", "resmi", "uji", 1)
    seen.append(filled.state_key())
    version = filled.input_version()
    filled.scores.save({"input_version": version, "n_top": 5}, score_table(gazetteer))
    seen.append(filled.state_key())
    assert len(set(seen)) == len(seen)
    assert filled.input_version() == version, "a score is not an input of a score"


def test_many_threads_read_and_write_one_store(filled: Store) -> None:
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                filled.facts.commit(META, facts(["98.01.01.2001", "98.01.01.2002"], [number, turn], f"k{number}{turn}"))
                assert len(filled.facts.read(indikator=f"k{number}{turn}")) == 2
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(filled.facts.read()) == 60
    assert filled.batches.all()["batch"].is_unique


def test_migrations_make_exactly_the_tables_the_store_uses(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    import data.store

    with store._database.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    config = Config()
    config.set_main_option("script_location", str(Path(data.store.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_database_of_a_newer_version_is_left_alone(workspace: Workspace) -> None:
    opened = workspace.store()
    with opened._database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    with pytest.raises(Refused) as fault:
        workspace.store()
    assert fault.value.reason == "DATABASE_NEWER"


def test_a_database_that_does_not_answer_is_refused(
    workspace: Workspace, database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if database == "postgresql":
        monkeypatch.setenv("PETA_AMAN_DATABASE", f"postgresql://peta@/x?host={tmp_path}")
    (workspace.path / "peta-aman.db").write_bytes(b"this is not a database, by any measure at all" * 50)
    with pytest.raises(Refused) as fault:
        workspace.store()
    assert fault.value.reason == ("DATABASE_DAMAGED" if database == "sqlite" else "DATABASE_UNREADABLE")


def test_a_copied_workspace_is_a_backup(filled: Store, workspace: Workspace, tmp_path: Path) -> None:
    filled.facts.commit(META, facts(["98.01.01.2001"], [1.0]))
    hashes = filled.table_hashes()
    filled.close()
    shutil.copytree(workspace.path, tmp_path / "salinan")
    copy = Workspace(tmp_path / "salinan").store()
    assert copy.table_hashes() == hashes
    copy.close()


def test_locating_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PETA_AMAN_WORKSPACE", raising=False)
    assert Workspace.locate().path == tmp_path / "workspace"
    monkeypatch.setenv("PETA_AMAN_WORKSPACE", str(tmp_path / "dari-env"))
    assert Workspace.locate().path == tmp_path / "dari-env"
    assert Workspace.locate(str(tmp_path / "x")).path == tmp_path / "x"
    assert not Workspace.locate().exists()
    assert Workspace.locate().create().exists()


def test_writing_a_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a" / "b.txt"
    write_atomically(target, b"satu")
    write_atomically(target, b"dua")
    assert target.read_bytes() == b"dua"
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk")))
    with pytest.raises(OSError, match="disk"):
        write_atomically(target, b"tiga")
    assert target.read_bytes() == b"dua"
    assert [path.name for path in target.parent.iterdir()] == ["b.txt"]


def test_a_fault_of_ours_is_not_its_own_cause(filled: Store, tmp_path: Path) -> None:
    """Whoever looks along its causes for a full disk comes to an end."""
    for transaction in (filled._database.writing, filled._database.reading):
        with pytest.raises(DBAPIError) as fault, transaction() as connection:
            connection.execute(text("SELECT nothing FROM nowhere"))
        assert fault.value.__cause__ is not fault.value
        assert storage_fault(fault.value, tmp_path) is None
    one, other = ValueError(), OSError(errno.ENOSPC, "full")
    one.__cause__ = one
    assert storage_fault(one, tmp_path) is None
    one.__cause__, other.__cause__ = other, one
    found = storage_fault(one, tmp_path)
    assert found is not None
    assert found.reason == "DISK_FULL"


def test_a_file_for_others_is_as_open_as_files_usually_are_and_the_umask_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = tmp_path / "biasa"
    usual.touch()
    monkeypatch.setattr("os.umask", lambda _mask: pytest.fail("other threads write meanwhile, with this mask"))
    write_atomically(tmp_path / "keluar" / "daftar.csv", b"x", private=False)
    write_atomically(tmp_path / "dalam" / "lapisan.json", b"x")
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("keluar/daftar.csv", "dalam/lapisan.json", "dalam")]
    assert modes == [usual.stat().st_mode & 0o777, 0o600, 0o700]


def test_a_preferred_source_is_used_told_and_taken_back(filled: Store) -> None:
    for source, value in (("Polres", 4.0), ("Dinas", 6.0)):
        filled.facts.commit(BatchMeta("kasus", source), facts(["98.01.01.2001"], [value]))
    before, version = filled.table_hashes(), filled.input_version()
    assert chosen(filled.facts.read())["value"].tolist() == [6.0]
    seen = filled.audit.last()
    filled.preferences.set("kasus", "tppo", "desa", "Polres", "Laporan polisi sudah diperiksa", "ani")
    assert chosen(filled.facts.read())[["value", "alasan_pilih"]].to_numpy().tolist() == [[4.0, "sumber_pilihan"]]
    assert filled.input_version() != version, "a score made before is out of date"
    assert filled.audit.since(seen)[["user", "act"]].to_numpy().tolist() == [["ani", "prefer_source"]]
    with pytest.raises(Refused, match="DATA_CHANGED"):
        filled.facts.commit(META, facts(["98.01.01.2001"], [1.0]), expected=version)
    again = filled.preferences.set("kasus", "tppo", "desa", "Dinas", "Dinas lebih lengkap tahun ini", "budi")
    assert filled.preferences.all()[["id", "source"]].to_numpy().tolist() == [[again, "Dinas"]], "one for a figure"
    filled.preferences.forget(again, "ani")
    assert (filled.table_hashes(), filled.input_version()) == (before, version)
    with pytest.raises(WrongUse, match="UNKNOWN_PREFERENCE"):
        filled.preferences.forget(again, "ani")
