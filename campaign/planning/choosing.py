"""Choosing villages under a budget: a mixed-integer programme with a trip to be paid once per kecamatan.

    maximise    sum(value_i x_i, i not in a cell) + sum(slope_p y_p)
    subject to  sum(cost_i x_i) + sum(trip_k z_k) <= budget         (team-days or rupiah; or sum(x_i) <= villages)
                x_i <= z_k for the kecamatan k of village i
                floor_g <= sum(x_i, i in g) <= ceiling_g            for kabupaten and islands g
                sum(cost_i x_i, i explored) >= share * sum(cost_i x_i)
                x_i = 1 for villages that must, 0 for those that must not
                sum(y_p, p of cell c) <= sum(value_i x_i, i in c), 0 <= y_p <= width_p

The last line is `campaign.planning.solver.returns`: pieces of a cell of exchangeable villages, each worth less.
Solved by HiGHS through `scipy.optimize.milp`, which stops at a gap or after so many nodes of its search, not at a time:
the same request gives the same plan. Greed answers the same problem; the better of the two stands, and it is said
where the solver found nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from campaign.planning.problem import Problem
from campaign.planning.solver.conflict import INFEASIBLE, LIFTED, refusal
from campaign.planning.solver.greedy import fits, greedy, keeps
from campaign.planning.solver.programme import programme_of, relaxed, run
from data.errors import WrongUse

NODES = 400
"""Where the search stops at the latest: work, not time, so that a busy machine gives the same plan."""
GAP = 1e-3
PRICE_NODES = 50
PRICE_GAP = 3e-3
"""For what a rule costs less will do: a price is told in whole tenths of a percent or not at all."""
CORE = 500
FEW = 12
"""Villages of an earlier choice that may go so that the rest can stay."""


@dataclass(frozen=True, eq=False)
class Choice:
    """``chosen`` bool per village; ``solver`` is ``milp`` or ``greedy``; ``gap`` how far from the best at most, as a
    share of the best (1: nothing is known)."""

    chosen: np.ndarray
    solver: str
    gap: float = field(default=0.0)


def best(problem: Problem, nodes: int = NODES, gap: float = GAP) -> Choice:
    """The best choice found. Raises what `refusal` tells when the rules cannot all be kept."""
    if problem.kept is not None and problem.kept.any():
        near = _near(problem, nodes, gap)
        if near is not None:
            return near
    found = _solved(problem, nodes, gap, problem.must)
    if found == INFEASIBLE:
        raise refusal(problem)
    try:
        quick = greedy(problem)
    except WrongUse:  # greed keeps floors in its own order and may find no way where there is one
        if isinstance(found, Choice):
            return found
        raise refusal(problem) from None
    if not isinstance(found, Choice):
        return Choice(quick, "greedy", _short_of(problem, quick, None))
    if not keeps(problem, quick) or problem.gained(quick) <= problem.gained(found.chosen) * (1 + 1e-9):
        return found
    bound = problem.gained(found.chosen) / (1 - found.gap) if found.gap < 1 else None
    return Choice(quick, "milp", _short_of(problem, quick, bound))


def _short_of(problem: Problem, chosen: np.ndarray, bound: float | None) -> float:
    """How far a choice is from the best at most: from a bound that is known, or that of the relaxed problem."""
    if bound is None:
        loose = relaxed(programme_of(problem, problem.must))
        if loose.x is None:
            return 1.0
        bound = -float(loose.fun)
    return round(max(1 - problem.gained(chosen) / max(bound, 1e-12), 0.0), 5)


def _near(problem: Problem, nodes: int, gap: float) -> Choice | None:
    """A choice with what must be and as much of the earlier one as can stay; None when letting few go does not help."""
    assert problem.kept is not None
    near = problem.must | (problem.kept & ~problem.never)
    for _ in range(FEW):
        found = _solved(problem, nodes, gap, near) if fits(problem, near) else INFEASIBLE
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
    return int(np.where(loose, problem.gain(near) / np.maximum(freed, 1e-9), np.inf).argmin())


def nearly_best(problem: Problem, gap: float = PRICE_GAP) -> Choice:
    """About the best choice in a fraction of the time: villages that the relaxed problem is sure of are taken as it has
    them, only the `CORE` it is least sure of are solved for. Raises as `best`, which answers where this finds nothing.
    """
    programme = programme_of(problem, problem.must)
    loose = relaxed(programme)
    if loose.x is None:
        return best(problem, gap=gap)
    n = len(problem.value)
    sure = np.abs(loose.lower.marginals + loose.upper.marginals)
    settled = np.zeros(len(programme.aim), dtype=bool)
    settled[:n] = True
    settled[np.argsort(sure[:n], kind="stable")[:CORE]] = False
    settled &= (loose.x < 1e-6) | (loose.x > 1 - 1e-6)
    as_relaxed = np.round(loose.x)
    lower = np.where(settled, as_relaxed, programme.lower)
    upper = np.where(settled, as_relaxed, programme.upper)
    found = run(replace(programme, lower=lower, upper=upper), gap, PRICE_NODES)
    return _choice(problem, found) if found.x is not None else best(problem, gap=gap)


def _solved(problem: Problem, nodes: int, gap: float, within: np.ndarray) -> Choice | int:
    """The solver's choice with all of ``within``, or its status where it found none."""
    found = run(programme_of(problem, within), gap, nodes)
    return int(found.status) if found.x is None else _choice(problem, found)


def _choice(problem: Problem, found: Any) -> Choice:
    return Choice(found.x[: len(problem.value)] > 0.5, "milp", round(float(found.mip_gap or 0.0), 5))


def without(problem: Problem, rule: str) -> Problem:
    """The problem with one rule lifted: floor, ceiling, island_floor, island_ceiling, explore, must or never. What was
    chosen before counts no more."""
    problem = replace(problem, kept=None)
    if rule == "never":
        return replace(problem, never=np.zeros(len(problem.value), dtype=bool))
    return LIFTED[rule](problem)
