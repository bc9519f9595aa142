"""What villages answered on their clarification sheets, on the page of data in: typed in, decided, brought in."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from campaign.office.desk import requests_of
from campaign.reading.snapshot import Snapshot
from campaign.sessions.replies import LONGEST, decide, finish, held, import_of, label_of, propose, state_of
from campaign.sessions.sheet_code import read_sheet_code
from data.domain.actor import NOWHERE, Actor
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.store.parts.requests import ChangeRequest
from pages import gate, reading
from pages.parts.common import plain
from words import reason_text, t


def village_sheets(snapshot: Snapshot, actor: Actor, lang: str) -> None:
    """A sheet to type in, then the requests by what is to be done with them."""
    st.caption(t("lembar.arti", lang))
    if gate.offered(Act.ENTER_REPLY, actor, lang):
        _enter(snapshot, actor, lang)
    rows = requests_of(actor, reading.store())
    if not rows:
        st.write(t("lembar.belum", lang))
        return
    asked = [row for row in rows if state_of(row) == "diajukan"]
    accepted = [row for row in rows if state_of(row) == "diterima"]
    done = [row for row in rows if state_of(row) not in ("diajukan", "diterima")]
    if asked:
        st.subheader(t("lembar.menunggu", lang, n=len(asked)), anchor=False)
        _table(asked, snapshot, lang)
        if gate.offered(Act.DECIDE_REPLY, actor, lang):
            _decide(asked, snapshot, actor, lang)
    if accepted:
        st.subheader(t("lembar.dikerjakan", lang, n=len(accepted)), anchor=False)
        gate.offered(Act.FINISH_REPLY, actor, lang)
        _to_do(accepted, snapshot, actor, lang)
    if done:
        with st.expander(t("lembar.riwayat", lang, n=len(done))):
            _table(done, snapshot, lang)


def _enter(snapshot: Snapshot, actor: Actor, lang: str) -> None:
    code = st.text_input(
        t("lembar.kode", lang),
        key=f"kode_lembar_{st.session_state.get('lembar_ke', 0)}",
        max_chars=40,
        width=420,
        help=t("lembar.kode_arti", lang),
        placeholder=t("lembar.kode_contoh", lang),
    )
    if not code.strip():
        return
    try:
        lembar, kode, versi = read_sheet_code(code, reading.store())
    except PetaAmanError as error:
        _fault(error, lang)
        return
    st.markdown(f"**{plain(snapshot.labels[kode])}**")
    st.caption(plain(t("lembar.desa", lang, desa=lembar, versi=versi or t("lembar.tanpa_daftar", lang))))
    lines = {line.hal: line for line in held(snapshot, kode, lang)}
    wrong = st.multiselect(
        t("lembar.mana", lang),
        list(lines),
        key=f"salah_{lembar}",
        placeholder=t("lembar.pilih_baris", lang),
        format_func=lambda hal: lines[hal].label,
    )
    with st.form(f"usulan_{lembar}", border=bool(wrong), enter_to_submit=False):
        said = {
            hal: st.text_input(
                plain(t("lembar.yang_benar", lang, hal=lines[hal].label, nilai=lines[hal].value)),
                key=f"benar_{lembar}_{hal}",
                max_chars=LONGEST,
            )
            for hal in wrong
        }
        there = st.multiselect(
            t("lembar.sarana_pilih", lang),
            t("klarifikasi.layanan_ada", lang).split("|"),
            key=f"sarana_{lembar}",
            placeholder=t("lembar.pilih_sarana", lang),
        )
        said["sarana"] = ", ".join(there)
        said["lain"] = st.text_area(t("lembar.lain_isi", lang), key=f"lain_{lembar}", max_chars=LONGEST, height=68)
        pressed = st.form_submit_button(
            t("lembar.simpan", lang), key="simpan_usulan", type="primary", icon=":material/save:"
        )
    if not pressed:
        return
    try:
        made = propose(
            actor,
            reading.store(),
            snapshot,
            lembar,
            {hal: text for hal, text in said.items() if text.strip()},
            lang=lang,
        )
    except PetaAmanError as error:
        _fault(error, lang)
        return
    st.session_state["lembar_ke"] = st.session_state.get("lembar_ke", 0) + 1
    _told(t("lembar.tersimpan", lang, n=len(made), lembar=lembar))


def _decide(asked: list[ChangeRequest], snapshot: Snapshot, actor: Actor, lang: str) -> None:
    with st.form("putuskan_usulan", border=False, enter_to_submit=False):
        numbers = {row.id: _name(row, snapshot, lang) for row in asked}
        number = st.selectbox(
            t("lembar.pilih", lang), list(numbers), key="usulan_nomor", format_func=numbers.__getitem__
        )
        reason = st.text_input(t("lembar.alasan", lang), key="usulan_alasan", max_chars=LONGEST)
        with st.container(horizontal=True, gap="small"):
            yes = st.form_submit_button(t("lembar.terima", lang), key="usulan_terima", icon=":material/check:")
            no = st.form_submit_button(t("lembar.tolak", lang), key="usulan_tolak", icon=":material/close:")
    if not (yes or no):
        return
    try:
        decide(actor, reading.store(), number, accept=yes, reason=reason)
    except PetaAmanError as error:
        _fault(error, lang)
        return
    state = t(f"lembar.keadaan.{'diterima' if yes else 'ditolak'}", lang)
    _told(t("cli.usulan_putus", lang, nomor=number, keadaan=state))


def _to_do(accepted: list[ChangeRequest], snapshot: Snapshot, actor: Actor, lang: str) -> None:
    """Each with the import that resolves it, and the batches that may have done so."""
    batches = reading.store().batches.all(NOWHERE)
    for row in accepted:
        kind = import_of(row.hal, snapshot)
        told = {
            "desa": snapshot.name(row.kode),
            "hal": label_of(row.hal, lang),
            "baru": row.nilai_baru,
            "lembar": row.lembar,
        }
        st.markdown(f"- {plain(t('lembar.tugas', lang, jenis=t(f'data.jenis.{kind}', lang), **told))}")
        since = batches[
            (batches["jenis"] == kind)
            & (batches["status"] == "aktif")
            & (pd.to_datetime(batches["created_at"]) >= pd.Timestamp(row.diputus_saat or row.diajukan_saat))
        ]
        if not actor.may(Act.FINISH_REPLY):
            continue
        if since.empty:
            st.caption(t("lembar.tanpa_penyimpanan", lang))
            continue
        files = dict(zip(since["batch"], since["file_name"], strict=True))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            batch = st.selectbox(
                t("lembar.penyimpanan", lang),
                list(files),
                key=f"usulan_batch_{row.id}",
                width=380,
                format_func=partial(_with_file, files),
            )
            if st.button(t("lembar.selesai", lang), key=f"usulan_selesai_{row.id}", icon=":material/done_all:"):
                _finish(row.id, batch, snapshot, actor, lang)


def _with_file(files: dict[str, str], batch: str) -> str:
    return f"{batch} · {files[batch]}"


def _finish(number: int, batch: str, snapshot: Snapshot, actor: Actor, lang: str) -> None:
    try:
        finish(actor, reading.store(), snapshot, number, batch)
    except PetaAmanError as error:
        _fault(error, lang)
        return
    _told(t("cli.usulan_putus", lang, nomor=number, keadaan=t("lembar.keadaan.selesai", lang)))


def _table(rows: list[ChangeRequest], snapshot: Snapshot, lang: str) -> None:
    cells = [
        (
            str(row.id),
            snapshot.name(row.kode),
            label_of(row.hal, lang),
            row.nilai_lama,
            row.nilai_baru,
            t(f"lembar.keadaan.{state_of(row)}", lang),
            row.alasan,
            row.diputus_oleh or row.diajukan_oleh,
        )
        for row in rows
    ]
    names = ("nomor", "desa", "hal", "lama", "baru", "keadaan", "alasan", "oleh")
    heads = [t(f"lembar.kolom.{name}", lang) for name in names]
    st.table(pd.DataFrame(cells, columns=heads).map(plain), hide_index=True, border="horizontal")


def _name(row: ChangeRequest, snapshot: Snapshot, lang: str) -> str:
    return f"{row.id}. {snapshot.name(row.kode)} · {label_of(row.hal, lang)}: {row.nilai_baru}"


def _told(text: str) -> None:
    st.session_state["pesan_data"] = plain(text)
    st.rerun()


def _fault(error: PetaAmanError, lang: str) -> None:
    st.error(plain(reason_text(error.reason, error.params, lang)))
