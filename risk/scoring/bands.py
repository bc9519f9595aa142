"""Bands of priority and grades of data: few words for what the numbers allow to be said."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.scoring.ranks import top

ENOUGH_YEARS = {"A": 3, "B": 2}
ENOUGH_PRECISION = {"A": 0.8, "B": 0.5}
_TELLING = ("penduduk", "kemiskinan", "idm")
"""Figures that tell an area from its neighbours; where it lies does not count, every village lies somewhere."""


def quality_grades(years: pd.Series, borrowed: pd.DataFrame, precision: pd.Series) -> pd.Series:
    """Grade A-D per area of the data behind its score (all arguments indexed alike).

    ``years``: calendar years in which somebody looked for cases there. ``borrowed``: which figures, ``penduduk`` among
    them, are not its own. ``precision``: share of its kabupaten's cases known to areas of its level. All three are
    facts about data collection; a village's own count has no part in its grade, else the grade would give it away.

    A: three years or more, every figure its own, four in five cases located that well. B: two years or more, at most
    one figure borrowed, half of the cases. D: no case data at all for its kabupaten, or nothing but its kabupaten's
    averages tells it from its neighbours. C: what lies between.
    """
    missing = borrowed.sum(axis=1)
    grade = pd.Series("C", years.index)
    for name, allowed in (("B", 1), ("A", 0)):
        good = (years >= ENOUGH_YEARS[name]) & (missing <= allowed) & (precision >= ENOUGH_PRECISION[name])
        grade[good] = name
    telling = [name for name in borrowed.columns if name in _TELLING]
    grade[(years == 0) | borrowed[telling].all(axis=1)] = "D"
    return grade


def bands(expected: np.ndarray, grade: np.ndarray, n_top: int) -> np.ndarray:
    """Band per area: ``I, II, III, pemantauan, data_belum_cukup``.

    I: the ``n_top`` areas with most expected cases, as many as one campaign reaches. II: the next two times as many,
    within reach of the two campaigns after it at the same means, so that a place does not fall from the plan
    because a few others passed it. III: further areas expected to have more cases than the average area: more need
    than an even spread over the province would serve. pemantauan: all others; it says "watch", not "safe".
    data_belum_cukup: grade D; those are not ranked into I-III, however high they come out, for want of grounds.
    """
    expected = np.asarray(expected, float)
    ranked = np.asarray(grade) != "D"
    out = np.where(expected > expected.mean(), "III", "pemantauan").astype(object)
    order = top(np.where(ranked, expected, -np.inf), 3 * n_top)
    out[order[n_top:]] = "II"
    out[order[:n_top]] = "I"
    out[~ranked] = "data_belum_cukup"
    return out
