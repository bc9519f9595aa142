"""What the door itself serves: signing in and out, passwords, one-time codes, the way to a provider and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from html import escape
from urllib.parse import quote, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope

from campaign.access import signing_in
from campaign.access.accounts import LOCAL, OIDC, PROXY
from campaign.access.signing_in import SignedIn
from data.domain.actor import STRANGER
from data.errors import PetaAmanError, Refused
from data.workspace import Workspace
from pages.door import answers
from pages.door.asked import form, language, safe_back, up
from pages.door.cookies import SIGN_IN, Signing, cookie, cookie_name
from pages.door.openid import OpenID
from pages.door.own_account import OwnAccount
from pages.door.presence import presence
from pages.door.provider import ProviderPages
from pages.door.settings import DoorSettings
from pages.serving import faults
from words import LANGUAGES, reason_text, t

SIGNED_OUT = "/masuk/oidc/keluar"
"""Where a provider itself speaks to us; what it says is signed."""
Answer = Callable[[Request, SignedIn | None], Awaitable[Response]]


class Forms:
    """The door's own pages, below ``/masuk`` and at ``/keluar``."""

    def __init__(self, settings: DoorSettings) -> None:
        self.settings = settings
        self.cookie_name = cookie_name(SIGN_IN, secure=settings.secure)
        self.passwords, self.provider_calls = CapacityLimiter(2), CapacityLimiter(4)
        """Threads for what takes long: a flood of tries, or a provider that is slow, leaves all others to the rest."""
        own = OwnAccount(self)
        self.openid = OpenID(settings.provider, settings.public_url) if settings.provider else None
        self._pages: dict[tuple[str, str], Answer] = {
            ("GET", "/masuk"): self._ask,
            ("POST", "/masuk"): self._sign_in,
            ("GET", "/keluar"): self._leaving,
            ("POST", "/keluar"): self._sign_out,
            ("GET", "/masuk/sandi"): own.ask_password,
            ("POST", "/masuk/sandi"): own.change_password,
            ("GET", "/masuk/kode"): own.ask_code,
            ("POST", "/masuk/kode"): own.change_code,
        }
        if self.openid is not None:
            provider = ProviderPages(self, self.openid)
            self._pages |= {
                ("GET", "/masuk/oidc"): provider.go,
                ("GET", "/masuk/oidc/kembali"): provider.come_back,
                ("POST", SIGNED_OUT): provider.signed_out,
            }

    def has(self, path: str) -> bool:
        """Whether the door answers that address itself."""
        return path in {known for _, known in self._pages}

    async def answer(self, scope: Scope, receive: Receive, signed: SignedIn | None) -> Response:
        """The answer to a request for one of the door's pages; a fault is told without its detail."""
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        page = self._pages.get((method, scope["path"]))
        if page is None:
            return Response(status_code=405, headers=answers.SECURITY_HEADERS)
        request = Request(scope, receive)
        try:
            if method == "POST" and scope["path"] != SIGNED_OUT and not self.same_origin(request):
                raise Refused("SIGN_IN_ORIGIN")
            return await page(request, signed)
        except PetaAmanError as error:
            return await self.sign_in_page(scope, "", _status(error), error)
        except Exception as error:
            faults.note(error)
            return self.page(
                request, t("masuk.judul", language(request)), answers.notice(t("masuk.galat", language(request))), 503
            )

    # --- pages --------------------------------------------------------------------------------------------------------

    async def sign_in_page(
        self, scope: Scope, back: str, status: int = 200, error: PetaAmanError | None = None, account: str = ""
    ) -> Response:
        """The page to sign in at, in place of what was asked for; ``back`` is where to go on."""
        request = Request(scope)
        lang, to = language(request), safe_back(back)
        root = up(scope["path"])
        body = answers.notice(reason_text(error.reason, error.params, lang)) if error else ""
        if not Workspace.locate().exists():
            body += f"<p>{escape(t('masuk.belum_siap', lang))}</p>"
        elif self.settings.sources == {PROXY}:
            body += f"<p>{escape(t('masuk.proksi', lang))}</p>"
        else:
            body += f"<p>{escape(t('masuk.pembuka', lang))}</p>"
        if LOCAL in self.settings.sources:
            body += (
                f'<form method="post" action="{root}masuk?bahasa={lang}">'
                f'<input type="hidden" name="ke" value="{escape(to)}">'
                + answers.field(t("masuk.akun", lang), "akun", auto="username", value=account)
                + answers.field(t("masuk.sandi", lang), "sandi", "password", auto="current-password")
                + answers.field(t("masuk.kode", lang), "kode", auto="one-time-code", needed=False)
                + f"<button>{escape(t('masuk.tombol', lang))}</button></form>"
            )
        if OIDC in self.settings.sources and self.settings.provider is not None:
            if LOCAL in self.settings.sources:
                body += f'<p class="atau">{escape(t("masuk.atau", lang))}</p>'
            name = t("masuk.lewat", lang, nama=self.settings.provider.name)
            other = " lain" if LOCAL in self.settings.sources else ""
            body += f'<a class="tombol{other}" href="{root}masuk/oidc?ke={quote(to, safe="")}">{escape(name)}</a>'
        if LOCAL in self.settings.sources:
            body += f'<p class="catatan">{escape(t("masuk.lupa", lang))}</p>'
        second = next(one for one in LANGUAGES if one != lang)
        other = f"{root}masuk?bahasa={second}&ke={quote(to, safe='')}"
        return answers.page(t("masuk.judul", lang), body, lang, other=other, status=status)

    def page(self, request: Request, title: str, body: str, status: int = 200) -> Response:
        """One of the door's other pages."""
        lang = language(request)
        second = next(one for one in LANGUAGES if one != lang)
        return answers.page(title, body, lang, other=f"?bahasa={second}", status=status)

    def fault_page(self, request: Request, fault: PetaAmanError, status: int) -> Response:
        """In place of what was asked for, what is wrong."""
        lang = language(request)
        said = answers.notice(reason_text(fault.reason, fault.params, lang))
        return self.page(request, t("masuk.judul", lang), said, status)

    def let_in(self, request: Request, token: str, back: str) -> Response:
        """On to where the person wanted to go, with the cookie."""
        answer = RedirectResponse(
            up(request.scope["path"]) + safe_back(back), 303, headers={"Cache-Control": "no-store"}
        )
        signed = Signing(Workspace.locate()).sign(token)
        answer.headers.append("set-cookie", cookie(self.cookie_name, signed, secure=self.settings.secure))
        return answer

    def forget(self, answer: Response) -> Response:
        """Takes the cookie away."""
        answer.headers.append("set-cookie", cookie(self.cookie_name, "", secure=self.settings.secure, seconds=0))
        return answer

    async def _ask(self, request: Request, signed: SignedIn | None) -> Response:
        back = request.query_params.get("ke", "")
        if signed is not None:
            return RedirectResponse(up(request.scope["path"]) + safe_back(back), 303)
        return await self.sign_in_page(request.scope, back)

    async def _sign_in(self, request: Request, signed: SignedIn | None) -> Response:
        if LOCAL not in self.settings.sources:
            return Response(status_code=404, headers=answers.SECURITY_HEADERS)
        given = await form(request)
        store = await run_in_threadpool(presence.store)
        if store is None:
            return await self.sign_in_page(request.scope, given.get("ke", ""), 503)
        try:
            token = await to_thread.run_sync(
                partial(
                    signing_in.sign_in,
                    STRANGER,
                    store,
                    given.get("akun", ""),
                    given.get("sandi", ""),
                    given.get("kode", ""),
                    address=self.address(request),
                ),
                limiter=self.passwords,
            )
        except Refused as error:
            return await self.sign_in_page(
                request.scope, given.get("ke", ""), _status(error), error, given.get("akun", "")[:80]
            )
        if signed is not None:
            await run_in_threadpool(presence.sign_out, signed)
        return self.let_in(request, token, given.get("ke", ""))

    async def _leaving(self, request: Request, signed: SignedIn | None) -> Response:
        """After the screen's own button has ended the sign-in; otherwise asks, since a link alone must not."""
        lang = language(request)
        if signed is not None:
            body = f"<p>{escape(t('masuk.keluar_tanya', lang, nama=signed.actor.name))}</p>"
            body += f'<form method="post" action="keluar?bahasa={lang}">'
            body += f"<button>{escape(t('masuk.keluar_tombol', lang))}</button></form>"
            body += f'<a class="tombol lain" href="ringkasan">{escape(t("masuk.kembali", lang))}</a>'
            return self.page(request, t("masuk.keluar_tombol", lang), body)
        if (elsewhere := await self._elsewhere(request.query_params.get("lewat", ""))) is not None:
            return self.forget(RedirectResponse(elsewhere, 303))
        return self.forget(self.page(request, t("masuk.keluar_judul", lang), self._left(lang)))

    async def _sign_out(self, request: Request, signed: SignedIn | None) -> Response:
        if signed is not None:
            await run_in_threadpool(presence.sign_out, signed)
        lang = language(request)
        more = ""
        if signed is not None and await self._elsewhere(signed.source) is not None:
            # A link: the page's policy lets no form lead to another server.
            more = f'<a class="tombol lain" href="keluar?lewat={signed.source}">'
            more += f"{escape(t('masuk.keluar_juga', lang))}</a>"
        return self.forget(self.page(request, t("masuk.keluar_judul", lang), self._left(lang) + more))

    async def _elsewhere(self, source: str) -> str | None:
        """Where the session of who vouched ends, if it can be ended from here."""
        if source == OIDC and self.openid is not None:
            return await to_thread.run_sync(self.openid.leave, limiter=self.provider_calls)
        gateway = self.settings.gateway
        return gateway.sign_out_url or None if source == PROXY and gateway is not None else None

    def _left(self, lang: str) -> str:
        return (
            f"<p>{escape(t('masuk.keluar_arti', lang))}</p>"
            f'<a class="tombol" href="masuk?bahasa={lang}">{escape(t("masuk.lagi", lang))}</a>'
        )

    # --- about a request ----------------------------------------------------------------------------------------------

    def same_origin(self, request: Request) -> bool:
        """Whether a form was sent from a page of this server; programs that are no browsers say nothing of it."""
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
        if origin is not None:
            ours = {request.headers.get("host", ""), urlsplit(self.settings.public_url).netloc} - {""}
            return urlsplit(origin).netloc in ours
        return site in (None, "same-origin", "none")

    def address(self, request: Request) -> str:
        """The address a try is counted under; empty for none."""
        forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
        return self.settings.address(request.client.host if request.client else "", forwarded)


def _status(error: PetaAmanError) -> int:
    if error.reason.startswith("DATABASE"):
        return 503
    return {"SIGN_IN_WAIT": 429, "SIGN_IN_ORIGIN": 403, "SIGN_IN_PROVIDER": 502}.get(error.reason, 401)
