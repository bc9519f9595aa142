"""The parts of a boundary file, folder or archive, opened within limits and never unpacked to disk here."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from data.errors import Refused, WrongUse
from geo.files.limits import MAX_BYTES, MAX_FOLDER_BYTES, too_large
from geo.files.sniff import HEAD, kind_of

MAX_MEMBERS = 200
MAX_RATIO = 100
MAX_FOLDER_FILES = 5_000
SIDECARS = (".shx", ".dbf")
"""Without these a ``.shp`` cannot be read; ``.prj`` and ``.cpg`` may lack and are asked for elsewhere."""

_IGNORED = re.compile(
    r"(^|/)(__MACOSX/|\.)|\.(txt|md|pdf|html?|xml|qmd|qml|sld|lyrx?|cst|sbn|sbx)$|(^|/)LICEN[CS]E$", re.IGNORECASE
)
_SQL_NAME = re.compile(r"wilayah_boundaries_(?:kab|kec|kel)_(\d\d)(?:\.\d\d)?\.sql$")


@dataclass(frozen=True)
class FilePart:
    """One file inside the source; ``read`` gives at most ``n`` bytes, or all of it."""

    name: str
    size: int
    read: Callable[[int], bytes]

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name.lower()).suffix

    def content(self) -> bytes:
        return self.read(self.size)


@dataclass(frozen=True)
class Source:
    """What is to be read: the kind of file and its parts (several for SQL dumps and for a shapefile)."""

    kind: str
    name: str
    parts: tuple[FilePart, ...]
    sha256: str
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def open_source(path: Path, *, layer: str | None = None, provinces: Iterable[str] = ()) -> Source:
    """Recognises ``path`` (file, archive or folder) by content and finds the one boundary source in it.

    ``layer`` picks by name when there are several. Dumps named after a province that is not among ``provinces`` are
    left out and noted, so that a copy of the whole public repository can be given. Raises `Refused`
    (``TOO_LARGE``, ``ZIP_BOMB``, ``ZIP_PATH``, ``ENCRYPTED``, ``CORRUPT_FILE``, ``MISSING_SIDECAR``,
    ``LAYER_CHOICE`` and those of `geo.files.sniff.kind_of`) or `WrongUse` when there is no such file.
    """
    path = Path(path)
    if path.is_dir():
        return _choose(_folder_parts(path), path, layer, set(provinces))
    if not path.is_file():
        raise WrongUse("NO_FILE", path=str(path))
    part = _file_part(path, path.name)
    kind = kind_of(part.read(HEAD), part.name)
    if kind == "zip":
        return _choose(_zip_parts(path), path, layer, set(provinces))
    if kind == "shp":
        raise Refused("MISSING_SIDECAR", file=part.name, missing=", ".join(SIDECARS))
    return Source(kind, part.name, (part,), _digest([part], path))


def _choose(parts: list[FilePart], path: Path, layer: str | None, provinces: set[str]) -> Source:
    """The one candidate among the parts: all SQL dumps together, each shapefile, each other file."""
    name = path.name
    dumps: list[FilePart] = []
    others: list[tuple[str, str, tuple[FilePart, ...]]] = []
    left_out: list[str] = []
    faults: list[Refused] = []
    sidecars = {".shx", ".dbf", ".prj", ".cpg"}
    for part in parts:
        if part.suffix in sidecars or _IGNORED.search(part.name):
            continue
        other_province = _SQL_NAME.search(part.name)
        if other_province and provinces and other_province[1] not in provinces:
            left_out.append(part.name)
            continue
        head = part.read(HEAD)
        try:
            kind = kind_of(head, part.name)
        except Refused as fault:
            faults.append(fault)
            continue
        if kind == "sql":
            dumps.append(part)
        elif kind == "shp":
            others.append(("shapefile", part.stem, _with_sidecars(part, parts)))
        elif kind != "zip":
            others.append((kind, part.stem, (part,)))
    candidates = ([("sql", "sql", tuple(dumps))] if dumps else []) + others
    if len(candidates) > 1 and layer:
        candidates = [c for c in candidates if c[1].casefold() == layer.casefold()] or candidates
    if not candidates:
        if left_out:
            raise Refused("OUTSIDE_PROVINCE", value=name)
        raise _gravest(faults) or Refused("UNSUPPORTED_FORMAT", file=name)
    if len(candidates) > 1:
        names = [candidate[1] for candidate in candidates]
        raise Refused("LAYER_CHOICE", file=name, choices=", ".join(names[:50]), names=names)
    kind, _, chosen = candidates[0]
    if kind == "shapefile":
        missing = [suffix for suffix in SIDECARS if suffix not in {p.suffix for p in chosen}]
        if missing:
            raise Refused("MISSING_SIDECAR", file=chosen[0].name, missing=", ".join(missing))
    if (size := sum(part.size for part in chosen)) > (MAX_FOLDER_BYTES if path.is_dir() else MAX_BYTES):
        raise too_large(name, size)
    notes = [("OTHER_PROVINCES", {"count": len(left_out)})] if left_out else []
    return Source(kind, name, chosen, _digest(chosen, path), notes)


def _gravest(faults: list[Refused]) -> Refused | None:
    """A pointer to other data or a disguise says more than an unknown member beside it."""
    order = ["DRIVER_NOT_ALLOWED", "TYPE_MISMATCH", "UNSUPPORTED_FORMAT", "EMPTY_FILE"]
    return min(faults, key=lambda fault: order.index(fault.reason), default=None)


def _with_sidecars(shp: FilePart, parts: list[FilePart]) -> tuple[FilePart, ...]:
    stem = shp.name[: -len(shp.suffix)].casefold()
    mates = [p for p in parts if p.suffix in (".shx", ".dbf", ".prj", ".cpg") and p.name[:-4].casefold() == stem]
    return (shp, *mates)


def _file_part(path: Path, name: str) -> FilePart:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise too_large(name, size)

    def read(n: int) -> bytes:
        with path.open("rb") as file:
            return file.read(n)

    return FilePart(name, size, read)


def _folder_parts(folder: Path) -> list[FilePart]:
    """Regular files below the folder, in order of name; links are not followed, so nothing outside is read."""
    found: list[Path] = []
    for root, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        if ".git" in folders:
            folders.remove(".git")
        found += [Path(root) / name for name in sorted(files)]
        if len(found) > MAX_FOLDER_FILES:
            raise too_large(folder.name)
    return [
        _file_part(path, path.relative_to(folder).as_posix()) for path in found if stat.S_ISREG(path.lstat().st_mode)
    ]


def _zip_parts(path: Path) -> list[FilePart]:
    """Members of an archive after the checks; sizes are the declared ones, and reading stops there."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise Refused("CORRUPT_FILE", file=path.name) from fault
    files = [member for member in members if not member.is_dir()]
    if len(members) > MAX_MEMBERS:
        raise Refused("ZIP_BOMB", file=path.name, members=len(members), megabytes=0, allowed=MAX_BYTES // 1_000_000)
    for member in members:
        _check_name(member, path.name)
    unpacked = sum(member.file_size for member in files)
    if unpacked > MAX_BYTES or unpacked > MAX_RATIO * max(path.stat().st_size, 1):
        raise Refused(
            "ZIP_BOMB",
            file=path.name,
            members=len(members),
            megabytes=unpacked // 1_000_000,
            allowed=MAX_BYTES // 1_000_000,
        )
    if any(member.flag_bits & 0x1 for member in files):
        raise Refused("ENCRYPTED", file=path.name)
    names = [member.filename.casefold() for member in files]
    if len(set(names)) < len(names):
        raise Refused("CORRUPT_FILE", file=path.name)
    if "[content_types].xml" in names:
        raise Refused("TYPE_MISMATCH" if path.suffix.lower() == ".zip" else "UNSUPPORTED_FORMAT", file=path.name)

    def reader(member: zipfile.ZipInfo) -> Callable[[int], bytes]:
        def read(n: int) -> bytes:
            try:
                with zipfile.ZipFile(path) as archive, archive.open(member) as file:
                    return file.read(n)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as fault:
                raise Refused("CORRUPT_FILE", file=path.name) from fault

        return read

    return [FilePart(m.filename, m.file_size, reader(m)) for m in sorted(files, key=lambda m: m.filename)]


def _check_name(member: zipfile.ZipInfo, archive: str) -> None:
    name = member.orig_filename.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/") or "\x00" in name:
        raise Refused("ZIP_PATH", file=archive)
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Refused("ZIP_PATH", file=archive)


def _digest(parts: Iterable[FilePart], path: Path) -> str:
    """SHA-256 of the file as it was given; of a folder, of the names and hashes of the parts that are read."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    total = hashlib.sha256()
    for part in sorted(parts, key=lambda part: part.name):
        total.update(f"{part.name}\0{hashlib.sha256(part.content()).hexdigest()}\n".encode())
    return total.hexdigest()
