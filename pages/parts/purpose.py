"""The question what a file is for, asked before it is handed out; nothing is chosen beforehand."""

from __future__ import annotations

import streamlit as st

from campaign.handover.purposes import PURPOSES
from words import t


def ask_purpose(key: str, lang: str) -> str | None:
    """The purpose chosen, None while nobody has."""
    return st.selectbox(
        t("dokumen.meta.dipakai_untuk", lang),
        PURPOSES,
        index=None,
        width=230,
        key=key,
        placeholder=t("dokumen.layar.pilih_tujuan", lang),
        format_func=lambda one: t(f"dokumen.tujuan_pakai.{one}", lang),
    )
