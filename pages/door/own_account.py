"""A person's own local account: another password, a one-time code."""

from __future__ import annotations

import base64
import io
from functools import partial
from html import escape
from typing import TYPE_CHECKING

import segno
from anyio import to_thread
from itsdangerous import BadData
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from campaign.access import passwords, signing_in
from campaign.access.accounts import LOCAL
from campaign.access.signing_in import SignedIn
from data.errors import PetaAmanError, WrongUse
from data.workspace import Workspace
from pages.door import answers
from pages.door.asked import form, language
from pages.door.cookies import Signing
from pages.door.presence import presence
from words import reason_text, t

if TYPE_CHECKING:
    from pages.door.forms import Forms

OFFERED_FOR = 900
"""Seconds for which a new secret of one-time codes is offered."""


class OwnAccount:
    """``/masuk/sandi`` and ``/masuk/kode``, for who is in."""

    def __init__(self, door: Forms) -> None:
        self.door = door

    async def ask_password(
        self, request: Request, signed: SignedIn | None, error: PetaAmanError | None = None
    ) -> Response:
        lang = language(request)
        if signed is None:
            return await self.door.sign_in_page(request.scope, "", 401)
        body = answers.notice(reason_text(error.reason, error.params, lang)) if error else ""
        body += f"<p>{escape(t('masuk.akun_saya', lang, nama=signed.actor.name, akun=signed.actor.account))}</p>"
        if signed.source != LOCAL:
            body += f"<p>{escape(t('masuk.hanya_lokal', lang, sumber=signed.source))}</p>" + _back(lang)
            return self.door.page(request, t("masuk.sandi_judul", lang), body)
        if signed.must_change:
            body += f"<p>{escape(t('masuk.sandi_pertama', lang))}</p>"
        body += (
            f'<form method="post" action="sandi?bahasa={lang}">'
            + answers.field(t("masuk.sandi_lama", lang), "lama", "password", auto="current-password")
            + answers.field(t("masuk.sandi_baru", lang), "baru", "password", auto="new-password")
            + answers.field(t("masuk.sandi_ulang", lang), "ulang", "password", auto="new-password")
            + f"<button>{escape(t('masuk.sandi_simpan', lang))}</button></form>"
            + f'<p class="catatan">{escape(t("masuk.sandi_aturan", lang, n=passwords.SHORTEST))}</p>'
        )
        if not signed.must_change:
            body += f'<a class="tombol lain" href="kode?bahasa={lang}">{escape(t("masuk.kode_judul", lang))}</a>'
            body += _back(lang)
        return self.door.page(request, t("masuk.sandi_judul", lang), body, 200 if error is None else 400)

    async def change_password(self, request: Request, signed: SignedIn | None) -> Response:
        if signed is None:
            return await self.door.sign_in_page(request.scope, "", 401)
        given = await form(request)
        try:
            if given.get("baru") != given.get("ulang"):
                raise WrongUse("PASSWORD_TWICE")
            save = partial(self._save_password, signed, given.get("lama", ""), given.get("baru", ""))
            await to_thread.run_sync(save, limiter=self.door.passwords)
        except PetaAmanError as error:
            return await self.ask_password(request, signed, error)
        return RedirectResponse("../ringkasan", 303)

    async def ask_code(self, request: Request, signed: SignedIn | None, error: PetaAmanError | None = None) -> Response:
        lang = language(request)
        if signed is None or signed.source != LOCAL or signed.must_change:
            return await self.ask_password(request, signed)
        body = answers.notice(reason_text(error.reason, error.params, lang)) if error else ""
        proof = answers.field(t("masuk.sandi_lama", lang), "lama", "password", auto="current-password")
        if await run_in_threadpool(self._has_code, signed):
            body += f"<p>{escape(t('masuk.kode_ada', lang))}</p>"
            body += f'<form method="post" action="kode?bahasa={lang}">{proof}'
            body += f"<button>{escape(t('masuk.kode_lepas', lang))}</button></form>"
        else:
            secret = passwords.new_secret()
            offered = Signing(Workspace.locate()).errands().dumps([signed.mark, secret])
            groups = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
            body += f"<p>{escape(t('masuk.kode_arti', lang))}</p>{_picture(secret, signed.actor.account)}"
            body += f"<p><code>{escape(t('masuk.kode_rahasia', lang, rahasia=groups))}</code></p>"
            body += f'<form method="post" action="kode?bahasa={lang}">'
            body += f'<input type="hidden" name="tawaran" value="{escape(str(offered))}">'
            body += answers.field(t("masuk.kode_isi", lang), "kode", auto="one-time-code") + proof
            body += f"<button>{escape(t('masuk.kode_pasang', lang))}</button></form>"
        return self.door.page(request, t("masuk.kode_judul", lang), body + _back(lang), 200 if error is None else 400)

    async def change_code(self, request: Request, signed: SignedIn | None) -> Response:
        if signed is None or signed.must_change:
            return await self.ask_password(request, signed)
        given = await form(request)
        secret = ""
        try:
            if "tawaran" in given:
                try:
                    errands = Signing(Workspace.locate()).errands()
                    mark, secret = errands.loads(given["tawaran"], max_age=OFFERED_FOR)
                except BadData:
                    raise WrongUse("CODE_WRONG") from None
                if mark != signed.mark or not secret:
                    raise WrongUse("CODE_WRONG")
            save = partial(self._save_code, signed, secret, given.get("kode", ""), given.get("lama", ""))
            await to_thread.run_sync(save, limiter=self.door.passwords)
        except PetaAmanError as error:
            return await self.ask_code(request, signed, error)
        return RedirectResponse("../ringkasan", 303)

    def _save_password(self, signed: SignedIn, old: str, new: str) -> None:
        if (store := presence.store()) is not None:
            signing_in.change_password(signed.actor, store, signed.mark, old, new)
            presence.forget(signed.mark)

    def _save_code(self, signed: SignedIn, secret: str, code: str, password: str) -> None:
        if (store := presence.store()) is not None:
            signing_in.set_code(signed.actor, store, secret, code, password)

    def _has_code(self, signed: SignedIn) -> bool:
        store = presence.store()
        return store is not None and signing_in.asks_code(store, signed.actor)


def _back(lang: str) -> str:
    return f'<a class="tombol lain" href="../ringkasan">{escape(t("masuk.kembali", lang))}</a>'


def _picture(secret: str, account: str) -> str:
    drawn = io.BytesIO()
    segno.make(passwords.code_address(secret, account), error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=2
    )
    return f'<img class="kode" alt="" src="data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}">'
