"""The audit trail: who did what, and when."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from sqlalchemy import func, insert, select

from data.store.content import to_json
from data.store.frames import table_frame
from data.store.part import Part, now
from data.store.tables import audit


class Audit(Part):
    """``store.audit``: one line for each act."""

    def record(self, user: str, act: str, what: dict[str, Any]) -> None:
        """Writes one line of audit (a view of exact counts, an export); ``what`` must hold no personal data."""
        with self._writing() as connection:
            connection.execute(insert(audit).values(at=now(), user=user, act=act, what_json=to_json(what)))

    def trail(self) -> pd.DataFrame:
        """``at, user, act, what_json``, the newest first."""
        with self._reading() as connection:
            return table_frame(connection, audit, ["at", "user", "act", "what_json"], order=("-id",))

    def last(self) -> int:
        """The number of the last audited act, 0 before the first; see `since`."""
        with self._reading() as connection:
            return int(connection.execute(select(func.max(audit.c.id))).scalar() or 0)

    def since(self, number: int) -> pd.DataFrame:
        """What was done after the act of that number, the oldest first: ``at, user, act, what`` (plain values)."""
        names = ["at", "user", "act", "what_json"]
        query = select(*(audit.c[name] for name in names)).where(audit.c.id > number).order_by(audit.c.id)
        with self._reading() as connection:
            frame = pd.DataFrame(connection.execute(query).fetchall(), columns=names)
        frame["what"] = [json.loads(text) for text in frame.pop("what_json")]
        return frame
