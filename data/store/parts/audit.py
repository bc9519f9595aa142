"""The audit trail: who did what, and when; a chain whose end is signed."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pandas as pd
from sqlalchemy import delete, func, select

from data.domain.actor import folded
from data.errors import WrongUse
from data.sealing.seal import Head
from data.store import chain
from data.store.chain import ChainVerdict, append
from data.store.frames import table_frame
from data.store.part import Part
from data.store.state import write_state
from data.store.tables import audit

COLUMNS = ("id", "at", "user", "account", "act", "what_json", "earlier", "hash")


class Audit(Part):
    """``store.audit``: one line for each act."""

    def record(self, user: str, act: str, what: dict[str, Any], account: str = "") -> None:
        """Writes one line of audit (a view of exact counts, an export); ``what`` must hold no personal data.

        Without ``account`` it is that of the act under way (`data.domain.acting`).
        """
        with self._writing() as connection:
            append(connection, user, act, what, account)

    def trail(self) -> pd.DataFrame:
        """``at, user, act, what_json``, the newest first."""
        with self._reading() as connection:
            return table_frame(connection, audit, ["at", "user", "act", "what_json"], order=("-id",))

    def rows(
        self, *, user: str = "", act: str = "", since: dt.date | None = None, until: dt.date | None = None
    ) -> pd.DataFrame:
        """`COLUMNS`, the oldest first: of the person whose name or account is ``user`` (`data.domain.actor.folded`), of
        one kind of act, from the day ``since`` to the day ``until``, both included."""
        query = select(*(audit.c[name] for name in COLUMNS)).order_by(audit.c.id)
        if since is not None:
            query = query.where(audit.c.at >= dt.datetime.combine(since, dt.time.min))
        if until is not None:
            query = query.where(audit.c.at <= dt.datetime.combine(until, dt.time.max))
        if act:
            query = query.where(audit.c.act == act)
        with self._reading() as connection:
            frame = pd.DataFrame(connection.execute(query).fetchall(), columns=list(COLUMNS))
        if not user:
            return frame
        same = frame["user"].map(folded).eq(folded(user)) | frame["account"].map(folded).eq(folded(user))
        return frame[same.astype(bool)].reset_index(drop=True)

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

    def head(self) -> Head:
        """Where the chain ends."""
        with self._reading() as connection:
            return chain.head_of(connection)

    def signed_at(self, versi: str) -> str:
        """The end of the chain (`Head.short`) when the frozen list ``versi`` was last signed; empty when no row tells
        of it (any more)."""
        told = audit.c.act.like("daftar.%") & audit.c.what_json.like(f'%"versi":"{versi}"%')
        query = select(audit.c.id, audit.c.hash).where(told).order_by(audit.c.id.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).first()
            if row is None:
                return ""
            before = select(func.count()).select_from(audit).where(audit.c.id <= row.id)
            rows = chain.start_of(connection).rows + connection.execute(before).scalar_one()
        return Head(row.id, rows, row.hash).short

    def key(self) -> str:
        """The fingerprint of the installation's key; empty where nothing is signed."""
        seal = self._database.seal
        return seal.key.fingerprint if seal is not None else ""

    def verify(self) -> ChainVerdict:
        """Walks the whole chain; see `data.store.chain.ChainVerdict`."""
        seal = self._database.seal
        if seal is None:
            raise ValueError("a store without a seal has nothing to verify the chain with")
        with self._reading() as connection:
            # The file apart is read after the moment of the transaction began: it may then name a newer row.
            before = chain.head_of_or_none(connection)
            try:
                kept = seal.kept()
            except ValueError:
                return ChainVerdict(0, 0, Head(), 1, "head")
            verdict = chain.verify(connection, seal.key.public, kept)
        if verdict.why in ("removed", "head") and before is not None and kept is not None and kept.id > before.id:
            with self._reading() as connection:
                if chain.head_of_or_none(connection) != before:
                    return self.verify()
        return verdict

    def has_head(self, printed: str) -> bool:
        """Whether a head that was printed (`Head.short`) is of this chain, as far back as it was not cut."""
        rows, _, beginning = printed.partition(":")
        if not rows.isdigit() or len(beginning) < 8:
            raise WrongUse("AUDIT_HEAD", value=printed[:40])
        with self._reading() as connection:
            return chain.has_row(connection, int(rows), beginning)

    def adopt(self) -> None:
        """Signs a chain that nobody has signed yet, and keeps its head apart: done once, when a workspace first opens
        tables that older versions or a store outside of a workspace wrote."""
        seal = self._database.seal
        if seal is None or seal.has_kept():
            return
        with self._writing() as connection:
            head = chain.head_of(connection)
            if not head.signature:
                chain.write_head(connection, head)
            else:
                seal.keep(head)

    def cut(self, user: str, before: dt.date) -> int:
        """Takes the rows of days before ``before`` off the beginning of the chain, for good; how many. The cut is
        signed and is a row itself; what stays verifies as before."""
        with self._writing() as connection:
            verdict_start, head = chain.start_of(connection), chain.head_of(connection)
            moment = dt.datetime.combine(before, dt.time.min)
            first = connection.execute(select(func.min(audit.c.id)).where(audit.c.at >= moment)).scalar()
            going = audit.c.id < first if first is not None else audit.c.id <= head.id
            gone = select(audit.c.id, audit.c.hash).where(going)
            last = connection.execute(gone.order_by(audit.c.id.desc()).limit(1)).first()
            if last is None:
                return 0
            number = connection.execute(select(func.count()).select_from(gone.subquery())).scalar_one()
            start = Head(last.id, verdict_start.rows + number, last.hash, dt.datetime.now(dt.UTC).isoformat())
            connection.execute(delete(audit).where(going))
            seal = self._database.seal
            if seal is not None:
                start = start.signed(seal.key, chain.store_id(connection))
            write_state(connection, chain.START, start.to_text())
            what = {"before": before.isoformat(), "rows": number, "last": start.short}
            append(connection, user, "audit_cut", what)
            return int(number)
