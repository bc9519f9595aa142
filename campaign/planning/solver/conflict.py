"""Which rules of a plan cannot hold together, and whether there is anything to choose at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from campaign.planning.problem import Problem
from campaign.planning.solver.greedy import needed
from campaign.planning.solver.programme import programme_of, run
from data.errors import WrongUse
from words import Clause

NODES = 50
FAR = 0.1
"""A choice that may be further than this share from the best is no plan."""
INFEASIBLE = 2
"""What the solver says when no choice keeps all rules."""


def _without_must(problem: Problem) -> Problem:
    return replace(problem, must=np.zeros(len(problem.value), dtype=bool))


LIFTED: dict[str, Callable[[Problem], Problem]] = {
    "budget": lambda problem: replace(problem, team_days=1e9, villages=None, rupiah=None),
    "must": _without_must,
    "floor": lambda problem: replace(problem, floor=0),
    "ceiling": lambda problem: replace(problem, ceiling=None),
    "island_floor": lambda problem: replace(problem, island_floor=0),
    "island_ceiling": lambda problem: replace(problem, island_ceiling=None),
    "explore": lambda problem: replace(problem, explore=0.0),
}
"""The problem without a rule, by its name. What nobody may choose is no rule here: floors heed it."""


def conflict(problem: Problem) -> list[str]:
    """Names of rules that cannot hold together although any of them could be given up for the rest (an irreducible set,
    found by leaving out one after the other); empty where all can hold."""
    if possible(problem):
        return []
    for lift in LIFTED.values():
        fewer = lift(problem)
        if not possible(fewer):
            problem = fewer
    return [rule for rule, lift in LIFTED.items() if possible(lift(problem))]


def with_floors(problem: Problem) -> Problem:
    """The problem whose floors are kept with the villages that need it most or, where that cannot be, with any."""
    return problem if possible(problem) else replace(problem, any_for_floor=True)


def possible(problem: Problem) -> bool:
    """Whether any choice keeps all rules."""
    programme = programme_of(replace(problem, returns=None), problem.must)
    asked = replace(programme, aim=np.zeros(len(programme.aim)))
    return int(run(asked, gap=1.0, nodes=NODES).status) != INFEASIBLE


def refusal(problem: Problem) -> WrongUse:
    """Why no choice keeps all rules: ``PLAN_INFEASIBLE`` where the budget is too small for what must be, with what that
    needs; ``PLAN_RULES`` where the rules contradict one another whatever the budget. Both name the rules that clash, or
    all where none could be told apart."""
    used, names = in_words(problem), conflict(problem)
    told: dict[str, Any] = {"aturan": tuple(used[name] for name in names or used)}
    if names and "budget" not in names:
        return WrongUse("PLAN_RULES", **told)
    return WrongUse("PLAN_INFEASIBLE", **told, **needed(problem))


def in_words(problem: Problem) -> dict[str, Clause]:
    """The rules in use, each with its number and unit; the budget always is."""
    budgets = {"hari": problem.team_days, "desa": problem.villages, "juta": problem.budget}
    unit, budget = next((unit, n) for unit, n in budgets.items() if n is not None)
    numbers = {
        "must": int(problem.must.sum()) or None,
        "floor": problem.floor or None,
        "ceiling": problem.ceiling,
        "island_floor": problem.island_floor or None,
        "island_ceiling": problem.island_ceiling,
        "explore": round(100 * problem.explore) or None,
    }
    used = {rule: Clause(f"rencana.bentrok.{rule}", {"n": n}) for rule, n in numbers.items() if n is not None}
    return {"budget": Clause(f"rencana.bentrok.anggaran_{unit}", {"n": float(budget)}), **used}


def refuse_empty(problem: Problem, chosen: np.ndarray) -> None:
    """Raises `WrongUse` for a choice of no village: ``PLAN_NOTHING_LEFT`` where all are left out or shut in the months
    asked for, ``PLAN_TOO_SMALL`` where the budget is less than the cheapest village with its trip takes."""
    if chosen.any():
        return
    if problem.never.all():
        raise WrongUse("PLAN_NOTHING_LEFT")
    days = problem.cost + problem.trip[problem.kecamatan]
    told: dict[str, Any] = {"hari": round(float(days[~problem.never].min()), 1), "rupiah": 0.0}
    if problem.cost_rp is not None and problem.trip_rp is not None:
        rupiah = problem.cost_rp + problem.trip_rp[problem.kecamatan]
        told["rupiah"] = round(float(rupiah[~problem.never].min()), -3)
    raise WrongUse("PLAN_TOO_SMALL", **told)


def refuse_far(problem: Problem, gap: float) -> None:
    """Raises `WrongUse` (``PLAN_FAR``) for a choice that may be more than `FAR` from the best, with what could be
    relaxed."""
    if gap > FAR:
        raise WrongUse("PLAN_FAR", gap=100 * gap, aturan=tuple(in_words(problem).values()))
