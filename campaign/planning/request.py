"""What an office asks of a plan: budget, rules, decisions with their reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, cast

from campaign.planning.effort import Effort, effort_of
from campaign.planning.plan_types import KeptRequest, Plan
from data.domain.actor import Actor
from data.errors import WrongUse
from data.intake.privacy.personal import value_kind
from words.stigma import refuse_stigma

if TYPE_CHECKING:
    import pandas as pd

REASONS = ("O1", "O2", "O3", "O4", "O5", "O6")
"""Why a person puts a village in or leaves it out: wrong data, another programme there, access or safety or weather,
local knowledge (with thirty words), fairness, an instruction."""
OUT_OF_AREA = "O6: di luar wilayah tugas"
"""Why what lies outside of a planner's own areas is left out."""
FEWEST_WORDS = 30
CONCAVE, LINEAR = "concave", "linear"
OBJECTIVES = (CONCAVE, LINEAR)
"""What is maximised: with returns that diminish among villages nobody can tell apart, or the plain sum."""


@dataclass(frozen=True)
class PlanRequest:
    """What the office asks for; one of ``team_days, villages, rupiah`` is the budget.

    ``exclude`` maps codes (village, kecamatan or kabupaten) to a reason code, with words behind a colon, and
    ``must_reasons`` the villages of ``must`` that have one. ``months`` are those in which the sessions are held (empty:
    any), ``avoid`` maps codes of areas to months in which nobody goes there. ``effort_sources`` tells where numbers of
    ``effort`` are from. ``keep`` are the villages of an earlier plan that a changed one stays close to.
    ``objective`` is one of `OBJECTIVES`.
    """

    team_days: float | None = None
    villages: int | None = None
    rupiah: float | None = None
    floor_per_kabupaten: int = 0
    floor_per_island: int = 0
    ceiling_per_kabupaten: int | None = None
    ceiling_per_island: int | None = None
    must: tuple[str, ...] = ()
    must_reasons: dict[str, str] = field(default_factory=dict)
    exclude: dict[str, str] = field(default_factory=dict)
    explore: float = 0.1
    months: tuple[int, ...] = ()
    avoid: dict[str, tuple[int, ...]] = field(default_factory=dict)
    seed: str | None = None
    effort: Effort = field(default_factory=Effort)
    effort_sources: dict[str, str] = field(default_factory=dict)
    name: str = ""
    keep: tuple[str, ...] = ()
    objective: str = CONCAVE

    def check(self) -> None:
        """Raises `WrongUse`: ``PLAN_BUDGET, PLAN_LIMIT, PLAN_SHARE, PLAN_MONTH, PLAN_OBJECTIVE, PLAN_REASON,
        PLAN_REASON_PERSONAL`` and ``STIGMA``."""
        budgets = [b for b in (self.team_days, self.villages, self.rupiah) if b is not None]
        if len(budgets) != 1 or not budgets[0] > 0:
            raise WrongUse("PLAN_BUDGET")
        limits = (self.floor_per_kabupaten, self.floor_per_island, self.ceiling_per_kabupaten, self.ceiling_per_island)
        if wrong := [limit for limit in limits if limit is not None and limit < 0]:
            raise WrongUse("PLAN_LIMIT", value=wrong[0])
        if not 0 <= self.explore < 1:
            raise WrongUse("PLAN_SHARE", value=str(self.explore))
        if self.objective not in OBJECTIVES:
            raise WrongUse("PLAN_OBJECTIVE", value=self.objective, known=", ".join(OBJECTIVES))
        for months in (self.months, *self.avoid.values()):
            if any(month not in range(1, 13) for month in months):
                raise WrongUse("PLAN_MONTH", value=", ".join(map(str, months)))
        reasons = {**self.must_reasons, **self.exclude}
        refuse_stigma(self.name, *reasons.values(), *self.effort_sources.values())
        if value_kind(self.name):
            raise WrongUse("PLAN_REASON_PERSONAL", kode="--name")
        for kode, reason in reasons.items():
            check_reason(kode, reason)
        for name, source in self.effort_sources.items():
            if _personal(source):
                raise WrongUse("PLAN_REASON_PERSONAL", kode=name)


def confined(request: PlanRequest, actor: Actor, villages: pd.DataFrame) -> PlanRequest:
    """The request with everything outside of the actor's areas left out; as it is for whoever plans everywhere.

    ``villages`` as `Store.gazetteer.villages` gives them.
    """
    if not actor.areas:
        return request
    away: dict[str, str] = {}
    for kabupaten, here in villages.groupby("kode_kab")["kode"]:
        outside = [str(kode) for kode in here if not actor.covers(str(kode))]
        away |= dict.fromkeys([str(kabupaten)] if len(outside) == len(here) else outside, OUT_OF_AREA)
    return replace(request, exclude={**away, **request.exclude})


def check_reason(kode: str, reason: str) -> None:
    """Raises `WrongUse`: ``PLAN_REASON`` (no such code, or local knowledge in too few words), ``PLAN_REASON_PERSONAL``,
    ``STIGMA``."""
    code, _, words = reason.partition(":")
    if code not in REASONS or (code == "O4" and len(words.split()) < FEWEST_WORDS):
        raise WrongUse("PLAN_REASON", kode=kode, known=", ".join(REASONS), words=FEWEST_WORDS)
    if _personal(words):
        raise WrongUse("PLAN_REASON_PERSONAL", kode=kode)
    refuse_stigma(words)


def kept_request(request: PlanRequest) -> KeptRequest:
    """The request as a plan keeps it: plain values."""
    kept = {**asdict(request), "effort": asdict(request.effort)}
    return cast(KeptRequest, kept)


def request_of(plan: Plan) -> PlanRequest:
    """What a stored plan was asked for, to ask again with a change; its drawn seed is kept."""
    asked: Mapping[str, Any] = plan["wishes"]
    kept = {one.name: asked[one.name] for one in fields(PlanRequest) if one.name in asked}
    kept["effort"] = effort_of(kept.get("effort", {}))
    kept["avoid"] = {kode: tuple(months) for kode, months in kept.get("avoid", {}).items()}
    for name in ("must", "months", "keep"):
        kept[name] = tuple(kept.get(name, ()))
    kept.setdefault("objective", LINEAR)  # plans made before there was a choice
    return PlanRequest(**{**kept, "seed": kept.get("seed") or plan["seed"], "keep": ()})


def _personal(words: str) -> bool:
    return any(value_kind(word) for word in (words, *re.split(r"\s+", words)))
