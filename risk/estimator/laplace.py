"""Laplace fit of a latent Gaussian Poisson model: penalised Newton for the mode, Fellner-Schall for the variances.

    y_i ~ Poisson(mu_i), z_g ~ the counts of cell g whose row is not known; mu_i = E_i exp(eta_i), eta = A x + v[area]

A case is written down either with its row (y) or only with its cell (z), so the rows' exposure counts once and

    log L = sum_i (y_i log mu_i - mu_i) + sum_g z_g log M_g,   M_g = sum of mu over the rows of cell g,

which needs no assumption on how large the share of roughly located cases is. ``x`` holds intercept, covariates,
group effects and the neighbour field; the area effect ``v`` is many and independent, so it is eliminated exactly
(Schur complement) and only a system of the size of ``x`` is factorised.

Sources: Rue, Martino & Chopin 2009 (Laplace); Wood & Fasiolo 2017 (Fellner-Schall update).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import splu

DENSE_UP_TO = 900  # unknowns in x; above, a sparse factor is cheaper
PROBES = 30
PRIOR_SD = 0.3
"""A weak pull on learned SDs: areas commonly differ by a factor of 1.3 or so. Where counts are many it changes nothing;
on small real sets of flat rates (North Carolina SIDS) it predicts better than 0.5."""
UNKNOWN_SD = 0.6
"""What an SD is taken to be of effects that no count speaks to, as of villages whose cases are known to the kabupaten
only: there the prior is all there is, and honest width asks for more."""
ONE_YEAR_SD = 0.25
"""SD, on the log scale, of what is a village's own in one year only: counts of a few years cannot tell it from what
lasts, so draws that learned from own counts are that much wider (chosen with `benchmarks/calibration.py`)."""
MAX_ETA = 60.0
TINY = 1e-8
FARTHEST = 1.0  # in the log of a variance
PATIENCE = 20


@dataclass
class Block:
    """One part of x, or v: ``where`` in x (None for v), unit ``precision`` and its ``root``, variance and centre."""

    name: str
    where: slice | None
    precision: sparse.spmatrix
    root: sparse.spmatrix
    variance: float
    learned: bool = True
    centre: np.ndarray | float = 0.0


@dataclass
class FitProblem:
    """What is fitted: ``A`` (n x P), exposure, y (n), area of each row (-1 none), cells (n x K), z (K), blocks,
    region of each row (within one, cases are located alike)."""

    A: sparse.csr_matrix
    exposure: np.ndarray
    y: np.ndarray
    area: np.ndarray
    n_areas: int
    cells: sparse.csr_matrix
    z: np.ndarray
    blocks: list[Block]
    region: np.ndarray | None = None
    R: sparse.csr_matrix = field(init=False)
    order: np.ndarray | None = field(default=None, init=False)
    """A fill-reducing order of the unknowns, found with the first sparse factor and good for all later ones."""

    def __post_init__(self) -> None:
        if self.region is None:
            self.region = np.zeros(len(self.y), dtype=int)
        rows = np.flatnonzero(self.area >= 0)
        self.R = sparse.csr_matrix((np.ones(len(rows)), (rows, self.area[rows])), shape=(len(self.y), self.n_areas))

    @property
    def own(self) -> Block | None:
        """The block of the area effect, when there is one."""
        return next((block for block in self.blocks if block.where is None), None)

    def one_year(self, generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        """Draws of what is an area's own in one year only, `ONE_YEAR_SD` wide as far as cases are known to rows."""
        located = self.y.sum() / max(self.y.sum() + self.z.sum(), 1e-300)
        return ONE_YEAR_SD * np.sqrt(located) * generator.standard_normal(shape)

    def means(self, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Expected counts of the rows at (x, v)."""
        return self.exposure * np.exp(np.clip(self.A @ x + self.R @ v, -MAX_ETA, MAX_ETA))

    def log_posterior(self, x: np.ndarray, v: np.ndarray) -> float:
        """Up to a constant."""
        mu = self.means(x, v)
        seen = self.y > 0
        value = float(self.y[seen] @ np.log(mu[seen]) - mu.sum())
        if len(self.z):
            value += float(self.z @ np.log(self.cells.T @ mu))
        for block in self.blocks:
            part = (v if block.where is None else x[block.where]) - block.centre
            value -= 0.5 * float(part @ (block.precision @ part)) / block.variance
        return value


class Information:
    """The negative Hessian at a point, factorised: solves and draws for (x, v) together."""

    def __init__(self, problem: FitProblem, mu: np.ndarray) -> None:
        self.problem = problem
        P = problem.A.shape[1]
        weight = mu
        if len(problem.z):
            total = problem.cells.T @ mu
            # exact Hessian: rows lose the information of cases whose row is unknown, cells gain it;
            # below 0 (only far from the mode) it would not be positive definite
            weight = mu * np.maximum(1 - problem.cells @ (problem.z / total), 0.0)
            self.U = sparse.diags(mu) @ problem.cells @ sparse.diags(1 / total)
        self.weight = weight
        self.WA = (sparse.diags(weight) @ problem.A).tocsr()
        self.D = problem.R.T @ weight + (1 / problem.own.variance if problem.own else 0.0)
        self.WR = (problem.R.T @ self.WA).tocsr()
        S = problem.A.T @ self.WA + self._prior(P) - self.WR.T @ (sparse.diags(1 / self.D) @ self.WR)
        B, G = sparse.csr_matrix((P, 0)), sparse.csr_matrix((0, 0))
        if len(problem.z):
            self.UV = (problem.R.T @ self.U).tocsr()
            scaled = sparse.diags(1 / self.D) @ self.UV
            B = (problem.A.T @ self.U - self.WR.T @ scaled).tocsr()
            G = sparse.diags(1 / problem.z) + self.UV.T @ scaled
        self.system = (_Dense if P <= DENSE_UP_TO else _Sparse)(S, B, G, problem)

    def _prior(self, P: int) -> sparse.spmatrix:
        parts = []
        for block in self.problem.blocks:
            if block.where is not None:
                parts.append(block.precision / block.variance)
        return sparse.block_diag(parts, format="csr") if parts else sparse.csr_matrix((P, P))

    def solve(self, rx: np.ndarray, rv: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(x, v) with H (x, v) = (rx, rv); right-hand sides are (P, k) and (m, k)."""
        D = self.D[:, None]
        known = rx - self.WR.T @ (rv / D)
        if not len(self.problem.z):
            x, _ = self.system.solve(known, np.zeros((0, known.shape[1])))
            return x, (rv - self.WR @ x) / D
        x, cell = self.system.solve(known, self.UV.T @ (rv / D))
        return x, (rv - self.WR @ x - self.UV @ cell) / D

    def times_likelihood(self, x: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The likelihood's part of the information times (x, v), both (·, k)."""
        problem = self.problem
        eta = problem.A @ x + problem.R @ v
        row = self.weight[:, None] * eta
        if len(problem.z):
            row = row + self.U @ (problem.z[:, None] * (self.U.T @ eta))
        return problem.A.T @ row, problem.R.T @ row

    def draw(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """n draws from N(0, H^-1) as (P, n) and (m, n): solve H d = e with e of covariance H (perturbation)."""
        problem = self.problem
        row = np.sqrt(self.weight)[:, None] * rng.standard_normal((len(problem.y), n))
        if len(problem.z):
            row += self.U @ (np.sqrt(problem.z)[:, None] * rng.standard_normal((len(problem.z), n)))
        ex, ev = problem.A.T @ row, problem.R.T @ row
        for block in problem.blocks:
            noise = block.root.T @ rng.standard_normal((block.root.shape[0], n)) / np.sqrt(block.variance)
            if block.where is None:
                ev += noise
            else:
                ex[block.where] += noise
        return self.solve(ex, ev)


@dataclass
class Fit:
    """The mode (x, v), the information there, and how the search for it went."""

    x: np.ndarray
    v: np.ndarray
    information: Information
    n_iter: int
    converged: bool


def fit(
    problem: FitProblem,
    start: float,
    *,
    max_iter: int = 60,
    tol: float = 0.01,
    prior_weight: float = 1.0,
    prior_sd: float = PRIOR_SD,
    seed: int = 0,
) -> Fit:
    """Mode and variances (written into ``problem.blocks``); ``start`` is the intercept to begin from.

    Each learned variance follows s2 <- (u'Ru + w s0^2) / (edf + w) with edf the effective degrees of freedom of its
    block, trace([H^-1 K]_block) for K the likelihood's information, by Hutchinson probes of fixed seed. Labels count
    in both as far as their own counts are known (`_located`): a total over many villages says next to nothing about how
    much they differ, and would draw that variance towards 0. The weak prior (one observation of `PRIOR_SD`, of
    `UNKNOWN_SD` as far as counts are not located) keeps a variance that no data speak to at a sensible size.
    """
    n_x = problem.A.shape[1]
    x, v = np.zeros(n_x), np.zeros(problem.n_areas)
    x[0] = start
    rng = np.random.default_rng(seed)
    probe_x = rng.choice([-1.0, 1.0], (n_x, PROBES))
    probe_v = rng.choice([-1.0, 1.0], (problem.n_areas, PROBES))
    learned = [block for block in problem.blocks if block.learned]
    located = [_located(problem, block) for block in learned]
    converged = not learned
    n_iter = 0
    x, v, information = _climb(problem, x, v, steps=30, tol=1e-3 if learned else 1e-9)
    tried, given = [], []
    while not converged and n_iter < max_iter:
        n_iter += 1
        gx, gv = information.solve(*information.times_likelihood(probe_x, probe_v))
        tried.append(np.log([block.variance for block in learned]))
        new = np.empty(len(learned))
        for i, block in enumerate(learned):
            here, g, probe = (
                (v, gv, probe_v) if block.where is None else (x[block.where], gx[block.where], probe_x[block.where])
            )
            known = located[i]
            edf = max(float(known @ (probe * g).sum(axis=1)) / PROBES, 0.0)
            prior = prior_sd**2 + (UNKNOWN_SD**2 - prior_sd**2) * (1 - float(known.mean()))
            size = float((known * here) @ (block.precision @ here))
            new[i] = (max(size, 0.0) + prior_weight * prior) / (edf + prior_weight)
        given.append(np.log(new))
        converged = float(np.abs(given[-1] - tried[-1]).max()) < tol
        for block, value in zip(learned, _onward(tried, given), strict=True):
            block.variance = float(np.exp(value))
        x, v, information = _climb(problem, x, v, steps=1, tol=1e-4)
    x, v, information = _climb(problem, x, v, steps=50, tol=1e-9)
    return Fit(x, v, information, n_iter, converged)


def _located(problem: FitProblem, block: Block) -> np.ndarray:
    """Per label of a block, the share of the cases of its region that are known to such a label or inside one.

    Of the region, not of the label: which villages have a count at all is chance, and would be mistaken for knowledge.
    """
    size = problem.n_areas if block.where is None else block.where.stop - block.where.start
    if not len(problem.z):
        return np.ones(size)
    member = (problem.R if block.where is None else problem.A.tocsc()[:, block.where]).tocsc()
    overlap = (member.T @ problem.cells).tocsr()
    rows = np.asarray(problem.cells.sum(axis=0)).ravel()
    inside = np.asarray(overlap.max(axis=0).todense()).ravel() >= rows - 0.5
    people = sparse.diags(problem.exposure) @ problem.cells
    code = np.asarray(problem.region)
    region = sparse.csr_matrix((np.ones(len(code)), (code, np.arange(len(code)))))
    spread = region @ people @ sparse.diags(problem.z / np.asarray(people.sum(axis=0)).ravel())
    known = region @ problem.y + spread @ inside
    total = region @ problem.y + np.asarray(spread.sum(axis=1)).ravel()
    share = (known + known.sum() / total.sum()) / (total + 1)  # regions without a case are taken to be like the others
    of_row = share[code]
    count = np.asarray(member.sum(axis=0)).ravel()
    return np.where(count > 0, (member.T @ of_row) / np.maximum(count, 1), known.sum() / total.sum())


def _onward(tried: list[np.ndarray], given: list[np.ndarray]) -> np.ndarray:
    """Where a fixed-point iteration that answered ``given`` to ``tried`` is heading (Anderson's mixing, last three)."""
    memory = min(len(tried), 3)
    if memory < 2 or len(tried) > PATIENCE:  # in circles, it seems: plain steps are slower and surer
        return given[-1]
    answers = np.array(given[-memory:])
    misses = answers - np.array(tried[-memory:])
    weight = np.linalg.lstsq(np.diff(misses, axis=0).T, misses[-1], rcond=1e-3)[0]
    return answers[-1] - np.clip(weight @ np.diff(answers, axis=0), -FARTHEST, FARTHEST)


def _climb(
    problem: FitProblem, x: np.ndarray, v: np.ndarray, *, steps: int, tol: float
) -> tuple[np.ndarray, np.ndarray, Information]:
    """Newton with step halving for fixed variances, until the step promises less than ``tol`` of log posterior."""
    value = problem.log_posterior(x, v)
    for _ in range(steps):
        mu = problem.means(x, v)
        information = Information(problem, mu)
        slope = problem.y - mu
        if len(problem.z):
            slope = slope + mu * (problem.cells @ (problem.z / (problem.cells.T @ mu)))
        gx, gv = problem.A.T @ slope, problem.R.T @ slope
        for block in problem.blocks:
            if block.where is None:
                gv = gv - block.precision @ (v - block.centre) / block.variance
            else:
                gx[block.where] -= block.precision @ (x[block.where] - block.centre) / block.variance
        dx, dv = (step[:, 0] for step in information.solve(gx[:, None], gv[:, None]))
        gain = float(gx @ dx + gv @ dv)
        length = 1.0
        while length > 1e-4:
            new = problem.log_posterior(x + length * dx, v + length * dv)
            if new >= value - 1e-12 * abs(value):
                x, v, value = x + length * dx, v + length * dv, new
                break
            length /= 2
        if gain < tol or length <= 1e-4:
            break
    return x, v, information


class _Dense:
    """The system S x + B c = r, B'x - G c = -q (S, G positive definite), factorised densely."""

    def __init__(self, S: sparse.spmatrix, B: sparse.spmatrix, G: sparse.spmatrix, problem: FitProblem) -> None:
        full = S.toarray()
        self.B, self.G = B.toarray(), None
        if B.shape[1]:
            self.G = linalg.cho_factor(G.toarray(), lower=True, overwrite_a=True, check_finite=False)
            full += self.B @ linalg.cho_solve(self.G, self.B.T, check_finite=False)
        full[np.diag_indices_from(full)] += 1e-10 * max(1.0, float(np.abs(full.diagonal()).max(initial=0)))
        self.factor = linalg.cho_factor(full, lower=True, overwrite_a=True, check_finite=False)

    def solve(self, r: np.ndarray, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(x, c) for right-hand sides (P, k) and (K, k)."""
        if self.G is None:
            return linalg.cho_solve(self.factor, r, check_finite=False), q
        pooled = linalg.cho_solve(self.G, q, check_finite=False)
        x = linalg.cho_solve(self.factor, r - self.B @ pooled, check_finite=False)
        return x, pooled + linalg.cho_solve(self.G, self.B.T @ x, check_finite=False)


class _Sparse:
    """The same system factorised sparsely, cells beside the other unknowns: a cell of a thousand rows then is one full
    column instead of a full block. The matrix is quasi-definite, so every order of elimination exists."""

    def __init__(self, S: sparse.spmatrix, B: sparse.spmatrix, G: sparse.spmatrix, problem: FitProblem) -> None:
        self.n = S.shape[0]
        matrix = sparse.bmat([[S, B], [B.T, -G]], format="csc") if B.shape[1] else S.tocsc()
        # a village effect with all information in cells leaves S singular along the intercept; this far from mattering
        matrix[0, 0] += TINY
        options = {"SymmetricMode": True}
        self.order = problem.order
        if self.order is None:
            self.factor = splu(matrix, permc_spec="MMD_AT_PLUS_A", options=options, diag_pivot_thresh=0.0)
            problem.order = np.argsort(self.factor.perm_c)
        else:
            matrix = matrix[self.order][:, self.order]
            self.factor = splu(matrix, permc_spec="NATURAL", options=options, diag_pivot_thresh=0.0)

    def solve(self, r: np.ndarray, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(x, c) for right-hand sides (P, k) and (K, k)."""
        right = np.asfortranarray(np.vstack([r, -q]))
        if self.order is None:
            out = self.factor.solve(right)
        else:
            out = np.empty_like(right)
            out[self.order] = self.factor.solve(np.asfortranarray(right[self.order]))
        return out[: self.n], out[self.n :]
