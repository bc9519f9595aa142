"""What the rules of a plan cost: each is lifted, the rest is solved again, and the difference is its price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from campaign.planning import choosing
from campaign.planning.choosing import PRICE_GAP, Choice
from campaign.planning.plan_types import BindingRule
from campaign.planning.problem import MILLION, Problem
from campaign.planning.request import PlanRequest
from campaign.planning.solver.greedy import greedy, in_order
from data.errors import WrongUse

FLOORS = ("floor", "island_floor")


def rules_in_use(request: PlanRequest, months_bind: bool) -> list[str]:
    """Rules that could hold a plan back; ``months_bind`` says whether months keep any village out."""
    used = {
        "floor": request.floor_per_kabupaten > 0,
        "ceiling": request.ceiling_per_kabupaten is not None,
        "island_floor": request.floor_per_island > 0,
        "island_ceiling": request.ceiling_per_island is not None,
        "explore": request.explore > 0,
        "must": bool(request.must),
        "never": bool(request.exclude or months_bind),
    }
    return [rule for rule, on in used.items() if on]


def lifted_choices(problem: Problem, rules: list[str], tell: Callable[[str, int, int], None]) -> dict[str, Choice]:
    """The best choice without each of the rules, in less time and less exactly than the plan itself."""
    out = {}
    for i, rule in enumerate(rules):
        tell("harga", i, len(rules))
        out[rule] = choosing.nearly_best(choosing.without(problem, rule))
    return out


def binding(
    problem: Problem,
    villages: pd.DataFrame,
    first: np.ndarray,
    final: np.ndarray,
    lifted: dict[str, Choice],
    free: np.ndarray,
) -> list[BindingRule]:
    """Rules that hold the plan back, the dearest first behind the budget: ``kunci`` and ``nilai`` for the catalogue,
    and for floors ``rincian``, the team-days each area costs more.

    The budget is about the ``final`` choice and villages that may still come in (``free``); prices compare optima, so
    the ``first`` choice before its draws, by what was maximised.
    """
    reached, found = problem.gained(first), _budget(problem, final, free)
    priced: list[BindingRule] = []
    for rule, choice in lifted.items():
        more = problem.gained(choice.chosen) - reached
        # Less than what the solver leaves open is no price; one plan may always be a hair better than another.
        if more <= PRICE_GAP / 2 * reached or np.array_equal(choice.chosen, first):
            continue
        one: BindingRule = {"kunci": f"rencana.batas.{rule}", "nilai": {"persen": more / max(reached + more, 1e-9)}}
        if rule in FLOORS:
            held = _held(problem, villages, first, choice.chosen, rule)
            if not held:
                continue
            areas, floor = ("kabupaten", problem.floor) if rule == "floor" else ("pulau", problem.island_floor)
            one["nilai"] |= {"n": floor, areas: len(held), "hari": round(sum(held.values()), 1)}
            one["rincian"] = [
                {"wilayah": name, "hari": round(days, 1)}
                for name, days in sorted(held.items(), key=lambda item: -item[1])
            ]
        priced.append(one)
    priced.sort(key=lambda one: -one["nilai"]["persen"])
    return found + priced


def baselines(problem: Problem, villages: pd.DataFrame, settle: Callable[[np.ndarray], np.ndarray]) -> dict[str, float]:
    """The objective of simpler ways with the same budget, and of greed under the same rules, its ties drawn too, where
    it finds a way to keep them."""
    free = replace(problem, floor=0, island_floor=0, explore=0.0, must=np.zeros(len(villages), dtype=bool))
    score = np.argsort(-villages["skor"].fillna(-1.0).to_numpy(), kind="stable")
    by_people = np.argsort(-villages["sering"].fillna(-1.0).to_numpy(), kind="stable")
    simple = {
        "by_score": round(problem.reached(in_order(free, score)), 1),
        "by_score_x_population": round(problem.reached(in_order(free, by_people)), 1),
    }
    try:
        return {**simple, "greedy": round(problem.reached(settle(greedy(problem))), 1)}
    except WrongUse:
        return simple


def of_objective(problem: Problem, first: np.ndarray, other: np.ndarray, objective: str) -> list[BindingRule]:
    """How much less (or more) of the value the spread choice holds than the plain one, as a share of the plain one, and
    how many villages each puts into one kabupaten at most; nothing where the two choose alike. ``other`` is the choice
    of the other objective."""
    reached = problem.reached(first)
    spread, plain = (reached, problem.reached(other)) if objective == "concave" else (problem.reached(other), reached)
    apart = spread / plain - 1 if plain > 0 else 0.0
    most = [int(np.bincount(problem.group[one]).max()) if one.any() else 0 for one in (first, other)]
    if abs(apart) <= PRICE_GAP / 2 and most[0] == most[1]:
        return []
    way = "kurang" if apart < 0 else "lebih"
    counts = {"n": most[0], "semua": int(first.sum()), "lain": most[1], "dari": int(other.sum())}
    return [{"kunci": f"rencana.batas.{objective}", "nilai": {"persen": abs(apart), "arah": way, **counts}}]


def _budget(problem: Problem, final: np.ndarray, free: np.ndarray) -> list[BindingRule]:
    if problem.villages is not None:
        full = final.sum() >= problem.villages
        return [{"kunci": "rencana.batas.desa", "nilai": {"n": int(final.sum())}}] if full else []
    assert problem.budget is not None
    # What is left is not spent past the lottery.
    if problem.budget - problem.spent(final) >= _cheapest_more(problem, final, free):
        return []
    if problem.rupiah is not None:
        values = {"rupiah": round(problem.cost_of(final) / MILLION, 1), "anggaran": problem.rupiah / MILLION}
        return [{"kunci": "rencana.batas.rupiah", "nilai": values}]
    return [{"kunci": "rencana.batas.hari", "nilai": {"hari": problem.days(final), "anggaran": problem.team_days}}]


def _held(problem: Problem, villages: pd.DataFrame, first: np.ndarray, free: np.ndarray, rule: str) -> dict[str, float]:
    """Areas that are in only for the floor, by name or code: team-days spent there beyond what the best plan without
    the floor spends."""
    of, floors, name = (
        (problem.group, problem.floors(), "kode_kab")
        if rule == "floor"
        else (problem.island, problem.island_floors(), "pulau")
    )
    held = np.flatnonzero(np.bincount(of[free], minlength=of.max() + 1) < floors)
    out = {}
    for number in held:
        inside = of == number
        out[str(villages[name].to_numpy()[inside][0])] = problem.days(first & inside) - problem.days(free & inside)
    return out


def _cheapest_more(problem: Problem, final: np.ndarray, among: np.ndarray) -> float:
    """What the cheapest village of ``among`` (bool) that is not in the plan would take from the budget."""
    of_village, of_trip = problem.taken()
    visited = np.isin(problem.kecamatan, problem.kecamatan[final])
    price = of_village + np.where(visited, 0.0, of_trip[problem.kecamatan])
    open_to = price[~final & ~problem.never & among]
    return float(open_to.min()) if len(open_to) else np.inf
