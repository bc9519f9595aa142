"""Which simple ranking stands in the model's place, as the last evaluation would have it."""

from __future__ import annotations

from typing import Any

from data.domain.score_version import ScoreVersion
from data.store.store import Store

STANDING = "pengganti"
"""Name, in a version's ``evaluation``, of the ranking that stands in the model's place there; empty for the model."""
RESULT = "evaluasi"
"""Kind of result an evaluation is kept as, beside the version it is of."""


def ranking_of(version: ScoreVersion) -> str:
    """The ranking that an evaluation put in the model's place in ``version``; empty for none. Versions of programs that
    evaluated within the score have their verdict instead."""
    found = version.evaluation
    return str(found.get(STANDING) or fallback_of(found))


def fallback_of(found: dict[str, Any]) -> str:
    """The ranking that an evaluation wants in the model's place; empty where it wants none or nothing was tested."""
    return str((found.get("verdict") or {}).get("fallback") or "")


def was_evaluated(found: dict[str, Any]) -> bool:
    """Whether what is known of a version holds the outcome of an evaluation, of whatever kind."""
    return "mode" in found or "verdict" in found


def standing_ranking(store: Store) -> str:
    """What the next score has to use: what the newest version's evaluation wants, and while that version is not
    evaluated what it stands on itself. A ranking that an evaluation put there so stays until one takes it away."""
    version = store.scores.version()
    if version is None:
        return ""
    found = store.results.get(RESULT, version.versi)
    return ranking_of(version) if found is None else fallback_of(found)
