"""What protecting villages costs: ways to keep a village's count out of the score, side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold, KFold

from risk.estimator.hierarchy import HierarchicalPoisson
from risk.evaluation.attack import gains
from risk.evaluation.leak import FEWEST_CASES, secret_of
from risk.evaluation.metrics import against
from risk.scoring.bands import Grade, bands
from risk.scoring.evidence import told_apart, village_evidence
from risk.scoring.inputs import GROUPS, Inputs, Models
from risk.scoring.observed import Observed
from risk.scoring.released import Cells, fit_released, released_cells, released_prior

FOLDS = 10
CHOSEN = "released_totals"
WAYS = (CHOSEN, "full", "own_village_left_out", "own_kecamatan_left_out", "exact_kecamatan_totals")
"""Ways to protect what a village's own count tells, that are compared."""
PROBED = 60
"""Kecamatan in which one more case is tried."""


def disclosure(inputs: Inputs, models: Models, truth: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Candidates for the published score: targeting (where the truth is known) and an attacker's
    gain from each. Empty when too few cases are known to the village to measure one."""
    secret = secret_of(inputs)
    if secret.has_case.sum() < FEWEST_CASES:
        return []
    expected = candidates(inputs, models)
    size = np.log(inputs.features.population.to_numpy())
    log = {key: np.log(np.maximum(cases, 1e-12)) for key, cases in expected.items()}
    ways = {key: pd.DataFrame({"cases": one, "rate": one - size}, secret.covariates.index) for key, one in log.items()}
    released = secret.totals.join(secret.rebuilt)
    gain = gains(ways, secret.covariates, released, secret.has_case, secret.kecamatan)
    return [
        {
            "key": key,
            "chosen": key == CHOSEN,
            **(against(truth, cases) if truth is not None else {}),
            **{f"auc_gain_{name}": round(value, 4) for name, value in gain[key].items()},
        }
        for key, cases in expected.items()
    ]


def candidates(inputs: Inputs, models: Models) -> dict[str, np.ndarray]:
    """Expected cases a year per village, by way of protecting it."""
    X, year = inputs.table(), inputs.a_year()
    observed = inputs.observed
    exact = HierarchicalPoisson(exposure="paparan", groups=GROUPS, prior=released_prior(models.full))
    exact.fit(X, pd.Series(0.0, X.index), aggregates={"kec": observed.located, "kab": observed.kabupaten})
    expected = (
        models.published.predict(year),
        models.full.predict(year),
        left_out(inputs, "desa"),
        left_out(inputs, "kec"),
        exact.predict(year),
    )
    return dict(zip(WAYS, expected, strict=True))


def left_out(inputs: Inputs, level: str, folds: int = FOLDS, seed: int = 0) -> np.ndarray:
    """Expected cases a year per village from models that did not see its own count (``level`` ``desa``) or any of its
    kecamatan's (``kec``), in grouped folds."""
    X, year, observed = inputs.table(), inputs.a_year(), inputs.observed
    y = observed.village.to_numpy()
    expected = np.zeros(len(X))
    if level == "desa":
        cuts = KFold(folds, shuffle=True, random_state=seed).split(X)
    else:
        cuts = GroupKFold(folds, shuffle=True, random_state=seed).split(X, groups=X["kec"])
    for _, hidden in cuts:
        gone = set(X[level].iloc[hidden])
        left = X.assign(paparan=X["paparan"].where(~X[level].isin(gone), 0.0))
        counts = y.copy()
        counts[hidden] = 0.0
        watched = {name: left.groupby(name)["paparan"].sum() > 0 for name in ("kec", "kab")}
        extra = {"kec": observed.kecamatan, "kab": observed.kabupaten}
        model = HierarchicalPoisson(exposure="paparan", groups=GROUPS)
        model.fit(
            left,
            counts,
            aggregates={
                name: totals[watched[name].reindex(totals.index, fill_value=False)] for name, totals in extra.items()
            },
        )
        expected[hidden] = model.predict(year.iloc[hidden])
    return expected


def band_changes(inputs: Inputs, models: Models, n_top: int = 100, seed: int = 0) -> float:
    """Share of villages whose public band would change with one more case of their own, from a sample of kecamatan.

    To the published model all villages of a kecamatan are alike here: it sees their released total only. Coefficients
    stay as they were; they come from the whole province, rounded.
    """
    X, year = inputs.table(), inputs.a_year()
    grade = np.full(len(X), Grade.A.value)
    people, standing = inputs.features.population, models.published.standing
    cells = released_cells(inputs.observed)

    def placed(expected: np.ndarray, observed: Observed, found: Cells) -> np.ndarray:
        evidence = village_evidence(observed, found.of_village.reindex(year.index), standing, inputs.features)
        return bands(told_apart(expected, people.to_numpy(), evidence), grade, n_top)

    before = placed(models.published.predict(year), inputs.observed, cells)
    kec, size = np.unique(X["kec"].to_numpy(str), return_counts=True)
    rng = np.random.default_rng(seed)
    picked = rng.choice(len(kec), min(PROBED, len(kec)), replace=False)
    changed = probed = 0
    for place in picked:
        inside = X["kec"].to_numpy(str) == kec[place]
        probed += int(size[place])
        village = inputs.observed.village.copy()
        village.iloc[int(np.flatnonzero(inside)[0])] += 1
        added = replace(inputs.observed, village=village)
        if _same(found := released_cells(added), cells):
            continue
        other = fit_released(X, added, models.full, people, standing)
        after = placed(other.predict(year), added, found)
        changed += int((after != before)[inside].sum())
    return round(changed / probed, 3)


def _same(one: Cells, other: Cells) -> bool:
    return (
        one.totals.equals(other.totals)
        and one.kabupaten.equals(other.kabupaten)
        and one.kecamatan.equals(other.kecamatan)
        and one.of_village.equals(other.of_village)
    )
