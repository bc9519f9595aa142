"""The schedule of a plan on paper: per team, day by day, where to and in which order. Sent out like any other list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from campaign.documents.writers.typeset import set_pages
from campaign.handover.lists import TargetList
from campaign.planning.plan_types import PlanVillage, Schedule, ScheduleTrip
from campaign.planning.schedule import schedule_of
from campaign.planning.tables import avoid_text, mode_text
from data.errors import WrongUse
from data.store.store import Store
from words import date_text, number, t

CALENDAR_COLUMNS = ("mulai", "kabupaten", "kecamatan", "desa", "hari", "moda", "pelaksana", "hindari", "paraf")


def calendar(target_list: TargetList, store: Store, lang: str = "id") -> bytes:
    """A PDF with a table per team. Raises `WrongUse` (``NO_SCHEDULE``) for a plan without one."""
    return set_pages("calendar", calendar_values(target_list, store, lang))


def calendar_values(target_list: TargetList, store: Store, lang: str = "id") -> dict[str, Any]:
    """What the template prints."""
    schedule = schedule_of(store, target_list.plan)
    if schedule is None:
        raise WrongUse("NO_SCHEDULE", versi=target_list.name)
    places = store.gazetteer.villages().set_index("kode")
    rows = {row["kode"]: row for row in target_list.plan["villages"]}
    teams: dict[int, list[ScheduleTrip]] = {}
    for trip in schedule["perjalanan"]:
        teams.setdefault(int(trip["tim"]), []).append(trip)
    printed = []
    for number_of, trips in sorted(teams.items()):
        printed.append(
            {
                "nama": t("jadwal.tim", lang, n=number_of),
                "beban": load_text(trips, lang),
                "baris": [_line(trip, rows, places, lang) for trip in trips],
            }
        )
    return {
        "lang": lang,
        "mark": t("dokumen.tanda", lang) if target_list.plan.get("data_contoh") else "",
        "teams": printed,
        "ringkas": summary_text(schedule, lang),
        "footer": t("jadwal.kaki", lang, versi=target_list.name, hash=target_list.sidik[:16], tanggal=dt.date.today()),
        "words": {
            "judul": t("jadwal.judul", lang),
            "catatan": t("jadwal.catatan", lang),
            "kolom": [t(f"jadwal.kolom.{name}", lang) for name in CALENDAR_COLUMNS],
        },
    }


def summary_text(schedule: Schedule, lang: str) -> str:
    """How many trips by how many teams, from when to when."""
    trips = schedule["perjalanan"]
    days = sorted(dt.date.fromisoformat(day) for trip in trips for day in (trip["mulai"], trip["selesai"]) if day)
    return t(
        "jadwal.ringkas",
        lang,
        n=len(trips),
        tim=len({trip["tim"] for trip in trips}),
        mulai=days[0] if days else "–",
        selesai=days[-1] if days else "–",
    )


def load_text(trips: list[ScheduleTrip], lang: str) -> str:
    """Team-days of one team's trips and when it is done."""
    last = max((trip["selesai"] for trip in trips if trip["selesai"]), default="")
    done = date_text(dt.date.fromisoformat(last), lang) if last else "–"
    return t("jadwal.beban", lang, hari=number(sum(trip["hari"] for trip in trips), lang, 1), selesai=done)


def days_text(trip: ScheduleTrip, lang: str) -> str:
    """First and last day of a trip."""
    if not trip["mulai"] or not trip["selesai"]:
        return "–"
    first, last = dt.date.fromisoformat(trip["mulai"]), dt.date.fromisoformat(trip["selesai"])
    return date_text(first, lang) if first == last else f"{date_text(first, lang)} – {date_text(last, lang)}"


def _line(trip: ScheduleTrip, rows: dict[str, PlanVillage], places: Any, lang: str) -> list[str]:
    first = trip["desa"][0]["kode"]
    inside = [rows[one["kode"]] for one in trip["desa"] if one["kode"] in rows]
    stops = []
    for one in trip["desa"]:
        day = f" ({dt.date.fromisoformat(one['tanggal']):%d/%m})" if one["tanggal"] else ""
        stops.append(f"{one['urutan']}. {places.at[one['kode'], 'nama']}{day}")
    above = [str(places.at[first, name]) for name in ("kabupaten", "kecamatan")]
    return [
        days_text(trip, lang),
        *above,
        "; ".join(stops),
        number(trip["hari"], lang, 1),
        mode_text(any(row["laut"] for row in inside), lang),
        t(f"pelaksana.{trip['pelaksana']}", lang),
        avoid_text(trip["hindari"], lang),
        "",
    ]
