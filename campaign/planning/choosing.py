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
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from campaign.planning.problem import Problem
from data.errors import WrongUse

SECONDS = 10.0
GAP = 1e-3
PRICE_SECONDS = 6.0
PRICE_GAP = 3e-3
"""For what a rule costs less will do: a price is told in whole tenths of a percent or not at all."""
CORE = 500
FEW = 12
"""Villages of an earlier choice that may go so that the rest can stay."""
Rules = tuple[sparse.csr_matrix, np.ndarray, np.ndarray]
INFEASIBLE = 2
"""What the solver says when no choice keeps all rules."""


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
        near = _near(problem, seconds, gap)
        if near is not None:
            return near
    found = _solved(problem, seconds, gap, problem.must)
    if found == INFEASIBLE:
        raise WrongUse("PLAN_INFEASIBLE", **_needed(problem))
    return found if isinstance(found, Choice) else Choice(greedy(problem), "greedy")


def _near(problem: Problem, seconds: float, gap: float) -> Choice | None:
    """A choice with what must be and as much of the earlier one as can stay; None when letting few go does not help."""
    assert problem.kept is not None
    near = problem.must | (problem.kept & ~problem.never)
    for _ in range(FEW):
        found = _solved(problem, seconds, gap, near) if _fits(problem, near) else INFEASIBLE
        if isinstance(found, Choice):
            return found
        if (least := _least(problem, near)) is None:
            return None
        near[least] = False
    return None


def _least(problem: Problem, near: np.ndarray) -> int | None:
    """The village of ``near`` that gives least for what it takes, of those that neither must be nor hold a floor nor
    are there to be explored."""
    many = np.bincount(problem.group[near], minlength=problem.group.max() + 1) > problem.floors()
    loose = near & ~problem.must & many[problem.group] & ~problem.explored
    if not loose.any():
        return None
    of_village, of_trip = problem.taken()
    last = np.bincount(problem.kecamatan[near], minlength=len(problem.trip))[problem.kecamatan] == 1
    freed = of_village + np.where(last, of_trip[problem.kecamatan], 0.0)
    return int(np.where(loose, problem.value / np.maximum(freed, 1e-9), np.inf).argmin())


def nearly_best(problem: Problem, seconds: float = PRICE_SECONDS, gap: float = PRICE_GAP) -> Choice:
    """About the best choice in a fraction of the time: villages that the relaxed problem is sure of are taken as it has
    them, only the `CORE` it is least sure of are solved for. Raises as `best`, which answers where this finds nothing.
    """
    aim, lower, upper, rules = _programme(problem, problem.must)
    matrix, low, high = rules
    at_most, at_least = np.isfinite(high), np.isfinite(low)
    with _solver_words_to_stderr():
        relaxed = linprog(
            aim,
            A_ub=sparse.vstack([matrix[at_most], -matrix[at_least]], format="csr"),
            b_ub=np.concatenate([high[at_most], -low[at_least]]),
            bounds=np.column_stack([lower, upper]),
            method="highs",
        )
    if relaxed.x is None:
        return best(problem, seconds, gap)
    sure = np.abs(relaxed.lower.marginals + relaxed.upper.marginals)
    settled = np.ones(len(aim), dtype=bool)
    settled[np.argsort(sure, kind="stable")[:CORE]] = False
    settled &= (relaxed.x < 1e-6) | (relaxed.x > 1 - 1e-6)
    settled[len(problem.value) :] = False
    as_relaxed = np.round(relaxed.x)
    lower, upper = np.where(settled, as_relaxed, lower), np.where(settled, as_relaxed, upper)
    found = _run(aim, lower, upper, rules, seconds, gap)
    return _choice(problem, found) if found.x is not None else best(problem, seconds, gap)


def _solved(problem: Problem, seconds: float, gap: float, within: np.ndarray) -> Choice | int:
    """The solver's choice with all of ``within``, or its status where it found none."""
    found = _run(*_programme(problem, within), seconds, gap)
    return int(found.status) if found.x is None else _choice(problem, found)


def _programme(problem: Problem, within: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, Rules]:
    """What is minimised, the bounds of villages and trips, the rules."""
    m = len(problem.trip)
    # A grain of cost on trips, so that none is made in vain where the budget is villages.
    aim = np.concatenate([-problem.value, np.full(m, 1e-9 * max(problem.value.max(), 1.0))])
    upper = np.concatenate([(~problem.never).astype(float), np.ones(m)])
    return aim, np.concatenate([within.astype(float), np.zeros(m)]), upper, _rules(problem)


def _run(aim: np.ndarray, lower: np.ndarray, upper: np.ndarray, rules: Rules, seconds: float, gap: float) -> Any:
    with _solver_words_to_stderr():
        return milp(
            aim,
            integrality=np.ones(len(aim)),
            bounds=Bounds(lower, upper),
            constraints=LinearConstraint(*rules),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )


def _choice(problem: Problem, found: Any) -> Choice:
    return Choice(found.x[: len(problem.value)] > 0.5, "milp", round(float(found.mip_gap or 0.0), 5))


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


def topped_up(problem: Problem, chosen: np.ndarray, among: np.ndarray) -> np.ndarray:
    """``chosen`` and, for what is left of the budget, villages ``among`` (bool), the most per unit of it first; the
    share to be explored is kept. A draw leaves something over: tied villages are reckoned at the dearest of theirs."""
    while problem.budget is not None:
        added = _add_best(problem, chosen, among)
        if added is not None and not _explores(problem, added):
            added = _add_best(problem, chosen, among & problem.explored)
        if added is None:
            break
        chosen = added
    return chosen


def _explores(problem: Problem, chosen: np.ndarray) -> bool:
    explored = problem.cost[chosen & problem.explored].sum()
    return not problem.explored.any() or bool(explored >= problem.explore * problem.cost[chosen].sum() - 1e-9)


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
        "floor": replace(problem, floor=0),
        "ceiling": replace(problem, ceiling=None),
        "island_floor": replace(problem, island_floor=0),
        "island_ceiling": replace(problem, island_ceiling=None),
        "explore": replace(problem, explore=0.0),
        "must": replace(problem, must=none),
        "never": replace(problem, never=none),
    }
    return lifted[rule]


def _rules(problem: Problem) -> Rules:
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
    rows.append(
        sparse.hstack(
            [sparse.eye(n), -sparse.csr_matrix((np.ones(n), (np.arange(n), problem.kecamatan)), shape=(n, m))]
        )
    )
    low.append(np.full(n, -np.inf))
    high.append(np.zeros(n))
    for group, floor in enumerate(problem.floors()):
        if floor or problem.ceiling is not None:
            rule(
                (problem.group == group).astype(float),
                float(floor),
                np.inf if problem.ceiling is None else float(problem.ceiling),
            )
    for island, floor in enumerate(problem.island_floors()):
        if floor or problem.island_ceiling is not None:
            rule(
                (problem.island == island).astype(float),
                float(floor),
                np.inf if problem.island_ceiling is None else float(problem.island_ceiling),
            )
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
    cheap = replace(
        problem,
        value=1 / np.maximum(of_village + of_trip[problem.kecamatan], 1e-9),
        team_days=1e12,
        villages=None,
        rupiah=None,
        ceiling=None,
        island_ceiling=None,
    )
    for members, floor in _floors(problem):
        while np.count_nonzero(chosen & members) < floor:
            added = _add_best(cheap, chosen, members)
            if added is None:
                break
            chosen = added
    budget = next((b for b in (problem.team_days, problem.villages, problem.rupiah) if b is not None), 0)
    return {
        "hari": problem.days(chosen),
        "desa": int(chosen.sum()),
        "rupiah": round(problem.cost_of(chosen), -3),
        "anggaran": float(budget),
    }
