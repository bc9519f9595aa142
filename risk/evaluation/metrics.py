"""How good a frozen list was: hits, their accuracy index, log score, and how far chance alone explains a difference.

Cases of a list leave here as they leave everywhere: below ten hidden (``None``), from ten to the nearest five.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import gammaln, logsumexp

from data.disclosure import rounded
from risk.scoring.ranks import top

LISTS = (100, 300)
RESAMPLED = 10_000


def hit_rates(ranking: np.ndarray, then: np.ndarray, lists: tuple[int, ...]) -> dict[str, float | None]:
    """``hit_<n>`` share of the year's cases in the list, ``pai_<n>`` that over the list's share of villages,
    ``pei_<n>`` that over the best list possible in hindsight; from released numbers, None where they are hidden."""
    out: dict[str, float | None] = {}
    whole = rounded(then.sum())
    for n in lists:
        hit, best = rounded(then[top(ranking, n)].sum()), rounded(then[top(then, n)].sum())
        known = not isinstance(hit, str) and not isinstance(whole, str)
        share = float(hit) / float(whole) if known else None
        out[f"hit_{n}"] = None if share is None else round(share, 2)
        out[f"pai_{n}"] = None if share is None else round(share / (min(n, len(then)) / len(then)), 1)
        out[f"pei_{n}"] = round(float(hit) / float(best), 2) if known and not isinstance(best, str) else None
    return out


def log_score(then: np.ndarray, rates: np.ndarray, exposure: np.ndarray) -> float:
    """Mean log probability of the year's counts, per 1,000 villages; ``rates`` (draws, villages) are mixed."""
    mean = np.maximum(np.atleast_2d(rates) * exposure, 1e-9)
    told = then * np.log(mean) - mean - gammaln(then + 1)
    return round(float((logsumexp(told, axis=0) - np.log(len(mean))).mean()) * 1000, 1)


def covered(then: np.ndarray, rates: np.ndarray, exposure: np.ndarray, seed: int = 0) -> np.ndarray:
    """Whether each count lies in the central 90 % of what the draws predict (bool per village)."""
    drawn = np.random.default_rng(seed).poisson(rates * exposure)
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    return (low <= then) & (then <= high)


def paired(
    ours: np.ndarray, theirs: np.ndarray, then: np.ndarray, group: np.ndarray, n: int, seed: int = 0
) -> dict[str, Any]:
    """Difference of the hit rates of two frozen lists of ``n``, with its 90 % interval over resampled ``group``.

    ``better``: share of resamples in which ours hits more. Two decimals, but ``behind``, its complement, which
    verdicts are made from, is not rounded.
    """
    names, at = np.unique(group, return_inverse=True)
    cases = np.bincount(at, then, len(names))
    won = [np.bincount(at[listed], then[listed], len(names)) for listed in (top(ours, n), top(theirs, n))]
    picked = _resamples(len(names), seed)
    whole = np.maximum(picked @ cases.astype(np.float32), 1e-9)
    difference = picked @ (won[0] - won[1]).astype(np.float32) / whole
    low, high = np.quantile(difference, [0.05, 0.95])
    ahead = float((difference > 0).mean() + 0.5 * (difference == 0).mean())
    return {
        "n": n,
        "low": round(float(low), 2),
        "high": round(float(high), 2),
        "better": round(ahead, 2),
        "behind": 1 - ahead,
    }


def against(truth: pd.DataFrame, ranking: np.ndarray) -> dict[str, float]:
    """Share of the best possible lists' expected cases, reported (``oracle_<n>``) and true (``oracle_true_<n>``)."""
    found = {}
    for name, column in (("oracle", "harapan_terlapor"), ("oracle_true", "harapan_sejati")):
        value = truth[column].to_numpy()
        for n in LISTS:
            best = float(value[top(value, n)].sum())
            found[f"{name}_{n}"] = round(float(value[top(ranking, n)].sum()) / best, 4) if best > 0 else 0.0
    return found


@lru_cache(maxsize=1)
def _resamples(n: int, seed: int) -> np.ndarray:
    """How often each of ``n`` groups is drawn, one row a resample."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), RESAMPLED).astype(np.float32)
