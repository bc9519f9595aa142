"""Columns by name and weights of rows: what the estimator takes, and what it refuses in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from risk.model import VillageRiskRegressor

Simulated = Callable[..., tuple[pd.DataFrame, np.ndarray, np.ndarray]]


@pytest.mark.parametrize(
    "told", [{"exposure": "pendudk"}, {"exposure": "pendudk", "groups": (), "area": None}, {"exposure": "pop"}]
)
def test_an_exposure_that_the_table_lacks_is_an_error(simulated: Simulated, told: dict[str, Any]) -> None:
    X, y, _ = simulated(2)
    numbers = X.drop(columns=["desa", "kec", "kab"]) if "area" in told else X
    with pytest.raises(ValueError, match=f"exposure names the column '{told['exposure']}', which X does not have"):
        VillageRiskRegressor(**told).fit(numbers, y)


def test_a_slip_in_the_table_is_an_error_too_when_fitting_and_when_predicting(simulated: Simulated) -> None:
    X, y, _ = simulated(2)
    with pytest.raises(ValueError, match="'penduduk', which X does not have"):
        VillageRiskRegressor().fit(X.rename(columns={"penduduk": "Penduduk"}), y)
    model = VillageRiskRegressor().fit(X, y)
    with pytest.raises(ValueError, match="'penduduk', which X does not have"):
        model.predict(X.rename(columns={"penduduk": "Penduduk"}))


def test_without_exposure_every_row_counts_the_same(simulated: Simulated) -> None:
    X, y, _ = simulated(2)
    counts = X.drop(columns="penduduk")
    model = VillageRiskRegressor(exposure=None).fit(counts, y)
    ones = VillageRiskRegressor().fit(counts.assign(penduduk=1.0), y)
    np.testing.assert_allclose(model.predict(counts), ones.predict(counts.assign(penduduk=1.0)), rtol=0.03)


def test_an_array_is_covariates_alone(simulated: Simulated) -> None:
    X, y, _ = simulated(2)
    values = X[["miskin"]].to_numpy()
    model = VillageRiskRegressor(exposure="anything").fit(values, y)
    assert model.predict(values).sum() == pytest.approx(y.sum(), rel=1e-3)


def test_columns_in_another_order_are_taken_by_name(simulated: Simulated) -> None:
    X, y, _ = simulated(3)
    X = X.assign(lain=np.random.default_rng(0).standard_normal(len(X)))
    model = VillageRiskRegressor().fit(X, y, aggregates={"kab": pd.Series({"b0": 3.0})})
    turned = X[X.columns[::-1]]
    np.testing.assert_array_equal(model.predict(turned), model.predict(X))
    np.testing.assert_array_equal(model.sample(3, turned), model.sample(3, X))
    pd.testing.assert_frame_equal(model.decompose(turned), model.decompose(X))
    assert model.score(turned, y) == model.score(X, y)
    for wrong in (X.drop(columns="lain"), X.assign(baru=1.0)):
        with pytest.raises(ValueError, match="feature names should match"):
            model.predict(wrong)


def test_a_row_of_weight_two_is_the_row_twice(simulated: Simulated) -> None:
    X, y, _ = simulated(4)
    weight = np.random.default_rng(1).integers(0, 3, len(X))
    weighted = VillageRiskRegressor().fit(X, y, sample_weight=weight)
    repeated = VillageRiskRegressor().fit(X.loc[X.index.repeat(weight)], np.repeat(y, weight))
    seen = X[weight > 0]
    np.testing.assert_allclose(weighted.predict(seen), repeated.predict(seen), rtol=0.05)
    assert weighted.coef_ == pytest.approx(repeated.coef_, abs=0.02)


def test_weights_beside_aggregates_are_refused_in_words(simulated: Simulated) -> None:
    X, y, _ = simulated(4)
    with pytest.raises(ValueError, match="sample_weight cannot be used with aggregates"):
        VillageRiskRegressor().fit(X, y, aggregates={"kab": pd.Series({"b0": 3.0})}, sample_weight=np.ones(len(X)))
    with pytest.raises(ValueError, match=r"[Nn]egative"):
        VillageRiskRegressor().fit(X, y, sample_weight=-np.ones(len(X)))
