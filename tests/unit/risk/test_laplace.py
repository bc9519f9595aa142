"""The linear algebra against dense matrices, and the field against its definition."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from risk.estimator import laplace
from risk.estimator.field import build_field


def small_problem(with_cells: bool, with_areas: bool) -> laplace.FitProblem:
    rng = np.random.default_rng(1)
    n, groups, areas = 40, 5, 20
    X = np.column_stack([np.ones(n), rng.normal(size=n)])
    member = sparse.csr_matrix((np.ones(n), (np.arange(n), rng.integers(0, groups, n))), shape=(n, groups))
    nothing, eye = sparse.csr_matrix((1, 1)), sparse.identity
    blocks = [
        laplace.Block("intercept", slice(0, 1), nothing, nothing, 1.0, learned=False),
        laplace.Block("covariates", slice(1, 2), eye(1, format="csr"), eye(1, format="csr"), 1.0, learned=False),
        laplace.Block("kab", slice(2, 2 + groups), eye(groups, format="csr"), eye(groups, format="csr"), 0.3),
    ]
    if with_areas:
        blocks.append(laplace.Block("own", None, eye(areas, format="csr"), eye(areas, format="csr"), 0.2))
    cells = member[:, :2] if with_cells else sparse.csr_matrix((n, 0))
    return laplace.FitProblem(
        A=sparse.hstack([sparse.csr_matrix(X), member], format="csr"),
        exposure=rng.uniform(0.5, 3, n),
        y=rng.poisson(2, n).astype(float),
        area=np.arange(n) % areas if with_areas else np.full(n, -1),
        n_areas=areas if with_areas else 0,
        cells=cells.tocsr(),
        z=np.array([6.0, 3.0]) if with_cells else np.zeros(0),
        blocks=blocks,
    )


def dense_hessian(problem: laplace.FitProblem, mu: np.ndarray) -> np.ndarray:
    """Second derivatives written out: J'(W + U C U')J + prior."""
    J = np.hstack([problem.A.toarray(), problem.R.toarray()])
    K = np.diag(mu)
    for g in range(len(problem.z)):
        member = problem.cells[:, [g]].toarray()[:, 0]
        p = mu * member / (mu @ member)
        K -= problem.z[g] * (np.diag(p) - np.outer(p, p))
    H = J.T @ K @ J
    for block in problem.blocks:
        at = slice(problem.A.shape[1], None) if block.where is None else block.where
        H[at, at] += block.precision.toarray() / block.variance
    return H


@pytest.mark.parametrize("with_cells", [False, True])
@pytest.mark.parametrize("with_areas", [False, True])
def test_solves_and_draws_agree_with_the_dense_hessian(with_cells: bool, with_areas: bool) -> None:
    problem = small_problem(with_cells, with_areas)
    fitted = laplace.fit(problem, start=0.0)
    mu = problem.means(fitted.x, fitted.v)
    H = dense_hessian(problem, mu)
    information = laplace.Information(problem, mu)
    right = np.random.default_rng(2).normal(size=(len(H), 3))
    P = problem.A.shape[1]
    x, v = information.solve(right[:P], right[P:])
    np.testing.assert_allclose(np.vstack([x, v]), np.linalg.solve(H, right), rtol=1e-6, atol=1e-8)

    dx, dv = information.draw(40_000, np.random.default_rng(3))
    np.testing.assert_allclose(np.cov(np.vstack([dx, dv])), np.linalg.inv(H), atol=0.03 * np.linalg.inv(H).max())


def test_the_fit_ends_where_the_slope_is_zero() -> None:
    problem = small_problem(True, True)
    fitted = laplace.fit(problem, start=0.0)
    assert fitted.converged
    step = 1e-5
    for index in range(len(fitted.x)):
        up, down = fitted.x.copy(), fitted.x.copy()
        up[index] += step
        down[index] -= step
        slope = (problem.log_posterior(up, fitted.v) - problem.log_posterior(down, fitted.v)) / (2 * step)
        assert abs(slope) < 1e-3


def test_a_large_system_is_factorised_sparsely_to_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    dense = laplace.fit(small_problem(True, True), start=0.0)
    monkeypatch.setattr(laplace, "DENSE_UP_TO", 0)
    thin = laplace.fit(small_problem(True, True), start=0.0)
    np.testing.assert_allclose(thin.x, dense.x, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(thin.v, dense.v, rtol=1e-5, atol=1e-7)


def ring(names: list[str]) -> list[tuple[str, str]]:
    return list(zip(names, names[1:] + names[:1], strict=True))


def test_a_typical_node_of_each_part_varies_by_one_and_islands_stay_bounded() -> None:
    big, small = [f"a{i}" for i in range(60)], [f"b{i}" for i in range(6)]
    graph = pd.DataFrame(ring(big) + ring(small), columns=["a", "b"])
    field = build_field(graph, pd.Index([*big, *small, "pulau"]))
    covariance = np.linalg.inv(field.precision.toarray())
    for names in (big, small):
        at = field.labels.get_indexer(pd.Index(names))
        part = covariance[np.ix_(at, at)]
        centring = np.eye(len(at)) - 1 / len(at)
        around_own_level = np.diag(centring @ part @ centring)
        assert np.exp(np.log(around_own_level).mean()) == pytest.approx(1.0, rel=0.15)
        assert np.diag(part).max() < 3
    alone = field.labels.get_loc("pulau")
    assert covariance[alone, alone] == pytest.approx(1.0)
    np.testing.assert_allclose((field.root.T @ field.root).toarray(), field.precision.toarray())


def test_pairs_given_twice_or_with_themselves_change_nothing() -> None:
    names = [f"a{i}" for i in range(8)]
    once = build_field(pd.DataFrame(ring(names)), pd.Index(names))
    twice = build_field(pd.DataFrame([*ring(names), *[(b, a) for a, b in ring(names)], ("a1", "a1")]), pd.Index(names))
    np.testing.assert_allclose(once.precision.toarray(), twice.precision.toarray())


def test_a_graph_without_two_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="two columns"):
        build_field(pd.DataFrame({"a": ["x"]}), pd.Index(["x"]))
