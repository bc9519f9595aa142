"""Exact figures of the own area, on the page of data in: shown when asked for, each time written to the audit."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from campaign.intake.preview_text import measure_name, period_text
from campaign.reading.exact import exact_figures
from campaign.reading.snapshot import Snapshot
from data.domain.actor import Actor
from data.errors import PetaAmanError
from pages import reading
from pages.parts.common import plain
from words import reason_text, t


def exact_view(snapshot: Snapshot, actor: Actor, lang: str) -> None:
    """A choice among the actor's kabupaten; nothing is read before the button is pressed, and nothing is kept."""
    st.caption(t("persis.arti", lang))
    areas = [kode for kode in snapshot.kabupaten() if actor.covers(kode)]
    with st.form("persis", border=False, enter_to_submit=False):
        area = st.selectbox(
            t("persis.wilayah", lang), areas, key="persis_wilayah", format_func=snapshot.name, width=420
        )
        pressed = st.form_submit_button(
            t("persis.tampilkan", lang), key="persis_tampilkan", icon=":material/lock_open:"
        )
    if not pressed or area is None:
        return
    try:
        found = exact_figures(actor, reading.store(), area)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    if found.empty:
        st.write(t("persis.kosong", lang))
        return
    told = {
        "indikator": [measure_name(str(one), lang) for one in found["indikator"]],
        "level": [t(f"tingkat.{one}", lang) for one in found["level"]],
        "kode": list(found["kode"]),
        "nama": list(found["nama"]),
        "masa": [
            period_text(start, end, lang) for start, end in zip(found["period_start"], found["period_end"], strict=True)
        ],
        "value": list(found["value"]),
        "source": list(found["source"]),
    }
    shown = pd.DataFrame({t(f"persis.kolom.{name}", lang): cells for name, cells in told.items()})
    st.dataframe(shown, hide_index=True, key="tabel_persis", height=360, alt=t("persis.judul", lang))
