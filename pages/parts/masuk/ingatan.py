"""What people decided about names and columns, on the page of data in: listed, and taken back one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from campaign.intake.confirming import forget_columns, forget_name, remembered_columns, remembered_names
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.store.store import Store
from pages import gate, reading
from pages.parts.common import plain
from words import has, reason_text, t


def remembered(state: str, actor: Actor, lang: str) -> None:
    """Both lists; ``state`` is the state of the store they are kept for."""
    store = reading.store()
    names, columns = _remembered(state, store)
    if names.empty and columns.empty:
        st.write(t("ingatan.kosong", lang))
        return
    st.caption(t("ingatan.arti", lang))
    if not names.empty:
        _list_names(names, actor, lang)
    if not columns.empty:
        _list_columns(columns, actor, lang)


@st.cache_resource(show_spinner=False, max_entries=2)
def _remembered(state: str, _store: Store) -> tuple[pd.DataFrame, pd.DataFrame]:
    return remembered_names(_store), remembered_columns(_store)


def _list_names(names: pd.DataFrame, actor: Actor, lang: str) -> None:
    st.subheader(t("ingatan.nama", lang, n=len(names)), anchor=False)
    shown = pd.DataFrame(
        {
            t("ingatan.tertulis", lang): names["teks"],
            t("ingatan.di", lang): names["lingkup_nama"],
            t("ingatan.berarti", lang): names["nama"],
            t("kolom.kode", lang): names["kode"],
            t("ingatan.untuk", lang): _sources(names["sumber"], lang),
            t("data.kolom.oleh", lang): names["user"],
            t("data.kolom.saat", lang): names["created_at"],
        }
    )
    st.dataframe(
        shown,
        key="ingatan_nama",
        hide_index=True,
        height=_height(len(shown)),
        column_config=_when(lang),
        alt=t("ingatan.nama", lang, n=len(names)),
    )
    lines = names["teks"] + " (" + names["lingkup_nama"] + ") → " + names["nama"] + " · " + names["kode"]
    labels = {int(number): line for number, line in zip(names["id"], lines, strict=True)}
    _forget("nama", labels, forget_name, actor, lang)


def _list_columns(columns: pd.DataFrame, actor: Actor, lang: str) -> None:
    st.subheader(t("ingatan.kolom", lang, n=len(columns)), anchor=False)
    told = ["; ".join(f"{_field(name, lang)} = {header}" for name, header in one.items()) for one in columns["kolom"]]
    kinds = [t(f"data.jenis.{kind}", lang).partition(" (")[0] for kind in columns["jenis"]]
    shown = pd.DataFrame(
        {
            t("data.kolom.jenis", lang): kinds,
            t("ingatan.kolom_isi", lang): told,
            t("ingatan.untuk", lang): _sources(columns["sumber"], lang),
            t("data.kolom.oleh", lang): columns["user"],
            t("data.kolom.saat", lang): columns["created_at"],
        }
    )
    wide = {t("ingatan.kolom_isi", lang): st.column_config.TextColumn(width="large")}
    st.dataframe(
        shown,
        key="ingatan_kolom",
        hide_index=True,
        height=_height(len(shown)),
        column_config={**wide, **_when(lang)},
        alt=t("ingatan.kolom", lang, n=len(columns)),
    )
    labels = {int(number): f"{kind}: {what}" for number, kind, what in zip(columns["id"], kinds, told, strict=True)}
    _forget("kolom", labels, forget_columns, actor, lang)


def _forget(
    what: str, labels: dict[int, str], forget: Callable[[Actor, Store, int], None], actor: Actor, lang: str
) -> None:
    if not gate.offered(Act.FORGET, actor, lang):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            t(f"ingatan.lupakan_{what}", lang),
            list(labels),
            index=None,
            key=f"lupa_{what}_mana",
            width=520,
            placeholder=t("bagian.pilih", lang),
            format_func=lambda one: labels.get(one, str(one)),
        )
        sure = st.checkbox(t("data.yakin", lang), key=f"lupa_{what}_yakin", disabled=number is None)
        press = st.button(
            t("ingatan.lupakan", lang), key=f"lupa_{what}", disabled=not (number and sure), icon=":material/backspace:"
        )
    if press and number:
        try:
            forget(actor, reading.store(), number)
        except PetaAmanError as error:
            st.error(plain(reason_text(error.reason, error.params, lang)))
            return
        st.session_state["pesan_data"] = t("ingatan.dilupakan", lang)
        st.rerun()


def _sources(sources: pd.Series, lang: str) -> list[str]:
    return [source or t("ingatan.semua_sumber", lang) for source in sources]


def _when(lang: str) -> dict[str, Any]:
    return {t("data.kolom.saat", lang): st.column_config.DatetimeColumn(format="DD/MM/YYYY HH.mm")}


def _field(name: str, lang: str) -> str:
    return t(f"bidang.{name}", lang) if has(f"bidang.{name}") else name


def _height(rows: int) -> int:
    return 38 + 35 * min(rows, 7)
