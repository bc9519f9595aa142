"""Notes that colleagues pin to a village: plain text, who wrote it and when; a note is taken off, never rewritten."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from data.errors import WrongUse
from data.store.part import Part, note_act
from data.store.tables import catatan, gazetir


@dataclass(frozen=True)
class NoteRow:
    """A note as it is kept; ``oleh`` is the name that somebody gave."""

    id: int
    kode: str
    teks: str
    oleh: str
    dibuat_saat: dt.datetime


class Notes(Part):
    """``store.notes``: keeps notes."""

    def add(self, kode: str, text: str, *, user: str, now: dt.datetime) -> int:
        """Keeps a note of a village and returns its number; audited, without the text.

        The caller has let ``text`` through the door against personal data. Raises `WrongUse` (``UNKNOWN_VILLAGE``).
        """
        with self._writing() as connection:
            if connection.execute(select(gazetir.c.kode).where(gazetir.c.kode == kode)).scalar() is None:
                raise WrongUse("UNKNOWN_VILLAGE", kode=kode[:20])
            row = {"kode": kode, "teks": text, "oleh": user, "dibuat_saat": now}
            number = connection.execute(insert(catatan).values(**row)).inserted_primary_key
            assert number is not None
            note_act(connection, user, "catatan.ditulis", {"id": number[0], "kode": kode})
            return int(number[0])

    def remove(self, number: int, *, user: str) -> None:
        """Takes a note off for good; audited. Raises `WrongUse` (``NOTE_UNKNOWN``)."""
        with self._writing() as connection:
            kode = connection.execute(select(catatan.c.kode).where(catatan.c.id == number)).scalar()
            if kode is None:
                raise WrongUse("NOTE_UNKNOWN", nomor=number)
            connection.execute(delete(catatan).where(catatan.c.id == number))
            note_act(connection, user, "catatan.dihapus", {"id": number, "kode": kode})

    def all(self) -> list[NoteRow]:
        """All notes, the newest first."""
        query = select(*catatan.c).order_by(catatan.c.dibuat_saat.desc(), catatan.c.id.desc())
        with self._reading() as connection:
            return [NoteRow(**row) for row in connection.execute(query).mappings()]
