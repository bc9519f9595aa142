"""Faults that are made on purpose, each told by its name with what to do, by `check` and by the readiness route."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from campaign.intake.public import fetch_public
from campaign.office.health import examine_health
from campaign.office.mending import mend
from data.backup import backup, restore
from data.disk import storage_fault
from data.domain.actor import owner
from data.errors import Refused
from data.sealing.seal import Head
from data.store.engine import open_engine, writing
from data.workspace import DATABASE_FILE, Workspace
from pages import reading
from pages.serving import preparation, readiness
from words import has, reason_text

Run = Callable[..., tuple[int, dict[str, Any], str]]


def codes(workspace: Workspace) -> list[str]:
    found = examine_health(workspace)
    for check in found:
        assert check.ok == (check.code == "")
        if not check.ok:
            said = reason_text(check.code, check.params)
            assert said != check.code, "a code without a text"
            assert "{" not in said
    return [check.code for check in found if not check.ok]


@pytest.fixture
def ready(demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str | None]:
    monkeypatch.setenv("PETA_AMAN_WORKSPACE", str(demo_copy.path))
    monkeypatch.setattr(preparation, "_progress", preparation.Progress())
    monkeypatch.setattr(preparation, "layers_in_background", lambda: preparation.Progress())
    monkeypatch.setattr(readiness, "_kept", None)
    return lambda: readiness.not_ready()[0]


def closed(workspace: Workspace) -> Path:
    """The database file with everything in it and nobody at it."""
    reading._store.clear()
    file = workspace.path / DATABASE_FILE
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def test_a_whole_installation_is_healthy(demo_copy: Workspace, ready: Callable[[], str | None]) -> None:
    assert codes(demo_copy) == []
    assert readiness.not_ready() == (None, None)


def test_a_changed_audit_row_is_named(demo_copy: Workspace, ready: Callable[[], str | None]) -> None:
    assert ready() is None
    engine = open_engine(demo_copy.database_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE audit SET \"user\" = 'x' WHERE id = 2"))
    engine.dispose()
    (fault,) = [check for check in examine_health(demo_copy) if not check.ok]
    assert (fault.code, fault.params["row"]) == ("AUDIT_BROKEN", 2)
    assert ready() == "AUDIT_BROKEN"


def test_a_lost_key_is_named(demo_copy: Workspace, ready: Callable[[], str | None], peta_aman: Run) -> None:
    (demo_copy.path / "kunci.pem").unlink()
    assert codes(demo_copy) == ["KEY_LOST"]
    assert ready() == "KEY_LOST"
    code, told, _ = peta_aman("audit", workspace=demo_copy)
    assert (code, told["reason"]) == (4, "KEY_LOST")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(13, "denied", "/x/peta-1.topo.json"), "FILE_UNREADABLE"),
        (OSError(28, "full"), "DISK_FULL"),
        (OperationalError("SELECT", {}, sqlite3.OperationalError("?")), "DATABASE_UNREADABLE"),
    ],
)
def test_what_cannot_be_read_in_the_middle_of_the_check_is_named(
    demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("geo.boundaries.proof.damaged_boundaries", fails)
    assert codes(demo_copy) == [code]


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def one_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("kind", "damage"), [("topo", cut_short), ("names", Path.unlink), ("meta", one_bit)])
def test_a_damaged_layer_is_named_and_made_again(
    demo_copy: Workspace, ready: Callable[[], str | None], damage: Callable[[Path], None], kind: str
) -> None:
    file = next(demo_copy.layers.glob(f"peta-*.{kind}.json"))
    before = sorted(path.name for path in demo_copy.layers.iterdir())
    damage(file)
    assert codes(demo_copy) == ["LAYER_DAMAGED"]
    assert ready() == "LAYER_DAMAGED"
    assert mend(demo_copy) == [file.name]
    assert codes(demo_copy) == []
    assert sorted(path.name for path in demo_copy.layers.iterdir()) == before


def test_a_damaged_packed_layer_is_found_too(demo_copy: Workspace) -> None:
    file = next(demo_copy.layers.glob("peta-*.topo.json.gz"))
    file.write_bytes(gzip.compress(b"{}"))
    assert codes(demo_copy) == ["LAYER_DAMAGED"]


def test_layers_without_hashes_of_an_older_version_are_proven_otherwise(demo_copy: Workspace) -> None:
    path = next(demo_copy.layers.glob("peta-*.meta.json"))
    meta = {name: told for name, told in json.loads(path.read_text(encoding="utf-8")).items() if "sidik" not in name}
    body = json.dumps(meta, ensure_ascii=False).encode()
    path.write_bytes(body)
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(body))
    assert codes(demo_copy) == []
    topo = next(demo_copy.layers.glob("peta-*.topo.json"))
    changed = topo.read_bytes().replace(b"1", b"2", 1)
    topo.write_bytes(changed)
    topo.with_name(f"{topo.name}.gz").write_bytes(gzip.compress(changed))
    assert codes(demo_copy) == ["LAYER_DAMAGED"]


def test_a_damaged_boundary_file_is_named(demo_copy: Workspace, ready: Callable[[], str | None]) -> None:
    cut_short(next(demo_copy.boundaries.glob("*.parquet")))
    assert codes(demo_copy) == ["BOUNDARY_DAMAGED"]
    assert ready() == "BOUNDARY_DAMAGED"


def test_a_damaged_page_of_the_database_is_named(
    demo_copy: Workspace, ready: Callable[[], str | None], peta_aman: Run
) -> None:
    file = closed(demo_copy)
    with file.open("r+b") as raw:
        for page in range(40, file.stat().st_size // 4096, 7):
            raw.seek(page * 4096)
            raw.write(b"\xff" * 200)
    assert codes(demo_copy) == ["DATABASE_DAMAGED"]
    assert ready() == "DATABASE_DAMAGED"
    code, told, _ = peta_aman("check", workspace=demo_copy)
    assert (code, told["ok"], [one["code"] for one in told["problems"]]) == (1, False, ["DATABASE_DAMAGED"])
    assert "cadangan" in told["problems"][0]["message"]


def test_a_clock_that_went_back_is_named_and_recorded(demo_copy: Workspace, ready: Callable[[], str | None]) -> None:
    store = demo_copy.store()
    with store._database.writing() as connection:
        from data.store.chain import append, head_of, write_head

        append(connection, "ani", "view", {})
        later = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=3)).isoformat(timespec="seconds")
        write_head(connection, Head(**{**vars(head_of(connection)), "at": later}))
    assert codes(demo_copy) == ["CLOCK_BACK"]
    assert ready() == "CLOCK_BACK"
    store.audit.record("budi", "view", {})
    assert store.audit.rows()["act"].tolist()[-2:] == ["clock_back", "view"]
    assert codes(demo_copy) == []
    store.close()


@pytest.mark.parametrize(("free", "code"), [(150_000_000, "DISK_LOW"), (1_000, "DISK_FULL")])
def test_little_room_is_told_before_it_is_none(
    demo_copy: Workspace, ready: Callable[[], str | None], monkeypatch: pytest.MonkeyPatch, free: int, code: str
) -> None:
    monkeypatch.setattr("campaign.office.health.free_bytes", lambda path: free)
    assert codes(demo_copy) == [code]
    assert readiness.not_ready() == ((None, "DISK_LOW") if code == "DISK_LOW" else ("DISK_FULL", None))


def test_files_of_an_older_version_are_closed_to_others(demo_copy: Workspace) -> None:
    for path in [demo_copy.path, *demo_copy.path.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert "FILES_OPEN" in codes(demo_copy)
    demo_copy.store().close()
    assert codes(demo_copy) == []
    modes = {path.stat().st_mode & 0o777 for path in demo_copy.path.rglob("*")}
    assert modes == {0o600, 0o700}
    assert demo_copy.path.stat().st_mode & 0o777 == 0o700


def test_every_file_that_is_made_is_its_owners_alone(demo_copy: Workspace) -> None:
    """Whatever the umask: also what a fetch that came to nothing leaves, and the files and folders of a restore."""
    cut_short(next(demo_copy.layers.glob("peta-*.topo.json")))
    before = os.umask(0)
    try:
        store = demo_copy.store()
        store.audit.record("ani", "view", {})
        assert mend(demo_copy)
        with pytest.raises(Refused, match="NO_INTERNET"):
            fetch_public(owner("ani"), store, demo_copy, base_url="http://127.0.0.1:1")
        backup(demo_copy, demo_copy.path.parent / "cadangan.zip")
        back = Workspace(demo_copy.path.parent / "kembali")
        restore(back, demo_copy.path.parent / "cadangan.zip")
        back.store().close()
        made = [demo_copy.path.parent / "cadangan.zip", back.path, *back.path.rglob("*"), *demo_copy.path.rglob("*")]
        open_to_others = [path for path in made if path.stat().st_mode & 0o077]
        store.close()
    finally:
        os.umask(before)
    assert (demo_copy.path / "unduhan").is_dir()
    assert open_to_others == []


@pytest.fixture
def small_disk(demo_workspace: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace on a disk of its own, of 24 MB."""
    place = tmp_path / "cakram"
    place.mkdir()
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a small disk of its own needs the right to mount")
    words = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
    if subprocess.run(words, check=False, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("a small disk of its own needs the right to mount")
    try:
        shutil.copytree(demo_workspace.path, place / "kerja")
        yield Workspace(place / "kerja")
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def fill(folder: Path) -> Path:
    file = folder / "penuh"
    with file.open("wb", buffering=0) as raw:
        try:
            while True:
                raw.write(b"x" * 4096)
        except OSError as fault:
            found = storage_fault(fault, folder)
            assert found is not None
            assert (found.reason, found.params) == ("DISK_FULL", {"free": 0})
    return file


def test_a_full_disk_is_named_and_reading_goes_on(small_disk: Workspace, peta_aman: Run) -> None:
    store = small_disk.store()
    villages = len(store.gazetteer.villages())
    filler = fill(small_disk.path.parent)
    with pytest.raises(Refused, match="DISK_FULL"):
        store.audit.record("ani", "view", {"x": "y" * 200_000})
    assert len(store.gazetteer.villages()) == villages
    store.close()
    code, told, _ = peta_aman("check", workspace=small_disk)
    assert code == 1
    assert told["problems"][0]["code"] == "DISK_FULL"
    assert "AUDIT_BROKEN" not in [one["code"] for one in told["problems"]]
    code, told, _ = peta_aman("batches", workspace=small_disk)
    assert code == 0, "a new process reads too"
    source = small_disk.path.parent.parent / "kasus.csv"
    source.write_text("Kode Desa;Desa;Tahun;Jumlah Kasus TPPO\n53.01.04.2003;Bokonusan;2024;1\n", encoding="utf-8")
    code, told, said = peta_aman("import", "kasus", source, "--source", "Uji", workspace=small_disk)
    assert (code, told["reason"], told["committed"]) == (4, "DISK_FULL", False), said
    filler.unlink()
    store = small_disk.store()
    store.audit.record("ani", "view", {})
    assert store.audit.verify().broken is None
    store.close()


def test_a_read_only_folder_is_named_and_reading_goes_on(small_disk: Workspace, peta_aman: Run) -> None:
    small_disk.store().close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk.path.parent)], check=True)
    code, told, problem = peta_aman("check", workspace=small_disk)
    assert code == 1, (told, problem)
    assert "problems" in told, (told, problem)
    assert "FOLDER_READ_ONLY" in [one["code"] for one in told["problems"]]
    code, _, _ = peta_aman("batches", workspace=small_disk)
    assert code == 0
    store = small_disk.store()
    with pytest.raises(Refused, match="FOLDER_READ_ONLY"):
        store.audit.record("ani", "view", {})
    store.close()
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk.path.parent)], check=True)


def test_every_fault_has_a_text_that_says_what_to_do() -> None:
    for code in ("DISK_FULL", "DISK_LOW", "DATABASE_DAMAGED", "LAYER_DAMAGED", "AUDIT_BROKEN", "CLOCK_BACK"):
        assert has(f"intake.{code}")
