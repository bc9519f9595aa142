"""Tests on what a list could not have known: later years, and kabupaten that reported nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from data.disclosure import rounded
from data.domain.score_version import Verdict
from risk.evaluation.baselines import TELLING, rankings
from risk.evaluation.known import EvaluationOrigin, Origins
from risk.evaluation.metrics import LISTS, covered, hit_rates, log_score, paired
from risk.scoring.inputs import DRAWS, Inputs, fit_models
from risk.scoring.observed import observe
from risk.scoring.ranks import top

COLD_FOLDS = 5
COLD_SHARE = 0.1
"""Share of a kabupaten's villages on the list of a cold start."""
SURELY = 0.9
"""A baseline counts as better when it is in this share of resamples."""


def rolling(
    frame: pd.DataFrame,
    facts: pd.DataFrame,
    graph: pd.DataFrame | None = None,
    last_only: bool = False,
    origins: Origins | None = None,
) -> list[dict[str, Any]]:
    """By test year, the newest first: every feature, scale, variance and list from what was known before the year only
    (`risk.evaluation.known`), the list frozen, then that year's cases opened.

    Years whose cases are not known to the village, or that have no earlier year, cannot test anything. Entries:
    ``year, cases`` (released), ``rankings`` (`risk.evaluation.metrics.hit_rates`, ``log_score`` where a ranking says
    how many), ``paired`` (published less each baseline), ``coverage_90, coverage_90_top, expected_top, cases_top``, and
    ``raw``: what verdicts are made from, which must not leave the room (`as_shown`). ``origins``: test years that were
    fitted already, of the same frame and facts.
    """
    origins = origins or Origins(frame, facts, graph)
    located = facts[(facts["jenis"] == "kasus") & (facts["level"] == "desa")]
    years = sorted(set(pd.DatetimeIndex(located["period_start"]).year), reverse=True)
    out: list[dict[str, Any]] = []
    for year in years[:-1]:
        origin = origins.of(int(year))
        if origin is None or origin.inputs.observed.village.sum() <= 0:
            continue
        people = origin.inputs.features.population
        then = observe(facts, frame, people, until=origin.last, since=origin.first).village.to_numpy()
        if then.sum() <= 0:
            continue
        out.append({"year": int(year), "cases": rounded(then.sum()), **_tested(origin, then)})
        if last_only:
            break
    return out


def as_shown(years: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The test years without their raw counts: what is stored, printed and shown."""
    return [{key: value for key, value in year.items() if key != "raw"} for year in years]


def _tested(origin: EvaluationOrigin, then: np.ndarray) -> dict[str, Any]:
    inputs, models = origin.inputs, origin.models
    compared = rankings(inputs, models, origin.facts)
    people = inputs.features.population.to_numpy()
    draws = models.rates
    usual = inputs.observed.total / max(float(inputs.table()["paparan"].sum()), 1e-9)
    entries = []
    for key, ranking in compared.items():
        entry: dict[str, Any] = {"key": key, **hit_rates(ranking, then, LISTS)}
        if key in ("published", "full"):
            rates = draws if key == "published" else models.full.sample(DRAWS)
            entry["log_score"] = log_score(then, rates, people)
        elif key in ("population", "gamma_eb", "kernel_rate", "released_rate"):
            rate = np.full(len(people), usual) if key == "population" else (ranking + 0.05 * usual * people) / people
            entry["log_score"] = log_score(then, rate, people)
        entries.append(entry)
    kec = inputs.frame["kode_kec"].to_numpy(str)
    inside = covered(then, draws, people)
    listed = top(compared["published"], LISTS[0])
    against = {
        key: [paired(compared["published"], ranking, then, kec, n) for n in LISTS]
        for key, ranking in compared.items()
        if key not in ("published", "full")
    }
    raw = {
        "hits": {key: [float(then[top(one, n)].sum() / then.sum()) for n in LISTS] for key, one in compared.items()},
        "behind": {key: [one.pop("behind") for one in found] for key, found in against.items()},
    }
    return {
        "rankings": entries,
        "paired": against,
        "coverage_90": round(float(inside.mean()), 3),
        "coverage_90_top": round(float(inside[listed].mean()), 3),
        "expected_top": round(float(compared["published"][listed].sum()), 1),
        "cases_top": rounded(then[listed].sum()),
        "raw": raw,
    }


def verdict(years: list[dict[str, Any]]) -> Verdict:
    """The verdict over all test years, from raw counts: what is rounded or hidden when shown decides nothing.

    A single year is noise; one alone never makes the score step back. ``tested`` 0 is no verdict.
    """
    mean = _mean_hits(years)
    if "published" not in mean:
        return {"tested": 0, "beaten_by": [], "surely": [], "fallback": None}
    ahead = sorted(
        (key for key, hit in mean.items() if key not in ("published", "full") and hit > mean["published"]),
        key=lambda key: -mean[key],
    )
    surely = [key for key in ahead if _worse(years, key) >= SURELY and len(years) > 1]
    fallback = next((key for key in surely if key not in TELLING), None)
    return {"tested": len(years), "beaten_by": ahead, "surely": surely, "fallback": fallback}


def _hits_of(year: dict[str, Any]) -> dict[str, list[float]]:
    """Shares of the year's cases in each list; a ranking with a share that is hidden has none."""
    if "raw" in year:
        return dict(year["raw"]["hits"])
    shown = {one["key"]: [one[f"hit_{n}"] for n in LISTS] for one in year["rankings"]}
    return {key: hits for key, hits in shown.items() if None not in hits}


def _mean_hits(years: list[dict[str, Any]]) -> dict[str, float]:
    hits: dict[str, list[float]] = {}
    for year in years:
        for key, shares in _hits_of(year).items():
            hits.setdefault(key, []).extend(shares)
    whole = len(years) * len(LISTS)
    return {key: float(np.mean(values)) for key, values in hits.items() if len(values) == whole}


def _worse(years: list[dict[str, Any]], key: str) -> float:
    """Mean share of resamples in which the baseline hits more than the published score."""
    behind = [
        year["raw"]["behind"].get(key, [])
        if "raw" in year
        else [1 - one["better"] for one in year["paired"].get(key, [])]
        for year in years
    ]
    return float(np.mean([one for found in behind for one in found] or [0.0]))


def cold_start(inputs: Inputs, truth: pd.Series | None, pairs: pd.DataFrame | None, seed: int = 0) -> dict[str, Any]:
    """What the model says of kabupaten that report nothing: each is left out once, with the kecamatan that touch it.

    ``truth``: true expected cases by village where known, else recorded ones stand in. ``pairs``: neighbouring
    kecamatan (`geo.proximity.adjacency.area_pairs`). Cases in the list (the first tenth of each fold's villages) over
    those in the best list, for ``model`` (the full one) and ``population``; ``coverage_90`` of true rates, where known.
    """
    from sklearn.model_selection import GroupKFold  # scoring needs none of it

    X, year = inputs.table(), inputs.a_year()
    value = (inputs.observed.village if truth is None else truth).to_numpy(float)
    people = inputs.features.population.to_numpy()
    folds = min(COLD_FOLDS, X["kab"].nunique())
    if folds < 2 or inputs.observed.village.sum() <= 0:
        return {}
    got = dict.fromkeys(("model", "population", "best"), 0.0)
    inside: list[bool] = []
    for _, hidden in GroupKFold(folds, shuffle=True, random_state=seed).split(X, groups=X["kab"]):
        gone = set(X["kec"].iloc[hidden])
        blind = without_kecamatan(inputs, gone | _touching(gone, pairs))
        if blind.observed.total <= 0:
            continue
        model = fit_models(blind, seed).full
        expected = model.predict(year)
        n = max(1, round(COLD_SHARE * len(hidden)))
        for key, ranking in (("model", expected), ("population", people), ("best", value)):
            got[key] += float(value[hidden][top(ranking[hidden], n)].sum())
        if truth is not None:
            low, high = np.quantile(model.sample(DRAWS)[:, hidden] * people[hidden], [0.05, 0.95], axis=0)
            inside += list((low <= value[hidden]) & (value[hidden] <= high))
    if got["best"] <= 0:
        return {}
    out: dict[str, Any] = {key: round(got[key] / got["best"], 2) for key in ("model", "population")}
    return out | {"folds": folds, "coverage_90": round(float(np.mean(inside)), 2) if inside else None}


def without_kecamatan(inputs: Inputs, gone: set[str]) -> Inputs:
    """The inputs as if nobody had watched these kecamatan, nor what is known of their kabupaten as a whole."""
    observed = inputs.observed
    villages = observed.village.index.str[:8].isin(list(gone))
    kabs = {kec[:5] for kec in gone}
    seen = replace(
        observed,
        village=observed.village.where(~villages, 0.0),
        years=observed.years.where(~observed.years.index.str[:8].isin(list(gone)), 0.0),
        kecamatan=observed.kecamatan.where(~observed.kecamatan.index.isin(list(gone)), 0.0),
        kabupaten=observed.kabupaten.where(~observed.kabupaten.index.isin(list(kabs)), 0.0),
    )
    return replace(inputs, observed=seen)


def _touching(kecamatan: set[str], pairs: pd.DataFrame | None) -> set[str]:
    if pairs is None:
        return set()
    near = pairs[pairs["a"].isin(kecamatan) ^ pairs["b"].isin(kecamatan)]
    return (set(near["a"]) | set(near["b"])) - kecamatan
