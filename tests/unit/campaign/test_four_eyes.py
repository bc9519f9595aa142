"""Maker, checker and approver of a list are three people: accounts decide where there are any, else names do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from campaign.documents.listing.meta import list_meta
from campaign.handover.lists import approve_list, check_list, freeze, list_of
from data.domain.actor import Actor, owner, same_person
from data.domain.roles import Role
from data.errors import WrongUse
from data.store.store import Store
from tests.unit.campaign.conftest import Planned

NOW = dt.datetime(2026, 11, 21, 9, 0)


def signed_in(account: str, name: str, role: Role) -> Actor:
    return Actor(name, account, frozenset({role}), signed_in=True)


@pytest.fixture
def frozen(planned: Planned) -> tuple[Store, Any]:
    return planned.store, planned.plan


def refusal(sign: Any, actor: Actor, store: Store, versi: str) -> str:
    with pytest.raises(WrongUse) as found:
        sign(actor, store, versi, now=NOW)
    return found.value.reason


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kepala Seksi A", "kepala seksi a", True),
        ("Kepala Seksi A", "  Kepala   Seksi\u00a0A ", True),
        ("Kepala Seksi A", "Kepala Seksi\u200b A", True),
        ("ＡＮＩ", "ani", True),
        ("STRASSE", "straße", True),
        ("Kepala Seksi A", "Kepala Seksi B", False),
    ],
)
def test_names_are_compared_without_case_and_spaces(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same


def test_one_person_under_two_spellings_does_not_sign_twice(frozen: tuple[Store, Any]) -> None:
    store, plan = frozen
    versi = freeze(owner("Kepala Seksi A"), store, plan, now=NOW).versi
    assert refusal(check_list, owner("kepala  seksi a"), store, versi) == "LIST_SAME_PERSON"
    check_list(owner("Dua"), store, versi, now=NOW)
    assert refusal(approve_list, owner("Dua"), store, versi) == "LIST_SAME_PERSON"
    assert refusal(approve_list, owner(" DUA "), store, versi) == "LIST_SAME_PERSON"
    assert refusal(approve_list, owner("KEPALA SEKSI A"), store, versi) == "LIST_SAME_PERSON"
    done = approve_list(owner("Tiga"), store, versi, now=NOW)
    assert done.status == "ditetapkan"
    assert done.unproved
    assert any("tanpa masuk akun" in text for _, text in list_meta(done, store))


def test_accounts_decide_and_names_are_shown(frozen: tuple[Store, Any]) -> None:
    store, plan = frozen
    versi = freeze(signed_in("ani.p", "Kepala Seksi", Role.PLANNER), store, plan, now=NOW).versi
    same = signed_in("Ani.P", "Kepala Bidang", Role.SUPERVISOR)
    assert refusal(check_list, same, store, versi) == "LIST_SAME_PERSON", "another name, the same account"
    check_list(signed_in("budi", "Kepala Seksi", Role.SUPERVISOR), store, versi, now=NOW)
    assert refusal(approve_list, signed_in("BUDI", "Kadis", Role.OFFICIAL), store, versi) == "LIST_SAME_PERSON"
    done = approve_list(signed_in("citra", "Kadis", Role.OFFICIAL), store, versi, now=NOW)
    assert [who for _, who, _ in done.signed] == ["Kepala Seksi", "Kepala Seksi", "Kadis"]
    assert not done.unproved
    assert not any("tanpa masuk akun" in text for _, text in list_meta(done, store))


def test_a_typed_name_that_is_an_account_is_that_person(frozen: tuple[Store, Any]) -> None:
    """Half of the signatures on a server with sign-in, half on the command line of its machine."""
    store, plan = frozen
    versi = freeze(signed_in("ani", "Kepala Seksi", Role.PLANNER), store, plan, now=NOW).versi
    assert refusal(check_list, owner("Ani"), store, versi) == "LIST_SAME_PERSON"
    assert refusal(check_list, owner("kepala seksi"), store, versi) == "LIST_SAME_PERSON"
    check_list(owner("Dua"), store, versi, now=NOW)
    assert list_of(store, versi, today=NOW.date()).unproved


def test_the_command_line_asks_for_three_names_and_says_that_nobody_signed_in(
    planned: Planned, peta_aman: Any, tmp_path: Path
) -> None:
    import json

    path = tmp_path / "rencana.json"
    path.write_text(json.dumps(planned.plan), encoding="utf-8")
    run = lambda *words: peta_aman(*words, workspace=planned.workspace)  # noqa: E731
    code, made, said = run("freeze", path, "--user", "Satu")
    assert (code, made["signed_in"]) == (0, False)
    assert "tanpa masuk akun" in said
    assert run("approve", made["list"], "--checked", "--user", "Dua")[0] == 0
    code, told, _ = run("approve", made["list"], "--user", "dua")
    assert (code, told["reason"]) == (2, "LIST_SAME_PERSON")
    assert run("approve", made["list"], "--user", "Tiga")[0] == 0
