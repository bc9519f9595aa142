"""Whether the map layer files are as they were written: their hashes stand in the meta file, which proves itself.

Files that an older version wrote have no hashes there; their geometry proves the version in their name, the others at
least agree with the packed copy beside them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

PROOF, OWN = "sidik", "sidik_sendiri"


def proven(meta: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """``meta`` with the SHA-256 of each of ``files`` (by name) and of itself."""
    told = {**meta, PROOF: {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}}
    return {**told, OWN: _own(told)}


def damaged_files(folder: Path) -> list[str]:
    """Names of the layer files in ``folder`` that are not as they were written, or gone while their meta names them.

    What was looked at once is not read again while its size and time stay the same, except after `look_again`.
    """
    found: list[str] = []
    for path in sorted(folder.glob("peta-*.meta.json")):
        meta = _read_meta(path)
        if meta is None:
            found.append(path.name)
            continue
        if not _same_packed(path):
            found.append(f"{path.name}.gz")
        found += _damaged(path, meta)
    return found


def is_whole(path: Path) -> bool:
    """Whether the meta file ``path`` and all that it names are as they were written."""
    meta = _read_meta(path)
    return meta is not None and not _damaged(path, meta)


def look_again() -> None:
    """Forgets what was looked at: a disk that changed a bit changed no time."""
    _digest.cache_clear()
    _unpacked_digest.cache_clear()


def _read_meta(path: Path) -> dict[str, Any] | None:
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(meta, dict) or not isinstance(meta.get("version"), str):
        return None
    told = {name: value for name, value in meta.items() if name != OWN}
    return meta if OWN not in meta or meta[OWN] == _own(told) else None


def _damaged(path: Path, meta: Mapping[str, Any]) -> list[str]:
    version, folder = meta["version"], path.parent
    names = [
        f"peta-{version}.{part}{kind}.json"
        for part in ("", *(f"{province}." for province in meta.get("bagian", ())))
        for kind in ("topo", "names")
    ]
    if PROOF in meta:
        return [name for name, sha in meta[PROOF].items() if _hash(folder / name, _digest) != sha]
    found = [name for name in names if not _same_packed(folder / name) or not _is_json(folder / name)]
    if not found and not _names_version(folder, version, meta, names):
        found = [name for name in names if ".topo." in name]
    return found


def _names_version(folder: Path, version: str, meta: Mapping[str, Any], names: list[str]) -> bool:
    digest = hashlib.sha256(str(meta.get("masukan")).encode())
    for name in [name for name in names if name.endswith("topo.json")]:  # the whole before its provinces
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[: len(version)] == version


def _same_packed(path: Path) -> bool:
    own = _hash(path, _digest)
    return own is not None and _hash(path.with_name(path.name + ".gz"), _unpacked_digest) == own


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


def _own(told: Mapping[str, Any]) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _hash(path: Path, how: Callable[[Path, int, int], str | None]) -> str | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return how(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=512)
def _digest(path: Path, changed: int, size: int) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


@lru_cache(maxsize=512)
def _unpacked_digest(path: Path, changed: int, size: int) -> str | None:
    try:
        return hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest()
    except (OSError, EOFError, zlib.error):
        return None
