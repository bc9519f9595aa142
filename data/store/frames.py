"""Rows of a table as a frame."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection, Table, select


def table_frame(connection: Connection, table: Table, names: Sequence[str], order: Sequence[str]) -> pd.DataFrame:
    """The columns ``names`` of ``table``, sorted by ``order`` (a name behind ``-``: descending)."""
    query = select(*(table.c[name] for name in names))
    for name in order:
        column = table.c[name.lstrip("-")]
        query = query.order_by(column.desc() if name.startswith("-") else column)
    return pd.DataFrame(connection.execute(query).fetchall(), columns=list(names))
