"""A plan as a signed list: what was changed is refused, who made it does not approve it, the chain is kept."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any, cast

import pytest

from campaign.documents.briefing.note import newest_list
from campaign.handover.lists import (
    VALID_DAYS,
    approve_list,
    chain,
    check_list,
    freeze,
    list_in_force,
    list_of,
    listed,
    read_plan,
)
from campaign.planning.plan_types import Plan
from campaign.planning.request import OUT_OF_AREA
from data.domain.actor import owner
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE, kept_variant, reversioned

NOW = dt.datetime(2026, 11, 21, 9, 0)


@pytest.fixture
def store(planned: Planned) -> Any:
    return planned.store


@pytest.fixture
def plan(planned: Planned) -> Plan:
    return planned.plan


def refused(act: Any, *words: Any, **named: Any) -> str:
    with pytest.raises(WrongUse) as caught:
        act(*words, **named)
    return caught.value.reason


def test_a_plan_as_it_was_made_may_be_handed_out(store: Store, plan: Plan) -> None:
    target_list = listed(store, plan, today=MADE)
    assert (target_list.status, target_list.name, target_list.current_score) == ("usulan", plan["version"], True)
    assert plan["version"].endswith(target_list.sidik[:8])
    assert target_list.until == MADE + dt.timedelta(days=VALID_DAYS)


@pytest.mark.parametrize("change", ["village", "seed", "how", "days", "score_version", "made"])
def test_an_edited_plan_is_refused(store: Store, plan: Plan, change: str) -> None:
    edited = copy.deepcopy(plan)
    match change:
        case "village":
            edited["villages"].pop()
        case "how":
            edited["villages"][0]["how"] = "wajib"
        case "days":
            edited["used_team_days"] += 1
        case key:
            edited = cast(Plan, {**edited, key: "2020-01-01"})
    assert refused(listed, store, edited, today=MADE) == "PLAN_CHANGED"
    assert refused(listed, store, reversioned(edited), today=MADE) == "PLAN_STRANGER"


def test_a_plan_of_another_workspace_is_refused(store: Store, plan: Plan, demo_store: Store) -> None:
    assert refused(listed, demo_store, plan, today=MADE) == "PLAN_STRANGER"


def test_a_plan_expires(store: Store, plan: Plan) -> None:
    last = MADE + dt.timedelta(days=VALID_DAYS)
    assert listed(store, plan, today=last).status == "usulan"
    assert refused(listed, store, plan, today=last + dt.timedelta(days=1)) == "PLAN_EXPIRED"


def test_a_name_that_marks_a_village_is_refused_with_the_word_to_use(store: Store, plan: Plan) -> None:
    named = kept_variant(store, plan, name="Desa Rawan TPPO 2027")
    with pytest.raises(WrongUse) as caught:
        listed(store, named, today=MADE)
    assert caught.value.reason == "STIGMA"
    assert caught.value.params["ganti"] == "desa prioritas sosialisasi"


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": 1}', "\x00", '{"version": "R", "villages": "x"}', "[" * 5000]
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rencana.json"
    path.write_text(content)
    assert refused(read_plan, path) == "PLAN_FILE"
    assert refused(read_plan, tmp_path / "tidak-ada.json") == "PLAN_FILE"


def test_a_list_goes_from_maker_to_checker_to_approver(store: Store, plan: Plan) -> None:
    made = freeze(owner("Staf Perencana"), store, plan, now=NOW)
    assert (made.versi, made.status) == ("D20261121-01", "usulan")
    assert refused(approve_list, owner("Kepala Dinas"), store, made.versi, now=NOW) == "LIST_ORDER"
    assert refused(check_list, owner("Staf Perencana"), store, made.versi, now=NOW) == "LIST_SAME_PERSON"
    assert check_list(owner("Kepala Bidang"), store, made.versi, now=NOW).status == "diperiksa"
    assert refused(check_list, owner("Kepala Bidang"), store, made.versi, now=NOW) == "LIST_SIGNED"
    assert refused(approve_list, owner("Staf Perencana"), store, made.versi, now=NOW) == "LIST_SAME_PERSON"
    done = approve_list(owner("Kepala Dinas"), store, made.versi, now=NOW)
    assert done.status == "ditetapkan"
    assert [(step, who) for step, who, _ in done.signed] == [
        ("dibuat", "Staf Perencana"),
        ("diperiksa", "Kepala Bidang"),
        ("disetujui", "Kepala Dinas"),
    ]
    acts = store.audit.trail()
    assert {"daftar.dibekukan", "daftar.diperiksa", "daftar.disetujui"} <= set(acts["act"])


def test_a_newer_approved_list_takes_the_place_of_the_older(store: Store, plan: Plan) -> None:
    def through(one: Plan, now: dt.datetime) -> str:
        made = freeze(owner("staf"), store, one, now=now)
        check_list(owner("kabid"), store, made.versi, now=now)
        approve_list(owner("kadis"), store, made.versi, now=now)
        return made.versi

    first = through(plan, NOW)
    other = kept_variant(store, plan, villages=plan["villages"][:25])
    second = freeze(owner("staf"), store, other, now=NOW + dt.timedelta(days=1))
    assert second.menggantikan == first
    assert list_of(store, first, today=NOW.date()).status == "ditetapkan", "a proposal takes nobody's place"
    in_force = list_in_force(store, today=NOW.date() + dt.timedelta(days=1))
    assert in_force is not None
    assert in_force.versi == second.versi
    for step, who in (("diperiksa", "kabid"), ("disetujui", "kadis")):
        (check_list if step == "diperiksa" else approve_list)(
            owner(who), store, second.versi, now=NOW + dt.timedelta(days=1)
        )
    assert list_of(store, first, today=NOW.date()).status == "digantikan"
    third = through(kept_variant(store, plan, villages=plan["villages"][:24]), NOW + dt.timedelta(days=2))
    assert chain(store, third) == [third, second.versi, first]
    assert list_of(store, first).plan == plan, "what was signed can be read for ever"


def test_one_kabupatens_list_does_not_end_anothers(store: Store, plan: Plan) -> None:
    def of(area: str) -> Plan:
        others = {str(kode): OUT_OF_AREA for kode in store.gazetteer.villages()["kode_kab"].unique() if kode != area}
        mine = [row for row in plan["villages"] if row["kode"].startswith(area)]
        wishes = {**plan["wishes"], "exclude": others}
        return kept_variant(store, plan, villages=mine or plan["villages"][:1], wishes=wishes)

    def through(one: Plan, day: int) -> str:
        now = NOW + dt.timedelta(days=day)
        made = freeze(owner("staf"), store, one, now=now)
        check_list(owner("kabid"), store, made.versi, now=now)
        return approve_list(owner("kadis"), store, made.versi, now=now).versi

    province = through(plan, 0)
    first_area, second_area = sorted({row["kode"][:5] for row in plan["villages"]})[:2]
    one, other = through(of(first_area), 1), through(of(second_area), 2)
    for versi in (province, one, other):
        assert list_of(store, versi, today=NOW.date()).status == "ditetapkan"
    newest = newest_list(store, plan["score_version"])
    assert newest is not None
    assert newest.versi == province, "a briefing for the province is about the province's list"


def test_a_frozen_list_expires_and_may_then_be_frozen_anew(store: Store, plan: Plan) -> None:
    made = freeze(owner("staf"), store, plan, until=dt.date(2026, 12, 31), now=NOW)
    assert refused(freeze, owner("staf"), store, plan, now=NOW) == "LIST_EXISTS"
    later = dt.datetime(2027, 1, 1, 8, 0)
    assert list_of(store, made.versi, today=later.date()).status == "kedaluwarsa"
    assert refused(check_list, owner("kabid"), store, made.versi, now=later) == "LIST_EXPIRED"
    assert refused(listed, store, plan, today=later.date()) == "PLAN_EXPIRED"
    assert list_in_force(store, today=later.date()) is None


@pytest.mark.parametrize("user", ["", "   ", "5371012345670001", "0812 3456 7890", "x" * 90])
def test_a_signature_needs_an_office_and_no_private_number(store: Store, plan: Plan, user: str) -> None:
    assert refused(freeze, owner(user), store, plan, now=NOW) == "LIST_USER"


@pytest.mark.parametrize("until", [dt.date(2026, 11, 20), dt.date(2028, 1, 1)])
def test_a_list_is_valid_for_a_year_at_most(store: Store, plan: Plan, until: dt.date) -> None:
    assert refused(freeze, owner("staf"), store, plan, until=until, now=NOW) == "LIST_UNTIL"


def test_lists_live_in_either_database(database: str, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ruang")
    workspace.path.mkdir()
    store = Store.open(workspace.database_url)
    try:
        plan = {"version": "R20261121-abcdefab", "score_version": "S1", "villages": [{"kode": "53.01.04.2003"}]}
        versi = store.lists.freeze(plan, "f" * 64, user="staf", until=dt.date(2027, 1, 1), now=NOW)
        store.lists.sign(versi, "diperiksa", user="kabid", now=NOW)
        assert store.lists.plan(versi) == plan
        assert store.lists.all()[0].diperiksa_oleh == "kabid"
        with store.carried_out() as moment:
            rows = [json.loads(line) for line in moment.lines("daftar")]
        assert [row["versi"] for row in rows] == [versi]
    finally:
        store.close()
