"""Pieces that several pages use."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import streamlit as st

from campaign.card import area_card
from campaign.snapshot import Snapshot
from words import LANGUAGES, t

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=])")
_BAND_COLOUR = {"I": "violet", "II": "violet", "III": "blue", "pemantauan": "gray", "data_belum_cukup": "gray"}
_BAND_SIGN = {"I": "counter_1", "II": "counter_2", "III": "counter_3", "pemantauan": "visibility",
              "data_belum_cukup": "help"}  # fmt: skip


def language() -> str:
    """The switch of language, kept in the address (``?bahasa=en``) and over pages."""
    chosen = st.segmented_control("Bahasa / Language", LANGUAGES, default="id", required=True, key="bahasa",
                                  bind="query-params", label_visibility="collapsed")  # fmt: skip
    return chosen or "id"


def plain(text: Any) -> str:
    """Text that somebody typed, for a place that reads Markdown: every sign stands for itself."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def draw_card(snapshot: Snapshot, kode: str, lang: str, close: Callable[[], None] | None = None) -> None:
    """The card of one area; without one, how to choose it."""
    with st.container(key="kartu_desa", border=True):
        card = area_card(snapshot, kode, lang) if kode else None
        if card is None:
            st.subheader(t("kartu.judul_kosong", lang), anchor=False)
            st.write(t("kartu.petunjuk", lang))
            return
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.subheader(plain(card.name), anchor=False)
            if close is not None:
                st.button(t("kartu.tutup", lang), key="tutup_kartu", type="tertiary", icon=":material/close:",
                          on_click=close)  # fmt: skip
        about = (card.kind, card.place, t("kartu.kode", lang, kode=kode))
        st.caption(plain(" · ".join(part for part in about if part)))
        st.badge(card.band, color=_BAND_COLOUR[card.band_key], icon=f":material/{_BAND_SIGN[card.band_key]}:")
        st.write(" ".join(part for part in (card.score, card.width) if part))
        if card.chance:
            st.write(plain(card.chance))
        if card.band_key != "data_belum_cukup" or card.reasons:
            st.markdown(f"**{t('kartu.alasan', lang)}**")
            lines = [plain(reason) for reason in card.reasons] or [t("kartu.tanpa_alasan", lang)]
            st.markdown("\n".join(f"{i}. {line}" for i, line in enumerate(lines, start=1)))
        if card.quality:
            st.write(card.quality)
        for remark in card.remarks:
            st.caption(f":material/flag: {remark}")
        st.caption(t("kartu.bukan_jumlah", lang))


def area_columns(lang: str) -> dict[str, Any]:
    """How the columns of `campaign.tables.area_table` are headed and drawn."""
    column = st.column_config
    return {
        "no": column.NumberColumn(t("kolom.no", lang), width=52),
        "nama": column.TextColumn(t("kolom.nama", lang), width=125, pinned=True),
        "kecamatan": column.TextColumn(t("tingkat.kecamatan", lang), width=120),
        "kabupaten": column.TextColumn(t("tingkat.kabupaten", lang), width=150),
        "prioritas": column.TextColumn(t("kolom.prioritas", lang), width=90),
        "skor": column.NumberColumn(t("kolom.skor", lang), format="%.0f", width=55),
        "selang": column.TextColumn(t("ringkasan.selang", lang), width=85),
        "p_top": column.ProgressColumn(t("kolom.p_top", lang), min_value=0, max_value=100, format="%d%%",
                                        width=105),
        "peluang": column.TextColumn(t("kolom.peluang", lang), width=150),
        "alasan": column.TextColumn(t("kolom.alasan", lang), width="large"),
        "kualitas_data": column.TextColumn(t("kolom.kualitas_data", lang), width=70),
        "kode": column.TextColumn(t("kolom.kode", lang), width=115),
        "titik": column.CheckboxColumn(t("kolom.titik", lang), width=90),
    }
