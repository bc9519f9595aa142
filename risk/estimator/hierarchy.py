"""The hierarchical Poisson regression itself, without scikit-learn: what `risk.model.VillageRiskRegressor` is made of.

Scoring uses it as it is. Importing scikit-learn costs half as much again as all else that scoring imports, and what it
adds are checks of input that the scoring room makes itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from threadpoolctl import threadpool_limits

from risk.estimator import laplace
from risk.estimator.blocks import build_blocks
from risk.estimator.field import Field, build_field
from risk.estimator.table import check_labels, membership, pick, positions, read_cells, read_covariates, read_exposure

RIDGE, RIDGE_OF_SUMS = 1.0, 9.0
"""Prior precision of a standardised coefficient when cases are known to the row, and when they are known as sums over
many rows only: one SD of a covariate then is taken to change risk rarely more than twofold. Hundreds of located cases
overrule either; twenty kabupaten totals hardly tell covariates apart, and left free they run wild."""
DRAWS_AT_ONCE = 128
EXPOSURE, GROUPS, AREA = "penduduk", ("kab", "kec"), "desa"
"""The names of columns that are looked for when none are told."""
_FIXED = ("intercept", "covariates")
_one_thread = threadpool_limits.wrap(limits=1, user_api="blas")
"""The matrices are small: on two cores BLAS threads waiting for each other cost three to five times the time."""
SIZE = "area_size"
"""What the effect of relative size is called in ``prior`` and ``decompose``."""


class HierarchicalPoisson:
    """Parameters, attributes and methods as `risk.model.VillageRiskRegressor` tells them, for tables alone.

    The methods that begin with ``_check`` and ``_counts`` say what is asked of the input; that class asks for more.
    """

    def __init__(
        self,
        exposure: str | None = EXPOSURE,
        groups: Sequence[str] = GROUPS,
        area: str | None = AREA,
        graph: pd.DataFrame | None = None,
        random_state: Any = 0,
        prior: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.exposure = exposure
        self.groups = groups
        self.area = area
        self.graph = graph
        self.random_state = random_state
        self.prior = prior

    # ---------------------------------------------------------------- fit

    @_one_thread
    def fit(self, X: Any, y: Any, aggregates: Mapping[str, pd.Series] | None = None, sample_weight: Any = None) -> Self:
        """Learn from counts ``y`` (n,) per row of ``X`` (n rows): cases in the exposure's persons x years.

        ``aggregates`` maps a column of X (a group, or any other column of labels, which then is no covariate) to a
        Series of *extra* counts by label: cases that are in no row's ``y``. They enter as sums over the label's rows.
        ``sample_weight`` (n,), >= 0: how often each row counts; a row of weight 2 is the same as the row twice. Not
        together with ``aggregates``, whose cases belong to no row that could be weighted.
        Raises ValueError for negative counts, cases where nothing was observed, labels that no row has, gaps in X, an
        ``exposure`` that the table lacks, weights beside aggregates.
        """
        aggregates = dict(aggregates or {})
        self.aggregated_columns_ = tuple(aggregates)
        covariates, names, exposure = self._read(X, fitting=True)
        y = self._check_counts(y, covariates)
        if (y < 0).any():
            raise ValueError("y holds negative counts")
        if (y[exposure == 0] > 0).any():
            raise ValueError("y holds cases in rows whose exposure is 0")
        if sample_weight is not None:
            if aggregates:
                raise ValueError("sample_weight cannot be used with aggregates: their cases belong to no single row")
            weights = self._check_weights(sample_weight, covariates)
            # a row that counts w times is w times the persons and w times the cases
            y, exposure = weights * y, weights * exposure
        cells, z = read_cells(X, aggregates, exposure)
        total = float(y.sum() + z.sum())
        if exposure.sum() <= 0:
            raise ValueError("nothing was observed: every exposure (or every sample_weight) is 0")
        if total == 0:  # half a case, spread by exposure: the rate is small, not minus infinity on the log scale
            y = y + 0.5 * exposure / exposure.sum()
            total = 0.5

        weight = exposure / exposure.sum()
        self.covariate_mean_ = weight @ covariates
        spread = np.sqrt(weight @ (covariates - self.covariate_mean_) ** 2)
        self._scale = np.where(spread > 1e-12 * np.maximum(1, np.abs(self.covariate_mean_)), spread, 1.0)
        self.covariate_names_ = names

        self._index: dict[str, pd.Index] = {}
        for column in self._groups_in(X):
            self._index[column] = pd.Index(X[column]).unique()
        self.areas_ = pd.Index(X[self.area]).unique() if self._has(X, self.area) else None
        self._sizes = self._relative_sizes(X, exposure)
        self.field_: Field | None = None
        if self.graph is not None and self.areas_ is not None:
            self.field_ = build_field(self.graph, self.areas_)
        problem = laplace.FitProblem(
            A=self._design(X, covariates),
            exposure=exposure,
            y=y,
            area=self._area_of(X, len(covariates)),
            n_areas=0 if self.areas_ is None else len(self.areas_),
            cells=cells,
            z=z,
            blocks=self._blocks(names, located=float(y.sum() / (y.sum() + z.sum()))),
            region=pd.factorize(X[self._groups_in(X)[0]])[0] if self._groups_in(X) else np.zeros(len(y), int),
        )
        result = laplace.fit(problem, start=float(np.log(total / exposure.sum())))
        self._problem, self._x, self._v = problem, result.x, result.v
        if self.field_ is not None and self.areas_ is not None:
            # parts of the graph have levels of their own; what they share belongs to the intercept
            where = next(block.where for block in problem.blocks if block.name == "neighbours")
            level = float(self._x[where][self.field_.labels.get_indexer(pd.Index(self.areas_))].mean())
            self._x[where] -= level
            self._x[0] += level
        self.n_iter_ = result.n_iter
        self.converged_ = result.converged
        self.variance_components_ = {b.name: float(b.variance) for b in problem.blocks if b.name not in _FIXED}
        self.coef_ = self._x[1 : 1 + len(names)] / self._scale
        sd = self._coefficient_sd(result.information)
        self.coef_sd_ = sd[: len(names)] / self._scale
        self.size_coef_ = None if self._sizes is None else (float(self._x[1 + len(names)]), float(sd[-1]))
        self.intercept_ = float(self._x[0] - self.coef_ @ self.covariate_mean_)
        return self

    def _coefficient_sd(self, information: laplace.Information) -> np.ndarray:
        """Posterior SD of the standardised coefficients, that of size last."""
        p = len(self.covariate_names_) + (self._sizes is not None)
        units = np.zeros((len(self._x), p))
        units[1 + np.arange(p), np.arange(p)] = 1.0
        variance = information.solve(units, np.zeros((len(self._v), p)))[0][1 + np.arange(p), np.arange(p)]
        return np.sqrt(np.maximum(variance, 0.0))

    def _relative_sizes(self, X: Any, exposure: np.ndarray) -> np.ndarray | None:
        """Per area, log exposure less the mean of its group (0 where nothing was observed); None without groups."""
        groups = self._groups_in(X)
        if self.areas_ is None or not groups or not self._has(X, self.exposure):
            return None
        area = self._area_of(X, len(exposure))
        total = np.bincount(area, exposure, minlength=len(self.areas_))
        group = np.zeros(len(total), dtype=int)
        group[area] = pd.factorize(X[groups[0]])[0]
        seen = total > 0
        log_size = np.log(np.where(seen, total, 1.0))
        mean = np.bincount(group, log_size * seen) / np.maximum(np.bincount(group, seen), 1)
        return np.where(seen, log_size - mean[group], 0.0)

    def _blocks(self, names: list[Any], located: float) -> list[laplace.Block]:
        scale = self._scale
        if self._sizes is not None:
            names, scale = [*names, SIZE], np.append(scale, 1.0)
        ridge = located * RIDGE + (1 - located) * RIDGE_OF_SUMS
        return build_blocks(
            covariates=dict(zip(names, scale, strict=True)),
            groups={column: len(labels) for column, labels in self._index.items()},
            field=self.field_,
            n_areas=None if self.areas_ is None else len(self.areas_),
            ridge=ridge,
            prior=self.prior or {},
        )

    # ------------------------------------------------------------ results

    def predict(self, X: Any) -> np.ndarray:
        """Expected cases (n,) per row: exposure x rate at the posterior mode, in cases per the exposure's time.

        Labels never seen get their prior's centre. Columns may come in any order. Raises ValueError for columns that
        the fit had and ``X`` lacks, for columns it did not have, and for gaps.
        """
        self._check_fitted()
        covariates, _, exposure = self._read(X)
        return exposure * _rates(self._log_rate(X, covariates))

    def decompose(self, X: Any) -> pd.DataFrame:
        """Exact multiplicative factors (n rows) of the rate, one column each; product x exposure is ``predict(X)``.

        Columns: "baseline" (rate per unit of exposure at average covariates), each covariate (1 at its average), each
        group column, "neighbours", "own_history", and "area_size" where size plays a part.
        """
        self._check_fitted()
        covariates, _, _ = self._read(X)
        parts: dict[str, Any] = {"baseline": np.full(len(covariates), self._x[0])}
        for j, name in enumerate(self.covariate_names_):
            parts[str(name)] = (covariates[:, j] - self.covariate_mean_[j]) * self.coef_[j]
        for block in self._problem.blocks:
            if block.name not in _FIXED and block.where is not None:
                labels, column = self._labels_of(block.name)
                parts[block.name] = pick(self._x[block.where], positions(X, column, labels))
        parts.setdefault("neighbours", np.zeros(len(covariates)))
        parts["own_history"] = pick(self._v, self._area_of(X, len(covariates)))
        if self._sizes is not None and self.size_coef_ is not None:
            parts[SIZE] = self.size_coef_[0] * pick(self._sizes, self._area_of(X, len(covariates)))
        index = X.index if isinstance(X, pd.DataFrame) else None
        return pd.DataFrame({name: np.exp(part) for name, part in parts.items()}, index=index)

    @_one_thread
    def sample(self, n: int, X: Any = None) -> np.ndarray:
        """``n`` posterior draws of the rate per unit of exposure, shape (n, rows), for the rows fitted or for ``X``.

        Laplace approximation at the learned variances (Rue, Martino & Chopin 2009), which are taken as known.

        The skew of exp() would put the draws' total some 20 % above the observed one, so all are scaled by one
        number that makes their mean total on the fitted rows equal to it. Unseen labels vary as their prior, and areas
        by `laplace.ONE_YEAR_SD` besides.
        """
        self._check_fitted()
        if n < 1:
            raise ValueError(f"n is {n} but is expected to be 1 or more draws")
        generator = np.random.default_rng(self._random().randint(2**31 - 1))
        problem = self._problem
        mu = problem.means(self._x, self._v)
        information = laplace.Information(problem, mu)
        A, area, fresh = problem.A, problem.area, []
        if X is not None:
            covariates, _, _ = self._read(X)
            A, area, fresh = self._design(X, covariates), self._area_of(X, len(covariates)), self._unseen(X)
        draws = np.empty((n, A.shape[0]))
        total = 0.0
        for start in range(0, n, DRAWS_AT_ONCE):
            size = min(DRAWS_AT_ONCE, n - start)
            dx, dv = information.draw(size, generator)
            x, v = self._x[:, None] + dx, self._v[:, None] + dv + problem.one_year(generator, dv.shape)
            rates = _rates(problem.A @ x + problem.R @ v)
            total += float(problem.exposure @ rates.sum(axis=1))
            if X is not None:
                eta = A @ x + np.where(area[:, None] >= 0, v[area] if len(v) else 0.0, 0.0)
                for code, sd in fresh:
                    noise = sd * generator.standard_normal((code.max(initial=-1) + 1, size))
                    eta += np.where(code[:, None] >= 0, noise[code] if len(noise) else 0.0, 0.0)
                rates = _rates(eta)
            draws[start : start + size] = rates.T
        return draws * (mu.sum() / (total / n))

    # ------------------------------------------------------- reading of X

    def _read(self, X: Any, *, fitting: bool = False) -> tuple[np.ndarray, list[Any], np.ndarray]:
        """Covariates (n, p), their names, and the exposure (n,)."""
        named = self._named(X)
        if not named and self._plain(X):
            values, names = self._check_plain(X, fitting)
            return values, names, np.ones(len(values))
        # a column of labels that only aggregates name is a matter of the fit, not needed to predict
        own = [self.exposure, *self._group_names(), self.area]
        if self.exposure is not None and not self._has(X, self.exposure):
            raise ValueError(
                f"exposure names the column {self.exposure!r}, which X does not have: it has {list(X.columns)}; name "
                "the column of persons x years, or None if every row counts the same"
            )
        seen = X.drop(columns=[c for c in named if c not in own])
        if not fitting and set(seen.columns) == set(getattr(self, "feature_names_in_", ())):
            X, seen = X[[*self.feature_names_in_, *X.columns.difference(seen.columns)]], seen[self.feature_names_in_]
        self._check_columns(seen, fitting)
        rest = X.drop(columns=named)
        if len(X) == 0:
            raise ValueError("Found array with 0 sample(s) while a minimum of 1 is required.")
        check_labels(X, [column for column in named if column != self.exposure])
        values = read_covariates(rest)
        exposure = np.ones(len(X)) if self.exposure is None else read_exposure(X, self.exposure)
        return values, list(rest.columns), exposure

    def _plain(self, X: Any) -> bool:
        """Whether X is covariates alone: no table, or one that no name was told for."""
        told = (self.exposure, self._group_names(), self.area) != (EXPOSURE, GROUPS, AREA)
        return not isinstance(X, pd.DataFrame) or not told

    def _named(self, X: Any) -> list[str]:
        columns = [self.exposure, *self._group_names(), self.area, *getattr(self, "aggregated_columns_", ())]
        return [c for c in dict.fromkeys(columns) if self._has(X, c)]

    @staticmethod
    def _has(X: Any, column: str | None) -> bool:
        return isinstance(X, pd.DataFrame) and column is not None and column in X.columns

    def _groups_in(self, X: Any) -> list[str]:
        return [column for column in self._group_names() if self._has(X, column) and column != self.area]

    def _group_names(self) -> tuple[str, ...]:
        return (self.groups,) if isinstance(self.groups, str) else tuple(self.groups or ())

    def _labels_of(self, block: str) -> tuple[pd.Index, str | None]:
        if block == "neighbours" and self.field_ is not None:
            return self.field_.labels, self.area
        return self._index[block], block

    def _area_of(self, X: Any, n: int) -> np.ndarray:
        if self.areas_ is None:
            return np.full(n, -1)
        return positions(X, self.area, self.areas_)

    def _design(self, X: Any, covariates: np.ndarray) -> sparse.csr_matrix:
        n = len(covariates)
        standardised = (covariates - self.covariate_mean_) / self._scale
        columns = [np.ones(n), standardised]
        if self._sizes is not None:
            columns.append(pick(self._sizes, self._area_of(X, n)))
        parts = [sparse.csr_matrix(np.column_stack(columns))]
        for column, labels in self._index.items():
            parts.append(membership(positions(X, column, labels), len(labels)))
        if self.field_ is not None:
            parts.append(membership(positions(X, self.area, self.field_.labels), len(self.field_.labels)))
        return sparse.hstack(parts, format="csr")

    def _unseen(self, X: Any) -> list[tuple[np.ndarray, float]]:
        """For each effect, codes of the labels of X that the fit did not know (-1 known) and the effect's SD."""
        found = []
        for name, variance in self.variance_components_.items():
            labels, column = (self.areas_, self.area) if name == "own_history" else self._labels_of(name)
            if labels is None or not self._has(X, column):
                continue
            unknown = positions(X, column, labels) < 0
            if unknown.any():
                found.append((np.where(unknown, pd.factorize(X[column])[0], -1), float(np.sqrt(variance))))
        return found

    def _log_rate(self, X: Any, covariates: np.ndarray) -> np.ndarray:
        eta = np.asarray(self._design(X, covariates) @ self._x)
        return eta + pick(self._v, self._area_of(X, len(covariates)))

    # ------------------------------------------------ what is asked of input

    def _check_counts(self, y: Any, covariates: np.ndarray) -> np.ndarray:
        counts = np.asarray(y, float)
        if counts.shape != (len(covariates),):
            raise ValueError(f"y has the shape {counts.shape}, X {len(covariates)} rows")
        return counts

    def _check_weights(self, weights: Any, covariates: np.ndarray) -> np.ndarray:
        return self._check_counts(weights, covariates)

    def _check_fitted(self) -> None:
        if not hasattr(self, "coef_"):
            raise ValueError("this model has not been fitted")

    def _check_plain(self, X: Any, fitting: bool) -> tuple[np.ndarray, list[Any]]:
        raise ValueError("X must be a table with the columns of exposure, groups and area")

    def _check_columns(self, seen: pd.DataFrame, fitting: bool) -> None:
        if fitting:
            self.feature_names_in_ = np.asarray(seen.columns, dtype=object)
        elif list(seen.columns) != list(self.feature_names_in_):
            raise ValueError(f"X has the columns {list(seen.columns)}, the fit had {list(self.feature_names_in_)}")

    def _random(self) -> Any:
        return np.random.RandomState(self.random_state)


def _rates(eta: np.ndarray) -> np.ndarray:
    """Rates from their logs, kept where numbers end; ``eta`` is used up."""
    np.clip(eta, -laplace.MAX_ETA, laplace.MAX_ETA, out=eta)
    return np.exp(eta, out=eta)
