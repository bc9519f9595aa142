"""Notes of colleagues on a village's page: read, write, delete. The names are not verified, and the screen says so."""

from __future__ import annotations

import streamlit as st

from campaign.office.desk import notes_seen
from campaign.office.notes import LONGEST, remove_note, write_note
from campaign.office.responsibilities import who_may
from campaign.reading.snapshot import Snapshot
from data.domain.roles import Act
from data.errors import PetaAmanError
from pages import reading
from pages.gate import Visit
from pages.parts.common import plain
from words import date_text, reason_text, t


def notes(snapshot: Snapshot, kode: str, visit: Visit) -> None:
    """The section of the village with the code ``kode``."""
    lang = visit.lang
    if not visit.may(Act.SEE_WORK):
        return
    mine = visit.may(Act.WRITE_NOTE) and visit.actor.covers(kode)
    with st.container(key="catatan_desa"):
        st.subheader(t("catatan.judul", lang), anchor=False)
        known = notes_seen(visit.actor, snapshot.notes, kode)
        if not known:
            st.caption(t("catatan.kosong", lang))
        for note in known:
            with st.container(horizontal=True, vertical_alignment="top", gap="small", key=f"catatan_{note.id}"):
                who = t("catatan.baris", lang, oleh=plain(note.oleh), tanggal=date_text(note.tanggal, lang))
                st.markdown(f"{plain(note.teks)}  \n:small[{who}]", width="stretch")
                if mine:
                    st.button(
                        t("catatan.hapus", lang),
                        key=f"hapus_catatan_{note.id}",
                        icon=":material/delete:",
                        type="tertiary",
                        on_click=_remove,
                        args=(note.id, visit),
                    )
        if not mine:
            outside = visit.may(Act.WRITE_NOTE)
            st.caption(f":material/lock: {t('peran.di_luar', lang) if outside else who_may(Act.WRITE_NOTE, lang)}")
            return
        with st.container(key="tulis_catatan"):
            _write(kode, visit)


def _write(kode: str, visit: Visit) -> None:
    lang = visit.lang
    with st.form("isian_catatan", clear_on_submit=False, border=True):
        st.text_area(
            t("catatan.teks", lang),
            key="catatan_teks",
            max_chars=LONGEST,
            height=90,
            placeholder=t("catatan.teks_contoh", lang),
            persist_state="session",
        )
        if not visit.user:
            st.text_input(t("catatan.nama", lang), key="catatan_nama", max_chars=80, persist_state="session")
        st.caption(t("catatan.aturan", lang))
        if not visit.user:
            st.caption(f":material/info: {t('catatan.tanpa_masuk', lang)}")
        sent = st.form_submit_button(
            t("catatan.simpan", lang), key="simpan_catatan", on_click=_keep, args=(kode, visit)
        )
    if sent and (said := st.session_state.pop("catatan_hasil", None)):
        (st.success if said[0] else st.error)(said[1])


def _keep(kode: str, visit: Visit) -> None:
    state = st.session_state
    who = visit.user or state.get("catatan_nama") or ""
    try:
        write_note(visit.called(who), reading.store(), kode, state.get("catatan_teks") or "")
    except PetaAmanError as error:
        state["catatan_hasil"] = (False, plain(reason_text(error.reason, error.params, visit.lang)))
        return
    state["catatan_teks"] = ""
    state["catatan_hasil"] = (True, t("catatan.tersimpan", visit.lang))


def _remove(number: int, visit: Visit) -> None:
    try:
        remove_note(visit.actor, reading.store(), number)
    except PetaAmanError:  # a colleague was quicker
        return
