"""The folder that holds one installation: database, boundaries, map layers, log.

Copying the folder is a backup of it; deleting the folder removes every trace.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

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
    def log(self) -> Path:
        """The log file; never holds a cell of anybody's file."""
        return self.path / "peta-aman.log"

    @property
    def database_url(self) -> str:
        """Where the tables live: ``PETA_AMAN_DATABASE`` or the SQLite file of this folder."""
        return os.environ.get("PETA_AMAN_DATABASE") or f"sqlite:///{self.path / DATABASE_FILE}"

    def exists(self) -> bool:
        """Whether the folder has been made a workspace already."""
        return self.layers.is_dir() and self.boundaries.is_dir()

    def create(self) -> Workspace:
        """Makes the folders; harmless when they exist."""
        for folder in (self.path, self.layers, self.boundaries):
            folder.mkdir(parents=True, exist_ok=True)
        return self

    def store(self) -> Store:
        """Opens the store, creating or migrating its tables first."""
        from data.store.store import Store

        self.path.mkdir(parents=True, exist_ok=True)
        return Store.open(self.database_url)


def write_atomically(path: Path, content: bytes) -> None:
    """Writes the whole file or leaves what was there: temporary file beside it, fsync, rename."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
