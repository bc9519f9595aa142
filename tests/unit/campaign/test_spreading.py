"""A plan claims no more than the data know: places shared among villages nobody can tell apart, names drawn."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.planning.choosing import best
from campaign.planning.plan import make_plan
from campaign.planning.plan_types import Plan, TiedVillage
from campaign.planning.prices import of_objective
from campaign.planning.problem import Problem
from campaign.planning.request import OBJECTIVES, PlanRequest
from campaign.planning.solver.greedy import greedy
from campaign.planning.solver.returns import returns_of
from campaign.planning.warnings import CODES, warnings_of
from campaign.statements.plan import rule_sentence, warning_sentence
from data.store.store import Store
from data.workspace import Workspace
from risk import pairs
from risk.scoring.score import score
from tests.once import made_once
from words import t

DAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Workspace]]:
    """What an office has on its first day: figures as published, no case located in a village."""

    def make(folder: Path) -> None:
        from campaign.office.installation import prepare

        workspace = Workspace(folder)
        prepare(workspace, demo=False)
        store = workspace.store()
        score(store, workspace)
        store.close()

    workspace = Workspace(made_once(tmp_path_factory, "sums_only", make))
    store = workspace.store()
    yield store, workspace
    store.close()


@pytest.fixture(scope="module")
def spread(first_day: tuple[Store, Workspace]) -> Plan:
    return make_plan(*first_day, PlanRequest(villages=100), today=DAY)


def shares(plan: Plan, store: Store) -> pd.DataFrame:
    """Per kabupaten its share of the plan's villages and of the expected cases."""
    expected = store.scores.table("desa").set_index("kode")["harapan"]
    cases = expected.groupby(expected.index.str[:5]).sum() / expected.sum()
    held = pd.Series(Counter(row["kode"][:5] for row in plan["villages"])) / len(plan["villages"])
    return pd.DataFrame({"held": held, "cases": cases}).fillna(0.0)


@pytest.mark.slow
def test_no_kabupaten_gets_more_than_twice_its_share_where_only_sums_are_known(
    first_day: tuple[Store, Workspace], spread: Plan
) -> None:
    table = shares(spread, first_day[0])
    assert (table["held"] <= 2 * table["cases"]).all()
    assert (table["held"] > 0).sum() >= 5
    assert spread["wishes"]["objective"] == "concave"
    assert "CONCENTRATED" not in [one["code"] for one in spread["warnings"]]


@pytest.mark.slow
def test_names_are_drawn_and_nothing_is_called_clear_that_is_not(spread: Plan) -> None:
    how = Counter(row["how"] for row in spread["villages"])
    assert how["undian"] > 30
    assert all(row["p_top"] >= 0.8 for row in spread["villages"] if row["how"] == "tegas")
    (unknown,) = [one for one in spread["warnings"] if one["code"] == "MOSTLY_UNKNOWN"]
    assert (unknown["of"], unknown["coarse"]) == (100, 100)


@pytest.mark.slow
def test_anyone_can_draw_again_across_kecamatan(spread: Plan) -> None:
    pools: dict[str, list[TiedVillage]] = {}
    for row in spread["tie_zone"]:
        pools.setdefault(row["kelompok"], []).append(row)
    assert any(len({row["kode"][:8] for row in rows}) > 1 for rows in pools.values())
    for rows in pools.values():
        tickets = {row["kode"]: hashlib.sha256(f"{spread['seed']}|{row['kode']}".encode()).hexdigest() for row in rows}
        lowest = sorted(tickets, key=tickets.__getitem__)[: rows[0]["tempat"]]
        assert {row["kode"] for row in rows if row["terpilih"]} == set(lowest)


@pytest.mark.slow
def test_the_plain_objective_stays_and_is_warned_of(first_day: tuple[Store, Workspace], spread: Plan) -> None:
    plain = make_plan(*first_day, PlanRequest(villages=100, objective="linear"), today=DAY)
    assert plain["objective"] > spread["objective"]
    assert spread["baselines"]["linear"] > spread["objective"]
    assert plain["baselines"]["concave"] < plain["baselines"]["by_score"]
    assert any(rule["kunci"] == "rencana.batas.linear" for rule in plain["rules"])
    assert any(rule["kunci"] == "rencana.batas.concave" for rule in spread["rules"])
    most = max(Counter(row["kode"][:5] for row in plain["villages"]).values())
    told = [one for one in plain["warnings"] if one["code"] == "CONCENTRATED"]
    assert bool(told) == (most > 40)
    assert make_plan(*first_day, PlanRequest(villages=100), today=DAY) == spread, "the same request, the same plan"


def cellular(seed: int, n: int = 240, cells: int = 6) -> tuple[Problem, np.ndarray]:
    rng = np.random.default_rng(seed)
    cell = np.sort(rng.integers(0, cells, n))
    value = np.exp(rng.normal(0, 0.8, cells))[cell] * np.exp(rng.normal(0, 0.6, n))
    none = np.zeros(n, dtype=bool)
    problem = Problem(
        value=value,
        cost=np.ones(n),
        kecamatan=np.arange(n) // 8,
        trip=np.zeros(n // 8),
        group=cell,
        island=np.zeros(n, dtype=int),
        must=none,
        never=none,
        explored=none,
        villages=40,
    )
    return problem, cell


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_a_cell_never_gets_more_than_twice_its_share_of_the_value(seed: int) -> None:
    problem, cell = cellular(seed)
    none = np.zeros(len(cell), dtype=bool)
    problem = replace(problem, returns=returns_of(problem.value, cell, none, 40, none))
    choice = best(problem)
    held = np.bincount(cell[choice.chosen], minlength=6)
    fair = 40 * np.bincount(cell, problem.value, minlength=6) / problem.value.sum()
    assert choice.chosen.sum() == 40, "no place stays empty, however much villages differ in size"
    assert (held <= 2 * fair + 1).all(), "but for the last village's part"
    assert problem.gained(choice.chosen) >= problem.gained(greedy(problem)) * (1 - 1e-9)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_plain_objective_takes_the_highest_values_as_before(seed: int) -> None:
    problem, _ = cellular(seed)
    highest = np.argsort(-problem.value, kind="stable")[:40]
    assert set(np.flatnonzero(best(problem).chosen)) == set(highest)


def test_each_further_village_of_a_cell_adds_no_more_than_the_one_before() -> None:
    value, none = np.ones(60), np.zeros(60, dtype=bool)
    returns = returns_of(value, np.repeat([0, 1], 30), none, 10, none)
    assert returns is not None
    chosen, added = none.copy(), []
    for i in range(30):
        added.append(returns.gain(value, chosen)[i])
        chosen[i] = True
        assert returns.gained(value, chosen) == pytest.approx(sum(added))
    assert added[:5] == pytest.approx([1.0] * 5), "its share of ten places is five"
    assert all(later <= before + 1e-12 for before, later in pairwise(added))
    assert added[10:] == pytest.approx([0.0] * 20, abs=1e-6), "beyond twice its share there is nothing to gain"


def test_the_chance_is_that_of_the_lists_own_length() -> None:
    rng = np.random.default_rng(0)
    draws = np.exp(rng.normal(0, 1, (300, 20)) + np.linspace(0, 2, 20))
    codes = [f"53.01.01.20{i:02d}" for i in range(20)]
    kept = pairs.kept(codes, draws.mean(axis=0), draws, pd.DataFrame({"penduduk": np.zeros(20)}, index=codes))
    for n in (1, 5, 20, 30):
        chance = pairs.among_top(kept, n)
        assert chance.sum() == pytest.approx(min(n, 20))
    assert (pairs.among_top(kept, 10) >= pairs.among_top(kept, 5)).all()
    assert pairs.above(kept, codes[3])[codes[3]] == 0.5
    assert pairs.above(kept, codes[0])[codes[19]] > 0.8


def test_warnings_say_their_numbers_in_both_languages() -> None:
    chosen = pd.DataFrame(
        {
            "kode_kab": ["53.21"] * 5 + ["53.01"] * 5,
            "kabupaten": ["Malaka"] * 5 + ["Kupang"] * 5,
            "kualitas_data": ["D"] * 3 + ["B"] * 7,
            "tingkat_bukti": ["kabupaten"] * 6 + ["desa"] * 4,
        }
    )
    found = warnings_of(chosen, pd.Series({"53.21": 0.177, "53.01": 0.06}), 0.034)
    assert [one["code"] for one in found] == list(CODES)
    said = [warning_sentence(one, "id") for one in found]
    assert said[0] == "5 dari 10 desa (50,0%) berada di Malaka; bagiannya dari perkiraan kasus 17,7%."
    assert "6 dari 10" in said[1]
    assert "3 bermutu data D" in said[1]
    everything = warning_sentence({**found[1], "villages": 10, "grade_d": 0, "coarse": 10}, "id")
    assert everything.startswith("Semua 10 desa")
    assert "bermutu" not in everything, "what is none of the villages is not mentioned"
    assert "3,4%" in said[2]
    assert "50.0%" in warning_sentence(found[0], "en")
    assert warnings_of(chosen.tail(4), pd.Series({"53.01": 0.06}), 0.0)[0]["share"] == 1.0
    even = chosen.assign(kode_kab=[f"53.0{i % 5}" for i in range(10)], kualitas_data="B", tingkat_bukti="kecamatan")
    assert warnings_of(even, pd.Series(dtype=float), 0.02) == []


@given(st.floats(0, 50), st.floats(0, 50), st.sampled_from(OBJECTIVES), st.sampled_from(("id", "en")))
def test_an_objectives_price_goes_the_way_of_its_numbers(mine: float, its: float, objective: str, lang: str) -> None:
    n = 4
    none = np.zeros(n, dtype=bool)
    problem = Problem(
        value=np.array([mine, its, 0.5, 0.5]),
        cost=np.ones(n),
        kecamatan=np.zeros(n, dtype=int),
        trip=np.zeros(1),
        group=np.array([0, 1, 2, 2]),
        island=np.zeros(n, dtype=int),
        must=none,
        never=none,
        explored=none,
        villages=1,
    )
    first, other = np.eye(n, dtype=bool)[0], np.eye(n, dtype=bool)[1]
    for rule in of_objective(problem, first, other, objective):
        said = rule_sentence(rule, lang)
        assert not re.search("nan|inf|None", said)
        spread, plain = (mine, its) if objective == "concave" else (its, mine)
        assert (t("rencana.arah.kurang", lang) in said) == (spread < plain)
        if 0 < spread <= plain:
            assert 0 <= rule["nilai"]["persen"] <= 1, "a share of the plain sum"
