"""How good a score is: against a known truth (DATA CONTOH) or against the year that followed (real data).

Baselines are always there: past counts, poverty, population, official departures. A ranking's *share of oracle* is
the expected cases in its list over those in the best possible list of that length; its *hit rate* the share of next
year's recorded cases that fell in its list (two decimals: hundred villages' exact count is nobody's to see).
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold

from data.choose import chosen
from data.demo import demo_truth
from data.store.store import Store
from data.workspace import Workspace
from risk.features import build_features
from risk.inputs import DRAWS, GROUPS, Inputs, Models, build_inputs, fit_models, read_store
from risk.model import VillageRiskRegressor
from risk.observed import observe
from risk.ranks import rank_table, top
from risk.released import CELL, released_cells, released_prior

LISTS = (100, 300)
FOLDS = 10
CHOSEN = "released_totals"
FEWEST_CASES = 20  # villages with a case; an attacker cannot be measured on fewer
_TIE = 1e-9  # equal counts are ordered by population


def evaluate(store: Store, workspace: Workspace) -> dict[str, Any]:
    """The whole evaluation of what is stored now, as plain values; takes some seconds.

    ``mode`` is "truth" when all cases are DATA CONTOH (its truth is known), else "rolling". ``rankings``: one entry
    per ranking with ``key`` and its figures, the published score first. ``rolling``: by test year, models fitted
    to earlier years only. ``disclosure``: ways to keep a village's count out of the score, what each costs in
    targeting and what an attacker gains from it. Raises `risk.inputs.NoCases`.
    """
    frame, facts = read_store(store, workspace)
    inputs = build_inputs(frame, facts)
    return thorough_evaluation(inputs, fit_models(inputs), facts)


def thorough_evaluation(inputs: Inputs, models: Models, facts: pd.DataFrame) -> dict[str, Any]:
    """`summary` with ``rolling`` and ``disclosure``."""
    return {
        **summary(inputs, models, facts),
        "rolling": rolling(inputs.frame, facts),
        "disclosure": disclosure(inputs, models, _truth(inputs)),
    }


def summary(inputs: Inputs, models: Models, facts: pd.DataFrame) -> dict[str, Any]:
    """What is stored with a score version: rankings against the truth where it is known, else against the last year."""
    truth = _truth(inputs)
    if truth is None:
        years = rolling(inputs.frame, facts, last_only=True)
        return {"mode": "rolling", "lists": list(LISTS), "rankings": years[0]["rankings"] if years else [],
                "test_year": years[0]["year"] if years else None}  # fmt: skip
    entries = [
        {"key": key, **_against(truth, ranking)} for key, ranking in rankings(inputs, models, facts).items()
    ]
    calibration = _calibration(inputs, models, truth)
    return {"mode": "truth", "lists": list(LISTS), "rankings": entries, "calibration": calibration}


def rankings(inputs: Inputs, models: Models, facts: pd.DataFrame) -> dict[str, np.ndarray]:
    """Every ranking that is compared, as a value per village in the frame's order."""
    X = inputs.a_year()
    people = inputs.features.population.to_numpy()
    out = {
        "published": models.published.predict(X),
        "full": models.full.predict(X),
        "past_counts": inputs.observed.village.to_numpy() + _TIE * people,
        "population": people,
    }
    if "kemiskinan" in inputs.features.values:
        share = inputs.features.values["kemiskinan"].to_numpy()
        out |= {"poverty": share, "poor_people": share * people}
    departures = facts[(facts["indikator"] == "prosedural") & (facts["level"] == "desa")]
    if len(departures):
        count = chosen(departures).groupby("kode")["value"].sum().reindex(X.index, fill_value=0.0).to_numpy()
        out["departures"] = count + _TIE * people
    return out


def rolling(frame: pd.DataFrame, facts: pd.DataFrame, last_only: bool = False) -> list[dict[str, Any]]:
    """Hit rates per test year, the newest first: everything fitted to cases of earlier years, tested on that year.

    Years whose cases are not known to the village, or that have no earlier year, cannot test anything.
    """
    people = build_features(frame).population
    located = facts[(facts["jenis"] == "kasus") & (facts["level"] == "desa")]
    years = sorted(set(pd.DatetimeIndex(located["period_start"]).year), reverse=True)
    out: list[dict[str, Any]] = []
    for year in years[:-1]:
        first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
        then = observe(facts, frame, people, until=last, since=first).village.to_numpy()
        inputs = build_inputs(frame, facts, until=first - pd.Timedelta(days=1))
        if then.sum() <= 0 or inputs.observed.village.sum() <= 0:
            continue
        compared = rankings(inputs, fit_models(inputs), facts[facts["period_end"] < first])
        out.append({
            "year": int(year),
            "cases": _released_total(then.sum()),
            "rankings": [
                {"key": key, **{f"hit_{n}": round(_share(then[top(ranking, n)].sum(), then.sum()), 2) for n in LISTS}}
                for key, ranking in compared.items()
            ],
        })  # fmt: skip
        if last_only:
            break
    return out


def disclosure(inputs: Inputs, models: Models, truth: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Candidates for the published score: targeting (where the truth is known) and an attacker's
    gain from each. Empty when too few cases are known to the village to measure one."""
    from risk.attack import gains  # scikit-learn's classifiers take a second to import; scoring needs none

    X, people = inputs.a_year(), inputs.features.population
    cells = released_cells(inputs.observed)
    table = inputs.table().assign(**{CELL: cells.of_village.reindex(X.index).to_numpy()})
    exposure = table.groupby(CELL)["paparan"].sum()
    rate = (cells.totals.reindex(exposure.index, fill_value=0.0) + 0.5) / exposure.clip(lower=1e-9)
    totals = np.log(table[CELL].map(rate)).rename("totals")
    covariates = inputs.features.values.assign(penduduk=np.log(people))
    has_case = inputs.observed.village.to_numpy() > 0
    if has_case.sum() < FEWEST_CASES:
        return []
    kecamatan = inputs.frame["kode_kec"].to_numpy()
    expected = _candidates(inputs, models)
    log = {key: np.log(np.maximum(cases, 1e-12)) for key, cases in expected.items()}
    size = np.log(people.to_numpy())
    ways = {key: pd.DataFrame({"cases": one, "rate": one - size}, index=X.index) for key, one in log.items()}
    gain = gains(ways, covariates, totals, has_case, kecamatan)
    return [
        {"key": key, "chosen": key == CHOSEN, **(_against(truth, cases) if truth is not None else {}),
         **{f"auc_gain_{name}": round(value, 4) for name, value in gain[key].items()}}
        for key, cases in expected.items()
    ]  # fmt: skip


def _candidates(inputs: Inputs, models: Models) -> dict[str, np.ndarray]:
    X, year = inputs.table(), inputs.a_year()
    observed = inputs.observed
    prior = released_prior(models.full)
    exact = VillageRiskRegressor(exposure="paparan", groups=GROUPS, prior=prior)
    exact.fit(X, pd.Series(0.0, X.index), aggregates={"kec": observed.located, "kab": observed.kabupaten})
    return {
        "released_totals": models.published.predict(year),
        "full": models.full.predict(year),
        "own_kecamatan_left_out": kecamatan_left_out(inputs),
        "exact_kecamatan_totals": exact.predict(year),
    }


def kecamatan_left_out(inputs: Inputs, folds: int = FOLDS, seed: int = 0) -> np.ndarray:
    """Expected cases a year per village from models that did not see its kecamatan's cases (grouped folds)."""
    X, year, observed = inputs.table(), inputs.a_year(), inputs.observed
    y = observed.village.to_numpy()
    expected = np.zeros(len(X))
    for _, hidden in GroupKFold(folds, shuffle=True, random_state=seed).split(X, y, X["kec"]):
        gone = set(X["kec"].iloc[hidden])
        left = X.assign(paparan=X["paparan"].where(~X["kec"].isin(gone), 0.0))
        counts = y.copy()
        counts[hidden] = 0.0
        model = VillageRiskRegressor(exposure="paparan", groups=GROUPS)
        extra = observed.kecamatan[~observed.kecamatan.index.isin(gone)]
        exposed = left.groupby("kab")["paparan"].sum()
        only_kab = observed.kabupaten[exposed.reindex(observed.kabupaten.index) > 0]
        model.fit(left, counts, aggregates={"kec": extra, "kab": only_kab})
        expected[hidden] = model.predict(year.iloc[hidden])
    return expected


def _truth(inputs: Inputs) -> pd.DataFrame | None:
    """DATA CONTOH's truth in the frame's order when every village record is DATA CONTOH, else None."""
    named = (re.search(r"DATA CONTOH.*benih (\d+)", source) for source in inputs.observed.sources)
    seeds = {found[1] for found in named if found}
    if len(seeds) != 1 or not inputs.observed.data_contoh:
        return None
    # what was invented depends on what the gazetteer itself knows of people
    gazetteer = inputs.frame.assign(penduduk=inputs.frame["penduduk_gazetir"])
    return demo_truth(gazetteer, int(seeds.pop())).set_index("kode").reindex(gazetteer["kode"])


def _against(truth: pd.DataFrame, ranking: np.ndarray) -> dict[str, float]:
    found = {}
    for name, column in (("oracle", "harapan_terlapor"), ("oracle_true", "harapan_sejati")):
        value = truth[column].to_numpy()
        for n in LISTS:
            found[f"{name}_{n}"] = _share(value[top(ranking, n)].sum(), value[top(value, n)].sum())
    return found


def _calibration(inputs: Inputs, models: Models, truth: pd.DataFrame, n_top: int = 100) -> dict[str, Any]:
    """Does the published model know how sure it is: coverage of its 90 % intervals, claimed and real top members."""
    people = inputs.features.population.to_numpy()
    expected = models.published.predict(inputs.a_year())
    draws = models.published.sample(DRAWS) * people
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    real = truth["harapan_terlapor"].to_numpy()
    inside = (low <= real) & (real <= high)
    listed = top(expected, n_top)
    return {
        "coverage_90": round(float(inside.mean()), 3),
        "coverage_90_top": round(float(inside[listed].mean()), 3),
        "claimed_top": round(float(rank_table(expected, draws, n_top)["p_top"].to_numpy()[listed].sum()), 1),
        "real_top": int(np.isin(listed, top(real, n_top)).sum()),
    }


def _share(part: float, whole: float) -> float:
    return round(float(part) / float(whole), 4) if whole > 0 else 0.0


def _released_total(count: float) -> int:
    """A province's yearly total, to the nearest five like every released number."""
    return int((count + 2.5) // 5 * 5)
