"""Boundary files: which are registered for a level, official and approximate."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field

from sqlalchemy import insert, select

from data.batches import BatchMeta
from data.store.content import hash_text, to_json
from data.store.part import ACTIVE, Part, new_batch, now
from data.store.tables import batas, batch


@dataclass(frozen=True)
class BoundaryFile:
    """One registered file of polygons of one level.

    ``version`` is its content hash, ``path`` its name in the workspace's ``batas/``, ``kind`` ``resmi`` or
    ``perkiraan``; ``batch`` is empty until it is registered.
    """

    level: str
    version: str
    path: str
    kind: str
    source: str
    n_polygons: int
    batch: str = ""
    created_at: dt.datetime = field(default_factory=now)


class Boundaries(Part):
    """``store.boundaries``: files of polygons in the workspace's folder ``batas/``, by level."""

    def add_one(self, meta: BatchMeta, level: str, version: str, path: str, kind: str, source: str, n: int) -> str:
        """Registers one boundary file as a batch of its own; see `add`."""
        return self.add(meta, [BoundaryFile(level, version, path, kind, source, n)])

    def add(self, meta: BatchMeta, files: list[BoundaryFile], expected: str | None = None) -> str:
        """Registers boundary files of one import, one a level; returns the batch id. They must be on disk already."""
        rows = [asdict(file) for file in files]
        for row in rows:
            del row["batch"], row["created_at"]
        content = hash_text(*(to_json(row) for row in rows))
        with self._writing() as connection:
            name = new_batch(connection, meta, content, expected)
            for row in rows:
                connection.execute(insert(batas).values(**row, batch=name, created_at=now()))
        return name

    def of(self, level: str) -> list[BoundaryFile]:
        """The live boundary files of a level, official ones first, then the newest."""
        query = (
            select(*batas.c)
            .join(batch, batch.c.batch == batas.c.batch)
            .where(batas.c.level == level, batch.c.status == ACTIVE)
            .order_by(batas.c.created_at.desc(), batas.c.batch.desc())
        )
        with self._reading() as connection:
            files = [BoundaryFile(**row) for row in connection.execute(query).mappings()]
        return sorted(files, key=lambda file: file.kind != "resmi")

    def newest(self, level: str) -> BoundaryFile | None:
        """The newest live official boundary file of a level, else the newest approximate one.

        Several files may be in force together, one a kabupaten: see `geo.boundaries.composition`.
        """
        return next(iter(self.of(level)), None)
