"""Part of the plan page: the plan as a list to take along, to freeze, to check and to approve."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from campaign.handover.list_table import list_table
from campaign.handover.lists import TargetList, approve_list, chain, check_list, freeze, listed
from campaign.handover.log import hand_over, handed_over, in_words
from campaign.planning.plan_types import Plan
from data.errors import PetaAmanError
from data.workspace import Workspace
from pages import reading
from pages.gate import Visit
from pages.parts.common import plain
from pages.parts.purpose import ask_purpose
from words import date_text, reason_text, t

_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "daftar.xlsx": _OFFICE + "spreadsheetml.sheet",
    "daftar.csv": "text/csv",
    "daftar.docx": _OFFICE + "wordprocessingml.document",
    "daftar.pdf": "application/pdf",
    "daftar.gpkg": "application/geopackage+sqlite3",
    "daftar.geojson": "application/geo+json",
    "daftar.kml": "application/vnd.google-earth.kml+xml",
    "nota.pdf": "application/pdf",
    "nota.docx": _OFFICE + "wordprocessingml.document",
    "nota.pptx": _OFFICE + "presentationml.presentation",
    "klarifikasi.pdf": "application/pdf",
    "rad.xlsx": _OFFICE + "spreadsheetml.sheet",
    "rad.docx": _OFFICE + "wordprocessingml.document",
}
# what can be taken along, with the type of each file
SHOWN = 30


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
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = st.selectbox(
            t("dokumen.layar.apa", lang),
            list(KINDS),
            key="dokumen_apa",
            width=330,
            format_func=lambda one: t(f"dokumen.layar.{one}", lang),
        )
        purpose = ask_purpose("dokumen_tujuan", lang)
        st.download_button(
            t("dokumen.layar.unduh", lang),
            data=lambda: made(target_list, kind, str(purpose), visit),
            key="unduh_dokumen",
            file_name=name_of(target_list, kind),
            mime=KINDS[kind],
            on_click="ignore",
            type="primary",
            icon=":material/download:",
            disabled=purpose is None,
        )
    st.caption(t("dokumen.layar.catatan", lang))
    with st.expander(t("dokumen.layar.tanda", lang), icon=":material/approval:"):
        signatures(target_list, visit)
    trail(target_list, lang)
    frozen(lang)


def name_of(target_list: TargetList, kind: str) -> str:
    """The name of a file: what it is, its version and day, and DATA-CONTOH when it must."""
    from campaign.documents.listing.files import list_file_name

    what, _, suffix = kind.partition(".")
    return list_file_name(target_list, f".{suffix}", "" if what == "daftar" else t(f"dokumen.berkas.{what}"))


def made(target_list: TargetList, kind: str, purpose: str, visit: Visit) -> bytes:
    """The bytes of one document, through the same door as the command line; the act is written to the audit."""
    from campaign.documents.action_row import write_action_row
    from campaign.documents.briefing.note import write_briefing
    from campaign.documents.clarification import clarification_sheets
    from campaign.documents.listing.files import export_list

    store, workspace, user = reading.store(), Workspace.locate(), visit.account
    what, lang = kind.partition(".")[0], visit.lang
    note = {"what": what, "versi": target_list.name, "rows": len(target_list.plan["villages"]), "purpose": purpose}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name_of(target_list, kind)
        if what == "daftar":
            export_list(target_list, path, store, workspace, lang=lang, user=user, purpose=purpose)
        elif what == "nota":
            snapshot = reading.snapshot()
            hand_over(
                lambda place: write_briefing(place, snapshot, store, workspace, target_list, lang),
                path,
                store,
                workspace,
                user=user,
                what=note,
            )
        elif what == "rad":
            hand_over(
                lambda place: write_action_row(target_list, store, place, lang, purpose),
                path,
                store,
                workspace,
                user=user,
                what=note,
            )
        else:
            codes = [row["kode"] for row in target_list.plan["villages"]]
            sheets = clarification_sheets(reading.snapshot(), codes, lang, versi=target_list.name)
            hand_over(lambda place: place.write_bytes(sheets), path, store, workspace, user=user, what=note)
        return path.read_bytes()


def signatures(target_list: TargetList, visit: Visit) -> None:
    """Who made, checked and approved the list; the next step for whoever signs with an office's name."""
    lang = visit.lang
    done = {step for step, _, day in target_list.signed if day}
    for step, who, day in target_list.signed:
        if day:
            said = t("dokumen.meta.oleh", lang, oleh=who, saat=day)
            st.markdown(f"- {t(f'dokumen.meta.{step}', lang)}: {plain(said)}")
    if target_list.menggantikan:
        before = " ← ".join(chain(reading.store(), target_list.versi))
        st.markdown(f"- {t('dokumen.meta.menggantikan', lang)}: {plain(before)}")
    following = next((one for one in ("dibuat", "diperiksa", "disetujui") if one not in done), None)
    if following is None:
        return
    with st.form("tanda_tangan_daftar", border=False):
        who = st.text_input(
            t("dokumen.layar.jabatan", lang),
            key="jabatan_penanda",
            max_chars=80,
            placeholder=t("dokumen.layar.jabatan_contoh", lang),
        )
        pressed = st.form_submit_button(t(f"dokumen.layar.tombol.{following}", lang), key="tanda_tangani")
    st.caption(t("dokumen.layar.tanda_arti", lang))
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


def trail(target_list: TargetList, lang: str) -> None:
    """Which files of this list left: who took them, when, for what."""
    # What left while the list was still a plan belongs to it too.
    found = handed_over(reading.store(), target_list.name, str(target_list.plan["version"]))
    with st.expander(t("serah.judul", lang, n=len(found)), icon=":material/receipt_long:"):
        st.caption(t("serah.arti", lang))
        if found.empty:
            st.write(t("serah.belum", lang))
        else:
            st.table(in_words(found.head(SHOWN), lang).map(plain), hide_index=True, border="horizontal")


def frozen(lang: str) -> None:
    """Every list that was ever frozen, with its signatures and what it takes the place of; nothing before the first."""
    lists = list_table(reading.store(), lang)
    if len(lists):
        with st.expander(t("serah.daftar", lang, n=len(lists)), icon=":material/inventory_2:"):
            st.table(lists.map(plain), hide_index=True, border="horizontal")
