"""Rows of the database as frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, Table, select


def query_frame(connection: Connection, query: Select[Any], names: Sequence[str] = ()) -> pd.DataFrame:
    """What ``query`` gives; its columns are called ``names``, without these as the query calls them."""
    result = connection.execute(query)
    columns = list(names or result.keys())
    return pd.DataFrame(list(map(tuple, result)), columns=columns)  # pandas takes five times as long with SQL rows


def table_frame(connection: Connection, table: Table, names: Sequence[str], order: Sequence[str]) -> pd.DataFrame:
    """The columns ``names`` of ``table``, sorted by ``order`` (a name behind ``-``: descending)."""
    query = select(*(table.c[name] for name in names))
    for name in order:
        column = table.c[name.lstrip("-")]
        query = query.order_by(column.desc() if name.startswith("-") else column)
    return query_frame(connection, query, names)
