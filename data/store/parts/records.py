"""Records beside the facts (crosswalk, points, sessions), and what a person confirmed about names and columns."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, delete, insert, select

from data.store.content import to_json
from data.store.tables import RECORD_TABLES, alias, pemetaan, pilihan

_FIGURE = ("jenis", "indikator", "level")
"""What a preferred source is preferred for."""
_ALIAS_COLUMNS = ("id", "kunci", "teks", "lingkup", "sumber", "kode", "user", "created_at")


def record_rows(kind: str, frame: pd.DataFrame) -> list[dict[str, Any]]:
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


def write(connection: Connection, kind: str, name: str, rows: list[dict[str, Any]]) -> None:
    """Stores records of a batch."""
    if rows:
        connection.execute(insert(RECORD_TABLES[kind]), [{**row, "batch": name} for row in rows])


def remove(connection: Connection, name: str) -> None:
    """Takes the records of a batch out."""
    for table in RECORD_TABLES.values():
        connection.execute(delete(table).where(table.c.batch == name))


def read(connection: Connection, kind: str) -> pd.DataFrame:
    """Records of a kind, ``batch`` first, in the order they were stored."""
    table: Table = RECORD_TABLES[kind]
    names = [column.name for column in table.columns if column.name != "id"]
    query = select(*(table.c[name] for name in names)).order_by(table.c.id)
    frame = pd.DataFrame(connection.execute(query).fetchall(), columns=names)
    for column in table.columns:
        if column.name in frame and column.type.python_type is float:
            frame[column.name] = frame[column.name].astype(float)
        elif column.name in frame and column.type.python_type is int:
            frame[column.name] = pd.to_numeric(frame[column.name]).astype("Int64")
    return frame


def add_alias(connection: Connection, now: dt.datetime, user: str, one: dict[str, str]) -> int:
    """Keeps one confirmed name, in place of what was confirmed for it before; returns its id."""
    same = [alias.c[name] == one[name] for name in ("kunci", "lingkup", "sumber")]
    connection.execute(delete(alias).where(*same))
    values = {name: one[name] for name in ("kunci", "teks", "lingkup", "sumber", "kode")}
    connection.execute(insert(alias).values(**values, user=user, created_at=now))
    return int(connection.execute(select(alias.c.id).where(*same)).scalar_one())


def drop_alias(connection: Connection, number: int) -> dict[str, Any] | None:
    """Forgets a confirmed name; returns what it was, None when there is none of that id."""
    found = connection.execute(select(*alias.c).where(alias.c.id == number)).mappings().first()
    if found is not None:
        connection.execute(delete(alias).where(alias.c.id == number))
    return dict(found) if found is not None else None


def read_aliases(connection: Connection) -> pd.DataFrame:
    """Every confirmed name, the oldest first."""
    query = select(*(alias.c[name] for name in _ALIAS_COLUMNS)).order_by(alias.c.id)
    return pd.DataFrame(connection.execute(query).fetchall(), columns=list(_ALIAS_COLUMNS))


def add_mapping(
    connection: Connection, now: dt.datetime, user: str, jenis: str, sumber: str, tajuk: str, kolom: dict[str, str]
) -> int:
    """Keeps one assignment of columns, in place of the one before; returns its id."""
    same = [pemetaan.c.jenis == jenis, pemetaan.c.sumber == sumber, pemetaan.c.tajuk == tajuk]
    connection.execute(delete(pemetaan).where(*same))
    connection.execute(
        insert(pemetaan).values(
            jenis=jenis, sumber=sumber, tajuk=tajuk, kolom_json=to_json(kolom), user=user, created_at=now
        )
    )
    return int(connection.execute(select(pemetaan.c.id).where(*same)).scalar_one())


def drop_mapping(connection: Connection, number: int) -> bool:
    """Forgets an assignment of columns; False when there is none of that id."""
    return connection.execute(delete(pemetaan).where(pemetaan.c.id == number)).rowcount > 0


def read_mappings(connection: Connection) -> pd.DataFrame:
    """``id, jenis, sumber, tajuk, kolom (field → header), user, created_at``, the oldest first."""
    names = ["id", "jenis", "sumber", "tajuk", "kolom_json", "user", "created_at"]
    query = select(*(pemetaan.c[name] for name in names)).order_by(pemetaan.c.id)
    frame = pd.DataFrame(connection.execute(query).fetchall(), columns=names)
    frame["kolom"] = [json.loads(text) for text in frame.pop("kolom_json")]
    return frame


def set_preference(connection: Connection, now: dt.datetime, user: str, one: dict[str, str]) -> int:
    """Keeps one preferred source, in place of the one before for the same figure; returns its id."""
    same = [pilihan.c[name] == one[name] for name in _FIGURE]
    connection.execute(delete(pilihan).where(*same))
    connection.execute(insert(pilihan).values(**one, user=user, created_at=now))
    return int(connection.execute(select(pilihan.c.id).where(*same)).scalar_one())


def drop_preference(connection: Connection, number: int) -> dict[str, Any] | None:
    """Forgets a preferred source; returns what it was for, None when there is none of that id."""
    query = select(*(pilihan.c[name] for name in (*_FIGURE, "source"))).where(pilihan.c.id == number)
    found = connection.execute(query).mappings().first()
    if found is not None:
        connection.execute(delete(pilihan).where(pilihan.c.id == number))
    return dict(found) if found is not None else None


def read_preferences(connection: Connection) -> pd.DataFrame:
    """Every preferred source, the oldest first."""
    names = ["id", *_FIGURE, "source", "alasan", "user", "created_at"]
    query = select(*(pilihan.c[name] for name in names)).order_by(pilihan.c.id)
    return pd.DataFrame(connection.execute(query).fetchall(), columns=names)


def preferred_rows(connection: Connection, facts: pd.DataFrame) -> pd.Series:
    """Which ``facts`` are of a source a person prefers for that figure (bool, same index)."""
    columns = [*_FIGURE, "source"]
    wanted = {tuple(row) for row in read_preferences(connection)[columns].itertuples(index=False, name=None)}
    if not wanted:
        return pd.Series(False, facts.index)
    return pd.Series(pd.MultiIndex.from_frame(facts[columns]).isin(wanted), facts.index)


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value
