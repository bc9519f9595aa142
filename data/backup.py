"""One file that holds an installation: tables, boundaries, map layers and plans, each with its checksum.

The file is a ZIP: ``manifest.json``, ``tabel/<name>.jsonl`` (a row a line, the same from any database) and the files of
`FOLDERS`. Its last 64 bytes, the archive's comment, are the SHA-256 of everything before them, so that one changed byte
anywhere is found before anything is read. Tables are read at one moment; boundary and layer files never change under
their name, so the copy is consistent while others import.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from data.errors import Refused, WrongUse
from data.store.store import Store
from data.workspace import Workspace, building_beside, clear_leftovers, place_building, sync_folder, temporary_beside

FORMAT = 1
FOLDERS = ("batas", "lapisan", "rencana", "templat")
"""Folders of the workspace that are carried along."""
MAX_BYTES = 20_000_000_000
"""Unpacked size past which a backup is not believed."""

_SEAL = 64
_BLOCK = 1 << 20
_MEMBER = re.compile(
    r"tabel/[a-z_]{1,60}\.jsonl|(?:batas|lapisan|rencana|templat)(?:/[A-Za-z0-9_][A-Za-z0-9._ -]{0,150}){1,3}"
)


def backup(workspace: Workspace, file: Path) -> dict[str, Any]:
    """Writes a consistent copy of ``workspace`` to ``file``, whole or not at all; an older file there is replaced.

    Returns ``file, bytes, sha256, rows, files, table_hashes``. Raises `WrongUse` (``NO_FOLDER``, ``IS_FOLDER``) and
    `Refused` (``BACKUP_INCOMPLETE``) when a boundary file the tables refer to is gone.
    """
    file = Path(file).absolute()
    if not file.parent.is_dir():
        raise WrongUse("NO_FOLDER", path=str(file.parent))
    if file.is_dir():
        raise WrongUse("IS_FOLDER", path=str(file))
    clear_leftovers(file.parent)
    store = workspace.store()
    try:
        with temporary_beside(file) as (raw, temporary):
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                manifest = _write_members(archive, workspace, store)
                archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
                archive.comment = b"0" * _SEAL
            raw.seek(-_SEAL, os.SEEK_END)
            body = raw.tell()
            seal = _digest(raw, body)
            raw.seek(body)
            raw.write(seal.encode("ascii"))
            raw.flush()
            os.fsync(raw.fileno())
            size = raw.tell()
            if os.name == "nt":
                raw.close()
            os.replace(temporary, file)
    finally:
        store.close()
    sync_folder(file.parent)
    return {
        "file": str(file),
        "bytes": size,
        "sha256": seal,
        "rows": sum(manifest["rows"].values()),
        "files": len(manifest["members"]),
        "table_hashes": manifest["table_hashes"],
    }


def restore(workspace: Workspace, file: Path) -> dict[str, Any]:
    """Makes ``workspace`` from a backup and returns ``workspace, created_at, rows, files, table_hashes``.

    Every checksum is verified before anything is made, and the table hashes after; the workspace appears whole or not
    at all. Raises `WrongUse` (``NO_FILE``; ``WORKSPACE_EXISTS``, ``FOLDER_NOT_EMPTY``: nothing is overwritten) and
    `Refused`: ``BACKUP_DAMAGED`` (``part`` says what), ``DATABASE_NEWER`` (made by a newer version), and
    ``DATABASE_IN_USE`` when ``PETA_AMAN_DATABASE`` names a database that holds something.
    """
    file = Path(file)
    if not file.is_file():
        raise WrongUse("NO_FILE", path=str(file))
    if workspace.exists():
        raise WrongUse("WORKSPACE_EXISTS", path=str(workspace.path))
    if workspace.path.exists() and (not workspace.path.is_dir() or any(workspace.path.iterdir())):
        raise WrongUse("FOLDER_NOT_EMPTY", path=str(workspace.path))
    _check_seal(file)
    with building_beside(workspace.path) as building:
        try:
            with zipfile.ZipFile(file) as archive:
                manifest = _manifest(archive)
                _unpack(archive, manifest, building)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as fault:
            raise Refused("BACKUP_DAMAGED", part="zip") from fault
        _into_place(manifest, building, workspace)
    sync_folder(workspace.path.parent)
    return {
        "workspace": str(workspace.path),
        "created_at": manifest["created_at"],
        "rows": sum(manifest["rows"].values()),
        "files": len(manifest["members"]),
        "table_hashes": manifest["table_hashes"],
    }


# --- writing ----------------------------------------------------------------------------------------------------------


def _write_members(archive: zipfile.ZipFile, workspace: Workspace, store: Store) -> dict[str, Any]:
    members: dict[str, dict[str, Any]] = {}
    rows: dict[str, int] = {}
    with store.carried_out() as moment:
        for name in moment.tables():
            counted = _Counted(moment.lines(name))
            members[f"tabel/{name}.jsonl"] = _write(archive, f"tabel/{name}.jsonl", counted)
            rows[name] = counted.number
        hashes, needed, revision, own = moment.table_hashes(), moment.boundary_files(), moment.revision, moment.id
    for path in _files(workspace):
        name = path.relative_to(workspace.path).as_posix()
        if _MEMBER.fullmatch(name):
            with path.open("rb") as source:
                members[name] = _write(archive, name, _blocks(source))
    for name in sorted(needed):
        if f"batas/{name}" not in members:
            raise Refused("BACKUP_INCOMPLETE", path=name)
    return {
        "format": FORMAT,
        "revision": revision,
        "id": own,
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
    while block := file.read(_BLOCK):
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


def _digest(file: BinaryIO, length: int) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while length > 0 and (block := file.read(min(_BLOCK, length))):
        digest.update(block)
        length -= len(block)
    return digest.hexdigest()


def _check_seal(file: Path) -> None:
    with file.open("rb") as raw:
        body = raw.seek(0, os.SEEK_END) - _SEAL
        if body <= 0:
            raise Refused("BACKUP_DAMAGED", part="zip")
        raw.seek(body)
        seal = raw.read(_SEAL)
        if _digest(raw, body).encode("ascii") != seal:
            raise Refused("BACKUP_DAMAGED", part="sha256")


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, once it says the same as the archive and the revision is one we know."""
    from data.store.migrate import HEAD, known_revisions, present_number

    names = [info.filename for info in archive.infolist()]
    try:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
        members = dict(manifest["members"])
        revision = manifest["revision"] = present_number(str(manifest["revision"]))
        sizes = {name: int(told["bytes"]) for name, told in members.items()}
        whole = {"created_at", "rows", "table_hashes"} <= set(manifest) and manifest["format"] >= 1
    except (KeyError, ValueError, TypeError, AttributeError, RuntimeError) as fault:
        raise Refused("BACKUP_DAMAGED", part="manifest.json") from fault
    if not whole or sorted(names) != sorted([*members, "manifest.json"]) or sum(sizes.values()) > MAX_BYTES:
        raise Refused("BACKUP_DAMAGED", part="manifest.json")
    if manifest["format"] > FORMAT or revision not in known_revisions():
        raise Refused("DATABASE_NEWER", revision=revision, known=HEAD)
    for info in archive.infolist():
        if info.filename != "manifest.json" and not _MEMBER.fullmatch(info.filename):
            raise Refused("BACKUP_DAMAGED", part=re.sub(r"[^\w./ -]", "?", info.filename)[:80])
    return manifest


def _unpack(archive: zipfile.ZipFile, manifest: dict[str, Any], folder: Path) -> None:
    """Every member to disk, with no more bytes than the manifest says, and refused unless its checksum agrees."""
    for name, told in manifest["members"].items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, left = hashlib.sha256(), int(told["bytes"])
        try:
            with archive.open(name) as source, target.open("wb") as file:
                while block := source.read(min(_BLOCK, left + 1)):
                    left -= len(block)
                    if left < 0:
                        break
                    digest.update(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
            raise Refused("BACKUP_DAMAGED", part=name) from fault
        if left != 0 or digest.hexdigest() != told["sha256"]:
            raise Refused("BACKUP_DAMAGED", part=name)


def _into_place(manifest: dict[str, Any], building: Path, workspace: Workspace) -> None:
    """Tables into the database, the folder to its place: for PostgreSQL the one just before the other is final."""
    from data.store.migrate import HEAD
    from data.store.parts.transfer import carry_in

    tables = building / "tabel"
    made = Workspace(building).create()
    (building / "basis-data.id").write_text(str(manifest.get("id", "")), encoding="ascii")
    in_folder = made.database_url != workspace.database_url
    placed = False

    def agree(hashes: dict[str, str]) -> None:
        nonlocal placed
        told = manifest["table_hashes"]
        # Tables of an older revision were changed by its migrations; their own checksums were verified before.
        if manifest["revision"] == HEAD and any(hashes.get(name) != content for name, content in told.items()):
            raise Refused("BACKUP_DAMAGED", part="table_hashes")
        if not in_folder:
            place_building(building, workspace.path)
            placed = True

    try:
        carry_in(made.database_url, str(manifest["revision"]), _sources(tables), agree)
    except BaseException as fault:
        if placed:
            shutil.rmtree(workspace.path, ignore_errors=True)
        if isinstance(fault, (ValueError, KeyError)):
            raise Refused("BACKUP_DAMAGED", part="tabel") from fault
        raise
    shutil.rmtree((workspace.path if placed else building) / "tabel")
    if not placed:
        place_building(building, workspace.path)


def _sources(folder: Path) -> dict[str, Callable[[], Iterator[bytes]]]:
    def lines(path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from file

    return {path.stem: partial(lines, path) for path in sorted(folder.glob("*.jsonl"))}
