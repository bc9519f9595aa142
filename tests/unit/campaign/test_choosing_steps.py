"""Single steps of choosing on villages one can count on one's fingers: who goes, who comes, in which order."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd
import pytest

from campaign.planning.choosing import best, without
from campaign.planning.lottery import draw, place_in_draw
from campaign.planning.plan import _tied
from campaign.planning.prices import baselines
from campaign.planning.problem import Problem
from campaign.planning.solver.conflict import refusal, refuse_far
from campaign.planning.solver.greedy import greedy, in_order, topped_up
from data.errors import WrongUse
from words import reason_text


def problem(value: list[float], **given: Any) -> Problem:
    """Villages with these values; each costs a day, lies in a kecamatan of its own without a trip to pay."""
    n = len(value)
    none = np.zeros(n, dtype=bool)
    usual: dict[str, Any] = {
        "value": np.array(value, dtype=float),
        "cost": np.ones(n),
        "kecamatan": np.arange(n),
        "trip": np.zeros(n),
        "group": np.zeros(n, dtype=int),
        "island": np.zeros(n, dtype=int),
        "must": none,
        "never": none,
        "explored": none,
    }
    return Problem(**usual | {name: np.array(v) if isinstance(v, list) else v for name, v in given.items()})


def these(n: int, *numbers: int) -> np.ndarray:
    return np.isin(np.arange(n), numbers)


def numbers(chosen: np.ndarray) -> list[int]:
    return np.flatnonzero(chosen).tolist()


# -- an earlier choice -----------------------------------------------------------------------------------------


def test_an_earlier_choice_stays_although_others_are_worth_more_now() -> None:
    assert numbers(best(problem([1, 2, 9, 8], villages=2, kept=these(4, 0, 1))).chosen) == [0, 1]
    assert numbers(best(problem([1, 2, 9, 8], villages=2)).chosen) == [2, 3]


def test_a_village_left_out_since_goes_and_the_other_stays() -> None:
    case = problem([9.5, 2, 9, 8], villages=2, kept=these(4, 0, 1), never=these(4, 0))
    assert numbers(best(case).chosen) == [1, 2]


def test_where_the_budget_shrank_the_one_that_gives_least_for_what_it_takes_goes() -> None:
    case = problem([10, 9, 3, 1], cost=[5.0, 1.0, 1.0, 9.0], team_days=6.0, kept=these(4, 0, 1, 2))
    assert numbers(best(case).chosen) == [1, 2], "ten for five days is less than three for one"


def test_the_last_village_of_a_kecamatan_takes_its_trip_with_it() -> None:
    case = problem([4, 4, 6], kecamatan=[0, 0, 1], trip=[3.0, 3.0], team_days=6.0, kept=these(3, 0, 1, 2))
    assert numbers(best(case).chosen) == [0, 1]


def test_several_may_go_before_the_choice_is_made_afresh() -> None:
    case = problem([1, 2, 3, 4, 5, 6, 50, 60], villages=2, kept=these(8, 0, 1, 2, 3, 4, 5))
    assert numbers(best(case).chosen) == [4, 5]


def test_who_holds_a_floor_or_must_be_or_is_to_be_explored_does_not_go() -> None:
    kept = these(4, 0, 1, 2)
    floor = problem([1, 5, 6, 4], group=[0, 1, 1, 0], floor=1, villages=2, kept=kept, settled=kept)
    assert numbers(best(floor).chosen) == [0, 2]
    must = problem([1, 5, 6, 4], must=these(4, 0), villages=2, kept=kept)
    assert numbers(best(must).chosen) == [0, 2]
    explored = problem([1, 5, 6, 4], explored=these(4, 0, 3), explore=0.3, villages=2, kept=kept)
    assert numbers(best(explored).chosen) == [0, 2]


def test_lifting_a_rule_asks_what_would_be_chosen_without_an_earlier_choice() -> None:
    case = problem([1, 2, 9, 8], villages=2, kept=these(4, 0, 1))
    assert numbers(best(without(case, "floor")).chosen) == [2, 3]


# -- exploring -------------------------------------------------------------------------------------------------


def test_the_share_to_be_explored_is_a_share_of_the_days() -> None:
    case = problem([9, 8, 7, 6, 1, 2, 3, 4], explored=these(8, 4, 5, 6, 7), explore=0.5, villages=4)
    assert numbers(best(case).chosen) == [0, 1, 6, 7]


@pytest.mark.parametrize(
    "budget",
    [
        {"team_days": 4.0},
        {"villages": 4, "cost": [2.0] * 8},
        {"rupiah": 12e6, "cost_rp": [3e6] * 8, "trip_rp": [0.0] * 8},
    ],
    ids=["days", "villages", "rupiah"],
)
def test_greed_explores_its_share_whatever_the_budget_is_in(budget: dict[str, Any]) -> None:
    case = problem([9, 8, 7, 6, 1, 2, 3, 4], explored=these(8, 4, 5, 6, 7), explore=0.5, **budget)
    assert numbers(greedy(case)) == [0, 1, 6, 7]


def test_filling_up_takes_a_village_to_be_explored_where_another_would_break_the_share() -> None:
    case = problem([1, 9, 8, 2], explored=these(4, 0, 3), explore=0.5, team_days=3.0)
    assert numbers(topped_up(case, these(4, 0), these(4, 0, 1, 2, 3))) == [0, 1, 3]


def test_a_share_of_nothing_to_explore_hinders_nobody() -> None:
    case = problem([1, 9, 8, 2], explore=0.5, team_days=3.0)
    assert numbers(topped_up(case, these(4), these(4, 0, 1, 2, 3))) == [1, 2, 3]


# -- the order of greed ----------------------------------------------------------------------------------------


def test_greed_takes_most_per_day_first() -> None:
    assert numbers(greedy(problem([3, 5, 4], cost=[1.0, 5.0, 1.0], team_days=5.0))) == [0, 2]


def test_greed_with_a_number_of_villages_takes_the_highest_values() -> None:
    assert numbers(greedy(problem([3, 5, 4], cost=[1.0, 9.0, 1.0], villages=2))) == [1, 2]


def test_a_trip_that_is_paid_is_not_paid_again() -> None:
    case = problem([10, 3, 6], kecamatan=[0, 0, 1], trip=[3.0, 2.0], team_days=7.0)
    assert numbers(greedy(case)) == [0, 1]
    assert case.days(these(3, 0, 1)) == 5
    assert case.days(these(3, 0, 2)) == 7


def test_greed_never_takes_what_is_left_out() -> None:
    case = problem([3, 5, 4], villages=2, never=these(3, 1))
    assert numbers(greedy(case)) == [0, 2]


def test_a_solver_that_may_not_search_leaves_the_answer_to_greed_and_that_is_said() -> None:
    rng = np.random.default_rng(0)
    value, cost, trip = rng.uniform(1, 9, 300), rng.uniform(1, 2, 300), rng.uniform(1, 4, 60)
    case = problem(list(value), cost=cost, kecamatan=np.arange(300) // 5, trip=trip, team_days=77.7)
    found = best(case, nodes=0)
    assert found.solver == "greedy"
    assert numbers(found.chosen) == numbers(greedy(case))


def test_a_sorted_list_stops_at_the_first_that_does_not_fit_and_skips_what_is_left_out() -> None:
    case = problem([1, 1, 1, 1], cost=[1.0, 5.0, 1.0, 1.0], team_days=3.0, never=these(4, 0))
    assert numbers(in_order(case, np.array([0, 2, 1, 3]))) == [2]


def test_where_the_budget_is_too_small_what_is_needed_is_told() -> None:
    with pytest.raises(WrongUse) as refused:
        best(problem([1, 2, 3], floor=2, ceiling=5, team_days=1.0))
    assert (refused.value.params["desa"], refused.value.params["hari"]) == (2, 2.0)
    said = reason_text(refused.value.reason, refused.value.params)
    assert "anggaran 1 hari tim; paling sedikit 2 desa tiap kabupaten/kota. Desa wajib" in said, said


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            {"floor": 5, "ceiling": 2, "team_days": 99.0},
            "paling sedikit 5 desa tiap kabupaten/kota; paling banyak 2 desa tiap kabupaten/kota.",
        ),
        (
            {"must": these(6, 0, 1, 2), "ceiling": 2, "floor": 1, "villages": 6},
            "3 desa wajib masuk; paling banyak 2 desa tiap kabupaten/kota.",
        ),
        (
            {"must": these(6, 0, 1, 2), "island_ceiling": 2, "ceiling": 4, "rupiah": 90e6, "cost_rp": [1e6] * 6},
            "3 desa wajib masuk; paling banyak 2 desa tiap pulau.",
        ),
    ],
)
def test_rules_that_contradict_one_another_are_named_and_no_others(rules: dict[str, Any], said: str) -> None:
    if "rupiah" in rules:
        rules = {**rules, "trip_rp": [0.0] * 6}
    with pytest.raises(WrongUse) as refused:
        best(problem([1, 2, 3, 4, 5, 6], **rules))
    assert refused.value.reason == "PLAN_RULES"
    assert reason_text("PLAN_RULES", refused.value.params).endswith(f"anggarannya: {said} Longgarkan salah satunya.")
    assert "at most" in reason_text("PLAN_RULES", refused.value.params, "en")


def test_a_choice_that_may_be_far_from_the_best_is_no_plan() -> None:
    case = problem([1, 2, 3], floor=1, explore=0.2, team_days=2.0)
    refuse_far(case, 0.1)
    with pytest.raises(WrongUse) as refused:
        refuse_far(case, 0.104)
    said = reason_text(refused.value.reason, refused.value.params)
    assert "10,4% di bawah" in said, said
    assert "anggaran 2 hari tim; paling sedikit 1 desa tiap kabupaten/kota; 20% hari tim untuk" in said


def test_greed_that_finds_no_way_is_no_baseline_and_a_refusal_names_rules_all_the_same() -> None:
    case = problem([10, 1, 1], cost=[2.0, 1.0, 1.0], group=[0, 0, 1], floor=1, team_days=2.0, any_for_floor=True)
    assert numbers(best(case).chosen) == [1, 2]
    villages = pd.DataFrame({"skor": [3.0, 2.0, 1.0], "sering": [3.0, 2.0, 1.0]})
    assert baselines(case, villages, lambda chosen: chosen).keys() == {"by_score", "by_score_x_population"}
    told = refusal(case)  # as where the search ended with nothing
    assert "anggaran 2 hari tim; paling sedikit 1 desa" in reason_text(told.reason, told.params)


# -- the problem's own sums ------------------------------------------------------------------------------------


def test_trips_are_counted_once_in_days_and_in_rupiah() -> None:
    rupiah = {"cost_rp": [1_500_000.0, 1e6, 1e6], "trip_rp": [2e6, 3e6]}
    case = problem([1, 1, 1], kecamatan=[0, 0, 1], trip=[2.0, 3.0], rupiah=20e6, **rupiah)
    both = these(3, 0, 1)
    assert (case.days(both), case.cost_of(both), case.spent(both), case.budget) == (4.0, 4_500_000.0, 4.5, 20.0)


def test_without_prices_a_choice_costs_nothing_that_is_known() -> None:
    assert problem([1, 1], team_days=2.0).cost_of(these(2, 0)) == 0


def test_a_kabupaten_with_fewer_villages_to_offer_owes_only_those() -> None:
    case = problem([1, 1, 1], group=[0, 0, 1], never=these(3, 0), floor=2, villages=3)
    assert case.floors().tolist() == [1, 1]


@pytest.mark.parametrize(("price", "kept"), [(1.25, [0, 1, 3]), (1.3, [0, 1, 2])])
def test_a_floor_is_kept_with_the_village_that_needs_it_most_unless_it_is_much_dearer(
    price: float, kept: list[int]
) -> None:
    """Villages 2 and 3 are the other kabupaten's: the first is the cheapest, the second needs a session more."""
    case = problem([9, 9, 1, 3], cost=[1.0, 1.0, 1.0, price], group=[0, 0, 1, 1], floor=1, team_days=3.3)
    assert numbers(best(case).chosen) == kept


# -- the draw --------------------------------------------------------------------------------------------------


def test_a_ticket_is_what_sha256_of_seed_bar_code_gives_on_any_machine() -> None:
    ticket = "ea37eaa7bb739ac07770416dfa3abb71a7427eaf32eb59e846669b68fef5d5e3"
    assert place_in_draw("undian-2025", "53.01.04.2003") == ticket
    assert ticket == hashlib.sha256(b"undian-2025|53.01.04.2003").hexdigest()


def test_the_lowest_tickets_are_drawn() -> None:
    codes = np.array([f"98.01.01.{n}" for n in range(2001, 2011)])
    by_hand = sorted(codes, key=lambda kode: hashlib.sha256(f"benih|{kode}".encode()).hexdigest())
    assert draw("benih", codes, 3) == by_hand[:3]


def test_villages_are_a_tie_from_two_to_eight_in_ten() -> None:
    chances = pd.DataFrame({"p_top": [0.19, 0.2, 0.5, 0.8, 0.81, np.nan]})
    assert _tied(chances).tolist() == [False, True, True, True, False, False]
