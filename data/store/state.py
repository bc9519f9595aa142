"""Small facts of the store about itself: identity, revision, running numbers."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import Connection, insert, select, update

from data.store.tables import keadaan


def read_state(connection: Connection, name: str) -> str | None:
    """The value kept under ``name``."""
    return connection.execute(select(keadaan.c.nilai).where(keadaan.c.nama == name)).scalar()


def write_state(connection: Connection, name: str, value: str) -> None:
    """Keeps ``value`` under ``name``; the caller is the only writer."""
    changed = connection.execute(update(keadaan).where(keadaan.c.nama == name).values(nilai=value))
    if changed.rowcount == 0:
        connection.execute(insert(keadaan).values(nama=name, nilai=value))


def identity(connection: Connection) -> tuple[str, str]:
    """The store's own id, made at its first opening, and its revision, a number that only grows."""
    own = read_state(connection, "id")
    if own is None:
        own = uuid.uuid4().hex
        write_state(connection, "id", own)
    return own, read_state(connection, "revisi") or "0"


def bump(connection: Connection) -> None:
    """Says that something changed."""
    write_state(connection, "revisi", str(int(read_state(connection, "revisi") or 0) + 1))


def next_number(connection: Connection, prefix: str) -> str:
    """``B20261122`` → ``B20261122-0001``, ``-0002`` …; never given twice, also after an undo."""
    number = int(read_state(connection, prefix) or 0) + 1
    write_state(connection, prefix, str(number))
    return f"{prefix}-{number:04d}"


def now() -> dt.datetime:
    """The time on the office's clock, without its zone: both databases keep it the same way."""
    return dt.datetime.now().replace(microsecond=0)
