"""Results computed once from a version of their input and kept beside it: hot spots, evaluations, ledgers."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import delete, insert, select

from data.store.content import to_json
from data.store.part import Part, note_act, now
from data.store.tables import hasil


class Results(Part):
    """``store.results``: keeps results; nothing in one may be a village's count."""

    def save(self, jenis: str, versi: str, content: Any, user: str = "") -> None:
        """Keeps ``content`` (plain values, numpy numbers allowed) as the result ``jenis`` of ``versi``; replaces one
        computed before, in one transaction, audited."""
        with self._writing() as connection:
            connection.execute(delete(hasil).where(hasil.c.jenis == jenis, hasil.c.versi == versi))
            row = {"jenis": jenis, "versi": versi, "isi_json": to_json(content)}
            connection.execute(insert(hasil).values(created_at=now(), **row))
            note_act(connection, user, "result", {"jenis": jenis, "versi": versi})

    def get(self, jenis: str, versi: str) -> Any:
        """What `save` kept, as plain values; None when there is none."""
        query = select(hasil.c.isi_json).where(hasil.c.jenis == jenis, hasil.c.versi == versi)
        with self._reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else json.loads(found)

    def all(self, jenis: str) -> list[tuple[str, Any]]:
        """All results of one kind, the newest first: version and content."""
        query = (
            select(hasil.c.versi, hasil.c.isi_json)
            .where(hasil.c.jenis == jenis)
            .order_by(hasil.c.created_at.desc(), hasil.c.versi)
        )
        with self._reading() as connection:
            return [(versi, json.loads(text)) for versi, text in connection.execute(query)]
