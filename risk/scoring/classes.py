"""Classes of the model's numbers for maps: chosen once, then kept, so that two maps of two versions can be compared."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from data.domain.levels import DRAWN
from data.domain.score_version import ScoreVersion

SHARES = (20, 50, 80, 95)
"""Percentiles of the areas between the five classes: what matters on these maps is the upper end."""
TOP, BOTTOM = (0.005, 0.25), 0.7
"""Kept classes still serve while the highest holds this share of the areas and the lowest at most that."""


def locked_classes(table: pd.DataFrame, previous: ScoreVersion | None, data_contoh: bool) -> dict[str, Any]:
    """Breaks of ``laju`` (one list for all levels) and ``harapan`` (a list per level: an area expects the sum of its
    villages), each four ascending numbers or empty where there is nothing to divide.

    ``table`` has ``level, laju, harapan``; ``previous`` is the last score version, whose breaks are kept unless they
    no longer tell areas apart or one of the two versions is DATA CONTOH and the other is not.
    """
    kept: dict[str, Any] = {}
    if previous is not None and previous.data_contoh == data_contoh:
        kept = previous.params.get("kelas", {})
    of_level = {str(level): table[table["level"] == level] for level in DRAWN}
    return {
        "laju": _breaks(of_level["desa"]["laju"], kept.get("laju")),
        "harapan": {
            level: _breaks(rows["harapan"], kept.get("harapan", {}).get(level)) for level, rows in of_level.items()
        },
    }


def _breaks(values: pd.Series, kept: list[float] | None) -> list[float]:
    known = values.to_numpy(float)
    known = known[np.isfinite(known)]
    if kept and len(known):
        above, below = np.mean(known >= kept[-1]), np.mean(known < kept[0])
        if TOP[0] <= above <= TOP[1] and below <= BOTTOM:
            return kept
    if len(np.unique(known)) < len(SHARES) + 1:
        return []
    known.sort()
    found = [float(f"{_percentile(known, share):.2g}") for share in SHARES]
    return found if all(a < b for a, b in pairwise(found)) else []


def _percentile(ordered: np.ndarray, share: float) -> float:
    """The value below which ``share`` percent lie, between two neighbours in proportion. Summed as
    `scipy.stats.scoreatpercentile` does (its import takes as long as that of pandas): numpy's way ends in another last
    digit, and classes that were stored would move."""
    at = share / 100.0 * (len(ordered) - 1)
    low = int(at)
    if low == at:
        return float(ordered[low])
    weights = np.array([low + 1 - at, at - low])
    return float(np.add.reduce(ordered[low : low + 2] * weights) / weights.sum())
