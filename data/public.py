"""Public boundaries and figures from the internet: only when asked, taken up where they stopped, believed only by
checksum.

Which files, from where and with which checksums are small lists, ``embedded/wilayah_boundaries_<province>.json`` and
``embedded/idm_<province>.json``.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.domain.codes import dotted
from data.errors import Refused, WrongUse
from data.files import open_private, private_folder, write_atomically

Progress = Callable[[str, int, int], None]
"""Called with the file's name, the bytes there are of the whole set, and the bytes of the whole set."""

TIMEOUT = 20.0
"""Seconds without an answer after which a server counts as away."""
TRIES = 3
"""How often a broken connection is taken up again before the user is told."""
_BLOCK = 1 << 16
_EMBEDDED = Path(__file__).parent / "embedded"
_PATH = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class PublicFile:
    """One file of the list; ``path`` is below the base address."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class PublicSet:
    """A set of files as published: where from, which version, what is in it."""

    name: str
    source: str
    version: str
    base_url: str
    files: tuple[PublicFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def public_boundaries(province: str) -> PublicSet:
    """The list of a province's village boundaries. Raises `WrongUse` (``NO_PUBLIC_LIST``) when there is none."""
    path = _EMBEDDED / f"wilayah_boundaries_{province}.json"
    if not re.fullmatch(r"\d\d", province) or not path.is_file():
        raise WrongUse("NO_PUBLIC_LIST", province=province)
    listed = json.loads(path.read_text(encoding="utf-8"))
    files = tuple(PublicFile(**one) for one in listed["files"])
    if not all(_PATH.fullmatch(file.path) for file in files):
        raise ValueError(f"{path.name} names a file outside its folder")
    return PublicSet(listed["set"], listed["source"], listed["version"], listed["base_url"], files)


@dataclass(frozen=True)
class PublicTable:
    """A table of figures as published. ``sha256`` is that of `PublicTable.lines` of its rows, sorted by code: the
    figures are what is believed, however the file is laid out. ``limit`` bounds its bytes."""

    name: str
    source: str
    year: int
    base_url: str
    path: str
    limit: int
    columns: tuple[str, ...]
    sha256: str

    @staticmethod
    def lines(rows: list[tuple[str, ...]]) -> bytes:
        """The rows as they are hashed and imported."""
        return "\n".join(";".join(row) for row in sorted(rows)).encode()


def public_table(province: str) -> PublicTable | None:
    """The village development index of a province, None where no public home of it is known."""
    path = _EMBEDDED / f"idm_{province}.json"
    if not re.fullmatch(r"\d\d", province) or not path.is_file():
        return None
    listed = json.loads(path.read_text(encoding="utf-8"))
    return PublicTable(**{**listed, "columns": tuple(listed["columns"])})


def fetch_table(wanted: PublicTable, base_url: str | None = None, progress: Progress | None = None) -> bytes:
    """Downloads a table and returns it as CSV (``Kode Desa;Tahun;…`` and the columns), believed by its checksum.

    Raises as `fetch` does.
    """
    url = f"{_checked(base_url or wanted.base_url)}/{urllib.parse.quote(wanted.path)}"
    content = _whole(url, wanted, progress or (lambda name, done, total: None))
    try:
        rows = _villages(json.loads(content))
    except (ValueError, KeyError, TypeError, IndexError) as fault:
        raise Refused("CHECKSUM", file=wanted.path) from fault
    if hashlib.sha256(wanted.lines(rows)).hexdigest() != wanted.sha256:
        raise Refused("CHECKSUM", file=wanted.path)
    head = ["Kode Desa", "Tahun", *wanted.columns]
    lines = [";".join((kode, str(wanted.year), *values)) for kode, *values in sorted(rows)]
    return "\n".join([";".join(head), *lines]).encode()


def _whole(url: str, wanted: PublicTable, tell: Progress) -> bytes:
    """A small file in one piece, tried again where the connection breaks."""
    request = urllib.request.Request(url, headers={"User-Agent": "peta-aman", "Accept-Encoding": "identity"})
    for turn in range(TRIES):
        content, total = b"", 0
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                total = int(answer.headers.get("Content-Length") or 0)
                while len(content) <= wanted.limit and (block := answer.read(_BLOCK)):
                    content += block
                    tell(wanted.path, len(content), max(total, len(content)))
        except urllib.error.HTTPError as fault:
            fault.close()
            raise Refused("DOWNLOAD", file=wanted.path, status=fault.code) from fault
        except (OSError, http.client.HTTPException) as fault:
            if not content:
                raise Refused("NO_INTERNET", host=urllib.parse.urlsplit(url).hostname or "") from fault
            time.sleep(0.2 * (turn + 1))
            continue
        if len(content) > wanted.limit:
            raise Refused("CHECKSUM", file=wanted.path)
        if len(content) >= total:
            return content
    raise Refused("DOWNLOAD", file=wanted.path, status="-")


def _villages(content: Any) -> list[tuple[str, ...]]:
    """Code and the four indices of each village, from kecamatan with lists of villages:
    ``{"kec": [{"k": "530125", "ds": [["2001", name, idm, iks, ike, ikl, …], …]}, …]}``."""
    return [
        (dotted(f"{kecamatan['k']}{row[0]}"), *(f"{float(value):.4f}" for value in row[2:6]))
        for kecamatan in content["kec"]
        for row in kecamatan["ds"]
    ]


def _checked(base_url: str) -> str:
    base = base_url.rstrip("/")
    parts = urllib.parse.urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongUse("BAD_URL", url=base[:200])
    return base


def fetch(wanted: PublicSet, folder: Path, base_url: str | None = None, progress: Progress | None = None) -> Path:
    """Downloads what ``folder`` does not have of ``wanted`` yet and returns ``folder``, which then holds all of it.

    A file under way is kept as ``<name>.part`` and taken up again where it stopped, in this run or the next.
    ``base_url`` replaces the published address (http or https). Raises `WrongUse` (``BAD_URL``) and `Refused`:
    ``NO_INTERNET`` (no server answers), ``DOWNLOAD`` (the server refuses, or the connection keeps breaking) and
    ``CHECKSUM`` (what came is not what was published when the list was made; nothing of it is kept).
    """
    base = _checked(base_url or wanted.base_url)
    tell = progress or (lambda name, done, total: None)
    done = 0
    for file in wanted.files:
        target = folder / file.path
        if not _agrees(target, file):
            _fetch_file(f"{base}/{urllib.parse.quote(file.path)}", target, file, _counting(tell, file, done, wanted))
        done += file.bytes
        tell(file.path, done, wanted.bytes)
    return folder


def _counting(tell: Progress, file: PublicFile, done: int, wanted: PublicSet) -> Callable[[int], None]:
    return lambda here: tell(file.path, done + here, wanted.bytes)


def _fetch_file(url: str, target: Path, file: PublicFile, tell: Callable[[int], None]) -> None:
    private_folder(target.parent)
    part = target.with_name(target.name + ".part")
    for turn in range(TRIES):
        resumed = _size(part)
        try:
            _continue(url, part, file, tell)
        except urllib.error.HTTPError as fault:
            fault.close()
            if fault.code == 416:  # what we have is past its end: not this file
                part.unlink(missing_ok=True)
                continue
            raise Refused("DOWNLOAD", file=file.path, status=fault.code) from fault
        except (OSError, http.client.HTTPException) as fault:
            # A connection that brought something and broke is taken up again; one that never came about is not.
            if turn + 1 < TRIES and _size(part) > resumed:
                time.sleep(0.2 * (turn + 1))
                continue
            host = urllib.parse.urlsplit(url).hostname or ""
            if _size(part) > resumed:
                raise Refused("DOWNLOAD", file=file.path, status="-") from fault
            raise Refused("NO_INTERNET", host=host) from fault
        if _size(part) < file.bytes:
            continue  # the server closed early without saying so
        if _agrees(part, file):
            write_atomically(target, part.read_bytes())
            part.unlink()
            return
        part.unlink()
        if not resumed:
            raise Refused("CHECKSUM", file=file.path)
        # The first half may have been another version's: once more from the start.
    if _size(part) < file.bytes:
        raise Refused("DOWNLOAD", file=file.path, status="-")
    raise Refused("CHECKSUM", file=file.path)


def _continue(url: str, part: Path, file: PublicFile, tell: Callable[[int], None]) -> None:
    """Asks for the rest of a file; a server that knows no ranges sends all of it. Never stores more than is listed."""
    have = _size(part)
    if have > file.bytes:
        part.unlink()
        have = 0
    if have == file.bytes:
        return
    request = urllib.request.Request(url, headers={"User-Agent": "peta-aman", "Accept-Encoding": "identity"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        resumes = answer.status == 206 and str(answer.headers.get("Content-Range", "")).startswith(f"bytes {have}-")
        if answer.status == 206 and not resumes:
            raise http.client.HTTPException("another range than asked for")
        have = have if resumes else 0
        with open_private(part, "ab" if resumes else "wb") as out:
            while have <= file.bytes and (block := answer.read(_BLOCK)):
                out.write(block)
                have += len(block)
                tell(min(have, file.bytes))


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _agrees(path: Path, file: PublicFile) -> bool:
    if _size(path) != file.bytes:
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256
