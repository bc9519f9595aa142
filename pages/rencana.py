"""The plan: budget and rules in, villages out, with what each rule costs and a draw where nobody can tell."""

from __future__ import annotations

import datetime as dt
import getpass
from dataclasses import asdict
from typing import Any

import streamlit as st

from campaign.effort import Effort, changed
from campaign.plan_tables import baselines, compared, figures, plan_table, sentence, tie_table, ways_in
from campaign.snapshot import Snapshot
from campaign.wishes import REASONS, Wishes
from data.errors import PetaAmanError
from data.workspace import Workspace
from pages import gate, reading
from pages.parts import plain
from pages.rencana_dokumen import documents
from words import date_text, reason_text, t

visit = gate.require()
lang = visit.lang
KIND = "rencana"
OUT = "rencana_keluar"  # areas left out of the plan being made, with their reasons


def page() -> None:
    snapshot = reading.snapshot()
    if snapshot.version is None:
        st.info(t("ringkasan.tanpa_skor", lang))
        return
    plans = dict(reading.store().results(KIND))
    left, right = st.columns([0.33, 0.67], gap="medium")
    with left:
        wanted = wishes(snapshot)
    with right:
        made(snapshot, plans, wanted)


def wishes(snapshot: Snapshot) -> Wishes | None:
    """The form; the wishes when its button was pressed."""
    labels = snapshot.labels
    with st.form("isian_rencana", border=True):
        name = st.text_input(t("rencana.nama", lang), key="rencana_nama", max_chars=60)
        budget, amount = st.columns([0.5, 0.5])
        kind = budget.selectbox(t("rencana.anggaran", lang), ("hari", "desa", "rupiah"), key="rencana_anggaran",
                                format_func=lambda one: t(f"rencana.anggaran.{one}", lang))  # fmt: skip
        n = amount.number_input(t("rencana.banyaknya", lang), min_value=1, value=120, step=10, key="rencana_banyak")
        floor = st.number_input(t("rencana.lantai", lang), min_value=0, max_value=50, value=1, key="rencana_lantai")
        months = st.multiselect(t("rencana.bulan", lang), range(1, 13), key="rencana_bulan",
                                format_func=lambda month: t(f"bulan.{month}", lang),
                                placeholder=t("rencana.bulan_semua", lang))  # fmt: skip
        basket = [kode for kode in st.session_state.pop("keranjang", []) if kode in snapshot.places["desa"].index]
        if basket:
            st.session_state["rencana_wajib"] = sorted({*st.session_state.get("rencana_wajib", []), *basket})
        must = st.multiselect(t("rencana.wajib", lang), snapshot.places["desa"].index, key="rencana_wajib",
                              format_func=labels.__getitem__, placeholder=t("rencana.cari_desa", lang))  # fmt: skip
        with st.expander(t("rencana.lain", lang)):
            explore = st.slider(t("rencana.jelajah", lang), 0, 50, 10, 5, format="%d%%", key="rencana_jelajah",
                                help=t("rencana.jelajah_arti", lang))  # fmt: skip
            ceiling = st.number_input(t("rencana.langit_kab", lang), min_value=1, value=None, key="rencana_langit_kab")
            island = st.number_input(t("rencana.langit_pulau", lang), min_value=1, value=None,
                                     key="rencana_langit_pulau")  # fmt: skip
            seed = st.text_input(t("rencana.benih", lang), key="rencana_benih", max_chars=80,
                                 help=t("rencana.benih_arti", lang))  # fmt: skip
            assumed = assumptions()
        go = st.form_submit_button(t("rencana.susun", lang), type="primary", icon=":material/route:", key="susun",
                                   width="stretch")  # fmt: skip
    excluded(snapshot)
    kept = st.session_state.pop("susun_lagi", ())
    if not go and not kept:
        return None
    try:
        effort = changed(Effort(), assumed)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return None
    days = float(n) / effort.rupiah_per_hari if kind == "rupiah" and effort.rupiah_per_hari else float(n)
    return Wishes(
        team_days=None if kind == "desa" else days, villages=int(n) if kind == "desa" else None,
        floor_per_kabupaten=int(floor), ceiling_per_kabupaten=ceiling, ceiling_per_island=island, must=tuple(must),
        exclude=dict(st.session_state.get(OUT, {})), explore=explore / 100, months=tuple(months),
        seed=seed.strip() or None, effort=effort, name=name.strip(), keep=() if go else tuple(kept),
    )  # fmt: skip


def assumptions() -> dict[str, str]:
    st.markdown(f"**{t('rencana.anggapan', lang)}**")
    st.caption(t("rencana.anggapan_arti", lang))
    return {
        one: str(st.number_input(t(f"rencana.anggapan.{one}", lang), min_value=0.0, value=value, key=f"anggapan_{one}",
                                 step=100_000.0 if one == "rupiah_per_hari" else 0.5))
        for one, value in asdict(Effort()).items()
    }  # fmt: skip


def excluded(snapshot: Snapshot) -> None:
    """Villages, kecamatan and kabupaten kept out, each with its reason; what is set here holds for the next plan."""
    out: dict[str, str] = st.session_state.setdefault(OUT, {})
    with st.expander(t("rencana.keluarkan", lang, n=len(out)), expanded=bool(out)):
        kode = st.selectbox(t("rencana.keluarkan_apa", lang), list(snapshot.labels), index=None, key="keluar_kode",
                            format_func=snapshot.labels.__getitem__,
                            placeholder=t("rencana.cari_area", lang))  # fmt: skip
        reason = st.selectbox(t("rencana.alasan", lang), REASONS, key="keluar_alasan",
                              format_func=lambda one: t(f"rencana.alasan.{one}", lang))  # fmt: skip
        words = st.text_area(t("rencana.uraian", lang), key="keluar_uraian", max_chars=600, height=68,
                             help=t("rencana.uraian_arti", lang))  # fmt: skip
        if st.button(t("rencana.tambah_keluar", lang), key="tambah_keluar", disabled=kode is None):
            leave_out(kode, reason, words)
        for one in list(out):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(plain(f"{snapshot.labels.get(one, one)} · {out[one][:80]}"))
                if st.button(t("rencana.kembalikan", lang), key=f"kembali_{one}", type="tertiary"):
                    del out[one]
                    st.rerun()


def leave_out(kode: str, reason: str, words: str, kept: tuple[str, ...] = ()) -> None:
    """Takes an area out of the next plan when the reason holds; with ``kept`` that plan is made at once, near those."""
    text = f"{reason}: {words.strip()}" if words.strip() else reason
    try:
        Wishes(villages=1, exclude={kode: text}).check()
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    st.session_state[OUT][kode] = text
    st.session_state["susun_lagi"] = kept
    st.rerun()


def made(snapshot: Snapshot, plans: dict[str, Any], wanted: Wishes | None) -> None:
    if wanted is not None and (fresh := computed(wanted)) is not None:
        plans = {fresh["version"]: fresh, **plans}
        st.session_state["rencana_versi"] = fresh["version"]
    if not plans:
        st.info(t("rencana.belum_ada", lang))
        return
    versi = st.selectbox(t("rencana.pilih", lang), list(plans), key="rencana_versi", label_visibility="collapsed",
                         format_func=lambda one: title(plans[one]))  # fmt: skip
    plan = plans[versi]
    if plan["score_version"] != snapshot.version["versi"]:
        st.warning(t("rencana.skor_lama", lang, lama=plan["score_version"], baru=snapshot.version["versi"]))
    if plan["solver"] == "greedy":
        st.warning(t("cli.rencana_rakus", lang))
    shown = figures(plan, snapshot, lang)
    with st.container(horizontal=True, gap="small"):
        for name in ("desa", "orang", "hari", "kabupaten"):
            st.metric(t(f"rencana.angka.{name}", lang), shown[name], border=True, width=175,
                      help=t(f"rencana.arti.{name}", lang))  # fmt: skip
    lines = [*(sentence(rule, lang) for rule in plan["rules"]), t("rencana.biaya", lang, rupiah=shown["rupiah"])]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    names = ("daftar", "dokumen", "undian", "banding", "rencana_lain")
    listed, papers, drawn, against, others = st.tabs([t(f"rencana.tab.{name}", lang) for name in names])
    with listed:
        villages(plan, snapshot)
    with papers:
        documents(plan, visit)
    with drawn:
        st.caption(t("rencana.undian_arti", lang, benih=plain(plan["seed"])))
        st.dataframe(tie_table(plan, snapshot, lang), hide_index=True, column_config=headings(), height=300,
                     key="tabel_undian", alt=t("rencana.tab.undian", lang))  # fmt: skip
    with against:
        st.caption(t("rencana.banding_arti", lang))
        st.dataframe(baselines(plan, lang), hide_index=True, column_config=headings(), key="tabel_banding",
                     alt=t("rencana.tab.banding", lang))  # fmt: skip
        st.markdown("\n".join(f"- {plain(line)}" for line in ways_in(plan, lang)))
    with others:
        side_by_side(plan, plans, snapshot)


def computed(wanted: Wishes) -> dict[str, Any] | None:
    """A new plan, stored; None when the wishes cannot be kept, and why is said."""
    from campaign.plan import make_plan

    store = reading.store()
    with st.spinner(t("rencana.menyusun", lang)):
        try:
            plan = make_plan(store, Workspace.locate(), wanted, lang=lang)
        except PetaAmanError as error:
            st.error(plain(reason_text(error.reason, error.params, lang)))
            return None
    store.save_result(KIND, plan["version"], plan, visit.user or getpass.getuser())
    return plan


def title(plan: dict[str, Any]) -> str:
    day = date_text(dt.date.fromisoformat(plan["made"]), lang)
    about = t("rencana.judul", lang, n=len(plan["villages"]), versi=plan["version"], tanggal=day)
    return f"{plan['name']} · {about}" if plan["name"] else about


def villages(plan: dict[str, Any], snapshot: Snapshot) -> None:
    table = plan_table(plan, snapshot, lang)
    st.session_state["rencana_baris"] = list(table["kode"])
    with st.container(key="tabel_desa"):  # a key of its own for each plan, so that no row stays chosen
        picked = st.dataframe(
            table, hide_index=True, column_config=headings(), height=360, key=f"desa_{plan['version']}",
            on_select="rerun", selection_mode="single-row", alt=t("rencana.tab.daftar", lang),
        )  # fmt: skip
    rows = picked["selection"]["rows"]
    if not rows or rows[0] >= len(table):
        st.caption(t("rencana.ganti_arti", lang))
        return
    row = table.iloc[rows[0]]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.selectbox(t("rencana.keluarkan_ini", lang, nama=row["nama"]), REASONS, key="ganti_alasan",
                              width=330, format_func=lambda one: t(f"rencana.alasan.{one}", lang))  # fmt: skip
        words = st.text_input(t("rencana.uraian", lang), key="ganti_uraian", max_chars=600)
        if st.button(t("rencana.ganti", lang), key="ganti", icon=":material/swap_horiz:"):
            leave_out(str(row["kode"]), reason, words, tuple(table["kode"]))


def side_by_side(plan: dict[str, Any], plans: dict[str, Any], snapshot: Snapshot) -> None:
    rest = [one for one in plans if one != plan["version"]]
    if not rest:
        st.caption(t("rencana.hanya_satu", lang))
        return
    other = plans[st.selectbox(t("rencana.banding_dengan", lang), rest, key="rencana_banding",
                               format_func=lambda one: title(plans[one]))]  # fmt: skip
    for column, one in zip(st.columns(2), (plan, other), strict=True):
        shown = figures(one, snapshot, lang)
        names = ("desa", "orang", "hari", "kabupaten")
        lines = [f"{t(f'rencana.angka.{name}', lang)}: {shown[name]}" for name in names]
        column.markdown(f"**{plain(title(one))}**\n" + "\n".join(f"- {plain(line)}" for line in lines))
    found = compared(plan, other, snapshot, lang)
    st.write(t("rencana.sama", lang, n=found["sama"]))
    for name in ("baru", "hilang"):
        with st.expander(t(f"rencana.{name}", lang, n=len(found[name]))):
            st.markdown("\n".join(f"- {plain(one)}" for one in found[name]) or "–")


def headings() -> dict[str, Any]:
    column = st.column_config
    wide = {"nama": 130, "kecamatan": 120, "kabupaten": 140, "cara": 110, "peluang": 130, "hasil": 110, "karcis": 110}
    texts = {
        name: column.TextColumn(t(f"rencana.kolom.{name}", lang), width=wide.get(name))
        for name in ("kode", "nama", "kecamatan", "kabupaten", "prioritas", "cara", "peluang", "pulau", "hindari",
                     "undian", "hasil", "karcis", "orang", "banding")
    }  # fmt: skip
    days = {name: column.NumberColumn(t(f"rencana.kolom.{name}", lang), format="%.2f", width=80)
            for name in ("hari", "trip_hari")}  # fmt: skip
    return {**texts, **days}


page()
