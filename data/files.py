"""Files that are written whole or not at all, and what is left of those whose process was killed."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LEFTOVER = ".sementara"
"""How the names of temporary files end."""
WINDOWS_PATIENCE = 3600.0
"""Seconds after which a temporary file counts as left behind where files cannot be locked."""


def write_atomically(path: Path, content: bytes, *, private: bool = True) -> None:
    """Writes the whole file or leaves what was there: temporary file beside it, fsync, rename.

    A ``private`` file is its owner's alone; another is as open as files made here usually are."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(path) as (file, temporary):
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.chmod(temporary, 0o600 if private else _mode())
        if fcntl is None:
            file.close()  # Windows cannot rename an open file
        os.replace(temporary, path)
    sync_folder(path.parent)


def _mode() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def private_file(path: Path) -> None:
    """Makes an empty file for its owner only, where there is none: SQLite gives its other files the same rights."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


@contextmanager
def temporary_beside(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file beside ``path``, removed at the end unless it was renamed; `clear_leftovers` knows it by its name.

    It is locked as long as its process lives, so that only what a killed process left is ever cleared.
    """
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=LEFTOVER, dir=path.parent)
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.path.exists(name):
            break
        os.close(handle)  # cleared between its making and its locking
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file, temporary
    finally:
        temporary.unlink(missing_ok=True)


def clear_leftovers(folder: Path) -> list[str]:
    """Removes temporary files of processes that were killed while writing into ``folder``; returns their names."""
    cleared = []
    for path in folder.glob(f".*{LEFTOVER}") if folder.is_dir() else ():
        try:
            if fcntl is None:
                if time.time() - path.stat().st_mtime < WINDOWS_PATIENCE:
                    continue
                path.unlink()
            else:
                with path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
            cleared.append(path.name)
        except OSError:  # in use, or cleared by another process just now
            continue
    return cleared


def sync_folder(folder: Path) -> None:
    """Makes a rename in ``folder`` survive a power cut, where the system can."""
    if fcntl is None:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
