"""Faults of the database by their name: what a driver raises becomes a reason a person can do something about."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from data.disk import FULL_BYTES, free_bytes, writable
from data.errors import Refused

DriverFault = DBAPIError
"""What a driver raises, for rooms that do not know which it is."""
_SQLITE = {
    sqlite3.SQLITE_READONLY: "FOLDER_READ_ONLY",
    sqlite3.SQLITE_CORRUPT: "DATABASE_DAMAGED",
    sqlite3.SQLITE_NOTADB: "DATABASE_DAMAGED",
    sqlite3.SQLITE_BUSY: "DATABASE_BUSY",
    sqlite3.SQLITE_LOCKED: "DATABASE_BUSY",
    sqlite3.SQLITE_FULL: "DISK_FULL",
}
_MAYBE_FULL = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
"""On a full disk SQLite cannot make its helping files, and we open the database for reading only."""
_POSTGRESQL = {
    "53100": "DISK_FULL",
    "25006": "FOLDER_READ_ONLY",
    "XX001": "DATABASE_DAMAGED",
    "XX002": "DATABASE_DAMAGED",
    "55P03": "DATABASE_BUSY",
    "57P01": "DATABASE_GONE",
    "57P02": "DATABASE_GONE",
    "57P03": "DATABASE_GONE",
}


def folder_of(engine: Engine) -> Path:
    """The folder of the database's file; the present one for a server, whose disk is not ours to look at."""
    return Path(engine.url.database or ".").parent if engine.dialect.name == "sqlite" else Path()


def named(fault: DBAPIError, engine: Engine) -> Refused | None:
    """``fault`` as a `Refused`: DISK_FULL (``free``), FOLDER_READ_ONLY, DATABASE_DAMAGED, DATABASE_BUSY, DATABASE_GONE
    (the server went away); None when it is none of these and so a fault of ours."""
    reason = _reason(fault, engine)
    if reason == "DISK_FULL":
        return Refused(reason, free=free_bytes(folder_of(engine)))
    if reason == "FOLDER_READ_ONLY":
        return Refused(reason, path=str(folder_of(engine)))
    return Refused(reason) if reason else None


def _reason(fault: DBAPIError, engine: Engine) -> str:
    origin = fault.orig
    if engine.dialect.name == "sqlite":
        code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
        if code in _MAYBE_FULL and writable(folder_of(engine)) and free_bytes(folder_of(engine)) < FULL_BYTES:
            return "DISK_FULL"
        return _SQLITE.get(code, "")
    state = str(getattr(origin, "sqlstate", None) or "")
    if fault.connection_invalidated or state.startswith("08"):
        return "DATABASE_GONE"
    if not state and type(origin).__name__ == "OperationalError":
        return "DATABASE_GONE"  # no connection: the server said nothing
    return _POSTGRESQL.get(state, "")
