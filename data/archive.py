"""The file of a backup from inside: is it whole, whose is it, and its members to disk.

Every check of `data.backup` that needs no database; all raise `Refused` with ``BACKUP_…`` codes or ``DATABASE_NEWER``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from data.errors import Refused
from data.files import open_private, private_folder
from data.sealing.key import fingerprint, verifies

FORMAT = 2
MAX_BYTES = 20_000_000_000
"""Unpacked size past which a backup is not believed."""

SEAL = 64
BLOCK = 1 << 20
MEMBER = re.compile(
    r"tabel/[a-z_]{1,60}\.jsonl|(?:batas|lapisan|rencana|templat)(?:/[A-Za-z0-9_][A-Za-z0-9._ -]{0,150}){1,3}"
)


def signed_part(manifest: bytes) -> bytes:
    return b"peta-aman cadangan\n" + hashlib.sha256(manifest).digest()


def digest_of(file: BinaryIO, length: int) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while length > 0 and (block := file.read(min(BLOCK, length))):
        digest.update(block)
        length -= len(block)
    return digest.hexdigest()


def check_seal(file: Path) -> None:
    with file.open("rb") as raw:
        body = raw.seek(0, os.SEEK_END) - SEAL
        if body <= 0:
            raise Refused("BACKUP_DAMAGED", part="zip")
        raw.seek(body)
        seal = raw.read(SEAL)
        if digest_of(raw, body).encode("ascii") != seal:
            raise Refused("BACKUP_DAMAGED", part="sha256")


def read_manifest(archive: zipfile.ZipFile, wanted: str, unsigned: bool) -> dict[str, Any]:
    """The manifest, once it says the same as the archive, the revision is one we know and the seal is the key's."""
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
    sealed = [name for name in names if name != "manifest.sig"]
    if not whole or sorted(sealed) != sorted([*members, "manifest.json"]) or sum(sizes.values()) > MAX_BYTES:
        raise Refused("BACKUP_DAMAGED", part="manifest.json")
    if manifest["format"] > FORMAT or revision not in known_revisions():
        raise Refused("DATABASE_NEWER", revision=revision, known=HEAD)
    check_key(archive, manifest, wanted, unsigned)
    for info in archive.infolist():
        if info.filename not in ("manifest.json", "manifest.sig") and not MEMBER.fullmatch(info.filename):
            raise Refused("BACKUP_DAMAGED", part=re.sub(r"[^\w./ -]", "?", info.filename)[:80])
    return manifest


def check_key(archive: zipfile.ZipFile, manifest: dict[str, Any], wanted: str, unsigned: bool) -> None:
    """Whether the backup was sealed with the key it names, and that with the one that is wanted."""
    if manifest["format"] < 2:
        # Whoever makes a signed backup out to be of a time before keys must take the chain of the audit out too.
        if manifest["revision"] >= "0013":
            raise Refused("BACKUP_FORGED")
        if wanted or not unsigned:
            raise Refused("BACKUP_UNSIGNED")
        return
    public = str(manifest.get("key"))
    try:
        signature = archive.read("manifest.sig").decode("ascii")
    except (KeyError, ValueError) as fault:
        raise Refused("BACKUP_FORGED") from fault
    if not verifies(public, signed_part(archive.read("manifest.json")), signature):
        raise Refused("BACKUP_FORGED")
    if wanted and wanted != fingerprint(public):
        raise Refused("BACKUP_FOREIGN", found=fingerprint(public), wanted=wanted[:40])


def unpack(archive: zipfile.ZipFile, manifest: dict[str, Any], folder: Path) -> None:
    """Every member to disk, with no more bytes than the manifest says, and refused unless its checksum agrees."""
    for name, told in manifest["members"].items():
        target = folder / name
        private_folder(target.parent)
        digest, left = hashlib.sha256(), int(told["bytes"])
        try:
            with archive.open(name) as source, open_private(target) as file:
                while block := source.read(min(BLOCK, left + 1)):
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
