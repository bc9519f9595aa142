"""The model behind every published score: it knows only what the disclosure rule lets out anyway.

A score fitted to a village's own count gives the count back (at one decimal place, all of it). Instead of leaving
things out of a full model, the published one is *fitted to released numbers*: kecamatan totals of ten and more,
rounded as on every screen, what then remains of the rounded kabupaten total, what remains of the province's. Which
village of a cell the cases were in never reaches it, so no attack on the scores can bring it back. What the full model
adds is a handful of numbers about the whole province, rounded: how strongly each covariate counts and how much
kabupaten, kecamatan and villages differ.

Compared on DATA CONTOH (see ``risk.evaluation.evaluate``) this keeps nearly all of the full model's targeting, and
more than leaving out each kecamatan's own cases does, whose scores moreover give fold totals away by comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from data.disclosure import HIDDEN, SMALLEST
from data.domain.levels import Level
from data.suppression import release_tree
from risk.estimator.hierarchy import SIZE, HierarchicalPoisson
from risk.estimator.laplace import ONE_YEAR_SD
from risk.scoring.evidence import Standing, learned_at, standings
from risk.scoring.observed import Observed

PROVINCE_CELL = "*"
CELL = "sel"
"""Column of X with the label of a village's cell."""


@dataclass(frozen=True)
class Cells:
    """``of_village``: kode -> cell label; ``totals``: cell -> released cases; ``kabupaten``: kode_kab -> released cases
    that are known to the kabupaten only (ten or more; fewer are part of ``totals``), and as many as are published;
    ``kecamatan``: kode_kec -> published cases."""

    of_village: pd.Series
    totals: pd.Series
    kabupaten: pd.Series
    kecamatan: pd.Series


def released_cells(observed: Observed) -> Cells:
    """The finest cells whose totals are released, without overlap, each with its released total.

    A kecamatan whose number is shown is a cell; the other villages of its kabupaten are one; villages of kabupaten
    whose number is hidden are together one of the province. What is shown is `data.suppression.release_tree`'s to say.
    Remainders are taken between released totals, never below 0. Where even the province's total is hidden, hidden
    kabupaten count as half of what ``<10`` may be.
    """
    kab_of = observed.kabupaten.index
    villages = observed.village.index
    kec, kab = villages.str[:8], villages.str[:5]
    sizes = kec.value_counts()
    single = set(sizes.index[sizes == 1])
    public = observed.public[~observed.public.index.isin(single)]
    counted = pd.concat([observed.kecamatan, observed.kabupaten]).reindex(public.index, fill_value=0.0)
    public = public.clip(upper=counted)  # an evaluation may have hidden an area's cases
    located, only_kab = replace(observed, public=public).guarded
    tree = release_tree(located, only_kab, single=single)
    shown_kab, shown_kec = _numbers(tree.kabupaten), _numbers(tree.kecamatan)
    shown_kec = shown_kec[shown_kec.index.str[:5].isin(shown_kab.index)]
    in_kec = shown_kec.groupby(shown_kec.index.str[:5]).sum()
    rest_kab = shown_kab.sub(in_kec.reindex(shown_kab.index, fill_value=0.0)).clip(lower=0.0)
    hidden = len(kab_of.difference(shown_kab.index))
    rest = float(tree.provinsi) - shown_kab.sum() if isinstance(tree.provinsi, int) else SMALLEST / 2 * hidden

    cell = pd.Series(PROVINCE_CELL, villages, dtype=object)
    cell[kab.isin(shown_kab.index)] = kab[kab.isin(shown_kab.index)]
    cell[kec.isin(shown_kec.index)] = kec[kec.isin(shown_kec.index)]
    totals = pd.concat([shown_kec, rest_kab])
    if tree.provinsi != HIDDEN:
        totals = pd.concat([totals, pd.Series({PROVINCE_CELL: max(rest, 0.0)})])
    of_kab = public[public.index.isin(kab_of)]
    extra = pd.Series(tree.only_kab, dtype=float).add(of_kab[of_kab > 0], fill_value=0.0)
    of_kec = public[(public > 0) & ~public.index.isin(kab_of)]
    return Cells(cell, totals[totals.index.isin(cell.unique())], extra, of_kec)


def released_spread(observed: Observed, exposure: pd.Series) -> pd.DataFrame:
    """``cases`` and ``exposure`` per village: each cell's released total spread over its villages by ``exposure``
    (persons x years, by village code), cases known to the kabupaten only over the kabupaten's, published ones over the
    area's they are published of."""
    cells = released_cells(observed)
    cell = cells.of_village.reindex(exposure.index)
    kab, kec = (pd.Series(exposure.index.str[:n], exposure.index) for n in (5, 8))
    shares = [(cells.totals, cell), (cells.kabupaten, kab), (cells.kecamatan, kec)]
    cases = pd.Series(0.0, exposure.index)
    for totals, label in shares:
        due = exposure.groupby(label.to_numpy()).transform("sum")
        cases += (label.map(totals).fillna(0.0) * exposure / due.where(due > 0)).fillna(0.0)
    return pd.DataFrame({"cases": cases, "exposure": exposure})


@dataclass(frozen=True)
class Published:
    """The published model, and what keeps it from ordering villages by what was never learned about villages.

    ``standing`` by covariate. ``means``: by covariate that does not order, its mean over people in each area of the
    level it was learned at, by the labels of ``area`` of X; every village has that figure instead of its own.
    """

    model: HierarchicalPoisson
    standing: Mapping[str, Standing]
    area: str = ""
    means: Mapping[str, pd.Series] = field(default_factory=dict)

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Expected cases per row (`HierarchicalPoisson.predict`)."""
        return self.model.predict(self._levelled(X))

    def sample(self, n: int) -> np.ndarray:
        """``n`` draws of the rates of the rows it was fitted to (`HierarchicalPoisson.sample`)."""
        return self.model.sample(n)

    def decompose(self, X: pd.DataFrame) -> pd.DataFrame:
        """Exact factors (`HierarchicalPoisson.decompose`); what a covariate that does not order tells areas apart by
        goes with the kabupaten, for no village's own figure has a part in it."""
        factors = self.model.decompose(self._levelled(X))
        for name in self.means:
            factors[self.model.groups[0]] *= factors[name]
            factors[name] = 1.0
        return factors

    def _levelled(self, X: pd.DataFrame) -> pd.DataFrame:
        return X.assign(**{name: X[self.area].map(mean) for name, mean in self.means.items()})


def released_prior(full: HierarchicalPoisson, *, size: bool = True) -> dict[str, dict[str, Any]]:
    """Coefficients (mean, SD) and variance components of the full model, rounded to two figures; not ``size``: the rate
    is taken not to go with the size of a village."""
    coefficients = {
        name: (mean, sd) for name, mean, sd in zip(full.covariate_names_, full.coef_, full.coef_sd_, strict=True)
    }
    if full.size_coef_ is not None:
        coefficients[SIZE] = full.size_coef_ if size else (0.0, 0.0)
    return {
        "coef": {name: (_two_figures(mean), max(_two_figures(sd), 1e-6)) for name, (mean, sd) in coefficients.items()},
        "variance": {
            name: max(_two_figures(_lasting(name, value)), 0.01) for name, value in full.variance_components_.items()
        },
    }


def fit_released(
    X: pd.DataFrame,
    observed: Observed,
    full: HierarchicalPoisson,
    people: pd.Series | None = None,
    standing: Mapping[str, Standing] | None = None,
) -> Published:
    """The published model for the rows of ``X`` (columns as the full model's, index ``kode``).

    ``people`` persons by village, whom covariates that do not order are averaged over; without it the exposure.
    ``standing`` of the full model's covariates where it is known already.
    """
    if standing is None:
        standing = standings(X, observed, full)
    cells = released_cells(observed)
    level = learned_at(observed)
    area = full.groups[0] if level == Level.KABUPATEN else full.groups[1]
    weight = (X[full.exposure] if people is None else people.reindex(X.index)).to_numpy(float)
    means = {
        str(name): _means(X[name], X[area], weight) for name in full.covariate_names_ if not standing[str(name)].orders
    }
    X = X.assign(**{name: X[area].map(mean) for name, mean in means.items()})
    table = X.assign(**{CELL: cells.of_village.reindex(X.index).to_numpy()})
    exposed = table.groupby(CELL)[str(full.exposure)].sum()
    totals = cells.totals[cells.totals.index.isin(exposed.index[exposed > 0])]
    model = HierarchicalPoisson(
        exposure=full.exposure,
        groups=full.groups,
        area=full.area,
        graph=full.graph,
        random_state=full.random_state,
        prior=released_prior(full, size=SIZE not in standing or standing[SIZE].orders),
    )
    kab, kec = full.groups
    model.fit(
        table,
        pd.Series(0.0, X.index),
        aggregates={CELL: totals, kab: cells.kabupaten, kec: cells.kecamatan[cells.kecamatan.index.isin(table[kec])]},
    )
    return Published(model, standing, area, means)


def _means(values: pd.Series, area: pd.Series, weight: np.ndarray) -> pd.Series:
    """Mean of each area, plain where nobody has weight."""
    sums = pd.DataFrame({"v": values * weight, "w": weight, "n": values}).groupby(area.to_numpy())
    total = sums[["v", "w"]].sum()
    return (total["v"] / total["w"].where(total["w"] > 0)).fillna(sums["n"].mean())


def _numbers(shown: dict[str, Any]) -> pd.Series:
    """The cells that show a number."""
    found = {place: float(value) for place, value in shown.items() if not isinstance(value, str)}
    return pd.Series(found, index=pd.Index(list(found), dtype=object), dtype=float)


def _lasting(component: str, variance: float) -> float:
    """What lasts of a component: villages' own variance is learned from sums over a few years, so it holds what was
    theirs in a single year too (`risk.estimator.laplace.ONE_YEAR_SD`), at most half of it."""
    return max(variance - ONE_YEAR_SD**2, variance / 2) if component == "own_history" else variance


def _two_figures(value: float) -> float:
    return float(f"{value:.2g}")
