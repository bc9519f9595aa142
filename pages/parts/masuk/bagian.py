"""Which sheet of a workbook or layer of a boundary file is meant, on the page of data in."""

from __future__ import annotations

import streamlit as st

from data.intake.examined import Examined
from words import t

PARTS = {"SHEET_CHOICE", "LAYER_CHOICE"}
KEPT = "bagian_berkas"


def chosen_part(file_id: str, lang: str) -> dict[str, str]:
    """A select with the parts of this upload once they are known; what was chosen as an option of the import."""
    known = st.session_state.get(KEPT)
    if not known or known["berkas"] != file_id:
        return {}
    what = known["apa"]
    part = st.selectbox(
        t(f"bagian.{what}", lang),
        known["nama"],
        index=None,
        key=f"bagian_{file_id}",
        placeholder=t("bagian.pilih", lang),
        help=t("bagian.arti", lang),
    )
    return {what: part} if part else {}


def note_parts(found: Examined, file_id: str, doubtful: bool) -> bool:
    """Keeps the names of the parts of an examined file that has several; whether they were news.

    Of a workbook that itself says which sheet is meant nothing is asked, unless the person finds it ``doubtful``.
    """
    what, names = "sheet", []
    levels = [one.params for one in found.report.warnings if one.reason == "OTHER_LEVELS"]
    if found.report.reason == "LAYER_CHOICE" or levels:
        what, names = "layer", (levels[0] if levels else found.report.params).get("names", [])
    elif found.report.reason == "SHEET_CHOICE" or doubtful:
        names = found.sheets
    if len(names) < 2:
        return False
    known = {"berkas": file_id, "apa": what, "nama": list(names)}
    news = st.session_state.get(KEPT) != known
    st.session_state[KEPT] = known
    return news
