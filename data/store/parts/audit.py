"""The audit trail: who did what, and when; a chain whose end is signed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, text

from data.domain.actor import folded
from data.errors import Refused, WrongUse
from data.sealing.seal import Head, Seal
from data.store import chain
from data.store.chain import ChainVerdict, append
from data.store.content import hash_text, to_json
from data.store.part import Part
from data.store.state import read_state, write_state
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

    def trail(self, *acts: str, since: dt.datetime | None = None, naming: Collection[str] = ()) -> pd.DataFrame:
        """``at, user, act, what_json``, the newest first: of those kinds of act only where any are named, after a
        moment, and only rows whose ``versi`` is one of ``naming`` where any are named."""
        names = ["at", "user", "act", "what_json"]
        query = select(*(audit.c[name] for name in names)).order_by(audit.c.id.desc())
        if acts:
            query = query.where(audit.c.act.in_(acts))
        if since is not None:
            query = query.where(audit.c.at > since)
        if naming:
            told = [f'"versi":{to_json(name)}' for name in naming]
            query = query.where(or_(*(audit.c.what_json.contains(one, autoescape=True) for one in told)))
        with self._reading() as connection:
            return pd.DataFrame(connection.execute(query).fetchall(), columns=names)

    def kinds(self) -> list[str]:
        """The kinds of act of which there are rows."""
        with self._reading() as connection:
            return [str(kind) for kind in connection.execute(select(audit.c.act).distinct()).scalars()]

    def rows(
        self,
        *,
        user: str = "",
        act: str = "",
        acts: Collection[str] | None = None,
        since: dt.date | None = None,
        until: dt.date | None = None,
        newest: int | None = None,
        before: int | None = None,
    ) -> pd.DataFrame:
        """`COLUMNS`, the oldest first: of the person whose name or account is ``user``
        (`data.domain.actor.folded`), of one kind of act or of several, from the day ``since`` to ``until``, both
        included; with ``newest`` the last so many of them, with ``before`` only those whose number is smaller."""
        query = select(*(audit.c[name] for name in COLUMNS)).order_by(audit.c.id.desc()).limit(newest)
        if since is not None:
            query = query.where(audit.c.at >= dt.datetime.combine(since, dt.time.min))
        if until is not None:
            query = query.where(audit.c.at <= dt.datetime.combine(until, dt.time.max))
        if act:
            query = query.where(audit.c.act == act)
        if acts is not None:
            query = query.where(audit.c.act.in_(acts))
        if before is not None:
            query = query.where(audit.c.id < before)
        with self._reading() as connection:
            if user:
                query = query.where(_of_person(connection, user))
            found = connection.execute(query).fetchall()
        return pd.DataFrame(found[::-1], columns=list(COLUMNS))

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
        frame["what"] = [json.loads(told) for told in frame.pop("what_json")]
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

    def written(self) -> str:
        """Changes with whatever is written into the database, by us or by anybody, and with the head kept apart: what
        a verification found counts as long as this stays the same."""
        seal, engine = self._database.seal, self._database.engine
        with self._reading() as connection:
            if engine.dialect.name == "sqlite":
                file = Path(str(engine.url.database))
                mark = [_stat(file), _stat(file.with_name(f"{file.name}-wal"))]
            else:
                mark = [str(connection.execute(text("SELECT txid_current_snapshot()::text")).scalar())]
            return hash_text(self._database.url, read_state(connection, chain.HEAD) or "", *mark, *_marks(seal))

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
            chain.take_up(connection)

    def cut(self, user: str, before: dt.date) -> int:
        """Takes the rows of days before ``before`` off the beginning of the chain, for good; how many. The cut is
        signed and is a row itself; what stays verifies as before.

        Raises `Refused` (``AUDIT_BROKEN``): of a broken chain nothing is taken, or it could not be looked into."""
        with self._writing() as connection:
            self._refuse_broken(connection)
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

    def _refuse_broken(self, connection: Connection) -> None:
        seal = self._database.seal
        if seal is None:
            return
        try:
            verdict = chain.verify(connection, seal.key.public, seal.kept())
        except ValueError:
            raise Refused("AUDIT_BROKEN", row=1, why="head") from None
        if verdict.broken is not None:
            raise Refused("AUDIT_BROKEN", row=verdict.broken, why=verdict.why)


def _of_person(connection: Connection, user: str) -> ColumnElement[bool]:
    """Rows of whoever bears the name or account; which spellings of it there are the database cannot tell."""
    known = connection.execute(select(audit.c.user, audit.c.account).distinct()).fetchall()
    spelled = {name for pair in known for name in pair if folded(name) == folded(user)}
    return or_(audit.c.user.in_(spelled), audit.c.account.in_(spelled))


def _marks(seal: Seal | None) -> list[str]:
    return [_stat(file) for file in seal.files] if seal is not None else []


def _stat(file: Path) -> str:
    try:
        told = file.stat()
    except OSError:
        return "-"
    return f"{told.st_ino} {told.st_size} {told.st_mtime_ns}"
