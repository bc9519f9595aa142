"""Who goes when: trips of a plan given to teams and days, in an order that saves way, in months that are open.

A trip is a kecamatan, its villages in the order of a short round. Trips are laid out island by island and kabupaten by
kabupaten and cut into as many stretches as there are teams, about equally long. A team takes its trips one after the
other, the first that fits the season next; on working days only, without the days the office struck out. Public
holidays are not guessed. What came out can be changed by hand, trip by trip; the plan itself is not touched by it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, TypedDict

import numpy as np
import pandas as pd

from campaign.permission import act, within
from campaign.planning.plan_types import Plan, Schedule, ScheduleFault, ScheduleTrip, TripChange
from data.domain.actor import Actor
from data.domain.capitals import seats
from data.domain.roles import Act
from data.errors import WrongUse
from data.store.store import Store

RESULT = "jadwal"
AGENCIES = ("nakertrans", "bp3mi", "disnaker_kab", "dpmd", "gereja", "organisasi", "lain")
"""Who may carry out a session (``pelaksana.<key>``); "" while nobody decided."""
MOST_TEAMS = 30
FAULTS = ("tanpa_tanggal", "musim", "hari_libur", "bertabrakan")
"""No day, in a season to avoid, on a day off, two trips of a team at once."""
HORIZON = 730
"""Days after the start in which a trip must find its place."""


@dataclass(frozen=True)
class Terms:
    """How the office works: first day, teams at a time, ``weekdays`` (0 is Monday), days on which nobody goes, and the
    agency of trips that nobody gave to another."""

    start: dt.date
    teams: int = 1
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    days_off: tuple[dt.date, ...] = ()
    agency: str = ""

    def check(self) -> None:
        """Raises `WrongUse` (``SCHEDULE_TERMS``)."""
        wrong = not 1 <= self.teams <= MOST_TEAMS or not self.weekdays or self.agency not in ("", *AGENCIES)
        if wrong or any(day not in range(7) for day in self.weekdays):
            raise WrongUse("SCHEDULE_TERMS", most=MOST_TEAMS)


class PlannedSession(TypedDict):
    """A village's session: team, agency, its place in the order of the trip, its day."""

    tim: int
    pelaksana: str
    urutan: int
    tanggal: dt.date | None


@dataclass(frozen=True)
class Trip:
    """A kecamatan's villages (codes in the order of the way), ``days`` of the trip with all of them, the days before
    each village's session, and the months in which it is not made."""

    kode: str
    villages: tuple[str, ...]
    days: float
    before: tuple[float, ...]
    avoid: tuple[int, ...]
    team: int = 0
    agency: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    dates: tuple[dt.date, ...] = ()


def make_schedule(plan: Plan, villages: pd.DataFrame, terms: Terms) -> Schedule:
    """The trips of a plan with teams and days, as plain values: ``syarat`` (the terms), ``perjalanan`` (a row per trip:
    ``trip, tim, pelaksana, mulai, selesai, hari, hindari, desa``, the last with ``kode, urutan, tanggal``).

    ``villages`` is the store's gazetteer. A trip that finds no open day within `HORIZON` has no dates. Raises
    `WrongUse` (``SCHEDULE_TERMS``).
    """
    terms.check()
    months = tuple(plan["wishes"].get("months", ()))
    trips = [replace(trip, agency=terms.agency) for trip in trips_of(plan, villages)]
    islands = _islands(plan)
    trips.sort(key=lambda trip: (islands[trip.kode[:5]], trip.kode[:5]))
    done: list[Trip] = []
    for team, own in enumerate(_shares(trips, terms.teams), start=1):
        done += _laid_out(own, team, terms, months)
    done.sort(key=lambda trip: (trip.team, trip.start or dt.date.max, trip.end or dt.date.max))
    return {"syarat": _plain(asdict(terms)), "perjalanan": [_row(trip) for trip in done]}


def trips_of(plan: Plan, villages: pd.DataFrame) -> list[Trip]:
    """The trips of a plan, those of a kabupaten in the order of a short round from its seat."""
    from geo.proximity.route import round_trip

    rows = pd.DataFrame(plan["villages"])
    places = villages.set_index("kode")
    rows = rows[rows["kode"].isin(places.index)].join(places[["lon", "lat"]], on="kode")
    seat = seats(villages)
    middles = villages.groupby("kode_kec")[["lon", "lat"]].median()
    out = []
    for kabupaten, own in rows.groupby(rows["kode"].str[:5], sort=True):
        stops = middles.loc[sorted(own["trip"].unique())]
        for i in round_trip(stops["lon"].to_numpy(), stops["lat"].to_numpy(), _point(seat, kabupaten)):
            kode = str(stops.index[i])
            inside = own[own["trip"] == kode]
            order = round_trip(inside["lon"].to_numpy(), inside["lat"].to_numpy(), _point(middles, kode))
            out.append(_trip(kode, inside.iloc[order]))
    return out


def schedule_of(store: Store, plan: Plan) -> Schedule | None:
    """The schedule kept for a plan, None when there is none."""
    kept: Schedule | None = store.results.get(RESULT, plan["version"])
    return kept


@act(Act.SCHEDULE)
def keep_schedule(actor: Actor, store: Store, plan: Plan, schedule: Schedule) -> None:
    """Keeps a schedule beside its plan; replaces the one before."""
    within(actor, Act.SCHEDULE, [row["kode"] for row in plan["villages"]])
    store.results.save(RESULT, plan["version"], schedule, actor.name)


def with_changes(schedule: Schedule, changes: dict[str, TripChange]) -> Schedule:
    """The schedule with trips changed by hand: ``{trip: {"tim"|"pelaksana"|"mulai": value}}``; a trip that starts on
    another day takes its villages along. Raises `WrongUse` (``SCHEDULE_TERMS``)."""
    terms = terms_of(schedule)
    rows = []
    for row in schedule["perjalanan"]:
        change: TripChange = changes.get(row["trip"], {})
        row = {**row, **change}
        if not 1 <= int(row["tim"]) <= MOST_TEAMS or row["pelaksana"] not in ("", *AGENCIES):
            raise WrongUse("SCHEDULE_TERMS", most=MOST_TEAMS)
        if "mulai" in change:
            row = _moved(row, change["mulai"], terms)
        rows.append(row)
    return {**schedule, "perjalanan": rows}


def carried_over(fresh: Schedule, before: Schedule) -> Schedule:
    """A new schedule of a changed plan with what people had decided for trips that are in both."""
    inside = {row["trip"] for row in fresh["perjalanan"]}
    changes: dict[str, TripChange] = {
        row["trip"]: {"tim": row["tim"], "pelaksana": row["pelaksana"], "mulai": row["mulai"]}
        for row in before["perjalanan"]
        if row["trip"] in inside
    }
    return with_changes(fresh, changes)


def terms_of(schedule: Schedule) -> Terms:
    """The terms a schedule was made under."""
    kept = schedule["syarat"]
    return Terms(
        dt.date.fromisoformat(kept["start"]),
        int(kept["teams"]),
        tuple(kept["weekdays"]),
        tuple(dt.date.fromisoformat(day) for day in kept["days_off"]),
        kept["agency"],
    )


def faults(schedule: Schedule) -> list[ScheduleFault]:
    """What people should look at; each fault has a ``kunci`` of `FAULTS`."""
    terms = terms_of(schedule)
    found: list[ScheduleFault] = []
    last: dict[int, dt.date] = {}
    for row in sorted(schedule["perjalanan"], key=lambda one: (one["tim"], one["mulai"] or "", one["selesai"] or "")):
        if not row["mulai"] or not row["selesai"]:
            found.append({"kunci": "tanpa_tanggal", "trip": row["trip"], "tim": row["tim"]})
            continue
        start, end = dt.date.fromisoformat(row["mulai"]), dt.date.fromisoformat(row["selesai"])
        if set(row["hindari"]) & {day.month for day in _every_day(start, end)}:
            found.append({"kunci": "musim", "trip": row["trip"], "tim": row["tim"]})
        if start.weekday() not in terms.weekdays or start in terms.days_off:
            found.append({"kunci": "hari_libur", "trip": row["trip"], "tim": row["tim"]})
        if row["tim"] in last and start < last[row["tim"]]:
            found.append({"kunci": "bertabrakan", "trip": row["trip"], "tim": row["tim"]})
        last[row["tim"]] = max(end, last.get(row["tim"], end))
    return found


def planned(schedule: Schedule | None) -> dict[str, PlannedSession]:
    """Who holds the session of each village of a schedule, and when."""
    out: dict[str, PlannedSession] = {}
    for row in schedule["perjalanan"] if schedule else ():
        for one in row["desa"]:
            day = dt.date.fromisoformat(one["tanggal"]) if one["tanggal"] else None
            out[one["kode"]] = {
                "tim": row["tim"],
                "pelaksana": row["pelaksana"],
                "urutan": one["urutan"],
                "tanggal": day,
            }
    return out


def _point(places: pd.DataFrame, kode: Any) -> tuple[float, float]:
    lon, lat = places.loc[kode, ["lon", "lat"]].to_numpy(dtype=float)
    return float(lon), float(lat)


def _trip(kode: str, rows: pd.DataFrame) -> Trip:
    way = float(rows["trip_days"].iloc[0])
    own = rows["team_days"].to_numpy(dtype=float)
    before = way / 2 + np.concatenate([[0.0], np.cumsum(own)[:-1]])
    avoid = sorted({int(month) for months in rows["musim_hindari"] for month in months})
    return Trip(kode, tuple(rows["kode"]), round(way + float(own.sum()), 4), tuple(before), tuple(avoid))


def _islands(plan: Plan) -> dict[str, str]:
    """The island most of a kabupaten's villages in the plan lie on."""
    rows = pd.DataFrame(plan["villages"])
    named = rows["pulau"].groupby(rows["kode"].str[:5]).agg(lambda names: names.mode().iloc[0])
    return {str(kode): str(name) for kode, name in named.items()}


def _shares(trips: list[Trip], teams: int) -> list[list[Trip]]:
    """The trips in their order, cut into at most ``teams`` stretches of which the longest is as short as can be."""
    days = [trip.days for trip in trips]
    low, high = max(days, default=0.0), sum(days)
    for _ in range(40):
        middle = (low + high) / 2
        if len(_cut(trips, middle)) <= teams:
            high = middle
        else:
            low = middle
    return _cut(trips, high)


def _cut(trips: list[Trip], most: float) -> list[list[Trip]]:
    out: list[list[Trip]] = [[]]
    room = most
    for trip in trips:
        if out[-1] and trip.days > room + 1e-9:
            out.append([])
            room = most
        out[-1].append(trip)
        room -= trip.days
    return out


def _laid_out(trips: list[Trip], team: int, terms: Terms, months: tuple[int, ...]) -> list[Trip]:
    """One team's trips with dates. Within a kabupaten a trip starts where the last ended, also in the middle of a day;
    on to another kabupaten a new day begins."""
    days = list(_working_days(terms, months))
    left, at, here, out = list(trips), 0.0, "", []
    while left and at < len(days):
        found = next(
            (
                (trip, begin)
                for trip in left
                for begin in [at if trip.kode[:5] == here else math.ceil(at)]
                if _open(trip, begin, days)
            ),
            None,
        )
        if found is None:
            at = math.floor(at) + 1.0
            continue
        trip, begin = found
        left.remove(trip)
        out.append(_dated(replace(trip, team=team), begin, days))
        at, here = begin + trip.days, trip.kode[:5]
    return out + [replace(trip, team=team) for trip in left]


def _open(trip: Trip, begin: float, days: list[dt.date]) -> bool:
    span = days[int(begin) : math.ceil(begin + trip.days - 1e-9)]
    return len(span) == _whole(begin, trip.days) and not {day.month for day in span} & set(trip.avoid)


def _whole(begin: float, length: float) -> int:
    """Days of the calendar a stretch touches."""
    return max(math.ceil(begin + length - 1e-9) - int(begin), 1)


def _dated(trip: Trip, begin: float, days: list[dt.date]) -> Trip:
    last = int(begin) + _whole(begin, trip.days) - 1
    dates = tuple(days[min(int(begin + before + 1e-9), last)] for before in trip.before)
    return replace(trip, start=days[int(begin)], end=days[last], dates=dates)


def _working_days(terms: Terms, months: tuple[int, ...] = ()) -> Iterator[dt.date]:
    for ahead in range(HORIZON):
        day = terms.start + dt.timedelta(days=ahead)
        if day.weekday() in terms.weekdays and day not in terms.days_off and (not months or day.month in months):
            yield day


def _moved(row: ScheduleTrip, start: str | dt.date | None, terms: Terms) -> ScheduleTrip:
    """A row of the schedule from another first day on; None takes its dates away."""
    if start is None:
        return {**row, "mulai": None, "selesai": None, "desa": [{**one, "tanggal": None} for one in row["desa"]]}
    first = start if isinstance(start, dt.date) else dt.date.fromisoformat(start)
    days = [first, *(day for day in _working_days(replace(terms, start=first)) if day != first)]
    trip = Trip(
        row["trip"],
        tuple(one["kode"] for one in row["desa"]),
        row["hari"],
        tuple(one["sebelum"] for one in row["desa"]),
        tuple(row["hindari"]),
        row["tim"],
        row["pelaksana"],
    )
    return _row(_dated(trip, 0.0, days))


def _row(trip: Trip) -> ScheduleTrip:
    dates = trip.dates or (None,) * len(trip.villages)
    return _plain(
        {
            "trip": trip.kode,
            "tim": trip.team,
            "pelaksana": trip.agency,
            "mulai": trip.start,
            "selesai": trip.end,
            "hari": trip.days,
            "hindari": list(trip.avoid),
            "desa": [
                {"kode": kode, "urutan": i, "tanggal": day, "sebelum": round(float(before), 4)}
                for i, (kode, day, before) in enumerate(zip(trip.villages, dates, trip.before, strict=True), start=1)
            ],
        }
    )


def _plain(value: Any) -> Any:
    """Dates as text, tuples as lists: what comes back from the store is what went in."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _every_day(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    for ahead in range((end - start).days + 1):
        yield start + dt.timedelta(days=ahead)
