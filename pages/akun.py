"""Accounts: who may sign in, for an admin. Passwords are shown once, when they are made."""

from __future__ import annotations

import streamlit as st

from campaign.access.accounts import Account, add_account, disable_account, list_accounts, reset_account
from data.domain.roles import Act, Role
from data.errors import PetaAmanError
from pages import gate, reading
from pages.parts.common import plain
from words import reason_text, t

visit = gate.require()
lang = visit.lang


def page() -> None:
    if not visit.actor.may(Act.MANAGE_ACCOUNTS):
        st.info(t("akun.bukan_admin", lang), icon=":material/lock:")
        return
    st.markdown(t("akun.pembuka", lang))
    told()
    accounts = list_accounts(visit.actor, reading.store())
    new_account()
    if not accounts:
        st.caption(t("akun.kosong", lang))
    for account in accounts:
        one(account)


def told() -> None:
    """What the last press brought: a fault, or a first password, which is not shown a second time."""
    if fault := st.session_state.pop("akun_galat", ""):
        st.error(fault)
    if first := st.session_state.pop("akun_sandi", None):
        name, password = first
        with st.container(border=True, key="sandi_pertama"):
            st.markdown(t("akun.sandi_pertama", lang, nama=plain(name)))
            st.code(password, language=None)


def new_account() -> None:
    with st.expander(t("akun.baru", lang), icon=":material/person_add:"), st.form("akun_baru", border=False):
        st.text_input(t("akun.akun", lang), key="akun_nama", max_chars=80, help=t("akun.akun_bantuan", lang))
        st.text_input(t("akun.nama", lang), key="akun_sebutan", max_chars=80)
        roles("akun_peran", ())
        areas("akun_wilayah", ())
        st.form_submit_button(t("akun.buat", lang), type="primary", on_click=make, key="buat_akun")


def roles(key: str, chosen: tuple[Role, ...]) -> None:
    st.multiselect(
        t("akun.peran", lang), list(Role), default=list(chosen), key=key, format_func=lambda r: t(f"peran.{r}", lang)
    )


def areas(key: str, chosen: tuple[str, ...]) -> None:
    kabupaten = reading.snapshot().places["kabupaten"]["nama"].to_dict()
    known = [*kabupaten, *(kode for kode in chosen if kode not in kabupaten)]
    st.multiselect(
        t("akun.wilayah", lang),
        known,
        default=list(chosen),
        key=key,
        format_func=lambda kode: kabupaten.get(kode, kode),
        help=t("akun.wilayah_bantuan", lang),
    )


def one(account: Account) -> None:
    """An account with what can be done to it."""
    state = "" if account.aktif else f" · {t('akun.tertutup', lang)}"
    with st.expander(f"{plain(account.nama)} ({plain(account.akun)}){state}"):
        about = [
            t(f"akun.sumber_{account.sumber}", lang),
            t("akun.kode_ya" if account.totp else "akun.kode_tidak", lang),
        ]
        about += [t("akun.sandi_belum", lang)] if account.sandi_sementara else []
        st.caption(" · ".join(about))
        if account.sumber == "local":
            roles(f"peran_{account.akun}", account.peran)
            areas(f"wilayah_{account.akun}", account.wilayah)
        else:
            st.caption(", ".join(t(f"peran.{role}", lang) for role in account.peran))
        with st.container(horizontal=True):
            st.button(
                t("akun.buka", lang),
                key=f"buka_{account.akun}",
                help=t("akun.buka_bantuan", lang),
                on_click=reset,
                args=(account,),
            )
            if account.aktif and account.akun != visit.account:
                st.button(t("akun.tutup", lang), key=f"tutup_{account.akun}", on_click=shut, args=(account.akun,))


def make() -> None:
    state = st.session_state
    name = state["akun_nama"]
    try:
        first = add_account(
            visit.actor,
            reading.store(),
            name,
            roles=state["akun_peran"],
            areas=state["akun_wilayah"],
            called=state["akun_sebutan"],
        )
    except PetaAmanError as error:
        state["akun_galat"] = reason_text(error.reason, error.params, lang)
    else:
        state["akun_sandi"] = (name, first)
        state.update(akun_nama="", akun_sebutan="", akun_peran=[], akun_wilayah=[])


def reset(account: Account) -> None:
    state = st.session_state
    try:
        if account.sumber == "local":
            first = reset_account(
                visit.actor,
                reading.store(),
                account.akun,
                roles=state[f"peran_{account.akun}"],
                areas=state[f"wilayah_{account.akun}"],
            )
            state["akun_sandi"] = (account.akun, first)
        else:
            reset_account(visit.actor, reading.store(), account.akun)
    except PetaAmanError as error:
        state["akun_galat"] = reason_text(error.reason, error.params, lang)


def shut(name: str) -> None:
    try:
        disable_account(visit.actor, reading.store(), name)
    except PetaAmanError as error:
        st.session_state["akun_galat"] = reason_text(error.reason, error.params, lang)


page()
