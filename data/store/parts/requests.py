"""Changes that villages ask for on their clarification sheets: asked, decided once, done by an import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, or_, select, update

from data.errors import WrongUse
from data.store.part import ACTIVE, Part, note_act
from data.store.tables import batch, permintaan

ASKED, ACCEPTED, REJECTED = "diajukan", "diterima", "ditolak"


@dataclass(frozen=True)
class ChangeRequest:
    """What a village asks to have corrected: ``lembar`` is the code of its sheet, ``versi`` the list it was printed for
    or empty, ``hal`` the line of it. ``batch`` is what brought the change into the data; empty while it is not, or is
    no longer, there."""

    id: int
    lembar: str
    kode: str
    versi: str
    hal: str
    nilai_lama: str
    nilai_baru: str
    status: str
    alasan: str
    diajukan_oleh: str
    diajukan_saat: dt.datetime
    diputus_oleh: str
    diputus_saat: dt.datetime | None
    batch: str


class Requests(Part):
    """``store.requests``: keeps change requests; each step is audited without its values."""

    def ask(self, rows: list[dict[str, str]], *, user: str, now: dt.datetime) -> list[int]:
        """Keeps requests of one sheet and returns their numbers.

        Each row: ``lembar, kode, versi, hal, nilai_lama, nilai_baru``. Raises `WrongUse` (``REQUEST_TWICE``) when the
        same matter of the same sheet is there already, rejected ones included; nothing is kept then.
        """
        with self._writing() as connection:
            numbers = []
            for row in rows:
                same = (permintaan.c.lembar == row["lembar"], permintaan.c.hal == row["hal"])
                known = connection.execute(select(permintaan.c.id).where(*same)).scalar()
                if known is not None:
                    raise WrongUse("REQUEST_TWICE", nomor=known)
                kept = {
                    **row,
                    "status": ASKED,
                    "alasan": "",
                    "diajukan_oleh": user,
                    "diajukan_saat": now,
                    "diputus_oleh": "",
                    "batch": "",
                }
                made = connection.execute(insert(permintaan).values(**kept)).inserted_primary_key
                assert made is not None
                numbers.append(int(made[0]))
                what = {"id": numbers[-1], **{name: row[name] for name in ("lembar", "kode", "hal")}}
                note_act(connection, user, "perbaikan.diajukan", what)
            return numbers

    def decide(self, number: int, status: str, alasan: str, *, user: str, now: dt.datetime) -> None:
        """Accepts or rejects a request, once. Raises `WrongUse`: ``REQUEST_UNKNOWN``, ``REQUEST_DECIDED``."""
        if status not in (ACCEPTED, REJECTED):
            raise ValueError(f"status is {status!r} but is expected to be {ACCEPTED} or {REJECTED}")
        with self._writing() as connection:
            if _status(connection, number) != ASKED:
                raise WrongUse("REQUEST_DECIDED", nomor=number)
            values = {"status": status, "alasan": alasan, "diputus_oleh": user, "diputus_saat": now}
            connection.execute(update(permintaan).where(permintaan.c.id == number).values(**values))
            note_act(connection, user, f"perbaikan.{status}", {"id": number})

    def resolve(self, number: int, name: str, *, user: str) -> None:
        """Says which batch brought an accepted change into the data.

        Raises `WrongUse`: ``REQUEST_UNKNOWN``, ``REQUEST_NOT_ACCEPTED``, ``UNKNOWN_BATCH`` (none that is live).
        """
        with self._writing() as connection:
            if _status(connection, number) != ACCEPTED:
                raise WrongUse("REQUEST_NOT_ACCEPTED", nomor=number)
            live = select(batch.c.batch).where(batch.c.batch == name, batch.c.status == ACTIVE)
            if connection.execute(live).scalar() is None:
                raise WrongUse("UNKNOWN_BATCH", batch=name[:20])
            connection.execute(update(permintaan).where(permintaan.c.id == number).values(batch=name))
            note_act(connection, user, "perbaikan.selesai", {"id": number, "batch": name})

    def all(self, areas: Sequence[str] = ()) -> list[ChangeRequest]:
        """All requests, the newest first; with ``areas`` (codes) those of villages there."""
        live = (batch.c.batch == permintaan.c.batch) & (batch.c.status == ACTIVE)
        own = [column for column in permintaan.c if column.name != "batch"]
        query = (
            select(*own, func.coalesce(batch.c.batch, "").label("batch"))
            .join(batch, live, isouter=True)
            .order_by(permintaan.c.id.desc())
        )
        if areas:
            query = query.where(
                or_(
                    permintaan.c.kode.in_(areas),
                    *(permintaan.c.kode.startswith(f"{area}.", autoescape=True) for area in areas),
                )
            )
        with self._reading() as connection:
            return [ChangeRequest(**row) for row in connection.execute(query).mappings()]


def _status(connection: Connection, number: int) -> str:
    """The state of a request. Raises `WrongUse` (``REQUEST_UNKNOWN``)."""
    found = connection.execute(select(permintaan.c.status).where(permintaan.c.id == number)).scalar()
    if found is None:
        raise WrongUse("REQUEST_UNKNOWN", nomor=number)
    return str(found)
