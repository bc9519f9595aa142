"""Notes of colleagues on a village: what may be written, and how a note is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from campaign.handover.lists import refuse_stigma
from data.errors import Refused, WrongUse
from data.intake.privacy.personal import value_kind
from data.remarks import remark

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


def write_note(store: Any, kode: str, text: str, *, user: str, now: dt.datetime | None = None) -> int:
    """Keeps a note of a village and returns its number.

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
    name = " ".join(user.split())
    if not name or len(name) > 80 or value_kind(name):
        raise WrongUse("NOTE_USER")
    return int(store.add_note(kode, said, user=name, now=now or dt.datetime.now().replace(microsecond=0)))


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
