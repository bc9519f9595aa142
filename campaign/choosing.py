"""Choosing villages under a budget: a mixed-integer programme with a trip to be paid once per kecamatan.

    maximise    sum(value_i x_i)
    subject to  sum(cost_i x_i) + sum(trip_k z_k) <= team-days      (or sum(x_i) <= villages)
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
LOYALTY = 0.05
"""Bonus of a village of the earlier plan, as a share of that plan's mean value."""


@dataclass(frozen=True, eq=False)
class Problem:
    """``value, cost`` per village (float, >= 0), ``kecamatan`` its trip's number 0..m-1, ``trip`` team-days per trip,
    ``group`` kabupaten number per village, ``island`` island number; ``must, never, explored`` bool per village.
    Exactly one of ``team_days`` and ``villages`` is the budget. ``floor`` is the least number of villages of each
    kabupaten, ``ceiling`` and ``island_ceiling`` the most (None: no limit). ``kept`` (bool per village) is an earlier
    choice: where two answers are about as good, the one nearer to it is taken."""

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
    floor: int = 0
    ceiling: int | None = None
    island_ceiling: int | None = None
    explore: float = 0.0
    kept: np.ndarray | None = None

    def days(self, chosen: np.ndarray) -> float:
        """Team-days of a choice (bool per village), trips included."""
        trips = np.unique(self.kecamatan[chosen])
        return round(float(self.cost[chosen].sum() + self.trip[trips].sum()), 2)

    def reached(self, chosen: np.ndarray) -> float:
        """The objective of a choice."""
        return float(self.value[chosen].sum())

    def floors(self) -> np.ndarray:
        """Villages each kabupaten gets at least: the floor, or all it has to offer."""
        offered = np.bincount(self.group[~self.never], minlength=self.group.max() + 1)
        return np.minimum(offered, self.floor)


@dataclass(frozen=True, eq=False)
class Choice:
    """``chosen`` bool per village; ``solver`` is ``milp`` or ``greedy``; ``gap`` how far from the best at most."""

    chosen: np.ndarray
    solver: str
    gap: float = field(default=0.0)


def best(problem: Problem, seconds: float = SECONDS, gap: float = GAP) -> Choice:
    """The best choice found in ``seconds``. Raises `WrongUse` (``PLAN_INFEASIBLE``) when the rules cannot all be kept,
    with the team-days (or villages) they would need."""
    matrix, low, high = _rules(problem)
    n, m = len(problem.value), len(problem.trip)
    # A grain of cost on trips, so that none is made in vain where the budget is villages.
    aim = np.concatenate([-_worth(problem), np.full(m, 1e-9 * max(problem.value.max(), 1.0))])
    upper = np.concatenate([(~problem.never).astype(float), np.ones(m)])
    lower = np.concatenate([problem.must.astype(float), np.zeros(m)])
    with _solver_words_to_stderr():
        found = milp(aim, integrality=np.ones(n + m), bounds=Bounds(lower, upper),
                     constraints=LinearConstraint(matrix, low, high),
                     options={"time_limit": seconds, "mip_rel_gap": gap})  # fmt: skip
    if found.x is None:
        if found.status == 2:
            raise WrongUse("PLAN_INFEASIBLE", **_needed(problem))
        return Choice(greedy(problem), "greedy")
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
    floors = problem.floors()
    if not _fits(problem, chosen):
        raise WrongUse("PLAN_INFEASIBLE", **_needed(problem))
    for group in np.flatnonzero(floors):
        while np.count_nonzero(chosen & (problem.group == group)) < floors[group]:
            added = _add_best(problem, chosen, problem.group == group)
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
    """The problem with one rule lifted: floor, ceiling, island_ceiling, explore, must or never."""
    none = np.zeros(len(problem.value), dtype=bool)
    lifted: dict[str, Problem] = {
        "floor": replace(problem, floor=0), "ceiling": replace(problem, ceiling=None),
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

    if problem.team_days is not None:
        rule(problem.cost, -np.inf, problem.team_days, problem.trip)
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
    if problem.island_ceiling is not None:
        for island in np.unique(problem.island):
            rule((problem.island == island).astype(float), -np.inf, float(problem.island_ceiling))
    if problem.explore and problem.explored.any():
        rule(problem.cost * (problem.explored - problem.explore), 0.0, np.inf)
    return sparse.vstack(rows, format="csr"), np.concatenate(low), np.concatenate(high)


def _fits(problem: Problem, chosen: np.ndarray) -> bool:
    if problem.team_days is not None and problem.days(chosen) > problem.team_days + 1e-9:
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
    price = problem.cost + np.where(paid[problem.kecamatan], 0.0, problem.trip[problem.kecamatan])
    open_to = among & ~chosen & ~problem.never
    if problem.team_days is not None:
        open_to &= price <= problem.team_days - problem.days(chosen) + 1e-9
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
    return problem.explore * (problem.villages or 0) * float(np.median(problem.cost))


def _needed(problem: Problem) -> dict[str, float]:
    """What must be and the floors need at least, bought as cheaply as greed finds."""
    chosen = problem.must.copy()
    cheap = replace(problem, value=1 / np.maximum(problem.cost + problem.trip[problem.kecamatan], 1e-9),
                    team_days=1e12, villages=None, ceiling=None, island_ceiling=None)  # fmt: skip
    for group, floor in enumerate(problem.floors()):
        while np.count_nonzero(chosen & (problem.group == group)) < floor:
            added = _add_best(cheap, chosen, problem.group == group)
            if added is None:
                break
            chosen = added
    budget = problem.team_days if problem.team_days is not None else problem.villages
    return {"hari": problem.days(chosen), "desa": int(chosen.sum()), "anggaran": float(budget or 0)}
