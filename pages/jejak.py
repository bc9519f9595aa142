"""The audit, for the admin: filter, search, and whether the chain is whole."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from campaign.evidence.trail import Group, TrailQuery, read_audit
from data.domain.roles import Act
from data.errors import Refused
from pages import gate, reading
from words import number, reason_text, t

visit = gate.require()
lang = visit.lang
MOST = 500
SHOWN = ("nomor", "saat", "nama", "akun", "kelompok", "tindakan", "rincian")


def page() -> None:
    if not visit.actor.may(Act.READ_AUDIT):
        st.info(t("jejak.bukan_hak", lang), icon=":material/lock:")
        return
    state()
    rows = read_audit(visit.actor, reading.store(), asked(), lang=lang, most=MOST + 1)
    if rows.empty:
        st.write(t("jejak.kosong", lang))
        return
    st.caption(t("jejak.lebih" if len(rows) > MOST else "jejak.banyak", lang, n=number(min(len(rows), MOST), lang)))
    shown = rows.head(MOST)[list(SHOWN)]
    shown["kelompok"] = [t(f"jejak.kelompok.{group}", lang) for group in shown["kelompok"]]
    shown.columns = [t(f"jejak.kolom.{name}", lang) for name in SHOWN]
    st.dataframe(shown, hide_index=True, key="tabel_jejak", height=560)


def state() -> None:
    """Whether the chain is whole, and where it ends: to be compared with what signed lists bear."""
    try:
        verdict, key = reading.chain_verdict(), reading.store().audit.key()
    except Refused as fault:  # the key is lost or damaged
        st.error(reason_text(fault.reason, fault.params, lang), icon=":material/link_off:")
        return
    if verdict.broken is None:
        told = {"n": number(verdict.rows, lang), "kepala": verdict.head.short, "kunci": key}
        st.success(t("jejak.utuh", lang, **told), icon=":material/link:")
    else:
        why = {"row": verdict.broken, "why": verdict.why}
        st.error(reason_text("AUDIT_BROKEN", why, lang), icon=":material/link_off:")


def asked() -> TrailQuery:
    """What the person looks for."""
    who, what, group, since, until = st.columns([0.22, 0.28, 0.2, 0.15, 0.15])
    user = who.text_input(t("jejak.siapa", lang), key="jejak_siapa", max_chars=80)
    words = what.text_input(t("jejak.cari", lang), key="jejak_cari", max_chars=80)
    chosen = group.selectbox(
        t("jejak.kolom.kelompok", lang),
        ["", *Group],
        key="jejak_kelompok",
        format_func=lambda one: t(f"jejak.kelompok.{one}" if one else "jejak.semua_kelompok", lang),
    )
    first: dt.date | None = since.date_input(t("jejak.dari", lang), value=None, key="jejak_dari", format="DD/MM/YYYY")
    last: dt.date | None = until.date_input(
        t("jejak.sampai", lang), value=None, key="jejak_sampai", format="DD/MM/YYYY"
    )
    return TrailQuery(user=user.strip(), since=first, until=last, group=str(chosen), text=words)


page()
