"""The acts around the score: compute it, judge it, find hot spots, choose what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from campaign.permission import act
from data.domain.actor import Actor
from data.domain.levels import Level
from data.domain.roles import Act
from data.store.store import Store
from data.workspace import Workspace

STEP_TEXTS = {
    "baca": "langkah.skor.baca",
    "model": "langkah.skor.model",
    "urut": "langkah.skor.urut",
    "simpan": "langkah.skor.simpan",
    "bocor": "langkah.skor.bocor",
}
"""The text key of each step of `risk.evaluation.leak_verdict.score_and_test`."""


@act(Act.SCORE)
def compute_score(
    actor: Actor,
    store: Store,
    workspace: Workspace,
    *,
    n_top: int = 100,
    tell: Callable[[str], None] = lambda key: None,
) -> str:
    """Computes a new score version from what is stored, tests whether it gives counts away, and returns its name.

    The verdict on leaks is kept with the version; what leaves the office later only reads it. How good the version is
    stays untold until `evaluate_score`. ``tell`` hears the text key of each step. Raises as
    `risk.scoring.score.score`.
    """
    from risk.evaluation.leak_verdict import score_and_test

    return score_and_test(store, workspace, n_top=n_top, user=actor.name, tell=lambda step: tell(STEP_TEXTS[step]))


@act(Act.EVALUATE)
def evaluate_score(
    actor: Actor, store: Store, workspace: Workspace, tell: Callable[[str, float], None] | None = None
) -> dict[str, Any]:
    """How good the newest score is, in full; kept with its version. ``tell`` hears each step and the share done.

    Where the verdict wants another order than the version has (a simple ranking in the model's place, or the model
    back), a new version is computed at once, and the evaluation is kept with that too. What the office chose itself
    stays.
    """
    from risk.evaluation.evaluate import evaluate
    from risk.evaluation.leak_verdict import score_and_test
    from risk.scoring.standing import RESULT, ranking_of, standing_ranking

    tell = tell or (lambda step, share: None)
    found = evaluate(store, workspace, actor.name, tell)
    version, data = store.scores.version(), store.input_version()
    if version is None or version.input_version != data or store.results.get(RESULT, version.versi) is None:
        return found  # other data came in meanwhile: what was found says nothing of a score of those
    chosen = (version.evaluation.get("choice") or {}).get("ranking")
    if not chosen and standing_ranking(store) != ranking_of(version):
        tell("urut", 0.9)
        versi = score_and_test(store, workspace, n_top=version.n_top, user=actor.name)
        made = store.scores.version(versi)
        if made is not None and made.input_version == data:
            store.results.save(RESULT, versi, found, actor.name)
    return found


@act(Act.FIND_HOTSPOTS)
def find_hotspots(actor: Actor, store: Store, workspace: Workspace, level: Level = Level.DESA) -> pd.DataFrame:
    """Hot spots of what is stored now, as `risk.clusters.hotspots.hotspots`; computed once a state of the data."""
    from risk.clusters.hotspots import hotspots

    return hotspots(store, workspace, level, actor.name)


@act(Act.ASSUME_REPORTING)
def assume_reporting(actor: Actor, store: Store, curve: str) -> None:
    """Keeps the reporting curve that the scores to come assume; an empty text drops it. Raises as `Curve.parse`."""
    from risk.scoring.choices import choose_curve

    choose_curve(store, curve, actor.name)


@act(Act.RETIRE_MODEL)
def retire_model(actor: Actor, store: Store, ranking: str, reason: str = "") -> None:
    """Puts a simple ranking in the model's place for the scores to come; an empty name brings the model back.

    Raises `WrongUse` (``UNKNOWN_RANKING``), and as `data.remarks.remark` for the reason.
    """
    from risk.scoring.choices import choose_ranking

    choose_ranking(store, ranking, reason, actor.name)
