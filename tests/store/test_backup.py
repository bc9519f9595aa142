"""Backup and restore as an office meets them: copies while in use, damaged files, other versions and databases."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.archive import signed_part
from data.backup import backup, restore
from data.batches import BatchMeta
from data.errors import Refused, WrongUse
from data.sealing.key import Key
from data.sealing.seal import Head
from data.store.migrate import HEAD
from data.workspace import Workspace
from tests.databases import empty_schema

Run = Callable[..., tuple[int, dict[str, Any], str]]
FACTS = {"level": "desa", "period_start": dt.date(2024, 1, 1), "period_end": dt.date(2024, 12, 31), "unit": "orang"}


def facts(number: int, value: float = 1.5) -> pd.DataFrame:
    kode = [f"98.01.01.{2001 + index}" for index in range(number)]
    return pd.DataFrame({**FACTS, "indikator": "tppo", "kode": kode, "value": value, "row": range(2, number + 2)})


@pytest.fixture
def workspace(tmp_path: Path, database: str) -> Workspace:
    return small_workspace(tmp_path / "kerja")


def small_workspace(path: Path) -> Workspace:
    """A workspace with a fact that is missing, an undone batch, a boundary file, a layer and a plan."""
    place = Workspace(path).create()
    store = place.store()
    (place.boundaries / "a.parquet").write_bytes(os.urandom(2000))
    (place.layers / "peta-1.topo.json").write_bytes(b'{"x": 1}' * 100)
    (place.path / "rencana").mkdir()
    (place.path / "rencana" / "rencana 1.json").write_text("{}", encoding="utf-8")
    store.facts.commit(BatchMeta("kasus", "Polres Añu “x”", report={"a": 1}), facts(3))
    store.facts.commit(BatchMeta("kasus", "uji"), facts(2).assign(value=[float("nan"), 1 / 3]))
    store.batches.undo(store.facts.commit(BatchMeta("kasus", "uji"), facts(4)), "ani")
    store.boundaries.add_one(BatchMeta("batas", "uji"), "desa", "v1", "a.parquet", "resmi", "uji", 3)
    store.close()
    return place


def state(workspace: Workspace) -> dict[str, Any]:
    store = workspace.store()
    try:
        return {
            "tables": store.table_hashes(),
            "input": store.input_version(),
            "batches": store.batches.all().to_dict("list"),
            "audit": store.audit.trail().to_dict("list"),
        }
    finally:
        store.close()


@pytest.fixture
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cadangan")
    backup(small_workspace(folder / "kerja"), folder / "a.zip")
    return folder / "a.zip"


def seal_again(file: Path, change: Callable[[dict[str, bytes]], None], *, key: Key | None = None) -> None:
    """Rewrites a backup with changed members and a right checksum, as a forger would; with ``key`` also signed again
    with a key of the forger's own."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if key is not None and "manifest.json" in members and members["manifest.json"].startswith(b"{"):
        listed(members, key=key.public)
        members["manifest.sig"] = key.sign(signed_part(members["manifest.json"])).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = b"0" * 64
    body = file.read_bytes()[:-64]
    file.write_bytes(body + hashlib.sha256(body).hexdigest().encode())


def listed(members: dict[str, bytes], /, **changes: Any) -> None:
    manifest = json.loads(members["manifest.json"])
    members["manifest.json"] = json.dumps({**manifest, **changes}).encode()


def test_everything_comes_back(
    workspace: Workspace, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    before = state(workspace)
    made = backup(workspace, tmp_path / "a.zip")
    assert made["table_hashes"] == before["tables"]
    for target in ("sqlite", "postgresql"):
        monkeypatch.delenv("PETA_AMAN_DATABASE", raising=False)
        with empty_schema(request.getfixturevalue("postgres")) as address:
            if target == "postgresql":
                monkeypatch.setenv("PETA_AMAN_DATABASE", address)
            place = Workspace(tmp_path / f"pulih-{target}")
            done = restore(place, tmp_path / "a.zip")
            assert done["table_hashes"] == before["tables"]
            after = state(place)
            row = {name: column.pop(0) for name, column in after["audit"].items()}
            assert after == before
            assert (row["act"], json.loads(row["what_json"])["head"]) == ("restore", made["head"])
            for name in ("batas/a.parquet", "lapisan/peta-1.topo.json", "rencana/rencana 1.json"):
                assert (place.path / name).read_bytes() == (workspace.path / name).read_bytes()
            assert sorted(p.name for p in place.path.iterdir() if not p.name.startswith("peta-aman.db")) == [
                "basis-data.id",
                "batas",
                "jejak.json",
                "kunci.pem",
                "lapisan",
                "rencana",
            ]
            store = place.store()
            number = store.facts.commit(BatchMeta("kasus", "sesudah"), facts(2))
            assert number not in before["batches"]["batch"]
            assert len(store.facts.read()) == 7
            store.close()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_backup_while_others_import_is_one_moment(workspace: Workspace, tmp_path: Path) -> None:
    stop = threading.Event()
    faults: list[BaseException] = []

    def officer() -> None:
        store = workspace.store()
        try:
            number = 0
            while not stop.is_set():
                number += 1
                store.facts.commit(BatchMeta("kasus", f"k{number}"), facts(50, float(number)))
                time.sleep(0.002)  # else the writers leave one another no time on a small machine
        except BaseException as fault:
            faults.append(fault)
        finally:
            store.close()

    thread = threading.Thread(target=officer)
    thread.start()
    try:
        for number in range(3):
            time.sleep(0.1)
            backup(workspace, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        thread.join()
    assert not faults
    sizes = []
    for number in range(3):
        with zipfile.ZipFile(tmp_path / f"{number}.zip") as archive:
            rows = [json.loads(line) for line in archive.read("tabel/fakta.jsonl").splitlines()]
            batches = {row["batch"] for row in map(json.loads, archive.read("tabel/batch.jsonl").splitlines())}
        per = pd.Series([row["batch"] for row in rows if row["source"].startswith("k")]).value_counts()
        assert (per == 50).all(), "half a batch in the backup"
        assert {row["batch"] for row in rows} <= batches
        sizes.append(len(rows))
    assert sizes == sorted(sizes)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_one_changed_byte_anywhere_is_found(sealed: Path, place: float, flip: int) -> None:
    content = bytearray(sealed.read_bytes())
    at = int(place * len(content))
    content[at] ^= flip
    damaged = sealed.with_name("rusak.zip")
    damaged.write_bytes(content)
    refused(damaged, "BACKUP_DAMAGED")


def refused(file: Path, reason: str) -> Refused:
    target = file.parent / "pulih"
    with pytest.raises(Refused) as fault:
        restore(Workspace(target), file)
    assert fault.value.reason == reason
    assert not target.exists()
    assert not [path for path in file.parent.iterdir() if path.name.startswith(".")]
    return fault.value


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 0.5, 0.99])
def test_a_cut_backup_is_refused(sealed: Path, length: float) -> None:
    content = sealed.read_bytes()
    sealed.write_bytes(content[: int(length if length >= 1 else length * len(content))])
    refused(sealed, "BACKUP_DAMAGED")


@pytest.mark.parametrize(
    "name",
    [
        "../luar.txt",
        "/tmp/luar.txt",
        "batas/../../luar",
        "batas\\..\\luar",
        "C:/luar",
        "batas/.x",
        "peta-aman.db",
        "tabel/",
    ],
)
def test_a_forged_name_is_refused(sealed: Path, name: str) -> None:
    def change(members: dict[str, bytes]) -> None:
        told = json.loads(members["manifest.json"])["members"]
        told[name] = {"sha256": hashlib.sha256(b"x").hexdigest(), "bytes": 1}
        members[name] = b"x"
        listed(members, members=told)

    seal_again(sealed, change, key=Key.of(sealed.parent))
    refused(sealed, "BACKUP_DAMAGED")


def forge_hash(members: dict[str, bytes]) -> None:
    members["batas/a.parquet"] += b"x"


def forge_row(members: dict[str, bytes]) -> None:
    lines = members["tabel/fakta.jsonl"].replace(b'"value":1.5', b'"value":9.5', 1)
    told = json.loads(members["manifest.json"])["members"]
    told["tabel/fakta.jsonl"] = {"sha256": hashlib.sha256(lines).hexdigest(), "bytes": len(lines)}
    members["tabel/fakta.jsonl"] = lines
    listed(members, members=told)


def forge_table(members: dict[str, bytes]) -> None:
    told = json.loads(members["manifest.json"])["members"]
    told["tabel/orang.jsonl"] = {"sha256": hashlib.sha256(b"").hexdigest(), "bytes": 0}
    members["tabel/orang.jsonl"] = b""
    listed(members, members=told)


@pytest.mark.parametrize(
    "change",
    [
        forge_hash,
        forge_row,
        forge_table,
        lambda m: m.pop("tabel/batch.jsonl"),
        lambda m: m.pop("manifest.json"),
        lambda m: m.update({"manifest.json": b"[]"}),
        lambda m: listed(m, members=None),
        lambda m: m.update({"batas/lain.parquet": b"x"}),
    ],
)
def test_a_forged_backup_is_refused(sealed: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    original = sealed.read_bytes()
    seal_again(sealed, change)
    with pytest.raises(Refused) as fault:
        restore(Workspace(sealed.parent / "pulih"), sealed)
    assert fault.value.reason in ("BACKUP_DAMAGED", "BACKUP_FORGED")
    sealed.write_bytes(original)
    seal_again(sealed, change, key=Key.of(sealed.parent))
    refused(sealed, "BACKUP_DAMAGED")


@pytest.mark.parametrize("newer", [{"revision": "9999"}, {"format": 3}])
def test_a_backup_of_a_newer_version_is_refused(sealed: Path, newer: dict[str, Any]) -> None:
    seal_again(sealed, lambda members: listed(members, **newer))
    fault = refused(sealed, "DATABASE_NEWER")
    assert fault.params["known"] == HEAD


def without_chain(lines: bytes) -> bytes:
    """The audit as it was written before it was a chain."""
    rows = [json.loads(line) for line in lines.splitlines()]
    chain = ("account", "earlier", "before", "hash")
    kept = [{name: told for name, told in row.items() if name not in chain} for row in rows]
    return b"".join(json.dumps(row).encode() + b"\n" for row in kept)


def without_head(lines: bytes) -> bytes:
    return b"".join(line + b"\n" for line in lines.splitlines() if b'"jejak"' not in line)


def test_a_backup_of_an_older_version_is_brought_up_to_date(sealed: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        first = ("keadaan", "gazetir", "batch", "fakta", "batas", "skor_versi", "skor", "audit")
        for name in [n for n in members if n.startswith("tabel/") and Path(n).stem not in first]:
            members.pop(name)
        told = json.loads(members["manifest.json"])["members"]
        members["tabel/audit.jsonl"] = without_chain(members["tabel/audit.jsonl"])
        audit = members["tabel/audit.jsonl"]
        told["tabel/audit.jsonl"] = {"sha256": hashlib.sha256(audit).hexdigest(), "bytes": len(audit)}
        members["tabel/keadaan.jsonl"] = without_head(members["tabel/keadaan.jsonl"])
        states = members["tabel/keadaan.jsonl"]
        told["tabel/keadaan.jsonl"] = {"sha256": hashlib.sha256(states).hexdigest(), "bytes": len(states)}
        kept = {name: one for name, one in told.items() if name in members}
        members.pop("manifest.sig")
        listed(members, format=1, revision="0001", members=kept)

    seal_again(sealed, change)
    place = Workspace(sealed.parent / "pulih")
    with pytest.raises(Refused, match="BACKUP_UNSIGNED"):
        restore(place, sealed)
    restore(place, sealed, unsigned=True)
    store = place.store()
    found = store.audit.verify()
    assert (found.broken, found.rows - found.earlier) == (None, 1), "the old rows are marked as from before"
    store.close()
    assert state(place)["tables"] == state(Workspace(sealed.parent / "kerja"))["tables"]


LATER_TABLES = ("akun",)
"""Tables of accounts, which a backup of that time does not have."""


def test_a_backup_made_before_migrations_were_renumbered_comes_back(sealed: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        told = json.loads(members["manifest.json"])["members"]
        for name, without in (("tabel/audit.jsonl", without_chain), ("tabel/keadaan.jsonl", without_head)):
            members[name] = without(members[name])
            told[name] = {"sha256": hashlib.sha256(members[name]).hexdigest(), "bytes": len(members[name])}
        for name in LATER_TABLES:
            members.pop(f"tabel/{name}.jsonl")
            told.pop(f"tabel/{name}.jsonl")
        members.pop("manifest.sig")
        listed(members, format=1, revision="0009", members=told)

    seal_again(sealed, change)
    place = Workspace(sealed.parent / "pulih")
    restore(place, sealed, unsigned=True)
    assert state(place)["tables"] == state(Workspace(sealed.parent / "kerja"))["tables"]


def empty_the_audit(members: dict[str, bytes]) -> None:
    """The attack that was found: the audit's rows are gone and the checksums are right."""
    told = json.loads(members["manifest.json"])["members"]
    head = json.dumps({"nama": "jejak", "nilai": Head().to_text()}).encode() + b"\n"
    members["tabel/keadaan.jsonl"] = without_head(members["tabel/keadaan.jsonl"]) + head
    members["tabel/audit.jsonl"] = b""
    for name in ("tabel/audit.jsonl", "tabel/keadaan.jsonl"):
        told[name] = {"sha256": hashlib.sha256(members[name]).hexdigest(), "bytes": len(members[name])}
    listed(members, members=told, head="0:0000000000000000")


def test_a_backup_whose_audit_was_emptied_is_refused_however_it_was_sealed(sealed: Path) -> None:
    kept, original = Key.of(sealed.parent / "kerja"), sealed.read_bytes()
    seal_again(sealed, empty_the_audit)
    refused(sealed, "BACKUP_FORGED")

    def unsigned(members: dict[str, bytes]) -> None:
        empty_the_audit(members)
        members.pop("manifest.sig")
        listed(members, format=1)

    sealed.write_bytes(original)
    seal_again(sealed, unsigned)
    refused(sealed, "BACKUP_FORGED")
    sealed.write_bytes(original)
    seal_again(sealed, empty_the_audit, key=Key.of(sealed.parent))
    for known in (kept.fingerprint, str(kept.path)):
        with pytest.raises(Refused) as fault:
            restore(Workspace(sealed.parent / "pulih"), sealed, key=known)
        assert fault.value.reason == "BACKUP_FOREIGN"
        assert fault.value.params["found"] == Key.of(sealed.parent).fingerprint
    done = restore(Workspace(sealed.parent / "pulih"), sealed)
    assert done["key_known"] is False, "without anything to compare with it is told that nothing was compared"
    store = Workspace(sealed.parent / "pulih").store()
    row = json.loads(store.audit.rows()["what_json"].iloc[0])
    assert row["key"] == Key.of(sealed.parent).fingerprint
    assert row["audit_broken"] == 0, "its head bears no signature, whatever the manifest says"
    assert not store.audit.has_head(backup_head(original)), "a head printed before is not of this chain"
    store.close()


def backup_head(content: bytes) -> str:
    import io

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return str(json.loads(archive.read("manifest.json"))["head"])


def test_with_the_key_file_the_restored_workspace_goes_on_with_the_key(sealed: Path) -> None:
    kept = Key.of(sealed.parent / "kerja")
    done = restore(Workspace(sealed.parent / "pulih"), sealed, key=str(kept.path), user="ani")
    assert (done["key_known"], done["key"]) == (True, kept.fingerprint)
    assert Key.of(sealed.parent / "pulih").public == kept.public
    restore(Workspace(sealed.parent / "lain"), sealed, key=kept.fingerprint)
    assert Key.of(sealed.parent / "lain").public != kept.public
    for name in ("pulih", "lain"):
        store = Workspace(sealed.parent / name).store()
        assert store.audit.verify().broken is None
        store.close()


def test_a_passphrase_locks_the_whole_file(sealed: Path, tmp_path: Path) -> None:
    place, file = Workspace(sealed.parent / "kerja"), tmp_path / "terkunci.bin"
    with pytest.raises(WrongUse, match="PASSPHRASE_SHORT"):
        backup(place, file, passphrase="pendek")
    made = backup(place, file, passphrase="kata sandi yang panjang")
    assert made["locked"]
    content = file.read_bytes()
    assert b"manifest" not in content
    assert b"Polres" not in content
    for wrong in ("", "kata sandi yang lain"):
        with pytest.raises(Refused, match="BACKUP_LOCKED"):
            restore(Workspace(tmp_path / "pulih"), file, passphrase=wrong)
    for at in (len(content) // 2, len(content) - 1, 60):
        changed = bytearray(content)
        changed[at] ^= 1
        (tmp_path / "ubah.bin").write_bytes(changed)
        with pytest.raises(Refused, match=r"BACKUP_(LOCKED|DAMAGED)"):
            restore(Workspace(tmp_path / "pulih"), tmp_path / "ubah.bin", passphrase="kata sandi yang panjang")
    done = restore(Workspace(tmp_path / "pulih"), file, passphrase="kata sandi yang panjang")
    assert done["table_hashes"] == made["table_hashes"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pulih", "terkunci.bin", "ubah.bin"]


def test_a_long_file_is_locked_in_blocks_that_cannot_be_cut_or_moved(tmp_path: Path) -> None:
    import io

    from data.sealing.vault import MAGIC, lock, unlock

    content = os.urandom(2_500_000)
    locked = io.BytesIO()
    lock(io.BytesIO(content), locked, "kata sandi yang panjang")
    body = locked.getvalue()
    opened = io.BytesIO()
    unlock(io.BytesIO(body), opened, "kata sandi yang panjang")
    assert opened.getvalue() == content
    start = body.index(b"\n", len(MAGIC)) + 1
    block = (1 << 20) + 16
    blocks = [body[start + at : start + at + block] for at in range(0, len(body) - start, block)]
    assert len(blocks) == 3
    for others in (blocks[:2], [blocks[1], blocks[0], blocks[2]], [blocks[0], blocks[2]], [*blocks, blocks[2]]):
        with pytest.raises(Refused, match=r"BACKUP_(LOCKED|DAMAGED)"):
            unlock(io.BytesIO(body[:start] + b"".join(others)), io.BytesIO(), "kata sandi yang panjang")


def test_a_backup_that_does_not_come_back_is_not_kept(
    sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import data.store.parts.transfer as transfer

    plain = transfer.CarriedOut.lines

    def loses_a_row(moment: transfer.CarriedOut, name: str) -> Any:
        rows = list(plain(moment, name))
        return iter(rows[1:] if name == "fakta" else rows)

    monkeypatch.setattr(transfer.CarriedOut, "lines", loses_a_row)
    with pytest.raises(Refused) as fault:
        backup(Workspace(sealed.parent / "kerja"), tmp_path / "a.zip")
    assert (fault.value.reason, fault.value.params) == ("BACKUP_UNVERIFIED", {"why": "BACKUP_DAMAGED"})
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_exists_is_overwritten(sealed: Path, tmp_path: Path) -> None:
    place = small_workspace(tmp_path / "ada")
    before = state(place)
    with pytest.raises(WrongUse) as fault:
        restore(place, sealed)
    assert fault.value.reason == "WORKSPACE_EXISTS"
    assert state(place) == before
    (tmp_path / "isi").mkdir()
    (tmp_path / "isi" / "surat.txt").write_text("x", encoding="utf-8")
    with pytest.raises(WrongUse) as fault:
        restore(Workspace(tmp_path / "isi"), sealed)
    assert fault.value.reason == "FOLDER_NOT_EMPTY"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_that_holds_something_is_not_overwritten(workspace: Workspace, tmp_path: Path) -> None:
    backup(workspace, tmp_path / "a.zip")
    before = state(workspace)
    with pytest.raises(Refused) as fault:
        restore(Workspace(tmp_path / "lain"), tmp_path / "a.zip")
    assert fault.value.reason == "DATABASE_IN_USE"
    assert not (tmp_path / "lain").exists()
    assert state(workspace) == before


def test_a_boundary_file_that_is_gone_is_told(sealed: Path, tmp_path: Path) -> None:
    place = Workspace(sealed.parent / "kerja")
    (place.boundaries / "a.parquet").unlink()
    with pytest.raises(Refused) as fault:
        backup(place, tmp_path / "b.zip")
    assert fault.value.reason == "BACKUP_INCOMPLETE"
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration_workspace_goes_out_and_in_by_command(
    peta_aman: Run, demo_workspace: Workspace, tmp_path: Path
) -> None:
    code, made, said = peta_aman("backup", tmp_path / "a.zip", workspace=demo_workspace)
    assert (code, made["outcome"]) == (0, "ok")
    assert str(tmp_path / "a.zip") in said
    code, done, _ = peta_aman("restore", tmp_path / "a.zip", workspace=tmp_path / "pulih")
    assert (code, done["table_hashes"]) == (0, made["table_hashes"])
    code, health, _ = peta_aman("check", workspace=tmp_path / "pulih")
    assert (code, health["outcome"]) == (0, "ok")
    assert state(Workspace(tmp_path / "pulih"))["tables"] == state(demo_workspace)["tables"]
    (tmp_path / "rusak.zip").write_bytes((tmp_path / "a.zip").read_bytes()[:-1])
    code, body, said = peta_aman("restore", tmp_path / "rusak.zip", workspace=tmp_path / "lagi")
    assert (code, body["reason"]) == (4, "BACKUP_DAMAGED")
    assert "cadangan" in said
    code, body, _ = peta_aman("restore", tmp_path / "tidak-ada.zip", workspace=tmp_path / "lagi")
    assert (code, body["reason"]) == (2, "NO_FILE")
    code, body, _ = peta_aman("backup", tmp_path, workspace=demo_workspace)
    assert (code, body["reason"]) == (2, "IS_FOLDER")


def test_accounts_come_back_but_no_sign_in_does(tmp_path: Path) -> None:
    from campaign.access.accounts import add_account
    from campaign.access.signing_in import mark_of, who
    from data.domain.actor import owner

    here, there = small_workspace(tmp_path / "kerja"), Workspace(tmp_path / "pulih")
    store = here.store()
    add_account(owner("pemilik"), store, "ani", roles=["perencana"])
    mark = mark_of("kunci peramban")
    store.signins.start(mark, "ani", "local", dt.datetime.now(dt.UTC).replace(tzinfo=None))
    assert who(store, mark) is not None
    store.close()
    backup(here, tmp_path / "a.zip")
    restore(there, tmp_path / "a.zip")
    again = there.store()
    try:
        assert [row.akun for row in again.accounts.all()] == ["ani"]
        assert who(again, mark) is None, "whoever holds an old cookie signs in anew"
    finally:
        again.close()
