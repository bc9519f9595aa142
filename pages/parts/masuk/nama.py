"""Names of areas that a person has to settle, on the page of data in: each with its candidates and their neighbours."""

from __future__ import annotations

import hashlib

import streamlit as st

from campaign.intake.confirming import confirm
from campaign.intake.questions import Candidate, Question, neighbour_codes, older_names, others, questions
from campaign.reading.snapshot import Snapshot
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.intake.examined import Examined
from data.store.store import Store
from data.workspace import Workspace
from pages import gate, reading
from pages.parts.common import plain
from words import percent, reason_text, t

PER_PAGE = 6
OTHER, LEAVE = "lain", "biarkan"
SHOWN_ROWS, SHOWN_NEIGHBOURS = 6, 8


def ask_names(found: Examined, snapshot: Snapshot, source: str, file_id: str, lang: str) -> set[int]:
    """The panel of an import whose names are not all settled; nothing for any other. Returns the rows it asks about."""
    if found.report.outcome == "refused" or not (found.report.proposals or found.report.unmatched):
        return set()
    store, place = reading.store(), str(Workspace.locate().path)
    with st.spinner(t("nama.menyiapkan", lang)):
        # Neighbours stay as long as the map layers do; without layers they are looked up for each state of the store.
        version = snapshot.layers["version"] if snapshot.layers else snapshot.key
        around = _neighbours(place, version, store)
        older = _older(place, snapshot.key, store)
    asked = questions(found, snapshot, older, around)
    if asked:
        _panel(asked, found, snapshot, source, file_id, lang)
    return {row for one in asked for row in one.rows}


@st.cache_resource(show_spinner=False, max_entries=2)
def _neighbours(path: str, version: str, _store: Store) -> dict[str, list[str]]:
    return neighbour_codes(_store, Workspace.locate())


@st.cache_resource(show_spinner=False, max_entries=2)
def _older(path: str, state: str, _store: Store) -> dict[str, list[str]]:
    return older_names(_store)


@st.fragment
def _panel(asked: list[Question], found: Examined, snapshot: Snapshot, source: str, file_id: str, lang: str) -> None:
    with st.container(border=True, key="cocokkan_nama"):
        st.subheader(t("nama.judul", lang, n=len(asked)), anchor=False)
        st.write(t("nama.arti", lang, n=sum(len(one.rows) for one in asked)))
        pages = -(-len(asked) // PER_PAGE)
        page = st.pagination(pages, key=f"nama_hal_{file_id}") if pages > 1 else 1
        for start in range((page - 1) * PER_PAGE, min(page * PER_PAGE, len(asked)), 2):
            for column, question in zip(st.columns(2), asked[start : start + 2], strict=False):
                with column:
                    _question(question, snapshot, file_id, lang)
        _decide(asked, found, source, file_id, lang)


def _question(question: Question, snapshot: Snapshot, file_id: str, lang: str) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{plain(question.value)}**")
        st.caption(plain(_said_of(question, lang)))
        candidates = {candidate.kode: candidate for candidate in question.candidates}
        choice = st.radio(
            question.value,
            [*candidates, OTHER, LEAVE],
            index=None,
            key=_key(question, file_id),
            label_visibility="collapsed",
            persist_state="page",
            format_func=lambda kode: _label(candidates.get(kode), kode, question, lang),
            captions=[plain(_about(candidate, lang)) for candidate in candidates.values()] + ["", ""],
        )
        if choice == OTHER:
            rest = others(question, snapshot)
            st.selectbox(
                t("nama.pilih_lain", lang),
                list(rest),
                index=None,
                key=_key(question, file_id) + "_lain",
                format_func=lambda kode: f"{rest[kode]} · {kode}",
                persist_state="page",
                placeholder=t("nama.pilih_lain", lang),
                label_visibility="collapsed",
            )


def _said_of(question: Question, lang: str) -> str:
    """Where the file has the name: its rows, and the place written beside it."""
    rows = ", ".join(str(row) for row in question.rows[:SHOWN_ROWS])
    more = len(question.rows) - SHOWN_ROWS
    said = t("nama.baris_lagi", lang, baris=rows, n=more) if more > 0 else t("nama.baris", lang, baris=rows)
    return f"{said} · {t('nama.tertulis', lang, tempat=question.where)}" if question.where else said


def _label(candidate: Candidate | None, choice: str, question: Question, lang: str) -> str:
    if candidate is not None:
        return plain(f"{candidate.name} · {candidate.kode}")
    return t(f"nama.{choice}_{question.level}" if choice == OTHER else f"nama.{choice}", lang)


def _about(candidate: Candidate, lang: str) -> str:
    parts = [candidate.place, t("nama.mirip", lang, persen=percent(candidate.similarity, lang))]
    if candidate.older:
        parts.append(t("nama.nama_lama", lang, nama=", ".join(candidate.older[:4])))
    if candidate.neighbours:
        near = ", ".join(candidate.neighbours[:SHOWN_NEIGHBOURS]) + (
            " …" if len(candidate.neighbours) > SHOWN_NEIGHBOURS else ""
        )
        parts.append(t("nama.tetangga", lang, nama=near))
    return " · ".join(part for part in parts if part)


def _decide(asked: list[Question], found: Examined, source: str, file_id: str, lang: str) -> None:
    actor = gate.actor()  # this runs again without the page
    chosen, left = {}, 0
    for question in asked:
        key = _key(question, file_id)
        choice = st.session_state.get(key)
        kode = st.session_state.get(key + "_lain") if choice == OTHER else choice
        left += choice == LEAVE
        if kode and kode != LEAVE:
            chosen[question.rows[0]] = kode
    if not gate.offered(Act.SETTLE_NAMES, actor, lang):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        press = st.button(
            t("nama.simpan", lang, n=len(chosen)),
            key="simpan_nama",
            type="primary",
            disabled=not chosen,
            icon=":material/done_all:",
        )
        everywhere = not source or st.checkbox(t("nama.semua_sumber", lang), key="nama_semua_sumber")
    note = t("nama.tanpa_sumber", lang) if not source else t("nama.satu_sumber", lang, sumber=source)
    st.caption(plain(" ".join([note, t("nama.dibiarkan", lang, n=left) if left else ""])))
    if not press:
        return
    try:
        n = confirm(actor, found, chosen, reading.store(), source, every_source=everywhere)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    st.session_state["pesan_data"] = t("nama.tersimpan", lang, n=n)
    st.rerun()


def _key(question: Question, file_id: str) -> str:
    """A widget's key without the name in it: keys become class names of the document."""
    told = f"{file_id}\x1f{question.scope}\x1f{question.key}"
    return "nama_" + hashlib.sha256(told.encode()).hexdigest()[:12]
