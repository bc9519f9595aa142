"""Where stored data came from: the batches on the page of data in, their cards, and the way to take one back."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from campaign.intake.importing import undo
from campaign.intake.notices import notice_text, notices
from campaign.intake.provenance import cards
from campaign.intake.provenance_text import card_rows, use_lines
from campaign.reading.snapshot import Snapshot
from data.domain.actor import Actor, Scope
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.store.store import Store
from data.workspace import Workspace
from pages import gate, reading
from pages.parts.common import plain
from pages.parts.masuk.sumber import sources
from words import reason_text, t

SHOWN_NOTICES = 20


def batches(snapshot: Snapshot) -> None:
    """The stored batches, the newest first, the card of one, and the way to take one back."""
    visit = gate.require()
    lang, actor = visit.lang, visit.actor
    store = reading.store()
    table = _table(store.state_key(), actor.exact, store)
    _notices(actor, lang)
    if table.empty:
        st.write(t("data.tanpa_batch", lang))
        return
    shown = pd.DataFrame(
        {
            t("data.kolom.batch", lang): table["batch"],
            t("data.kolom.jenis", lang): [t(f"data.jenis.{jenis}", lang) for jenis in table["jenis"]],
            t("data.kolom.status", lang): [t(f"data.status.{status}", lang) for status in table["status"]],
            t("data.kolom.contoh", lang): table["data_contoh"].astype(bool),
            t("data.kolom.berkas", lang): table["file_name"],
            t("data.kolom.sumber", lang): table["source"],
            t("data.kolom.baris", lang): table["rows_ok"],
            t("data.kolom.oleh", lang): table["user"],
            t("data.kolom.saat", lang): pd.to_datetime(table["created_at"]),
        }
    )
    st.dataframe(shown, key="daftar_batch", hide_index=True, height=320, alt=t("data.tersimpan", lang))
    names = dict(zip(table["batch"], table["file_name"], strict=True))
    card_of(list(table["batch"]), names, actor, lang)
    if gate.offered(Act.UNDO, actor, lang):
        _take_back(list(table.loc[table["status"] == "aktif", "batch"]), names, actor, lang)
    sources(actor, lang)


def _take_back(live: list[str], names: dict[str, str], actor: Actor, lang: str) -> None:
    """One batch out again; whose it is to take back is asked by the act."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        batch = st.selectbox(
            t("data.batalkan_mana", lang),
            live,
            index=None,
            key="batal_mana",
            width=420,
            placeholder=t("data.pilih_batch", lang),
            format_func=lambda name: f"{name} · {names[name]}",
        )
        sure = st.checkbox(t("data.yakin", lang), key="batal_yakin", disabled=batch is None)
        if (
            st.button(t("data.batalkan", lang), key="batalkan", disabled=not (batch and sure), icon=":material/undo:")
            and batch
        ):
            try:
                with st.spinner(t("data.membatalkan", lang)):
                    undo(actor, batch, reading.store(), Workspace.locate())
            except PetaAmanError as error:
                st.error(plain(reason_text(error.reason, error.params, lang)))
                return
            st.session_state["pesan_data"] = t("data.dibatalkan", lang, batch=batch)
            st.rerun()
    st.caption(t("data.batal_arti", lang))


def _notices(actor: Actor, lang: str) -> None:
    """What the administrator is to look at; nothing for anybody else."""
    if not actor.may(Act.SEE_NOTICES):
        return
    found = notices(actor, reading.store())
    if found:
        with st.expander(t("peringatan.judul", lang, n=len(found)), icon=":material/notification_important:"):
            st.caption(t("peringatan.arti", lang))
            st.markdown("\n".join(f"- {plain(notice_text(one, lang))}" for one in found[:SHOWN_NOTICES]))


def card_of(batches_: list[str], names: dict[str, str], actor: Actor, lang: str) -> None:
    """The card of origin of one batch, chosen from a list."""
    chosen = st.selectbox(
        t("asal.pilih", lang),
        batches_,
        index=None,
        key="kartu_asal_mana",
        width=420,
        placeholder=t("data.pilih_batch", lang),
        help=t("asal.arti", lang),
        format_func=lambda name: f"{name} · {names[name]}",
    )
    if chosen is None:
        return
    place = Workspace.locate()
    found = _cards(str(place.path), reading.store().state_key(), actor.exact, reading.store(), place).get(chosen)
    if found is None:
        return
    with st.container(border=True, key="kartu_asal"):
        st.markdown(f"**{t('asal.judul', lang)} {plain(chosen)}**")
        st.markdown("\n".join(f"- {label}: {plain(text)}" for label, text in card_rows(found, lang)))
        lines = use_lines(found, lang)
        if lines:
            st.markdown(f"**{t('asal.pemakaian', lang)}**")
            st.markdown("\n".join(f"- {plain(line)}" for line in lines))


@st.cache_resource(show_spinner=False, max_entries=4)
def _cards(path: str, state: str, scope: Scope, _store: Store, _place: Workspace) -> dict[str, dict[str, Any]]:
    return {one["batch"]: one for one in cards(_store, _place, scope)}


@st.cache_resource(show_spinner=False, max_entries=4)
def _table(state: str, scope: Scope, _store: Store) -> pd.DataFrame:
    return _store.batches.all(scope)
