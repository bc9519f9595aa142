"""What an office has chosen about its score, kept until it chooses otherwise: a reporting curve, and a simple ranking
in the place of a model it no longer trusts. Each change says who made it and when, and goes into the audit table."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace

from data.errors import WrongUse
from data.remarks import remark
from data.store.store import Store
from risk.scoring.reporting import Curve

RANKINGS = ("released_rate", "population", "poor_people", "poverty")
"""Simple rankings that tell nothing of a village's own count."""
_KEPT = ("pengaturan", "skor")


@dataclass(frozen=True)
class Choices:
    """``curve`` as `risk.scoring.reporting.Curve.parse` reads it, empty for none; ``ranking`` one of `RANKINGS` while
    the model is retired, else empty, with its ``reason``, ``by`` whom and ``since`` when (ISO date)."""

    curve: str = ""
    ranking: str = ""
    reason: str = ""
    by: str = ""
    since: str = ""


def choices(store: Store) -> Choices:
    """What is chosen now."""
    return Choices(**(store.results.get(*_KEPT) or {}))


def choose_curve(store: Store, curve: str, user: str = "") -> Choices:
    """Keeps a reporting curve for the scores to come; an empty text drops it. Raises as `Curve.parse`."""
    if curve:
        Curve.parse(curve)
    return _keep(store, replace(choices(store), curve=curve), user)


def choose_ranking(
    store: Store, ranking: str, reason: str = "", user: str = "", today: dt.date | None = None
) -> Choices:
    """Puts a simple ranking in the model's place for the scores to come; an empty name brings the model back.

    Raises `WrongUse` (``UNKNOWN_RANKING``), and as `data.remarks.remark` for the reason.
    """
    if not ranking:
        return _keep(store, Choices(curve=choices(store).curve), user)
    if ranking not in RANKINGS:
        raise WrongUse("UNKNOWN_RANKING", value=ranking, known=", ".join(RANKINGS))
    reason = remark(reason)
    since = (today or dt.date.today()).isoformat()
    return _keep(store, Choices(choices(store).curve, ranking, reason, user, since), user)


def _keep(store: Store, chosen: Choices, user: str) -> Choices:
    store.results.save(*_KEPT, asdict(chosen), user)
    return chosen
