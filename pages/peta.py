"""The map for planners: choose, look, click, read the card. Everything that changes is one fragment."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from campaign.map_layers import BANDS, MapLayer, available_layers, map_layer
from campaign.snapshot import LEVELS, Snapshot, level_of
from campaign.tables import area_table
from geo.webmap import base_map, payload
from pages import gate, reading
from pages.parts import area_columns, draw_card, plain
from words import date_text, t

visit = gate.require()
lang = visit.lang
HEIGHT = 560


@st.fragment
def explorer() -> None:
    snapshot = reading.snapshot()
    level, layer_name, kabupaten, bands = controls(snapshot)
    take_click()
    layer = map_layer(snapshot, level, layer_name)
    kept = chosen_codes(snapshot, level, kabupaten, bands)
    if kept is not None:
        layer = layer.limited_to(kept)
    wide, narrow = st.columns([0.7, 0.3], gap="medium")
    with wide:
        draw_map(snapshot, layer)
        explain(snapshot, layer)
        table(snapshot, level, kept)
    with narrow:
        draw_card(snapshot, st.session_state.get("terpilih", ""), lang, close=forget)


def controls(snapshot: Snapshot) -> tuple[str, str, str, list[str]]:
    """The row of widgets; their labels are for screen readers, what they show speaks for itself."""
    kinds = available_layers(snapshot)
    areas = ["", *snapshot.kabupaten()]
    hidden = "collapsed"
    with st.container(horizontal=True, gap="small"):
        level = st.selectbox(t("peta.tingkat", lang), LEVELS, key="tingkat", width=165, label_visibility=hidden,
                             format_func=lambda name: t(f"tingkat.{name}", lang), persist_state="session")
        layer = st.selectbox(t("peta.lapisan", lang), kinds, key="lapisan", width=165, label_visibility=hidden,
                             format_func=lambda name: t(f"peta.lapisan.{name}", lang), persist_state="session")
        kabupaten = st.selectbox(
            t("peta.kabupaten", lang), areas, key="kabupaten", width=215, label_visibility=hidden,
            format_func=lambda kode: snapshot.name(kode) if kode else t("peta.semua_kabupaten", lang),
            on_change=look_at, args=("kabupaten",), persist_state="session",
        )  # fmt: skip
        bands = st.multiselect(t("peta.prioritas", lang), BANDS, key="prioritas", width=215, label_visibility=hidden,
                               placeholder=t("peta.prioritas", lang), persist_state="session",
                               format_func=lambda band: t(f"prioritas.{band}", lang))
        st.selectbox(t("peta.cari", lang), list(snapshot.labels), index=None, key="cari", width="stretch",
                     label_visibility=hidden, placeholder=t("peta.cari_nama", lang), on_change=look_at, args=("cari",),
                     format_func=snapshot.labels.get, filter_mode="contains")
    return level, layer, kabupaten or "", bands


def look_at(widget: str) -> None:
    """A choice that also moves the map: remember where to, under a key of its own."""
    kode = st.session_state.get(widget) or ""
    go_to(kode)
    if widget == "cari" and kode:
        st.session_state["terpilih"] = kode
        st.session_state["tingkat"] = level_of(kode)


def go_to(kode: str) -> None:
    st.session_state["ke"] = (kode, st.session_state.get("ke", ("", 0))[1] + 1)


def take_click() -> None:
    """A click comes as ``code#count``; only a new one changes the choice."""
    click = (st.session_state.get("peta_leaflet") or {}).get("last_object_clicked_tooltip") or ""
    if click and click != st.session_state.get("klik"):
        st.session_state["klik"] = click
        st.session_state["terpilih"] = click.split("#")[0]


def forget() -> None:
    st.session_state["terpilih"] = ""


def chosen_codes(snapshot: Snapshot, level: str, kabupaten: str, bands: list[str]) -> set[str] | None:
    """Codes that pass the filters; None when there is no filter."""
    if not kabupaten and not bands:
        return None
    codes = snapshot.places[level].index
    if bands:
        scores = snapshot.scores[level]
        codes = codes.intersection(scores.index[scores["prioritas"].isin(bands)])
    return {kode for kode in codes if kode.startswith(kabupaten)}


def draw_map(snapshot: Snapshot, layer: MapLayer) -> None:
    kode, count = st.session_state.get("ke", ("", 0))
    words = {
        "bahasa": lang,
        "batas": snapshot.boundary_kind,
        "legenda": t(f"peta.legenda.{layer.layer}", lang),
        "kelas": [t(row.key, lang, **row.values) for row in layer.legend],
    }
    with st.container(key="peta"):
        st_folium(
            base_map(snapshot.layers["version"], snapshot.layers["bbox"], snapshot.layers["masukan"][:8]),
            key="peta_leaflet",
            height=HEIGHT,
            use_container_width=True,
            returned_objects=["last_object_clicked_tooltip"],
            feature_group_to_add=payload(
                level=layer.level, classes=layer.classes, palette=layer.palette, hatched=layer.hatched,
                counts=[row.count for row in layer.legend], selected=_shown(layer), words=words,
                view=snapshot.extent(kode), view_key=f"{kode}:{count}" if count else "",
            ),
        )  # fmt: skip


def _shown(layer: MapLayer) -> str:
    kode = st.session_state.get("terpilih", "")
    return kode if kode and level_of(kode) == layer.level else ""


def explain(snapshot: Snapshot, layer: MapLayer) -> None:
    """What the layer means, where it comes from, and what must be said with it."""
    parts = [t(layer.meaning, lang)]
    if layer.inherited:
        parts.append(t(f"peta.warisan.{layer.inherited}", lang))
    if layer.layer in ("kemiskinan", "idm"):
        if layer.source:
            parts.append(t("peta.sumber", lang, sumber=plain(layer.source)))
        if layer.as_of:
            parts.append(t("peta.per", lang, tanggal=date_text(layer.as_of, lang)))
    elif layer.source and layer.as_of:
        parts.append(t("peta.skor_versi", lang, versi=plain(layer.source), tanggal=date_text(layer.as_of, lang)))
    if layer.data_contoh:
        parts.append(t("peta.contoh_lapisan", lang))
    if snapshot.boundary_kind == "perkiraan":
        parts.append(t("peta.batas_perkiraan", lang))
    else:
        if snapshot.boundary_kind == "campuran":
            parts.append(t("peta.batas_campuran", lang, n=len(snapshot.layers["perkiraan"])))
        parts.append(t("peta.batas_sumber", lang, sumber=plain((snapshot.boundary or {}).get("source") or "-")))
    if layer.level == "desa" and snapshot.without_polygon:
        parts.append(t("peta.titik", lang, n=len(snapshot.without_polygon)))
    st.caption(" ".join(parts))


def table(snapshot: Snapshot, level: str, kept: set[str] | None) -> None:
    """The same areas as a table: the road for keyboards and screen readers, and when the map does not load."""
    with st.expander(t("peta.tabel", lang), key="tabel", on_change="rerun") as box:
        if not box.open:
            return
        st.caption(t("peta.tabel_petunjuk", lang))
        rows = area_table(snapshot, level, lang, kept)
        st.session_state["baris"] = list(rows["kode"])
        st.dataframe(rows, key="tabel_desa", hide_index=True, height=360, column_config=area_columns(lang),
                     on_select=choose_row, selection_mode="single-row", alt=t("peta.tabel_alt", lang))


def choose_row() -> None:
    rows = st.session_state["tabel_desa"]["selection"]["rows"]
    codes = st.session_state.get("baris", [])
    if rows and rows[0] < len(codes):
        st.session_state["terpilih"] = codes[rows[0]]
        go_to(codes[rows[0]])


@st.fragment(run_every=1.5)
def until_built() -> None:
    """Map layers are made after the boundaries are stored; the map comes by itself."""
    if reading.snapshot().layers is not None:
        st.rerun()
    st.info(t("peta.belum_ada", lang))


if reading.snapshot().layers is None:
    until_built()
else:
    explorer()
