"""The published model must not be able to betray a village: it never learns which village of a cell a case was in."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.batches import fact_frame
from data.demo.facts import demo_batches
from geo.figures import village_attributes
from risk.evaluation.attack import gains
from risk.evaluation.price import disclosure
from risk.scoring.bands import bands
from risk.scoring.inputs import Inputs, Models, build_inputs, fit_models
from risk.scoring.observed import Observed
from risk.scoring.released import fit_released, released_cells

pytestmark = pytest.mark.slow


def facts_of(gazetteer: pd.DataFrame, seed: int = 53) -> pd.DataFrame:
    """DATA CONTOH as the store would give it back."""
    parts = []
    for number, (meta, rows) in enumerate(demo_batches(gazetteer, seed)):
        parts.append(fact_frame(rows, meta).assign(batch=f"B{number}"))
        parts[-1]["as_of"] = pd.to_datetime(pd.Series(meta.as_of, parts[-1].index))
    facts = pd.concat(parts, ignore_index=True)
    for name in ("period_start", "period_end"):
        facts[name] = pd.to_datetime(facts[name])
    for name in ("data_contoh", "published", "cumulative"):
        facts[name] = facts[name].astype(bool)
    return facts.assign(value=facts["value"].astype(float), id=range(len(facts)))


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    from data.gazetteer import read_gazetteer

    gazetteer = read_gazetteer()
    facts = facts_of(gazetteer)
    return build_inputs(village_attributes(gazetteer, facts), facts)


@pytest.fixture(scope="module")
def models(inputs: Inputs) -> Models:
    return fit_models(inputs)


def with_counts(observed: Observed, village: pd.Series) -> Observed:
    return replace(observed, village=village)


def test_moving_cases_between_villages_of_a_kecamatan_leaves_the_cells_as_they_were(inputs: Inputs) -> None:
    rng = np.random.default_rng(0)
    village = inputs.observed.village
    kec = village.index.str[:8]
    moved = village.groupby(kec, group_keys=False).transform(lambda counts: rng.permutation(counts.to_numpy()))
    assert not moved.equals(village)
    before, after = released_cells(inputs.observed), released_cells(with_counts(inputs.observed, moved))
    pd.testing.assert_series_equal(after.totals, before.totals)
    pd.testing.assert_series_equal(after.of_village, before.of_village)


def test_the_published_scores_are_the_same_when_villages_of_a_kecamatan_swap_their_cases(
    inputs: Inputs, models: Models
) -> None:
    """Whatever an attacker does with them, two such provinces look alike; the full model tells them apart."""
    rng = np.random.default_rng(1)
    village = inputs.observed.village
    moved = village.groupby(village.index.str[:8], group_keys=False).transform(
        lambda counts: rng.permutation(counts.to_numpy())
    )
    X, year = inputs.table(), inputs.a_year()
    swapped = fit_released(X, with_counts(inputs.observed, moved), models.full)
    np.testing.assert_array_equal(swapped.predict(year), models.published.predict(year))
    np.testing.assert_array_equal(swapped.sample(20), models.published.sample(20))
    full = deepcopy(models.full).fit(X, moved.to_numpy()).predict(year)
    assert np.abs(np.log(full / models.full.predict(year)))[(moved != village).to_numpy()].mean() > 0.2


def test_one_more_case_changes_that_villages_band_in_few_villages(inputs: Inputs, models: Models) -> None:
    year, n = inputs.a_year(), len(inputs.frame)
    grade = np.full(n, "A")
    before = bands(models.published.predict(year), grade, 100)
    picked = np.random.default_rng(2).choice(n, 20, replace=False)
    changed = 0
    for i in picked:
        village = inputs.observed.village.copy()
        village.iloc[i] += 1
        added = Inputs(inputs.frame, inputs.features, with_counts(inputs.observed, village))
        changed += bands(fit_models(added).published.predict(year), grade, 100)[i] != before[i]
    assert changed <= 1  # at most one in twenty


def test_an_attacker_gains_nothing_from_the_published_score_and_much_from_the_full_one(
    inputs: Inputs, models: Models
) -> None:
    ways = {way["key"]: way for way in disclosure(inputs, models, None)}
    assert ways["released_totals"]["chosen"]
    assert ways["released_totals"]["auc_gain_over_public"] < 0.01
    assert ways["released_totals"]["auc_gain_within_kecamatan"] < 0.01
    assert ways["released_totals"]["auc_gain_over_covariates"] < 0.02
    # the same attacker breaks what is not protected, so the test can fail
    assert ways["full"]["auc_gain_over_public"] > 0.1
    assert ways["full"]["auc_gain_within_kecamatan"] > 0.1


def test_a_planted_leak_is_found() -> None:
    rng = np.random.default_rng(3)
    index = pd.Index([f"98.{i // 100:02d}.{i % 10:02d}.{i:04d}" for i in range(600)])
    covariates = pd.DataFrame({"x": rng.normal(size=600)}, index=index)
    has_case = rng.random(600) < 0.15
    kec = index.str[:8].to_numpy()
    totals = pd.DataFrame({"_own": 0.0}, index)
    noise = pd.DataFrame({"skor": rng.normal(size=600)}, index=index)
    leaky = pd.DataFrame({"skor": rng.normal(size=600) + 2.0 * has_case}, index=index)
    found = gains({"noise": noise, "leaky": leaky}, covariates, totals, has_case, kec)
    assert abs(found["noise"]["over_public"]) < 0.05
    assert found["leaky"]["over_public"] > 0.2
    assert found["leaky"]["within_kecamatan"] > 0.2


def observed_from(village: pd.Series, kabupaten: pd.Series | None = None) -> Observed:
    kab = sorted({kode[:5] for kode in village.index})
    kec = sorted({kode[:8] for kode in village.index})
    years = pd.Series(1.0, village.index)
    return Observed(
        village=village,
        kecamatan=pd.Series(0.0, kec),
        kabupaten=pd.Series(0.0, kab) if kabupaten is None else kabupaten.reindex(kab, fill_value=0.0),
        years=years,
        calendar_years=years.astype(int),
        precision=pd.DataFrame(index=kab),
        sources=["uji"],
        period=None,
        data_contoh=False,
    )


VILLAGES = [f"98.0{i}.0{j}.200{k}" for i in (1, 2, 3) for j in (1, 2, 3) for k in (1, 2)]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 14), min_size=len(VILLAGES), max_size=len(VILLAGES)),
    st.lists(st.integers(0, 30), min_size=3, max_size=3),
)
def test_cells_hold_released_numbers_only(counts: list[int], extra: list[int]) -> None:
    village = pd.Series(counts, VILLAGES, dtype=float)
    only_kab = pd.Series(extra, ["98.01", "98.02", "98.03"], dtype=float)
    cells = released_cells(observed_from(village, only_kab))
    assert cells.of_village.index.tolist() == VILLAGES
    released = [*cells.totals, *cells.kabupaten]
    assert all(value % 5 == 0 for value in released)
    own_kec = village.groupby(village.index.str[:8]).sum()
    for kec, total in own_kec.items():
        assert (kec in cells.totals.index) <= (total >= 10)
    for kab in only_kab.index:
        assert (kab in cells.kabupaten.index) == (only_kab[kab] >= 10)
    whole = village.sum() + only_kab.sum()
    # each number is off by up to 2, each hidden kabupaten by up to 9
    assert abs(sum(released) - whole) <= 2.5 * len(released) + 10 + 9 * 3
