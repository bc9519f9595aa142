"""Every act asks who acts: each act × each role, inside and outside the actor's area."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

import campaign
from campaign.handover.lists import approve_list, check_list, freeze
from campaign.intake.confirming import confirm, forget_name
from campaign.intake.importing import Upload, commit, examine, undo
from campaign.office.notes import remove_note, write_note
from campaign.permission import ACTS
from campaign.planning.kept_plans import keep_help, keep_plan
from campaign.planning.plan_types import Plan, Schedule
from campaign.planning.schedule import keep_schedule
from campaign.sessions.replies import decide, finish, propose
from campaign.sessions.sheet_code import sheet_code
from data.domain.actor import Actor, owner
from data.domain.roles import ROLES, RULES, Act, Role
from data.errors import PetaAmanError, Refused
from data.intake.examined import ImportOptions
from data.store.store import Store
from data.workspace import Workspace

INSIDE, OUTSIDE = "53.01.04.2003", "53.06.01.2001"
KUPANG = ("53.01",)
NOW = dt.datetime(2026, 11, 30)

for module in pkgutil.walk_packages(campaign.__path__, "campaign."):
    importlib.import_module(module.name)
# Other tests declare acts of their own, which stand in the same list.
FUNCTIONS = [(kind, name) for kind, names in ACTS.items() for name in names if name.startswith("campaign.")]


def actor(role: Role, areas: tuple[str, ...] = ()) -> Actor:
    return Actor("Ani", "ani", frozenset({role}), areas)


def function(name: str) -> Callable[..., Any]:
    module, _, called = name.rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module), called)
    return found


def test_every_act_has_a_rule_and_a_function() -> None:
    assert set(RULES) == set(Act)
    assert set(ACTS) == set(Act)


@pytest.mark.parametrize(("kind", "name"), FUNCTIONS)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_may_not_is_refused_before_anything_is_read(kind: Act, name: str, role: Role) -> None:
    """Called with nothing but an actor: who may not is refused, who may goes on and misses the arguments."""
    if role in RULES[kind].roles:
        with pytest.raises(TypeError):
            function(name)(actor(role))
        return
    with pytest.raises(Refused, match="FORBIDDEN") as refusal:
        function(name)(actor(role))
    assert refusal.value.params == {"act": kind.value}


@pytest.mark.parametrize(("kind", "name"), [one for one in FUNCTIONS if RULES[one[0]].everywhere])
def test_what_concerns_the_whole_province_is_not_for_one_area(kind: Act, name: str) -> None:
    with pytest.raises(Refused, match="FORBIDDEN"):
        function(name)(actor(Role.ADMIN, KUPANG))


def cases(kode: str) -> Upload:
    return Upload("kasus.csv", f"Kode Desa;Tahun;Jumlah TPPO\n{kode};2024;2\n".encode())


@pytest.fixture
def empty(tmp_path: Path) -> Any:
    from campaign.office.installation import prepare

    workspace = Workspace(tmp_path / "kosong")
    prepare(workspace, demo=False)
    store = workspace.store()
    yield workspace, store
    store.close()


EMPTY: Schedule = {
    "syarat": {"start": "2026-12-01", "teams": 1, "weekdays": [0], "days_off": [], "agency": ""},
    "perjalanan": [],
}


def plan(kode: str) -> Plan:
    """As much of a plan as permission looks at."""
    return cast(Plan, {"version": "R1", "villages": [{"kode": kode}]})


def acts_on(kode: str, workspace: Workspace, store: Store) -> dict[str, Callable[[Actor], Any]]:
    """Each act that concerns an area, made ready to be done on the village ``kode``."""
    boss = owner("Kepala")
    options = ImportOptions(source="Polres")
    batch = commit(
        boss, examine("kasus", cases(kode), store, workspace, ImportOptions(source="Dinas")), "kasus", store, workspace
    )
    found = examine("kasus", cases(kode), store, workspace, options)
    note = write_note(boss, store, kode, "Jadwal setelah panen")
    alias = store.names.remember("Desa X", f"//{kode}", kode, kode[:5], "", "Kepala")
    row = {
        "lembar": f"L{kode}",
        "kode": kode,
        "versi": "",
        "hal": "lain",
        "nilai_lama": "",
        "nilai_baru": "jembatan putus",
    }
    (asked,) = store.requests.ask([row], user="x", now=NOW)
    body = {**plan(kode), "score_version": "S1"}
    versi = store.lists.freeze(body, kode * 4, user="staf", until=NOW.date().replace(year=2099), now=NOW)
    return {
        "commit": lambda who: commit(who, found, "kasus", store, workspace),
        "undo": lambda who: undo(who, batch, store, workspace),
        "confirm": lambda who: confirm(who, found, {2: kode}, store, None),
        "forget_name": lambda who: forget_name(who, store, alias),
        "write_note": lambda who: write_note(who, store, kode, "Balai desa sedang dipugar"),
        "remove_note": lambda who: remove_note(who, store, note),
        "propose": lambda who: propose(who, store, None, sheet_code(kode), {}),  # type: ignore[arg-type]
        "decide": lambda who: decide(who, store, asked, accept=True),
        "finish": lambda who: finish(who, store, None, asked, "B1"),  # type: ignore[arg-type]
        "keep_plan": lambda who: keep_plan(who, store, plan(kode)),
        "keep_help": lambda who: keep_help(who, store, plan(kode), {kode: ["ltsa"]}),
        "keep_schedule": lambda who: keep_schedule(who, store, plan(kode), EMPTY),
        "freeze": lambda who: freeze(who, store, plan(kode)),
        "check_list": lambda who: check_list(who, store, versi),
        "approve_list": lambda who: approve_list(who, store, versi),
    }


ELSEWHERE = {
    "touch_counts": "test_no_oracle",
    "compare_exact": "test_no_oracle",
    "exact_figures": "test_no_oracle",
    "for_the_office": "tests.screens.test_roles_walk",
    "plans_of": "tests.screens.test_roles_walk",
    "lists_of": "tests.screens.test_roles_walk",
    "log_of": "tests.screens.test_roles_walk",
    "requests_of": "tests.screens.test_roles_walk",
    "cards_of": "test_no_oracle",
    "conflicts_of": "test_no_oracle",
}
"""Acts of an area that are walked in another test."""
OF_NO_AREA = {
    "forget_columns": "what columns mean is of no area",
    "memory_of": "names and columns of files",
    "pairs_of": "comparisons of the published score",
    "notes_seen": "notes of all villages are read by the whole office",
    "all_notes": "notes of all villages are read by the whole office",
    "list_to_decide": "gives a list of another area as none",
}


def test_every_act_of_an_area_is_walked(empty: tuple[Workspace, Store]) -> None:
    walked = {*acts_on(INSIDE, *empty), *ELSEWHERE, *OF_NO_AREA}
    of_areas = {
        name.rpartition(".")[2] for kind, name in FUNCTIONS if not RULES[kind].everywhere | RULES[kind].anywhere
    }
    assert of_areas == walked


def tried(act: Callable[[Actor], Any], who: Actor) -> str:
    """The reason an act gives, empty when it was done; anything but FORBIDDEN means it was allowed to try."""
    try:
        act(who)
    except PetaAmanError as error:
        return error.reason
    except (AttributeError, KeyError, TypeError):
        return "TRIED"
    return ""


def test_an_act_in_ones_own_area_is_done_and_outside_it_nothing_happens(empty: tuple[Workspace, Store]) -> None:
    workspace, store = empty
    who = Actor("Ani", "ani", frozenset(ROLES), KUPANG)
    inside = {name: tried(act, who) for name, act in acts_on(INSIDE, workspace, store).items()}
    assert "FORBIDDEN" not in inside.values(), inside
    assert [inside[name] for name in ("commit", "undo", "confirm", "write_note", "keep_plan")] == [
        "",
        "",
        "NOT_CONFIRMABLE",
        "",
        "",
    ]
    others = acts_on(OUTSIDE, workspace, store)
    before = store.state_key()
    outside = {name: tried(act, who) for name, act in others.items()}
    assert set(outside.values()) == {"FORBIDDEN"}, outside
    assert store.state_key() == before, "a refused act leaves no trace in the data"
