"""The fit's variances against their definition, written out with dense matrices on problems worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from risk.estimator import laplace

PRIOR, UNKNOWN = 0.3, 0.6
"""SDs that a variance is drawn towards: where counts are located, and where they are not."""


def province(located: bool, seed: int = 0, n: int = 40) -> laplace.FitProblem:
    """Two regions of two kecamatan of ten villages each, an effect for each village and kecamatan.

    Unless ``located``, cases of the second region are known only as sums over two villages next to each other; one of
    these pairs (its cases are the fifth sum) lies across the two kecamatan.
    """
    rng = np.random.default_rng(seed)
    kec = np.arange(n) // 10
    member = sparse.csr_matrix((np.ones(n), (np.arange(n), kec)), shape=(n, 4))
    effect = np.array([0.8, -0.6, 0.5, -0.7])[kec] + 0.7 * rng.normal(size=n)
    y = rng.poisson(np.exp(effect)).astype(float)
    cells, z = sparse.csr_matrix((n, 0)), np.zeros(0)
    if not located:
        first = np.arange(21, 39, 2)
        rows = np.concatenate([first, first + 1])
        cells = sparse.csr_matrix(
            (np.ones(len(rows)), (rows, np.tile(np.arange(len(first)), 2))), shape=(n, len(first))
        )
        z = y[first] + y[first + 1] + 1
        y[20:] = 0
    nothing = sparse.csr_matrix((1, 1))

    def eye(size: int) -> sparse.csr_matrix:
        return sparse.identity(size, format="csr")

    return laplace.FitProblem(
        A=sparse.hstack([sparse.csr_matrix(np.ones((n, 1))), member], format="csr"),
        exposure=np.ones(n),
        y=y,
        area=np.arange(n),
        n_areas=n,
        cells=cells.tocsr(),
        z=z,
        blocks=[
            laplace.Block("intercept", slice(0, 1), nothing, nothing, 1.0, learned=False),
            laplace.Block("kec", slice(1, 5), eye(4), eye(4), 0.09),
            laplace.Block("desa", None, eye(n), eye(n), 0.09),
        ],
        region=np.arange(n) // 20,
    )


def likelihood_information(problem: laplace.FitProblem, mu: np.ndarray) -> np.ndarray:
    J = np.hstack([problem.A.toarray(), problem.R.toarray()])
    K = np.diag(mu)
    for g in range(len(problem.z)):
        p = mu * problem.cells[:, [g]].toarray()[:, 0]
        p /= p.sum()
        K -= problem.z[g] * (np.diag(p) - np.outer(p, p))
    return np.asarray(J.T @ K @ J)


def hessian(problem: laplace.FitProblem, mu: np.ndarray) -> np.ndarray:
    H = likelihood_information(problem, mu)
    for block in problem.blocks:
        at = slice(problem.A.shape[1], None) if block.where is None else block.where
        H[at, at] += block.precision.toarray() / block.variance
    return H


def shares(problem: laplace.FitProblem) -> dict[str, np.ndarray]:
    """By block, the share of cases located in each label's region, with one case more that is as the province is."""
    if not len(problem.z):
        return {"kec": np.ones(4), "desa": np.ones(40)}
    rows, sums = problem.y.sum(), problem.z.sum()
    out = {}
    for name, inside, times in (("kec", sums - problem.z[4], 2), ("desa", 0.0, 20)):
        overall = (rows + inside) / (rows + sums)
        out[name] = np.repeat([(rows + overall) / (rows + 1), (inside + overall) / (sums + 1)], times)
    return out


@pytest.mark.parametrize("located", [True, False])
def test_each_variance_is_its_effects_squares_over_their_effective_degrees_of_freedom(
    located: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(laplace, "PROBES", 6000)
    problem = province(located)
    fitted = laplace.fit(problem, start=0.0, tol=1e-7, max_iter=300)
    assert fitted.converged
    mu = problem.means(fitted.x, fitted.v)
    solved = np.linalg.solve(hessian(problem, mu), likelihood_information(problem, mu))
    share = shares(problem)
    for block, at in zip(problem.blocks[1:], (slice(1, 5), slice(5, None)), strict=True):
        known = share[block.name]
        effect = fitted.v if block.where is None else fitted.x[block.where]
        freedom = float(known @ np.diag(solved)[at])
        prior = PRIOR**2 + (UNKNOWN**2 - PRIOR**2) * (1 - known.mean())
        assert block.variance == pytest.approx((known @ effect**2 + prior) / (freedom + 1), rel=0.01), block.name


def test_solves_and_draws_hold_where_all_cases_are_known_as_sums_only() -> None:
    problem = province(located=False)
    problem.y[:] = 0
    mu = np.full(40, 2.0) + np.arange(40) / 20
    mu[21:39] *= np.repeat(problem.z / (problem.cells.T @ mu), 2) * 1.02  # nearly all of each row is in its sum
    H = hessian(problem, mu)
    right = np.random.default_rng(1).normal(size=(len(H), 2))
    x, v = laplace.Information(problem, mu).solve(right[:5], right[5:])
    np.testing.assert_allclose(np.vstack([x, v]), np.linalg.solve(H, right), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("start", [-7.0, -3.0, 3.0])
def test_a_search_that_begins_far_away_ends_at_the_same_place(start: float) -> None:
    near = laplace.fit(province(located=False), start=0.0)
    far = laplace.fit(province(located=False), start=start)
    np.testing.assert_allclose(far.x, near.x, atol=0.02)
    np.testing.assert_allclose(far.v, near.v, atol=0.02)


def test_far_below_the_mode_there_are_draws_and_directions_still_lead_up() -> None:
    problem = province(located=False)
    mu = np.full(40, 1e-3)
    information = laplace.Information(problem, mu)
    assert all(np.isfinite(part).all() for part in information.draw(50, np.random.default_rng(0)))
    right = np.random.default_rng(2).normal(size=(45, 200))
    x, v = information.solve(right[:5], right[5:])
    assert (np.einsum("ij,ij->j", right, np.vstack([x, v])) > 0).all()


def test_converged_means_that_another_round_changes_no_variance_by_more_than_two_per_cent() -> None:
    for seed in range(6):
        usual, exact = province(seed % 2 == 0, seed), province(seed % 2 == 0, seed)
        assert laplace.fit(usual, start=0.0).converged
        assert laplace.fit(exact, start=0.0, tol=1e-9, max_iter=500).converged
        for block, settled in zip(usual.blocks[1:], exact.blocks[1:], strict=True):
            assert block.variance == pytest.approx(settled.variance, rel=0.02), (seed, block.name)


def test_the_answer_is_the_mode_for_the_variances_it_comes_with() -> None:
    problem = province(located=False)
    fitted = laplace.fit(problem, start=0.0)
    mu = problem.means(fitted.x, fitted.v)
    slope = problem.y - mu + mu * (problem.cells @ (problem.z / (problem.cells.T @ mu)))
    at_mode = np.concatenate([problem.A.T @ slope, problem.R.T @ slope])
    at_mode[1:5] -= fitted.x[1:5] / problem.blocks[1].variance
    at_mode[5:] -= fitted.v / problem.blocks[2].variance
    assert np.abs(at_mode).max() < 1e-4
