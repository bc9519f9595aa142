"""Bands of priority and grades of data: few words for what the numbers allow to be said."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd


class Band(StrEnum):
    """Priority of an area, the highest first; the values are stored and exported."""

    FIRST = "I"
    SECOND = "II"
    THIRD = "III"
    WATCH = "pemantauan"
    UNKNOWN = "data_belum_cukup"


class Grade(StrEnum):
    """Quality of the data behind an area's score, the best first; the values are stored and exported."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


RANKED = (Band.FIRST, Band.SECOND, Band.THIRD)
MAIN = (Band.FIRST, Band.SECOND)
"""Bands that the next campaigns reach."""
UNCERTAIN, CERTAIN = 0.2, 0.8
"""The tie zone: with a chance to be among the top between these two, an area can't be told from its neighbours."""
ENOUGH_YEARS = {Grade.A: 3, Grade.B: 2}
ENOUGH_PRECISION = {Grade.A: 0.8, Grade.B: 0.5}


def quality_grades(
    years: pd.Series, borrowed: pd.DataFrame, precision: pd.Series, located: pd.Series | None = None
) -> pd.Series:
    """Grade A-D per area of the data behind its score (all arguments indexed alike).

    ``years``: calendar years in which somebody looked for cases there. ``borrowed``: which figures, ``penduduk`` among
    them, are not its own. ``precision``: share of its kabupaten's cases known to areas of its level. ``located``:
    whether cases are known finely enough to tell it from the others (`risk.scoring.evidence.located`). All are facts
    about data collection; a village's own count has no part in its grade, else the grade would give it away.

    A: three years or more, every figure its own, four in five cases located that well. B: two years or more, at most
    one figure borrowed, half of the cases. D: nobody looked for cases there, or nobody knows where in the kabupaten
    they were. C: what lies between. A figure that is missing makes no D: who is not rated is placed by what else is
    known.
    """
    missing = borrowed.sum(axis=1)
    grade = pd.Series(Grade.C.value, years.index)
    for better, allowed in ((Grade.B, 1), (Grade.A, 0)):
        good = (years >= ENOUGH_YEARS[better]) & (missing <= allowed) & (precision >= ENOUGH_PRECISION[better])
        grade[good] = better.value
    unknown = years == 0
    grade[unknown if located is None else unknown | ~located] = Grade.D.value
    return grade


def bands(expected: np.ndarray, grade: np.ndarray, n_top: int) -> np.ndarray:
    """Band per area: ``I, II, III, pemantauan, data_belum_cukup``.

    ``expected``: expected cases as far as areas can be told apart (`risk.scoring.evidence.told_apart`); areas of the
    same value share a band, that of the middle one of them, so that no name decides between equals.

    I: the ``n_top`` areas with most expected cases, as many as one campaign reaches. II: the next two times as many,
    within reach of the two campaigns after it at the same means, so that a place does not fall from the plan
    because a few others passed it. III: further areas expected to have more cases than the average area: more need
    than an even spread over the province would serve. pemantauan: all others; it says "watch", not "safe".
    data_belum_cukup: grade D; those are not ranked into I-III, however high they come out, for want of grounds.
    """
    expected = np.asarray(expected, float)
    ranked = np.asarray(grade) != Grade.D.value
    out = np.where(expected > expected.mean(), Band.THIRD.value, Band.WATCH.value).astype(object)
    place = pd.Series(np.where(ranked, expected, -np.inf)).rank(method="average", ascending=False).to_numpy() - 1
    out[place < 3 * n_top] = Band.SECOND.value
    out[place < n_top] = Band.FIRST.value
    out[~ranked] = Band.UNKNOWN.value
    return out
