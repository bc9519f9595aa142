"""The audit as a chain: each row holds the hash of the row before it, the end is signed.

A row that was changed, removed, put in or moved breaks the chain where it stands. Rows cut off at the end, or a whole
older state put in place, are found by the head: it is signed, and kept in the database and in a file apart from it.
Rows from before the chain were chained by a migration and are marked so: they prove only what was done to them since.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from data.domain.acting import present
from data.sealing.seal import Head, Seal
from data.store.content import to_json
from data.store.state import now, read_state, write_state
from data.store.tables import audit

HEAD, START = "jejak", "jejak_awal"
"""Names in the table of state: where the chain ends, and after which row it begins once its beginning was cut off."""
CLOCK_SECONDS = 60
"""How far a clock may stand behind the last act before that is told."""
_SEALING = "peta_aman_sealing"


@dataclass(frozen=True)
class ChainVerdict:
    """What a verification found. ``broken`` is the number of the first row that is not as it was, None when all are;
    ``why`` is one of changed, removed, added, signature, head, start. ``earlier`` rows are from before the chain."""

    rows: int
    earlier: int
    head: Head
    broken: int | None = None
    why: str = ""


class Sealing:
    """What signs the rows of one writing transaction, and the head that it wrote.

    The first row of a transaction looks at the end of the chain as it was found: one that is not what we signed, or
    does not go on from the head kept apart, is not signed again, and the head apart stays. So no later act heals it.
    """

    def __init__(self, seal: Seal | None) -> None:
        self.seal = seal
        self.head: Head | None = None
        self.signs: bool | None = None
        self.keeps = False

    def look(self, connection: Connection, head: Head) -> None:
        """Decides whether what goes on from ``head`` is signed and kept. Raises `Refused` (``KEY_LOST``)."""
        if self.signs is None:
            self.signs, self.keeps = _goes_on(connection, head, self.seal) if self.seal else (False, False)

    def write(self, connection: Connection, head: Head) -> None:
        """The end of the chain, signed or plain, into the database."""
        if self.seal is not None and self.signs:
            head = head.signed(self.seal.key, store_id(connection))
        self.head = head
        write_state(connection, HEAD, head.to_text())

    def keep_apart(self) -> None:
        """After the commit: the head that the transaction wrote, into the file apart."""
        if self.head is not None and self.seal is not None and self.keeps:
            self.seal.keep(self.head)


def seal_writes(connection: Connection, seal: Seal | None) -> Sealing:
    """Names what signs the rows that the transaction of ``connection`` will add."""
    sealing = Sealing(seal)
    connection.execution_options(**{_SEALING: sealing})
    return sealing


def arrive(connection: Connection, seal: Seal, user: str, public: str, what: dict[str, Any]) -> Sealing:
    """Goes on with a chain that came from another place, as the row ``restore``; what was cut off there by rule and
    signed with the key ``public`` is signed again with ours. Where that chain was broken the row says so
    (``audit_broken``): from there on it is signed again. Keep the head apart afterwards."""
    sealing = seal_writes(connection, seal)
    sealing.signs = sealing.keeps = True
    key, start, own = seal.begin(), start_of(connection), store_id(connection)
    if public and (broken := verify(connection, public, None).broken) is not None:
        what = {"audit_broken": broken, **what}
    if start.id and start.holds(public, own):
        write_state(connection, START, start.signed(key, own).to_text())
    append(connection, user, "restore", what)
    return sealing


def take_up(connection: Connection) -> None:
    """Signs a chain that nobody has signed yet, and has the head kept apart of one that is whole."""
    head, sealing = head_of(connection), _sealing(connection)
    if sealing is None or sealing.seal is None or (head.signature and not sealing.seal.has_key()):
        return
    sealing.look(connection, head)
    if sealing.signs and not head.signature:
        sealing.write(connection, head)
    sealing.head = sealing.head or head


def append(connection: Connection, user: str, act: str, what: dict[str, Any], account: str = "") -> None:
    """Adds a row inside the caller's writing transaction, of which there is one at a time, and moves the head."""
    head, under_way, at = head_of(connection), present(), dt.datetime.now(dt.UTC)
    if (sealing := _sealing(connection)) is not None:
        sealing.look(connection, head)
    if head.at and at < dt.datetime.fromisoformat(head.at) - dt.timedelta(seconds=CLOCK_SECONDS):
        head = _add(connection, head, "", "clock_back", {"last": head.at, "now": at.isoformat(timespec="seconds")}, "")
    head = _add(connection, head, user, act, what, account or (under_way.actor.account if under_way else ""))
    write_head(connection, head)
    if under_way is not None:
        under_way.noted += 1


def write_head(connection: Connection, head: Head) -> None:
    """Signs the head with the transaction's seal, where it found the chain whole, and keeps it."""
    sealing = _sealing(connection)
    if sealing is not None:
        sealing.write(connection, head)
    else:
        write_state(connection, HEAD, head.to_text())


def head_of(connection: Connection) -> Head:
    """The head as the database keeps it. Raises ``ValueError`` when it is unreadable."""
    text = read_state(connection, HEAD)
    return Head.from_text(text) if text else Head()


def head_of_or_none(connection: Connection) -> Head | None:
    """The head as the database keeps it, None when it is unreadable."""
    try:
        return head_of(connection)
    except ValueError:
        return None


def store_id(connection: Connection) -> str:
    """Whose chain it is."""
    return read_state(connection, "id") or ""


def start_of(connection: Connection) -> Head:
    """The last row that was cut off by rule; the beginning itself while nothing was."""
    text = read_state(connection, START)
    return Head.from_text(text) if text else Head()


def row_hash(before: str, row: dict[str, Any]) -> str:
    """SHA-256 over the hash of the row before and all that a row says."""
    told = [before, row["id"], row["at"].isoformat(), row["user"], row["account"], row["act"], row["what_json"]]
    return hashlib.sha256(json.dumps([*told, bool(row["earlier"])], ensure_ascii=False).encode()).hexdigest()


def verify(connection: Connection, public: str, kept: Head | None) -> ChainVerdict:
    """Walks the whole chain. ``public`` is the key that must have signed it, ``kept`` the head kept apart."""
    own = store_id(connection)
    try:
        head, start = head_of(connection), start_of(connection)
    except ValueError:
        return ChainVerdict(0, 0, Head(), 1, "head")
    rows = earlier = 0
    last = start
    # A file apart that lagged behind may name a row that was cut off since: the signed cut speaks for it.
    at_kept = start.hash if kept is not None and kept.id == start.id else ""
    if kept is not None and kept.id < start.id:
        at_kept = kept.hash

    def broken(row: int, why: str) -> ChainVerdict:
        return ChainVerdict(rows, earlier, head, row, why)

    if start.id and not start.holds(public, own):
        return broken(start.id + 1, "start")
    with closing(_rows(connection)) as walked:
        for row in walked:
            if row["before"] != last.hash:
                return broken(row["id"], "added" if row["id"] <= last.id else "removed")
            if row["hash"] != row_hash(last.hash, row):
                return broken(row["id"], "changed")
            if row["id"] > head.id:
                return broken(row["id"], "added")
            rows, earlier = rows + 1, earlier + bool(row["earlier"])
            last = Head(row["id"], start.rows + rows, row["hash"])
            if kept is not None and kept.id == row["id"]:
                at_kept = row["hash"]
    if (last.id, last.hash, last.rows) != (head.id, head.hash, head.rows):
        return broken(last.id + 1, "removed")
    if not head.holds(public, own):
        return broken(head.id, "signature")
    if kept is not None and kept.id > head.id:
        return broken(head.id + 1, "removed")
    if kept is not None and (not kept.holds(public, own) or kept.hash != at_kept):
        return broken(kept.id, "head")
    return ChainVerdict(rows, earlier, head)


def has_row(connection: Connection, rows: int, beginning: str) -> bool:
    """Whether a head that was printed (`Head.short`) is of this chain: the row of that place begins so."""
    if rows == start_of(connection).rows:
        return start_of(connection).hash.startswith(beginning)
    place = rows - start_of(connection).rows
    query = select(audit.c.hash).order_by(audit.c.id).offset(place - 1).limit(1)
    found = connection.execute(query).scalar() if place > 0 else None
    return found is not None and str(found).startswith(beginning)


def _sealing(connection: Connection) -> Sealing | None:
    found: Sealing | None = connection.get_execution_options().get(_SEALING)
    return found


def _goes_on(connection: Connection, head: Head, seal: Seal) -> tuple[bool, bool]:
    """Whether a chain that ends with ``head`` may be signed on, and whether the head apart may go on with it.

    Asked inside the writing transaction, so that no other act comes between. The head apart may lag behind: a process
    can be killed between its commit and the keeping."""
    own = store_id(connection)
    try:
        kept, readable = seal.kept(), True
    except (ValueError, OSError):
        kept, readable = None, False
    try:
        start = start_of(connection)
    except ValueError:
        return False, False
    if readable and kept is None and not head.signature and not start.id and not _has_own_rows(connection):
        seal.begin()
        return True, True
    public = seal.key.public
    if not head.holds(public, own) or not _is_of(connection, start, head):
        return False, False
    if not readable or (kept is not None and not kept.holds(public, own)):
        return True, False  # what lies there is not ours: the check tells, and nothing hides it
    if kept is None:
        return True, True
    cut_since = kept.id < start.id and start.holds(public, own)
    whole = cut_since or (kept.id <= head.id and _is_of(connection, start, kept))
    return whole, whole


def _has_own_rows(connection: Connection) -> bool:
    """Whether a row was written since there is a chain."""
    return connection.execute(select(audit.c.id).where(audit.c.earlier.is_(False)).limit(1)).first() is not None


def _is_of(connection: Connection, start: Head, head: Head) -> bool:
    """Whether the row that ``head`` names is there as it names it."""
    if head.id == start.id:
        return head.hash == start.hash
    return connection.execute(select(audit.c.hash).where(audit.c.id == head.id)).scalar() == head.hash


def _add(connection: Connection, head: Head, user: str, act: str, what: dict[str, Any], account: str) -> Head:
    # A row that somebody put in by hand must not stop the work; it is found when the chain is verified.
    number = max(head.id, int(connection.execute(select(func.max(audit.c.id))).scalar() or 0)) + 1
    at = now()
    row: dict[str, Any] = {
        "id": number,
        "at": at,
        "user": user,
        "account": account,
        "act": act,
        "what_json": to_json(what),
    }
    row |= {"earlier": False, "before": head.hash}
    row["hash"] = row_hash(head.hash, row)
    connection.execute(insert(audit).values(**row))
    written = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return Head(number, head.rows + 1, row["hash"], written)


def _rows(connection: Connection) -> Generator[dict[str, Any]]:
    """The whole audit in its order; to be closed by whoever stops before its end, or its table stays in use."""
    with connection.execute(select(*audit.c).order_by(audit.c.id), execution_options={"yield_per": 5_000}) as result:
        for row in result.mappings():
            yield dict(row)
