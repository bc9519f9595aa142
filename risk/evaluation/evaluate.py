"""How good a score is: against a known truth (DATA CONTOH) or against the year that followed (real data).

Baselines are always there. A ranking's *share of oracle* is the expected cases in its list over those in the best
possible list of that length; its *hit rate* the share of next year's recorded cases that fell in its list, from
released numbers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from data.demo.facts import demo_truth
from data.store.store import Store
from data.workspace import Workspace
from risk.clusters.hotspots import hotspots
from risk.evaluation.baselines import rankings
from risk.evaluation.known import FrameAt, Origins
from risk.evaluation.levels import by_level
from risk.evaluation.metrics import LISTS, against
from risk.evaluation.validation import as_shown, cold_start, rolling, verdict
from risk.scoring.inputs import Inputs, Models, build_inputs, fit_models, read_store
from risk.scoring.ranks import rank_table, top
from risk.scoring.standing import RESULT

Progress = Callable[[str, float], None]
STEPS = ("siap", "tahun", "rahasia", "dingin", "sumber", "konsentrasi", "urut")
"""The last one only where the verdict asks for another order (`campaign.model.scoring.evaluate_score`)."""


def _silent(step: str, share: float) -> None:
    """Nobody waits."""


def evaluate(store: Store, workspace: Workspace, user: str = "", progress: Progress = _silent) -> dict[str, Any]:
    """The whole evaluation of what is stored now, as plain values, kept with the newest score version when that was
    made from the same data; takes some seconds. What is known after the step ``tahun`` is kept at once, so that a
    verdict stands also when nobody waits for the rest.

    ``mode`` is "truth" when all cases are DATA CONTOH (its truth is known), else "rolling". ``rankings``: one entry
    per ranking with ``key`` and its figures, the published score first. ``rolling``: by test year, models fitted
    to what was known before them only. ``levels``, ``price``: see `summary`.
    ``verdict``: does the score beat the simple rankings (`risk.evaluation.validation.verdict`).
    ``cold_start``: kabupaten that report nothing. ``disclosure``: ways to keep a village's count out of the score, what
    each costs in targeting and what an attacker gains from it; ``band_changes``: share of villages whose band one more
    case would change. ``fairness``, ``feedback``, ``sources``, ``released``: see `risk.evaluation.fairness`.
    ``tanggal``: today. ``progress`` is told each step (of `STEPS`) and the share done.

    Raises `risk.scoring.inputs.NoCases`.
    """
    from geo.proximity.adjacency import area_pairs  # geometry libraries take a second to import
    from geo.proximity.travel import travel_table
    from risk.evaluation.fairness import feedback, groups_of, reached, released_by_year, without_each_source
    from risk.evaluation.price import band_changes, disclosure

    progress("siap", 0.0)
    version, data = store.scores.version(), store.input_version()
    frame, facts, graph = read_store(store, workspace)
    inputs = build_inputs(frame, facts, graph)
    models = fit_models(inputs)
    truth = truth_of(inputs)
    n_top = version.n_top if version else LISTS[0]

    def keep(so_far: dict[str, Any]) -> None:
        if version is not None and version.input_version == data == store.input_version():
            store.results.save(RESULT, version.versi, so_far, user)

    progress("tahun", 0.1)
    at = frames_of(store, workspace)
    origins = Origins(frame, facts, graph, at)
    years = rolling(frame, facts, graph, origins=origins)
    found = {
        "tanggal": dt.date.today().isoformat(),
        **summary(inputs, models, facts, years, origins),
        "rolling": as_shown(years),
    }
    keep(found)
    progress("rahasia", 0.3)
    found |= {"disclosure": disclosure(inputs, models, truth), "band_changes": band_changes(inputs, models)}
    progress("dingin", 0.6)
    island = travel_table(store, workspace).set_index("kode")["pulau"]
    reported = None if truth is None else truth["harapan_terlapor"]
    found |= {
        "cold_start": cold_start(inputs, reported, area_pairs(store, workspace, "kecamatan")),
        "fairness": reached(inputs, models, groups_of(inputs, island), n_top),
        "feedback": feedback(store.records.read("sesi"), frame, facts, origins),
        "released": released_by_year(inputs, facts),
    }
    progress("sumber", 0.7)
    found["sources"] = without_each_source(inputs, models, facts, n_top)
    progress("konsentrasi", 0.8)
    hotspots(store, workspace, user=user)  # kept by itself, for the map
    keep(found)
    return found


def evaluate_briefly(store: Store, workspace: Workspace, user: str = "") -> dict[str, Any]:
    """`summary` of what is stored now without the years, kept with the newest score version: for DATA CONTOH, whose
    truth is known at once. Raises `risk.scoring.inputs.NoCases`."""
    frame, facts, graph = read_store(store, workspace)
    inputs = build_inputs(frame, facts, graph)
    found = summary(inputs, fit_models(inputs), facts)
    store.results.save(RESULT, store.scores.needed_version().versi, found, user)
    return found


def summary(
    inputs: Inputs,
    models: Models,
    facts: pd.DataFrame,
    years: list[dict[str, Any]] | None = None,
    origins: Origins | None = None,
) -> dict[str, Any]:
    """The first part of an evaluation: rankings against the truth where it is known, else against the last year
    with the verdict over all test years, and ``levels`` and ``price`` (`risk.evaluation.levels.by_level`). A verdict
    is there only when something was tested.

    ``years`` as `risk.evaluation.validation.rolling` gives them, and the ``origins`` they were tested from.
    """
    truth = truth_of(inputs)
    judged: dict[str, Any] = {"lists": list(LISTS)}
    if years:
        judged["verdict"] = verdict(years)
    if origins is not None:
        judged["levels"], judged["price"] = by_level(origins)
    if truth is None:
        last = as_shown(years)[0] if years else {"rankings": [], "year": None}
        return {"mode": "rolling", **judged, "rankings": last["rankings"], "test_year": last["year"]}
    entries = [{"key": key, **against(truth, one)} for key, one in rankings(inputs, models, facts).items()]
    return {"mode": "truth", **judged, "rankings": entries, "calibration": calibration(inputs, models, truth)}


def frames_of(store: Store, workspace: Workspace) -> FrameAt:
    """The village frame as it was known before a day, from what is stored now."""

    def known_by(day: pd.Timestamp) -> pd.DataFrame:
        from geo.frame import village_frame

        return village_frame(store, workspace, geometry=False, known_by=day)

    return known_by


def truth_of(inputs: Inputs) -> pd.DataFrame | None:
    """DATA CONTOH's truth in the frame's order when every village record is DATA CONTOH, else None."""
    named = (re.search(r"DATA CONTOH.*benih (\d+)", source) for source in inputs.observed.sources)
    seeds = {found[1] for found in named if found}
    if len(seeds) != 1 or not inputs.observed.data_contoh:
        return None
    # what was invented depends on what the gazetteer itself knows of people
    gazetteer = inputs.frame.assign(penduduk=inputs.frame["penduduk_gazetir"])
    return demo_truth(gazetteer, int(seeds.pop())).set_index("kode").reindex(gazetteer["kode"])


def calibration(inputs: Inputs, models: Models, truth: pd.DataFrame, n_top: int = 100) -> dict[str, Any]:
    """Does the published model know how sure it is: coverage of its 90 % intervals, claimed and real top members."""
    people = inputs.features.population.to_numpy()
    expected = models.published.predict(inputs.a_year())
    draws = models.rates * people
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
