"""Files that are written whole or not at all, and what is left of those whose process was killed."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Literal

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LEFTOVER = ".sementara"
"""How the names of temporary files end."""
WINDOWS_PATIENCE = 3600.0
"""Seconds after which a temporary file counts as left behind where files cannot be locked."""


def write_atomically(
    path: Path, content: bytes, *, private: bool = True, finished: Callable[[], None] | None = None
) -> None:
    """Writes the whole file or leaves what was there: temporary file beside it, fsync, rename.

    A ``private`` file is its owner's alone; another is as open as files made here usually are. ``finished`` is called
    before the file takes its name; what it raises leaves what was there."""
    path = Path(path)
    if private:
        private_folder(path.parent)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_beside(path, private=private) as (file, temporary):
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        if finished is not None:
            finished()
        if fcntl is None:
            file.close()  # Windows cannot rename an open file
        os.replace(temporary, path)
    sync_folder(path.parent)


def write_once(path: Path, content: bytes) -> None:
    """Writes a file for its owner only where there is none yet: of two processes that do, the first wins."""
    with temporary_beside(path) as (file, temporary):
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(temporary, path)  # unlike a rename, it leaves what another process made meanwhile
        except FileExistsError:
            return
        except OSError:  # a file system without links
            if path.exists():
                return
            if fcntl is None:
                file.close()
            os.replace(temporary, path)
    sync_folder(path.parent)


def private_file(path: Path) -> None:
    """Makes an empty file for its owner only, where there is none: SQLite gives its other files the same rights."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def private_folder(path: Path) -> None:
    """Makes a folder, and those above it that are missing, for their owner only, whatever the umask."""
    for folder in (*reversed(path.parents), path):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)


def open_private(path: Path, mode: Literal["wb", "ab"] = "wb") -> BinaryIO:
    """A file open for writing; one that is made is its owner's alone."""
    return open(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600))


@contextmanager
def temporary_beside(path: Path, *, private: bool = True) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file beside ``path``, removed at the end unless it was renamed; `clear_leftovers` knows it by its name.

    It is its owner's alone, or as open as files made here usually are.
    It is locked as long as its process lives, so that only what a killed process left is ever cleared.
    """
    while True:
        handle, name = _new_private_file(path) if private else _new_file(path)
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


def _new_private_file(path: Path) -> tuple[int, str]:
    return tempfile.mkstemp(prefix=f".{path.name}.", suffix=LEFTOVER, dir=path.parent)


def _new_file(path: Path) -> tuple[int, str]:
    """As `tempfile.mkstemp`, with the rights that the system gives a new file. To ask for the umask one has to change
    it, and for a moment every other thread's files would follow that."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        name = str(path.with_name(f".{path.name}.{secrets.token_hex(4)}{LEFTOVER}"))
        with suppress(FileExistsError):
            return os.open(name, flags, 0o666), name


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
