"""Connections: one writer at a time, readers never wait, the same code for SQLite and PostgreSQL.

Python's sqlite3 opens transactions late and deferred, which lets two officers' imports read the same state and then
fail or overwrite one another. Here every transaction is opened by hand: ``BEGIN IMMEDIATE`` for writers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text

BUSY_SECONDS = 30
"""How long a writer waits for another before it gives up."""

_WRITE_LOCK = 5301042003
"""Key of PostgreSQL's advisory lock that lets one writer in at a time."""


def open_engine(url: str) -> Engine:
    """An engine whose transactions begin as this module's docstring says."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
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
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
        yield connection


def _prepare_sqlite(raw: sqlite3.Connection, _record: Any) -> None:
    raw.isolation_level = None
    cursor = raw.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("peta_aman_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
