"""What all parts of the store work with: one engine, one way to read, one way to write, an audit line for each act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError

from data.batches import BatchMeta
from data.errors import Refused
from data.sealing.seal import Seal
from data.store.chain import append, seal_writes
from data.store.content import hash_rows, hash_text, to_json
from data.store.engine import open_engine, reading, writing
from data.store.faults import named
from data.store.state import bump, next_number, now, read_state
from data.store.tables import batch, pilihan

ACTIVE, UNDONE = "aktif", "dibatalkan"
"""States of a batch."""


class Database:
    """The one engine of a store and its transactions; shared by all parts. ``seal`` signs what is audited; without one
    (a store opened outside of a workspace) the chain goes on unsigned."""

    def __init__(self, url: str, seal: Seal | None = None) -> None:
        self.url, self.seal = url, seal
        self.engine: Engine = open_engine(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of all tables; a database that is damaged or gone is `Refused` by its name."""
        try:
            with reading(self.engine) as connection:
                yield connection
        except DBAPIError as fault:
            if (known := named(fault, self.engine)) is not None:
                raise known from fault
            raise  # a fault that was its own cause would be a chain of causes without an end

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A writing transaction. What keeps it from being stored is `Refused` by its name (`data.store.faults`), as
        another writer that does not end in time (``DATABASE_BUSY``); nothing of it is stored then."""
        begun = False
        try:
            with writing(self.engine) as connection:
                begun = True
                sealing = seal_writes(connection, self.seal)
                yield connection
        except DBAPIError as fault:
            known = named(fault, self.engine)
            if known is None and not begun and isinstance(fault, OperationalError):
                known = Refused("DATABASE_BUSY")
            if known is not None:
                raise known from fault
            raise
        sealing.keep_apart()


class Part:
    """One part of the store: the tables of one subject."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _reading(self) -> AbstractContextManager[Connection]:
        return self._database.reading()

    def _writing(self) -> AbstractContextManager[Connection]:
        return self._database.writing()


def note_act(connection: Connection, user: str, act: str, what: dict[str, Any]) -> None:
    """One audit line, and a new revision, so that screens notice the change."""
    note_quietly(connection, user, act, what)
    bump(connection)


def note_quietly(connection: Connection, user: str, act: str, what: dict[str, Any]) -> None:
    """One audit line of what no screen draws (a sign-in): the revision stays, so no screen reads everything anew."""
    append(connection, user, act, what)


def new_batch(connection: Connection, meta: BatchMeta, content: str, expected: str | None) -> str:
    """Registers a batch whose content has the hash ``content`` and returns its id.

    Raises `Refused` (``DATA_CHANGED``) when the input version is no longer ``expected``.
    """
    if expected is not None and input_version(connection) != expected:
        raise Refused("DATA_CHANGED")
    at = now()
    name = next_number(connection, f"B{at:%Y%m%d}")
    connection.execute(
        insert(batch).values(
            batch=name,
            jenis=meta.jenis,
            file_name=meta.file_name,
            sha256=meta.sha256,
            source=meta.source,
            as_of=meta.as_of,
            user=meta.user,
            created_at=at,
            rows_read=meta.rows_read,
            rows_ok=meta.rows_ok,
            rows_error=meta.rows_error,
            rows_skipped=meta.rows_skipped,
            status=ACTIVE,
            data_contoh=meta.data_contoh,
            content=content,
            report_json=to_json(meta.report),
        )
    )
    note_act(connection, meta.user, "import", {"batch": name, "jenis": meta.jenis, "sha256": meta.sha256})
    return name


def input_version(connection: Connection) -> str:
    """Hash over what a score is computed from: gazetteer, live batches, preferred sources. 16 hex digits."""
    query = select(batch.c.content).where(batch.c.status == ACTIVE).order_by(batch.c.created_at, batch.c.batch)
    contents = [*connection.execute(query).scalars()]
    preferred = select(pilihan.c.jenis, pilihan.c.indikator, pilihan.c.level, pilihan.c.source)
    if rows := [tuple(row) for row in connection.execute(preferred)]:
        contents.append(hash_rows(rows))
    return hash_text(read_state(connection, "gazetir") or "", *contents)[:16]
