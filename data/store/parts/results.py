"""Results computed once from a version of their input and kept beside it: hot spots, evaluations, ledgers."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import delete, insert, select

from data.store.content import to_json
from data.store.engine import reading
from data.store.part import Part
from data.store.tables import hasil


class Results(Part):
    """The part of `data.store.store.Store` that keeps results; nothing in one may be a village's count."""

    def save_result(self, jenis: str, versi: str, content: Any, user: str = "") -> None:
        """Keeps ``content`` (plain values, numpy numbers allowed) as the result ``jenis`` of ``versi``; replaces one
        computed before, in one transaction, audited."""
        with self._writing() as connection:
            connection.execute(delete(hasil).where(hasil.c.jenis == jenis, hasil.c.versi == versi))
            row = {"jenis": jenis, "versi": versi, "isi_json": to_json(content)}
            connection.execute(insert(hasil).values(created_at=dt.datetime.now().replace(microsecond=0), **row))
            self._note(connection, user, "result", {"jenis": jenis, "versi": versi})

    def result(self, jenis: str, versi: str) -> Any:
        """What `save_result` kept, as plain values; None when there is none."""
        query = select(hasil.c.isi_json).where(hasil.c.jenis == jenis, hasil.c.versi == versi)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar()
        return None if found is None else json.loads(found)

    def results(self, jenis: str) -> list[tuple[str, Any]]:
        """All results of one kind, the newest first: version and content."""
        query = (
            select(hasil.c.versi, hasil.c.isi_json)
            .where(hasil.c.jenis == jenis)
            .order_by(hasil.c.created_at.desc(), hasil.c.versi)
        )
        with reading(self._engine) as connection:
            return [(versi, json.loads(text)) for versi, text in connection.execute(query)]
