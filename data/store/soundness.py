"""Whether the database itself is whole, asked of the database: SQLite's quick check, PostgreSQL's own counters."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, text

from data.store.tables import metadata

Damage = str
"""What is damaged, in the database's own words, shortened; empty: nothing found."""


def damage(engine: Engine) -> Damage:
    """Looks at the whole database. A fault that keeps it from answering is raised as the driver's own."""
    if engine.dialect.name == "sqlite":
        return _sqlite(Path(str(engine.url.database)))
    with engine.connect() as connection:
        return _postgresql(connection)


def _sqlite(file: Path) -> Damage:
    """By a connection of its own, which has nothing of the file in memory yet."""
    address = f"{file.absolute().as_uri()}?mode=ro"
    try:
        try:
            found = _checked(address)
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CANTOPEN:
                raise
            # In a folder that nobody can write to the files that lie beside a database cannot be made.
            found = _checked(f"{address}&immutable=1")
    except sqlite3.DatabaseError as fault:
        if getattr(fault, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return str(fault)[:80]
        raise
    return "" if found == ["ok"] else "; ".join(found)[:200]


def _checked(address: str) -> list[str]:
    with closing(sqlite3.connect(address, uri=True)) as raw:
        return [str(row[0]) for row in raw.execute("PRAGMA quick_check(3)")]


def _postgresql(connection: Connection) -> Damage:
    """Pages whose checksum failed (where the server keeps checksums), tables that are gone or cannot be read through,
    and, where the extension ``amcheck`` is installed, broken indexes."""
    failed = text("SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()")
    if number := connection.execute(failed).scalar():
        return f"checksum_failures {number}"
    gone = set(metadata.tables) - set(inspect(connection).get_table_names())
    if gone:
        return ", ".join(sorted(gone))
    for table in metadata.sorted_tables:
        connection.execute(select(func.count()).select_from(table))
    if connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'")).scalar():
        connection.execute(
            text(
                "SELECT bt_index_check(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
                "JOIN pg_am a ON a.oid = c.relam "
                "WHERE a.amname = 'btree' AND c.relnamespace = current_schema()::regnamespace"
            )
        )
    return ""
