"""The door: an ASGI layer around the whole server.

Every request and every connection is somebody's or is turned away: pages, Streamlit's connection, uploads, media, map
layers, frames of components, metrics. Who it is comes from a signed cookie that names a sign-in kept on the server, or
from a trusted proxy's header, never from what Streamlit keeps for a session. Where nobody signs in, the server answers
only what reaches it on an address of this computer alone.
"""

from __future__ import annotations

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaign.access.accounts import PROXY
from campaign.access.signing_in import SignedIn, mark_of
from data.errors import PetaAmanError
from data.workspace import Workspace
from pages.door import forms, stream
from pages.door.answers import SECURITY_HEADERS
from pages.door.asked import up
from pages.door.cookies import BROWSER, Signing, cookie, cookie_name
from pages.door.gateway import Forged, TrustedProxy
from pages.door.presence import HEADER, CannotTell, presence
from pages.door.settings import DoorSettings, alone, read_settings

HEALTH = ("/healthz", "/readyz")
ACTOR = "peta_aman_actor"
"""Where a scope says who asks, for routes that answer one person otherwise than another."""
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/")
_BROWSER = re.compile(r"[A-Za-z0-9_-]{32}")


class Door:
    """Outermost of the server's layers."""

    def __init__(self, app: ASGIApp, settings: DoorSettings | None = None) -> None:
        self.app = app
        self.settings = settings or read_settings()
        self.proxy = TrustedProxy(self.settings, self.settings.gateway) if self.settings.gateway else None
        self.forms = forms.Forms(self.settings)
        self.browser_cookie = cookie_name(BROWSER, secure=self.settings.secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != HEADER.encode()]}
        if not self.settings.on:
            await self._unguarded(scope, receive, send)
            return
        browser, given = self._browser(scope)
        try:
            signed = await self._who(scope, browser)
        except Forged as forged:
            await run_in_threadpool(self._report, forged)
            await self._turn_away(scope, receive, send, 403)
            return
        except CannotTell as fault:
            if scope["type"] == "websocket" or scope["path"] not in HEALTH:
                await self._turn_away(scope, receive, send, 503, fault)
                return
            signed = None
        scope = {**scope, "headers": self._without_secrets(scope)}
        if scope["type"] == "websocket":
            if signed is None or signed.must_change:
                await stream.refuse(scope, receive, send)
                return
            named = {**scope, "headers": [*scope["headers"], (HEADER.encode(), signed.mark.encode())]}
            await stream.serve(self.app, named, receive, send, key=signed.mark, mark=signed.mark)
            return
        await self._request(scope, receive, self._answering(scope, send, signed, given), signed)

    async def _request(self, scope: Scope, receive: Receive, send: Send, signed: SignedIn | None) -> None:
        path = scope["path"]
        if path in HEALTH:
            # What is wrong is for those who are in.
            await self.app({**scope, "peta_aman_stranger": signed is None}, receive, send)
        elif self.forms.has(path):
            await (await self.forms.answer(scope, receive, signed))(scope, receive, send)
        elif signed is None:
            await self._turn_away(scope, receive, send, 401)
        elif signed.must_change:
            answer = RedirectResponse(up(path) + "masuk/sandi", 303) if _document(scope) else _refusal(403)
            await answer(scope, receive, send)
        elif self._foreign(scope, signed):
            await _refusal(403)(scope, receive, send)
        else:
            await self.app({**scope, ACTOR: signed.actor}, receive, send)

    def _browser(self, scope: Scope) -> tuple[str, str]:
        """Which browser asks, empty when unknown; and the cookie to give to one that asks for its first page."""
        browser = _cookies(scope).get(self.browser_cookie, "")
        if _BROWSER.fullmatch(browser):
            return browser, ""
        if not _document(scope):
            return "", ""
        browser = secrets.token_urlsafe(24)
        return browser, cookie(self.browser_cookie, browser, secure=self.settings.secure)

    @staticmethod
    def _answering(scope: Scope, send: Send, signed: SignedIn | None, given: str) -> Send:
        """Sends what somebody who is in may see: kept by that person's browser at most, and a file that was made for
        one person not even there."""
        if signed is None:
            return send

        async def own(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                told = headers.get("cache-control", "no-cache").removeprefix("public").strip(", ")
                if "no-store" not in told:
                    kept = "no-store" if scope["path"].startswith("/media/") else told
                    headers["Cache-Control"] = kept if "private" in kept else f"private, {kept}".rstrip(", ")
                if given and signed.source == PROXY:
                    headers.append("set-cookie", given)
            await send(message)

        return own

    async def _unguarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Where nobody signs in: this computer only, and no browser takes over another's session."""
        server = scope.get("server")
        if server is None or not alone(server[0], self.settings):
            await self._turn_away(scope, receive, send, 403)
            return
        browser, given = self._browser(scope)
        if scope["type"] == "websocket":
            await stream.serve(self.app, scope, receive, send, key=browser, mark="")
            return
        upload = _UPLOAD.match(scope["path"])
        if upload and browser and not presence.owns(upload[1], browser):
            await _refusal(403)(scope, receive, send)
            return

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and given:
                MutableHeaders(scope=message).append("set-cookie", given)
            await send(message)

        await self.app(scope, receive, named)

    async def _who(self, scope: Scope, browser: str) -> SignedIn | None:
        if self.proxy is not None:
            mark = await self.proxy.mark(scope, browser)
            if mark is not None:
                return await self._checked(scope, mark)
        signed_token = _cookies(scope).get(self.forms.cookie_name)
        workspace = Workspace.locate()
        token = Signing(workspace).read(signed_token) if signed_token and workspace.exists() else None
        if token is None:
            return None
        signed = await self._checked(scope, mark_of(token))
        # Who was let in by the proxy is that only with the proxy's word.
        return None if signed is not None and signed.source == PROXY else signed

    async def _checked(self, scope: Scope, mark: str) -> SignedIn | None:
        fresh = scope["type"] == "websocket" or _document(scope) or scope["method"] != "GET"
        if not fresh and (signed := presence.known(mark)) is not None:
            return signed
        return await run_in_threadpool(presence.check, mark, active=fresh)

    def _foreign(self, scope: Scope, signed: SignedIn) -> bool:
        """Whether a request reaches for what is another's."""
        path = scope["path"]
        if path.startswith("/media/"):
            return not presence.was_sent(path.removeprefix("/media/"), signed.mark)
        upload = _UPLOAD.match(path)
        return upload is not None and not presence.owns(upload[1], signed.mark)

    def _without_secrets(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        return headers if self.proxy is None else [pair for pair in headers if pair[0] not in self.proxy.own]

    async def _turn_away(
        self, scope: Scope, receive: Receive, send: Send, status: int, fault: PetaAmanError | None = None
    ) -> None:
        if scope["type"] == "websocket":
            await stream.refuse(scope, receive, send, status)
        elif fault is not None and _document(scope):
            await self.forms.fault_page(Request(scope), fault, status)(scope, receive, send)
        elif status == 401 and _document(scope):
            query = scope.get("query_string", b"").decode("latin-1")
            back = scope["path"].lstrip("/") + (f"?{query}" if query else "")
            await (await self.forms.sign_in_page(scope, back, 401))(scope, receive, send)
        else:
            await _refusal(status)(scope, receive, send)

    @staticmethod
    def _report(forged: Forged) -> None:
        if forged.times:
            presence.refuse(forged.why, forged.times)


def _cookies(scope: Scope) -> dict[str, str]:
    found = SimpleCookie()
    try:
        for name, value in scope["headers"]:
            if name == b"cookie":
                found.load(value.decode("latin-1"))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in found.items()}


def _document(scope: Scope) -> bool:
    """Whether a person's browser asks for a page to show."""
    return (
        scope["type"] == "http"
        and scope["method"] in ("GET", "HEAD")
        and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _refusal(status: int) -> Response:
    headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
    return JSONResponse({"status": status}, status_code=status, headers=headers)
