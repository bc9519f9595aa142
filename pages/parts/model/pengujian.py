"""An evaluation that goes on in the server while whoever asked for it does something else."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from data.domain.actor import Actor
from data.errors import PetaAmanError
from data.workspace import Workspace


@dataclass
class Evaluating:
    """``stage`` is one of running, done, failed; ``step`` one of `risk.evaluation.evaluate.STEPS`, ``share`` 0–1.
    ``fault``: the number of a fault; ``refusal``: what was wrong with the data, where that is known. ``again``: asked
    for once more meanwhile, for a score that was not there when it began."""

    stage: str = "running"
    step: str = "siap"
    share: float = 0.0
    fault: str = ""
    refusal: PetaAmanError | None = None
    again: bool = False
    thread: threading.Thread | None = None


_under_way: dict[str, Evaluating] = {}
_lock = threading.Lock()


def begin(actor: Actor, workspace: Workspace) -> Evaluating:
    """Begins to evaluate the newest score of ``workspace`` for ``actor``; one that is under way goes on, and begins
    anew when it has ended."""
    with _lock:
        now = _under_way.get(_name(workspace))
        if now is not None and now.stage == "running":
            now.again = True
            return now
        made = _under_way[_name(workspace)] = Evaluating()
        made.thread = threading.Thread(target=_run, args=(made, actor, workspace), name="evaluate", daemon=True)
        made.thread.start()
        return made


def under_way(workspace: Workspace) -> Evaluating | None:
    """The evaluation of ``workspace`` that was begun last in this server and is not put away; None without one."""
    return _under_way.get(_name(workspace))


def put_away(workspace: Workspace) -> None:
    """Forgets an evaluation that has ended."""
    with _lock:
        found = _under_way.get(_name(workspace))
        if found is not None and found.stage != "running":
            del _under_way[_name(workspace)]


def _name(workspace: Workspace) -> str:
    return str(workspace.path.resolve())


def _run(made: Evaluating, actor: Actor, workspace: Workspace) -> None:
    from campaign.model.scoring import evaluate_score
    from pages.serving import faults

    def tell(step: str, share: float) -> None:
        made.step, made.share = step, share

    try:
        store = workspace.store()
        try:
            evaluate_score(actor, store, workspace, tell)
        finally:
            store.close()
    except PetaAmanError as error:
        made.refusal, made.stage = error, "failed"
    except Exception as error:
        made.fault, made.stage = faults.note(error), "failed"
    else:
        with _lock:
            again, made.again = made.again, False
            if not again:
                made.stage = "done"
        if again:
            _run(made, actor, workspace)
