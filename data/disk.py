"""The disk under a workspace: how much is free, and faults of writing by their name."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from data.errors import Refused

LOW_BYTES = 200_000_000
"""Less free space than this is told: an import of boundaries and a backup need as much."""
FULL_BYTES = 10_000_000
"""With less than this the next writing act may fail."""
_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


def free_bytes(path: Path) -> int:
    """Bytes free for us on the disk that holds ``path``, or the nearest folder above that exists."""
    place = Path(path)
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free


def writable(folder: Path) -> bool:
    """Whether files can be made in ``folder``; a disk that is mounted read-only says no to everybody."""
    return os.access(folder, os.W_OK | os.X_OK)


def storage_fault(error: BaseException | None, folder: Path) -> Refused | None:
    """A fault of the file system by its name, found along the causes of ``error``: ``DISK_FULL`` (``free`` bytes) and
    ``FOLDER_READ_ONLY``; None when it is none of these."""
    seen: set[int] = set()  # causes may go round in a circle: whoever raised it may have named itself
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in _FULL:
            return Refused("DISK_FULL", free=free_bytes(folder))
        if isinstance(error, OSError) and error.errno == errno.EROFS:
            return Refused("FOLDER_READ_ONLY", path=str(folder))
        if isinstance(error, PermissionError) and not writable(folder):
            return Refused("FOLDER_READ_ONLY", path=str(folder))
        error = error.__cause__ or error.__context__
    return None
