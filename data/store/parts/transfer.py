"""All tables of a store written out and read in, one transaction each.

Tables leave as JSON lines, the same from SQLite and PostgreSQL, so that either can take them in.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, StatementError

from data.errors import Refused
from data.store.access_tables import OF_THE_MOMENT
from data.store.chain import head_of, verify
from data.store.content import hash_table
from data.store.engine import open_engine, writing
from data.store.migrate import HEAD, revision_of, upgrade
from data.store.state import read_state
from data.store.tables import CONTENT_TABLES, batch, gazetir, metadata


@dataclass(frozen=True)
class Replaced:
    """Where the chain of an audit ended that gave way, and its first row that was not as it was."""

    head: str
    broken: int | None


Rows = Iterator[dict[str, Any]]
_CHUNK = 5_000


class CarriedOut:
    """One moment of the store, open for reading."""

    revision = HEAD

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.id = read_state(connection, "id") or ""

    def tables(self) -> list[str]:
        """Names of the tables that are carried along, those that others refer to first."""
        return [table.name for table in metadata.sorted_tables if table.name not in OF_THE_MOMENT]

    def lines(self, name: str) -> Iterator[bytes]:
        """A table as JSON lines: one object a row."""
        table = metadata.tables[name]
        result = self._connection.execute(select(*table.c), execution_options={"yield_per": _CHUNK})
        for row in result.mappings():
            yield json.dumps(dict(row), ensure_ascii=False, separators=(",", ":"), default=_as_json).encode() + b"\n"

    def table_hashes(self) -> dict[str, str]:
        """As `Store.table_hashes`, at this moment."""
        return _hashes(self._connection)

    def head(self) -> str:
        """Where the chain of the audit ends (`data.sealing.seal.Head.short`)."""
        return head_of(self._connection).short

    def boundary_files(self) -> set[str]:
        """Names of the boundary files the tables refer to."""
        return set(self._connection.execute(select(metadata.tables["batas"].c.path)).scalars())


def carry_in(
    url: str,
    revision: str,
    tables: Mapping[str, Callable[[], Iterator[bytes]]],
    before_commit: Callable[[dict[str, str]], None],
    arrived: Callable[[Connection, Replaced | None], None] | None = None,
) -> None:
    """Fills the empty database at ``url`` with tables of ``revision`` and brings them to the newest: all or nothing.

    ``arrived`` writes what the tables are to say of their coming, and of the audit that was there before, then
    ``before_commit`` gets their hashes, both inside the transaction; what they raise undoes everything. Raises
    `Refused` (``DATABASE_IN_USE``) when the database holds anything, ``ValueError`` for a table or column that
    ``revision`` does not have or a row that cannot be stored.
    """
    engine = open_engine(url)
    try:
        with writing(engine) as connection:
            replaced = _carry_in(connection, revision, tables)
            if arrived is not None:
                arrived(connection, replaced)
            before_commit(_hashes(connection))
    except (OperationalError, InterfaceError) as fault:
        raise Refused("DATABASE_UNREADABLE", detail=type(fault.orig).__name__) from fault
    except (DBAPIError, StatementError) as fault:
        raise ValueError("a row that cannot be stored") from fault
    finally:
        engine.dispose()


def _carry_in(
    connection: Connection, revision: str, tables: Mapping[str, Callable[[], Iterator[bytes]]]
) -> Replaced | None:
    replaced = None
    if inspect(connection).has_table("gazetir"):
        if not holds_nothing(connection):
            raise Refused("DATABASE_IN_USE")
        replaced = _audit_there(connection)
        drop_all(connection)
    upgrade(connection, revision)
    known = MetaData()
    known.reflect(connection)
    strangers = set(tables) - (set(known.tables) - {"alembic_version"})
    if strangers:
        raise ValueError(f"revision {revision} has no table {sorted(strangers)[0]}")
    for table in reversed(known.sorted_tables):
        if table.name != "alembic_version":
            connection.execute(table.delete())
    for table in known.sorted_tables:
        if table.name in tables:
            _fill(connection, table, tables[table.name]())
    upgrade(connection, HEAD)
    return replaced


def _audit_there(connection: Connection) -> Replaced | None:
    """The audit of a database without data: people may have signed in, or somebody took the data out."""
    if revision_of(connection) != HEAD or connection.execute(select(metadata.tables["audit"].c.id)).first() is None:
        return None
    # Whose key signed it is not known here: what can be told is whether the rows hang together.
    found = verify(connection, "", None)
    return Replaced(found.head.short, None if found.why in ("signature", "start") else found.broken)


def holds_nothing(connection: Connection) -> bool:
    """Whether neither a gazetteer nor a batch is stored."""
    return not any(connection.execute(select(table.c[0]).limit(1)).first() for table in (gazetir, batch))


def drop_all(connection: Connection) -> None:
    """Drops all tables."""
    metadata.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


def _hashes(connection: Connection) -> dict[str, str]:
    return {name: hash_table(connection, table) for name, table in CONTENT_TABLES.items()}


def _fill(connection: Connection, table: Table, lines: Iterator[bytes]) -> None:
    readers = {column.name: _reader(column.type.python_type) for column in table.columns}
    rows: list[dict[str, Any]] = []
    for line in lines:
        row = json.loads(line)
        if set(row) != set(readers):
            raise ValueError(f"a row of {table.name} has other columns than its table")
        rows.append({name: None if value is None else readers[name](value) for name, value in row.items()})
        if len(rows) >= _CHUNK:
            connection.execute(insert(table), rows)
            rows = []
    if rows:
        connection.execute(insert(table), rows)
    if connection.dialect.name == "postgresql" and "id" in table.c and isinstance(table.c["id"].type, Integer):
        # Rows came with their numbers; the next one must continue after them.
        last = func.coalesce(select(func.max(table.c.id)).scalar_subquery(), 0)
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last + 1, False)))


def _reader(kind: type) -> Callable[[Any], Any]:
    if kind is dt.date:
        return dt.date.fromisoformat
    if kind is dt.datetime:
        return dt.datetime.fromisoformat
    if kind is bytes:
        return base64.b64decode
    return lambda value: value


def _as_json(value: Any) -> Any:
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} cannot be carried out")
