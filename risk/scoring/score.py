"""From what is stored to a score table: read, fit, rank, explain, grade, and store a new version of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from data.domain.levels import DRAWN, LEVELS, Level
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.composition import boundary_in_force
from risk import pairs
from risk.estimator.hierarchy import HierarchicalPoisson
from risk.evaluation.baselines import baselines
from risk.evaluation.ledger import keep_account
from risk.scoring import reporting
from risk.scoring.bands import bands, quality_grades
from risk.scoring.choices import choices
from risk.scoring.classes import locked_classes
from risk.scoring.evidence import area_evidence, learned_at, located, told_apart, village_evidence
from risk.scoring.inputs import DRAWS, Inputs, Models, build_inputs, fit_models, read_store
from risk.scoring.ranks import rank_table, rate_table
from risk.scoring.reasons import Grounds, clear_factors, grounds, instead_of_reasons, of_areas, reasons
from risk.scoring.released import released_cells
from risk.scoring.standing import STANDING, standing_ranking

METHOD = 3
"""Number of the way scores are graded and banded; versions of different methods are not compared. 2: evidence by level,
published figures exact. 3: what nothing tells apart shares a band."""
FEWEST_TOP = 3
"""Kecamatan or kabupaten called the top at least, however few villages a campaign reaches."""
STEPS = ("baca", "model", "urut", "simpan")
"""What ``tell`` of `score` hears, in this order."""
LARGER = (Level.KECAMATAN, Level.KABUPATEN)
"""Levels scored as the sums of their villages."""


def score(
    store: Store,
    workspace: Workspace,
    *,
    n_top: int = 100,
    seed: int = 0,
    user: str = "",
    tell: Callable[[str], None] = lambda step: None,
    then: Callable[[str, Inputs], None] = lambda versi, inputs: None,
) -> str:
    """Compute and store a new score version for all villages, kecamatan and kabupaten; returns its name.

    What is stored for readers (score, interval, P(top), band, reasons, grade) comes from the published model, which
    knows released totals only (`risk.scoring.released`); the full model's numbers go to the internal column.
    ``n_top`` is the number of villages a campaign reaches; larger areas get the same share, at least three.
    Nothing is tested here: how good the version is, `risk.evaluation.evaluate` finds out afterwards and keeps beside
    it. Where an evaluation found that simple rankings surely beat the model (`standing_ranking`), the best of those
    that may be published takes its place, and the reasons say so. What the office chose (`risk.scoring.choices`)
    holds: a curve adds the second list, for cases that are not reported (`risk.scoring.reporting`); a ranking stands in
    the model's place. ``tell`` hears each of `STEPS`; ``then`` gets the name of the version once it is stored and what
    it was computed from. Raises `risk.scoring.inputs.NoCases` (``NO_CASES``) when there is
    nothing to learn from, `WrongUse` (``RANKING_MISSING``) when the chosen ranking's figures are not there.
    """
    tell("baca")
    data = store.input_version()  # asked before anything is read: what comes in meanwhile makes this version an old one
    frame, facts, graph = read_store(store, workspace)
    inputs = build_inputs(frame, facts, graph)
    tell("model")
    models = fit_models(inputs, seed)
    tell("urut")
    chosen = choices(store)
    standing = "" if chosen.ranking else standing_ranking(store)
    simple = baselines(inputs, facts) if chosen.ranking or standing else {}
    if chosen.ranking and chosen.ranking not in simple:
        raise WrongUse("RANKING_MISSING", value=chosen.ranking)
    standing = standing if standing in simple else ""
    instead = chosen.ranking or standing
    villages = village_scores(inputs, models, n_top, simple[instead] if instead else None)
    table = pd.concat([villages.table, *(larger(inputs, villages, level, n_top) for level in LARGER)])
    if instead:
        why = instead_of_reasons(f"{'pilihan' if chosen.ranking else 'cadangan'}.{instead}")
        table["alasan"] = pd.Series([[why]] * len(table), table.index)
    boundary = boundary_in_force(store, workspace)
    contoh = inputs.observed.data_contoh or inputs.features.data_contoh
    meta = {
        "user": user,
        "input_version": data,
        "boundary_version": boundary.version if boundary else "",
        "n_top": n_top,
        "params": _params(inputs, models, seed) | {"kelas": locked_classes(table, store.scores.version(), contoh)},
        "evaluation": {"choice": asdict(chosen), STANDING: standing},
        "data_contoh": contoh,
    }
    curve = reporting.Curve.parse(chosen.curve) if chosen.curve else None
    second = curve and reporting.second_list(
        curve, frame.set_index("kode"), store.records.read("titik"), villages.expected, villages.draws, n_top, seed
    )
    tell("simpan")
    versi = store.scores.save(meta, table)
    strength, clear = villages.grounds.strength, clear_factors(villages.grounds)
    if instead:
        strength = pairs.of_ranking(villages.expected, inputs.features.population)
        clear = list(strength.columns)
    kept = pairs.kept(villages.table["kode"].tolist(), villages.expected, villages.draws, strength, clear)
    store.results.save(pairs.RESULT, versi, kept)
    if second:
        store.results.save(reporting.RESULT, versi, second)
    keep_account(store, workspace, versi, read=(frame, facts, graph))
    then(versi, inputs)
    return versi


@dataclass(frozen=True)
class VillageScores:
    """The village rows of the score table, with what larger areas are computed from."""

    table: pd.DataFrame
    expected: np.ndarray
    draws: np.ndarray
    grounds: Grounds
    evidence: pd.Series


def village_scores(inputs: Inputs, models: Models, n_top: int, instead: np.ndarray | None = None) -> VillageScores:
    """One row per village: ``level, kode, skor, skor_bawah, skor_atas, p_top, n_top, prioritas, kualitas_data,
    tingkat_bukti, alasan, internal``. ``instead``: a simple ranking that takes the published model's place; it keeps
    the model's total and its relative uncertainty."""
    X = inputs.a_year()
    people = inputs.features.population
    expected = models.published.predict(X)
    draws = models.rates * people.to_numpy()
    if instead is not None:
        simple = np.maximum(instead, 1e-9 * people.to_numpy())
        simple = simple * expected.sum() / simple.sum()
        expected, draws = simple, draws * (simple / expected)
    kab = inputs.frame.set_index("kode")["kode_kab"]
    years = inputs.observed.calendar_years.reindex(X.index)
    known = located(inputs.observed, X.index, Level.DESA)
    grade = quality_grades(years, inputs.features.borrowed(), kab.map(inputs.observed.precision["desa"]), known)
    cell = released_cells(inputs.observed).of_village.reindex(X.index)
    evidence = village_evidence(inputs.observed, cell, models.published.standing, inputs.features)
    published = models.published.model
    coefficients = {
        str(name): (float(mean), float(sd))
        for name, mean, sd in zip(published.covariate_names_, published.coef_, published.coef_sd_, strict=True)
    }
    why = grounds(
        published.decompose(X),
        people,
        inputs.features,
        inputs.observed.sources[0],
        coefficients,
        models.rates * people.to_numpy(),
    )
    table = (
        rank_table(expected, draws, n_top)
        .join(rate_table(expected, draws, people.to_numpy()))
        .assign(
            level="desa",
            kode=X.index,
            n_top=n_top,
            prioritas=bands(told_apart(expected, people.to_numpy(), evidence), grade.to_numpy(), n_top),
            kualitas_data=grade.to_numpy(),
            tingkat_bukti=evidence.to_numpy(),
            alasan=reasons(why).to_numpy(),
            internal=pd.Series(_internal(X, people.to_numpy(), models.full, n_top), dtype=object),
        )
    )
    return VillageScores(table, expected, draws, why, evidence)


def larger(inputs: Inputs, villages: VillageScores, level: Level, n_top: int) -> pd.DataFrame:
    """Rows of a larger level: expected cases and draws are sums over villages; figures are its own
    when most of its people live in villages whose figures are of that level or finer."""
    area = inputs.frame.set_index("kode")[level.column]
    code, names = pd.factorize(area, sort=True)
    member = sparse.csr_matrix((np.ones(len(code)), (code, np.arange(len(code)))))
    expected = member @ villages.expected
    n = min(max(FEWEST_TOP, round(n_top * len(names) / len(code))), len(names))
    people = inputs.features.population
    kab = pd.Series(names, names).str[:5]
    borrowed = _of_most_people(inputs.features.borrowed(level), area, people).loc[names]
    years = inputs.observed.calendar_years.groupby(area).median()[names]
    known = located(inputs.observed, pd.Index(names), level)
    grade = quality_grades(years, borrowed, kab.map(inputs.observed.precision[level]), known)
    evidence = area_evidence(villages.evidence, area, people, level)[names]
    at_home = member @ people.to_numpy()
    join = ("kecamatan", "kabupaten") if level == Level.KABUPATEN else None
    why = of_areas(villages.grounds, area, people, borrowed, join=join)
    draws = (member @ villages.draws.T).T
    return (
        rank_table(expected, draws, n)
        .join(rate_table(expected, draws, at_home))
        .assign(
            level=str(level),
            kode=names,
            n_top=n,
            prioritas=bands(told_apart(expected, at_home, evidence), grade.to_numpy(), n),
            kualitas_data=grade.to_numpy(),
            tingkat_bukti=evidence.to_numpy(),
            alasan=reasons(why)[names].to_numpy(),
            internal=pd.Series([{}] * len(names), dtype=object),
        )
    )


def _of_most_people(flags: pd.DataFrame, area: pd.Series, people: pd.Series) -> pd.DataFrame:
    """Per area, flags that hold for more than half of its people."""
    share = people / people.groupby(area).transform("sum")
    return flags.mul(share, axis=0).groupby(area).sum() > 0.5


def _internal(X: pd.DataFrame, people: np.ndarray, full: HierarchicalPoisson, n_top: int) -> list[dict[str, Any]]:
    """What only the risk room reads: the full model's expected cases, rate per 1,000, percentile and P(top)."""
    expected = full.predict(X)
    ranks = rank_table(expected, full.sample(DRAWS) * people, n_top)
    return [
        {
            "harapan": round(float(mean), 5),
            "per_1000": round(float(mean / n * 1000), 5),
            "skor": round(float(place), 2),
            "p_top": round(float(chance), 3),
        }
        for mean, n, place, chance in zip(expected, people, ranks["skor"], ranks["p_top"], strict=True)
    ]


def _estimated(inputs: Inputs) -> dict[str, float]:
    """By level the share of areas whose people are not known at that level or below, but guessed for their villages."""
    rank = {str(one): i for i, one in enumerate(LEVELS)}
    coarse = inputs.features.level["penduduk"].map(rank).fillna(len(rank))
    places = inputs.frame.set_index("kode", drop=False)
    return {
        str(one): round(float((coarse > rank[one]).groupby(places[one.column].to_numpy()).any().mean()), 3)
        for one in DRAWN
    }


def _params(inputs: Inputs, models: Models, seed: int) -> dict[str, Any]:
    """What the model page tells of this version; nothing in it is a village's.

    ``kasus_sampai``: the finest level that enough cases are known to.
    Of each covariate ``mengurutkan``: whether it orders villages within what was summed, ``dasar``: why or why not
    (`Standing.why`), ``dipelajari``: the level of the cases it was learned from.
    """
    period = inputs.observed.period
    borrowed = inputs.features.borrowed()
    standing = models.published.standing
    return {
        "metode": METHOD,
        "seed": seed,
        "draws": DRAWS,
        "covariates": {
            str(name): {
                "coef": float(f"{mean:.2g}"),
                "sd": float(f"{sd:.2g}"),
                "sumber": inputs.features.sources[str(name)],
                "borrowed": round(float(borrowed[str(name)].mean()), 3),
                "mengurutkan": standing[str(name)].orders,
                "dasar": standing[str(name)].why,
                "dipelajari": str(standing[str(name)].learned),
            }
            for name, mean, sd in zip(
                models.full.covariate_names_, models.full.coef_, models.full.coef_sd_, strict=True
            )
        },
        "variance_components": {k: float(f"{v:.2g}") for k, v in models.full.variance_components_.items()},
        "neighbour_field": models.full.graph is not None,
        "taksiran": _estimated(inputs),
        "kasus_sampai": str(learned_at(inputs.observed)),
        "case_sources": inputs.observed.sources[:20],
        "period": [str(day.date()) for day in period] if period else None,
        "converged": bool(models.full.converged_ and models.published.model.converged_),
    }
