"""Choosing villages under a budget: a mixed-integer programme with a trip to be paid once per kecamatan.

    maximise    sum(value_i x_i)
    subject to  sum(cost_i x_i) + sum(trip_k z_k) <= budget         (team-days or rupiah; or sum(x_i) <= villages)
                x_i <= z_k for the kecamatan k of village i
                floor_g <= sum(x_i, i in g) <= ceiling_g            for kabupaten and islands g
                sum(cost_i x_i, i explored) >= share * sum(cost_i x_i)
                x_i = 1 for villages that must, 0 for those that must not

Solved by HiGHS through `scipy.optimize.milp`. Where it finds nothing in its time the greedy answer stands,
and says so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from data.errors import WrongUse

SECONDS = 10.0
GAP = 1e-3
PRICE_SECONDS = 3.0
PRICE_GAP = 3e-3
"""For what a rule costs less will do: a price is told in whole tenths of a percent or not at all."""
MILLION = 1e6
INFEASIBLE = 2
"""What the solver says when no choice keeps all rules."""
LOYALTY = 0.05
"""Bonus of a village of the earlier plan, as a share of that plan's mean value."""


@dataclass(frozen=True, eq=False)
class Problem:
    """``value, cost`` per village (float, >= 0), ``kecamatan`` its trip's number 0..m-1, ``trip`` team-days per trip,
    ``group`` kabupaten number per village, ``island`` island number; ``must, never, explored`` bool per village.
    Exactly one of ``team_days``, ``villages`` and ``rupiah`` is the budget; ``cost_rp`` and ``trip_rp`` are what
    villages and trips cost in rupiah. ``floor`` and ``island_floor`` are the least number of villages of each kabupaten
    and island, ``ceiling`` and ``island_ceiling`` the most (None: no limit). ``kept`` (bool per village) is an earlier
    choice: its villages stay and what is left is filled, unless the rules cannot be kept that way; then the answer
    nearest to it is taken among those that are about as good."""

    value: np.ndarray
    cost: np.ndarray
    kecamatan: np.ndarray
    trip: np.ndarray
    group: np.ndarray
    island: np.ndarray
    must: np.ndarray
    never: np.ndarray
    explored: np.ndarray
    team_days: float | None = None
    villages: int | None = None
    rupiah: float | None = None
    cost_rp: np.ndarray | None = None
    trip_rp: np.ndarray | None = None
    floor: int = 0
    island_floor: int = 0
    ceiling: int | None = None
    island_ceiling: int | None = None
    explore: float = 0.0
    kept: np.ndarray | None = None

    def days(self, chosen: np.ndarray) -> float:
        """Team-days of a choice (bool per village), trips included."""
        trips = np.unique(self.kecamatan[chosen])
        return round(float(self.cost[chosen].sum() + self.trip[trips].sum()), 2)

    def cost_of(self, chosen: np.ndarray) -> float:
        """Rupiah of a choice, trips included; 0 where prices are not known."""
        if self.cost_rp is None or self.trip_rp is None:
            return 0.0
        return float(self.cost_rp[chosen].sum() + self.trip_rp[np.unique(self.kecamatan[chosen])].sum())

    def reached(self, chosen: np.ndarray) -> float:
        """The objective of a choice."""
        return float(self.value[chosen].sum())

    @property
    def budget(self) -> float | None:
        """Team-days, or million rupiah; None where the budget is a number of villages."""
        return self.rupiah / MILLION if self.rupiah is not None else self.team_days

    def taken(self) -> tuple[np.ndarray, np.ndarray]:
        """What each village and each trip takes from the budget, in its unit."""
        if self.rupiah is not None and self.cost_rp is not None and self.trip_rp is not None:
            return self.cost_rp / MILLION, self.trip_rp / MILLION
        return self.cost, self.trip

    def spent(self, chosen: np.ndarray) -> float:
        """What a choice takes from the budget, in its unit."""
        of_village, of_trip = self.taken()
        return round(float(of_village[chosen].sum() + of_trip[np.unique(self.kecamatan[chosen])].sum()), 6)

    def floors(self) -> np.ndarray:
        """Villages each kabupaten gets at least: the floor, or all it has to offer."""
        return self._least(self.group, self.floor)

    def island_floors(self) -> np.ndarray:
        """The same of each island."""
        return self._least(self.island, self.island_floor)

    def _least(self, of: np.ndarray, floor: int) -> np.ndarray:
        return np.minimum(np.bincount(of[~self.never], minlength=of.max() + 1), floor)


@dataclass(frozen=True, eq=False)
class Choice:
    """``chosen`` bool per village; ``solver`` is ``milp`` or ``greedy``; ``gap`` how far from the best at most."""

    chosen: np.ndarray
    solver: str
    gap: float = field(default=0.0)


def best(problem: Problem, seconds: float = SECONDS, gap: float = GAP) -> Choice:
    """The best choice found in ``seconds``. Raises `WrongUse` (``PLAN_INFEASIBLE``) when the rules cannot all be kept,
    with the team-days (or villages) they would need."""
    if problem.kept is not None and problem.kept.any():
        near = _solved(problem, seconds, gap, problem.must | (problem.kept & ~problem.never))
        if isinstance(near, Choice):
            return near
    found = _solved(problem, seconds, gap, problem.must)
    if found == INFEASIBLE:
        raise WrongUse("PLAN_INFEASIBLE", **_needed(problem))
    return found if isinstance(found, Choice) else Choice(greedy(problem), "greedy")


def _solved(problem: Problem, seconds: float, gap: float, within: np.ndarray) -> Choice | int:
    """The solver's choice with all of ``within``, or its status where it found none."""
    matrix, low, high = _rules(problem)
    n, m = len(problem.value), len(problem.trip)
    # A grain of cost on trips, so that none is made in vain where the budget is villages.
    aim = np.concatenate([-_worth(problem), np.full(m, 1e-9 * max(problem.value.max(), 1.0))])
    upper = np.concatenate([(~problem.never).astype(float), np.ones(m)])
    lower = np.concatenate([within.astype(float), np.zeros(m)])
    with _solver_words_to_stderr():
        found = milp(aim, integrality=np.ones(n + m), bounds=Bounds(lower, upper),
                     constraints=LinearConstraint(matrix, low, high),
                     options={"time_limit": seconds, "mip_rel_gap": gap})  # fmt: skip
    if found.x is None:
        return int(found.status)
    return Choice(found.x[:n] > 0.5, "milp", round(float(found.mip_gap or 0.0), 5))


def _worth(problem: Problem) -> np.ndarray:
    """Values, with a bonus for villages of the earlier choice: a change of one village should not shuffle the rest."""
    if problem.kept is None or not problem.kept.any():
        return problem.value
    return problem.value + LOYALTY * problem.value[problem.kept].mean() * problem.kept


@contextmanager
def _solver_words_to_stderr() -> Iterator[None]:
    """HiGHS writes a line to standard output now and then, which belongs to the command's one JSON object."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def greedy(problem: Problem) -> np.ndarray:
    """Villages by value per team-day, a kecamatan's trip paid by its first; musts and floors first. Bool per village.

    Raises `WrongUse` (``PLAN_INFEASIBLE``) when what must be does not fit.
    """
    chosen = problem.must.copy()
    if not _fits(problem, chosen):
        raise WrongUse("PLAN_INFEASIBLE", **_needed(problem))
    for members, floor in _floors(problem):
        while np.count_nonzero(chosen & members) < floor:
            added = _add_best(problem, chosen, members)
            if added is None:
                raise WrongUse("PLAN_INFEASIBLE", **_needed(problem))
            chosen = added
    while problem.explore and problem.cost[chosen & problem.explored].sum() < _explored_days(problem):
        added = _add_best(problem, chosen, problem.explored)
        if added is None:
            break
        chosen = added
    while (added := _add_best(problem, chosen, np.ones(len(chosen), dtype=bool))) is not None:
        chosen = added
    return chosen


def _floors(problem: Problem) -> Iterator[tuple[np.ndarray, int]]:
    """The villages (bool) of every kabupaten and island with a floor, and how many of them there must be."""
    for of, floors in ((problem.group, problem.floors()), (problem.island, problem.island_floors())):
        for number in np.flatnonzero(floors):
            yield of == number, int(floors[number])


def in_order(problem: Problem, order: np.ndarray) -> np.ndarray:
    """What a list sorted by a number gives with the same budget: villages of ``order`` (indices) while they fit."""
    chosen = np.zeros(len(problem.value), dtype=bool)
    for i in order:
        if not problem.never[i]:
            chosen[i] = True
            if not _fits(problem, chosen):
                chosen[i] = False
                break
    return chosen


def without(problem: Problem, rule: str) -> Problem:
    """The problem with one rule lifted: floor, ceiling, island_floor, island_ceiling, explore, must or never. What was
    chosen before counts no more."""
    problem = replace(problem, kept=None)
    none = np.zeros(len(problem.value), dtype=bool)
    lifted: dict[str, Problem] = {
        "floor": replace(problem, floor=0), "ceiling": replace(problem, ceiling=None),
        "island_floor": replace(problem, island_floor=0),
        "island_ceiling": replace(problem, island_ceiling=None), "explore": replace(problem, explore=0.0),
        "must": replace(problem, must=none), "never": replace(problem, never=none),
    }  # fmt: skip
    return lifted[rule]


def _rules(problem: Problem) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    n, m = len(problem.value), len(problem.trip)
    rows: list[sparse.csr_matrix] = []
    low: list[np.ndarray] = []
    high: list[np.ndarray] = []

    def rule(on_villages: np.ndarray, at_least: float, at_most: float, on_trips: np.ndarray | None = None) -> None:
        rows.append(sparse.csr_matrix(np.concatenate([on_villages, np.zeros(m) if on_trips is None else on_trips])))
        low.append(np.array([at_least]))
        high.append(np.array([at_most]))

    if problem.budget is not None:
        of_village, of_trip = problem.taken()
        rule(of_village, -np.inf, problem.budget, of_trip)
    else:
        rule(np.ones(n), -np.inf, float(problem.villages or 0))
    rows.append(sparse.hstack([sparse.eye(n), -sparse.csr_matrix((np.ones(n), (np.arange(n), problem.kecamatan)),
                                                               shape=(n, m))]))  # fmt: skip
    low.append(np.full(n, -np.inf))
    high.append(np.zeros(n))
    for group, floor in enumerate(problem.floors()):
        if floor or problem.ceiling is not None:
            rule((problem.group == group).astype(float), float(floor),
                 np.inf if problem.ceiling is None else float(problem.ceiling))  # fmt: skip
    for island, floor in enumerate(problem.island_floors()):
        if floor or problem.island_ceiling is not None:
            rule((problem.island == island).astype(float), float(floor),
                 np.inf if problem.island_ceiling is None else float(problem.island_ceiling))  # fmt: skip
    if problem.explore and problem.explored.any():
        rule(problem.cost * (problem.explored - problem.explore), 0.0, np.inf)
    return sparse.vstack(rows, format="csr"), np.concatenate(low), np.concatenate(high)


def _fits(problem: Problem, chosen: np.ndarray) -> bool:
    if problem.budget is not None and problem.spent(chosen) > problem.budget + 1e-9:
        return False
    if problem.villages is not None and chosen.sum() > problem.villages:
        return False
    for of, most in ((problem.group, problem.ceiling), (problem.island, problem.island_ceiling)):
        if most is not None and np.bincount(of[chosen], minlength=1).max() > most:
            return False
    return True


def _add_best(problem: Problem, chosen: np.ndarray, among: np.ndarray) -> np.ndarray | None:
    """``chosen`` with the village of ``among`` that gives most per team-day and still fits; None when none does."""
    paid = np.zeros(len(problem.trip), dtype=bool)
    paid[problem.kecamatan[chosen]] = True
    of_village, of_trip = problem.taken()
    price = of_village + np.where(paid[problem.kecamatan], 0.0, of_trip[problem.kecamatan])
    open_to = among & ~chosen & ~problem.never
    if problem.budget is not None:
        open_to &= price <= problem.budget - problem.spent(chosen) + 1e-9
        worth = problem.value / np.maximum(price, 1e-9)
    else:
        worth = problem.value
    for i in np.flatnonzero(open_to)[np.argsort(-worth[open_to], kind="stable")]:
        more = chosen.copy()
        more[i] = True
        if _fits(problem, more):
            return more
    return None


def _explored_days(problem: Problem) -> float:
    """Team-days greed spends in villages to be explored: a share of the whole budget, which is the safe side."""
    if problem.team_days is not None:
        return problem.explore * problem.team_days
    if problem.budget is not None:
        of_village, _ = problem.taken()
        per_day = float(np.median(of_village / np.maximum(problem.cost, 1e-9)))
        return problem.explore * problem.budget / max(per_day, 1e-9)
    return problem.explore * (problem.villages or 0) * float(np.median(problem.cost))


def _needed(problem: Problem) -> dict[str, float]:
    """What must be and the floors need at least, bought as cheaply as greed finds."""
    chosen = problem.must.copy()
    of_village, of_trip = problem.taken()
    cheap = replace(problem, value=1 / np.maximum(of_village + of_trip[problem.kecamatan], 1e-9), team_days=1e12,
                    villages=None, rupiah=None, ceiling=None, island_ceiling=None)  # fmt: skip
    for members, floor in _floors(problem):
        while np.count_nonzero(chosen & members) < floor:
            added = _add_best(cheap, chosen, members)
            if added is None:
                break
            chosen = added
    budget = next((b for b in (problem.team_days, problem.villages, problem.rupiah) if b is not None), 0)
    return {"hari": problem.days(chosen), "desa": int(chosen.sum()), "rupiah": round(problem.cost_of(chosen), -3),
            "anggaran": float(budget)}  # fmt: skip
