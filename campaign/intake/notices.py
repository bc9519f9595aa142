"""Notices to the administrator, as they were written beside the acts (`data.store.notices`)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import pandas as pd

from campaign.permission import act
from data.domain.actor import Actor
from data.domain.roles import Act
from data.store.notices import NOTICE
from data.store.store import Store
from words import t


@dataclass(frozen=True)
class Notice:
    """One notice; ``about`` is one of `data.store.notices.ABOUT`, ``earlier`` are batches, ``scores`` versions."""

    at: dt.datetime
    user: str
    about: str
    batch: str
    earlier: tuple[str, ...]
    scores: tuple[str, ...]


@act(Act.SEE_NOTICES, quiet=True)
def notices(actor: Actor, store: Store) -> list[Notice]:
    """All notices, the newest first."""
    out = []
    for row in store.audit.trail(NOTICE).to_dict("records"):
        what = json.loads(row["what_json"])
        at = pd.Timestamp(row["at"]).to_pydatetime()
        names = tuple(what["earlier"]), tuple(what["scores"])
        out.append(Notice(at, str(row["user"]), str(what["about"]), str(what["batch"]), *names))
    return out


def notice_text(one: Notice, lang: str = "id") -> str:
    """A notice as a sentence."""
    return t(
        f"peringatan.{one.about}",
        lang,
        saat=one.at,
        oleh=one.user or "–",
        batch=one.batch,
        lain=", ".join(one.earlier) or "–",
        skor=", ".join(one.scores),
    )
