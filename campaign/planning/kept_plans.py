"""Plans as they are kept: with what people arranged beside them, changed by one village, and what a change did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from campaign.permission import act, within
from campaign.planning import schedule
from campaign.planning.plan_types import Plan
from campaign.planning.request import PlanRequest, check_reason, request_of
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace

PLAN, HELP, DRAFT = "rencana", "bantuan", "rencana_draf"
"""Kinds of result: plans by version, changes of help by plan version, decisions not planned with yet by person."""


@act(Act.PLAN)
def keep_plan(actor: Actor, store: Store, plan: Plan, before: Plan | None = None) -> None:
    """Stores a plan; what people arranged for the plan ``before`` it goes over: schedule and help."""
    within(actor, Act.PLAN, [row["kode"] for row in plan["villages"]])
    store.results.save(PLAN, plan["version"], plan, actor.name)
    if before is None or before["version"] == plan["version"]:
        return
    if (old := schedule.schedule_of(store, before)) is not None:
        fresh = schedule.make_schedule(plan, store.gazetteer.villages(), schedule.terms_of(old))
        schedule.keep_schedule(actor, store, plan, schedule.carried_over(fresh, old))
    if changed := help_changes(store, before):
        inside = {row["kode"] for row in plan["villages"]}
        keep_help(actor, store, plan, {kode: kinds for kode, kinds in changed.items() if kode in inside})


def help_changes(store: Store, plan: Plan) -> dict[str, list[str]]:
    """Kinds of help that a person set for villages of a plan, by code."""
    kept: dict[str, list[str]] = store.results.get(HELP, plan["version"]) or {}
    return kept


@act(Act.ARRANGE_HELP)
def keep_help(actor: Actor, store: Store, plan: Plan, changed: dict[str, list[str]]) -> None:
    """Keeps what a person set; villages not named have what was proposed."""
    within(actor, Act.ARRANGE_HELP, changed)
    store.results.save(HELP, plan["version"], changed, actor.name)


@act(Act.KEEP_DRAFT)
def keep_draft(actor: Actor, store: Store, left_out: dict[str, str], avoided: dict[str, tuple[int, ...]]) -> None:
    """Keeps decisions of a person that no plan was made with yet: areas left out and months avoided, with reasons."""
    newest = next(iter(store.results.all(PLAN)), ("", None))[0]
    draft = {"setelah": newest, "keluar": left_out, "hindari": avoided}
    store.results.save(DRAFT, actor.account, draft, actor.account)


def swapped(
    store: Store,
    workspace: Workspace,
    plan: Plan,
    kode: str,
    reason: str,
    *,
    instead: str = "",
    today: dt.date | None = None,
    lang: str = "id",
    tell: Callable[[str, int, int], None] = lambda step, i, n: None,
) -> Plan:
    """The plan without village ``kode``, made again from its own request and near what it was; not kept yet.

    ``instead`` (a code) must come in, for the same ``reason``; without it the freed days are filled with what reaches
    most. Raises `WrongUse` as `make_plan` does, and ``PLAN_UNKNOWN`` for a village that is not in the plan.
    """
    from campaign.planning.plan import make_plan  # the solver is large; only who makes a plan pays for it

    check_reason(kode, reason)
    asked = request_of(plan)
    codes = [row["kode"] for row in plan["villages"]]
    if kode not in codes:
        raise WrongUse("PLAN_UNKNOWN", kode=kode)
    must = tuple(one for one in asked.must if one != kode)
    reasons = {one: said for one, said in asked.must_reasons.items() if one != kode}
    if instead:
        must, reasons = (*must, instead), {**reasons, instead: reason}
    request: PlanRequest = replace(
        asked,
        exclude={**{area: said for area, said in asked.exclude.items() if area != instead}, kode: reason},
        must=must,
        must_reasons=reasons,
        keep=tuple(one for one in codes if one != kode),
    )
    return make_plan(store, workspace, request, today=today, lang=lang, tell=tell, earlier=plan)


def difference(before: Plan, after: Plan) -> tuple[list[str], list[str]]:
    """Codes that left and codes that came in."""
    old, new = ({row["kode"] for row in plan["villages"]} for plan in (before, after))
    return sorted(old - new), sorted(new - old)
