"""One file that holds an installation: tables, boundaries, map layers and plans, each with its checksum.

The file is a ZIP: ``manifest.json``, ``tabel/<name>.jsonl`` (a row a line, the same from any database) and the files of
`FOLDERS`. Its last 64 bytes, the archive's comment, are the SHA-256 of everything before them, so that one changed byte
anywhere is found before anything is read. ``manifest.sig`` is the signature of the manifest with the installation's
key: whoever changes a backup and lacks the key cannot make it whole again. The key itself stays out. With a passphrase
the whole file is locked (`data.sealing.vault`). Tables are read at one moment; boundary and layer files never change
under their name, so the copy is consistent while others import.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from data.archive import BLOCK, FORMAT, MEMBER, SEAL, check_seal, digest_of, read_manifest, signed_part, unpack
from data.disk import writable
from data.errors import Refused, WrongUse
from data.files import clear_leftovers, private_file, sync_folder, temporary_beside, write_atomically
from data.sealing.key import KEY_FILE, Key, fingerprint
from data.sealing.seal import Seal
from data.sealing.vault import check_passphrase, is_locked, lock, unlock
from data.store.store import Store
from data.workspace import DATABASE_FILE, Workspace, building_beside, place_building

FOLDERS = ("batas", "lapisan", "rencana", "templat")
"""Folders of the workspace that are carried along."""


Noted = Callable[[Store, dict[str, Any]], None]
"""Writes down what is about to take its name."""


def backup(workspace: Workspace, file: Path, *, passphrase: str = "", noted: Noted | None = None) -> dict[str, Any]:
    """Writes a consistent copy of ``workspace`` to ``file``, whole or not at all; an older file there is replaced.

    Before it takes its name it is brought back into a scratch place, where tables and files must be the same, and
    ``noted`` writes down what is returned; what that raises leaves what was there. Returns
    ``file, bytes, sha256, rows, files, table_hashes, key, head, audit_broken, locked``. Raises `WrongUse`
    (``NO_FOLDER``, ``IS_FOLDER``, ``PASSPHRASE_SHORT``) and `Refused`: ``KEY_LOST``, ``BACKUP_INCOMPLETE`` when a
    boundary file the tables refer to is gone, ``BACKUP_UNVERIFIED`` when it does not come back as it went.
    """
    file = Path(file).absolute()
    if not file.parent.is_dir():
        raise WrongUse("NO_FOLDER", path=str(file.parent))
    if file.is_dir():
        raise WrongUse("IS_FOLDER", path=str(file))
    if passphrase:
        check_passphrase(passphrase)
    clear_leftovers(file.parent)
    store = workspace.store()
    try:
        with ExitStack() as stack:
            # What is to be locked lies beside the data meanwhile, never where the backup goes.
            place = workspace.path / file.name if passphrase else file
            raw, temporary = stack.enter_context(temporary_beside(place))
            manifest, seal = _write_archive(raw, workspace, store)
            if passphrase:
                plain = raw
                raw, temporary = stack.enter_context(temporary_beside(file))
                plain.seek(0)
                lock(plain, raw, passphrase)
            raw.flush()
            os.fsync(raw.fileno())
            size = raw.tell()
            _try_out(temporary, workspace, passphrase)
            made = {
                "file": str(file),
                "bytes": size,
                "sha256": seal,
                "rows": sum(manifest["rows"].values()),
                "files": len(manifest["members"]),
                "table_hashes": manifest["table_hashes"],
                "key": fingerprint(manifest["key"]),
                "head": manifest["head"],
                "audit_broken": manifest["audit_broken"],
                "locked": bool(passphrase),
            }
            if noted is not None:
                noted(store, made)
            if os.name == "nt":
                raw.close()
            os.replace(temporary, file)
    finally:
        store.close()
    sync_folder(file.parent)
    return made


def restore(
    workspace: Workspace,
    file: Path,
    *,
    key: str = "",
    passphrase: str = "",
    unsigned: bool = False,
    user: str = "peta-aman",
) -> dict[str, Any]:
    """Makes ``workspace`` from a backup; returns ``workspace, created_at, rows, files, table_hashes, key, key_known,
    head, audit_broken``.

    ``key`` is what must have sealed it: a fingerprint, or a copy of the key file, which the new workspace then goes on
    with; without that file it gets a key of its own. ``unsigned`` lets in a backup of a version that had no key yet.
    That it was restored, from what and by whom is the audit's next row.

    Every checksum is verified before anything is made, and the table hashes after; the workspace appears whole or not
    at all. Raises `WrongUse` (``NO_FILE``; ``WORKSPACE_EXISTS``, ``FOLDER_NOT_EMPTY``: nothing is overwritten) and
    `Refused`: ``BACKUP_DAMAGED`` (``part`` says what), ``BACKUP_LOCKED`` (the passphrase is missing or another),
    ``BACKUP_FORGED`` (the seal is not of the key it names), ``BACKUP_FOREIGN`` (sealed with another key than ``key``),
    ``BACKUP_UNSIGNED``, ``DATABASE_NEWER`` (made by a newer version), and ``DATABASE_IN_USE`` when
    ``PETA_AMAN_DATABASE`` names a database that holds something.
    """
    file = Path(file)
    if not file.is_file():
        raise WrongUse("NO_FILE", path=str(file))
    if workspace.exists():
        raise WrongUse("WORKSPACE_EXISTS", path=str(workspace.path))
    if workspace.path.exists() and (not workspace.path.is_dir() or any(workspace.path.iterdir())):
        raise WrongUse("FOLDER_NOT_EMPTY", path=str(workspace.path))
    own = Path(key) if key and Path(key).is_file() else None
    wanted = Key(own).fingerprint if own else key
    with building_beside(workspace.path) as building:
        manifest = _read(file, building, passphrase, wanted=wanted, unsigned=unsigned)
        if own is not None:
            write_atomically(building / KEY_FILE, own.read_bytes())
        arrival = _Arrival(manifest, file.name, user)
        _into_place(manifest, building, workspace, arrival)
    sync_folder(workspace.path.parent)
    return {
        "workspace": str(workspace.path),
        "created_at": manifest["created_at"],
        "rows": sum(manifest["rows"].values()),
        "files": len(manifest["members"]),
        "table_hashes": manifest["table_hashes"],
        "key": fingerprint(manifest["key"]) if manifest.get("key") else "",
        "key_known": bool(wanted),
        "head": manifest.get("head", ""),
        "audit_broken": manifest.get("audit_broken"),
    }


# --- writing ----------------------------------------------------------------------------------------------------------


def _write_archive(raw: BinaryIO, workspace: Workspace, store: Store) -> tuple[dict[str, Any], str]:
    """The whole archive with its seal into ``raw``; the manifest and the seal."""
    key = Seal(workspace.path).key
    verdict = store.audit.verify()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        manifest = _write_members(archive, workspace, store)
        manifest |= {"key": key.public, "audit_broken": verdict.broken}
        content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        archive.writestr("manifest.json", content)
        archive.writestr("manifest.sig", key.sign(signed_part(content)))
        archive.comment = b"0" * SEAL
    raw.seek(-SEAL, os.SEEK_END)
    body = raw.tell()
    seal = digest_of(raw, body)
    raw.seek(body)
    raw.write(seal.encode("ascii"))
    raw.flush()
    return manifest, seal


def _scratch(workspace: Workspace) -> AbstractContextManager[Path]:
    """A place to bring a backup back into: beside the workspace, or where temporary files go."""
    parent = workspace.path.parent if writable(workspace.path.parent) else Path(tempfile.gettempdir())
    return building_beside(parent / f"{workspace.path.name}.coba")


def _try_out(file: Path, workspace: Workspace, passphrase: str) -> None:
    """Brings the finished file back into a scratch place with a database of its own, then throws that away."""
    try:
        with _scratch(workspace) as building:
            manifest = _read(file, building, passphrase, wanted=Seal(workspace.path).key.fingerprint)
            _carry_in(manifest, building, f"sqlite:///{building / 'coba.db'}", lambda hashes: None)
    except Refused as fault:
        raise Refused("BACKUP_UNVERIFIED", why=fault.reason) from fault


def _write_members(archive: zipfile.ZipFile, workspace: Workspace, store: Store) -> dict[str, Any]:
    members: dict[str, dict[str, Any]] = {}
    rows: dict[str, int] = {}
    with store.carried_out() as moment:
        for name in moment.tables():
            counted = _Counted(moment.lines(name))
            members[f"tabel/{name}.jsonl"] = _write(archive, f"tabel/{name}.jsonl", counted)
            rows[name] = counted.number
        hashes, needed, revision, own = moment.table_hashes(), moment.boundary_files(), moment.revision, moment.id
        head = moment.head()
    for path in _files(workspace):
        name = path.relative_to(workspace.path).as_posix()
        if MEMBER.fullmatch(name):
            with path.open("rb") as source:
                members[name] = _write(archive, name, _blocks(source))
    for name in sorted(needed):
        if f"batas/{name}" not in members:
            raise Refused("BACKUP_INCOMPLETE", path=name)
    return {
        "format": FORMAT,
        "revision": revision,
        "id": own,
        "head": head,
        "rows": rows,
        "table_hashes": hashes,
        "members": members,
        "created_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }


@dataclass
class _Counted:
    lines: Iterator[bytes]
    number: int = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self.lines:
            self.number += 1
            yield line


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _write(archive: zipfile.ZipFile, name: str, blocks: Any) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    stored = zipfile.ZipInfo(name, dt.datetime.now().timetuple()[:6])
    # GeoParquet and .gz are compressed already.
    stored.compress_type = zipfile.ZIP_STORED if name.endswith((".parquet", ".gz")) else zipfile.ZIP_DEFLATED
    stored.external_attr = 0o644 << 16
    with archive.open(stored, "w", force_zip64=True) as member:
        for block in blocks:
            member.write(block)
            digest.update(block)
            size += len(block)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _files(workspace: Workspace) -> list[Path]:
    """Regular files of the carried folders; links are not followed, temporary files left out."""
    found = []
    for folder in FOLDERS:
        for root, _, names in os.walk(workspace.path / folder, followlinks=False):
            paths = [Path(root) / name for name in sorted(names) if not name.startswith(".")]
            found += [path for path in paths if path.is_file() and not path.is_symlink()]
    return found


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(file: Path, building: Path, passphrase: str, *, wanted: str = "", unsigned: bool = False) -> dict[str, Any]:
    """Everything in the backup unpacked into ``building``; its manifest, believed. Raises as `restore`."""
    with ExitStack() as stack:
        if is_locked(file):
            if not passphrase:
                raise Refused("BACKUP_LOCKED")
            raw, opened = stack.enter_context(temporary_beside(building / "cadangan"))
            with file.open("rb") as locked:
                unlock(locked, raw, passphrase)
            raw.flush()
            file = opened
        check_seal(file)
        try:
            with zipfile.ZipFile(file) as archive:
                manifest = read_manifest(archive, wanted, unsigned)
                unpack(archive, manifest, building)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as fault:
            raise Refused("BACKUP_DAMAGED", part="zip") from fault
    return manifest


@dataclass
class _Arrival:
    """What the restored store says of where it came from, written inside the transaction that fills it."""

    manifest: dict[str, Any]
    file: str
    user: str

    def note(self, connection: Any, replaced: Any, seal: Seal) -> None:
        """The row that tells of the restoring, and of the audit that gave way; what the old key had signed is signed
        with the new one."""
        from data.store.chain import arrive

        public, head = self.manifest.get("key", ""), self.manifest.get("head", "")
        what = {
            "file": self.file,
            "created_at": self.manifest["created_at"],
            "key": fingerprint(public) if public else "",
            "head": head,
        }
        if self.manifest.get("audit_broken") is not None:
            what["audit_broken"] = self.manifest["audit_broken"]
        if replaced is not None:
            what["replaced"] = replaced.head
            if replaced.broken is not None:
                what.setdefault("audit_broken", replaced.broken)
        sealing = arrive(connection, seal, self.user, public, what)
        sealing.keep_apart()


def _carry_in(
    manifest: dict[str, Any], building: Path, url: str, agreed: Callable[[dict[str, str]], None], arrival: Any = None
) -> None:
    """The unpacked tables into the empty database at ``url``; ``agreed`` is called before they are final."""
    from data.store.migrate import HEAD
    from data.store.parts.transfer import carry_in

    def agree(hashes: dict[str, str]) -> None:
        told = manifest["table_hashes"]
        # Tables of an older revision were changed by its migrations; their own checksums were verified before.
        if manifest["revision"] == HEAD and any(hashes.get(name) != content for name, content in told.items()):
            raise Refused("BACKUP_DAMAGED", part="table_hashes")
        agreed(hashes)

    try:
        carry_in(url, str(manifest["revision"]), _sources(building / "tabel"), agree, arrival)
    except (ValueError, KeyError) as fault:
        raise Refused("BACKUP_DAMAGED", part="tabel") from fault


def _into_place(manifest: dict[str, Any], building: Path, workspace: Workspace, arrival: _Arrival) -> None:
    """Tables into the database, the folder to its place: for PostgreSQL the one just before the other is final."""
    made = Workspace(building).create()
    write_atomically(building / "basis-data.id", str(manifest.get("id", "")).encode("ascii"))
    in_folder = made.database_url != workspace.database_url
    placed = False

    def place(_hashes: dict[str, str]) -> None:
        nonlocal placed
        if not in_folder:
            place_building(building, workspace.path)
            placed = True

    try:
        if in_folder:
            private_file(made.path / DATABASE_FILE)
        seal = Seal(building)
        _carry_in(manifest, building, made.database_url, place, partial(arrival.note, seal=seal))
    except BaseException:
        if placed:
            shutil.rmtree(workspace.path, ignore_errors=True)
        raise
    shutil.rmtree((workspace.path if placed else building) / "tabel")
    if not placed:
        place_building(building, workspace.path)


def _sources(folder: Path) -> dict[str, Callable[[], Iterator[bytes]]]:
    def lines(path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from file

    return {path.stem: partial(lines, path) for path in sorted(folder.glob("*.jsonl"))}
