"""How long the audit is kept: at least a year; what is older may be cut off, signed, and the chain goes on."""

from __future__ import annotations

import datetime as dt

from campaign.permission import act
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import WrongUse
from data.store.store import Store

KEEP_DAYS = 365
"""Nobody cuts younger rows: a cut must not hide what was done lately."""


@act(Act.CUT_AUDIT)
def cut_audit(actor: Actor, store: Store, before: dt.date, *, today: dt.date | None = None) -> int:
    """Takes rows of days before ``before`` off the beginning of the chain and says how many. The cut is a row itself
    and is signed. Raises `WrongUse` (``AUDIT_TOO_YOUNG``)."""
    last = (today or dt.date.today()) - dt.timedelta(days=KEEP_DAYS)
    if before > last:
        raise WrongUse("AUDIT_TOO_YOUNG", days=KEEP_DAYS, last=last)
    return store.audit.cut(actor.name, before)
