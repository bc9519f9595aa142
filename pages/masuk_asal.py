"""Where stored data came from: the batches on the page of data in, and the way to take one back."""

from __future__ import annotations

import getpass

import pandas as pd
import streamlit as st

from campaign.importing import undo
from campaign.snapshot import Snapshot
from data.workspace import Workspace
from pages import gate, reading
from words import t


def batches(snapshot: Snapshot) -> None:
    """The stored batches, the newest first, and the way to take one back."""
    visit = gate.require()
    lang, table = visit.lang, snapshot.batches
    if table.empty:
        st.write(t("data.tanpa_batch", lang))
        return
    shown = pd.DataFrame(
        {
            t("data.kolom.batch", lang): table["batch"],
            t("data.kolom.jenis", lang): [t(f"data.jenis.{jenis}", lang) for jenis in table["jenis"]],
            t("data.kolom.status", lang): [t(f"data.status.{status}", lang) for status in table["status"]],
            t("data.kolom.contoh", lang): table["data_contoh"].astype(bool),
            t("data.kolom.berkas", lang): table["file_name"],
            t("data.kolom.sumber", lang): table["source"],
            t("data.kolom.baris", lang): table["rows_ok"],
            t("data.kolom.oleh", lang): table["user"],
            t("data.kolom.saat", lang): pd.to_datetime(table["created_at"]),
        }
    )
    st.dataframe(shown, key="daftar_batch", hide_index=True, height=320, alt=t("data.tersimpan", lang))
    live = list(table.loc[table["status"] == "aktif", "batch"])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = dict(zip(table["batch"], table["file_name"], strict=True))
        batch = st.selectbox(t("data.batalkan_mana", lang), live, index=None, key="batal_mana", width=420,
                             placeholder=t("data.pilih_batch", lang),
                             format_func=lambda name: f"{name} · {names[name]}")  # fmt: skip
        sure = st.checkbox(t("data.yakin", lang), key="batal_yakin", disabled=batch is None)
        if st.button(t("data.batalkan", lang), key="batalkan", disabled=not (batch and sure),
                     icon=":material/undo:"):  # fmt: skip
            undo(batch, reading.store(), Workspace.locate(), visit.user or getpass.getuser())
            st.session_state["pesan_data"] = t("data.dibatalkan", lang, batch=batch)
            st.rerun()
    st.caption(t("data.batal_arti", lang))
