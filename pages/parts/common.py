"""Pieces that several pages use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal

import streamlit as st

from campaign.office.desk import notes_seen
from campaign.reading.card import Card, area_card
from campaign.reading.search import find
from campaign.reading.snapshot import Snapshot, level_of
from data.domain.levels import DRAWN
from data.domain.roles import Act, Role
from pages import gate
from risk.scoring.bands import Band
from words import LANGUAGES, date_text, t

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=])")
BadgeColour = Literal["violet", "blue", "green", "orange", "gray"]
_BAND_BADGE: dict[str, tuple[BadgeColour, str]] = {
    Band.FIRST: ("violet", "counter_1"),
    Band.SECOND: ("violet", "counter_2"),
    Band.THIRD: ("blue", "counter_3"),
    Band.WATCH: ("gray", "visibility"),
    Band.UNKNOWN: ("gray", "help"),
}
"""Colour and sign of each band's badge on a card."""


def language() -> str:
    """The switch of language, kept in the address (``?bahasa=en``) and over pages."""
    chosen = st.segmented_control(
        "Bahasa / Language",
        LANGUAGES,
        default="id",
        required=True,
        key="bahasa",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or "id"


def plain(text: Any) -> str:
    """Text that somebody typed, for a place that reads Markdown: every sign stands for itself."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def band_badge(card: Card) -> None:
    """The band in words, with a sign of its own beside the colour."""
    colour, sign = _BAND_BADGE[card.band_key]
    st.badge(card.band, color=colour, icon=f":material/{sign}:")


def search_box(
    snapshot: Snapshot,
    lang: str,
    key: str,
    on_choose: Callable[[str], None],
    *,
    label: str,
    villages_only: bool = False,
) -> None:
    """A field that looks while one types and forgives slips; ``on_choose`` gets the code of what is chosen.

    What is found stands below as buttons: no list of all villages goes to the browser.
    """

    def choose(kode: str) -> None:
        st.session_state[key] = ""
        on_choose(kode)

    text = st.text_input(
        label,
        key=key,
        type="search",
        live="200ms",
        max_chars=60,
        placeholder=label,
        label_visibility="collapsed",
        icon=":material/search:",
    )
    if text:
        with st.container(key=f"{key}_hasil", gap=None):
            codes = find(snapshot, text, villages_only=villages_only)
            for kode in codes:
                st.button(
                    plain(snapshot.labels[kode]),
                    key=f"{key}_{kode}",
                    type="tertiary",
                    width="stretch",
                    on_click=choose,
                    args=(kode,),
                )
            if not codes:
                st.caption(t("desa.tidak_ditemukan", lang))


def basket() -> list[str]:
    """Codes of the villages put aside in this session, for the plan."""
    return list(st.session_state.get("keranjang", []))


def put_in_basket(codes: Iterable[str]) -> None:
    """Adds villages; what is in there already stays where it is."""
    st.session_state["keranjang"] = list(dict.fromkeys([*basket(), *codes]))


def take_out(codes: Iterable[str]) -> None:
    gone = set(codes)
    st.session_state["keranjang"] = [kode for kode in basket() if kode not in gone]


def basket_button(snapshot: Snapshot, kode: str, lang: str) -> None:
    """Puts a village into the basket or takes it out again; nothing for a kecamatan or a kabupaten."""
    if level_of(kode) != "desa" or kode not in snapshot.places["desa"].index:
        return
    inside = kode in basket()
    act, icon = (take_out, "remove_shopping_cart") if inside else (put_in_basket, "add_shopping_cart")
    st.button(
        t("keranjang.keluarkan" if inside else "keranjang.masukkan", lang),
        key="keranjang_desa",
        icon=f":material/{icon}:",
        on_click=act,
        args=([kode],),
    )


def draw_basket(snapshot: Snapshot, lang: str) -> None:
    """What was put aside, to look through, take out, and plan with; nothing while it is empty."""
    codes = [kode for kode in basket() if kode in snapshot.labels]
    if not codes:
        return
    with st.container(key="keranjang_isi", border=True):
        st.markdown(f"**{t('keranjang.judul', lang, n=len(codes))}**")
        key = f"isi_{hash(tuple(codes))}"

        def keep() -> None:
            take_out(set(codes) - set(st.session_state[key]))

        st.multiselect(
            t("keranjang.isi", lang),
            codes,
            default=codes,
            key=key,
            format_func=snapshot.labels.__getitem__,
            label_visibility="collapsed",
            on_change=keep,
        )
        st.caption(t("keranjang.arti", lang))
        with st.container(horizontal=True, gap="small"):
            if gate.actor().may(Act.SEE_WORK):
                st.page_link("rencana.py", label=t("keranjang.rencana", lang), icon=":material/route:")
            st.button(
                t("keranjang.kosongkan", lang),
                key="keranjang_kosong",
                type="tertiary",
                on_click=take_out,
                args=(codes,),
            )


def draw_card(
    snapshot: Snapshot,
    kode: str,
    lang: str,
    close: Callable[[], None] | None = None,
    enter: Callable[[str], None] | None = None,
) -> None:
    """The card of one area; without one, how to choose it. ``enter`` shows what lies inside a larger area."""
    with st.container(key="kartu_desa", border=True):
        card = area_card(snapshot, kode, lang) if kode else None
        if card is None:
            st.subheader(t("kartu.judul_kosong", lang), anchor=False)
            st.write(t("kartu.petunjuk", lang))
            return
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.subheader(plain(card.name), anchor=False)
            if close is not None:
                st.button(
                    t("kartu.tutup", lang), key="tutup_kartu", type="tertiary", icon=":material/close:", on_click=close
                )
        about = (card.kind, card.place, t("kartu.kode", lang, kode=kode))
        st.caption(plain(" · ".join(part for part in about if part)))
        band_badge(card)
        said = [" ".join(part for part in (card.score, card.width) if part), plain(card.chance)]
        if level_of(kode) == "desa" and gate.Visit().role == Role.PUBLIC:
            said = []  # the public is told a village's band and why, as in its files
        if card.band_key != Band.UNKNOWN or card.reasons:
            lines = [plain(reason) for reason in card.reasons] or [t("kartu.tanpa_alasan", lang)]
            said += [f"**{t('kartu.alasan', lang)}**", "\n".join(f"{i}. {line}" for i, line in enumerate(lines, 1))]
        # One text instead of many: each element costs a message of its own at every rerun.
        st.markdown("\n\n".join(part for part in (*said, card.quality) if part))
        remarks = [f":material/flag: {remark}" for remark in card.remarks]
        remarks += [f":material/sticky_note_2: {note}" for note in noted(snapshot, kode, lang)]
        st.caption("\n\n".join([*remarks, t("kartu.bukan_jumlah", lang)]))
        if level_of(kode) == "desa":
            with st.container(horizontal=True, gap="small"):
                basket_button(snapshot, kode, lang)
                st.page_link(
                    "desa.py",
                    label=t("desa.buka", lang),
                    icon=":material/home_pin:",
                    query_params={"kode": kode, "bahasa": lang},
                )
        elif enter is not None:
            below = t(f"tingkat.{DRAWN[DRAWN.index(level_of(kode)) - 1]}", lang).lower()
            st.button(
                t("peta.masuk", lang, tingkat=below),
                key="masuk",
                icon=":material/zoom_in_map:",
                on_click=enter,
                args=(kode,),
            )


def noted(snapshot: Snapshot, kode: str, lang: str) -> list[str]:
    """Colleagues' notes on a village as lines of Markdown; none for a larger area, nor for who is not of the office."""
    actor = gate.actor()
    if level_of(kode) != "desa" or not actor.may(Act.SEE_WORK):
        return []
    return [
        t("catatan.di_kartu", lang, oleh=plain(note.oleh), tanggal=date_text(note.tanggal, lang), teks=plain(note.teks))
        for note in notes_seen(actor, snapshot.notes, kode)
    ]


def area_columns(lang: str) -> dict[str, Any]:
    """How the columns of `campaign.reading.tables.area_table` are headed and drawn."""
    column = st.column_config
    return {
        "no": column.NumberColumn(t("kolom.no", lang), width=52),
        "nama": column.TextColumn(t("kolom.nama", lang), width=125, pinned=True),
        "kecamatan": column.TextColumn(t("tingkat.kecamatan", lang), width=112),
        "kabupaten": column.TextColumn(t("tingkat.kabupaten", lang), width=140),
        "prioritas": column.TextColumn(t("kolom.prioritas", lang), width=90),
        "bukti": column.TextColumn(t("kolom.bukti", lang), help=t("kolom.bukti_arti", lang), width=116),
        "skor": column.NumberColumn(t("kolom.skor", lang), format="%.0f", width=55),
        "selang": column.TextColumn(t("ringkasan.selang", lang), width=85),
        "p_top": column.ProgressColumn(t("kolom.p_top", lang), min_value=0, max_value=100, format="%d%%", width=105),
        "peluang": column.TextColumn(t("kolom.peluang", lang), width=150),
        "alasan": column.TextColumn(t("kolom.alasan", lang), width="large"),
        "kualitas_data": column.TextColumn(t("kolom.kualitas_data", lang), width=70),
        "kode": column.TextColumn(t("kolom.kode", lang), width=115),
        "titik": column.CheckboxColumn(t("kolom.titik", lang), width=90),
    }
