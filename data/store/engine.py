"""Connections: one writer at a time, readers never wait, the same code for SQLite and PostgreSQL.

Python's sqlite3 opens transactions late and deferred, which lets two officers' imports read the same state and then
fail or overwrite one another. Here every transaction is opened by hand: ``BEGIN IMMEDIATE`` for writers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from data.disk import free_bytes, writable
from data.errors import WrongUse

BUSY_SECONDS = 30
"""How long a writer waits for another before it gives up."""

_SHARED_MEMORY = 65_536
"""Bytes SQLite needs beside a database before it reads one that is written with a log."""
_WRITE_LOCK = 5301042003
"""Key of PostgreSQL's advisory lock that lets one writer in at a time."""


def open_engine(url: str) -> Engine:
    """An engine whose transactions begin as this module's docstring says.

    ``postgresql://…`` (or ``postgres://…``) means psycopg 3, the extra ``postgres``. Raises `WrongUse`:
    ``DATABASE_URL`` for an address of another kind, ``DATABASE_DRIVER`` when psycopg is not installed.
    """
    try:
        where = make_url(url)
    except ArgumentError as fault:
        raise WrongUse("DATABASE_URL", kind="?") from fault
    kind = where.get_backend_name()
    if kind in ("postgresql", "postgres"):
        try:
            engine = create_engine(where.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)
        except ModuleNotFoundError as fault:
            raise WrongUse("DATABASE_DRIVER") from fault
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    if kind != "sqlite":
        raise WrongUse("DATABASE_URL", kind=kind)
    file = Path(where.database or "")
    if where.database and file.is_file() and _only_readable(file):
        # Asked anew for each connection: what is full or read-only now may be mended in a minute.
        engine = create_engine("sqlite://", creator=lambda: _connect(file), poolclass=NullPool, hide_parameters=True)
        engine.url = where
    else:
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the store."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """The store's only writer until the block ends; all of it is stored or nothing."""
    with engine.connect().execution_options(peta_aman_write=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            # In a statement of its own: what follows must see what the writer before us committed.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
        yield connection


def _only_readable(file: Path) -> bool:
    """Whether SQLite cannot make the files it needs beside ``file``: the folder is read-only, or its disk is full.

    It would not even read then, unless told that nobody writes; changes that still wait in the write-ahead log would be
    missed so, and then it is left to fail."""
    log = file.with_name(file.name + "-wal")
    waiting = log.exists() and log.stat().st_size > 0
    return not waiting and (not writable(file.parent) or free_bytes(file.parent) < _SHARED_MEMORY)


def _connect(file: Path) -> sqlite3.Connection:
    how = "?mode=ro&immutable=1" if _only_readable(file) else ""
    address = f"{file.absolute().as_uri()}{how}"
    return sqlite3.connect(address, uri=True, check_same_thread=False, timeout=BUSY_SECONDS)


def _prepare_sqlite(raw: sqlite3.Connection, _record: Any) -> None:
    raw.isolation_level = None
    cursor = raw.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    with suppress(sqlite3.OperationalError):  # a database that is only read stays in the mode it has
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("peta_aman_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """Readers keep one snapshot; a writer sees the newest state once it holds the lock, and waits for it in bounds."""
    if connection.get_execution_options().get("peta_aman_write", False):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
