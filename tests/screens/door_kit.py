"""The door itself without a server: a workspace with people, requests and connections to it, and what is behind it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from campaign.access.accounts import add_account
from campaign.access.signing_in import change_password, mark_of, sign_in, who
from data.domain.actor import STRANGER, owner
from data.domain.roles import Role
from data.store.store import Store
from data.workspace import DATABASE_FILE, Workspace
from pages import reading
from pages.door.cookies import Signing
from pages.door.guard import Door
from pages.door.settings import read_settings

PASSWORD = "kuda laut biru 77"
PAGE = {"Accept": "text/html"}


@dataclass
class Said:
    """An answer of the door."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def __getitem__(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


class Behind:
    """What is behind the door: answers everything, and remembers who it was told."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self.heard: list[Message] = []
        self.headers: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            while (message := await receive())["type"] != "websocket.disconnect":
                self.heard.append(message)
            return
        headers = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"isi"})


def scope_of(path: str, method: str, headers: dict[str, str], client: str, kind: str = "http") -> Scope:
    sent = [(name.lower().replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    own = {"server": ("127.0.0.1", 8501), "client": (client, 50_000), "scheme": "http", "root_path": ""}
    place = {"path": path.partition("?")[0], "query_string": path.partition("?")[2].encode(), "raw_path": path.encode()}
    return {"type": kind, "method": method, "headers": sent, "subprotocols": [], **own, **place}


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: the browser of other tests may keep an event loop in this one."""

    async def in_time() -> Any:
        return await asyncio.wait_for(work, 60)

    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, in_time()).result()


async def asked(
    door: Door, path: str, method: str = "GET", body: str = "", client: str = "127.0.0.1", **headers: str
) -> Said:
    said, given = Said(), [{"type": "http.request", "body": body.encode(), "more_body": False}]

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            said.status = message["status"]
            said.headers = [(name.decode().lower(), value.decode()) for name, value in message["headers"]]
        else:
            said.body += message.get("body", b"")

    await door(scope_of(path, method, headers, client), receive, send)
    return said


def ask(door: Door, path: str, method: str = "GET", body: str = "", **headers: str) -> Said:
    answer: Said = run(asked(door, path, method, body, **headers))
    return answer


@dataclass
class Place:
    """A workspace with people, the door before it, and what is behind the door."""

    workspace: Workspace
    store: Store
    door: Door
    inner: Behind
    settings: dict[str, str]

    def enter(self, name: str) -> str:
        """A sign-in's token."""
        return sign_in(STRANGER, self.store, name, PASSWORD)

    def cookie(self, token: str) -> str:
        return f"{self.door.forms.cookie_name}={Signing(self.workspace).sign(token)}"

    @contextmanager
    def unreadable(self) -> Iterator[None]:
        """For as long, no sign-in can be read."""
        file = self.workspace.path / DATABASE_FILE
        with closing(sqlite3.connect(file)) as raw:
            raw.execute("ALTER TABLE masuk RENAME TO masuk_di_samping")
        try:
            yield
        finally:
            with closing(sqlite3.connect(file)) as raw:
                raw.execute("ALTER TABLE masuk_di_samping RENAME TO masuk")

    @contextmanager
    def busy(self) -> Iterator[None]:
        """For as long, another one writes."""
        with closing(sqlite3.connect(self.workspace.path / DATABASE_FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield


def place_of(workspace: Workspace, settings: dict[str, str]) -> Place:
    """The door of a workspace in which ani plans and tamu only looks."""
    store = reading.store()
    for name, role in (("ani", Role.PLANNER), ("tamu", Role.PUBLIC)):
        first = add_account(owner("Uji"), store, name, roles=[role])
        mark = mark_of(sign_in(STRANGER, store, name, first))
        signed = who(store, mark)
        assert signed is not None
        change_password(signed.actor, store, mark, first, PASSWORD)
    inner = Behind()
    whole = {"PETA_AMAN_SIGN_IN": "local", **settings}
    return Place(workspace, store, Door(inner, read_settings(whole)), inner, whole)
