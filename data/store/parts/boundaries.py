"""Boundary files: which are registered for a level, official and approximate."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from data.batches import BatchMeta
from data.store.content import hash_text, to_json
from data.store.part import ACTIVE, Part, new_batch, now
from data.store.tables import batas, batch


class Boundaries(Part):
    """``store.boundaries``: files of polygons in the workspace's folder ``batas/``, by level."""

    def add_one(self, meta: BatchMeta, level: str, version: str, path: str, kind: str, source: str, n: int) -> str:
        """Registers one boundary file as a batch of its own; see `add`."""
        return self.add(
            meta, [{"level": level, "version": version, "path": path, "kind": kind, "source": source, "n_polygons": n}]
        )

    def add(self, meta: BatchMeta, files: list[dict[str, Any]], expected: str | None = None) -> str:
        """Registers boundary files of one import, one a level; returns the batch id.

        Each of ``files`` has ``level, version`` (content hash), ``path`` (a file name in the workspace's ``batas/``),
        ``kind`` (``resmi`` or ``perkiraan``), ``source, n_polygons``. The files must be on disk already.
        """
        content = hash_text(*(to_json(item) for item in files))
        with self._writing() as connection:
            name = new_batch(connection, meta, content, expected)
            for item in files:
                connection.execute(insert(batas).values(**item, batch=name, created_at=now()))
        return name

    def of(self, level: str) -> list[dict[str, Any]]:
        """The live boundary files of a level (rows of the table ``batas``), official ones first, then the newest."""
        query = (
            select(*batas.c)
            .join(batch, batch.c.batch == batas.c.batch)
            .where(batas.c.level == level, batch.c.status == ACTIVE)
            .order_by(batas.c.created_at.desc(), batas.c.batch.desc())
        )
        with self._reading() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return sorted(rows, key=lambda row: row["kind"] != "resmi")

    def newest(self, level: str) -> dict[str, Any] | None:
        """The newest live official boundary file of a level, else the newest approximate one.

        Several files may be in force together, one a kabupaten: see `geo.boundaries.composition`.
        """
        return next(iter(self.of(level)), None)
