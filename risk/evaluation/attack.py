"""An attacker who wants to know which villages have a case: how much do published scores help?

The attacker knows every public covariate and has learned on other villages how columns go with having a case
(logistic regression, cross-validated). What counts is the gain in AUC from adding the published columns.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDS = 5
GAINS = ("over_public", "within_kecamatan", "over_covariates")


def attack_auc(known: pd.DataFrame, has_case: np.ndarray, seed: int = 0) -> float:
    """Cross-validated AUC of guessing ``has_case`` (bool per village) from the columns of ``known``."""
    if has_case.all() or not has_case.any():
        return 0.5
    return float(roc_auc_score(has_case, straight_line(known, has_case, seed)))


def within_auc(known: pd.DataFrame, has_case: np.ndarray, group: np.ndarray, seed: int = 0) -> float:
    """The same, asked only between villages of one group (kecamatan): which of them has the case?"""
    if has_case.all() or not has_case.any():
        return 0.5
    guess = straight_line(known - known.groupby(group).transform("mean"), has_case, seed)
    won = pairs = 0.0
    table = pd.DataFrame({"guess": guess, "has": has_case})
    for _, villages in table.groupby(group):
        yes, no = (villages.loc[villages["has"] == flag, "guess"].to_numpy() for flag in (True, False))
        difference = yes[:, None] - no[None, :]
        won += float((difference > 0).sum() + 0.5 * (difference == 0).sum())
        pairs += difference.size
    return won / pairs if pairs else 0.5


def gains(
    ways: dict[str, pd.DataFrame],
    covariates: pd.DataFrame,
    totals: pd.DataFrame,
    has_case: np.ndarray,
    kecamatan: np.ndarray,
    seed: int = 0,
) -> dict[str, dict[str, float]]:
    """AUC gained by an attacker from published columns, for each of ``ways``; all tables indexed by village code.

    ``over_public``: beyond covariates, kabupaten and ``totals`` (log released rates of the village's cell and of what
    lies around it), which are public without any score. ``within_kecamatan``: between villages of one kecamatan.
    ``over_covariates``: beyond covariates and kabupaten only; above 0 for any score that knows where cases concentrate,
    also for the truth.
    """
    kab = pd.get_dummies(covariates.index.str[:5]).set_index(covariates.index).astype(float)
    base = covariates.join(kab)
    public = base.join(totals)
    without = (
        attack_auc(public, has_case, seed),
        within_auc(covariates, has_case, kecamatan, seed),
        attack_auc(base, has_case, seed),
    )
    out = {}
    for name, published in ways.items():
        with_scores = (
            attack_auc(public.join(published), has_case, seed),
            within_auc(covariates.join(published), has_case, kecamatan, seed),
            attack_auc(base.join(published), has_case, seed),
        )
        out[name] = {key: a - b for key, a, b in zip(GAINS, with_scores, without, strict=True)}
    return out


def straight_line(known: pd.DataFrame, has_case: np.ndarray, seed: int) -> np.ndarray:
    """Cross-validated guesses of a logistic regression, one number per village."""
    attacker = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=500))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    return cross_val_predict(attacker, known.to_numpy(float), has_case, cv=folds, method="decision_function")
