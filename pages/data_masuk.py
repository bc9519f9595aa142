"""Data in: upload, see what would happen, store, take back; compute the score again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, NoReturn

import streamlit as st

from campaign.evidence.recording import note_preview
from campaign.intake.corrections import corrections_workbook
from campaign.intake.importing import Upload, commit, examine
from campaign.intake.preview import guarded_codes
from campaign.intake.templates import template_name, template_workbook
from campaign.reading.snapshot import Snapshot
from data.domain.actor import Actor, Scope
from data.domain.kinds import KINDS, Holds
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.intake.examined import Examined, ImportOptions
from data.workspace import Workspace
from pages import gate, reading
from pages.parts.common import plain
from pages.parts.masuk.asal import batches
from pages.parts.masuk.bagian import PARTS, chosen_part, note_parts
from pages.parts.masuk.ingatan import remembered
from pages.parts.masuk.kolom import boundary_columns, doubtful, offer_columns
from pages.parts.masuk.lembar import village_sheets
from pages.parts.masuk.nama import ask_names
from pages.parts.masuk.persis import exact_view
from pages.parts.masuk.pratinjau import others_came_between, show
from pages.parts.model.langkah import evaluation_in_steps, score_in_steps
from words import reason_text, t

visit = gate.require()
gate.for_office(visit)
lang = visit.lang
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page() -> None:
    snapshot = reading.snapshot()
    # A container of their own, so that what comes and goes does not move the tabs, which would close the open one.
    with st.container():
        said = st.session_state.pop("pesan_data", None)
        if said:
            st.success(said, icon=":material/check_circle:")
        score_again(snapshot)
        evaluation_in_steps(lang)
    exact = visit.may(Act.SEE_EXACT)
    names = ["data.masukkan", "data.tersimpan", "ingatan.judul", "lembar.judul", *(["persis.judul"] if exact else [])]
    bring, stored, known, sheets, *own = st.tabs([t(name, lang) for name in names])
    with bring:
        upload(snapshot)
    with stored:
        batches(snapshot)
    with known:
        remembered(reading.store().state_key(), visit.actor, lang)
    with sheets:
        village_sheets(snapshot, visit.actor, lang)
    for box in own:
        with box:
            exact_view(snapshot, visit.actor, lang)


def score_again(snapshot: Snapshot) -> None:
    """The score is a function of the data; when they have changed, offer to compute it."""
    if snapshot.current:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.write(t("data.usang" if snapshot.version else "data.belum_skor", lang))
        if gate.offered(Act.SCORE, visit.actor, lang) and st.button(
            t("data.hitung", lang), key="hitung_skor", type="primary", icon=":material/calculate:"
        ):
            compute()


def compute() -> None:
    versi = score_in_steps(visit.actor, lang)
    if versi:
        st.session_state["pesan_data"] = t("data.terhitung", lang, versi=versi)
        st.rerun()


def upload(snapshot: Snapshot) -> None:
    if not gate.offered(Act.IMPORT, visit.actor, lang):
        return
    left, right = st.columns([0.4, 0.6], gap="medium")
    with left:
        kind = st.selectbox(
            t("data.jenis", lang),
            sorted(KINDS, key=lambda name: KINDS[name].holds is Holds.BOUNDARIES),
            key="jenis",
            format_func=lambda name: t(f"data.jenis.{name}", lang),
        )
        source = st.text_input(t("data.sumber", lang), key="sumber", max_chars=200, help=t("data.sumber_arti", lang))
        as_of = st.date_input(
            t("data.per_tanggal", lang), value=None, key="per_tanggal", max_value=dt.date.today(), format="DD/MM/YYYY"
        )
    with right:
        file = st.file_uploader(
            t("data.berkas", lang),
            type=list(KINDS[kind].file_types),
            key=f"berkas_{st.session_state.get('berkas_ke', 0)}",
            help=t("data.berkas_arti", lang),
        )
        st.caption(t(f"data.bentuk.{kind}", lang))
        part = chosen_part(file.file_id, lang) if file else {}
    refused = st.session_state.pop("ditolak", None)
    if refused:
        st.error(refused, icon=":material/block:")
    if file is None:
        if KINDS[kind].template:
            template(kind)
        return
    options = ImportOptions(source=source.strip(), as_of=as_of, sheet=part.get("sheet"), layer=part.get("layer"))
    if KINDS[kind].holds is Holds.BOUNDARIES:
        # The person decides at the button whether the right polygons alone are stored.
        options = replace(options, valid_rows_only=True, columns=boundary_columns(file.file_id))
    with st.spinner(t("data.memeriksa", lang)):
        who = visit.actor
        found = examined(kind, file.file_id, options, reading.store().state_key(), who.exact, file, who)
    report = found.report.to_json(lambda reason, params: reason_text(reason, params, lang, kind))
    if str(report["reason"]).startswith("PII"):
        examined.clear()
        st.session_state["ditolak"] = plain(report["message"])
        clear_upload()
    if note_parts(found, file.file_id, doubtful(found, file.file_id)):
        st.rerun()
    if report["reason"] in PARTS:
        st.info(plain(report["message"]), icon=":material/tab:")
        return
    if others_came_between(found, file.file_id, lang):
        return
    asked = ask_names(found, snapshot, source.strip(), file.file_id, lang)
    report["proposals"] = [one for one in report["proposals"] if one["row"] not in asked]
    show(report, found, kind)
    offer_columns(found, kind, file, options, visit.actor, lang)
    decide(found, kind)


def template(kind: str) -> None:
    """A workbook with the villages of one kabupaten, made when its button is pressed."""
    places = reading.snapshot().places["kabupaten"]["nama"]
    with st.expander(t("data.templat", lang), icon=":material/table_view:"):
        st.caption(t("data.templat_arti", lang))
        kode = st.selectbox(
            t("tingkat.kabupaten", lang),
            list(places.index),
            key="templat_kabupaten",
            format_func=lambda code: str(places[code]),
        )
        st.download_button(
            t("data.templat_unduh", lang),
            data=lambda: template_workbook(kind, reading.store(), kode, lang=lang),
            file_name=template_name(kind, kode),
            mime=XLSX,
            on_click="ignore",
            key="unduh_templat",
            icon=":material/download:",
        )


@st.cache_resource(scope="session", max_entries=1, ttl=1800, show_spinner=False)
def examined(
    kind: str, file_id: str, options: ImportOptions, state: str, scope: Scope, _file: Any, _actor: Actor
) -> Examined:
    """One upload, checked once for each state of the store and what its reader may know of it."""
    upload = Upload(_file.name, bytes(_file.getbuffer()))
    found = examine(kind, upload, reading.store(), Workspace.locate(), options, _actor)
    note_preview(_actor, reading.store(), found)
    return found


def clear_upload() -> NoReturn:
    """Forget the uploaded bytes: the widget gets a new key."""
    st.session_state["berkas_ke"] = st.session_state.get("berkas_ke", 0) + 1
    st.rerun()


def decide(found: Examined, kind: str) -> None:
    """Store all, or only the rows that are right; nothing is stored before a button is pressed."""
    report = found.report
    if report.outcome == "refused":
        return
    only = report.outcome == "row_errors"
    if only:
        rest = corrections_workbook(found, lang)
        if rest:
            st.download_button(
                t("data.perbaikan_unduh", lang),
                data=rest,
                file_name="perbaikan.xlsx",
                mime=XLSX,
                on_click="ignore",
                key="unduh_perbaikan",
                icon=":material/download:",
            )
    if not report.rows_ok or (guarded_codes(found) and not gate.offered(Act.IMPORT_GUARDED, visit.actor, lang)):
        return
    if only:
        st.write(t("data.sebagian_arti", lang, n=report.rows_error))
    label = t("data.simpan_sebagian" if only else "data.simpan", lang, n=report.rows_ok)
    if st.button(label, key="simpan", type="secondary" if only else "primary", icon=":material/save:"):
        bar = st.empty()

        def told(share: float) -> None:
            bar.progress(share, text=t("siap.lapisan", lang))

        try:
            batch = commit(visit.actor, found, kind, reading.store(), Workspace.locate(), told)
        except PetaAmanError as error:
            st.error(plain(reason_text(error.reason, error.params, lang)))
            return
        examined.clear()
        st.session_state["pesan_data"] = t("data.tersimpan_batch", lang, batch=batch, n=report.rows_ok)
        clear_upload()


page()
