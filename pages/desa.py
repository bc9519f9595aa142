"""One village: where it lies, its band and how sure it is, why, what is around it, what is held of it. Prints well."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from campaign.maps.image import village_maps
from campaign.model.pairs import pair_words
from campaign.reading.card import area_card
from campaign.reading.snapshot import Snapshot
from campaign.reading.village import (
    expected_words,
    figures_held,
    history,
    island_name,
    neighbour_table,
    services,
    sessions,
    side_by_side,
)
from data.domain.roles import Role
from data.workspace import Workspace
from pages import gate, reading
from pages.parts.catatan import notes
from pages.parts.common import band_badge, basket_button, plain, search_box
from words import number, t

visit = gate.require()
lang = visit.lang
NUMBERS = visit.role != Role.PUBLIC


@st.fragment
def page() -> None:
    snapshot = reading.snapshot()
    with st.container(key="pilih_desa"):
        search_box(snapshot, lang, "cari", open_village, label=t("desa.pilih", lang), villages_only=True)
    kode = st.query_params.get("kode", "")
    if not kode:
        st.info(t("desa.belum_dipilih", lang))
    elif kode not in snapshot.places["desa"].index:
        st.warning(t("desa.tidak_ada", lang))
    else:
        village(snapshot, kode)


def open_village(kode: str) -> None:
    st.query_params["kode"] = kode


def compare_with(kode: str) -> None:
    st.session_state["banding_kode"] = kode


def village(snapshot: Snapshot, kode: str) -> None:
    head(snapshot, kode)
    left, right = st.columns([0.54, 0.46], gap="medium")
    with left, st.container(key="kartu_desa"):
        about(snapshot, kode)
    with right:
        position(snapshot, kode)
    left, right = st.columns(2, gap="medium")
    with left:
        part(
            "desa.layanan",
            services(snapshot, kode, lang),
            "desa.layanan_arti",
            "desa.layanan_kosong" if snapshot.points.empty else "",
        )
        part("desa.sesi", sessions(snapshot, kode, lang), "", "desa.sesi_kosong")
    with right:
        around = neighbour_table(snapshot, kode, lang, numbers=NUMBERS)
        part("desa.tetangga", around, "", "desa.tetangga_kosong")
        if len(around):
            open_another(snapshot, kode, list(around.index))
        versions = history(snapshot, kode, lang, numbers=NUMBERS)
        part("desa.riwayat", versions, "", "desa.riwayat_satu" if len(versions) < 2 else "")
    part("desa.data", figures_held(snapshot, kode, lang), "", "desa.data_kosong")
    notes(snapshot, kode, visit)
    if NUMBERS:
        compare(snapshot, kode)


def head(snapshot: Snapshot, kode: str) -> None:
    card = area_card(snapshot, kode, lang)
    assert card is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(plain(card.name), anchor=False, width="content")
        band_badge(card)
        with st.container(key="tombol_desa", horizontal=True, horizontal_alignment="right", gap="small"):
            basket_button(snapshot, kode, lang)
            st.page_link(
                "peta.py",
                label=t("desa.buka_peta", lang),
                icon=":material/map:",
                query_params={"desa": kode, "bahasa": lang},
            )
    told = [card.kind, card.place, t("kartu.kode", lang, kode=kode)]
    st.caption(plain(" · ".join(told)))


def about(snapshot: Snapshot, kode: str) -> None:
    card = area_card(snapshot, kode, lang)
    assert card is not None
    if NUMBERS:
        st.write(" ".join(part for part in (card.score, card.width) if part))
        if card.chance:
            st.write(plain(card.chance))
    st.subheader(t("desa.mengapa", lang), anchor=False)
    lines = [plain(reason) for reason in card.reasons] or [t("kartu.tanpa_alasan", lang)]
    st.markdown("\n".join(f"{i}. {line}" for i, line in enumerate(lines, start=1)))
    if card.quality:
        st.write(card.quality)
    if NUMBERS and (expected := expected_words(snapshot, kode, lang)):
        st.subheader(t("desa.perkiraan", lang), anchor=False)
        st.markdown("\n".join(f"- {plain(line)}" for line in expected))
    people = snapshot.places["desa"]["penduduk"].get(kode)
    told = [t("desa.pulau", lang, nama=plain(name)) for name in [island_name(snapshot, kode, lang)] if name]
    if pd.notna(people):
        told.append(t("desa.penduduk", lang, n=number(people, lang)))
    for line in (*told, *card.remarks, t("kartu.bukan_jumlah", lang)):
        st.caption(line)
    st.container(key="cara_cetak").caption(t("desa.cetak", lang))


def position(snapshot: Snapshot, kode: str) -> None:
    maps = village_maps(snapshot, Workspace.locate(), kode)
    if maps is None:
        st.info(t("desa.tanpa_letak", lang))
        return
    name = snapshot.name(kode)
    with st.container(key="peta_desa", gap="small"):
        st.image(maps[0], width="stretch", alt=t("desa.posisi_alt", lang, nama=name))
        st.caption(t("desa.posisi_warna", lang))
        st.image(maps[1], width="stretch", alt=t("desa.posisi_provinsi_alt", lang, nama=name))


def part(key: str, table: pd.DataFrame, meaning: str, empty: str) -> None:
    """One section: its heading, what it means, its table as text (not a canvas: it prints and is read aloud)."""
    st.subheader(t(key, lang), anchor=False)
    if empty and (len(table) == 0 or key in ("desa.riwayat", "desa.layanan")):
        st.caption(t(empty, lang))
    if len(table):
        if meaning:
            st.caption(t(meaning, lang))
        st.table(table.map(plain), border="horizontal", hide_index=True)


def open_another(snapshot: Snapshot, kode: str, codes: list[str]) -> None:
    def go() -> None:
        if chosen := st.session_state["tetangga"]:
            st.query_params["kode"] = chosen

    st.selectbox(
        t("desa.buka_lain", lang),
        codes,
        index=None,
        key="tetangga",
        format_func=snapshot.labels.__getitem__,
        placeholder=t("desa.buka_lain", lang),
        label_visibility="collapsed",
        on_change=go,
    )


def compare(snapshot: Snapshot, kode: str) -> None:
    with st.container(key="banding"):
        st.subheader(t("desa.banding", lang), anchor=False)
        search_box(
            snapshot, lang, "banding_cari", compare_with, label=t("desa.banding_pilih", lang), villages_only=True
        )
        other = st.session_state.get("banding_kode", "")
        if other and other != kode and other in snapshot.places["desa"].index:
            table, verdict = side_by_side(snapshot, kode, other, lang)
            told = pair_words(reading.comparisons(), kode, other, lambda one: plain(snapshot.name(one)), lang)
            st.markdown(told.verdict if told else verdict)
            st.table(table.map(plain).rename(columns=plain), border="horizontal")
            if told and told.causes:
                st.markdown("\n".join([t("banding.sebab", lang), "", *(f"- {cause}" for cause in told.causes)]))


page()
