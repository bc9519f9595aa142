"""Which name this server is asked by: a stranger's page that points its own name at this machine gets no answer.

Streamlit checks the name for its sessions only; this stands before everything, files, uploads and health included.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

METRICS = "/_stcore/metrics"
"""Streamlit's numbers about itself and its sessions; nobody's business here."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def named_host(header: str) -> str:
    """The name in a ``Host`` header, without its port, in lower case."""
    name = header.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.rpartition(":")[0] if name.count(":") == 1 else name


def is_allowed(host: str, allowed: Sequence[str]) -> bool:
    """Whether ``host`` is one of the names, or below one that begins with ``*.``; where this machine's own name is
    allowed, all of its names are."""
    names = {*allowed, *LOOPBACK} if set(allowed) & set(LOOPBACK) else set(allowed)
    return any(host == name.lower() or (name.startswith("*.") and host.endswith(name[1:].lower())) for name in names)


class HostCheck:
    """Refuses requests by other names than ``server.allowedHosts`` (421; a WebSocket is closed before it opens), when
    such are set, as they are on loopback; and keeps Streamlit's metrics closed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        allowed = [str(name) for name in st.get_option("server.allowedHosts") or ()]
        if allowed and not is_allowed(named_host(Headers(scope=scope).get("host", "")), allowed):
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})
                return
            await PlainTextResponse("unknown host\n", status_code=421)(scope, receive, send)
            return
        if scope["path"].rstrip("/") == METRICS:
            await PlainTextResponse("not found\n", status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)
