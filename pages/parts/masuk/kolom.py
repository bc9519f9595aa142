"""Saying by hand what the columns of a file hold, on the page of data in."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from campaign.intake.confirming import file_columns, remember_columns
from campaign.intake.importing import Upload
from data.domain.actor import Actor
from data.domain.kinds import KINDS, Holds
from data.errors import PetaAmanError
from data.intake.examined import Examined, ImportOptions
from data.intake.header.columns import FileColumn
from data.workspace import Workspace
from pages import reading
from pages.parts.common import plain
from words import has, reason_text, t

UNCLEAR = {"HEADER_UNCLEAR", "MISSING_COLUMN", "AMBIGUOUS_COLUMN", "COLUMN_MAPPING", "PERIOD"}
KEPT = "kolom_batas"


def doubtful(found: Examined, file_id: str) -> bool:
    """Whether an examined file was not understood, by us or as the person meant it."""
    return found.report.outcome == "refused" or bool(st.session_state.get(f"kolom_keliru_{file_id}"))


def offer_columns(found: Examined, kind: str, file: Any, options: ImportOptions, actor: Actor, lang: str) -> None:
    """The panel at once when the columns are unclear; on demand when the file was read."""
    unclear = found.report.outcome == "refused"
    if unclear and found.report.reason not in UNCLEAR:
        return
    if KINDS[kind].holds is Holds.BOUNDARIES:
        if unclear and found.report.params.get("names"):
            _of_boundaries(found.report.params["names"], file.file_id, lang)
        return
    if not unclear and not st.toggle(t("kolom_berkas.keliru", lang), key=f"kolom_keliru_{file.file_id}"):
        return
    columns = _columns(kind, file.file_id, options, reading.store().state_key(), file)
    if columns:
        _of_table(columns, kind, file, options, actor, lang, unclear)


def boundary_columns(file_id: str) -> dict[str, str]:
    """The columns chosen for an upload of boundaries (field → header)."""
    kept = st.session_state.get(KEPT)
    return dict(kept["kolom"]) if kept and kept["berkas"] == file_id else {}


@st.cache_resource(scope="session", max_entries=1, ttl=1800, show_spinner=False)
def _columns(kind: str, file_id: str, options: ImportOptions, state: str, _file: Any) -> list[FileColumn]:
    upload = Upload(_file.name, bytes(_file.getbuffer()))
    return file_columns(kind, upload, reading.store(), options)


def _of_table(
    columns: list[FileColumn], kind: str, file: Any, options: ImportOptions, actor: Actor, lang: str, unclear: bool
) -> None:
    with st.container(border=True, key="cocokkan_kolom"):
        st.subheader(t("kolom_berkas.judul", lang), anchor=False)
        st.write(t("kolom_berkas.arti", lang))
        _samples(columns, lang)
        free = [one.name for one in columns if not one.personal]
        read_as = {one.field: one.name for one in columns if one.field}
        with st.form("kolom", border=False):
            chosen: dict[str, str] = {}
            fields = KINDS[kind].named_fields
            for start in range(0, len(fields), 4):
                for place, name in zip(st.columns(4), fields[start : start + 4], strict=False):
                    now = read_as.get(name)
                    # What was recognised can be moved to another column, not left open: it would be recognised again.
                    header = place.selectbox(
                        _field(name, lang),
                        free,
                        index=free.index(now) if now in free else None,
                        key=f"kolom_{kind}_{name}_{file.file_id}",
                        placeholder=t("kolom_berkas.tidak_ada", lang),
                    )
                    if header:
                        chosen[name] = header
            source = options.source
            st.caption(
                plain(
                    t("kolom_berkas.satu_sumber", lang, sumber=source)
                    if source
                    else t("kolom_berkas.tanpa_sumber", lang)
                )
            )
            pressed = st.form_submit_button(
                t("kolom_berkas.pakai", lang),
                key="pakai_kolom",
                type="primary" if unclear else "secondary",
                icon=":material/view_column:",
            )
        if not pressed or not chosen:
            return
        try:
            upload = Upload(file.name, bytes(file.getbuffer()))
            remember_columns(actor, kind, upload, chosen, reading.store(), Workspace.locate(), options)
        except PetaAmanError as error:
            st.error(plain(reason_text(error.reason, error.params, lang)))
            return
        st.session_state["pesan_data"] = t("kolom_berkas.tersimpan", lang, n=len(chosen))
        st.rerun()


def _samples(columns: list[FileColumn], lang: str) -> None:
    """The first rows as a small table; closed columns are named, with nothing of what they hold."""
    closed = [one for one in columns if one.personal]
    shown = [one for one in columns if not one.personal]
    height = max((len(one.samples) for one in shown), default=0)
    table = {one.name: [*one.samples, *[""] * (height - len(one.samples))] for one in shown}
    st.dataframe(pd.DataFrame(table), hide_index=True, key="contoh_kolom", alt=t("kolom_berkas.contoh", lang))
    note = t("kolom_berkas.disembunyikan", lang)
    if closed:
        named = ", ".join(one.name or "…" for one in closed)
        note += " " + t("kolom_berkas.tertutup", lang, kolom=named)
    st.caption(plain(note))


def _of_boundaries(names: list[str], file_id: str, lang: str) -> None:
    with st.form("kolom", border=True):
        st.subheader(t("kolom_berkas.judul", lang), anchor=False)
        st.write(t("kolom_berkas.arti_batas", lang))
        left, right = st.columns(2)
        code = left.selectbox(
            _field("kode", lang),
            names,
            index=None,
            key=f"kolom_batas_kode_{file_id}",
            placeholder=t("kolom_berkas.tidak_ada", lang),
        )
        name = right.selectbox(
            _field("nama", lang),
            names,
            index=None,
            key=f"kolom_batas_nama_{file_id}",
            placeholder=t("kolom_berkas.tidak_ada", lang),
        )
        if (
            st.form_submit_button(
                t("kolom_berkas.pakai", lang), key="pakai_kolom", type="primary", icon=":material/view_column:"
            )
            and code
        ):
            st.session_state[KEPT] = {"berkas": file_id, "kolom": {"kode": code, **({"nama": name} if name else {})}}
            st.rerun()


def _field(name: str, lang: str) -> str:
    return t(f"bidang.{name}", lang) if has(f"bidang.{name}") else name
