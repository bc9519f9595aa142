"""Tables as small, empty or lopsided as an office may bring them: finite answers that add up, and never a zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from risk.model import VillageRiskRegressor

N = 80


def table(n: int = N) -> pd.DataFrame:
    rng = np.random.default_rng(n)
    return pd.DataFrame(
        {
            "desa": [f"d{i}" for i in range(n)],
            "kec": [f"c{i % 8}" for i in range(n)],
            "kab": [f"b{i % 8 % 2}" for i in range(n)],
            "penduduk": np.exp(rng.normal(7, 0.6, n)),
            "miskin": rng.normal(size=n),
        }
    )


def chain(X: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"a": X["desa"].to_numpy()[:-1], "b": X["desa"].to_numpy()[1:]})


def one_in(n: int, count: float = 1.0) -> np.ndarray:
    return np.where(np.arange(n) == 3, count, 0.0)


def few(n: int = N) -> np.ndarray:
    return np.random.default_rng(1).poisson(0.6, n).astype(float)


def answered(model: VillageRiskRegressor, X: pd.DataFrame, total: float) -> np.ndarray:
    """What holds for every table; returns the width of the 90 % intervals on the log scale."""
    expected, draws, factors = model.predict(X), model.sample(60), model.decompose(X)
    exposure = X["penduduk"].to_numpy() if "penduduk" in X else 1.0
    assert np.isfinite(draws).all()
    assert (draws > 0).all()
    np.testing.assert_allclose(factors.prod(axis=1) * exposure, expected, rtol=1e-8)
    assert expected.sum() == pytest.approx(total, rel=1e-3)
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    return np.log(high / low)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("counts", [np.zeros, np.ones, lambda n: np.arange(n) * 7.0])
def test_a_handful_of_villages(n: int, counts: Callable[[int], np.ndarray]) -> None:
    X, y = table(n), counts(n)
    graph = chain(X) if n > 1 else None
    width = answered(VillageRiskRegressor(graph=graph).fit(X, y), X, y.sum() or 0.5)
    assert (width > 0.3).all(), "so few villages cannot be sure of anything"


@pytest.mark.parametrize(
    ("y", "aggregates"),
    [
        (np.zeros(N), {"kab": pd.Series({"b0": 50.0, "b1": 3.0})}),
        (np.zeros(N), {"kab": pd.Series({"b0": 50.0})}),
        (np.zeros(N), {"kab": pd.Series({"b0": 0.0})}),
        (few(), {"kec": pd.Series({"c0": 50.0}), "kab": pd.Series({"b1": 1e6})}),
        (one_in(N), None),
        (one_in(N, 500.0), None),
        (few() * 1e6, None),
        (few() / 7, None),
    ],
)
@pytest.mark.parametrize("with_graph", [False, True])
def test_sums_alone_one_case_all_in_one_place_and_millions(
    y: np.ndarray, aggregates: dict[str, pd.Series] | None, with_graph: bool
) -> None:
    X = table()
    model = VillageRiskRegressor(graph=chain(X) if with_graph else None).fit(X, y, aggregates=aggregates)
    answered(model, X, (y.sum() + sum(extra.sum() for extra in (aggregates or {}).values())) or 0.5)


@pytest.mark.parametrize(
    "change",
    [
        {"tetap": 1.0, "ganda": lambda X: 2 * X["miskin"], "besar": lambda X: 1e13 + 1e12 * X["miskin"]},
        {"pencilan": lambda X: np.where(X["desa"] == "d0", 1e6, 0.0)},
        {"kec": lambda X: X["desa"], "kab": "satu"},
        {"penduduk": lambda X: X["penduduk"] * 1e9},
        {"penduduk": lambda X: X["penduduk"] * 1e-9},
    ],
)
def test_columns_that_say_nothing_or_too_much(change: dict[str, Any]) -> None:
    X, y = table().assign(**change), few()
    answered(VillageRiskRegressor(graph=chain(X)).fit(X, y), X, y.sum())


@pytest.mark.parametrize("columns", [["desa", "penduduk"], ["desa", "kab", "penduduk"], ["penduduk", "miskin"]])
def test_one_level_or_none(columns: list[str]) -> None:
    X, y = table()[columns], few()
    answered(VillageRiskRegressor().fit(X, y), X, y.sum())


@pytest.mark.parametrize(
    "pairs",
    [
        lambda X: chain(X).iloc[::7],  # islands, two by two
        lambda X: pd.DataFrame({"a": "d0", "b": X["desa"].to_numpy()[1:]}),  # a star
        lambda X: chain(X).iloc[:0],
    ],
)
def test_graphs_of_islands_of_a_star_and_of_nothing(pairs: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    X, y = table(), few()
    answered(VillageRiskRegressor(graph=pairs(X)).fit(X, y), X, y.sum())


@pytest.mark.parametrize("seen", [1, 10])
def test_where_nobody_looked_intervals_are_wide(seen: int) -> None:
    X = table()
    watched = X.assign(penduduk=X["penduduk"].where(np.arange(N) < seen, 0.0))
    y = np.where(np.arange(N) < seen, 2.0, 0.0)
    model = VillageRiskRegressor(graph=chain(X)).fit(watched, y)
    width = answered(model, watched, y.sum())
    assert np.median(width[seen:]) > 1.2
    assert (model.predict(X) > 0).all()
