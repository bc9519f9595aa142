"""The quick choice: villages by what they add per unit of the budget, one after the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from campaign.planning.problem import Problem
from data.errors import WrongUse


def greedy(problem: Problem) -> np.ndarray:
    """Villages by value per team-day, a kecamatan's trip paid by its first; musts and floors first. Bool per village.

    Raises `WrongUse` (``PLAN_INFEASIBLE``) when what must be does not fit.
    """
    chosen = problem.must.copy()
    if not fits(problem, chosen):
        raise WrongUse("PLAN_INFEASIBLE", **needed(problem))
    for members, floor in problem.floor_villages():
        while np.count_nonzero(chosen & members) < floor:
            added = _add_best(problem, chosen, members)
            if added is None:
                raise WrongUse("PLAN_INFEASIBLE", **needed(problem))
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
        if added is not None and not explores(problem, added):
            added = _add_best(problem, chosen, among & problem.explored)
        if added is None:
            break
        chosen = added
    return chosen


def in_order(problem: Problem, order: np.ndarray) -> np.ndarray:
    """What a list sorted by a number gives with the same budget: villages of ``order`` (indices) while they fit."""
    chosen = np.zeros(len(problem.value), dtype=bool)
    for i in order:
        if not problem.never[i]:
            chosen[i] = True
            if not fits(problem, chosen):
                chosen[i] = False
                break
    return chosen


def keeps(problem: Problem, chosen: np.ndarray) -> bool:
    """Whether a choice keeps every rule of the problem."""
    held = (problem.must <= chosen).all() and not (chosen & problem.never).any()
    floors = all(np.count_nonzero(chosen & members) >= floor for members, floor in problem.floor_villages())
    return bool(held and floors and fits(problem, chosen) and explores(problem, chosen))


def explores(problem: Problem, chosen: np.ndarray) -> bool:
    explored = problem.cost[chosen & problem.explored].sum()
    return not problem.explored.any() or bool(explored >= problem.explore * problem.cost[chosen].sum() - 1e-9)


def fits(problem: Problem, chosen: np.ndarray) -> bool:
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
        worth = problem.gain(chosen) / np.maximum(price, 1e-9)
    else:
        worth = problem.gain(chosen)
    for i in np.flatnonzero(open_to)[np.argsort(-worth[open_to], kind="stable")]:
        more = chosen.copy()
        more[i] = True
        if fits(problem, more):
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


def needed(problem: Problem) -> dict[str, float]:
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
    for members, floor in problem.floor_villages():
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
