"""A verdict against the model takes effect when an evaluation finds it, and stays until another takes it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from campaign.model.card import model_card
from campaign.model.scoring import compute_score, evaluate_score
from campaign.reading.snapshot import Snapshot
from campaign.reading.summary import missing
from data.batches import BatchMeta
from data.demo.facts import demo_batches
from data.domain.actor import owner
from data.store.store import Store
from data.workspace import Workspace
from risk.evaluation import evaluate as evaluating
from risk.evaluation import validation
from risk.scoring import score as scoring
from risk.scoring.standing import RESULT

Fill = Callable[..., Store]
ACTOR = owner("uji")
LOST = {"tested": 2, "beaten_by": ["population"], "surely": ["population"], "fallback": "population"}


def order_of(store: Store) -> set[str]:
    return {rows[0]["faktor"] for rows in store.scores.table("desa")["alasan"]}


def test_a_verdict_against_the_model_takes_effect_when_it_is_found_and_stays_until_another(
    fill: Fill, province: pd.DataFrame, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fill(province, *demo_batches(province))
    found: dict[str, Any] = {"mode": "rolling", "lists": [100, 300], "rankings": [], "levels": {}, "price": {}}

    def evaluate(store: Store, workspace: Workspace, user: str, progress: Any) -> dict[str, Any]:
        store.results.save(RESULT, store.scores.needed_version().versi, found, user)
        return found

    monkeypatch.setattr(evaluating, "evaluate", evaluate)
    own = compute_score(ACTOR, store, workspace, n_top=20)
    assert order_of(store) != {"cadangan.population"}
    evaluate_score(ACTOR, store, workspace)
    assert store.scores.needed_version().versi == own, "nothing to change"

    found["verdict"] = LOST
    evaluate_score(ACTOR, store, workspace)
    instead = store.scores.needed_version()
    assert (instead.versi != own, instead.n_top, instead.evaluation["pengganti"]) == (True, 20, "population")
    assert order_of(store) == {"cadangan.population"}
    assert store.results.get(RESULT, instead.versi) == found
    assert store.results.get("uji_bocor", f"{instead.versi}:{instead.input_version}") is not None
    evaluate_score(ACTOR, store, workspace)
    assert store.scores.needed_version().versi == instead.versi, "the order is as the verdict wants it"

    again = compute_score(ACTOR, store, workspace, n_top=20)
    assert order_of(store) == {"cadangan.population"}, "what was retired does not come back untested"
    shown = Snapshot.load(workspace, store)
    assert not shown.tested
    assert {"kurang.belum_diuji", "kurang.model_masih_mundur"} <= {key for key, _ in missing(shown)}
    assert "belum diuji" in model_card(store).untested

    found["verdict"] = {**LOST, "beaten_by": [], "surely": [], "fallback": None}
    evaluate_score(ACTOR, store, workspace)
    assert store.scores.needed_version().versi != again
    assert order_of(store) != {"cadangan.population"}, "an evaluation that the model wins brings it back"


def test_years_that_retire_the_model_do_so_through_the_whole_evaluation(
    fill: Fill, province: pd.DataFrame, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fill(province, *demo_batches(province))
    monkeypatch.setattr(evaluating, "verdict", lambda years: LOST if len(years) > 1 else validation.verdict(years))
    compute_score(ACTOR, store, workspace, n_top=20)
    told: list[str] = []
    evaluate_score(ACTOR, store, workspace, lambda step, share: told.append(step))
    assert told == list(evaluating.STEPS)
    assert order_of(store) == {"cadangan.population"}
    assert Snapshot.load(workspace, store).tested


def test_other_data_that_come_in_while_it_is_tested_get_no_order_from_it(
    fill: Fill, province: pd.DataFrame, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fill(province, *demo_batches(province))
    more = store.facts.read("kasus").head(1)[["indikator", "level", "kode", "value", "period_start", "period_end"]]
    found: dict[str, Any] = {"mode": "rolling", "lists": [100], "rankings": [], "verdict": LOST, "price": {}}

    def evaluate(store: Store, workspace: Workspace, user: str, progress: Any) -> dict[str, Any]:
        store.results.save(RESULT, store.scores.needed_version().versi, found, user)
        store.facts.commit(BatchMeta("kasus", "kantor lain"), more.assign(value=more["value"] + 1))
        return found

    monkeypatch.setattr(evaluating, "evaluate", evaluate)
    own = compute_score(ACTOR, store, workspace, n_top=20)
    evaluate_score(ACTOR, store, workspace)
    assert store.scores.needed_version().versi == own
    assert "Hitung skor lagi" in model_card(store).verdict


def test_what_comes_in_while_a_score_is_computed_makes_it_an_old_one(
    fill: Fill, province: pd.DataFrame, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fill(province, *demo_batches(province))
    more = store.facts.read("kasus").head(1)[["indikator", "level", "kode", "value", "period_start", "period_end"]]

    def fit_models(*given: Any) -> Any:
        store.facts.commit(BatchMeta("kasus", "kantor lain"), more.assign(value=more["value"] + 1))
        return fit(*given)

    fit = scoring.fit_models
    monkeypatch.setattr(scoring, "fit_models", fit_models)
    scoring.score(store, workspace, n_top=20)
    assert store.scores.needed_version().input_version != store.input_version()
