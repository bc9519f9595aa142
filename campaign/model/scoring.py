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


@act(Act.SCORE)
def compute_score(
    actor: Actor, store: Store, workspace: Workspace, *, n_top: int = 100, tell: Callable[[str], None] | None = None
) -> str:
    """Computes a new score version from what is stored, tests whether it gives counts away, and returns its name.

    The verdict is kept with the version; what leaves the office later only reads it. ``tell`` hears the text key of the
    step that takes long. Raises as `risk.scoring.score.score`.
    """
    from risk.evaluation.leak_verdict import leak_verdict
    from risk.scoring.score import score  # scikit-learn takes a second to import

    versi = score(store, workspace, n_top=n_top, user=actor.name)
    if tell is not None:
        tell("siap.uji_bocor")
    leak_verdict(store, workspace, actor.name, versi)
    return versi


@act(Act.EVALUATE)
def evaluate_score(
    actor: Actor, store: Store, workspace: Workspace, tell: Callable[[str, float], None] | None = None
) -> dict[str, Any]:
    """How good the newest score is, in full; kept with its version. ``tell`` hears each step and the share done."""
    from risk.evaluation.evaluate import evaluate

    return evaluate(store, workspace, actor.name, tell or (lambda step, share: None))


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
