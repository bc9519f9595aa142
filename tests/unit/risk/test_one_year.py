"""What is a village's own in one year only: draws allow for it where villages' own counts were learned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from risk.estimator import laplace
from risk.model import VillageRiskRegressor

pytestmark = pytest.mark.slow

Simulated = Callable[..., tuple[pd.DataFrame, np.ndarray, np.ndarray]]


def width(model: VillageRiskRegressor) -> np.ndarray:
    """SD of the log rate per village."""
    return np.log(model.sample(800)).std(axis=0)


def test_draws_are_wider_where_villages_own_counts_were_learned(
    simulated: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    X, y, _ = simulated()
    own = VillageRiskRegressor().fit(X, y)
    sums = pd.Series(y).groupby(X["kab"].to_numpy()).sum()
    summed = VillageRiskRegressor().fit(X, np.zeros(len(y)), aggregates={"kab": sums})
    with_it, summed_with_it = width(own), width(summed)
    monkeypatch.setattr(laplace, "ONE_YEAR_SD", 0.0)
    added = np.sqrt(np.mean(with_it**2 - width(own) ** 2))
    assert added == pytest.approx(0.25, abs=0.05)
    np.testing.assert_allclose(width(summed), summed_with_it)
