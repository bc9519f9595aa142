"""Part of the plan page: the plan as a list to take along, to freeze, to check and to approve."""

from __future__ import annotations

import streamlit as st

from campaign.documents.registry import offered_on
from campaign.handover.document import MIME, DocumentRequest, Need, Screen
from campaign.handover.list_table import list_table
from campaign.handover.lists import TargetList, approve_list, chain, check_list, freeze, listed
from campaign.handover.log import in_words
from campaign.office.desk import lists_of, log_of
from campaign.planning.plan_types import Plan
from data.domain.roles import Act
from data.errors import PetaAmanError
from pages import gate, reading
from pages.gate import Visit
from pages.parts.common import plain
from pages.parts.purpose import ask_purpose
from pages.parts.unduh import handed_out
from words import date_text, reason_text, t

SHOWN = 30
SIGNS = {"dibuat": Act.FREEZE_LIST, "diperiksa": Act.CHECK_LIST, "disetujui": Act.APPROVE_LIST}


def documents(plan: Plan, visit: Visit) -> None:
    """Draws the downloads and the signatures of ``plan``; a file is made when its button is pressed, not before."""
    lang = visit.lang
    try:
        target_list = listed(reading.store(), plan)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    state = t(
        "dokumen.layar.keadaan",
        lang,
        versi=target_list.name,
        status=t(f"dokumen.status.{target_list.status}", lang),
        berlaku=date_text(target_list.until, lang),
        hash=target_list.sidik[:16],
    )
    st.caption(plain(state))
    choices = offered_on(Screen.DOCUMENTS)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = st.selectbox(
            t("dokumen.layar.apa", lang),
            list(choices),
            key="dokumen_apa",
            width=330,
            format_func=lambda one: t(choices[one][0].label(choices[one][1]), lang),
        )
        purpose = ask_purpose("dokumen_tujuan", lang)
        st.download_button(
            t("dokumen.layar.unduh", lang),
            data=lambda: made(target_list, kind, str(purpose), visit),
            key="unduh_dokumen",
            file_name=name_of(target_list, kind),
            mime=MIME[choices[kind][1]],
            on_click="ignore",
            type="primary",
            icon=":material/download:",
            disabled=purpose is None,
        )
    st.caption(t("dokumen.layar.catatan", lang))
    with st.expander(t("dokumen.layar.tanda", lang), icon=":material/approval:"):
        signatures(target_list, visit)
    trail(target_list, visit)
    frozen(visit)


def name_of(target_list: TargetList, kind: str) -> str:
    """The name of a file: what it is, its version and day, and DATA-CONTOH when it must."""
    document, suffix = offered_on(Screen.DOCUMENTS)[kind]
    return document.list_file_name(target_list, suffix)


def made(target_list: TargetList, kind: str, purpose: str, visit: Visit) -> bytes:
    """The bytes of one document."""
    document, _ = offered_on(Screen.DOCUMENTS)[kind]
    snapshot = reading.snapshot() if Need.MODEL in document.needs else None
    request = DocumentRequest(
        lang=visit.lang, purpose=purpose, target_list=target_list, role=visit.role, snapshot=snapshot
    )
    return handed_out(document, request, name_of(target_list, kind), visit)


def signatures(target_list: TargetList, visit: Visit) -> None:
    """Who made, checked and approved the list; the next step for whoever signs with an office's name."""
    lang = visit.lang
    done = {step for step, _, day in target_list.signed if day}
    for step, who, day in target_list.signed:
        if day:
            said = t("dokumen.meta.oleh", lang, oleh=who, saat=day)
            st.markdown(f"- {t(f'dokumen.meta.{step}', lang)}: {plain(said)}")
    if target_list.unproved:
        st.caption(t("dokumen.meta.tanpa_akun_arti", lang))
    if target_list.menggantikan:
        before = " ← ".join(chain(reading.store(), target_list.versi))
        st.markdown(f"- {t('dokumen.meta.menggantikan', lang)}: {plain(before)}")
    following = next((one for one in ("dibuat", "diperiksa", "disetujui") if one not in done), None)
    if following is None:
        return
    if not gate.offered(SIGNS[following], visit.actor, lang):
        return
    with st.form("tanda_tangan_daftar", border=False):
        if visit.user:
            who = visit.user
            st.caption(plain(t("dokumen.layar.sebagai", lang, nama=who)))
        else:
            who = st.text_input(
                t("dokumen.layar.jabatan", lang),
                key="jabatan_penanda",
                max_chars=80,
                placeholder=t("dokumen.layar.jabatan_contoh", lang),
            )
        pressed = st.form_submit_button(t(f"dokumen.layar.tombol.{following}", lang), key="tanda_tangani")
    st.caption(t("dokumen.layar.tanda_arti", lang))
    if not visit.user:
        st.caption(t("dokumen.layar.tanpa_akun", lang))
    if not pressed:
        return
    try:
        if following == "dibuat":
            freeze(visit.called(who), reading.store(), target_list.plan)
        else:
            sign = check_list if following == "diperiksa" else approve_list
            sign(visit.called(who), reading.store(), target_list.versi)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    st.rerun()


def trail(target_list: TargetList, visit: Visit) -> None:
    """Which files of this list left: who took them, when, for what."""
    lang = visit.lang
    # What left while the list was still a plan belongs to it too.
    found = log_of(visit.actor, reading.store(), target_list.name, str(target_list.plan["version"]))
    with st.expander(t("serah.judul", lang, n=len(found)), icon=":material/receipt_long:"):
        st.caption(t("serah.arti", lang))
        if found.empty:
            st.write(t("serah.belum", lang))
        else:
            st.table(in_words(found.head(SHOWN), lang).map(plain), hide_index=True, border="horizontal")


def frozen(visit: Visit) -> None:
    """Every list that was ever frozen, with its signatures and what it takes the place of; nothing before the first."""
    lang = visit.lang
    lists = list_table(lists_of(visit.actor, reading.store()), reading.store(), lang)
    if len(lists):
        with st.expander(t("serah.daftar", lang, n=len(lists)), icon=":material/inventory_2:"):
            st.table(lists.map(plain), hide_index=True, border="horizontal")
