"""Kulldorff's circular spatial scan for counts (Poisson), in numpy.

Circles of growing radius around every area hold its nearest areas, up to a share of all expected cases. The circle
with the largest likelihood ratio is the most likely cluster; it is as surprising as the maxima of provinces without
any cluster say it is. Kulldorff (1997), A spatial scan statistic, Communications in Statistics 26:1481–1496.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MAX_SHARE = 0.10
NEAREST = 600
REPLICATES = 999


@dataclass(frozen=True)
class Cluster:
    """``members``: positions of its areas, the centre first. ``rr``: rate inside over the rate outside. ``llr``: log
    likelihood ratio. ``p``: Monte Carlo, against the largest ratio of each replicate (so corrected for all circles)."""

    members: np.ndarray
    rr: float
    llr: float
    p: float


def scan(
    cases: np.ndarray,
    expected: np.ndarray,
    xy: np.ndarray,
    *,
    max_share: float = MAX_SHARE,
    nearest: int = NEAREST,
    replicates: int = REPLICATES,
    seed: int = 0,
    null: Callable[[np.random.Generator], np.ndarray] | None = None,
) -> list[Cluster]:
    """High-rate clusters, the most likely first, then those that share no area with one before; p ≤ 0.5 only.

    ``cases`` and ``expected`` (n,), any scale of ``expected``; ``xy`` (n, 2) on a plane. ``null`` draws one set of
    cases as they would be without a cluster; by default multinomial by ``expected``. Draws depend on ``seed`` only.
    """
    cases = np.asarray(cases, float)
    total = cases.sum()
    if total <= 0 or not 0 < max_share < 1:
        return []
    expected = np.asarray(expected, float) * (total / np.sum(expected))
    circles = _Circles(expected, np.asarray(xy, float), max_share, nearest)
    rng = np.random.default_rng(seed)
    share = expected / total
    draw = null or (lambda rng: rng.multinomial(round(total), share).astype(float))
    highest = np.array([circles.highest(draw(rng)) for _ in range(replicates)])
    found: list[Cluster] = []
    taken = np.zeros(len(cases), bool)
    ratio = circles.ratios(cases)
    for at in np.argsort(-ratio, axis=None, kind="stable"):
        centre, size = divmod(int(at), ratio.shape[1])
        llr = float(ratio[centre, size])
        p = float((1 + (highest >= llr - 1e-9).sum()) / (replicates + 1))
        if llr <= 0 or p > 0.5:
            break
        members = circles.order[centre, : size + 1]
        if taken[members].any():
            continue
        taken[members] = True
        inside, due = cases[members].sum(), expected[members].sum()
        outside = max(total - inside, 1e-9) / (total - due)
        found.append(Cluster(members, float(inside / due / outside), llr, p))
    return found


class _Circles:
    """All circles at once: row = centre, column = how many of its nearest areas, itself included, less one."""

    def __init__(self, expected: np.ndarray, xy: np.ndarray, max_share: float, nearest: int) -> None:
        from scipy.spatial import cKDTree

        k = min(nearest, len(expected))
        self.order = np.asarray(cKDTree(xy).query(xy, k=k)[1]).reshape(len(expected), k)
        self.due = np.cumsum(expected[self.order], axis=1)
        self.total = float(expected.sum())
        self.allowed = self.due <= max_share * self.total
        reach = max(int(self.allowed.sum(axis=1).max()), 1)
        self.order, self.due, self.allowed = self.order[:, :reach], self.due[:, :reach], self.allowed[:, :reach]
        # chi-squared bounds the log likelihood ratio from above: logarithms are needed for few circles only
        with np.errstate(divide="ignore"):
            self.weight = np.where(self.allowed, 1 / (self.due * (1 - self.due / self.total)), 0.0)

    def ratios(self, cases: np.ndarray) -> np.ndarray:
        inside = np.cumsum(cases[self.order], axis=1)
        return np.where(self.allowed, self._llr(inside, self.due, float(cases.sum())), 0.0)

    def highest(self, cases: np.ndarray) -> float:
        total = float(cases.sum())
        due = self.due if total == self.total else self.due * (total / self.total)
        weight = self.weight if total == self.total else self.weight * (self.total / max(total, 1e-9))
        excess = np.cumsum(cases[self.order], axis=1) - due
        bound = np.where(excess > 0, excess * excess * weight, 0.0)
        first = np.unravel_index(int(np.argmax(bound)), bound.shape)
        least = float(self._llr(excess[first] + due[first], due[first], total))
        rest = bound >= least
        return max(least, float(self._llr(excess[rest] + due[rest], due[rest], total).max(initial=0.0)))

    @staticmethod
    def _llr(inside: np.ndarray, due: np.ndarray, total: float) -> np.ndarray:
        outside = np.maximum(total - inside, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = inside * np.log(inside / due)
            value = value + np.where(outside > 0, outside * np.log(outside / (total - due)), 0.0)
        return np.where(inside > due, np.nan_to_num(value), 0.0)
