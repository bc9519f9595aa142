"""Does a score table give villages' counts back? Asked of every version before any of it leaves in a file.

The attackers hold everything public (covariates, kabupaten, the released totals of each village's cell and of the cells
around it, and the score as anybody could rebuild it from these) and have seen,
for four villages in five, whether it has a case: the worst teacher one can think of. Each learns with and without the
published columns; what the columns add is the leak. A straight line finds columns that rise with counts, trees find
any shape, also thresholds and counts hidden in trailing digits; and an isotonic fit tries to read counts off each
column alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import PoissonRegressor
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from risk.evaluation.attack import straight_line
from risk.evaluation.baselines import kernel_rate, kilometres
from risk.scoring.inputs import Inputs, fit_models
from risk.scoring.released import released_spread

NUMBERS = ("skor", "skor_bawah", "skor_atas", "p_top", "harapan", "laju", "p_rr2")
CLASSES = ("prioritas", "kualitas_data", "tingkat_bukti")
MOST_GAIN = 0.01
"""AUC an attacker may gain. More is a leak unless it lies within twice the standard error of nothing at all."""
MOST_READ = 0.05
"""Share of the counts' variance that an isotonic fit may read off a column beyond what covariates tell."""
ATTACKERS = ("line", "trees")
FEWEST_CASES = 20
"""Villages with a case; on fewer no attacker can be measured."""
AROUND_KM = (10.0, 30.0)
_DIGITS = 4
SPLITS = 3
"""Ways to cut the villages into folds over which the trees' guesses are averaged: one alone is noisy by 0.01."""


@dataclass(frozen=True)
class Secret:
    """What must not be told (``counts`` per village) and what everybody knows; all in one order.

    ``covariates``: columns of public figures; ``totals``: log released rates of the village's cell and of what lies
    around it; ``kecamatan``: code; ``rebuilt``: what the published model says when villages of each kecamatan have
    swapped their cases, so nothing of a village's own.
    """

    counts: np.ndarray
    covariates: pd.DataFrame
    totals: pd.DataFrame
    kecamatan: np.ndarray
    rebuilt: pd.DataFrame

    @property
    def public(self) -> pd.DataFrame:
        """All that anybody may know, one column each."""
        return self.covariates.join(self.totals).join(self.rebuilt)

    @property
    def has_case(self) -> np.ndarray:
        return self.counts > 0


def secret_of(inputs: Inputs) -> Secret:
    """The secret of what is stored, in the frame's order. Everybody can smooth released totals over the map."""
    spread = released_spread(inputs.observed, inputs.table().set_index("desa")["paparan"])
    cases, exposure = spread["cases"].to_numpy(), spread["exposure"].to_numpy()
    least = 0.5 * max(cases.sum(), 1.0) / max(exposure.sum(), 1e-9) / len(cases)
    rates = {"_own": np.divide(cases, exposure, out=np.zeros(len(cases)), where=exposure > 0)}
    for km in AROUND_KM:
        rates[f"_{km}"] = kernel_rate(cases, exposure, kilometres(inputs.frame), km)
    totals = np.log(pd.DataFrame(rates, spread.index) + least)
    covariates = inputs.features.values.assign(penduduk=np.log(inputs.features.population))
    kec = inputs.frame["kode_kec"].to_numpy(str)
    return Secret(inputs.observed.village.to_numpy(), covariates, totals, kec, _rebuilt(inputs, kec))


def _rebuilt(inputs: Inputs, kec: np.ndarray, seed: int = 0) -> pd.DataFrame:
    own = inputs.observed.village
    if inputs.observed.total <= 0:  # the cases were taken back since: nothing to rebuild, nothing to betray
        return pd.DataFrame({"_cases": 0.0, "_rate": 0.0}, own.index)
    rng = np.random.default_rng(seed)
    swapped = own.groupby(kec, group_keys=False).transform(lambda counts: rng.permutation(counts.to_numpy()))
    other = replace(inputs, observed=replace(inputs.observed, village=swapped))
    cases = np.log(np.maximum(fit_models(other).published.predict(inputs.a_year()), 1e-12))
    return pd.DataFrame({"_cases": cases, "_rate": cases - np.log(inputs.features.population)}, own.index)


# On a few thousand rows threads wait for one another longer than they work, worst where others use the machine too.
@threadpool_limits.wrap(limits=1)
def judge(table: pd.DataFrame, secret: Secret, seed: int = 0) -> dict[str, Any]:
    """``measured`` (whether enough villages have a case), ``gain`` by attacker with its ``error``, ``read`` by column,
    ``leaks``: the columns that give counts away, empty for a table that may leave.

    ``table``: published columns by village code, numbers and classes.
    """
    shown = _numeric(table.reindex(secret.covariates.index))
    unexplained = _unexplained(secret, seed)
    read = {name: round(_readable(shown[name], unexplained, secret, seed), 4) for name in shown}
    leaks = [name for name, share in read.items() if share > MOST_READ]
    measured = bool(secret.has_case.sum() >= FEWEST_CASES)
    gain, error = {}, {}
    for attacker in ATTACKERS if measured else ():
        without = _guesses(shown.iloc[:, :0], secret, attacker, seed, SPLITS)
        won, doubt = _gain(without, _guesses(shown, secret, attacker, seed, SPLITS), secret.has_case)
        gain[attacker], error[attacker] = round(won, 4), round(doubt, 4)
        if won > max(MOST_GAIN, 2 * doubt):
            alone = {name: _guesses(shown[[name]], secret, attacker, seed) for name in shown if name not in leaks}
            base = roc_auc_score(secret.has_case, _guesses(shown.iloc[:, :0], secret, attacker, seed))
            alike = [name for name, one in alone.items() if roc_auc_score(secret.has_case, one) - base > won / 2]
            leaks += alike or ([] if leaks else list(shown))
    return {"measured": measured, "read": read, "gain": gain, "error": error, "leaks": sorted(set(leaks))}


def _numeric(table: pd.DataFrame) -> pd.DataFrame:
    shown = {name: table[name].astype(float) for name in NUMBERS if name in table and table[name].notna().all()}
    shown |= {
        name: pd.Series(pd.factorize(table[name], sort=True)[0], table.index, dtype=float)
        for name in CLASSES
        if name in table
    }
    more = [name for name in table.select_dtypes("number").columns if name not in shown and name != "n_top"]
    shown |= {name: table[name].astype(float) for name in more if table[name].notna().all()}
    return pd.DataFrame(shown, index=table.index)


def _guesses(shown: pd.DataFrame, secret: Secret, attacker: str, seed: int, splits: int = 1) -> np.ndarray:
    """Cross-validated guesses whether a village has a case, those of the trees averaged over ``splits``."""
    if attacker == "line":
        kab = pd.get_dummies(pd.Series(secret.kecamatan).str[:5]).set_index(secret.covariates.index).astype(float)
        known = secret.public.join(kab).join(shown)
        return straight_line(known, secret.has_case, seed)
    digits = {f"{name}.{k}": (shown[name] * 10.0**k) % 1 for name in shown for k in range(_DIGITS)}
    own = shown - (shown.groupby(secret.kecamatan).transform("mean") if len(shown.columns) else shown)
    known = secret.public.join(shown).join(own, rsuffix=".kec")
    known = known.join(pd.DataFrame(digits, index=shown.index))
    guesses = []
    for cut in range(seed, seed + splits):
        trees = HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=15, learning_rate=0.15, random_state=cut)
        folds = StratifiedKFold(5, shuffle=True, random_state=cut)
        guess = cross_val_predict(trees, known.to_numpy(float), secret.has_case, cv=folds, method="predict_proba")
        guesses.append(guess[:, 1])
    return np.mean(guesses, axis=0)


def _gain(without: np.ndarray, with_columns: np.ndarray, has_case: np.ndarray) -> tuple[float, float]:
    """AUC gained and its standard error (DeLong et al. 1988, for two guesses on the same villages)."""
    own, others = (
        np.subtract(_placements(with_columns, side), _placements(without, side)) for side in (has_case, ~has_case)
    )
    return float(own.mean()), float(np.sqrt(own.var(ddof=1) / len(own) + others.var(ddof=1) / len(others)))


def _placements(guess: np.ndarray, side: np.ndarray) -> np.ndarray:
    """For each village of ``side`` the share of the others that its guess lies above, ties by half."""
    return (rankdata(guess)[side] - rankdata(guess[side])) / (~side).sum()


def _readable(column: pd.Series, unexplained: np.ndarray, secret: Secret, seed: int) -> float:
    """Share of what covariates leave ``unexplained`` in the counts that an isotonic fit reads, on other villages, off
    the column's own difference to its kecamatan; falling columns are turned round."""
    x = (column - column.groupby(secret.kecamatan).transform("mean")).to_numpy(float)
    if np.ptp(x) < 1e-9 or np.ptp(unexplained) < 1e-9:
        return 0.0
    left = unexplained.copy()
    for train, test in KFold(5, shuffle=True, random_state=seed).split(x):
        rising = bool(x[train] @ unexplained[train] > 0)
        fitted = IsotonicRegression(increasing=rising, out_of_bounds="clip").fit(x[train], unexplained[train])
        left[test] -= fitted.predict(x[test])
    return float(max(0.0, 1 - (left**2).sum() / (unexplained**2).sum()))


def _unexplained(secret: Secret, seed: int) -> np.ndarray:
    """The counts less what a Poisson regression on everything public expects in villages it was not fitted to."""
    if secret.counts.sum() <= 0:
        return np.zeros(len(secret.counts))
    known = StandardScaler().fit_transform(secret.public.to_numpy(float))
    folds = KFold(5, shuffle=True, random_state=seed)
    return secret.counts - cross_val_predict(PoissonRegressor(alpha=1e-3, max_iter=300), known, secret.counts, cv=folds)
