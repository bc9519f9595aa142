"""Lists as the office signs them: a plan whose file is what it was, frozen, checked, approved, superseded, expired."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from campaign.permission import act, within
from campaign.planning.plan_types import Plan
from campaign.planning.request import OUT_OF_AREA
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import WrongUse
from data.intake.privacy.personal import value_kind
from data.store.parts.lists import FrozenList
from data.store.store import Store
from words.stigma import refuse_stigma

VALID_DAYS = 365
"""A plan may be used for a year; what it knows of roads, people and sessions is older then."""
STATUSES = ("usulan", "diperiksa", "ditetapkan", "digantikan", "kedaluwarsa")
"""Where a list stands (``dokumen.status.<status>``); a village of it is `CARRIED_OUT` once a session was held."""
CARRIED_OUT = "terlaksana"


@dataclass(frozen=True)
class TargetList:
    """A plan and what is target_list of it: ``sidik`` its SHA-256; the frozen list it became (``versi`` empty: none).

    ``status``: ``usulan`` (frozen or not, unsigned), ``diperiksa``, ``ditetapkan``, ``digantikan``; ``kedaluwarsa``
    when ``until`` has passed. ``current_score`` says whether it was made from the newest score version; ``evidence`` is
    the end of the audit's chain when it was last signed, empty while it is not frozen; ``unproved`` that somebody
    signed without signing in.
    """

    plan: Plan
    sidik: str
    until: dt.date
    status: str
    versi: str = ""
    menggantikan: str = ""
    signed: tuple[tuple[str, str, dt.date | None], ...] = ()
    current_score: bool = True
    evidence: str = ""
    unproved: bool = False

    @property
    def name(self) -> str:
        """Version of the list, or of the plan while it is not frozen."""
        return self.versi or str(self.plan["version"])


def fingerprint(plan: Mapping[str, object]) -> str:
    """SHA-256 of a plan's content, its version left out; `campaign.planning.plan` makes the version of these bytes."""
    body = {name: value for name, value in plan.items() if name != "version"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def read_plan(path: Path) -> Plan:
    """The plan in a file. Raises `WrongUse` (``PLAN_FILE``) when there is none, or it is no plan."""
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError):
        raise WrongUse("PLAN_FILE", path=path.name) from None
    wanted = {
        "version": str,
        "score_version": str,
        "made": str,
        "seed": str,
        "villages": list,
        "wishes": dict,
        "tie_zone": list,
        "excluded": list,
    }
    if not isinstance(plan, dict) or any(not isinstance(plan.get(name), kind) for name, kind in wanted.items()):
        raise WrongUse("PLAN_FILE", path=path.name)
    return cast(Plan, plan)


def listed(store: Store, plan: Plan, *, today: dt.date | None = None) -> TargetList:
    """The plan as one that may be handed out.

    Raises `WrongUse`: ``PLAN_CHANGED`` (its content is not what its version was made of, or not what was kept under
    that version), ``PLAN_STRANGER`` (made in another workspace, or from a score version that is not here),
    ``PLAN_EXPIRED``, ``STIGMA`` (a term in its name or in a reason that puts a mark on a village).
    """
    today = today or dt.date.today()
    sidik = fingerprint(plan)
    if not str(plan["version"]).endswith(f"-{sidik[:8]}"):
        raise WrongUse("PLAN_CHANGED", versi=str(plan["version"])[:40])
    kept = store.results.get("rencana", plan["version"])
    rows = [row for row in store.lists.all() if row.sidik == sidik]
    if kept is None and not rows:
        raise WrongUse("PLAN_STRANGER", versi=plan["version"])
    if kept is not None and fingerprint(kept) != sidik:
        raise WrongUse("PLAN_CHANGED", versi=plan["version"])
    if store.scores.version(plan["score_version"]) is None:
        raise WrongUse("PLAN_STRANGER", versi=plan["version"])
    typed = [str(plan.get("name", "")), *(str(row.get("alasan", "")) for row in plan["excluded"])]
    refuse_stigma(*typed)
    target_list = _target_list(store, plan, sidik, rows[0] if rows else None, today)
    if target_list.until < today:
        raise WrongUse("PLAN_EXPIRED", versi=target_list.name, until=target_list.until)
    return target_list


@act(Act.FREEZE_LIST)
def freeze(
    actor: Actor, store: Store, plan: Plan, *, until: dt.date | None = None, now: dt.datetime | None = None
) -> TargetList:
    """Freezes a plan as a list of its own version; what it knows is refused as by `listed`.

    Raises also `WrongUse`: ``LIST_EXISTS``, ``LIST_UNTIL`` (a day that has passed, or more than a year away),
    ``LIST_USER`` (nobody, or something that is no office's name).
    """
    within(actor, Act.FREEZE_LIST, [row["kode"] for row in plan["villages"]])
    now = now or _now()
    target_list = listed(store, plan, today=now.date())
    last = now.date() + dt.timedelta(days=VALID_DAYS)
    if until is not None and not now.date() <= until <= last:
        raise WrongUse("LIST_UNTIL", until=until, last=last)
    versi = store.lists.freeze(
        plan,
        target_list.sidik,
        user=_signer(actor.name),
        account=_proved(actor),
        until=until or last,
        now=now,
        replaces=lambda other: left_to_others(other) == left_to_others(plan),
    )
    return list_of(store, versi, today=now.date())


@act(Act.CHECK_LIST)
def check_list(actor: Actor, store: Store, versi: str, *, now: dt.datetime | None = None) -> TargetList:
    """Signs a frozen list as ``diperiksa``; raises as `Store.lists.sign`, and ``LIST_USER``. Not its maker."""
    return _sign(actor, Act.CHECK_LIST, store, versi, "diperiksa", now)


@act(Act.APPROVE_LIST)
def approve_list(actor: Actor, store: Store, versi: str, *, now: dt.datetime | None = None) -> TargetList:
    """Signs a checked list as ``disetujui``; raises as `Store.lists.sign`, and ``LIST_USER``. Neither its maker
    nor its checker."""
    return _sign(actor, Act.APPROVE_LIST, store, versi, "disetujui", now)


def _sign(actor: Actor, kind: Act, store: Store, versi: str, step: str, now: dt.datetime | None) -> TargetList:
    now = now or _now()
    within(actor, kind, [row["kode"] for row in (store.lists.plan(versi) or {"villages": []})["villages"]])
    store.lists.sign(versi, step, user=_signer(actor.name), account=_proved(actor), now=now)
    return list_of(store, versi, today=now.date())


def list_of(store: Store, versi: str, *, today: dt.date | None = None) -> TargetList:
    """A frozen list by its version, expired or not. Raises `WrongUse` (``LIST_UNKNOWN``, ``PLAN_CHANGED``)."""
    kept = store.lists.plan(versi)
    if kept is None:
        raise WrongUse("LIST_UNKNOWN", versi=versi)
    plan = cast(Plan, kept)
    (row,) = [row for row in store.lists.all() if row.versi == versi]
    if fingerprint(plan) != row.sidik:
        raise WrongUse("PLAN_CHANGED", versi=versi)
    return _target_list(store, plan, row.sidik, row, today or dt.date.today())


def list_in_force(
    store: Store, *, today: dt.date | None = None, fits: Callable[[Plan], bool] = lambda plan: True
) -> TargetList | None:
    """The newest frozen list that has not expired and that no approved one took the place of, of those that ``fits``
    says yes to."""
    today = today or dt.date.today()
    for row in store.lists.all():
        found = list_of(store, row.versi, today=today)
        if found.status not in ("digantikan", "kedaluwarsa") and fits(found.plan):
            return found
    return None


def left_to_others(plan: Mapping[str, Any]) -> frozenset[str]:
    """Codes that were left out of a plan since its maker's areas end there; empty for a plan of the whole province. A
    list takes the place of lists for the same areas only: a kabupaten's does not end another's."""
    excluded = (plan.get("wishes") or {}).get("exclude") or {}
    return frozenset(kode for kode, reason in excluded.items() if reason == OUT_OF_AREA)


def chain(store: Store, versi: str) -> list[str]:
    """Versions from a list back to the first one it goes back to."""
    before = {row.versi: row.menggantikan for row in store.lists.all()}
    out = [versi]
    while before.get(out[-1]) and before[out[-1]] not in out:
        out.append(before[out[-1]])
    return out


def status_of(row: FrozenList, rows: list[FrozenList], today: dt.date) -> str:
    """Where a frozen list stands; ``rows`` are all lists."""
    if any(other.menggantikan == row.versi and other.disetujui_saat is not None for other in rows):
        return "digantikan"
    if row.berlaku_sampai < today:
        return "kedaluwarsa"
    if row.disetujui_saat is not None:
        return "ditetapkan"
    return "usulan" if row.diperiksa_saat is None else "diperiksa"


def _target_list(store: Store, plan: Plan, sidik: str, row: FrozenList | None, today: dt.date) -> TargetList:
    current = (version := store.scores.version()) is not None and version.versi == plan["score_version"]
    if row is None:
        until = dt.date.fromisoformat(plan["made"]) + dt.timedelta(days=VALID_DAYS)
        return TargetList(plan, sidik, until, "usulan" if until >= today else "kedaluwarsa", current_score=current)
    return TargetList(
        plan,
        sidik,
        row.berlaku_sampai,
        status_of(row, store.lists.all(), today),
        row.versi,
        row.menggantikan,
        row.signatures,
        current,
        store.audit.signed_at(row.versi),
        row.unproved,
    )


def _signer(user: str) -> str:
    name = " ".join(user.split())
    if not name or len(name) > 80 or value_kind(name):
        raise WrongUse("LIST_USER")
    return name


def _proved(actor: Actor) -> str:
    """The account that a signature counts for; empty where nobody signed in and the name is all there is."""
    return actor.account if actor.signed_in else ""


def _now() -> dt.datetime:
    return dt.datetime.now().replace(microsecond=0)
