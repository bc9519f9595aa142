"""Who one is signed in as, the way to one's own account, and the way out."""

from __future__ import annotations

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.domain.actor import Actor
from pages.door.presence import presence
from pages.parts.common import plain
from words import t


def personal(actor: Actor, mark: str, lang: str) -> None:
    """The person's own menu, in the row above the page."""
    with st.popover(plain(actor.name), icon=":material/account_circle:", key="diri"):
        roles = ", ".join(t(f"peran.{role}", lang) for role in sorted(actor.roles))
        areas = ", ".join(actor.areas) or t("masuk.semua_wilayah", lang)
        rights = t("masuk.peran_wilayah", lang, peran=roles, wilayah=areas)
        # One text: each element costs a message of its own at every rerun.
        st.markdown(f"**{plain(actor.name)}** · {plain(actor.account)}\n\n{plain(rights)}")
        if st.button(t("masuk.atur", lang), key="atur_akun", type="tertiary", icon=":material/password:"):
            _go(f"masuk/sandi?bahasa={lang}")
        if st.button(t("masuk.keluar_tombol", lang), key="keluar", icon=":material/logout:"):
            signed = presence.check(mark)
            if signed is not None:
                presence.sign_out(signed)
            _go(f"keluar?bahasa={lang}&lewat={signed.source if signed else ''}")
            st.stop()


def _go(address: str) -> None:
    """Leads the browser to a page of the door: Streamlit's own way out of a script to another address."""
    context, message = get_script_run_ctx(), ForwardMsg()
    message.auth_redirect.url = address
    if context is not None:
        context.enqueue(message)
