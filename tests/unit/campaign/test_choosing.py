"""Choosing under a budget: the optimum against every subset of small problems, rules kept on any."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.planning.choosing import best, nearly_best, without
from campaign.planning.problem import Problem
from campaign.planning.solver.conflict import LIFTED, conflict, with_floors
from campaign.planning.solver.greedy import greedy, in_order, topped_up
from data.errors import WrongUse


def problem(n: int = 8, seed: int = 0, **rules: Any) -> Problem:
    rng = np.random.default_rng(seed)
    none = np.zeros(n, dtype=bool)
    given: dict[str, Any] = {
        "value": rng.uniform(0, 10, n),
        "cost": rng.uniform(0.5, 1.5, n).round(2),
        "kecamatan": np.arange(n) // 2,
        "trip": rng.uniform(0, 2, (n + 1) // 2).round(2),
        "group": np.arange(n) // 4,
        "island": np.arange(n) // 6,
        "must": none,
        "never": none,
        "explored": rng.uniform(size=n) < 0.4,
    }
    return Problem(**{**given, **rules})


def kept(case: Problem, chosen: np.ndarray) -> bool:
    if case.team_days is not None and case.days(chosen) > case.team_days + 1e-6:
        return False
    if case.rupiah is not None and case.cost_of(chosen) > case.rupiah + 1:
        return False
    if case.villages is not None and chosen.sum() > case.villages:
        return False
    if (case.must & ~chosen).any() or (case.never & chosen).any():
        return False
    held = np.bincount(case.group[chosen], minlength=case.group.max() + 1)
    if case.ceiling is not None and held.max() > case.ceiling:
        return False
    for of, floor in ((case.group, case.floor), (case.island, case.island_floor)):
        for number in np.unique(of):
            if (chosen & keeping(case, (of == number) & ~case.never, floor)).sum() < min(
                floor, ((of == number) & ~case.never).sum()
            ):
                return False
    if case.island_ceiling is not None and np.bincount(case.island[chosen], minlength=1).max() > case.island_ceiling:
        return False
    explored = case.cost[chosen & case.explored].sum()
    return not (case.explored.any() and explored < case.explore * case.cost[chosen].sum() - 1e-6)


def keeping(case: Problem, area: np.ndarray, floor: int) -> np.ndarray:
    """The villages of an area that its floor may be kept with: among those that are at most a quarter dearer than the
    ``floor`` cheapest the ``floor`` of most value, and what must be."""
    of_village, of_trip = case.taken()
    price = of_village + of_trip[case.kecamatan]
    least = min(floor, area.sum())
    if not least or case.any_for_floor:
        return area
    limit = sorted(price[area])[least - 1] * 1.25 + 1e-9
    worth = sorted(case.value[area & (price <= limit)], reverse=True)[least - 1]
    return (area & (price <= limit) & (case.value >= worth)) | (
        area & (case.must if case.settled is None else case.settled)
    )


def enumerated(case: Problem) -> float | None:
    """The best value over all subsets, None when none keeps the rules."""
    subsets = (np.array(bits, dtype=bool) for bits in product((False, True), repeat=len(case.value)))
    values = [case.reached(chosen) for chosen in subsets if kept(case, chosen)]
    return max(values) if values else None


@given(
    seed=st.integers(0, 10_000),
    days=st.floats(0.5, 9),
    floor=st.integers(0, 2),
    ceiling=st.sampled_from([None, 2, 3]),
    island=st.sampled_from([None, 3]),
    explore=st.sampled_from([0.0, 0.1, 0.4]),
    must=st.integers(-1, 7),
    never=st.integers(-1, 7),
    free=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_answer_is_the_best_of_all_subsets_that_keep_the_rules(
    seed: int,
    days: float,
    floor: int,
    ceiling: int | None,
    island: int | None,
    explore: float,
    must: int,
    never: int,
    free: bool,
) -> None:
    flags = [np.arange(8) == which for which in (must, never)]
    flags[1] &= ~flags[0]
    case = problem(
        seed=seed,
        team_days=round(days, 2),
        floor=floor,
        ceiling=ceiling,
        island_ceiling=island,
        explore=explore,
        must=flags[0],
        never=flags[1],
        settled=flags[0],
        any_for_floor=free,
    )
    known = enumerated(case)
    if known is None:
        with pytest.raises(WrongUse) as refused:
            best(case)
        assert refused.value.reason in ("PLAN_INFEASIBLE", "PLAN_RULES")
        if not free:  # a plan's floors are then kept with any village
            assert with_floors(case).any_for_floor
            return
        named = conflict(case)
        assert (refused.value.reason == "PLAN_INFEASIBLE") == ("budget" in named)
        for rule in LIFTED.keys() - set(named):
            case = LIFTED[rule](case)
        assert enumerated(case) is None, "those named cannot hold although no other rule is left"
        for rule in named:
            assert enumerated(LIFTED[rule](case)) is not None, f"without {rule} the others hold"
        return
    assert with_floors(case) is case
    choice = best(case)
    assert kept(case, choice.chosen)
    assert case.reached(choice.chosen) >= known * (1 - 2e-3) - 1e-6


@given(seed=st.integers(0, 10_000), days=st.floats(4, 20))
@settings(max_examples=40, deadline=None)
def test_greed_keeps_the_budget_and_never_beats_the_optimum(seed: int, days: float) -> None:
    case = problem(14, seed, team_days=round(days, 2))
    quick = greedy(case)
    assert kept(case, quick)
    assert case.reached(quick) <= case.reached(best(case).chosen) * (1 + 2e-3)


@given(seed=st.integers(0, 10_000), million=st.floats(2, 20), floor=st.integers(0, 1))
@settings(max_examples=25, deadline=None)
def test_rupiah_are_a_budget_with_prices_of_their_own(seed: int, million: float, floor: int) -> None:
    rng = np.random.default_rng(seed)
    case = problem(
        seed=seed,
        rupiah=round(million, 1) * 1e6,
        cost_rp=rng.uniform(1, 4, 8).round(2) * 1e6,
        trip_rp=rng.uniform(0, 3, 4).round(2) * 1e6,
        island_floor=floor,
    )
    known = enumerated(case)
    if known is None:
        with pytest.raises(WrongUse) as refused:
            best(case)
        assert refused.value.params["rupiah"] > case.rupiah - 1000
        return
    choice = best(case)
    assert kept(case, choice.chosen)
    assert case.reached(choice.chosen) >= known * (1 - 2e-3) - 1e-6


@pytest.mark.slow
@given(seed=st.integers(0, 10_000), days=st.floats(3, 20), floor=st.integers(0, 1), share=st.sampled_from([0.0, 0.2]))
@settings(max_examples=25, deadline=None)
def test_the_quick_answer_for_prices_keeps_the_rules_and_is_close_to_the_best(
    seed: int, days: float, floor: int, share: float
) -> None:
    case = problem(
        700,
        seed,
        team_days=round(days, 2),
        floor=0,
        explore=share,
        group=np.arange(700) // 350,
        island_floor=floor,
        island=np.arange(700) // 350,
    )
    quick = nearly_best(case)
    assert kept(case, quick.chosen)
    assert case.reached(quick.chosen) >= 0.99 * case.reached(best(case).chosen)


def test_what_a_draw_leaves_over_is_filled_within_the_budget() -> None:
    case = problem(14, 2, team_days=8.0, explore=0.3)
    start = np.zeros(14, dtype=bool)
    filled = topped_up(case, start, np.arange(14) != 3)
    assert kept(case, filled)
    assert filled.any()
    assert not filled[3]
    assert topped_up(problem(villages=3), start[:8], ~start[:8]).sum() == 0, "a number of villages leaves nothing over"


def test_an_earlier_choice_stays_and_only_what_it_leaves_is_filled() -> None:
    case = problem(12, 3, team_days=7.0)
    before = best(case).chosen
    gone = np.flatnonzero(before)[0]
    after = best(problem(12, 3, team_days=7.0, kept=before, never=np.arange(12) == gone))
    assert not after.chosen[gone]
    assert after.chosen[np.setdiff1d(np.flatnonzero(before), [gone])].all()
    assert case.days(after.chosen) <= 7.0


def test_a_number_of_villages_is_a_budget_too() -> None:
    case = problem(villages=3)
    assert set(np.flatnonzero(best(case).chosen)) == set(np.argsort(-case.value)[:3])


def test_a_list_sorted_by_a_number_stops_at_the_budget() -> None:
    case = problem(team_days=3.0)
    chosen = in_order(case, np.arange(8))
    assert kept(case, chosen)
    assert chosen[: chosen.sum()].all(), "the list is followed from its top"


def test_rules_that_cannot_be_kept_say_what_they_need() -> None:
    with pytest.raises(WrongUse) as refused:
        best(problem(team_days=0.6, floor=2))
    assert refused.value.params["hari"] > 0.6
    assert refused.value.params["desa"] == 4


def test_lifting_a_rule_never_makes_the_plan_worse() -> None:
    case = problem(12, 3, team_days=11.0, floor=2, explore=0.3, any_for_floor=True)
    value = case.reached(best(case).chosen)
    for rule in ("floor", "explore", "must", "never"):
        assert case.reached(best(without(case, rule)).chosen) >= value * (1 - 2e-3)
