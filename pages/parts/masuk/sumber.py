"""Sources that differ, on the page of data in: who says what, which one is used, and an officer's preference."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from campaign.intake.preview_text import measure_name, short_source
from campaign.intake.provenance_text import conflict_lines, conflict_title
from campaign.intake.sources import Conflict, conflicts, forget_preference, prefer
from data.domain.actor import Actor, Scope
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.remarks import LONGEST, SHORTEST
from data.store.store import Store
from pages import gate, reading
from pages.parts.common import plain
from words import reason_text, t


def sources(actor: Actor, lang: str) -> None:
    """The figures several sources give, one expander each, and the preferences in force."""
    store = reading.store()
    found = _conflicts(store.state_key(), actor.exact, store)
    st.subheader(t("sumber.judul", lang, n=len(found)), anchor=False)
    st.caption(t("sumber.arti", lang))
    if not found:
        st.write(t("sumber.tidak_ada", lang))
    for number, one in enumerate(found):
        with st.expander(plain(conflict_title(one, lang))):
            _conflict(one, f"{one.indikator}_{one.level}_{number}", actor, lang)
    _preferences(store, actor, lang)
    gate.offered(Act.PREFER_SOURCE, actor, lang)


def _conflict(one: Conflict, key: str, actor: Actor, lang: str) -> None:
    st.write(plain(" ".join(conflict_lines(one, lang))))
    says = one.says
    table = {
        "sumber": [say.source for say in says],
        "wilayah": [say.areas for say in says],
        "dipakai": [say.used for say in says],
        "alasan": [t(f"pilih.{say.reason}", lang) for say in says],
    }
    shown = pd.DataFrame({t(f"sumber.kolom.{name}", lang): cells for name, cells in table.items()})
    narrow = st.column_config.TextColumn(width=170)  # so that the numbers are seen on a telephone
    st.dataframe(
        shown,
        hide_index=True,
        key=f"sumber_{key}",
        alt=conflict_title(one, lang),
        column_config={t("sumber.kolom.sumber", lang): narrow},
    )
    if not actor.may(Act.PREFER_SOURCE):
        return
    with st.form(f"utamakan_{key}", border=False, enter_to_submit=False):
        source = st.selectbox(
            t("sumber.utamakan", lang),
            [say.source for say in says],
            index=None,
            key=f"pilih_sumber_{key}",
            placeholder=t("sumber.pilih", lang),
            format_func=short_source,
        )
        reason = st.text_input(t("sumber.alasan", lang, n=SHORTEST), key=f"alasan_sumber_{key}", max_chars=LONGEST)
        pressed = st.form_submit_button(t("sumber.simpan", lang), key=f"simpan_sumber_{key}")
    if not pressed:
        return
    if source is None:
        st.error(t("sumber.pilih", lang))
        return
    try:
        prefer(actor, reading.store(), one.indikator, one.level, source, reason, jenis=one.jenis)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    st.session_state["pesan_data"] = t(
        "sumber.tersimpan",
        lang,
        sumber=plain(short_source(source)),
        nama=measure_name(one.indikator, lang),
        tingkat=t(f"tingkat.{one.level}", lang).lower(),
    )
    st.rerun()


def _preferences(store: Store, actor: Actor, lang: str) -> None:
    known = store.preferences.all()
    if known.empty:
        return
    st.markdown(f"**{t('sumber.pilihan', lang, n=len(known))}**")
    for row in known.to_dict("records"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.write(
                t(
                    "sumber.pilihan_satu",
                    lang,
                    nama=plain(measure_name(row["indikator"], lang)),
                    tingkat=t(f"tingkat.{row['level']}", lang).lower(),
                    sumber=plain(short_source(row["source"])),
                    alasan=plain(row["alasan"]),
                    oleh=plain(row["user"]),
                    saat=row["created_at"],
                )
            )
            if actor.may(Act.PREFER_SOURCE) and st.button(
                t("sumber.lepas", lang), key=f"lepas_{row['id']}", icon=":material/undo:"
            ):
                forget_preference(actor, store, int(row["id"]))
                st.session_state["pesan_data"] = t("sumber.dilepas", lang)
                st.rerun()


@st.cache_resource(show_spinner=False, max_entries=4)
def _conflicts(state: str, scope: Scope, _store: Store) -> list[Conflict]:
    return conflicts(_store, scope)
