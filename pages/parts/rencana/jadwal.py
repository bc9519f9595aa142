"""Part of the plan page: who goes when, in which order; made in one go, changed by hand, printed."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from campaign.documents.registry import CALENDAR
from campaign.handover.document import DocumentRequest
from campaign.handover.lists import listed
from campaign.planning import schedule as days
from campaign.planning.plan_types import Plan, Schedule, ScheduleTrip, TripChange
from campaign.planning.tables import avoid_text, mode_text
from campaign.reading.snapshot import Snapshot
from data.domain.roles import Act
from data.errors import PetaAmanError
from pages import gate, reading
from pages.gate import Visit
from pages.parts.common import plain
from pages.parts.unduh import take_along
from words import reason_text, t

WEEK = (0, 1, 2, 3, 4)


def timetable(plan: Plan, snapshot: Snapshot, visit: Visit) -> None:
    lang, store = visit.lang, reading.store()
    kept = days.schedule_of(store, plan)
    may = visit.may(Act.SCHEDULE)
    if kept is None:
        st.info(t("jadwal.tidak_ada", lang))
        if gate.offered(Act.SCHEDULE, visit.actor, lang):
            terms(plan, visit, None)
        return
    if said := st.session_state.pop("pesan_jadwal", ""):
        st.success(said, icon=":material/check_circle:")
    from campaign.documents.calendar import load_text, summary_text

    st.write(summary_text(kept, lang))
    loads: dict[int, list[ScheduleTrip]] = {}
    for row in kept["perjalanan"]:
        loads.setdefault(int(row["tim"]), []).append(row)
    told = [f"{t('jadwal.tim', lang, n=team)}: {load_text(rows, lang)}" for team, rows in sorted(loads.items())]
    st.caption(" · ".join(told))
    for one in days.faults(kept):
        st.warning(plain(t(f"jadwal.galat.{one['kunci']}", lang, nama=snapshot.name(one["trip"]), tim=one["tim"])))
    st.caption(t("jadwal.ubah_arti", lang))
    edited = editor(plan, kept, snapshot, lang)
    with st.container(horizontal=True, gap="small"):
        if may and st.button(t("jadwal.simpan", lang), key="simpan_jadwal", icon=":material/save:", type="primary"):
            keep(plan, kept, edited, visit)
        printed(plan, visit)
    st.caption(t("jadwal.arti", lang) + " " + t("jadwal.catatan", lang))
    if gate.offered(Act.SCHEDULE, visit.actor, lang):
        with st.expander(t("jadwal.susun_ulang", lang)):
            terms(plan, visit, kept)


def terms(plan: Plan, visit: Visit, kept: Schedule | None) -> None:
    """How the office works; the schedule is made anew from it."""
    lang = visit.lang
    old = days.terms_of(kept) if kept else days.Terms(next_monday(dt.date.today()), max(1, len(plan["villages"]) // 30))
    with st.form("isian_jadwal", border=False):
        first, second = st.columns(2)
        start = first.date_input(t("jadwal.mulai", lang), value=old.start, format="DD/MM/YYYY", key="jadwal_mulai")
        teams = second.number_input(
            t("jadwal.banyak_tim", lang), min_value=1, max_value=days.MOST_TEAMS, value=old.teams, key="jadwal_tim"
        )
        weekdays = st.multiselect(
            t("jadwal.hari_kerja", lang),
            range(7),
            default=list(old.weekdays),
            key="jadwal_hari",
            format_func=lambda day: t(f"jadwal.hari.{day}", lang),
        )
        agency = first.selectbox(
            t("jadwal.pelaksana", lang),
            ["", *days.AGENCIES],
            key="jadwal_pelaksana",
            index=["", *days.AGENCIES].index(old.agency),
            format_func=lambda one: t(f"pelaksana.{one}", lang),
        )
        off = second.text_input(
            t("jadwal.libur", lang),
            key="jadwal_libur",
            value=", ".join(f"{day:%d/%m/%Y}" for day in old.days_off),
            placeholder=t("jadwal.libur_contoh", lang),
        )
        if not st.form_submit_button(t("jadwal.susun", lang), key="susun_jadwal", icon=":material/calendar_month:"):
            return
    try:
        struck = tuple(dt.datetime.strptime(text.strip(), "%d/%m/%Y").date() for text in off.split(",") if text.strip())
    except ValueError:
        st.error(t("jadwal.libur_salah", lang, teks=plain(off)))
        return
    wanted = days.Terms(start, int(teams), tuple(sorted(weekdays)), struck, agency)
    try:
        made = days.make_schedule(plan, reading.store().gazetteer.villages(), wanted)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    days.keep_schedule(visit.actor, reading.store(), plan, made)
    st.rerun()


def editor(plan: Plan, kept: Schedule, snapshot: Snapshot, lang: str) -> pd.DataFrame:
    """A row per trip; team, agency and first day can be changed in place."""
    by_sea = {row["trip"]: row["laut"] for row in sorted(plan["villages"], key=lambda row: row["laut"])}
    agencies = {t(f"pelaksana.{one}", lang): one for one in ("", *days.AGENCIES)}
    said = {key: label for label, key in agencies.items()}
    rows = pd.DataFrame(
        [
            {
                "tim": int(row["tim"]),
                "mulai": dt.date.fromisoformat(row["mulai"]) if row["mulai"] else None,
                "selesai": dt.date.fromisoformat(row["selesai"]) if row["selesai"] else None,
                "kecamatan": snapshot.name(row["trip"]),
                "desa": " → ".join(snapshot.name(one["kode"]) for one in row["desa"]),
                "pelaksana": said[row["pelaksana"]],
                "hari": row["hari"],
                "moda": mode_text(by_sea[row["trip"]], lang),
                "hindari": avoid_text(row["hindari"], lang),
                "kabupaten": snapshot.name(row["trip"][:5]),
            }
            for row in kept["perjalanan"]
        ]
    )
    column = st.column_config
    heads = {name: t(f"jadwal.kolom.{name}", lang) for name in rows.columns}
    found = st.data_editor(
        rows,
        hide_index=True,
        height=380,
        key=f"jadwal_{plan['version']}_{hash(str(kept))}",
        disabled=[name for name in rows.columns if name not in ("tim", "mulai", "pelaksana")],
        column_config={
            **{name: column.TextColumn(head) for name, head in heads.items()},
            "tim": column.NumberColumn(heads["tim"], min_value=1, max_value=days.MOST_TEAMS, step=1, width=55),
            "mulai": column.DateColumn(heads["mulai"], format="DD/MM/YYYY", width=105),
            "selesai": column.DateColumn(heads["selesai"], format="DD/MM/YYYY", width=105),
            "pelaksana": column.SelectboxColumn(heads["pelaksana"], options=list(agencies), required=True, width=150),
            "desa": column.TextColumn(heads["desa"], width=240),
            "hari": column.NumberColumn(heads["hari"], format="%.1f", width=75),
        },
        alt=t("rencana.tab.jadwal", lang),
    )
    return found.assign(pelaksana=found["pelaksana"].map(agencies))


def keep(plan: Plan, kept: Schedule, edited: pd.DataFrame, visit: Visit) -> None:
    """Stores what was changed in the table, and nothing else."""
    changes: dict[str, TripChange] = {}
    for row, now in zip(kept["perjalanan"], edited.to_dict("records"), strict=True):
        start = None if pd.isna(now["mulai"]) else pd.Timestamp(now["mulai"]).date().isoformat()
        change: TripChange = {}
        if (team := int(now["tim"])) != row["tim"]:
            change["tim"] = team
        if now["pelaksana"] != row["pelaksana"]:
            change["pelaksana"] = now["pelaksana"]
        if start != row["mulai"]:
            change["mulai"] = start
        if change:
            changes[row["trip"]] = change
    try:
        made = days.with_changes(kept, changes)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, visit.lang)))
        return
    days.keep_schedule(visit.actor, reading.store(), plan, made)
    st.session_state["pesan_jadwal"] = t("jadwal.tersimpan", visit.lang)
    st.rerun()


def printed(plan: Plan, visit: Visit) -> None:
    """The calendar as a PDF."""
    try:
        target_list = listed(reading.store(), plan)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, visit.lang)))
        return
    take_along(
        CALENDAR, DocumentRequest(lang=visit.lang, target_list=target_list), visit, t("jadwal.cetak", visit.lang)
    )


def next_monday(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=7 - day.weekday())
