"""At which level the evidence behind an area's order stands, and which covariates order areas in what was summed.

Cases known to the kabupaten only say nothing about which of its villages come first, however many figures of villages
are at hand. What they were looked for in, and what the figures were measured at, bounds what an order can claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.domain.levels import Level
from risk.scoring.features import Features
from risk.scoring.observed import NOBODY, Observed

if TYPE_CHECKING:
    from risk.estimator.hierarchy import HierarchicalPoisson


class Evidence(StrEnum):
    """The level at which the evidence behind an area's order stands, the finest first; stored and exported."""

    VILLAGE = "desa"
    KECAMATAN = "kecamatan"
    KABUPATEN = "kabupaten"
    NONE = NOBODY


CLEAR = 2.0
"""How many of its standard deviations a coefficient must be away from nothing."""
ENOUGH_LOCATED = 20
"""Cases known to a level, from which on differences between areas of that level can be learned at all."""
_RANK = {str(one): i for i, one in enumerate(Evidence)}


@dataclass(frozen=True)
class Standing:
    """What the coefficient of a covariate stands on.

    ``learned``: the finest level at which enough cases are known; within an area of that level nothing was learned.
    ``clear``: it is `CLEAR` of its standard deviations or more from nothing. ``kept``: without any one kabupaten it has
    the same sign, None where that was not asked for.
    """

    learned: Level
    clear: bool
    kept: bool | None = None

    @property
    def orders(self) -> bool:
        """Whether the covariate orders villages inside what was summed."""
        return self.learned == Level.DESA or (self.clear and bool(self.kept))

    @property
    def why(self) -> str:
        """``desa`` learned from cases in villages; ``jelas`` clear though from sums; ``belum_jelas``; ``berubah``: its
        sign hangs on one kabupaten."""
        if self.learned == Level.DESA:
            return "desa"
        return "belum_jelas" if not self.clear else "jelas" if self.kept else "berubah"


def learned_at(observed: Observed) -> Level:
    """The finest level that enough cases are known to, the kabupaten at last."""
    if observed.village.sum() >= ENOUGH_LOCATED:
        return Level.DESA
    return Level.KECAMATAN if observed.located.sum() >= ENOUGH_LOCATED else Level.KABUPATEN


def standings(X: pd.DataFrame, observed: Observed, full: HierarchicalPoisson) -> dict[str, Standing]:
    """By covariate of ``full`` (and `SIZE`, where size plays a part) what it stands on. ``X`` as it was fitted to."""
    from risk.estimator.hierarchy import SIZE  # whoever only reads what was graded needs no scipy

    learned = learned_at(observed)
    means = dict(zip(full.covariate_names_, zip(full.coef_, full.coef_sd_, strict=True), strict=True))
    if full.size_coef_ is not None:
        means[SIZE] = full.size_coef_
    clear = {str(name): bool(abs(mean) >= CLEAR * sd) for name, (mean, sd) in means.items()}
    kept: dict[str, bool] = {}
    if learned != Level.DESA and any(clear.values()):
        signs = {str(name): float(np.sign(mean)) for name, (mean, _) in means.items() if clear[str(name)]}
        kept = _kept_without_any(X, observed, full, signs)
    return {name: Standing(learned, is_clear, kept.get(name)) for name, is_clear in clear.items()}


def _kept_without_any(
    X: pd.DataFrame, observed: Observed, full: HierarchicalPoisson, signs: dict[str, float]
) -> dict[str, bool]:
    """Which coefficients have their sign also without any one kabupaten; variances stay what they are, for speed, and
    the neighbour field is left out."""
    from risk.estimator.hierarchy import SIZE, HierarchicalPoisson

    kab, kec = full.groups
    exposure = str(full.exposure)
    kept = dict.fromkeys(signs, True)
    place = X[kab].to_numpy(str)
    for left_out in np.unique(place):
        other = place != left_out
        model = HierarchicalPoisson(
            exposure=full.exposure,
            groups=full.groups,
            area=full.area,
            prior={"variance": {k: v for k, v in full.variance_components_.items() if k != "neighbours"}},
        )
        # a kabupaten left out is one where nobody looked: sizes and means of all others stay what they were
        rows = X.assign(**{exposure: X[exposure].where(other, 0.0)})
        model.fit(
            rows,
            observed.village.where(other, 0.0).to_numpy(),
            aggregates={
                kec: _seen(observed.kecamatan, left_out, rows, kec, exposure),
                kab: _seen(observed.kabupaten, left_out, rows, kab, exposure),
            },
        )
        now = {str(name): float(mean) for name, mean in zip(model.covariate_names_, model.coef_, strict=True)}
        if model.size_coef_ is not None:
            now[SIZE] = model.size_coef_[0]
        kept = {name: good and now[name] * signs[name] > 0 for name, good in kept.items()}
    return kept


def _seen(counts: pd.Series, left_out: str, rows: pd.DataFrame, column: str, exposure: str) -> pd.Series:
    exposed = rows.groupby(column)[exposure].sum()
    return counts[(counts.index.str[:5] != left_out) & counts.index.isin(exposed.index[exposed > 0])]


def village_evidence(
    observed: Observed, cell: pd.Series, standing: Mapping[str, Standing], features: Features
) -> pd.Series:
    """Per village (index of ``cell``, its cell of released totals) the level its place in the order stands on.

    Its kecamatan where that has a released total of its own. Its own, or its kecamatan's, where cases were looked for
    that finely in its kabupaten and a clear covariate that was learned from such cases is measured there, and its
    people are counted there. Else its kabupaten, or nothing where nobody looked there.
    """
    looked = _ranks(pd.Series(cell.index.str[:5]).map(observed.looked))
    people = _ranks(features.level["penduduk"].reindex(cell.index))
    at = np.where(cell.str.len() == Level.KECAMATAN.code_length, _RANK["kecamatan"], _RANK["kabupaten"])
    for name, one in standing.items():
        if one.clear and name in features.level:
            measured = _ranks(features.level[name].reindex(cell.index))
            told = np.maximum.reduce([looked, people, measured, np.full(len(cell), _RANK[str(one.learned)])])
            at = np.minimum(at, told)
    unseen = (observed.calendar_years.reindex(cell.index) == 0).to_numpy()
    at = np.where(unseen, np.maximum(at, _RANK["kabupaten"]), at)
    at = np.where(looked == _RANK[Evidence.NONE], looked, at)
    return pd.Series(np.array(list(_RANK))[at], cell.index, dtype=object)


def area_evidence(villages: pd.Series, area: pd.Series, people: pd.Series, level: Level) -> pd.Series:
    """Per area (labels in ``area``) the level that the villages of more than half of its people reach, at best its
    own."""
    ranks = pd.Series(np.maximum(_ranks(villages), _RANK[str(level)]), villages.index)
    share = people / people.groupby(area).transform("sum")
    reached = {rank: (share * (ranks <= rank)).groupby(area).sum() > 0.5 for rank in _RANK.values()}
    codes = reached[_RANK[Evidence.NONE]].index
    out = pd.Series(Evidence.NONE.value, codes, dtype=object)
    for name, rank in reversed(list(_RANK.items())):
        out = out.mask(reached[rank], name)
    return out


def located(observed: Observed, areas: pd.Index, level: Level) -> pd.Series:
    """Per area of ``level`` whether cases, or that there were none, are known finely enough to tell it from the others:
    below its kabupaten, and for a kabupaten to itself."""
    looked = pd.Series(areas.str[:5], areas).map(observed.looked)
    if level == Level.KABUPATEN:
        return looked != NOBODY
    return looked.isin([Evidence.VILLAGE.value, Evidence.KECAMATAN.value])


def _ranks(names: pd.Series | pd.Index) -> np.ndarray:
    """Names of levels as ranks of `Evidence`; coarser ones, and none, as the kabupaten."""
    return np.array([_RANK.get(str(name), _RANK["kabupaten"]) for name in names], dtype=int)


def told_apart(expected: np.ndarray, people: np.ndarray, evidence: pd.Series) -> np.ndarray:
    """Expected cases (n,) by which areas may be placed in classes, in the order of ``evidence`` (index ``kode``).

    Where the evidence behind an area's order stands at a larger area, it has that area's rate and its own ``people``
    (n,): what unclear covariates add within it would decide between names nobody can tell apart.
    """
    codes = pd.Series(evidence.index, evidence.index)
    cell = codes.where(evidence != Evidence.KABUPATEN, codes.str[: Level.KABUPATEN.code_length])
    cell = cell.where(evidence != Evidence.KECAMATAN, codes.str[: Level.KECAMATAN.code_length])
    cell = cell.where(evidence != Evidence.NONE, "*")
    sums = pd.DataFrame({"expected": expected, "people": people}).groupby(cell.to_numpy()).transform("sum")
    alike = (cell != codes).to_numpy()
    return np.where(alike, people * (sums["expected"] / sums["people"]).to_numpy(), expected)
