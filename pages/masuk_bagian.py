"""Which sheet of a workbook or layer of a boundary file is meant, on the page of data in."""

from __future__ import annotations

from typing import Any

import streamlit as st

from words import t

PARTS = {"SHEET_CHOICE": "sheet", "LAYER_CHOICE": "layer"}
KEPT = "bagian_berkas"


def chosen_part(file_id: str, lang: str) -> dict[str, str]:
    """A select with the parts of this upload once they are known; what was chosen as an option of the import."""
    known = st.session_state.get(KEPT)
    if not known or known["berkas"] != file_id:
        return {}
    what = known["apa"]
    part = st.selectbox(t(f"bagian.{what}", lang), known["nama"], index=None, key=f"bagian_{file_id}",
                        placeholder=t("bagian.pilih", lang), help=t("bagian.arti", lang))  # fmt: skip
    return {what: part} if part else {}


def note_parts(found: Any, file_id: str) -> bool:
    """Keeps the names of the parts of an examined file that has several; whether they were news."""
    what = PARTS.get(found.report.reason or "", "sheet")
    names = found.report.params.get("names") if what == "layer" else getattr(found, "sheets", [])
    if not names or len(names) < 2:
        return False
    known = {"berkas": file_id, "apa": what, "nama": list(names)}
    news = st.session_state.get(KEPT) != known
    st.session_state[KEPT] = known
    return news
