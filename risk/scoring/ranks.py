"""From expected cases and posterior draws to what is shown: percentile, its interval, probability of the top N."""

from __future__ import annotations

import numpy as np
import pandas as pd

INTERVAL = (0.05, 0.95)


def percentiles(expected: np.ndarray) -> np.ndarray:
    """Rank of each value as a percentile 0-100 of the others (ties get their mean; a single area gets 50)."""
    n = expected.shape[-1]
    if n == 1:
        return np.full(expected.shape, 50.0)
    return 100.0 * (pd.Series(expected).rank(method="average").to_numpy() - 1) / (n - 1)


def rank_table(expected: np.ndarray, draws: np.ndarray, n_top: int) -> pd.DataFrame:
    """``skor, skor_bawah, skor_atas, p_top`` per area.

    ``expected`` (n,) at the posterior mode, ``draws`` (s, n) of the same quantity. The interval is the central 90 % of
    the area's percentile over draws (widened to hold the score itself); ``p_top`` the share of draws in which the area
    is among the ``n_top`` highest.
    """
    n = len(expected)
    order = np.argsort(draws, axis=1)
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(n)[None, :], axis=1)
    score = percentiles(expected)
    low, high = np.quantile(100.0 * place / max(n - 1, 1), INTERVAL, axis=0).clip(0.0, 100.0)
    return pd.DataFrame(
        {
            "skor": score,
            "skor_bawah": np.minimum(low, score),
            "skor_atas": np.maximum(high, score),
            "p_top": (place >= n - n_top).mean(axis=0),
        }
    )


def rate_table(expected: np.ndarray, draws: np.ndarray, people: np.ndarray) -> pd.DataFrame:
    """``harapan`` (expected cases a year), ``laju`` (the same per 1,000 people) and ``p_rr2`` (share of draws in which
    the area's rate is above twice the rate of all areas together) per area.

    ``expected`` (n,), ``draws`` (s, n) expected cases a year, ``people`` (n,) persons, above 0.
    """
    rates = draws / people
    whole = draws.sum(axis=1, keepdims=True) / people.sum()
    return pd.DataFrame(
        {
            "harapan": _digits(expected),
            "laju": _digits(expected / people * 1000),
            "p_rr2": (rates > 2 * whole).mean(axis=0),
        }
    )


def _digits(values: np.ndarray, figures: int = 5) -> np.ndarray:
    """Rounded to so many significant figures: more would be noise."""
    with np.errstate(divide="ignore"):
        size = np.where(values > 0, np.floor(np.log10(np.abs(values))), 0.0)
    scale = 10.0 ** (figures - 1 - size)
    return np.round(values * scale) / scale


def top(expected: np.ndarray, n: int) -> np.ndarray:
    """Positions of the ``n`` highest, the highest first; equal values keep their order."""
    return np.argsort(-np.asarray(expected, float), kind="stable")[:n]
