"""Canonical hashes of what the store holds: equal content gives equal hashes on any database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

_NOT_CONTENT = {"id", "created_at"}
"""Columns that say how a row was stored, not what it says."""


def hash_rows(rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 over the rows in any order."""
    digest = hashlib.sha256()
    for line in sorted("\x1f".join(_canonical(value) for value in row) for row in rows):
        digest.update(line.encode())
        digest.update(b"\x1e")
    return digest.hexdigest()


def hash_table(connection: Connection, table: Table) -> str:
    """SHA-256 over a whole table, without row ids and times of storing."""
    columns = [column for column in table.columns if column.name not in _NOT_CONTENT]
    return hash_rows(tuple(row) for row in connection.execute(select(*columns)))


def hash_text(*parts: str) -> str:
    """SHA-256 over the parts in their order."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def to_json(value: Any) -> str:
    """Compact JSON with sorted keys; numpy numbers and dates are written as plain ones."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _canonical(value: Any) -> str:
    if value is None:
        return "\x00"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return repr(value)
    return str(value)


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
