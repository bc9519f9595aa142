"""The kept verdict on a score version: made with the score, read before any file leaves. Light: no scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from data.errors import Refused
from data.store.store import Store
from data.workspace import Workspace

if TYPE_CHECKING:
    from risk.scoring.inputs import Inputs

STEP = "bocor"
"""What ``tell`` of `score_and_test` hears behind the steps of the score."""
RESULT = "uji_bocor"
NOTHING_TO_TELL: dict[str, Any] = {"measured": False, "read": {}, "gain": {}, "error": {}, "leaks": []}
"""The verdict where no case is known to a village: there is no count to give away."""


def score_and_test(
    store: Store,
    workspace: Workspace,
    *,
    n_top: int = 100,
    user: str = "",
    tell: Callable[[str], None] = lambda step: None,
) -> str:
    """Computes a new score version, tests it against what it was computed from, keeps both and returns its name.

    ``tell`` hears each of `risk.scoring.score.STEPS`, then `STEP`. Raises as `risk.scoring.score.score`.
    """
    from risk.scoring.score import score  # scipy takes a second to import

    def test(versi: str, inputs: Inputs) -> None:
        tell(STEP)
        version = store.scores.version(versi)
        read = version.input_version if version else ""
        store.results.save(RESULT, f"{versi}:{read}", _tested(store, workspace, versi, inputs), user)

    return score(store, workspace, n_top=n_top, user=user, tell=tell, then=test)


def leak_verdict(store: Store, workspace: Workspace, user: str = "", versi: str | None = None) -> dict[str, Any]:
    """The verdict (`risk.evaluation.leak.judge`) on the newest score version, or the one named; empty without one.

    `score_and_test` keeps it with the version. A version that came without a verdict is tested here against the counts
    now stored, which takes some seconds, and that is kept.
    """
    version = store.scores.version(versi)
    if version is None:
        return {}
    verdict: dict[str, Any] | None = store.results.get(RESULT, f"{version.versi}:{version.input_version}")
    if verdict is not None:
        return verdict
    key = f"{version.versi}:{store.input_version()}"
    verdict = store.results.get(RESULT, key)
    if verdict is None:
        verdict = _tested(store, workspace, version.versi)
        store.results.save(RESULT, key, verdict, user)
    return verdict


def guard(store: Store, workspace: Workspace, user: str = "", versi: str | None = None) -> dict[str, Any]:
    """`leak_verdict`, or `Refused` (``SCORE_LEAKS``) with the columns that betray counts when the version leaks."""
    verdict = leak_verdict(store, workspace, user, versi)
    if verdict and verdict["leaks"]:
        version = store.scores.version(versi)
        raise Refused("SCORE_LEAKS", version=version.versi if version else "", columns=", ".join(verdict["leaks"]))
    return verdict


def _tested(store: Store, workspace: Workspace, versi: str, inputs: Inputs | None = None) -> dict[str, Any]:
    if store.facts.read(jenis="kasus", level="desa").empty:
        return NOTHING_TO_TELL
    from risk.evaluation.leak import judge, secret_of  # scikit-learn's classifiers take a second to import
    from risk.scoring.inputs import build_inputs, read_store

    inputs = inputs or build_inputs(*read_store(store, workspace))
    return judge(store.scores.table("desa", versi).set_index("kode"), secret_of(inputs))
