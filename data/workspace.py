"""The folder that holds one installation: database, boundaries, map layers, log.

Copying the folder is a backup of it; deleting the folder removes every trace. With ``PETA_AMAN_DATABASE`` the tables
live in PostgreSQL instead, one database (or schema) a workspace; boundaries and layers stay in the folder.
"""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import Refused
from data.files import LEFTOVER, WINDOWS_PATIENCE, clear_leftovers, private_file, sync_folder, write_atomically

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from data.store.store import Store

DATABASE_FILE = "peta-aman.db"


class Workspace:
    """One installation's folder; the object itself touches nothing until asked."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    @classmethod
    def locate(cls, arg: str | os.PathLike[str] | None = None) -> Workspace:
        """The workspace named by ``arg``, else by ``PETA_AMAN_WORKSPACE``, else ``./workspace``."""
        return cls(Path(arg or os.environ.get("PETA_AMAN_WORKSPACE") or "workspace").expanduser().absolute())

    @property
    def layers(self) -> Path:
        """Map layers, named by content hash; safe to serve."""
        return self.path / "lapisan"

    @property
    def boundaries(self) -> Path:
        """Boundary files the database refers to, named by content hash."""
        return self.path / "batas"

    @property
    def forms(self) -> Path:
        """The office's own forms for Word documents; there only where an office made some."""
        return self.path / "templat"

    @property
    def log(self) -> Path:
        """The log file; never holds a cell of anybody's file."""
        return self.path / "peta-aman.log"

    def private_log(self) -> Path:
        """The log file, made for its owner only where there is none."""
        with suppress(OSError):
            private_file(self.log)
        return self.log

    @property
    def database_url(self) -> str:
        """Where the tables live: ``PETA_AMAN_DATABASE`` or the SQLite file of this folder."""
        return os.environ.get("PETA_AMAN_DATABASE") or f"sqlite:///{self.path / DATABASE_FILE}"

    def exists(self) -> bool:
        """Whether the folder has been made a workspace already, wherever its tables are.

        Cheap and without a database: `store` finds out whether the tables are there and belong to this folder.
        """
        return self.layers.is_dir() and self.boundaries.is_dir()

    def create(self) -> Workspace:
        """Makes the folders; harmless when they exist."""
        self._make_private()
        for folder in (self.layers, self.boundaries):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def _make_private(self) -> None:
        """The folder, for its owner only; files that an older version left open to others are closed."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = self._database_id if self._database_id.exists() else self.path
        if os.name == "posix" and (self.path.stat().st_mode | known.stat().st_mode) & 0o077:
            with suppress(OSError):  # not ours, or read only: the check tells
                for place in self.path.rglob("*"):
                    if not place.is_symlink():
                        place.chmod(0o700 if place.is_dir() else 0o600)
                self.path.chmod(0o700)

    def store(self) -> Store:
        """Opens the store, creating or migrating its tables first, and clears what killed processes left behind.

        The folder and its tables know one another by the store's id. Raises `Refused`: ``DATABASE_OTHER`` when the
        tables are another workspace's or gone, ``DATABASE_IN_USE`` when this folder is new and a PostgreSQL database
        is not, and those of `data.store.store.Store.open`.
        """
        from data.sealing.seal import Seal
        from data.store.store import Store

        self._make_private()
        known = self._database_id.read_text(encoding="ascii").strip() if self._database_id.is_file() else None
        own_file = "PETA_AMAN_DATABASE" not in os.environ or not os.environ["PETA_AMAN_DATABASE"]
        if known and own_file and not (self.path / DATABASE_FILE).exists():
            raise Refused("DATABASE_OTHER", path=str(self.path))
        if own_file:
            private_file(self.path / DATABASE_FILE)
        store = Store.open(self.database_url, Seal(self.path))
        try:
            found = store.identity()
            if known is None:
                if not own_file and not store.is_empty():
                    raise Refused("DATABASE_IN_USE", path=str(self.path))
                write_atomically(self._database_id, found.encode("ascii"))
            elif known != found:
                raise Refused("DATABASE_OTHER", path=str(self.path))
            store.audit.adopt()
        except BaseException:
            store.close()
            raise
        for folder in (self.path, self.boundaries, self.layers):
            clear_leftovers(folder)
        return store

    @property
    def _database_id(self) -> Path:
        return self.path / "basis-data.id"


@contextmanager
def building_beside(path: Path) -> Iterator[Path]:
    """A folder in which the folder ``path`` is made before it appears; removed at the end unless it was renamed.

    What killed processes left of earlier tries is removed first; a try that still runs is left alone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(f".{glob.escape(path.name)}-????????{LEFTOVER}"):
        _clear_building(old)
    building = Path(tempfile.mkdtemp(prefix=f".{path.name}-", suffix=LEFTOVER, dir=path.parent))
    lock = None
    try:
        if fcntl is not None:
            lock = os.open(building, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def place_building(building: Path, path: Path) -> None:
    """Gives a finished building its name; an empty folder of that name gives way."""
    if path.exists():
        path.rmdir()
    building.rename(path)
    sync_folder(path.parent)


def _clear_building(folder: Path) -> None:
    if fcntl is None:
        if time.time() - folder.stat().st_mtime > WINDOWS_PATIENCE:
            shutil.rmtree(folder, ignore_errors=True)
        return
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return
    finally:
        os.close(lock)
