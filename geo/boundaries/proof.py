"""Whether the boundary files are what they were when they were registered: each is named by the hash of its shapes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from data.store.store import Store
from data.workspace import Workspace

LEVELS = ("desa", "kecamatan", "kabupaten", "provinsi")


def damaged_boundaries(store: Store, workspace: Workspace) -> tuple[int, list[str]]:
    """How many files are registered, and the names of those that are gone or hold other shapes than were registered.

    A file is not read again while its size and time stay the same.
    """
    rows = {row.path: row.version for level in LEVELS for row in store.boundaries.of(level)}
    found = []
    for name, version in sorted(rows.items()):
        path = workspace.boundaries / name
        stat = path.stat() if path.is_file() else None
        if stat is None or not _holds(path, version, stat.st_mtime_ns, stat.st_size):
            found.append(name)
    return len(rows), found


@lru_cache(maxsize=256)
def _holds(path: Path, version: str, changed: int, size: int) -> bool:
    import geopandas as gpd

    from geo.boundaries.in_force import content_version

    try:
        return content_version(gpd.read_parquet(path)) == version
    except (OSError, ValueError, KeyError):  # pyarrow's own faults are of these kinds
        return False
