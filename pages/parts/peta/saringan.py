"""The map's row of widgets: level, layer, year, filters, the second map, search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from campaign.maps.filter import Filters, Shape, kept_codes, read_shape, reason_options, rectangle
from campaign.maps.layers import available_layers, layer_years, missing_layers
from campaign.maps.registry import LAYERS
from campaign.reading.snapshot import Snapshot
from campaign.reading.village import island_title
from campaign.statements.factors import reason_name
from data.domain.levels import DRAWN
from pages.parts.common import search_box
from risk.scoring.bands import Band, Grade
from risk.scoring.evidence import Evidence
from words import date_text, t

BY_ZOOM = "otomatis"
# Keys of session state that filter areas; and those, with the second map's, that stand behind the button.
FILTERS = ("kabupaten", "prioritas", "kecamatan", "pulau", "mutu", "bukti", "alasan", "bentuk")
HIDDEN = ("kecamatan", "pulau", "mutu", "bukti", "alasan", "bentuk", "banding", "selisih")


@dataclass(frozen=True)
class View:
    """What the widgets say: ``kept`` are the codes that pass the filters, None when there is no filter; ``year`` None
    for the newest figures; ``beside`` is a year, a layer or a score version to show on a second map, or ""; ``minus``
    whether the second map shows the difference."""

    level: str
    layer: str
    kabupaten: str
    kept: set[str] | None
    year: int | None
    beside: str
    minus: bool
    shape: Shape
    by_zoom: bool


def controls(snapshot: Snapshot, lang: str, go_to: Callable[[str], None], open_place: Callable[[str], None]) -> View:
    """Draws the row; labels are for screen readers, what the widgets show speaks for itself."""
    hidden: Final = "collapsed"
    state = st.session_state

    def look_at(widget: str) -> None:
        go_to(state.get(widget) or "")

    with st.container(horizontal=True, gap="small"):
        asked = st.selectbox(
            t("peta.tingkat", lang),
            [*map(str, DRAWN), BY_ZOOM],
            key="tingkat",
            width=145,
            label_visibility=hidden,
            format_func=lambda name: t(f"tingkat.{name}", lang),
            persist_state="session",
        )
        layer = st.selectbox(
            t("peta.lapisan", lang),
            available_layers(snapshot),
            key="lapisan",
            width=185,
            label_visibility=hidden,
            format_func=lambda name: t(f"peta.lapisan.{name}", lang),
            persist_state="session",
        )
        year = _year(snapshot, layer, lang)
        kabupaten = (
            st.selectbox(
                t("peta.kabupaten", lang),
                ["", *snapshot.kabupaten()],
                key="kabupaten",
                width=200,
                label_visibility=hidden,
                format_func=lambda kode: snapshot.name(kode) if kode else t("peta.semua_kabupaten", lang),
                on_change=look_at,
                args=("kabupaten",),
                persist_state="session",
            )
            or ""
        )
        bands = st.multiselect(
            t("peta.prioritas", lang),
            [band.value for band in Band],
            key="prioritas",
            width=155,
            label_visibility=hidden,
            placeholder=t("peta.prioritas", lang),
            persist_state="session",
            format_func=lambda band: t(f"prioritas.{band}", lang),
        )
        if not str(state.get("kecamatan") or "").startswith(kabupaten):
            state["kecamatan"] = ""
        n = sum(bool(state.get(key)) for key in HIDDEN)
        label = t("peta.saringan_n", lang, n=n) if n else t("peta.saringan", lang)
        # A new name closes it, so while it is open it keeps the one it had.
        label = state["saringan_nama"] = state.get("saringan_nama", label) if state.get("saringan") else label
        with st.popover(label, icon=":material/tune:", key="saringan", width="content", on_change="rerun") as box:
            # Filled when it is open only: a change of colours should not carry it.
            if box.open:
                _more(snapshot, lang, layer, kabupaten, look_at)
        with st.container(key="tempat_cari", width="stretch"):
            search_box(snapshot, lang, "cari", open_place, label=t("peta.cari_nama", lang))
    level = state.get("tingkat_zoom", DRAWN[-1]) if asked == BY_ZOOM else asked
    shape = read_shape(state.get("bentuk") or "")
    wanted = Filters(
        within=state.get("kecamatan") or kabupaten,
        bands=tuple(bands),
        island=state.get("pulau") or "",
        grades=tuple(state.get("mutu") or ()),
        reasons=tuple(state.get("alasan") or ()),
        evidence=tuple(state.get("bukti") or ()),
        shape=shape,
    )
    levels = LAYERS[layer].levels
    level = level if level in list(levels) else str(levels[-1])
    return View(
        level,
        layer,
        kabupaten,
        kept_codes(snapshot, level, wanted),
        year,
        _beside(snapshot, layer, year),
        bool(state.get("selisih")),
        shape,
        asked == BY_ZOOM,
    )


def clear_filters() -> None:
    """Sets every filter back."""
    for key in FILTERS:
        st.session_state[key] = [] if key in ("prioritas", "mutu", "bukti", "alasan") else ""


def _year(snapshot: Snapshot, layer: str, lang: str) -> int | None:
    """The slider of years, where a layer has several; None is the newest figure of each area."""
    known = layer_years(snapshot, layer)
    if len(known) < 2:
        return known[-1] if known and LAYERS[layer].counted else None
    options = known if LAYERS[layer].counted else [*known, 0]
    if st.session_state.get("tahun") not in options:
        st.session_state["tahun"] = options[-1]
    chosen: int = st.select_slider(
        t("peta.tahun", lang),
        options,
        key="tahun",
        width=120,
        label_visibility="collapsed",
        format_func=lambda year: str(year) if year else t("peta.tahun_terbaru", lang),
        persist_state="session",
    )
    return chosen or None


def _beside(snapshot: Snapshot, layer: str, year: int | None) -> str:
    """The second map, unless it is a year that the layer does not have."""
    beside = str(st.session_state.get("banding") or "")
    if beside.isdigit() and (int(beside) not in layer_years(snapshot, layer) or int(beside) == year):
        return ""
    return beside


def _more(snapshot: Snapshot, lang: str, layer: str, kabupaten: str, look_at: Callable[[str], None]) -> None:
    """Rarer filters and the second map."""
    inside = [kode for kode in snapshot.places["kecamatan"].index if kode.startswith(kabupaten)]
    st.selectbox(
        t("tingkat.kecamatan", lang),
        ["", *inside],
        key="kecamatan",
        persist_state="session",
        format_func=lambda kode: snapshot.labels[kode].removeprefix("Kec. ") if kode else t("peta.semua_kec", lang),
        on_change=look_at,
        args=("kecamatan",),
    )
    islands = sorted(set(snapshot.islands), key=lambda name: (name[:1].isdigit(), name))
    st.selectbox(
        t("peta.pulau", lang),
        ["", *islands],
        key="pulau",
        persist_state="session",
        format_func=lambda name: island_title(snapshot, name, lang) if name else t("peta.semua_pulau", lang),
    )
    st.multiselect(
        t("peta.alasan", lang),
        reason_options(snapshot),
        key="alasan",
        persist_state="session",
        placeholder=t("peta.semua_alasan", lang),
        format_func=lambda key: reason_name(key, lang),
    )
    st.multiselect(
        t("kolom.kualitas_data", lang),
        [grade.value for grade in Grade],
        key="mutu",
        persist_state="session",
        placeholder=t("peta.semua_mutu", lang),
    )
    st.multiselect(
        t("peta.lapisan.bukti", lang),
        [level.value for level in Evidence],
        key="bukti",
        persist_state="session",
        placeholder=t("peta.semua_bukti", lang),
        format_func=lambda name: t(f"peta.bukti.{name}", lang),
    )
    _shape(lang)
    _second(snapshot, lang, layer)
    if any(st.session_state.get(key) for key in FILTERS):
        st.button(t("peta.bersihkan", lang), key="bersihkan", on_click=clear_filters, icon=":material/filter_alt_off:")
    if lacking := missing_layers(snapshot):
        told = [f"- {t(f'peta.belum.{one}', lang)}" for one in lacking]
        st.caption("\n".join([t("peta.belum_ada_lapisan", lang), "", *told]))


def _shape(lang: str) -> None:
    """A shape drawn on the map, told and removed here; without a pointer a rectangle may be written."""

    def written() -> None:
        made = rectangle(st.session_state["persegi"])
        st.session_state["persegi_salah"] = bool(st.session_state["persegi"]) and not made
        if made:
            st.session_state["bentuk"], st.session_state["persegi"] = made, ""

    corners = read_shape(st.session_state.get("bentuk") or "")
    if corners:
        st.caption(t("peta.wilayah_n", lang, n=len(corners)))
        st.button(
            t("peta.wilayah_hapus", lang),
            key="hapus_bentuk",
            icon=":material/delete:",
            on_click=lambda: st.session_state.update(bentuk=""),
        )
        return
    st.text_input(
        t("peta.wilayah", lang),
        key="persegi",
        placeholder=t("peta.wilayah_contoh", lang),
        max_chars=60,
        help=t("peta.wilayah_petunjuk", lang),
        on_change=written,
    )
    if st.session_state.get("persegi_salah"):
        st.warning(t("peta.wilayah_salah", lang))


def _second(snapshot: Snapshot, lang: str, layer: str) -> None:
    versions = snapshot.history.drop_duplicates("versi").set_index("versi")["created_at"]
    older = [versi for versi in versions.index if versi != snapshot.versi]
    other_years = [str(year) for year in layer_years(snapshot, layer)]

    def name(choice: str) -> str:
        if choice in older:
            return t("peta.versi_lain", lang, versi=choice, tanggal=date_text(versions[choice].date(), lang))
        if choice.isdigit():
            return t("peta.tahun_lain", lang, tahun=choice)
        return t(f"peta.lapisan.{choice}", lang) if choice else t("peta.satu_peta", lang)

    options = ["", *(other_years if len(other_years) > 1 else ()), *available_layers(snapshot), *reversed(older)]
    st.selectbox(t("peta.banding", lang), options, key="banding", persist_state="session", format_func=name)
    if st.session_state.get("banding"):
        st.toggle(t("peta.selisih", lang), key="selisih", persist_state="session")
