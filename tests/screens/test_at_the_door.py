"""The door itself, without a server: what passes, what is answered, and what happens when nobody can tell who asks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.types import Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import StopException

import app
from campaign.access import passwords
from campaign.access.accounts import disable_account, reset_account
from campaign.access.signing_in import STAYS, mark_of, sign_in, who
from campaign.maps.context import context
from campaign.office.notes import write_note
from data.domain.actor import STRANGER, Actor, owner
from data.domain.roles import Role
from data.store.part import now
from pages import gate, reading
from pages.door import stream
from pages.door.guard import ACTOR, Door
from pages.door.presence import HEADER, CannotTell, presence
from pages.door.settings import read_settings
from pages.serving import readiness
from tests.screens.door_kit import PAGE, Place, Said, ask, asked, run, scope_of

SECRET = "rahasia-bersama-proksi-kantor"


# --- nobody can tell --------------------------------------------------------------------------------------------------


def test_a_store_that_is_written_to_signs_nobody_out(place: Place) -> None:
    token = place.enter("ani")
    used = now() - 2 * STAYS
    place.store.signins.stay(mark_of(token), used)
    with place.busy():
        signed = presence.check(mark_of(token), active=True)
        assert signed is not None
        assert ask(place.door, "/peta", Cookie=place.cookie(token), **PAGE).status == 200
    assert presence.check(mark_of(token)).last_used == used, "not written down; the sign-in goes on"
    assert presence.check(mark_of(token), active=True).last_used > used


def test_who_cannot_be_told_is_neither_let_in_nor_sent_away(place: Place) -> None:
    cookie = place.cookie(place.enter("ani"))
    with place.unreadable():
        with pytest.raises(CannotTell):
            presence.check("x")
        for headers in ({}, PAGE):
            answer = ask(place.door, "/peta", "GET" if headers else "POST", Cookie=cookie, **headers)
            assert (answer.status, answer["set-cookie"]) == (503, "")
            assert b'name="sandi"' not in answer.body
        assert b"Basis data" in answer.body
        assert place.inner.scopes == []
        assert ask(place.door, "/healthz", Cookie=cookie, **PAGE).status == 200
        assert place.inner.scopes[-1]["peta_aman_stranger"] is True
    assert ask(place.door, "/peta", Cookie=cookie, **PAGE).status == 200


async def line_of(place: Place, cookie: str, speak: Callable[[Any, list[Message]], Coroutine[Any, Any, None]]) -> Any:
    """What a connection was sent; ``speak`` begins once it is open."""
    came, sent = asyncio.Queue[Message](), list[Message]()
    await came.put({"type": "websocket.connect"})

    async def send(message: Message) -> None:
        sent.append(message)

    scope = scope_of("/_stcore/stream", "GET", {"Cookie": cookie}, "127.0.0.1", "websocket")
    connection = asyncio.create_task(place.door(scope, came.get, send))
    while not sent:
        await asyncio.sleep(0.02)
    await speak(came, sent)
    await connection
    return sent[1:]


def test_a_line_waits_for_who_can_tell_and_ends_with_the_sign_in(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "WATCHED_EVERY", 0.05)
    token = place.enter("ani")

    async def wait(came: Any, sent: list[Message]) -> None:
        with place.unreadable():
            await asyncio.sleep(0.4)  # the watch asks meanwhile
        await came.put({"type": "websocket.receive", "bytes": b"masih"})
        while not place.inner.heard:
            await asyncio.sleep(0.02)
        signed = who(place.store, mark_of(token))
        assert signed is not None
        presence.sign_out(signed)

    sent = run(line_of(place, place.cookie(token), wait))
    assert [one["bytes"] for one in place.inner.heard] == [b"masih"]
    assert ForwardMsg.FromString(sent[0]["bytes"]).WhichOneof("type") == "auth_redirect"
    assert sent[1:] == [{"type": "websocket.close", "code": 1008}]


def test_a_message_of_whom_nobody_can_tell_goes_nowhere_and_the_browser_comes_again(place: Place) -> None:
    async def speak(came: Any, sent: list[Message]) -> None:
        with place.unreadable():
            await came.put({"type": "websocket.receive", "bytes": b"kirim"})
            while sent[-1]["type"] != "websocket.close":
                await asyncio.sleep(0.02)

    sent = run(line_of(place, place.cookie(place.enter("ani")), speak))
    assert place.inner.heard == []
    assert sent == [{"type": "websocket.close", "code": 1013}]


# --- a proxy's word ---------------------------------------------------------------------------------------------------

VOUCHED = {"X_Forwarded_User": "wati", "X_Forwarded_Groups": "perencanaan", "X_Peta_Aman_Rahasia": SECRET}
PROXY = {"PETA_AMAN_SIGN_IN": "local,proxy", "PETA_AMAN_PROXY_PEERS": "127.0.0.1", "PETA_AMAN_PROXY_SECRET": SECRET}


def browser_of(answer: Said) -> str:
    return answer["set-cookie"].partition(";")[0]


def test_two_browsers_of_one_person_are_two_sign_ins_and_end_apart(made: Callable[..., Place]) -> None:
    place = made(**PROXY, PETA_AMAN_PUBLIC_URL="https://peta.contoh.go.id")
    first, second = (ask(place.door, "/peta", **VOUCHED, **PAGE) for _ in range(2))
    assert browser_of(first).startswith("__Host-peta_aman_peramban=")
    assert "Secure" in first["set-cookie"]
    assert browser_of(first) != browser_of(second)

    def mark(cookie: str) -> str:
        scope = scope_of("/", "GET", VOUCHED, "127.0.0.1")
        return str(run(place.door.proxy.mark(scope, cookie.partition("=")[2])))

    here, there = mark(browser_of(first)), mark(browser_of(second))
    assert len({here, there}) == 2
    assert ask(place.door, "/peta", Cookie=browser_of(first), **VOUCHED, **PAGE)["set-cookie"] == "", "one cookie"
    assert mark(browser_of(first)) == here
    assert ask(place.door, "/keluar", "POST", Cookie=browser_of(first), **VOUCHED).status in (200, 303)
    assert who(place.store, here) is None
    assert who(place.store, there) is not None
    assert mark(browser_of(second)) == there


def test_a_program_without_a_browser_keeps_one_sign_in(made: Callable[..., Place]) -> None:
    place = made(**PROXY)
    for _ in range(3):
        assert ask(place.door, "/aset/ikon.svg", **VOUCHED)["set-cookie"] == ""
    begun = place.store.audit.trail().query("act == 'masuk.berhasil'")
    assert (begun["user"] == "wati").sum() == 1


def test_a_proxys_word_counts_again_as_soon_as_the_store_answers(made: Callable[..., Place]) -> None:
    place = made(**PROXY)
    with place.busy():
        assert ask(place.door, "/aset/ikon.svg", **VOUCHED).status == 503
    assert ask(place.door, "/aset/ikon.svg", **VOUCHED).status == 200
    assert ask(place.door, "/aset/ikon.svg", **{**VOUCHED, "X_Forwarded_Groups": "lain"}).status == 401


# --- what browsers and proxies keep -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "told", "kept"),
    [
        ("/aset/peta.js", "public, max-age=31536000, immutable", "private, max-age=31536000, immutable"),
        ("/aset/peta.js", "max-age=600", "private, max-age=600"),
        ("/aset/peta.js", "public", "private"),
        ("/aset/peta.js", "", "private, no-cache"),
        ("/aset/peta.js", "no-store", "no-store"),
    ],
)
def test_nothing_from_behind_the_door_is_kept_for_others(place: Place, path: str, told: str, kept: str) -> None:
    place.inner.headers = {"Cache-Control": told} if told else {}
    answer = ask(place.door, path, Cookie=place.cookie(place.enter("ani")))
    assert [value for name, value in answer.headers if name == "cache-control"] == [kept]


def test_a_file_made_for_one_person_is_kept_nowhere(place: Place) -> None:
    token = place.enter("ani")
    presence.sent("0123456789abcdef.csv", mark_of(token))
    place.inner.headers = {"Cache-Control": "public, max-age=60"}
    answer = ask(place.door, "/media/0123456789abcdef.csv", Cookie=place.cookie(token))
    assert (answer.status, answer["cache-control"]) == (200, "private, no-store")


def test_marks_of_notes_are_for_who_sees_the_offices_work(place: Place) -> None:
    write_note(owner("Uji"), place.store, "53.01.04.2003", "Balai desa dipugar sampai Maret")
    plain, marked = (context(reading.snapshot(), notes=notes)[0] for notes in (False, True))
    assert plain != marked
    door = Door(Starlette(routes=app.ROUTES), read_settings(place.settings))
    seen = {
        name: [
            ask(door, f"/aset/konteks/{version}.json", Cookie=place.cookie(place.enter(name))).status
            for version in (plain, marked)
        ]
        for name in ("ani", "tamu")
    }
    assert seen == {"ani": [200, 200], "tamu": [200, 404]}


# --- little work for strangers ----------------------------------------------------------------------------------------


def test_a_stranger_is_told_what_is_known_and_makes_no_work(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    door = Door(Starlette(routes=app.ROUTES), read_settings(place.settings))
    monkeypatch.setattr(readiness, "_last", None)
    assert ask(door, "/readyz").status == 503, "nobody knows yet"
    insider = place.cookie(place.enter("ani"))
    assert ask(door, "/readyz", Cookie=insider).status == 200
    place.workspace.layers.rename(place.workspace.path / "di-samping")
    place.workspace.layers.mkdir()
    assert ask(door, "/readyz").status == 200, "as it was last known"
    assert b"layers" in ask(door, "/readyz", Cookie=insider).body
    answer = ask(door, "/readyz")
    assert (answer.status, answer.body) == (503, b'{"status":"not ready"}')
    monkeypatch.setattr(readiness, "_last", (readiness.time.monotonic(), (None, None)))
    assert ask(door, "/readyz").status == 200
    monkeypatch.setattr(readiness, "_last", (readiness.time.monotonic() - readiness.KNOWN_SECONDS, (None, None)))
    assert ask(door, "/readyz").status == 503, "known too long ago"


def test_a_flood_of_passwords_leaves_the_others_their_threads(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    free, judged = threading.Event(), threading.Semaphore(0)

    class Slow:
        def verify(self, kept: str, password: str) -> bool:
            judged.release()
            free.wait(50)
            return False

    cookie = place.cookie(place.enter("ani"))
    monkeypatch.setattr(passwords, "_HASHER", Slow())
    monkeypatch.setattr(passwords, "_nobody", lambda: "")

    async def flood() -> int:
        forms = [urlencode({"akun": f"nama{i}", "sandi": "salah sekali ini"}) for i in range(60)]
        tries = [asyncio.create_task(asked(place.door, "/masuk", "POST", form)) for form in forms]
        try:
            while not judged.acquire(blocking=False):
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.3)
            other = await asyncio.wait_for(asked(place.door, "/peta", Cookie=cookie, **PAGE), 20)
        finally:
            free.set()
        assert 200 not in {one.status for one in await asyncio.gather(*tries)}
        return other.status

    assert run(flood()) == 200


# --- a page asks anew -------------------------------------------------------------------------------------------------


@dataclass
class Connection:
    """What a page knows of its connection."""

    headers: dict[str, str]


def test_what_outlives_a_run_acts_as_who_one_is_now(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    token = place.enter("ani")
    monkeypatch.setattr(gate, "_settings", lambda: place.door.settings)
    monkeypatch.setattr(gate.st, "context", Connection({HEADER: mark_of(token)}))
    visit = gate.arriving()
    assert visit is not None
    assert (visit.mark, visit.actor.roles) == (mark_of(token), frozenset({Role.PLANNER}))
    monkeypatch.setattr(gate.st, "context", Connection({}))  # as where a download is made
    store = place.store
    row = store.accounts.get("ani")
    store.accounts.change(row.akun, "diperbarui", user="uji", peran="penyelia")
    presence.forget()
    assert visit.actor.roles == frozenset({Role.SUPERVISOR}), "not who the person was when the page was drawn"
    disable_account(owner("Uji"), store, "ani")
    presence.forget()
    with pytest.raises(StopException):
        _ = visit.actor
    monkeypatch.setattr(gate.st, "context", Connection({HEADER: mark_of(token)}))
    assert gate.arriving() is None
    with pytest.raises(StopException):
        gate.actor()


def test_the_owner_acts_where_nobody_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_settings", lambda: read_settings({}))
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "pak kepala")
    visit = gate.arriving()
    assert visit is not None
    assert visit.actor == owner("pak kepala")
    assert isinstance(visit.actor, Actor)


def test_the_door_hands_on_who_asks(place: Place) -> None:
    ask(place.door, "/aset/ikon.svg", Cookie=place.cookie(place.enter("ani")))
    assert place.inner.scopes[-1][ACTOR].account == "ani"
    first = reset_account(owner("Uji"), place.store, "ani")
    assert (
        ask(place.door, "/aset/ikon.svg", Cookie=place.cookie(sign_in(STRANGER, place.store, "ani", first))).status
        == 403
    )
