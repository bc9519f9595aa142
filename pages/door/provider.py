"""The door's addresses for an OpenID provider: there, back, and what the provider itself says later."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from itsdangerous import BadData
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from campaign.access import claims, signing_in
from campaign.access.accounts import OIDC
from campaign.access.signing_in import SignedIn
from data.domain.actor import STRANGER
from data.errors import Refused
from data.workspace import Workspace
from pages.door import answers
from pages.door.asked import form, safe_back
from pages.door.cookies import ERRAND, Signing, cookie, cookie_name
from pages.door.openid import OpenID, ProviderLogout, Untrusted
from pages.door.presence import presence

if TYPE_CHECKING:
    from pages.door.forms import Forms

AWAY_FOR = 600
"""Seconds a person may take at the provider."""


class ProviderPages:
    """``/masuk/oidc``, ``/masuk/oidc/kembali``, ``/masuk/oidc/keluar``."""

    def __init__(self, door: Forms, openid: OpenID) -> None:
        self.door, self.openid = door, openid
        self.errand_cookie = cookie_name(ERRAND, secure=door.settings.secure)

    async def go(self, request: Request, signed: SignedIn | None) -> Response:
        """To the provider."""
        begin = partial(self.openid.begin, safe_back(request.query_params.get("ke", "")))
        address, errand = await to_thread.run_sync(begin, limiter=self.door.provider_calls)
        kept = str(Signing(Workspace.locate()).errands().dumps(errand))
        answer = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
        self._errand(answer, kept, AWAY_FOR)
        return answer

    async def come_back(self, request: Request, signed: SignedIn | None) -> Response:
        """From the provider, with its word on who this is."""
        try:
            errands = Signing(Workspace.locate()).errands()
            errand = errands.loads(request.cookies.get(self.errand_cookie, ""), max_age=AWAY_FOR)
            finish = partial(self.openid.finish, dict(request.query_params), errand)
            claimed = await to_thread.run_sync(finish, limiter=self.door.provider_calls)
            token = await run_in_threadpool(self._let_in, claimed)
        except (BadData, Untrusted) as fault:
            why = fault.why if isinstance(fault, Untrusted) else "tujuan"
            await run_in_threadpool(presence.refuse, f"oidc: {why}")
            return self._done(await self.door.sign_in_page(request.scope, "", 401, Refused("SIGN_IN_ANSWER")))
        if signed is not None:
            await run_in_threadpool(presence.sign_out, signed)
        return self._done(self.door.let_in(request, token, errand["ke"]))

    async def signed_out(self, request: Request, signed: SignedIn | None) -> Response:
        """The provider says that a session of its own is over (OpenID Connect Back-Channel Logout)."""
        headers = {**answers.SECURITY_HEADERS, "Cache-Control": "no-store"}
        try:
            logout = partial(self.openid.logout, (await form(request)).get("logout_token", ""))
            over = await to_thread.run_sync(logout, limiter=self.door.provider_calls)
        except Untrusted as fault:
            await run_in_threadpool(presence.refuse, f"oidc: {fault.why}")
            return Response(status_code=400, headers=headers)
        if not await run_in_threadpool(self._end, over):
            return Response(status_code=503, headers=headers)
        return Response(status_code=200, headers=headers)

    def _let_in(self, claimed: dict[str, Any]) -> str:
        store = presence.store()
        if store is None:
            raise Refused("SIGN_IN_PROVIDER")
        roles, areas = claims.rights(claims.read_rules(Workspace.locate().path / claims.FILE), claimed)
        subject = str(claimed["sub"])
        name = str(claimed.get(self.openid.provider.account_claim) or subject)
        return signing_in.sign_in_by(
            STRANGER,
            store,
            OIDC,
            subject,
            name,
            str(claimed.get("name") or name),
            roles=roles,
            areas=areas,
            sid=str(claimed.get("sid") or ""),
        )

    def _end(self, over: ProviderLogout) -> bool:
        """Whether it is done; until then the provider may say it again."""
        if (store := presence.store()) is None:
            return False
        signing_in.sign_out_by_provider(STRANGER, store, over.subject, over.session)
        presence.forget()
        self.openid.spend(over.token)
        return True

    def _errand(self, answer: Response, value: str, seconds: int) -> None:
        answer.headers.append(
            "set-cookie", cookie(self.errand_cookie, value, secure=self.door.settings.secure, seconds=seconds)
        )

    def _done(self, answer: Response) -> Response:
        self._errand(answer, "", 0)
        return answer
