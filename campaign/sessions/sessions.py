"""Sessions held: one entered by hand, and what all of them cover, in and outside a plan.

Attendance and referrals are counts of people and leave as sums over many sessions, through the disclosure rule; what a
test told is a mean of means. What can and cannot be concluded is said with every number.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass

import numpy as np
import pandas as pd

from campaign.planning.plan_types import Plan
from campaign.sessions.topics import TOPICS, ticked, written
from data.disclosure import release_count
from data.domain.actor import Actor
from data.store.store import Store

HEADERS = (
    "Kode Desa",
    "Tanggal",
    "Topik",
    "Khalayak",
    "Peserta L",
    "Peserta P",
    "Nilai Pre Test",
    "Nilai Post Test",
    "Dirujuk",
)
FEWEST_SESSIONS = 8
"""Sessions with both means before a gain is told with an interval."""
REDRAWS = 2_000


@dataclass(frozen=True)
class Session:
    """One session as entered: counts of people, never people. ``letters`` are topics
    (`campaign.sessions.topics.TOPICS`)."""

    kode: str
    day: dt.date
    letters: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    men: int | None = None
    women: int | None = None
    before: float | None = None
    after: float | None = None
    referred: int | None = None


def session_file(one: Session) -> bytes:
    """The session as the file an office would send, so that it goes in by the same door, checked the same way."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(HEADERS)
    numbers = (one.men, one.women, one.before, one.after, one.referred)
    table.writerow(
        [
            one.kode,
            f"{one.day:%d/%m/%Y}",
            written(list(one.letters)),
            ", ".join(one.audiences),
            *("" if number is None else f"{number:g}".replace(".", ",") for number in numbers),
        ]
    )
    return text.getvalue().encode()


@dataclass(frozen=True)
class Coverage:
    """What the sessions cover. ``people`` (men, women) and ``referred`` are released sums; ``gain`` is the mean
    difference of test means with its 90 % interval, None below `FEWEST_SESSIONS`; ``topics`` villages per letter."""

    sessions: int
    villages: frozenset[str]
    planned: frozenset[str]
    men: int | str | None
    women: int | str | None
    referred: int | str | None
    gain: tuple[float, float, float] | None
    tested: int
    topics: dict[str, int]

    @property
    def open_villages(self) -> list[str]:
        """Villages of the plan without a session."""
        return sorted(self.planned - self.villages)

    @property
    def outside(self) -> list[str]:
        """Villages with a session that were not in the plan."""
        return sorted(self.villages - self.planned)


def coverage(store: Store, plan: Plan | None = None, *, role: str = "perencana") -> Coverage:
    """What was held since the plan was made (all sessions without one)."""
    held = store.records.read("sesi")
    if plan is not None:
        held = held[pd.to_datetime(held["tanggal"]) >= pd.Timestamp(plan["made"])]
    topics = dict.fromkeys(TOPICS, 0)
    for _, spoken in held.groupby("kode")["topik"]:
        for letter in set().union(*(ticked(text) for text in spoken)):
            topics[letter] += 1
    sums = {name: _released(held[name], role) for name in ("peserta_l", "peserta_p", "rujukan")}
    both = held.dropna(subset=["pre", "post"])
    return Coverage(
        sessions=len(held),
        villages=frozenset(held["kode"]),
        planned=frozenset(row["kode"] for row in plan["villages"]) if plan else frozenset(),
        men=sums["peserta_l"],
        women=sums["peserta_p"],
        referred=sums["rujukan"],
        gain=_gain((both["post"] - both["pre"]).to_numpy(dtype=float)),
        tested=len(both),
        topics=topics,
    )


def open_topics(store: Store, plan: Plan) -> list[tuple[str, list[str]]]:
    """Villages of a plan that have had a session, with the letters of the topics no session there has ticked; villages
    where nothing is left are not in it."""
    spoken = store.records.read("sesi").groupby("kode")["topik"].agg(list)
    out = []
    for row in plan["villages"]:
        if row["kode"] in spoken.index:
            done = set().union(*(ticked(text) for text in spoken[row["kode"]]))
            if rest := [letter for letter in TOPICS if letter not in done]:
                out.append((str(row["kode"]), rest))
    return out


@dataclass(frozen=True)
class Comparison:
    """Villages that were drawn against those that were not: rates per 1,000 people of what came after the plan, and how
    often re-drawing alone gives a difference as large (``chance``, two-sided)."""

    indikator: str
    drawn: float
    not_drawn: float
    chance: float
    villages: int


def drawn_against_not(store: Store, plan: Plan, indikator: str, seed: int = 0) -> Comparison | None:
    """What followed in the drawn and the not drawn villages of a plan; None while nothing can be told.

    Counts of ``indikator`` in village figures of periods that begin after the plan was made; None as well when either
    side has fewer than ten in all (the sums would point at villages). The draw is repeated within its strata.
    """
    zone = pd.DataFrame(plan["tie_zone"])
    facts = store.facts.read(indikator=indikator, level="desa")
    after = facts[pd.to_datetime(facts["period_start"]) >= pd.Timestamp(plan["made"])]
    if zone.empty or after.empty:
        return None
    count = after.groupby("kode")["value"].sum().reindex(zone["kode"], fill_value=0.0).to_numpy()
    people = store.gazetteer.villages().set_index("kode")["penduduk"].reindex(zone["kode"]).to_numpy(dtype=float)
    people = np.where(np.isnan(people), np.nanmedian(people) if not np.isnan(people).all() else 1000.0, people)
    drawn = zone["terpilih"].to_numpy(dtype=bool)
    sides = [release_count(count[side].sum(), level="kabupaten", role="perencana") for side in (drawn, ~drawn)]
    if any(isinstance(side, str) for side in sides):
        return None
    found = _difference(count, people, drawn)
    rng = np.random.default_rng(seed)
    strata = pd.factorize(zone["kelompok"])[0]
    redrawn = [_difference(count, people, _redraw(drawn, strata, rng)) for _ in range(REDRAWS)]
    rates = [1000 * float(side) / people[which].sum() for side, which in zip(sides, (drawn, ~drawn), strict=True)]  # type: ignore[arg-type]
    chance = float(np.mean(np.abs(redrawn) >= abs(found) - 1e-12))
    return Comparison(indikator, rates[0], rates[1], chance, len(zone))


def effect_of(actor: Actor, store: Store, plan: Plan, indikator: str) -> Comparison | None:
    """`drawn_against_not` as ``actor`` may know it.

    Whoever may make plans could make them so that they differ by one village, and see by which of them a rounded sum
    turns. So it is told of plans that became an approved list, which nobody makes alone, and else to those only who may
    read the counts of all its villages.
    """
    zone = [str(row["kode"]) for row in plan["tie_zone"]]
    approved = any(row.rencana == plan["version"] and row.disetujui_saat for row in store.lists.all())
    if not (approved or actor.exact.covers_all(zone)):
        return None
    return drawn_against_not(store, plan, indikator)


def _difference(count: np.ndarray, people: np.ndarray, drawn: np.ndarray) -> float:
    return float(count[drawn].sum() / people[drawn].sum() - count[~drawn].sum() / people[~drawn].sum())


def _redraw(drawn: np.ndarray, strata: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same number of places in each stratum, given out anew."""
    out = drawn.copy()
    for number in np.unique(strata):
        members = np.flatnonzero(strata == number)
        out[members] = rng.permutation(drawn[members])
    return out


def _released(column: pd.Series, role: str) -> int | str | None:
    known = column.dropna()
    return release_count(float(known.sum()), level="provinsi", role=role) if len(known) else None


def _gain(differences: np.ndarray) -> tuple[float, float, float] | None:
    """Mean and its 90 % interval by bootstrap over sessions (seeded)."""
    if len(differences) < FEWEST_SESSIONS:
        return None
    rng = np.random.default_rng(0)
    means = rng.choice(differences, (REDRAWS, len(differences))).mean(axis=1)
    low, high = np.quantile(means, [0.05, 0.95])
    return float(differences.mean()), float(low), float(high)
