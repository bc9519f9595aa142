"""Notes of colleagues on a village: what may be written, and how a note is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from campaign.permission import act, within
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import Refused, WrongUse
from data.intake.privacy.personal import value_kind
from data.remarks import remark
from data.store.store import Store
from words.stigma import refuse_stigma

SHORTEST, LONGEST = 3, 500
NOTE_COLUMNS = ["id", "kode", "teks", "oleh", "dibuat_saat"]


@dataclass(frozen=True)
class Note:
    """One note. ``oleh`` is the name that somebody gave: nobody checks it while the product has no sign-in."""

    id: int
    kode: str
    teks: str
    oleh: str
    tanggal: dt.date


@act(Act.WRITE_NOTE)
def write_note(actor: Actor, store: Store, kode: str, text: str, *, now: dt.datetime | None = None) -> int:
    """Keeps a note of a village under the actor's name and returns its number.

    Raises `Refused` (``NOTE_PERSONAL``: an identity number, a telephone, an e-mail, somebody's name; nothing of it is
    repeated) and `WrongUse`: ``NOTE_LENGTH``, ``STIGMA``, ``NOTE_USER``, ``UNKNOWN_VILLAGE``.
    """
    said = "".join(sign if sign.isprintable() else " " for sign in text)
    try:
        said = remark(said, SHORTEST, LONGEST)
    except Refused as error:
        raise Refused("NOTE_PERSONAL", what=error.params.get("what", "")) from None
    except WrongUse:
        raise WrongUse("NOTE_LENGTH", dari=SHORTEST, sampai=LONGEST) from None
    refuse_stigma(said)
    within(actor, Act.WRITE_NOTE, [kode])
    name = " ".join(actor.name.split())
    if not name or len(name) > 80 or value_kind(name):
        raise WrongUse("NOTE_USER")
    return int(store.notes.add(kode, said, user=name, now=now or dt.datetime.now().replace(microsecond=0)))


@act(Act.REMOVE_NOTE)
def remove_note(actor: Actor, store: Store, number: int) -> None:
    """Takes a note off for good. Raises `WrongUse` (``NOTE_UNKNOWN``)."""
    within(actor, Act.REMOVE_NOTE, [row.kode for row in store.notes.all() if row.id == number])
    store.notes.remove(number, user=actor.account)


def notes_of(notes: pd.DataFrame, kode: str) -> list[Note]:
    """The notes of a village, or of all villages of an area, the newest first."""
    own = notes[notes["kode"].str.startswith(kode)]
    return [
        Note(
            int(one["id"]),
            str(one["kode"]),
            str(one["teks"]),
            str(one["oleh"]),
            pd.Timestamp(one["dibuat_saat"]).date(),
        )
        for one in own.to_dict("records")
    ]
