"""The map for planners: choose, look, click, read the card. Everything that changes is one fragment."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from campaign.documents.registry import MAP_PICTURE
from campaign.handover.document import MIME, DocumentRequest
from campaign.maps.context import context
from campaign.maps.difference import difference
from campaign.maps.filter import read_shape
from campaign.maps.image import layer_sheet
from campaign.maps.layers import MapLayer, legend_title, map_layer, past_layer
from campaign.maps.registry import LAYERS
from campaign.reading.snapshot import Snapshot, level_of
from campaign.reading.tables import area_table
from data.domain.levels import DRAWN, Level
from data.domain.roles import Act, Role
from data.workspace import Workspace
from geo.drawing.webmap import base_map, payload
from pages import gate, reading
from pages.parts.common import area_columns, draw_basket, draw_card, plain, put_in_basket
from pages.parts.peta import alamat as peta_alamat
from pages.parts.peta.saringan import BY_ZOOM, View, controls
from pages.parts.unduh import handed_out
from pages.serving import preparation
from words import date_text, t

visit = gate.require()
lang = visit.lang
HEIGHT = 560


@st.fragment
def explorer() -> None:
    snapshot = reading.snapshot()
    if snapshot.layers is None:  # boundaries changed since the page was drawn: the layers are made anew
        st.rerun()
    peta_alamat.restore(snapshot, go_to)
    take_message(snapshot)
    view = controls(snapshot, lang, go_to, open_place)
    layer = kept_of(map_layer(snapshot, view.level, view.layer, view.year), view)
    if view.beside:
        two_maps(snapshot, layer, view)
        table(snapshot, view)
        side_column(snapshot)
    else:
        wide, narrow = st.columns([0.7, 0.3], gap="medium")
        with wide:
            one_map(snapshot, layer, view, "peta", legend_title(layer, lang))
            table(snapshot, view)
        with narrow:
            side_column(snapshot)
    peta_alamat.write(snapshot)


def kept_of(layer: MapLayer, view: View) -> MapLayer:
    return layer if view.kept is None else layer.limited_to(view.kept)


def one_map(snapshot: Snapshot, layer: MapLayer, view: View, name: str, title: str, meaning: str = "") -> None:
    """A map, what it means, and the button that takes it along."""
    draw_map(snapshot, layer, name, title, view)
    explain(snapshot, layer, view, meaning or t(layer.meaning, lang))
    take_along(snapshot, layer, view, name, title, meaning or t(layer.meaning, lang))


def two_maps(snapshot: Snapshot, layer: MapLayer, view: View) -> None:
    """The second map moves with the first: another year, layer or score version, or what differs."""
    past = view.beside in set(snapshot.history["versi"])
    if view.beside.isdigit():
        other = map_layer(snapshot, view.level, view.layer, int(view.beside))
    else:
        other = past_layer(snapshot, view.beside) if past else map_layer(snapshot, view.level, view.beside)
    title = t("peta.legenda_versi", lang, versi=other.source) if past else legend_title(other, lang)
    left, right = st.columns(2, gap="small")
    with left:
        one_map(snapshot, layer, view, "peta", legend_title(layer, lang))
    with right:
        if not view.minus:
            one_map(snapshot, kept_of(other, view), view, "peta_banding", title)
            return
        apart = difference(snapshot, view.level, view.layer, view.year, view.beside)
        if apart is None:
            st.info(t("peta.selisih_tidak_ada", lang), icon=":material/info:")
            return
        ranks = "" if past or view.beside.isdigit() else "_peringkat"
        said = t("peta.selisih_judul", lang, satu=legend_title(layer, lang), dua=title)
        meaning = f"{plain(said)}. {t(f'peta.arti.selisih{ranks}', lang)}"
        one_map(snapshot, kept_of(apart, view), view, "peta_banding", said, meaning)


def side_column(snapshot: Snapshot) -> None:
    chosen = st.session_state.get("terpilih", "")
    trail(snapshot, chosen or st.session_state.get("kecamatan") or st.session_state.get("kabupaten") or "")
    draw_card(snapshot, chosen, lang, close=forget, enter=enter)
    draw_basket(snapshot, lang)


def trail(snapshot: Snapshot, kode: str) -> None:
    """The way from the province down to where one is; each step leads back up."""
    above = [kode[:length] for length in (5, 8, 13) if len(kode) >= length]
    if not above:
        return

    def back() -> None:
        to = st.session_state["jejak"]
        st.session_state["jejak"] = None
        if to == "*":
            forget()
            st.session_state.update(kabupaten="", kecamatan="")
            go_to("")
        elif to:
            for key in ("kabupaten", "kecamatan"):
                if len(st.session_state.get(key) or "") > len(to):
                    st.session_state[key] = ""
            open_place(to)

    st.pills(
        t("peta.jejak", lang),
        ["*", *above],
        key="jejak",
        on_change=back,
        label_visibility="collapsed",
        format_func=lambda one: t("peta.jejak_semua", lang) if one == "*" else plain(snapshot.name(one)),
    )


def enter(kode: str) -> None:
    """Shows the areas inside a kabupaten or kecamatan, and those alone."""
    level = level_of(kode)
    below = DRAWN[DRAWN.index(level) - 1]
    if st.session_state.get("tingkat") != BY_ZOOM:
        st.session_state["tingkat"] = str(below)
    st.session_state.update(kabupaten=kode[:5], kecamatan=kode if level == "kecamatan" else "")
    go_to(kode)


def go_to(kode: str) -> None:
    """Moves the map: where to, under a key of its own for each time."""
    st.session_state["ke"] = (kode, st.session_state.get("ke", ("", 0))[1] + 1)


def open_place(kode: str) -> None:
    """Chooses an area that was named, shows it at its own level and goes there."""
    choose(kode)
    if st.session_state.get("tingkat") != BY_ZOOM:
        st.session_state["tingkat"] = str(level_of(kode))
    go_to(kode)


def choose(kode: str) -> None:
    """The card opens; in the table the area's row comes to the top and is marked."""
    st.session_state["terpilih"] = st.session_state["baris_atas"] = kode
    st.session_state["baris_tandai"] = True


def take_message(snapshot: Snapshot) -> None:
    """What the map tells, ``text#mark|…``: a chosen code, ``tingkat:`` by the zoom, ``bentuk:`` that was drawn."""
    for widget in ("peta_leaflet", "peta_banding_leaflet"):
        said = (st.session_state.get(widget) or {}).get("last_object_clicked_tooltip") or ""
        heard = st.session_state.get("didengar", [])
        for message in [one for one in said.split("|") if one and one not in heard]:
            heard = [*heard, message][-12:]
            what, _, text = message.split("#")[0].rpartition(":")
            if what == "tingkat" and text in DRAWN:
                st.session_state["tingkat_zoom"] = text
            elif what == "bentuk" and read_shape(text):
                st.session_state["bentuk"] = text
            elif not what and text in snapshot.places[level_of(text)].index:
                choose(text)
        st.session_state["didengar"] = heard


def forget() -> None:
    st.session_state["terpilih"] = ""


def draw_map(snapshot: Snapshot, layer: MapLayer, name: str, legend: str, view: View) -> None:
    """The map called ``name``; the word is its container's key and, with ``_leaflet``, its own."""
    kode, count = st.session_state.get("ke", ("", 0))
    layers = snapshot.needed_layers()
    words = {
        "bahasa": lang,
        "batas": snapshot.boundary_kind,
        "legenda": legend,
        "kelas": [t(row.key, lang, **row.values) for row in layer.legend],
        "contoh": t("app.contoh", lang) if layer.data_contoh else "",
    }
    with st.container(key=name):
        st_folium(
            base_map(layers["version"], layers["bbox"], layers["masukan"][:8]),
            key=f"{name}_leaflet",
            height=HEIGHT,
            use_container_width=True,
            returned_objects=["last_object_clicked_tooltip"],
            feature_group_to_add=payload(
                level=layer.level,
                classes=layer.classes,
                palette=layer.palette,
                hatched=layer.hatched,
                counts=[row.count for row in layer.legend],
                selected=_shown(layer),
                words=words,
                marks=layer.marks,
                view=snapshot.extent(kode) if count else None,
                view_key=f"{kode}:{count}" if count else "",
                context=context(snapshot, notes=visit.may(Act.SEE_WORK))[0],
                shape=view.shape,
                by_zoom=view.by_zoom and name == "peta",
            ),
        )


def _shown(layer: MapLayer) -> str:
    kode = st.session_state.get("terpilih", "")
    return kode if kode and level_of(kode) == layer.level else ""


def plain_about(snapshot: Snapshot, layer: MapLayer) -> str:
    """Source and date of a layer in one line, for pictures of the map."""
    told = [t("peta.sumber", lang, sumber=layer.source)] if layer.source else []
    if layer.as_of:
        told.append(t("peta.per", lang, tanggal=date_text(layer.as_of, lang)))
    if layer.estimated:
        told.append(t("peta.taksiran", lang))
    told += boundary_source(snapshot)
    return " ".join(told)


def boundary_source(snapshot: Snapshot) -> list[str]:
    source = snapshot.boundary.source if snapshot.boundary else ""
    return [t("peta.batas_sumber", lang, sumber=source)] if source else []


def explain(snapshot: Snapshot, layer: MapLayer, view: View, meaning: str) -> None:
    """What the layer means, where it comes from, and what must be said with it."""
    parts = [meaning]
    if Level.DESA not in LAYERS[view.layer].levels:
        parts.append(t("peta.hanya_kabupaten", lang))
    if layer.inherited:
        parts.append(t(f"peta.warisan.{layer.inherited}", lang))
    if layer.from_records:
        if layer.source:
            parts.append(t("peta.sumber", lang, sumber=plain(layer.source)))
        if layer.as_of:
            parts.append(t("peta.per", lang, tanggal=date_text(layer.as_of, lang)))
    elif layer.source and layer.as_of:
        parts.append(t("peta.skor_versi", lang, versi=plain(layer.source), tanggal=date_text(layer.as_of, lang)))
    if layer.estimated:
        parts.append(t("peta.taksiran", lang))
    if layer.data_contoh:
        parts.append(t("peta.contoh_lapisan", lang))
    if snapshot.boundary_kind == "perkiraan":
        parts.append(t("peta.batas_perkiraan", lang))
    else:
        if snapshot.boundary_kind == "campuran":
            parts.append(t("peta.batas_campuran", lang, n=len(snapshot.needed_layers()["perkiraan"])))
        parts += [plain(part) for part in boundary_source(snapshot)]
    if layer.level == "desa" and snapshot.without_polygon:
        parts.append(t("peta.titik", lang, n=len(snapshot.without_polygon)))
    st.caption(" ".join(parts))


def take_along(snapshot: Snapshot, layer: MapLayer, view: View, name: str, title: str, meaning: str) -> None:
    """The layer as a picture with all that must stand beside it; drawn when the button is pressed, not before."""
    within = st.session_state.get("kecamatan") or view.kabupaten
    told = f"{meaning} {plain_about(snapshot, layer)}"

    def drawn() -> bytes:
        sheet = layer_sheet(
            snapshot, Workspace.locate(), layer, within=within, lang=lang, about=told, title=title, shape=view.shape
        )
        return sheet.encode("utf-8")

    mark = "-DATA-CONTOH" if layer.data_contoh else ""
    file = f"{t(MAP_PICTURE.stem)}-{layer.layer}-{layer.level}{mark}.svg"
    request = DocumentRequest(lang=lang, level=layer.level, snapshot=snapshot, content=drawn)
    st.download_button(
        t("peta.unduh", lang),
        data=lambda: handed_out(MAP_PICTURE, request, file, visit),
        key="unduh_peta" if name == "peta" else f"unduh_{name}",
        mime=MIME[".svg"],
        type="tertiary",
        on_click="ignore",
        icon=":material/image:",
        file_name=file,
    )


def table(snapshot: Snapshot, view: View) -> None:
    """The same areas as a table: the road for keyboards and screen readers, and when the map does not load."""
    with st.expander(t("peta.tabel", lang), key="tabel", on_change="rerun") as box:
        if not box.open:
            st.session_state["baris_tandai"] = True
            return
        state = st.session_state
        chosen = state.get("terpilih", "")
        rows = area_table(
            snapshot, view.level, lang, view.kept, state.get("baris_atas", ""), numbers=visit.role != Role.PUBLIC
        )
        codes = list(rows["kode"])
        if chosen in codes:
            at = codes.index(chosen)
            st.caption(t("peta.terpilih", lang, nama=plain(rows.at[at, "nama"]), no=int(rows["no"].iloc[at])))
        else:
            st.caption(t("peta.tabel_petunjuk", lang))
        if state.pop("baris_tandai", False) or codes != state.get("baris"):
            marked = [codes.index(chosen)] if chosen in codes else []
            state["tabel_desa"] = {"selection": {"rows": marked, "columns": [], "cells": []}}
            state["baris_terpilih"] = marked
        state["baris"] = codes
        event = st.dataframe(
            rows,
            key="tabel_desa",
            hide_index=True,
            height=360,
            column_config=area_columns(lang),
            on_select=choose_row,
            selection_mode="multi-row",
            alt=t("peta.tabel_alt", lang),
            placeholder="–",
        )
        marked = [codes[i] for i in event["selection"]["rows"] if i < len(codes)] if view.level == "desa" else []
        if marked:
            st.button(
                t("keranjang.tambah_baris", lang, n=len(marked)),
                key="keranjang_baris",
                icon=":material/add_shopping_cart:",
                on_click=put_in_basket,
                args=(marked,),
            )


def choose_row() -> None:
    """The row marked last is the one whose card opens and to which the map goes; the rows stay where they are."""
    rows = st.session_state["tabel_desa"]["selection"]["rows"]
    before = st.session_state.get("baris_terpilih", [])
    st.session_state["baris_terpilih"] = list(rows)
    codes = st.session_state.get("baris", [])
    new = [i for i in rows if i not in before and i < len(codes)]
    if new:
        st.session_state["terpilih"] = codes[new[-1]]
        go_to(codes[new[-1]])


@st.fragment(run_every=1.5)
def until_built() -> None:
    """Map layers that are missing, or of an older version of this program, are made now; the map comes by itself."""
    if reading.snapshot().layers is not None:
        st.rerun()
    state = preparation.layers_in_background()
    if state.stage == "failed":
        st.error(t("peta.lapisan_gagal", lang, nomor=state.fault))
        st.button(t("peta.coba_lagi", lang), key="lapisan_lagi", on_click=preparation.again)
    else:
        st.progress(state.share, text=t("peta.belum_ada", lang))


if reading.snapshot().layers is None:
    until_built()
else:
    explorer()
