"""The plan: budget and rules in, villages out, with what each rule costs and a draw where nobody can tell."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from campaign.office.desk import plans_of
from campaign.planning.kept_plans import difference, keep_plan, swapped
from campaign.planning.plan_types import Plan
from campaign.planning.request import PlanRequest, confined
from campaign.planning.tables import (
    avoided,
    baselines,
    costliest,
    figures,
    plan_table,
    rule_details,
    tie_table,
    ways_in,
)
from campaign.planning.warnings import SAID_GAP as WARNED_GAP
from campaign.reading.snapshot import Snapshot
from campaign.statements.plan import rule_sentence, warning_sentences
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.workspace import Workspace
from pages import gate, reading
from pages.parts.common import plain
from pages.parts.rencana import isian as rencana_isian
from pages.parts.rencana.banding import side_by_side
from pages.parts.rencana.bantuan import helping
from pages.parts.rencana.biaya import costs
from pages.parts.rencana.dokumen import documents
from pages.parts.rencana.jadwal import timetable
from words import date_text, number, percent, reason_text, t

visit = gate.require()
gate.for_office(visit)
lang = visit.lang
TABS = ("daftar", "jadwal", "biaya", "bantuan", "dokumen", "undian", "banding", "rencana_lain")
SAID = "pesan_rencana"
SAID_GAP = 0.005
# how far a plan may be from the best before it is said
STEPS = {"jarak": 0.05, "pilih": 0.15, "harga": 0.5}
# how far along a plan is when a step begins


def page() -> None:
    snapshot = reading.snapshot()
    if snapshot.version is None:
        st.info(t("ringkasan.tanpa_skor", lang))
        return
    plans = plans_of(visit.actor, reading.store())
    rencana_isian.restore(visit, plans)
    left, right = st.columns([0.33, 0.67], gap="medium")
    with left:
        if gate.offered(Act.PLAN, visit.actor, lang):
            asking()
    with right:
        shown(snapshot, plans)


@st.fragment
def asking() -> None:
    rencana_isian.form(reading.snapshot(), visit, make)


def make(request: PlanRequest) -> None:
    """A new plan, stored; why not when the request cannot be met."""
    from campaign.planning.plan import make_plan

    request = confined(request, visit.actor, reading.snapshot().villages)
    plan = worked_out(lambda tell: make_plan(reading.store(), Workspace.locate(), request, lang=lang, tell=tell))
    if plan is not None:
        kept(plan, t("rencana.tersusun", lang, n=len(plan["villages"])))


def worked_out(work: Any) -> Plan | None:
    """Runs ``work`` with the steps it tells on the screen; a refusal is said, and nothing comes back."""
    bar = st.progress(0.0, t("rencana.langkah.jarak", lang))

    def tell(step: str, i: int, n: int) -> None:
        bar.progress(
            STEPS[step] + (1 - STEPS["harga"]) * i / n * (step == "harga"),
            t(f"rencana.langkah.{step}", lang, i=i + 1, n=n),
        )

    try:
        plan: Plan = work(tell)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return None
    finally:
        bar.empty()
    return plan


def kept(plan: Plan, said: str, before: Plan | None = None) -> None:
    """Stores the plan, shows it and says what it is."""
    try:
        keep_plan(visit.actor, reading.store(), plan, before)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    st.session_state["rencana_baru"] = plan["version"]
    st.session_state[SAID] = said
    st.rerun()


def shown(snapshot: Snapshot, plans: dict[str, Plan]) -> None:
    if not plans:
        st.info(t("rencana.belum_ada", lang))
        return
    if (fresh := st.session_state.pop("rencana_baru", None)) in plans:
        st.session_state["rencana_versi"] = fresh
    if said := st.session_state.pop(SAID, ""):
        st.success(plain(said), icon=":material/check_circle:")
        st.toast(plain(said), icon=":material/check_circle:")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        versi = st.selectbox(
            t("rencana.pilih", lang),
            list(plans),
            key="rencana_versi",
            width="stretch",
            label_visibility="collapsed",
            format_func=lambda one: title(plans[one]),
            persist_state="session",
        )
        plan = plans[versi]
        if visit.may(Act.PLAN):
            st.button(
                t("rencana.pakai_isian", lang),
                key="pakai_isian",
                type="tertiary",
                icon=":material/edit:",
                on_click=rencana_isian.fill,
                args=(plan,),
                help=t("rencana.pakai_isian_arti", lang),
            )
    if plan["score_version"] != snapshot.versi:
        st.warning(t("rencana.skor_lama", lang, lama=plan["score_version"], baru=snapshot.versi))
    if plan["solver"] == "greedy":
        st.warning(t("cli.rencana_rakus", lang))
    for said in warning_sentences(plan, lang):
        st.warning(plain(said))
    if SAID_GAP < plan["gap"] <= WARNED_GAP and plan["solver"] != "greedy":
        st.caption(t("rencana.celah", lang, persen=percent(plan["gap"], lang, 1)))
    told = figures(plan, snapshot, lang)
    with st.container(horizontal=True, gap="small"):
        for name in ("desa", "orang", "hari", "kabupaten"):
            st.metric(
                t(f"rencana.angka.{name}", lang),
                told[name],
                border=True,
                width=175,
                help=t(f"rencana.arti.{name}", lang),
            )
    lines = [
        *(rule_sentence(rule, lang) for rule in plan["rules"]),
        *costliest(plan, lang),
        *avoided(plan, snapshot, lang),
        t("rencana.biaya", lang, rupiah=told["rupiah"]),
    ]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    parts(plan, plans, snapshot)


def parts(plan: Plan, plans: dict[str, Plan], snapshot: Snapshot) -> None:
    """The tabs; only the one that is open is drawn."""
    boxes = st.tabs([t(f"rencana.tab.{name}", lang) for name in TABS], key="rencana_tab", on_change="rerun")
    for name, box in zip(TABS, boxes, strict=True):
        if not box.open:
            continue
        with box:
            if name == "daftar":
                villages(plan, snapshot)
            elif name == "jadwal":
                timetable(plan, snapshot, visit)
            elif name == "biaya":
                costs(plan, snapshot, visit)
            elif name == "bantuan":
                helping(plan, snapshot, visit)
            elif name == "dokumen":
                documents(plan, visit)
            elif name == "undian":
                drawn(plan, snapshot)
            elif name == "banding":
                against(plan, snapshot)
            else:
                side_by_side(plan, plans, snapshot, title, visit)


def title(plan: Plan) -> str:
    day = date_text(dt.date.fromisoformat(plan["made"]), lang)
    about = t("rencana.judul", lang, n=len(plan["villages"]), versi=plan["version"], tanggal=day)
    return f"{plan['name']} · {about}" if plan["name"] else about


def villages(plan: Plan, snapshot: Snapshot) -> None:
    table = plan_table(plan, snapshot, lang)
    st.session_state["rencana_baris"] = list(table["kode"])
    with st.container(key="tabel_desa"):  # a key of its own for each plan, so that no row stays chosen
        picked = st.dataframe(
            table,
            hide_index=True,
            column_config=headings(),
            height=360,
            key=f"desa_{plan['version']}",
            on_select="rerun",
            selection_mode="single-row",
            alt=t("rencana.tab.daftar", lang),
        )
    rows = picked["selection"]["rows"]
    if not visit.may(Act.PLAN):
        return
    if not rows or rows[0] >= len(table):
        st.caption(t("rencana.ganti_arti", lang))
        return
    row = table.iloc[rows[0]]
    with st.container(border=True, key="ganti_kotak"):
        st.markdown(f"**{t('rencana.keluarkan_ini', lang, nama=plain(row['nama']))}**")
        reason, words = rencana_isian.reason_fields("ganti", lang)
        instead = st.selectbox(
            t("rencana.pengganti", lang),
            ["", *candidates(plan, str(row["kode"]), snapshot)],
            key="ganti_dengan",
            format_func=lambda one: candidate(one, snapshot),
        )
        if st.button(t("rencana.ganti", lang), key="ganti", icon=":material/swap_horiz:", type="primary"):
            swap(plan, str(row["kode"]), rencana_isian.with_words(reason, words), instead, snapshot)


def candidates(plan: Plan, kode: str, snapshot: Snapshot) -> list[str]:
    """Villages of the same kabupaten that are not in the plan, the highest score first."""
    inside = {row["kode"] for row in plan["villages"]} | {row["kode"] for row in plan["excluded"]}
    scores = snapshot.scores["desa"]["skor"].sort_values(ascending=False, na_position="last")
    return [one for one in scores.index if one.startswith(kode[:5] + ".") and one not in inside]


def candidate(kode: str, snapshot: Snapshot) -> str:
    if not kode:
        return t("rencana.pengganti_otomatis", lang)
    return f"{snapshot.labels[kode]} · {t('prioritas.' + str(snapshot.scores['desa'].at[kode, 'prioritas']), lang)}"


def swap(plan: Plan, kode: str, reason: str, instead: str, snapshot: Snapshot) -> None:
    """The plan without a village and near what it was; says who left, who came, and what it takes."""
    fresh = worked_out(
        lambda tell: swapped(
            reading.store(), Workspace.locate(), plan, kode, reason, instead=instead, lang=lang, tell=tell
        )
    )
    if fresh is None:
        return
    gone, come = ([snapshot.name(one) for one in codes] for codes in difference(plan, fresh))
    said = t(
        "rencana.diganti",
        lang,
        keluar=", ".join(gone),
        masuk=", ".join(come) or "–",
        hari=number(fresh["used_team_days"], lang, 1),
    )
    st.session_state[rencana_isian.OUT] = dict(fresh["wishes"]["exclude"])
    kept(fresh, said, plan)


def drawn(plan: Plan, snapshot: Snapshot) -> None:
    st.caption(t("rencana.undian_arti", lang, benih=plain(plan["seed"])))
    st.dataframe(
        tie_table(plan, snapshot, lang),
        hide_index=True,
        column_config=headings(),
        height=300,
        key="tabel_undian",
        alt=t("rencana.tab.undian", lang),
    )


def against(plan: Plan, snapshot: Snapshot) -> None:
    st.caption(t("rencana.banding_arti", lang))
    st.dataframe(
        baselines(plan, lang),
        hide_index=True,
        column_config=headings(),
        key="tabel_banding",
        alt=t("rencana.tab.banding", lang),
    )
    st.markdown("\n".join(f"- {plain(line)}" for line in ways_in(plan, lang)))
    if details := rule_details(plan, snapshot, lang):
        st.markdown(f"**{t('rencana.harga_lantai', lang)}**")
        st.markdown("\n".join(f"- {plain(line)}" for line in details))


def headings() -> dict[str, Any]:
    column = st.column_config
    wide = {"nama": 130, "kecamatan": 120, "kabupaten": 140, "cara": 110, "peluang": 130, "hasil": 110, "karcis": 110}
    texts = {
        name: column.TextColumn(t(f"rencana.kolom.{name}", lang), width=wide.get(name))
        for name in (
            "kode",
            "nama",
            "kecamatan",
            "kabupaten",
            "prioritas",
            "cara",
            "peluang",
            "pulau",
            "hindari",
            "undian",
            "hasil",
            "karcis",
            "orang",
            "banding",
        )
    }
    days = {
        name: column.NumberColumn(t(f"rencana.kolom.{name}", lang), format="%.2f", width=80)
        for name in ("hari", "trip_hari")
    }
    return {**texts, **days}


page()
