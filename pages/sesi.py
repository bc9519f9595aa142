"""Sessions held: one entered from a telephone, and what all of them cover."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from campaign.documents.registry import SESSION_FORMS
from campaign.handover.document import DocumentRequest
from campaign.handover.lists import listed
from campaign.intake.importing import Upload, commit, examine
from campaign.office.desk import plans_of
from campaign.planning.plan_types import Plan
from campaign.reading.snapshot import Snapshot
from campaign.sessions.sessions import (
    FEWEST_SESSIONS,
    Coverage,
    Session,
    coverage,
    effect_of,
    open_topics,
    session_file,
)
from campaign.sessions.topics import AUDIENCES, TOPICS
from campaign.statements.gains import gain_sentence
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.intake.examined import ImportOptions
from data.workspace import Workspace
from pages import gate, reading
from pages.parts.common import plain
from pages.parts.unduh import take_along
from words import number, percent, reason_text, t

visit = gate.require()
gate.for_office(visit)
lang = visit.lang
FOLLOWED = ("prosedural", "pmi_bermasalah")


def page() -> None:
    snapshot = reading.snapshot()
    said = st.session_state.pop("pesan_sesi", None)
    if said:
        st.success(said, icon=":material/check_circle:")
    # With a key the open tab stays open when the message above goes away.
    enter, reached = st.tabs([t("sesi.catat", lang), t("sesi.capaian", lang)], key="sesi_tab", on_change="rerun")
    with enter:
        if gate.offered(Act.IMPORT, visit.actor, lang):
            entry(snapshot)
    with reached:
        covered(snapshot)


def entry(snapshot: Snapshot) -> None:
    """One session; what is wrong with it is said in the words of an import."""
    with st.form(named("isian_sesi"), border=False, enter_to_submit=False):
        kode = st.selectbox(
            t("sesi.desa", lang),
            [kode for kode in snapshot.places["desa"].index if visit.actor.covers(kode)],
            index=None,
            key=named("sesi_desa"),
            format_func=snapshot.labels.__getitem__,
            placeholder=t("rencana.cari_desa", lang),
        )
        day = st.date_input(
            t("sesi.tanggal", lang),
            value=dt.date.today(),
            max_value=dt.date.today(),
            format="DD/MM/YYYY",
            key=named("sesi_tanggal"),
        )
        letters = st.pills(
            t("sesi.topik", lang),
            list(TOPICS),
            selection_mode="multi",
            key=named("sesi_topik"),
            format_func=lambda letter: t(f"topik.{TOPICS[letter]}", lang),
            help=t("sesi.topik_arti", lang),
        )
        audiences = st.pills(
            t("sesi.khalayak", lang),
            AUDIENCES,
            selection_mode="multi",
            key=named("sesi_khalayak"),
            format_func=lambda one: t(f"khalayak.{one}", lang),
        )
        numbers = {}
        for row in (("laki", "perempuan", "rujukan"), ("pre", "post")):
            for column, name in zip(st.columns(len(row)), row, strict=True):
                most = 100 if name in ("pre", "post") else 20_000
                numbers[name] = column.number_input(
                    t(f"sesi.{name}", lang), min_value=0, max_value=most, value=None, key=named(f"sesi_{name}")
                )
        st.caption(t("sesi.tanpa_nama", lang))
        if not st.form_submit_button(
            t("sesi.simpan", lang), type="primary", key=named("simpan_sesi"), width="stretch", icon=":material/save:"
        ):
            return
    if kode is None:
        st.error(t("sesi.pilih_desa", lang))
        return
    keep(
        Session(
            kode,
            day,
            tuple(letters),
            tuple(t(f"khalayak.{one}", "id") for one in audiences),
            numbers["laki"],
            numbers["perempuan"],
            numbers["pre"],
            numbers["post"],
            numbers["rujukan"],
        ),
        snapshot,
    )


def named(key: str) -> str:
    """The key of a widget of the form; another one after each stored session, so that the form is empty again."""
    stored = st.session_state.get("sesi_ke", 0)
    return f"{key}_{stored}" if stored else key


def keep(one: Session, snapshot: Snapshot) -> None:
    """Stores a session by the road of every import: examined, one batch, undoable."""
    store, workspace = reading.store(), Workspace.locate()
    options = ImportOptions(source=t("sesi.sumber", "id"))
    name = f"isian-sesi-{one.kode}-{one.day:%Y%m%d}.csv"
    found = examine("sesi", Upload(name, session_file(one)), store, workspace, options, visit.actor)
    report = found.report.to_json(lambda reason, params: reason_text(reason, params, lang, "sesi"))
    if report["outcome"] != "ok":
        for issue in report["errors"] or [report]:
            st.error(plain(issue["message"]))
        return
    held = store.records.read("sesi")
    if ((held["kode"] == one.kode) & (pd.to_datetime(held["tanggal"]).dt.date == one.day)).any():
        st.warning(t("sesi.sudah_ada", lang))
        return
    try:
        batch = commit(visit.actor, found, "sesi", store, workspace)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    st.session_state["pesan_sesi"] = t("sesi.tersimpan", lang, desa=plain(snapshot.name(one.kode)), batch=batch)
    st.session_state["sesi_ke"] = st.session_state.get("sesi_ke", 0) + 1
    st.rerun()


def covered(snapshot: Snapshot) -> None:
    plans = plans_of(visit.actor, reading.store())
    versi = st.selectbox(
        t("sesi.rencana", lang),
        ["", *plans],
        key="sesi_rencana",
        format_func=lambda one: t("sesi.semua", lang) if not one else title(plans[one]),
    )
    plan = plans.get(versi)
    found = coverage(reading.store(), plan, role=visit.role)
    if plan is not None and found.open_villages:
        paper(plan, found.open_villages)
    if not found.sessions:
        st.info(t("sesi.belum_ada", lang))
        return
    with st.container(horizontal=True, gap="small"):
        st.metric(t("sesi.angka.sesi", lang), number(found.sessions, lang), border=True, width=165)
        st.metric(t("sesi.angka.desa", lang), number(len(found.villages), lang), border=True, width=165)
        for name in ("men", "women", "referred"):
            st.metric(t(f"sesi.angka.{name}", lang), people(getattr(found, name)), border=True, width=165)
    if plan is not None:
        done = len(found.planned & found.villages)
        st.write(t("sesi.dari_rencana", lang, n=done, semua=len(found.planned), luar=len(found.outside)))
        with st.expander(t("sesi.terbuka", lang, n=len(found.open_villages))):
            st.markdown("\n".join(f"- {plain(snapshot.labels.get(kode, kode))}" for kode in found.open_villages) or "–")
        with st.expander(t("sesi.luar", lang, n=len(found.outside))):
            st.markdown("\n".join(f"- {plain(snapshot.labels.get(kode, kode))}" for kode in found.outside) or "–")
        rest = open_topics(reading.store(), plan)
        with st.expander(t("sesi.topik_terbuka", lang, n=len(rest))):
            st.caption(t("sesi.topik_terbuka_arti", lang))
            st.markdown(
                "\n".join(f"- {plain(snapshot.labels.get(kode, kode))}: {', '.join(letters)}" for kode, letters in rest)
                or "–"
            )
    st.markdown(f"**{t('sesi.hasil', lang)}**")
    st.write(gain(found))
    if plan is not None:
        st.write(effect(plan))
    st.markdown(f"**{t('sesi.per_topik', lang)}**")
    rows = pd.DataFrame(
        {
            t("sesi.kolom.topik", lang): [f"{letter}. {t(f'topik.{name}', lang)}" for letter, name in TOPICS.items()],
            t("sesi.kolom.desa", lang): [found.topics[letter] for letter in TOPICS],
        }
    )
    st.table(rows, hide_index=True, border="horizontal")


def paper(plan: Plan, codes: list[str]) -> None:
    """Forms to print for villages still open; what they bring home is entered here or by the template."""
    try:
        target_list = listed(reading.store(), plan)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    request = DocumentRequest(lang=lang, target_list=target_list, codes=tuple(codes))
    take_along(SESSION_FORMS, request, visit, t("sesi.formulir", lang, n=len(codes)))
    st.caption(t("sesi.formulir_arti", lang))


def title(plan: Plan) -> str:
    return f"{plan['name'] or plan['version']} · {t('sesi.n_desa', lang, n=len(plan['villages']))}"


def people(count: int | str | None) -> str:
    return "–" if count is None else count if isinstance(count, str) else number(count, lang)


def gain(found: Coverage) -> str:
    if found.gain is None:
        return t("sesi.tanpa_nilai", lang, n=found.tested, perlu=FEWEST_SESSIONS)
    return f"{gain_sentence(found.gain, found.tested, lang)} {t('sesi.arti_nilai', lang)}"


def effect(plan: Plan) -> str:
    """What came after in drawn against not drawn villages, or why nothing can be told."""
    lines = []
    for indikator in FOLLOWED:
        found = effect_of(visit.actor, reading.store(), plan, indikator)
        if found is not None:
            key = "sesi.dampak_beda" if found.chance < 0.05 else "sesi.dampak_sama"
            lines.append(
                t(
                    key,
                    lang,
                    apa=t(f"indikator.{indikator}", lang),
                    undi=number(found.drawn, lang, 2),
                    tidak=number(found.not_drawn, lang, 2),
                    peluang=percent(found.chance, lang),
                    n=found.villages,
                )
            )
    return " ".join(lines) or t("sesi.dampak_belum", lang)


page()
