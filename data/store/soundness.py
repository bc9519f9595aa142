"""Whether the database itself is whole, asked of the database: SQLite's quick check, PostgreSQL's own counters."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, inspect, select, text

from data.store.tables import metadata


class Soundness(NamedTuple):
    """``damage``: what is damaged, in the database's own words, shortened; empty: nothing found. ``untested``: what
    could not be looked at because the extension of that name, or the right to it, is missing."""

    damage: str = ""
    untested: str = ""


_failures_known: dict[str, int] = {}
"""By database: how many pages had failed when this process first asked. The server counts on from the day its
statistics were begun, also what was mended long ago."""


def soundness(engine: Engine) -> Soundness:
    """Looks at the whole database. A fault that keeps it from answering is raised as the driver's own."""
    if engine.dialect.name == "sqlite":
        return Soundness(_sqlite(Path(str(engine.url.database))))
    with engine.connect() as connection:
        return _postgresql(connection)


def _sqlite(file: Path) -> str:
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


def _postgresql(connection: Connection) -> Soundness:
    """Pages whose checksum fails (where the server keeps checksums), tables that are gone or cannot be read through,
    and, where the extension ``amcheck`` is there for us, broken indexes."""
    name = str(connection.engine.url)
    first = _checksum_failures(connection)
    before = _failures_known[name] = min(first, _failures_known.get(name, first))
    gone = set(metadata.tables) - set(inspect(connection).get_table_names())
    if gone:
        return Soundness(", ".join(sorted(gone)))
    connection.execute(text("SET LOCAL enable_indexonlyscan = off"))  # the tables themselves are to be read
    for table in metadata.sorted_tables:
        connection.execute(select(func.count()).select_from(table))
    schema = connection.execute(_AMCHECK).scalar()
    if schema is not None:
        check = connection.dialect.identifier_preparer.quote(str(schema)) + ".bt_index_check"
        connection.execute(text(_INDEXES.format(check=check)))
    if (number := _checksum_failures(connection)) > before:
        return Soundness(f"checksum_failures {number - before}")
    return Soundness(untested="" if schema is not None else "amcheck")


_AMCHECK = text(
    "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
    "JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname = 'bt_index_check' AND p.pronargs = 1 "
    "WHERE e.extname = 'amcheck' AND has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')"
)
"""Where the extension is, if the role that we are may use it: by default only a superuser may."""
_INDEXES = (
    "SELECT {check}(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam "
    "WHERE a.amname = 'btree' AND i.indisvalid AND c.relnamespace = current_schema()::regnamespace"
)


def _checksum_failures(connection: Connection) -> int:
    connection.execute(text("SELECT pg_stat_clear_snapshot()"))
    query = text("SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()")
    return int(connection.execute(query).scalar() or 0)
