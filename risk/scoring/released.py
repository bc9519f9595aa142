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

from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.disclosure import HIDDEN, SMALLEST
from data.suppression import release_tree
from risk.model import SIZE, VillageRiskRegressor
from risk.scoring.observed import Observed

PROVINCE_CELL = "*"
CELL = "sel"
"""Column of X with the label of a village's cell."""


@dataclass(frozen=True)
class Cells:
    """``of_village``: kode -> cell label; ``totals``: cell -> released cases; ``kabupaten``: kode_kab -> released cases
    that are known to the kabupaten only (ten or more; fewer are part of ``totals``)."""

    of_village: pd.Series
    totals: pd.Series
    kabupaten: pd.Series


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
    tree = release_tree(observed.located, observed.kabupaten, single=set(sizes.index[sizes == 1]))
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
    extra = pd.Series(tree.only_kab, dtype=float)
    return Cells(cell, totals[totals.index.isin(cell.unique())], extra)


def released_spread(observed: Observed, exposure: pd.Series) -> pd.DataFrame:
    """``cases`` and ``exposure`` per village: each cell's released total spread over its villages by ``exposure``
    (persons x years, by village code), cases known to the kabupaten only over the kabupaten's."""
    cells = released_cells(observed)
    cell = cells.of_village.reindex(exposure.index)
    kab = pd.Series(exposure.index.str[:5], exposure.index)
    shares = [(cells.totals, cell), (cells.kabupaten, kab)]
    cases = pd.Series(0.0, exposure.index)
    for totals, label in shares:
        due = exposure.groupby(label.to_numpy()).transform("sum")
        cases += (label.map(totals).fillna(0.0) * exposure / due.where(due > 0)).fillna(0.0)
    return pd.DataFrame({"cases": cases, "exposure": exposure})


def released_prior(full: VillageRiskRegressor) -> dict[str, dict[str, Any]]:
    """Coefficients (mean, SD) and variance components of the full model, rounded to two figures."""
    coefficients = {
        name: (mean, sd) for name, mean, sd in zip(full.covariate_names_, full.coef_, full.coef_sd_, strict=True)
    }
    if full.size_coef_ is not None:
        coefficients[SIZE] = full.size_coef_
    return {
        "coef": {name: (_two_figures(mean), max(_two_figures(sd), 1e-6)) for name, (mean, sd) in coefficients.items()},
        "variance": {name: max(_two_figures(value), 0.01) for name, value in full.variance_components_.items()},
    }


def fit_released(X: pd.DataFrame, observed: Observed, full: VillageRiskRegressor) -> VillageRiskRegressor:
    """The published model for the rows of ``X`` (columns as the full model's, index ``kode``)."""
    cells = released_cells(observed)
    table = X.assign(**{CELL: cells.of_village.reindex(X.index).to_numpy()})
    exposed = table.groupby(CELL)[str(full.exposure)].sum()
    totals = cells.totals[cells.totals.index.isin(exposed.index[exposed > 0])]
    model = VillageRiskRegressor(
        exposure=full.exposure,
        groups=full.groups,
        area=full.area,
        graph=full.graph,
        random_state=full.random_state,
        prior=released_prior(full),
    )
    kab_column = full.groups[0]
    return model.fit(table, pd.Series(0.0, X.index), aggregates={CELL: totals, kab_column: cells.kabupaten})


def _numbers(shown: dict[str, Any]) -> pd.Series:
    """The cells that show a number."""
    found = {place: float(value) for place, value in shown.items() if not isinstance(value, str)}
    return pd.Series(found, index=pd.Index(list(found), dtype=object), dtype=float)


def _two_figures(value: float) -> float:
    return float(f"{value:.2g}")
