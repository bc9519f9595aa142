"""Records beside the facts: code crosswalk, service points, sessions."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, delete, insert, select

from data.batches import BatchMeta
from data.store.content import hash_rows, hash_text
from data.store.frames import query_frame
from data.store.part import Part, new_batch
from data.store.tables import RECORD_TABLES


class Records(Part):
    """``store.records``: crosswalk, service points, sessions held."""

    def commit(self, meta: BatchMeta, rows: pd.DataFrame, expected: str | None = None) -> str:
        """Stores one batch of records whole; ``meta.jenis`` is ``padanan``, ``titik`` or ``sesi``.

        ``rows`` has the columns of that table (`data.store.tables`). ``expected`` as for `Facts.commit`.
        """
        frame = _rows(meta.jenis, rows)
        content = hash_text(
            meta.jenis, str(meta.as_of), meta.source, hash_rows(tuple(record.values()) for record in frame)
        )
        with self._writing() as connection:
            name = new_batch(connection, meta, content, expected)
            _write(connection, meta.jenis, name, frame)
        return name

    def read(self, kind: str) -> pd.DataFrame:
        """Live records of ``padanan`` (``batch, jenis, nilai, kode, row``), ``titik`` (``batch, nama, jenis, kode,
        lon, lat, source, row``) or ``sesi`` (``batch, kode, tanggal, topik, khalayak, peserta, peserta_l, peserta_p,
        pre, post, rujukan, source, row``), in the order they were stored.
        """
        with self._reading() as connection:
            return _read(connection, kind)


def _rows(kind: str, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of ``frame`` for the table of ``kind``, missing as ``None``; columns it lacks are empty.

    Raises ``ValueError`` when a column that must be filled is lacking: such rows are a fault of ours.
    """
    table = RECORD_TABLES[kind]
    wanted = [column for column in table.columns if column.name not in ("id", "batch")]
    needed = {column.name for column in wanted if not column.nullable} - set(frame.columns)
    if needed:
        raise ValueError(f"records of {kind} lack the columns {sorted(needed)}")
    whole = {column.name for column in wanted if column.type.python_type is int}
    rows = []
    for record in frame.to_dict("records"):
        row: dict[str, Any] = {}
        for column in wanted:
            value = record.get(column.name)
            if value is None or (not isinstance(value, str) and pd.isna(value)):
                row[column.name] = None
            else:
                row[column.name] = int(value) if column.name in whole else _plain(value)
        rows.append(row)
    return rows


def _write(connection: Connection, kind: str, name: str, rows: list[dict[str, Any]]) -> None:
    """Stores records of a batch."""
    if rows:
        connection.execute(insert(RECORD_TABLES[kind]), [{**row, "batch": name} for row in rows])


def remove_records(connection: Connection, name: str) -> None:
    """Takes the records of a batch out."""
    for table in RECORD_TABLES.values():
        connection.execute(delete(table).where(table.c.batch == name))


def _read(connection: Connection, kind: str) -> pd.DataFrame:
    """Records of a kind, ``batch`` first, in the order they were stored."""
    table: Table = RECORD_TABLES[kind]
    names = [column.name for column in table.columns if column.name != "id"]
    query = select(*(table.c[name] for name in names)).order_by(table.c.id)
    frame = query_frame(connection, query, names)
    for column in table.columns:
        if column.name in frame and column.type.python_type is float:
            frame[column.name] = frame[column.name].astype(float)
        elif column.name in frame and column.type.python_type is int:
            frame[column.name] = pd.to_numeric(frame[column.name]).astype("Int64")
    return frame


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value
