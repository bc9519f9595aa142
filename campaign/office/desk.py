"""What the office works with, as one of its people may see it: plans, lists, notes, corrections, origins of data, log.

Each is an act of seeing (`Act.SEE_WORK`). Plans, lists, corrections and the log hold what concerns the actor's areas;
notes on villages and origins of open data are read by the whole office. The public map and its score need no permission
and are not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from campaign.handover.lists import TargetList, list_of
from campaign.handover.log import handed_over
from campaign.office.notes import NOTE_COLUMNS, Note, notes_of
from campaign.permission import act
from campaign.planning.kept_plans import PLAN
from campaign.planning.plan_types import Plan
from data.domain.actor import Actor
from data.domain.roles import Act
from data.store.parts.requests import ChangeRequest

if TYPE_CHECKING:
    from campaign.intake.sources import Conflict
    from data.store.store import Store
    from data.workspace import Workspace


@act(Act.SEE_WORK, quiet=True)
def plans_of(actor: Actor, store: Store) -> dict[str, Plan]:
    """Kept plans all of whose villages lie in the actor's areas, by version, the newest first."""
    return {versi: plan for versi, plan in store.results.all(PLAN) if _mine(actor, plan)}


@act(Act.SEE_WORK, quiet=True)
def lists_of(actor: Actor, store: Store) -> list[TargetList]:
    """Frozen lists all of whose villages lie in the actor's areas, the newest first."""
    found = [list_of(store, row.versi) for row in store.lists.all()]
    return [one for one in found if _mine(actor, one.plan)]


@act(Act.SEE_WORK, quiet=True)
def list_to_decide(actor: Actor, store: Store, score_version: str) -> TargetList | None:
    """The list in force, or else the newest plan, that a briefing is about: the province's, or for whoever has areas
    the one for these."""
    from campaign.documents.briefing.note import newest_list

    if not actor.areas:
        return newest_list(store, score_version)
    return newest_list(store, score_version, lambda plan: _mine(actor, plan))


@act(Act.SEE_WORK, quiet=True)
def notes_seen(actor: Actor, notes: pd.DataFrame, kode: str) -> list[Note]:
    """Colleagues' notes on a village or the villages of an area, newest first; ``notes`` holds all."""
    return notes_of(notes, kode)


@act(Act.SEE_WORK, quiet=True)
def all_notes(actor: Actor, store: Store) -> pd.DataFrame:
    """Every note, the newest first."""
    return pd.DataFrame(store.notes.all(), columns=NOTE_COLUMNS)


@act(Act.SEE_WORK, quiet=True)
def requests_of(actor: Actor, store: Store) -> list[ChangeRequest]:
    """Corrections that villages of the actor's areas asked for, the newest first."""
    return store.requests.all(actor.areas)


@act(Act.SEE_WORK, quiet=True)
def log_of(actor: Actor, store: Store, *versions: str) -> pd.DataFrame:
    """Files that left (`campaign.handover.log.handed_over`); for somebody of an area those of its lists and plans."""
    found = handed_over(store, *versions)
    if not actor.areas:
        return found
    mine = {*plans_of(actor, store), *(one.versi for one in lists_of(actor, store))}
    return found[found["versi"].isin(mine)].reset_index(drop=True)


@act(Act.SEE_WORK, quiet=True)
def cards_of(actor: Actor, store: Store, workspace: Workspace) -> list[dict[str, Any]]:
    """The cards of all batches (`campaign.intake.provenance.cards`) as far as the actor may know them."""
    from campaign.intake.provenance import cards

    return cards(store, workspace, actor.exact)


@act(Act.SEE_WORK, quiet=True)
def conflicts_of(actor: Actor, store: Store) -> list[Conflict]:
    """Sources that disagree (`campaign.intake.sources.conflicts`) as far as the actor may know of them."""
    from campaign.intake.sources import conflicts

    return conflicts(store, actor.exact)


@act(Act.SEE_WORK, quiet=True)
def memory_of(actor: Actor, store: Store) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What people decided about names and about columns (`campaign.intake.confirming`)."""
    from campaign.intake.confirming import remembered_columns, remembered_names

    return remembered_names(store), remembered_columns(store)


@act(Act.SEE_WORK, quiet=True)
def pairs_of(actor: Actor, store: Store) -> dict[str, Any] | None:
    """What comparisons of two areas need of the newest score version; None when it keeps none."""
    version = store.scores.version()
    content: dict[str, Any] | None = store.results.get("banding", version.versi) if version else None
    return content


def _mine(actor: Actor, plan: Plan) -> bool:
    return not actor.areas or all(actor.covers(str(row["kode"])) for row in plan["villages"])
