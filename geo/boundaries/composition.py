"""Which boundary file is in force where: decided kabupaten by kabupaten, without opening a geometry.

Offices get boundaries one kabupaten at a time. For each kabupaten the newest live official file counts that has a
polygon of it; kabupaten in no official file keep the approximate boundaries.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from data.domain.levels import DRAWN
from data.errors import Refused
from data.store.parts.boundaries import BoundaryFile
from data.store.store import Store
from data.workspace import Workspace

FORMAT = 1
"""Goes into the version of a composition: raise it when the same files would be fitted together otherwise."""
OFFICIAL, MIXED, APPROXIMATE = "resmi", "campuran", "perkiraan"


@dataclass(frozen=True)
class Composition:
    """The files in force for one level: ``parts`` has the file by kabupaten, ``counts`` its polygons there."""

    level: str
    parts: dict[str, BoundaryFile]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def single(self) -> BoundaryFile | None:
        """The registered file, when one is in force everywhere."""
        rows = self.files()
        return rows[0][0] if len(rows) == 1 else None

    @property
    def kind(self) -> str:
        """``resmi``, ``perkiraan``, or ``campuran`` when both are in force."""
        kinds = {row.kind for row in self.parts.values()}
        return MIXED if len(kinds) > 1 else next(iter(kinds))

    @property
    def approximate(self) -> list[str]:
        """Codes of the kabupaten that have approximate boundaries."""
        return sorted(kab for kab, row in self.parts.items() if row.kind == APPROXIMATE)

    @property
    def version(self) -> str:
        """The content hash of the one file, else a hash over which file is in force where; 16 hex digits."""
        if self.single is not None:
            return self.single.version
        where = [[kab, row.level, row.version] for kab, row in sorted(self.parts.items())]
        return hashlib.sha256(json.dumps([FORMAT, self.level, where]).encode()).hexdigest()[:16]

    @property
    def path(self) -> str:
        """Name of the file in the workspace's ``batas/`` that holds the result; made when first asked for."""
        return self.single.path if self.single is not None else f"{self.level}-susunan-{self.version}.parquet"

    def files(self) -> list[tuple[BoundaryFile, list[str]]]:
        """Each registered file with the kabupaten it is in force for; official ones first, then the newest."""
        found: dict[tuple[str, str], tuple[BoundaryFile, list[str]]] = {}
        for kab, row in sorted(self.parts.items()):
            found.setdefault((row.batch, row.level), (row, []))[1].append(kab)
        newest = sorted(found.values(), key=lambda item: (item[0].created_at, item[0].batch), reverse=True)
        return sorted(newest, key=lambda item: item[0].kind != OFFICIAL)


def composition(store: Store, workspace: Workspace, level: str = "desa") -> Composition | None:
    """The files in force for ``level``, ``None`` when none are registered.

    Levels above the village are drawn from villages where those are official, from official outlines of ``level``
    where the villages are not, else from approximate villages. Where no outline counts the villages' own composition
    is returned: the level is dissolved from it. Raises `Refused` (``NO_BOUNDARIES``) when a file is gone.
    """
    rows = store.boundaries.of(level)
    if level == "desa":
        return _by_kabupaten(workspace, rows)
    own = _by_kabupaten(workspace, [row for row in rows if row.kind == OFFICIAL])
    villages = composition(store, workspace, "desa")
    if villages is None or own is None:
        return villages or own
    if level == "provinsi":
        return own if villages.kind == APPROXIMATE else villages
    outlined = [kab for kab in own.parts if kab not in villages.parts or kab in villages.approximate]
    if not outlined:
        return villages
    return Composition(
        level,
        {**villages.parts, **{kab: own.parts[kab] for kab in outlined}},
        {kab: own.counts[kab] for kab in outlined},
    )


@dataclass(frozen=True)
class BoundaryInForce:
    """What to say of the boundaries of a level.

    ``kind`` is ``resmi``, ``campuran`` or ``perkiraan``; ``perkiraan`` has the codes of the kabupaten with approximate
    boundaries, ``source`` all sources, joined; ``n_polygons`` counts in the files, of levels above the village those of
    outlines; ``path`` is in the workspace's ``batas/``; ``batch`` and ``created_at`` are of the newest file.
    """

    level: str
    version: str
    kind: str
    perkiraan: list[str]
    source: str
    n_polygons: int
    path: str
    batch: str
    created_at: dt.datetime


def boundary_in_force(store: Store, workspace: Workspace, level: str = "desa") -> BoundaryInForce | None:
    """What to say of the boundaries of ``level``; ``None`` when none are registered or a file is gone."""
    try:
        found = composition(store, workspace, level)
    except Refused:
        return None
    if found is None:
        return None
    rows = [row for row, _ in found.files()]
    newest = max(rows, key=lambda row: (row.created_at, row.batch))
    return BoundaryInForce(
        level=found.level,
        version=found.version,
        kind=found.kind,
        perkiraan=found.approximate,
        source="; ".join(dict.fromkeys(row.source for row in rows if row.source)),
        n_polygons=sum(found.counts.values()),
        path=found.path,
        batch=newest.batch,
        created_at=newest.created_at,
    )


def registered(store: Store) -> list[list[str]]:
    """What `composition` depends on, told without opening a file: ``level, kind, version`` of each live file of the
    `DRAWN` levels in the order of their rank, files with the same content once."""
    rows = [row for level in DRAWN for row in store.boundaries.of(level)]
    return [list(item) for item in dict.fromkeys((row.level, row.kind, row.version) for row in rows)]


def _by_kabupaten(workspace: Workspace, rows: list[BoundaryFile]) -> Composition | None:
    """``rows`` in the order of their rank: the first that has a polygon of a kabupaten is in force there."""
    parts: dict[str, BoundaryFile] = {}
    counts: dict[str, int] = {}
    for row in rows:
        for kab, count in _polygons(workspace, row).items():
            if kab not in parts:
                parts[kab], counts[kab] = row, count
    return Composition(rows[0].level, parts, counts) if parts else None


def _polygons(workspace: Workspace, row: BoundaryFile) -> dict[str, int]:
    path = workspace.boundaries / row.path
    if not path.is_file():
        raise Refused("NO_BOUNDARIES", level=row.level, path=row.path)
    return _count(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _count(path: str, changed: int) -> dict[str, int]:
    """Polygons by kabupaten (a province's own outline by the province); only the codes are read."""
    codes = pd.read_parquet(path, columns=["kode"])["kode"]
    return {str(kab): int(n) for kab, n in codes.str[:5].value_counts().items()}
