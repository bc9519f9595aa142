"""The ranked list of villages, with chances in words, filters and files to take along."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from campaign.documents.registry import SCORES
from campaign.handover.document import MIME, DocumentRequest
from campaign.model.second_list import list_table, reporting_words
from campaign.reading.snapshot import Snapshot
from campaign.reading.tables import area_table
from data.domain.levels import DRAWN
from data.domain.roles import Role
from pages import gate, reading
from pages.parts.common import area_columns, draw_card, plain
from pages.parts.purpose import ask_purpose
from pages.parts.unduh import handed_out
from risk.scoring.bands import Band
from words import number, t

visit = gate.require()
lang = visit.lang


@st.fragment
def listing() -> None:
    snapshot = reading.snapshot()
    if snapshot.version is None:
        st.info(t("ringkasan.tanpa_skor", lang))
        return
    level, kept = filters(snapshot)
    rows = area_table(snapshot, level, lang, kept, numbers=visit.role != Role.PUBLIC)
    n_top = snapshot.version.n_top
    st.caption(
        t("sasaran.arti", lang, n=len(rows), semua=len(snapshot.places[level]))
        + " "
        + (t("sasaran.peluang_arti", lang, atas=n_top) if level == "desa" else "")
    )
    wide, narrow = st.columns([0.7, 0.3], gap="medium")
    with wide:
        st.session_state["baris_sasaran"] = list(rows["kode"])
        hidden = {"titik"} if level != "desa" or not snapshot.without_polygon else set()
        st.dataframe(
            rows,
            key="tabel_desa",
            hide_index=True,
            height=400,
            column_config=area_columns(lang),
            column_order=[name for name in rows.columns if name not in hidden],
            on_select=choose_row,
            selection_mode="single-row",
            alt=t("peta.tabel_alt", lang),
        )
        downloads(level, kept, len(rows))
        if level == "desa" and snapshot.reporting:
            second_list(snapshot)
    with narrow:
        draw_card(snapshot, st.session_state.get("terpilih", ""), lang)


def second_list(snapshot: Snapshot) -> None:
    """What an assumed under-reporting would change; only where somebody told the assumption."""
    with st.expander(t("lapor.judul", lang), key="lapor"):
        for sentence in reporting_words(snapshot.reporting, lang):
            st.write(plain(sentence))
        table = list_table(snapshot.reporting, snapshot.labels.get, lang)
        st.dataframe(
            table,
            hide_index=True,
            height=250,
            alt=t("lapor.judul", lang),
            column_config={
                "daftar": st.column_config.TextColumn(t("lapor.kolom", lang), width=190),
                "nama": st.column_config.TextColumn(t("kolom.nama", lang), width="large"),
            },
        )


def filters(snapshot: Snapshot) -> tuple[str, set[str] | None]:
    hidden: Final = "collapsed"
    with st.container(horizontal=True, gap="small"):
        level = st.selectbox(
            t("peta.tingkat", lang),
            [str(level) for level in DRAWN],
            key="tingkat",
            width=165,
            label_visibility=hidden,
            format_func=lambda name: t(f"tingkat.{name}", lang),
            persist_state="session",
        )
        kabupaten = st.selectbox(
            t("peta.kabupaten", lang),
            ["", *snapshot.kabupaten()],
            key="kabupaten",
            width=215,
            label_visibility=hidden,
            format_func=lambda kode: snapshot.name(kode) if kode else t("peta.semua_kabupaten", lang),
            persist_state="session",
        )
        bands = st.multiselect(
            t("peta.prioritas", lang),
            [band.value for band in Band],
            key="prioritas",
            width=215,
            label_visibility=hidden,
            placeholder=t("peta.prioritas", lang),
            persist_state="session",
            format_func=lambda band: t(f"prioritas.{band}", lang),
        )
        sought = st.text_input(
            t("peta.cari", lang),
            key="cari_teks",
            label_visibility=hidden,
            max_chars=60,
            placeholder=t("peta.cari_nama", lang),
            width="stretch",
        )
    places, scores = snapshot.places[level], snapshot.scores[level]
    if not kabupaten and not bands and not sought.strip():
        return level, None
    codes = places.index
    if kabupaten:
        codes = codes[codes.str.startswith(kabupaten)]
    if bands:
        codes = codes.intersection(scores.index[scores["prioritas"].isin(bands)])
    if sought.strip():
        wanted = sought.strip().casefold()
        codes = codes[[wanted in snapshot.labels[kode].casefold() or kode.startswith(wanted) for kode in codes]]
    return level, set(codes)


def choose_row() -> None:
    rows = st.session_state["tabel_desa"]["selection"]["rows"]
    codes = st.session_state.get("baris_sasaran", [])
    if rows and rows[0] < len(codes):
        st.session_state["terpilih"] = codes[rows[0]]


def downloads(level: str, kept: set[str] | None, n: int) -> None:
    """A file is made when its button is pressed, not before."""
    version = reading.store().scores.version()
    codes = tuple(sorted(kept or ()))
    request = DocumentRequest(lang=lang, level=level, role=visit.role, codes=codes, by_rank=True)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        suffix = st.selectbox(
            t("sasaran.format", lang),
            list(SCORES.choices),
            key="format_unduh",
            width=300,
            format_func=lambda name: t(f"sasaran.format{name}", lang),
        )
        purpose = ask_purpose("tujuan_unduh", lang)
        stem = f"sasaran.berkas.{level}"
        name = SCORES.file_name(version.versi, version.data_contoh, suffix, stem=stem)
        st.download_button(
            t("sasaran.unduh", lang, n=number(n, lang)),
            key="unduh",
            data=lambda: handed_out(SCORES, replace(request, purpose=str(purpose)), name, visit),
            file_name=name,
            mime=MIME[suffix],
            on_click="ignore",
            type="primary",
            icon=":material/download:",
            disabled=n == 0 or purpose is None,
        )
    st.caption(t("sasaran.unduh_arti", lang))


listing()
