"""What an office asks of a plan: budget, rules, wishes with their reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from campaign.effort import Effort
from campaign.lists import refuse_stigma
from data.errors import WrongUse
from data.intake.personal import value_kind

REASONS = ("O1", "O2", "O3", "O4", "O5", "O6")
"""Why a village is left out: wrong data, another programme there, access or safety or weather, local knowledge (with
thirty words), fairness, an instruction."""
FEWEST_WORDS = 30


@dataclass(frozen=True)
class Wishes:
    """What the office asks for. ``exclude`` maps codes (village, kecamatan or kabupaten) to a reason code, with words
    behind a colon; ``months`` are those in which the sessions are held (empty: any); ``keep`` the villages of an
    earlier plan that a changed one stays close to."""

    team_days: float | None = None
    villages: int | None = None
    floor_per_kabupaten: int = 0
    ceiling_per_kabupaten: int | None = None
    ceiling_per_island: int | None = None
    must: tuple[str, ...] = ()
    exclude: dict[str, str] = field(default_factory=dict)
    explore: float = 0.1
    months: tuple[int, ...] = ()
    seed: str | None = None
    effort: Effort = field(default_factory=Effort)
    name: str = ""
    keep: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises `WrongUse`: ``PLAN_BUDGET, PLAN_LIMIT, PLAN_SHARE, PLAN_MONTH, PLAN_REASON, PLAN_REASON_PERSONAL``
        and ``STIGMA``."""
        budgets = [b for b in (self.team_days, self.villages) if b is not None]
        if len(budgets) != 1 or not budgets[0] > 0:
            raise WrongUse("PLAN_BUDGET")
        limits = (self.floor_per_kabupaten, self.ceiling_per_kabupaten, self.ceiling_per_island)
        if wrong := [limit for limit in limits if limit is not None and limit < 0]:
            raise WrongUse("PLAN_LIMIT", value=wrong[0])
        if not 0 <= self.explore < 1:
            raise WrongUse("PLAN_SHARE", value=str(self.explore))
        if any(month not in range(1, 13) for month in self.months):
            raise WrongUse("PLAN_MONTH", value=", ".join(map(str, self.months)))
        refuse_stigma(self.name, *self.exclude.values())
        if value_kind(self.name):
            raise WrongUse("PLAN_REASON_PERSONAL", kode="--name")
        for kode, reason in self.exclude.items():
            code, _, words = reason.partition(":")
            if code not in REASONS or (code == "O4" and len(words.split()) < FEWEST_WORDS):
                raise WrongUse("PLAN_REASON", kode=kode, known=", ".join(REASONS), words=FEWEST_WORDS)
            if any(value_kind(word) for word in (words, *re.split(r"\s+", words))):
                raise WrongUse("PLAN_REASON_PERSONAL", kode=kode)
