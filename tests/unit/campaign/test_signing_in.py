"""Signing in with a password: limits of time, locks that grow, nothing told to who guesses."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher

from campaign.access import passwords, signing_in
from campaign.access.accounts import add_account, attempt_key, disable_account, list_accounts, reset_account
from campaign.access.signing_in import (
    ABSOLUTE,
    IDLE,
    change_password,
    mark_of,
    refuse_at_door,
    set_code,
    sign_in,
    sign_in_by,
    sign_out,
    stay,
    who,
)
from data.domain.actor import STRANGER, Actor, owner
from data.domain.roles import Role
from data.errors import Refused, WrongUse
from data.store.store import Store
from data.store.tables import metadata
from data.workspace import Workspace

BOSS = owner("Kepala", "kepala")
NOON = dt.datetime(2026, 11, 30, 12, 0)
SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)
GOOD = "kuda laut biru 77"
REAL = passwords._HASHER


@dataclass
class Door:
    """A store with one account whose owner has chosen a password."""

    store: Store

    def enter(
        self, password: str = GOOD, *, name: str = "ani", code: str = "", at: dt.datetime = NOON, address: str = "a"
    ) -> str:
        return sign_in(STRANGER, self.store, name, password, code, address=address, now=at)

    def refused(self, *args: Any, **kwargs: Any) -> tuple[str, dict[str, Any]]:
        with pytest.raises(Refused) as refusal:
            self.enter(*args, **kwargs)
        return refusal.value.reason, refusal.value.params

    def audited(self) -> list[tuple[str, str, dict[str, Any]]]:
        trail = self.store.audit.trail()
        return [(str(row["user"]), str(row["act"]), json.loads(row["what_json"])) for row in trail.to_dict("records")]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same library with the least work, for hundreds of tries; what the work is, is tested of the real one."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()


def test_a_password_is_kept_as_argon2id_with_the_work_that_the_rfc_asks() -> None:
    hasher = PasswordHasher()
    kept = hasher.hash(GOOD)
    assert kept.startswith("$argon2id$")
    parameters = dict(part.split("=") for part in kept.split("$")[3].split(","))
    assert int(parameters["m"]) >= 65_536
    assert int(parameters["t"]) >= 3
    assert REAL.check_needs_rehash(kept) is False
    assert REAL.check_needs_rehash(passwords.hashed(GOOD)), "made with less work: renewed at the next sign-in"


@pytest.fixture
def door(tmp_path: Any, database: str) -> Iterator[Door]:
    store = Workspace(tmp_path / "kerja").create().store()
    first = add_account(BOSS, store, "Ani", roles=["perencana"], called="Ani Tnomel")
    token = sign_in(STRANGER, store, "ani", first, address="z", now=NOON - HOUR)
    change_password(actor_of(store, token), store, mark_of(token), first, GOOD, now=NOON - HOUR)
    yield Door(store)
    store.close()


def actor_of(store: Store, token: str, at: dt.datetime = NOON - HOUR) -> Actor:
    signed = who(store, mark_of(token), now=at)
    assert signed is not None
    return signed.actor


def test_a_first_password_is_for_one_use_and_nothing_else_is_open_before(door: Door) -> None:
    first = add_account(BOSS, door.store, "budi", roles=["penyelia"])
    signed = who(door.store, mark_of(door.enter(first, name="budi")), now=NOON)
    assert signed is not None
    assert signed.must_change
    with pytest.raises(WrongUse, match="PASSWORD_SAME"):
        change_password(signed.actor, door.store, signed.mark, first, first, now=NOON)
    for weak in ("pendek", "a" * 20, "budi di kantor kupang", "Peta Aman 2026!"):
        with pytest.raises(WrongUse, match="PASSWORD_WEAK"):
            change_password(signed.actor, door.store, signed.mark, first, weak, now=NOON)
    other = door.enter(first, name="budi")
    change_password(signed.actor, door.store, signed.mark, first, "empat kata tanpa arti", now=NOON)
    assert who(door.store, signed.mark, now=NOON).must_change is False
    assert who(door.store, mark_of(other), now=NOON) is None, "the account's other sign-ins ended"
    assert door.refused(first, name="budi")[0] == "SIGN_IN_WRONG"


def test_who_is_in_has_the_accounts_name_roles_and_areas(door: Door) -> None:
    actor = actor_of(door.store, door.enter(name="  ANI "), NOON)
    assert actor == Actor("Ani Tnomel", "ani", frozenset({Role.PLANNER}), signed_in=True)
    reset_account(BOSS, door.store, "ani", roles=["petugas_data"])
    assert [one.peran for one in list_accounts(BOSS, door.store)] == [(Role.DATA_OFFICER,)]


def test_the_store_holds_neither_password_nor_token(door: Door) -> None:
    token = door.enter()
    with door.store.carried_out() as moment:
        kept = b"".join(line for table in metadata.sorted_tables for line in moment.lines(table.name)).decode()
        carried = b"".join(line for name in moment.tables() for line in moment.lines(name)).decode()
    assert mark_of(token) in kept
    assert mark_of(token) not in carried, "no sign-in goes into a backup"
    assert token not in kept
    assert GOOD not in kept
    assert "$argon2id$" in kept


@pytest.mark.parametrize(("used", "inside"), [(IDLE - SECOND, True), (IDLE + SECOND, False)])
def test_a_sign_in_ends_when_it_is_not_used(door: Door, used: dt.timedelta, inside: bool) -> None:
    mark = mark_of(door.enter())
    assert (who(door.store, mark, now=NOON + used) is not None) == inside


def test_a_sign_in_in_use_ends_after_eight_hours_all_the_same(door: Door) -> None:
    mark, at = mark_of(door.enter()), NOON
    while (signed := who(door.store, mark, now=at)) is not None:
        stay(signed.actor, door.store, signed, now=at)
        at += 30 * MINUTE
    assert at - NOON == ABSOLUTE + 30 * MINUTE


def test_use_is_written_down_at_most_once_a_minute(door: Door) -> None:
    mark = mark_of(door.enter())
    signed = who(door.store, mark, now=NOON)
    assert signed is not None
    assert stay(signed.actor, door.store, signed, now=NOON + 59 * SECOND) == signed
    assert stay(signed.actor, door.store, signed, now=NOON + MINUTE).last_used == NOON + MINUTE
    assert who(door.store, mark, now=NOON + MINUTE).last_used == NOON + MINUTE


def test_signing_out_ends_it_on_the_server(door: Door) -> None:
    token, other = door.enter(), door.enter()
    sign_out(actor_of(door.store, token, NOON), door.store, mark_of(token), now=NOON)
    assert who(door.store, mark_of(token), now=NOON) is None
    assert who(door.store, mark_of(other), now=NOON) is not None
    assert ("ani", "masuk.selesai", {"akun": "ani", "masuk": mark_of(token)[:8], "sebab": "keluar"}) in door.audited()


def test_a_shut_account_is_out_at_once_and_its_password_opens_nothing(door: Door) -> None:
    token = door.enter()
    disable_account(BOSS, door.store, "ani")
    assert who(door.store, mark_of(token), now=NOON) is None
    assert door.refused()[0] == "SIGN_IN_WRONG"
    first = reset_account(BOSS, door.store, "ani")
    assert door.enter(first)


def tries(door: Door, name: str) -> list[tuple[str, str]]:
    """What ten wrong tries bring, each as soon as the one before lets it: the reason and how long one must wait."""
    said, at = [], NOON
    for _ in range(10):
        reason, _params = door.refused("salah sekali ini", name=name, at=at, address=str(at))
        said.append((reason, ""))
        _, until = door.store.signins.waiting(attempt_key(name))
        said[-1] = (reason, str((until or at) - at))
        at = until or at
    return said


def test_the_wait_grows_and_six_failures_shut_the_account_for_half_an_hour(door: Door) -> None:
    waits = [wait for _, wait in tries(door, "ani")]
    assert waits == ["0:00:00"] * 2 + ["0:00:02", "0:00:04", "0:00:08"] + [
        "0:30:00",
        "1:00:00",
        "2:00:00",
        "4:00:00",
        "8:00:00",
    ]


def test_a_name_that_nobody_has_is_told_apart_by_nothing(door: Door) -> None:
    disable_account(BOSS, door.store, add_closed(door))
    assert tries(door, "ani") == tries(door, "tidak.ada") == tries(door, "tutup")
    at = NOON + MINUTE
    assert door.refused(name="ani", at=at) == door.refused(name="tidak.ada", at=at)


def add_closed(door: Door) -> str:
    add_account(BOSS, door.store, "tutup", roles=["perencana"])
    return "tutup"


def test_the_right_password_waits_too_and_opens_afterwards(door: Door) -> None:
    for i in range(6):
        door.refused("salah sekali ini", at=NOON + i * MINUTE)
    locked = NOON + 5 * MINUTE
    assert door.refused(at=locked + 29 * MINUTE)[0] == "SIGN_IN_WAIT"
    assert door.refused(at=locked + 29 * MINUTE)[1] == {"pukul": "12:35"}
    assert door.enter(at=locked + 31 * MINUTE)
    assert door.store.signins.waiting(attempt_key("ani")) == (0, None), "forgiven"


def test_as_much_work_is_done_for_a_name_that_nobody_has(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of an answer is the time of its hash: one verification with the same parameters, whoever it is."""
    asked: list[str] = []
    hasher = passwords._HASHER

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            asked.append(kept.rsplit("$", 2)[0])
            return bool(hasher.verify(kept, password))

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    passwords._nobody.cache_clear()
    monkeypatch.setattr(passwords, "_nobody", lambda: hasher.hash("x"))
    door.refused("salah sekali ini", name="ani")
    door.refused("salah sekali ini", name="tidak.ada")
    door.refused("salah sekali ini", name="Nama Yang Tak Mungkin")
    assert len(asked) == 3
    assert len(set(asked)) == 1


def test_one_address_cannot_try_all_names(door: Door) -> None:
    reasons = [door.refused("salah sekali ini", name=f"nama{i}")[0] for i in range(40)]
    assert reasons == ["SIGN_IN_WRONG"] * 30 + ["SIGN_IN_WAIT"] * 10
    assert door.enter(address="kantor lain")


def test_slips_of_an_office_fade_and_a_guesser_waits_again_soon(door: Door) -> None:
    slips = [door.refused("salah sekali ini", name=f"nama{i}", at=NOON + i * 11 * MINUTE)[0] for i in range(60)]
    assert set(slips) == {"SIGN_IN_WRONG"}
    later = NOON + 24 * HOUR
    burst = [door.refused("salah sekali ini", name=f"lain{i}", at=later)[0] for i in range(31)]
    assert burst[-2:] == ["SIGN_IN_WRONG", "SIGN_IN_WAIT"]
    again = [door.refused("salah sekali ini", name=f"baru{i}", at=later + 31 * MINUTE)[0] for i in range(5)]
    assert again == ["SIGN_IN_WRONG"] * 3 + ["SIGN_IN_WAIT"] * 2, "what faded meanwhile, and no more"


def test_where_nobody_can_tell_who_tries_nobody_else_is_shut_out(door: Door) -> None:
    assert {door.refused("salah sekali ini", name=f"nama{i}", address="")[0] for i in range(40)} == {"SIGN_IN_WRONG"}
    assert door.enter(address="")


def test_a_shut_address_shuts_no_account(door: Door) -> None:
    for i in range(30):
        door.refused("salah sekali ini", name=f"nama{i}")
    assert {door.refused()[0] for _ in range(8)} == {"SIGN_IN_WAIT"}
    assert door.store.signins.waiting(attempt_key("ani")) == (0, None), "nothing was judged, nothing is counted"
    assert door.enter(address="kantor lain")


def test_a_stranger_does_not_fill_the_audit(door: Door) -> None:
    before = len(door.audited())
    for i in range(120):
        door.refused("salah sekali ini", name=f"nama{i}", address="", at=NOON + i * SECOND)
    for i in range(60):
        door.refused("salah sekali ini", address="", at=NOON + 5 * MINUTE + i * SECOND)
    for i in range(50):
        refuse_at_door(STRANGER, door.store, "oidc: state", now=NOON + 10 * MINUTE + i * SECOND)
    refuse_at_door(STRANGER, door.store, "oidc: state", now=NOON + 12 * MINUTE)
    came = door.audited()[: len(door.audited()) - before][::-1]
    strange = [what["kali"] for user, act, what in came if (user, act) == ("", "masuk.gagal")]
    assert strange == [1, 60], "all that came in a minute is one row"
    assert [act for user, act, _ in came if user == "ani"].count("masuk.gagal") == 6, "the account's own, each"
    waiting = [what["kali"] for user, _, what in came if user == "ani" and what["sebab"] == "menunggu"]
    assert waiting == [1]
    assert [what["kali"] for _, _, what in came if what["sebab"] == "oidc: state"] == [1, 50]
    assert len(came) == 2 + 6 + 1 + 2


def test_an_office_that_signs_in_rightly_never_waits(door: Door) -> None:
    assert all(door.enter() for _ in range(40))


def test_failures_are_audited_without_what_was_typed(door: Door) -> None:
    door.refused("salah sekali ini")
    door.refused("salah sekali ini", name="5301010101010001")
    (second, first) = door.audited()[:2]
    assert first == ("ani", "masuk.gagal", {"sebab": "salah", "akun": "ani", "gagal": 1})
    assert second[0] == ""
    assert "5301010101010001" not in json.dumps(door.audited())


def test_signing_in_makes_no_screen_read_everything_anew(door: Door) -> None:
    before = door.store.state_key()
    door.enter()
    assert door.store.state_key() == before


def test_a_one_time_code_is_asked_once_it_is_set_up_and_counts_once(door: Door) -> None:
    secret = passwords.new_secret()
    totp = pyotp.TOTP(secret)
    actor = actor_of(door.store, door.enter(), NOON)
    with pytest.raises(WrongUse, match="CODE_WRONG"):
        set_code(actor, door.store, secret, "000000", GOOD, now=NOON)
    with pytest.raises(Refused, match="SIGN_IN_WRONG"):
        set_code(actor, door.store, secret, totp.at(NOON), "bukan sandinya ini", now=NOON)
    set_code(actor, door.store, secret, totp.at(NOON), GOOD, now=NOON)
    assert door.refused(at=NOON + MINUTE)[0] == "SIGN_IN_WRONG"
    for strange in ("１２３４５６", "kode é", "\ud800"):
        assert passwords.code_step(secret, strange, NOON) is None
    later = NOON + 2 * MINUTE
    assert door.enter(code=totp.at(later), at=later)
    assert door.refused(code=totp.at(later), at=later + SECOND)[0] == "SIGN_IN_WRONG", "the same code again"
    assert door.enter(code=totp.at(later + 30 * SECOND), at=later + 30 * SECOND)
    set_code(actor, door.store, "", "", GOOD, now=later)
    assert door.enter(at=later + MINUTE)


class TestVouched:
    """Whom a provider or a proxy vouches for."""

    def vouch(
        self,
        door: Door,
        subject: str = "s1",
        name: str = "rini",
        roles: tuple[str, ...] = ("perencana",),
        sid: str = "x",
    ) -> str:
        return sign_in_by(
            STRANGER, door.store, "oidc", subject, name, "Rini", roles=roles, areas=["53.01"], sid=sid, now=NOON
        )

    def test_the_account_is_made_once_and_its_roles_are_the_providers(self, door: Door) -> None:
        self.vouch(door)
        actor = actor_of(door.store, self.vouch(door, roles=("penyelia",)), NOON)
        assert actor == Actor("Rini", "rini", frozenset({Role.SUPERVISOR}), ("53.01",), signed_in=True)

    def test_a_name_belongs_to_who_had_it_first(self, door: Door) -> None:
        self.vouch(door)
        for subject, name in (("s2", "rini"), ("s3", "ani")):
            with pytest.raises(Refused, match="SIGN_IN_OTHER"):
                self.vouch(door, subject, name)
        assert actor_of(door.store, self.vouch(door, "s1", "nama-baru"), NOON).account == "rini"

    def test_no_role_no_entry_and_a_shut_account_stays_shut(self, door: Door) -> None:
        with pytest.raises(Refused, match="SIGN_IN_NO_ROLE"):
            self.vouch(door, roles=())
        self.vouch(door)
        disable_account(BOSS, door.store, "rini")
        with pytest.raises(Refused, match="SIGN_IN_SHUT"):
            self.vouch(door)

    def test_no_password_opens_it(self, door: Door) -> None:
        self.vouch(door)
        assert door.refused("", name="rini")[0] == "SIGN_IN_WRONG"

    def test_the_provider_ends_one_session_or_all_of_a_person(self, door: Door) -> None:
        marks = [mark_of(self.vouch(door)) for _ in range(2)]
        local = mark_of(door.enter())
        assert door.store.signins.end_of_provider("", "", NOON) == 0
        assert door.store.signins.end_of_provider("s2", "", NOON) == 0
        assert signing_in.sign_out_by_provider(STRANGER, door.store, "s1", "x", now=NOON) == 2
        assert [who(door.store, mark, now=NOON) for mark in marks] == [None, None]
        assert who(door.store, local, now=NOON) is not None

    @pytest.mark.parametrize(("subject", "sid", "ended"), [("s1", "x", "xn"), ("s1", "", "xyn"), ("", "x", "x")])
    def test_a_session_that_nobody_named_ends_with_its_person(
        self, door: Door, subject: str, sid: str, ended: str
    ) -> None:
        marks = {name: mark_of(self.vouch(door, sid=sid)) for name, sid in (("x", "x"), ("y", "y"), ("n", ""))}
        other = mark_of(self.vouch(door, "s2", "tono", sid=""))
        signing_in.sign_out_by_provider(STRANGER, door.store, subject, sid, now=NOON)
        assert {name for name, mark in marks.items() if who(door.store, mark, now=NOON) is None} == set(ended)
        assert who(door.store, other, now=NOON) is not None
