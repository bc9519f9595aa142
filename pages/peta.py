"""The map for planners: choose, look, click, read the card. Everything that changes is one fragment."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from campaign.map_image import layer_sheet
from campaign.map_layers import MapLayer, map_layer, past_layer
from campaign.snapshot import Snapshot, level_of
from campaign.tables import area_table
from data.workspace import Workspace
from geo.webmap import base_map, payload
from pages import gate, peta_alamat, reading
from pages.parts import area_columns, draw_basket, draw_card, plain, put_in_basket
from pages.peta_saringan import View, controls
from words import date_text, t

visit = gate.require()
lang = visit.lang
HEIGHT = 560


@st.fragment
def explorer() -> None:
    snapshot = reading.snapshot()
    peta_alamat.restore(snapshot, go_to)
    view = controls(snapshot, lang, go_to)
    take_click()
    layer = kept_of(map_layer(snapshot, view.level, view.layer), view)
    if view.beside:
        two_maps(snapshot, layer, view)
        explain(snapshot, layer)
        table(snapshot, view)
        side_column(snapshot)
    else:
        wide, narrow = st.columns([0.7, 0.3], gap="medium")
        with wide:
            draw_map(snapshot, layer, "peta", t(f"peta.legenda.{layer.layer}", lang))
            explain(snapshot, layer)
            take_along(snapshot, layer, view)
            table(snapshot, view)
        with narrow:
            side_column(snapshot)
    peta_alamat.write()


def kept_of(layer: MapLayer, view: View) -> MapLayer:
    return layer if view.kept is None else layer.limited_to(view.kept)


def two_maps(snapshot: Snapshot, layer: MapLayer, view: View) -> None:
    """The second map moves with the first; an older score version is shown in the same classes."""
    past = view.beside in set(snapshot.history["versi"])
    other = past_layer(snapshot, view.beside) if past else map_layer(snapshot, view.level, view.beside)
    left, right = st.columns(2, gap="small")
    with left:
        draw_map(snapshot, layer, "peta", t(f"peta.legenda.{layer.layer}", lang))
    with right:
        title = t("peta.legenda_versi", lang, versi=plain(other.source)) if past else t(
            f"peta.legenda.{other.layer}", lang)  # fmt: skip
        draw_map(snapshot, kept_of(other, view), "peta_banding", title)
        explain(snapshot, other)


def side_column(snapshot: Snapshot) -> None:
    draw_card(snapshot, st.session_state.get("terpilih", ""), lang, close=forget)
    draw_basket(snapshot, lang)


def go_to(kode: str) -> None:
    """Moves the map: where to, under a key of its own for each time."""
    st.session_state["ke"] = (kode, st.session_state.get("ke", ("", 0))[1] + 1)


def take_click() -> None:
    """A click comes as ``code#count``; only a new one changes the choice."""
    for widget in ("peta_leaflet", "peta_banding_leaflet"):
        click = (st.session_state.get(widget) or {}).get("last_object_clicked_tooltip") or ""
        if click and click != st.session_state.get(f"klik_{widget}"):
            st.session_state[f"klik_{widget}"] = click
            st.session_state["terpilih"] = click.split("#")[0]


def forget() -> None:
    st.session_state["terpilih"] = ""


def draw_map(snapshot: Snapshot, layer: MapLayer, name: str, legend: str) -> None:
    """The map called ``name``; the word is its container's key and, with ``_leaflet``, its own."""
    kode, count = st.session_state.get("ke", ("", 0))
    words = {
        "bahasa": lang,
        "batas": snapshot.boundary_kind,
        "legenda": legend,
        "kelas": [t(row.key, lang, **row.values) for row in layer.legend],
        "contoh": t("app.contoh", lang) if layer.data_contoh else "",
    }
    with st.container(key=name):
        st_folium(
            base_map(snapshot.layers["version"], snapshot.layers["bbox"], snapshot.layers["masukan"][:8]),
            key=f"{name}_leaflet",
            height=HEIGHT,
            use_container_width=True,
            returned_objects=["last_object_clicked_tooltip"],
            feature_group_to_add=payload(
                level=layer.level, classes=layer.classes, palette=layer.palette, hatched=layer.hatched,
                counts=[row.count for row in layer.legend], selected=_shown(layer), words=words, marks=layer.marks,
                view=snapshot.extent(kode), view_key=f"{kode}:{count}" if count else "",
            ),
        )  # fmt: skip


def _shown(layer: MapLayer) -> str:
    kode = st.session_state.get("terpilih", "")
    return kode if kode and level_of(kode) == layer.level else ""


def plain_about(snapshot: Snapshot, layer: MapLayer) -> str:
    """Source and date of a layer in one line, for pictures of the map."""
    told = [t("peta.sumber", lang, sumber=layer.source)] if layer.source else []
    if layer.as_of:
        told.append(t("peta.per", lang, tanggal=date_text(layer.as_of, lang)))
    told += boundary_source(snapshot)
    return " ".join(told)


def boundary_source(snapshot: Snapshot) -> list[str]:
    source = (snapshot.boundary or {}).get("source")
    return [t("peta.batas_sumber", lang, sumber=source)] if source else []


def explain(snapshot: Snapshot, layer: MapLayer) -> None:
    """What the layer means, where it comes from, and what must be said with it."""
    parts = [t(layer.meaning, lang)]
    if layer.inherited:
        parts.append(t(f"peta.warisan.{layer.inherited}", lang))
    if layer.from_records:
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
        parts += [plain(part) for part in boundary_source(snapshot)]
    if layer.level == "desa" and snapshot.without_polygon:
        parts.append(t("peta.titik", lang, n=len(snapshot.without_polygon)))
    st.caption(" ".join(parts))


def take_along(snapshot: Snapshot, layer: MapLayer, view: View) -> None:
    """The layer as a picture with all that must stand beside it; drawn when the button is pressed, not before."""
    within = st.session_state.get("kecamatan") or view.kabupaten
    told = f"{t(layer.meaning, lang)} {plain_about(snapshot, layer)}"

    def drawn() -> bytes:
        sheet = layer_sheet(snapshot, Workspace.locate(), layer, within=within, lang=lang, about=told)
        return sheet.encode("utf-8")

    mark = "-DATA-CONTOH" if layer.data_contoh else ""
    st.download_button(t("peta.unduh", lang), data=drawn, key="unduh_peta", mime="image/svg+xml", type="tertiary",
                       file_name=f"peta-{layer.layer}-{layer.level}{mark}.svg", on_click="ignore",
                       icon=":material/image:")  # fmt: skip


def table(snapshot: Snapshot, view: View) -> None:
    """The same areas as a table: the road for keyboards and screen readers, and when the map does not load."""
    with st.expander(t("peta.tabel", lang), key="tabel", on_change="rerun") as box:
        if not box.open:
            return
        rows = area_table(snapshot, view.level, lang, view.kept)
        codes = list(rows["kode"])
        chosen = st.session_state.get("terpilih", "")
        if chosen in codes:
            at = codes.index(chosen)
            st.caption(t("peta.terpilih", lang, nama=plain(rows.at[at, "nama"]), no=int(rows.at[at, "no"])))
        else:
            st.caption(t("peta.tabel_petunjuk", lang))
        st.session_state["baris"] = codes
        event = st.dataframe(rows, key="tabel_desa", hide_index=True, height=360, column_config=area_columns(lang),
                             on_select=choose_row, selection_mode="multi-row", alt=t("peta.tabel_alt", lang))
        marked = [codes[i] for i in event["selection"]["rows"] if i < len(codes)] if view.level == "desa" else []
        if marked:
            st.button(t("keranjang.tambah_baris", lang, n=len(marked)), key="keranjang_baris",
                      icon=":material/add_shopping_cart:", on_click=put_in_basket, args=(marked,))  # fmt: skip


def choose_row() -> None:
    """The row marked last is the one whose card opens and to which the map goes."""
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
    """Map layers are made after the boundaries are stored; the map comes by itself."""
    if reading.snapshot().layers is not None:
        st.rerun()
    st.info(t("peta.belum_ada", lang))


if reading.snapshot().layers is None:
    until_built()
else:
    explorer()
