"""Evaluation that cannot flatter: frozen lists, simple rivals, and what follows when they win."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.batches import BatchMeta
from data.demo.facts import demo_batches
from data.store import chain as store_chain
from data.store import part as store_part
from data.store.parts import scores as scores_part
from data.store.store import Store
from data.workspace import Workspace
from risk.evaluation.baselines import TELLING, baselines, gamma_prior, gamma_rate, kernel_rate
from risk.evaluation.fairness import feedback, groups_of, reached, released_by_year, without_each_source
from risk.evaluation.known import Origins
from risk.evaluation.ledger import change_ledger, past_lists
from risk.evaluation.metrics import covered, hit_rates, log_score, paired
from risk.evaluation.price import PROBED, band_changes, candidates, left_out
from risk.evaluation.validation import cold_start, rolling, verdict, without_kecamatan
from risk.scoring.inputs import Inputs, Models, build_inputs, fit_models, read_store
from risk.scoring.observed import Observed
from risk.scoring.score import score
from risk.scoring.standing import RESULT

pytestmark = pytest.mark.slow

Fill = Callable[..., Store]


@pytest.fixture
def contoh(fill: Fill, province: pd.DataFrame) -> Store:
    return fill(province, *demo_batches(province))


@pytest.fixture
def inputs(contoh: Store, workspace: Workspace) -> Inputs:
    return build_inputs(*read_store(contoh, workspace))


@pytest.fixture
def models(inputs: Inputs) -> Models:
    return fit_models(inputs)


# --- measures -----------------------------------------------------------------------------------------------


def test_hit_rates_are_of_released_numbers() -> None:
    then = np.array([30.0, 12.0, 4.0, 3.0, 1.0] + [0.0] * 45)
    found = hit_rates(-np.arange(50.0), then, (2, 5))
    assert found["hit_2"] == 0.8  # 40 of 50, rounded each
    assert found["pai_2"] == pytest.approx(0.8 / (2 / 50))
    assert found["pei_2"] == 1.0
    few = hit_rates(np.arange(50.0), then, (2,))
    assert few == {"hit_2": None, "pai_2": None, "pei_2": None}, "below ten nothing is told"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=12, max_size=40), st.integers(0, 10_000))
def test_one_case_moved_in_or_out_of_a_list_is_not_seen_exactly(counts: list[int], seed: int) -> None:
    then = np.array(counts, float)
    ranking = np.random.default_rng(seed).random(len(then))
    for value in hit_rates(ranking, then, (3, 9)).values():
        assert value is None or then.sum() >= 10


def test_the_log_score_prefers_rates_that_were_right_and_draws_that_were_honest() -> None:
    rng = np.random.default_rng(0)
    rate, people = rng.gamma(2, 0.5, 400), np.ones(400)
    then = rng.poisson(rate).astype(float)
    flat = np.full(400, rate.mean())
    assert log_score(then, rate, people) > log_score(then, flat, people)
    wide = rate * np.exp(rng.normal(0, 0.3, (200, 400)))
    assert log_score(then, wide, people) > log_score(then, rate * 3, people)
    assert 0.85 < covered(then, wide, people).mean() <= 1


def test_a_paired_difference_is_zero_for_the_same_list_and_sure_for_a_perfect_one() -> None:
    rng = np.random.default_rng(1)
    then = rng.poisson(0.3, 300).astype(float)
    group = np.repeat(np.arange(30), 10)
    own = rng.random(300)
    same = paired(own, own, then, group, 50)
    assert (same["low"], same["high"], same["better"]) == (0, 0, 0.5)
    best = paired(then, -then, then, group, 50)
    assert best["low"] > 0
    assert best["better"] == 1


# --- rivals -------------------------------------------------------------------------------------------------


def test_the_gamma_prior_is_found_again() -> None:
    rng = np.random.default_rng(2)
    exposure = rng.uniform(500, 3000, 5000)
    rate = rng.gamma(0.8, 1 / 800, 5000)
    counts = rng.poisson(rate * exposure).astype(float)
    shape, scale = gamma_prior(counts, exposure)
    assert shape == pytest.approx(0.8, rel=0.15)
    assert scale == pytest.approx(800, rel=0.2)
    shrunk = gamma_rate(counts, exposure)
    assert np.abs(shrunk - rate).mean() < np.abs(counts / exposure - rate).mean()


def test_the_kernel_rate_is_the_mean_far_from_everything() -> None:
    xy = np.array([[0.0, 0], [1, 0], [900, 900]])
    rates = kernel_rate(np.array([4.0, 0, 0]), np.array([100.0, 100, 0]), xy)
    assert rates[0] == pytest.approx(0.02, rel=0.05)
    assert rates[2] == pytest.approx(0.02)


def test_every_rival_is_there_and_those_of_own_counts_are_known_as_such(inputs: Inputs, contoh: Store) -> None:
    found = baselines(inputs, contoh.facts.read(jenis="kasus"))
    assert {"population", "poverty", "last_year", "past_counts", "gamma_eb", "kernel_rate"} <= set(found)
    assert all(len(values) == len(inputs.frame) and np.isfinite(values).all() for values in found.values())
    moved = inputs.observed.village.groupby(inputs.observed.village.index.str[:8], group_keys=False).transform(
        lambda c: c.sort_values().to_numpy()
    )
    other = baselines(
        Inputs(inputs.frame, inputs.features, _with(inputs, moved), inputs.graph), contoh.facts.read(jenis="kasus")
    )
    for key in set(found) - set(TELLING):
        np.testing.assert_allclose(other[key], found[key], err_msg=f"{key} may be published")
    assert not np.allclose(other["gamma_eb"], found["gamma_eb"])


def _with(inputs: Inputs, village: pd.Series) -> Observed:
    return replace(inputs.observed, village=village)


# --- years --------------------------------------------------------------------------------------------------


def test_a_test_year_is_not_known_to_its_list(contoh: Store, workspace: Workspace) -> None:
    """Whatever happens in the test year and after, what was predicted for it stays the same."""
    frame, facts, graph = read_store(contoh, workspace)
    year = rolling(frame, facts, graph)[1]
    rng = np.random.default_rng(3)
    later = (facts["jenis"] == "kasus") & (facts["period_start"].dt.year >= year["year"])
    changed = facts.copy()
    changed.loc[later, "value"] = rng.permutation(facts.loc[later, "value"].to_numpy()) * 3
    again = rolling(frame, changed, graph)[1]
    assert again["year"] == year["year"]
    assert again["expected_top"] == year["expected_top"]


def year_of(hits: dict[str, float], better: float = 1.0) -> dict:
    return {
        "year": 2024,
        "rankings": [{"key": key, "hit_100": hit, "hit_300": hit} for key, hit in hits.items()],
        "paired": {key: [{"n": n, "better": better} for n in (100, 300)] for key in hits if key != "published"},
    }


def test_the_verdict_names_who_is_better_and_steps_back_only_when_sure() -> None:
    ahead = {"published": 0.3, "past_counts": 0.2, "population": 0.1}
    assert verdict([year_of(ahead)]) == {"tested": 1, "beaten_by": [], "surely": [], "fallback": None}
    behind = {"published": 0.1, "past_counts": 0.3, "population": 0.2}
    chance = verdict([year_of(behind, 0.4), year_of(behind, 0.4)])
    assert (chance["beaten_by"], chance["surely"], chance["fallback"]) == (["past_counts", "population"], [], None)
    sure = verdict([year_of(behind, 0.05), year_of(behind, 0.02)])
    assert sure["surely"] == ["past_counts", "population"]
    assert sure["fallback"] == "population", "past counts of villages may not be published"
    assert verdict([year_of(behind, 0.0)])["surely"] == [], "one year alone is noise"
    assert verdict([])["tested"] == 0, "not tested is no verdict"


def test_where_nobody_was_watched_all_rates_are_alike() -> None:
    rates = gamma_rate(np.zeros(4), np.zeros(4))
    assert np.isfinite(rates).all()
    assert np.ptp(rates) == 0


def test_where_a_simple_ranking_is_surely_better_it_takes_the_place_and_says_so(
    contoh: Store, workspace: Workspace
) -> None:
    better = {"tested": 2, "beaten_by": ["population"], "surely": ["population"], "fallback": "population"}
    lost = {"mode": "rolling", "lists": [100, 300], "rankings": [], "test_year": 2024, "verdict": better}
    contoh.results.save(RESULT, score(contoh, workspace, n_top=20), lost)
    score(contoh, workspace, n_top=20)
    people = build_inputs(*read_store(contoh, workspace)).features.population
    table = contoh.scores.table("desa").set_index("kode")
    assert table["skor"].corr(people.reindex(table.index), method="spearman") > 0.999
    assert {one[0]["faktor"] for one in table["alasan"]} == {"cadangan.population"}
    assert ((table["skor_bawah"] <= table["skor"]) & (table["skor"] <= table["skor_atas"])).all()
    assert contoh.scores.table("kabupaten")["alasan"].iloc[0][0]["faktor"] == "cadangan.population"


# --- places that report nothing, and protection -------------------------------------------------------------


def test_kabupaten_left_out_are_really_unseen(inputs: Inputs) -> None:
    gone = {kec for kec in inputs.frame["kode_kec"] if kec.startswith("98.02")}
    blind = without_kecamatan(inputs, gone)
    inside = blind.observed.village.index.str[:5] == "98.02"
    assert blind.observed.village[inside].sum() == 0
    assert (blind.table().loc[inside, "paparan"] == 0).all()
    assert blind.observed.village[~inside].equals(inputs.observed.village[~inside])


def test_a_cold_start_is_better_than_chance_and_touching_kecamatan_are_blind_too(inputs: Inputs) -> None:
    codes = sorted(inputs.frame["kode_kec"].unique())
    pairs = pd.DataFrame({"a": codes[:-1], "b": codes[1:]})
    found = cold_start(inputs, None, pairs)
    assert 0.1 < found["model"] <= 1
    assert cold_start(inputs, None, None) != {}


def test_a_village_left_out_does_not_see_its_own_count(inputs: Inputs) -> None:
    before = left_out(inputs, "desa", folds=3)
    village = inputs.observed.village.copy()
    village.iloc[0] += 40
    after = left_out(Inputs(inputs.frame, inputs.features, _with(inputs, village), inputs.graph), "desa", folds=3)
    assert after[0] / before[0] < after[1:].sum() / before[1:].sum() * 3
    full = fit_models(Inputs(inputs.frame, inputs.features, _with(inputs, village), inputs.graph)).full
    assert full.predict(inputs.a_year())[0] / before[0] > 2 * after[0] / before[0]


def test_all_ways_of_protection_are_compared(inputs: Inputs, models: Models) -> None:
    assert set(candidates(inputs, models)) == {
        "released_totals",
        "full",
        "own_village_left_out",
        "own_kecamatan_left_out",
        "exact_kecamatan_totals",
    }


def test_one_more_case_changes_few_bands(demo_workspace: Workspace) -> None:
    store = demo_workspace.store()
    try:
        inputs = build_inputs(*read_store(store, demo_workspace))
    finally:
        store.close()
    assert PROBED >= 60
    assert band_changes(inputs, fit_models(inputs)) <= 0.05


# --- fairness, echo, sources, ledger ------------------------------------------------------------------------


def test_shares_of_every_way_of_looking_add_up(inputs: Inputs, models: Models) -> None:
    island = pd.Series("Pulau", inputs.frame["kode"]).where(inputs.frame["kode"].str[:5].to_numpy() > "98.03", "Lain")
    groups = groups_of(inputs, island)
    assert {"pulau", "kabupaten", "kemiskinan"} <= set(groups)
    for rows in reached(inputs, models, groups, 30).values():
        for column in ("people", "list", "expected"):
            assert sum(row[column] for row in rows) == pytest.approx(1, abs=0.01)
        assert sum(row["villages"] for row in rows) == len(inputs.frame)


def test_the_echo_meter_sees_records_that_follow_visits(contoh: Store, workspace: Workspace) -> None:
    frame, facts, graph = read_store(contoh, workspace)
    facts.loc[facts["jenis"] == "kasus", "value"] *= 10  # enough cases to measure anything
    sessions = pd.DataFrame({"kode": frame["kode"].iloc[::3], "tanggal": pd.Timestamp(2022, 5, 1)})
    calm = feedback(sessions, frame, facts, Origins(frame, facts, graph))
    assert calm["visited"] == len(sessions)
    follow = facts.copy()
    cases, year = follow["jenis"] == "kasus", follow["period_start"].dt.year
    there = cases & follow["kode"].isin(sessions["kode"]) & (year == year[cases].max())
    follow.loc[there, "value"] *= 4
    loud = feedback(sessions, frame, follow, Origins(frame, follow, graph))
    assert loud["ratio"] == pytest.approx(4 * calm["ratio"], rel=0.1)
    assert calm["low"] <= calm["ratio"] <= calm["high"]
    assert feedback(sessions.head(3), frame, facts, Origins(frame, facts, graph))["ratio"] is None


def test_the_list_hangs_on_the_source_that_matters(fill: Fill, province: pd.DataFrame, workspace: Workspace) -> None:
    store = fill(province, *demo_batches(province))
    extra = pd.DataFrame(
        {
            "indikator": "tppo",
            "level": "desa",
            "kode": province["kode"].iloc[:1],
            "value": 1.0,
            "period_start": pd.Timestamp(2024, 1, 1),
            "period_end": pd.Timestamp(2024, 1, 31),
            "data_contoh": True,
        }
    )
    store.facts.commit(BatchMeta("kasus", "satu catatan", data_contoh=True), extra)
    frame, facts, graph = read_store(store, workspace)
    inputs = build_inputs(frame, facts, graph)
    found = {one["source"]: one for one in without_each_source(inputs, fit_models(inputs), facts, 30)}
    main = next(source for source in found if source != "satu catatan")
    assert found[main]["kept"] < found["satu catatan"]["kept"]
    assert found["satu catatan"]["share"] is None


def test_released_years_stand_beside_the_totals_of_the_score(inputs: Inputs, contoh: Store) -> None:
    found = released_by_year(inputs, contoh.facts.read(jenis="kasus"))
    assert [row["kode"] for row in found["rows"]] == sorted(inputs.frame["kode_kab"].unique())
    cells = [row[year] for row in found["rows"] for year in ["total", *found["years"]]]
    assert all(isinstance(cell, str) or (cell >= 10 and cell % 5 == 0) for cell in cells)


def set_clock(monkeypatch: pytest.MonkeyPatch, clock: Callable[[], object]) -> None:
    """The store writes the moments that ``clock`` says."""
    for module in (store_part, scores_part, store_chain):
        monkeypatch.setattr(module, "now", clock)


def test_the_ledger_tells_new_data_from_corrections_and_from_the_model(
    contoh: Store, workspace: Workspace, province: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [pd.Timestamp(2030, 1, 1).to_pydatetime()]

    def tick() -> object:
        clock[0] += pd.Timedelta(minutes=1).to_pytimedelta()
        return clock[0]

    set_clock(monkeypatch, tick)
    score(contoh, workspace, n_top=30)
    assert change_ledger(contoh, workspace) == {}
    score(contoh, workspace, n_top=40)
    longer = change_ledger(contoh, workspace)
    assert (longer["entered"], longer["left"], longer["model"]) == (10, 0, 10)
    there = province["kode"][province["kode_kab"] == "98.05"]
    many = pd.DataFrame(
        {
            "indikator": "tppo",
            "level": "desa",
            "kode": there,
            "value": 3.0,
            "period_start": pd.Timestamp(2025, 1, 1),
            "period_end": pd.Timestamp(2025, 12, 31),
            "data_contoh": True,
        }
    )
    batch = contoh.facts.commit(BatchMeta("kasus", "tahun baru", data_contoh=True), many)
    score(contoh, workspace, n_top=40)
    fresh = change_ledger(contoh, workspace)
    assert fresh["entered"] > 0
    assert fresh["data_baru"] == fresh["entered"] + fresh["left"]
    assert fresh["koreksi"] == fresh["model"] == 0
    contoh.batches.undo(batch, "ani")
    score(contoh, workspace, n_top=40)
    back = change_ledger(contoh, workspace)
    assert back["koreksi"] == back["entered"] + back["left"] > 0


def test_an_earlier_years_list_is_scored_when_the_next_years_data_come(
    contoh: Store, workspace: Workspace, province: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, lambda: pd.Timestamp(2025, 2, 1).to_pydatetime())
    versi = score(contoh, workspace, n_top=30)
    assert past_lists(contoh, workspace) == []
    set_clock(monkeypatch, lambda: pd.Timestamp(2027, 2, 1).to_pydatetime())
    new = pd.DataFrame(
        {
            "indikator": "tppo",
            "level": "desa",
            "kode": province["kode"].iloc[::4],
            "value": 2.0,
            "period_start": pd.Timestamp(2026, 1, 1),
            "period_end": pd.Timestamp(2026, 12, 31),
            "data_contoh": True,
        }
    )
    contoh.facts.commit(BatchMeta("kasus", "tahun 2026", data_contoh=True), new)
    now = score(contoh, workspace, n_top=30)
    kept = contoh.results.get("daftar_lalu", now)
    assert [(one["versi"], one["year"], one["test_year"]) for one in kept] == [(versi, 2025, 2026)]
    assert 0 < kept[0]["hit_100"] <= 1
