"""Streamlit's connection: whose it is, that it takes over nobody else's session, and that it ends with the sign-in."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.door.presence import CannotTell, presence

WATCHED_EVERY = 20.0
"""Seconds after which a silent connection is asked for: a shut account is out within a minute."""
MEDIA = re.compile(rb"/media/([0-9a-f]{16,128}\.\w{1,10})")
"""Addresses of files in what Streamlit sends to a screen."""
_ACTIVE_EVERY = 60.0
_REFUSED, _LATER = 1008, 1013


async def serve(app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, key: str, mark: str) -> None:
    """Lets a connection through. ``key`` is whose sessions it may take up again; ``mark`` the sign-in it lives by,
    empty where nobody signs in."""
    await _Stream(app, key, mark).run(_own_session_only(scope, key), receive, send)


async def refuse(scope: Scope, receive: Receive, send: Send, status: int = 401) -> None:
    """Answers a handshake with 401, or as the server can."""
    await receive()
    if "websocket.http.response" in (scope.get("extensions") or {}):
        await send({"type": "websocket.http.response.start", "status": status, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})
    else:
        await send({"type": "websocket.close", "code": _REFUSED})


def _own_session_only(scope: Scope, key: str) -> Scope:
    """Takes the third subprotocol away, unless the session it names is of the same sign-in (or browser).

    Streamlit gives a disconnected session to whoever names it, and session ids stand in addresses and logs.
    """
    entries = Headers(scope=scope).get("sec-websocket-protocol", "").split(",")
    if len(entries) < 3 or presence.owns(entries[2].strip(), key):
        return scope
    kept = ",".join(entries[:2]).encode("latin-1")
    headers = [pair for pair in scope["headers"] if pair[0] != b"sec-websocket-protocol"]
    subprotocols = [entry.strip() for entry in entries[:2] if entry.strip()]
    return {**scope, "headers": [*headers, (b"sec-websocket-protocol", kept)], "subprotocols": subprotocols}


class _Stream:
    def __init__(self, app: ASGIApp, key: str, mark: str) -> None:
        self.app, self.key, self.mark = app, key, mark
        self._named = False
        self._over = asyncio.Event()
        self._active = 0.0

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        watch = asyncio.create_task(self._watch(send)) if self.mark else None

        async def incoming() -> Message:
            message = await self._next(receive)
            if message["type"] == "websocket.receive" and self.mark:
                try:
                    if await self._allowed(message):
                        return message
                    await self._dismiss(send)
                except CannotTell:  # the browser connects again, until somebody can tell
                    await self._close(send, _LATER)
                return {"type": "websocket.disconnect", "code": _REFUSED}
            return message

        async def outgoing(message: Message) -> None:
            if self._over.is_set():
                return
            if content := message.get("bytes"):
                if not self._named:
                    self._name(content)
                if b"/media/" in content:
                    for file in MEDIA.findall(content):
                        presence.sent(file.decode(), self.key)
            await send(message)

        try:
            await self.app(scope, incoming, outgoing)
        finally:
            if watch is not None:
                watch.cancel()
                with suppress(asyncio.CancelledError):
                    await watch

    async def _next(self, receive: Receive) -> Message:
        """The next message; a disconnect as soon as the sign-in is over."""
        if not self.mark:
            return await receive()
        coming, over = asyncio.ensure_future(receive()), asyncio.ensure_future(self._over.wait())
        done, pending = await asyncio.wait({coming, over}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return coming.result() if coming in done else {"type": "websocket.disconnect", "code": _REFUSED}

    async def _allowed(self, message: Message) -> bool:
        """Asks the store before a message reaches Streamlit: reruns, fragments and downloads all begin with one."""
        loop = asyncio.get_running_loop()
        active = loop.time() - self._active > _ACTIVE_EVERY and _by_a_person(message.get("bytes") or b"")
        signed = await run_in_threadpool(presence.check, self.mark, active=active)
        if active:
            self._active = loop.time()
        return signed is not None and not signed.must_change

    async def _watch(self, send: Send) -> None:
        while not self._over.is_set():
            await asyncio.sleep(WATCHED_EVERY)
            with suppress(CannotTell):
                if await run_in_threadpool(presence.check, self.mark) is None:
                    await self._dismiss(send)

    async def _dismiss(self, send: Send) -> None:
        """Sends the browser to its own address, where the door now stands, and closes."""
        away = ForwardMsg()
        away.auth_redirect.url = ""
        await self._close(send, _REFUSED, away.SerializeToString())

    async def _close(self, send: Send, code: int, last: bytes = b"") -> None:
        if self._over.is_set():
            return
        self._over.set()
        with suppress(Exception):  # the browser may have gone
            if last:
                await send({"type": "websocket.send", "bytes": last})
            await send({"type": "websocket.close", "code": code})

    def _name(self, content: bytes) -> None:
        """The first message of a run says which session it is."""
        with suppress(Exception):
            message = ForwardMsg.FromString(content)
            if session := message.new_session.initialize.session_id:
                presence.belongs(session, self.key)
                self._named = True


def _by_a_person(content: bytes) -> bool:
    """Whether a message is more than a timer's: a screen that redraws itself keeps nobody signed in."""
    try:
        message = BackMsg.FromString(content)
    except Exception:  # Streamlit itself will refuse it
        return False
    return message.WhichOneof("type") == "rerun_script" and not message.rerun_script.is_auto_rerun
