"""``VillageRiskRegressor``: expected cases per village from sparse counts, with honest width and exact factors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import (
    _check_feature_names,
    _check_n_features,
    _check_sample_weight,
    check_array,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from risk.estimator.hierarchy import HierarchicalPoisson


class VillageRiskRegressor(RegressorMixin, BaseEstimator, HierarchicalPoisson):
    """Hierarchical Poisson regression for counts per small area (log link, population as exposure).

    ``y_i ~ Poisson(E_i exp(b0 + X_i b + u_kab + u_kec + f_area + v_area))`` with a small ridge on ``b`` and normal
    effects per group, a neighbour field ``f`` (ICAR scaled as in BYM2, when ``graph`` is given) and an own effect
    ``v`` per area. Where areas lie in groups, their size is a covariate too (log exposure less the mean of its first
    group): rates of small places commonly differ from those of large ones, not least because cases are found next
    door. Mode by penalised Newton, variances by Fellner-Schall, draws from the Laplace approximation.

    X is a table with one row per area (or area and year). Its columns that are not covariates are named here, so that
    pipelines, ``cross_validate`` and ``GroupKFold`` need nothing else; later tables may have the columns in any order.
    An array, or a table with none of these columns while the names below are the defaults, is taken as covariates
    alone: plain Poisson regression with exposure 1, columns in the order of the fit (scikit-learn's rule).

    Parameters
    ----------
    exposure : column with the persons x years observed behind each row, >= 0; 0 means nothing was observed there:
        such a row teaches nothing and gets an interval as wide as the prior. None: every row counts 1. A name that the
        table lacks is an error, so that no slip of the pen turns population into a covariate.
    groups : columns with labels of nested or crossed groups, each with its own effect; one name, several or none. A
        column that X does not have is left out.
    area : column with the label of the area, whose own effect is learned; left out when X does not have it.
    graph : two-column table of neighbouring area labels (each pair once or in both directions; areas it does not name
        have no neighbours), or None for no field. A country is fitted province by province in one go when no pair
        crosses a province: the parts are factorised apart, coefficients and variances are shared.
    random_state : seed of ``sample`` (the fit itself is deterministic).
    prior : what is known from elsewhere, or None: ``{"coef": {covariate: (mean, sd)}, "variance": {component:
        value}}``. Coefficients named there (``area_size`` too) get that normal prior instead of the ridge, components
        that variance.

    Attributes
    ----------
    variance_components_ : dict of group columns, "neighbours", "own_history" -> variance on the log scale.
    coef_, intercept_ : per unit of each covariate in ``covariate_names_`` (log scale); coef_sd_ their posterior SD.
    size_coef_ : (mean, SD) of the power of relative size the rate goes with, None where size plays no part.
    feature_names_in_ : all columns of X, n_features_in_ their number.
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.positive_only = True
        tags.regressor_tags.poor_score = True
        return tags

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Share of the Poisson deviance explained against a constant rate per unit of exposure (1 is perfect).

        ``y`` (n,) counts, ``sample_weight`` (n,) or None. Source: Cameron & Windmeijer 1996 (R² of the deviance).
        """
        self._check_fitted()
        y = np.asarray(y, float)
        exposure = self._read(X)[2]
        w = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, float)
        null = exposure * (w @ y) / (w @ exposure)
        return 1.0 - _deviance(y, self.predict(X), w) / max(_deviance(y, null, w), 1e-300)

    # ------------------------------------------------ what is asked of input

    def _check_counts(self, y: Any, covariates: np.ndarray) -> np.ndarray:
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        counts: np.ndarray = column_or_1d(check_array(y, ensure_2d=False, dtype=float, input_name="y"), warn=True)
        check_consistent_length(covariates, counts)
        return counts

    def _check_weights(self, weights: Any, covariates: np.ndarray) -> np.ndarray:
        checked: np.ndarray = _check_sample_weight(weights, covariates, dtype=float, ensure_non_negative=True)
        return checked

    def _check_fitted(self) -> None:
        check_is_fitted(self, "coef_")

    def _check_plain(self, X: Any, fitting: bool) -> tuple[np.ndarray, list[Any]]:
        values = validate_data(self, X, reset=fitting, dtype=float, accept_sparse=False)
        return values, list(getattr(self, "feature_names_in_", [f"x{j}" for j in range(values.shape[1])]))

    def _check_columns(self, seen: pd.DataFrame, fitting: bool) -> None:
        _check_feature_names(self, seen, reset=fitting)
        _check_n_features(self, seen, reset=fitting)

    def _random(self) -> Any:
        return check_random_state(self.random_state)


def _deviance(y: np.ndarray, mean: np.ndarray, weight: np.ndarray) -> float:
    mean = np.maximum(mean, 1e-300)
    term = mean - y
    seen = y > 0
    term[seen] += y[seen] * np.log(y[seen] / mean[seen])
    return float(2 * weight @ term)
