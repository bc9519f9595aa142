"""Years of one kind of case at one level: which of them can test a score, and which cannot, with the reason.

Published recaps are cumulative from 1 January and overlap: of a year only the last one counts, and nothing is ever
added up or subtracted between recaps. A year whose last recap names a part of the areas cannot test anything, for an
area that is not named has an unknown number, not none. A year without an earlier one of its kind cannot either.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.choose import chosen
from data.domain.levels import DRAWN, Level
from risk.scoring.observed import CASE_KINDS, observe

PARTIAL, NO_EARLIER, NO_CASES = "sebagian", "tanpa_tahun_lalu", "tanpa_kejadian"
FEWEST_CASES = 10
"""Cases of a year below which it tests nothing."""


@dataclass(frozen=True)
class Counts:
    """Cases by area of a level (float) and the persons x years behind them (0 where nobody looked)."""

    cases: pd.Series
    exposure: pd.Series


@dataclass(frozen=True)
class YearTest:
    """A year of a kind that can test: the ``kind``, ``year``, and whether every figure of it is ``public``."""

    kind: str
    year: int
    public: bool


def tests_of(facts: pd.DataFrame, level: Level) -> tuple[list[YearTest], dict[str, dict[str, str]]]:
    """What can test a score at ``level``, the newest first, and for the other years the reason why not, by kind.

    ``facts`` of cases as the store gives them.
    """
    found: list[YearTest] = []
    left_out: dict[str, dict[str, str]] = {}
    for kind in CASE_KINDS:
        rows = _located(facts, kind, level)
        years = sorted(set(rows["period_end"].dt.year))
        for year in years:
            inside = rows[
                (rows["period_start"] >= pd.Timestamp(year, 1, 1)) & (rows["period_end"] <= pd.Timestamp(year, 12, 31))
            ]
            if inside.empty:  # ends a recap over several years
                continue
            why = _unfit(rows, inside, year)
            if why:
                left_out.setdefault(kind, {})[str(year)] = why
            else:
                found.append(YearTest(kind, year, bool(inside["published"].all())))
    return sorted(found, key=lambda one: (-one.year, one.kind)), left_out


def _unfit(rows: pd.DataFrame, inside: pd.DataFrame, year: int) -> str:
    used = chosen(inside)
    last = used[used["period_end"] == used["period_end"].max()]
    if (last["completeness"] == PARTIAL).any():
        return PARTIAL
    if used["value"].sum() < FEWEST_CASES:
        return NO_CASES
    before = rows[rows["period_end"] < pd.Timestamp(year, 1, 1)]
    return "" if before["value"].sum() > 0 else NO_EARLIER


def _located(facts: pd.DataFrame, kind: str, level: Level) -> pd.DataFrame:
    """Rows of a kind known to ``level`` or finer."""
    finer = [str(one) for one in DRAWN[: DRAWN.index(level) + 1]]
    ours = (facts["jenis"] == "kasus") & (facts["indikator"] == kind) & facts["level"].isin(finer)
    return facts[ours & facts["value"].notna()]


def counted(
    facts: pd.DataFrame,
    frame: pd.DataFrame,
    people: pd.Series,
    level: Level,
    kind: str | None = None,
    since: pd.Timestamp | None = None,
    until: pd.Timestamp | None = None,
) -> Counts:
    """Cases of ``kind`` (all, for None) by area of ``level`` between two days, from rows known to it or finer.

    ``people`` persons by village, in the order of ``frame``.
    """
    rows = facts if kind is None else facts[facts["indikator"] == kind]
    seen = observe(rows, frame, people, until=until, since=since)
    area = frame.set_index("kode", drop=False)[level.column]
    exposure = (seen.years * people.reindex(seen.years.index)).groupby(area.to_numpy()).sum()
    cases = seen.village.groupby(area.to_numpy()).sum()
    if level == Level.KECAMATAN:
        cases = cases.add(seen.kecamatan, fill_value=0.0)
    elif level == Level.KABUPATEN:
        above = seen.kecamatan.groupby(seen.kecamatan.index.str[:5]).sum()
        cases = cases.add(above, fill_value=0.0).add(seen.kabupaten, fill_value=0.0)
    return Counts(cases.reindex(exposure.index, fill_value=0.0).astype(float), exposure)


def by_year(
    facts: pd.DataFrame, frame: pd.DataFrame, people: pd.Series, level: Level, kind: str, before: pd.Timestamp
) -> dict[int, Counts]:
    """`counted` for each calendar year of which there is a recap or a list, of what was known ``before``."""
    rows = _located(facts, kind, level)
    found = {}
    for year in sorted(set(rows["period_end"].dt.year)):
        first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
        if last < before and len(rows[(rows["period_start"] >= first) & (rows["period_end"] <= last)]):
            one = counted(facts, frame, people, level, kind, first, last)
            if one.cases.sum() > 0:
                found[int(year)] = one
    return found


def spread(weights: np.ndarray, total: float = 1.0) -> np.ndarray:
    """``weights`` scaled to ``total``."""
    return np.asarray(weights, float) * (total / max(float(np.sum(weights)), 1e-300))
