"""The map's row of widgets: level, layer, filters, search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from campaign.map_layers import BANDS, GRADES, available_layers
from campaign.snapshot import LEVELS, Snapshot, level_of
from campaign.village import island_title
from pages.parts import search_box
from words import date_text, t


@dataclass(frozen=True)
class View:
    """What the widgets say: ``kept`` are the codes that pass the filters, None when there is no filter; ``beside`` is
    a layer or a score version to show on a second map, or ""."""

    level: str
    layer: str
    kabupaten: str
    kept: set[str] | None
    beside: str


def controls(snapshot: Snapshot, lang: str, go_to: Callable[[str], None]) -> View:
    """Draws the row; labels are for screen readers, what the widgets show speaks for itself."""
    hidden = "collapsed"

    def look_at(widget: str) -> None:
        go_to(st.session_state.get(widget) or "")

    def open_place(kode: str) -> None:
        st.session_state["terpilih"], st.session_state["tingkat"] = kode, level_of(kode)
        go_to(kode)

    with st.container(horizontal=True, gap="small"):
        level = st.selectbox(t("peta.tingkat", lang), LEVELS, key="tingkat", width=150, label_visibility=hidden,
                             format_func=lambda name: t(f"tingkat.{name}", lang), persist_state="session")
        layer = st.selectbox(t("peta.lapisan", lang), available_layers(snapshot), key="lapisan", width=190,
                             label_visibility=hidden, format_func=lambda name: t(f"peta.lapisan.{name}", lang),
                             persist_state="session")  # fmt: skip
        kabupaten = st.selectbox(
            t("peta.kabupaten", lang), ["", *snapshot.kabupaten()], key="kabupaten", width=200, label_visibility=hidden,
            format_func=lambda kode: snapshot.name(kode) if kode else t("peta.semua_kabupaten", lang),
            on_change=look_at, args=("kabupaten",), persist_state="session",
        ) or ""  # fmt: skip
        bands = st.multiselect(t("peta.prioritas", lang), BANDS, key="prioritas", width=165, label_visibility=hidden,
                               placeholder=t("peta.prioritas", lang), persist_state="session",
                               format_func=lambda band: t(f"prioritas.{band}", lang))
        kecamatan, island, grades, beside = _more(snapshot, lang, kabupaten, look_at)
        with st.container(key="tempat_cari", width="stretch"):
            search_box(snapshot, lang, "cari", open_place, label=t("peta.cari_nama", lang))
    kept = _kept(snapshot, level, kecamatan or kabupaten, bands, island, grades)
    return View(level, layer, kabupaten, kept, beside)


def _more(
    snapshot: Snapshot, lang: str, kabupaten: str, look_at: Callable[[str], None]
) -> tuple[str, str, list[str], str]:
    """Rarer filters and the second map, behind one button that says how many of them are set."""
    keys = ("kecamatan", "pulau", "mutu", "banding")
    n = sum(bool(st.session_state.get(key)) for key in keys)
    label = t("peta.saringan_n", lang, n=n) if n else t("peta.saringan", lang)
    with st.popover(label, icon=":material/tune:", key="saringan", width="content"):
        inside = [kode for kode in snapshot.places["kecamatan"].index if kode.startswith(kabupaten)]
        kecamatan = st.selectbox(
            t("tingkat.kecamatan", lang), ["", *inside], key="kecamatan", persist_state="session",
            format_func=lambda kode: snapshot.labels[kode].removeprefix("Kec. ") if kode else t("peta.semua_kec", lang),
            on_change=look_at, args=("kecamatan",),
        )  # fmt: skip
        islands = sorted(set(snapshot.islands), key=lambda name: (name[:1].isdigit(), name))
        island = st.selectbox(
            t("peta.pulau", lang), ["", *islands], key="pulau", persist_state="session",
            format_func=lambda name: island_title(snapshot, name, lang) if name else t("peta.semua_pulau", lang),
        )  # fmt: skip
        grades = st.multiselect(t("kolom.kualitas_data", lang), GRADES, key="mutu", persist_state="session",
                                placeholder=t("peta.semua_mutu", lang))  # fmt: skip
        versions = snapshot.history.drop_duplicates("versi").set_index("versi")["created_at"]
        older = [versi for versi in versions.index if versi != (snapshot.version or {}).get("versi")]

        def name(choice: str) -> str:
            if choice in older:
                return t("peta.versi_lain", lang, versi=choice, tanggal=date_text(versions[choice].date(), lang))
            return t(f"peta.lapisan.{choice}", lang) if choice else t("peta.satu_peta", lang)

        beside = st.selectbox(t("peta.banding", lang), ["", *available_layers(snapshot), *reversed(older)],
                              key="banding", persist_state="session", format_func=name)  # fmt: skip
    return kecamatan or "", island or "", grades, beside or ""


def _kept(snapshot: Snapshot, level: str, within: str, bands: list[str], island: str, grades: list[str]
          ) -> set[str] | None:  # fmt: skip
    """Codes that pass every filter that is set; a kecamatan lies on each island that one of its villages lies on."""
    if not (within or bands or island or grades):
        return None
    scores = snapshot.scores[level]
    codes = snapshot.places[level].index
    kept = {kode for kode in codes if kode.startswith(within) or within.startswith(kode)}
    if bands:
        kept &= set(scores.index[scores["prioritas"].isin(bands)])
    if grades:
        kept &= set(scores.index[scores["kualitas_data"].isin(grades)])
    if island:
        length = len(codes[0]) if len(codes) else 0
        kept &= set(snapshot.islands.index[snapshot.islands == island].str[:length])
    return kept
