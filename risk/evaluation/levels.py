"""Rolling evaluation at every level: models and simple rivals against the years that followed, desa to kabupaten.

``log_score`` is nat per case: the mean log of the share of all cases that was predicted for the area where a case then
was. Shares make a recap of half a year and one of a whole year comparable, and a rival needs no guess of the total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from data.disclosure import SMALLEST, rounded
from data.domain.levels import DRAWN, Level
from risk.estimator.hierarchy import HierarchicalPoisson
from risk.evaluation.baselines import gamma_rate
from risk.evaluation.known import EvaluationOrigin, Origins
from risk.evaluation.predictive import Forecast, alarm, forecast, pit_shares
from risk.evaluation.series import YearTest, by_year, counted, spread, tests_of
from risk.scoring.inputs import DRAWS
from risk.scoring.observed import CASE_KINDS
from risk.scoring.ranks import top
from risk.scoring.released import Published

METHODS = ("full", "published", "eb", "last_year", "mean", "past_counts", "population", "poverty")
SIMPLE = METHODS[2:]
PSEUDO = 5.0
"""Cases of prior knowledge per kabupaten in ``eb``, shared out by population; finer levels learn their prior."""
HALF = 0.5
"""Cases spread by population under every rival made of counts: a place without a case yet is not impossible."""
LIST = {Level.DESA: 100, Level.KECAMATAN: 9, Level.KABUPATEN: 3}
"""Length of the list whose share of cases is told: what a campaign reaches, and its share of larger areas."""
GROUPS_SHOWN = 10


@dataclass(frozen=True)
class Tested:
    """One year of one kind at one level. ``predicted`` by method: what stands for expected cases, by area; ``then`` the
    cases that came; ``forecasts`` of the two models. Raw: only `shown` may leave the room."""

    test: YearTest
    level: Level
    dated: bool
    codes: np.ndarray
    then: np.ndarray
    predicted: dict[str, np.ndarray]
    forecasts: dict[str, Forecast]

    @property
    def n_list(self) -> int:
        """Length of the list."""
        return min(LIST[self.level], len(self.codes))

    def hits(self, method: str) -> float:
        """Cases of the year in the method's list."""
        return float(self.then[top(self.predicted[method], self.n_list)].sum())

    def nat_per_case(self, method: str) -> float:
        """Mean log predicted share of the areas where cases were."""
        share = spread(np.maximum(self.predicted[method], 1e-12))
        return float(self.then @ np.log(share) / self.then.sum())

    def released(self, cases: float) -> float | str:
        """A number of cases as it may be told: as published where all is public, else by the disclosure rule."""
        return cases if self.test.public else rounded(cases)


def by_level(origins: Origins) -> tuple[dict[str, Any], dict[str, Any]]:
    """``levels`` and ``price`` of the evaluation, as plain values.

    A level: ``unit``, ``years``, ``methods`` (by name, means over tests: ``log_score``, ``spearman``, ``hit`` share of
    cases in the list, of the models also ``crps`` in cases and ``coverage_90``), ``tests`` (``kind, year, cases,
    dated, public``), ``left_out`` (by kind and year, why it tests nothing), ``pit`` (areas by fifth), ``alarm``
    (of the newest test), ``areas`` (public figures only: predicted, its range and recorded), ``groups`` (areas in ten
    groups by prediction). Levels without a test are absent. ``price``: see `price_of`.
    """
    levels: dict[str, Any] = {}
    finest: list[Tested] = []
    for level in DRAWN:
        tests, left_out = tests_of(origins.facts, Level(level))
        made = [one for one in (tested(origins, test, Level(level)) for test in tests) if one is not None]
        if made:
            levels[str(level)] = shown(made, left_out)
            finest = finest or made
    return levels, price_of(finest)


def tested(origins: Origins, test: YearTest, level: Level) -> Tested | None:
    """One test, or None when nothing was known before it."""
    origin = origins.of(test.year)
    if origin is None:
        return None
    frame, people = origin.inputs.frame, origin.inputs.features.population
    came = counted(origins.facts, frame, people, level, test.kind, origin.first, origin.last)
    looked = came.exposure.to_numpy() > 0
    then = came.cases.to_numpy()[looked]
    if then.sum() < SMALLEST:
        return None
    area = frame[level.column].to_numpy(str)
    codes = came.cases.index.to_numpy(str)
    member = pd.Index(codes).get_indexer(pd.Index(area))

    def summed(values: np.ndarray) -> np.ndarray:
        return np.asarray(np.bincount(member, values, len(codes)), float)[looked]

    window = np.divide(came.exposure.to_numpy(), np.bincount(member, people.to_numpy(), len(codes)))[looked]
    share = _share_of_kind(origin, test.kind, level)
    models: dict[str, HierarchicalPoisson | Published] = {
        "full": origin.models.full,
        "published": origin.models.published,
    }
    year = origin.inputs.a_year()
    predicted = {name: summed(model.predict(year)) * window * share for name, model in models.items()}
    forecasts = {}
    for name, model in models.items():
        draws = model.sample(DRAWS) * people.to_numpy()
        rates = np.stack([summed(one) for one in draws]) * share
        forecasts[name] = forecast(rates, window, then)
    simple = _simple(origin, test, level, looked)
    return Tested(test, level, test.kind not in origin.late, codes[looked], then, predicted | simple, forecasts)


def _share_of_kind(origin: EvaluationOrigin, kind: str, level: Level) -> float:
    """The part of all cases per person and year that is of the kind and known to ``level``, as it was known then; the
    models predict all kinds together, wherever they are known to."""
    frame, people = origin.inputs.frame, origin.inputs.features.population

    def rate(of_kind: str, known_to: Level) -> float:
        seen = counted(origin.facts, frame, people, known_to, of_kind)
        return float(seen.cases.sum() / max(seen.exposure.sum(), 1e-9))

    whole = sum(rate(one, Level.KABUPATEN) for one in CASE_KINDS)
    return rate(kind, level) / whole if whole > 0 else 1.0


def _simple(origin: EvaluationOrigin, test: YearTest, level: Level, looked: np.ndarray) -> dict[str, np.ndarray]:
    """Rivals from the tested series alone, as known then, and from what is public of places."""
    frame, people = origin.inputs.frame, origin.inputs.features.population
    past = counted(origin.facts, frame, people, level, test.kind)
    cases, exposure = past.cases.to_numpy(), past.exposure.to_numpy()
    area = frame[level.column].to_numpy(str)
    member = past.cases.index.get_indexer(pd.Index(area))
    size = np.asarray(np.bincount(member, people.to_numpy(), len(cases)), float)
    prior = spread(size)
    shrunk = gamma_rate(cases, exposure) * size
    if level == Level.KABUPATEN:
        shrunk = cases + PSEUDO * len(cases) * prior
    years = by_year(origin.facts, frame, people, level, test.kind, origin.first)
    each = [one.cases.to_numpy() for one in years.values()]
    floor = HALF * prior
    out = {
        "eb": shrunk,
        "last_year": (each[-1] if each else cases) + floor,
        "mean": (np.mean(each, axis=0) if each else cases) + floor,
        "past_counts": cases + floor,
        "population": size,
    }
    poor = origin.inputs.features.values.get("kemiskinan")
    if poor is not None:
        out["poverty"] = np.bincount(member, (poor * people).to_numpy(), len(cases)) / size
    return {name: np.asarray(values, float)[looked] for name, values in out.items()}


def shown(made: list[Tested], left_out: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Tests of one level as they may be stored and shown."""
    newest = made[0]
    pits = np.concatenate([one.forecasts["published"].pit() for one in made])
    public = [one for one in made if one.test.public]
    return {
        "unit": "nat_per_case",
        "n_list": newest.n_list,
        "years": sorted({one.test.year for one in made}),
        "methods": {name: _measures(made, name) for name in METHODS if all(name in one.predicted for one in made)},
        "tests": [
            {
                "kind": one.test.kind,
                "year": one.test.year,
                "cases": one.released(float(one.then.sum())),
                "dated": one.dated,
                "public": one.test.public,
            }
            for one in made
        ],
        "left_out": left_out,
        "pit": pit_shares(pits),
        "alarm": {"kind": newest.test.kind, "year": newest.test.year, **alarm(newest.forecasts["published"])},
        "areas": _areas(public[0]) if public and public[0].level == Level.KABUPATEN else [],
        "groups": _grouped(newest),
    }


def _measures(made: list[Tested], name: str) -> dict[str, float | None]:
    hits, whole = sum(one.hits(name) for one in made), sum(float(one.then.sum()) for one in made)
    if not all(one.test.public for one in made):
        told = rounded(hits)
        hits, whole = (np.nan if isinstance(told, str) else float(told)), float(rounded(whole))
    out: dict[str, float | None] = {
        "log_score": round(float(np.mean([one.nat_per_case(name) for one in made])), 3),
        "spearman": _mean([_rank_correlation(one.predicted[name], one.then) for one in made]),
        "hit": None if np.isnan(hits) else round(min(hits / whole, 1.0), 3),
    }
    forecasts = [one.forecasts[name] for one in made if name in one.forecasts]
    if forecasts:
        inside = np.concatenate([(one.low <= one.then) & (one.then <= one.high) for one in forecasts])
        out["crps"] = round(float(np.mean(np.concatenate([one.crps() for one in forecasts]))), 4)
        out["coverage_90"] = round(float(inside.mean()), 3)
    return out


def _rank_correlation(predicted: np.ndarray, then: np.ndarray) -> float | None:
    """None where one of the two has no order."""
    if np.ptp(predicted) == 0 or np.ptp(then) == 0:
        return None
    return float(spearmanr(predicted, then).statistic)


def _mean(values: list[float | None]) -> float | None:
    """The mean to three decimals; None where one is not known, for a mean over fewer tests compares with no other."""
    known = [one for one in values if one is not None]
    return round(float(np.mean(known)), 3) if known and len(known) == len(values) else None


def _areas(one: Tested) -> list[dict[str, Any]]:
    """Predicted against recorded by area; figures that are public anyway."""
    found, mean = one.forecasts["published"], one.predicted["published"]
    return [
        {
            "kode": str(kode),
            "predicted": round(float(expected), 1),
            "low": int(low),
            "high": int(high),
            "recorded": int(then),
        }
        for kode, expected, low, high, then in zip(one.codes, mean, found.low, found.high, one.then, strict=True)
    ]


def _grouped(one: Tested) -> list[dict[str, Any]]:
    """The areas in ten groups by prediction: their ``predicted`` cases, its 90 % range and what was ``recorded``."""
    found, mean = one.forecasts["published"], one.predicted["published"]
    order = np.argsort(-mean, kind="stable")
    out = []
    for part in np.array_split(order, min(GROUPS_SHOWN, len(order))):
        drawn = found.drawn[:, part].sum(axis=1)
        low, high = np.quantile(drawn, [0.05, 0.95])
        recorded = one.released(float(one.then[part].sum()))
        out.append(
            {
                "areas": len(part),
                "predicted": round(float(mean[part].sum()), 1),
                "low": round(float(low)),
                "high": round(float(high)),
                "recorded": recorded,
            }
        )
    return out


def price_of(made: list[Tested]) -> dict[str, Any]:
    """What protecting villages costs on the office's own years, at the finest level that was tested.

    ``level, years, n`` (length of the list), ``cases``, and the share of those cases in the list of ``published``,
    ``full`` and ``past_counts``, with ``cost`` = full less published (of the shares, None where one is hidden) and
    ``log_cost`` in nat per case. Empty when nothing was tested.
    """
    if not made:
        return {}
    shares = {name: _measures(made, name)["hit"] for name in ("published", "full", "past_counts")}
    cases = sum(float(one.then.sum()) for one in made)
    ours, full = shares["published"], shares["full"]
    logs = {name: float(np.mean([one.nat_per_case(name) for one in made])) for name in ("published", "full")}
    return {
        "level": str(made[0].level),
        "years": sorted({one.test.year for one in made}),
        "n": made[0].n_list,
        "cases": cases if all(one.test.public for one in made) else rounded(cases),
        **shares,
        "cost": None if ours is None or full is None else round(full - ours, 3),
        "log_cost": round(logs["full"] - logs["published"], 3),
    }
