"""Who goes when: days that are open, loads that are even, an order that saves way, changes by hand that stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.documents.calendar import calendar, calendar_values
from campaign.documents.listing.rows import list_rows
from campaign.handover.lists import listed
from campaign.planning.kept_plans import keep_help, keep_plan, swapped
from campaign.planning.plan_types import Plan, Schedule, TripChange
from campaign.planning.schedule import (
    Terms,
    faults,
    keep_schedule,
    make_schedule,
    planned,
    schedule_of,
    terms_of,
    with_changes,
)
from data.domain.actor import owner
from data.domain.distance import distance_km
from data.errors import WrongUse
from data.intake.examined import ImportOptions
from geo.proximity.route import round_trip
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE

START = dt.date(2026, 12, 1)
OFF = (dt.date(2026, 12, 25), dt.date(2027, 1, 1))


def made(planned_once: Planned, **terms: Any) -> Schedule:
    return make_schedule(planned_once.plan, planned_once.store.gazetteer.villages(), Terms(START, **terms))


def days_of(schedule: Schedule) -> list[dt.date]:
    return [one["tanggal"] for one in planned(schedule).values() if one["tanggal"]]


def test_every_village_has_a_day_that_is_open(planned_once: Planned) -> None:
    schedule = made(planned_once, teams=3, days_off=OFF)
    arranged = planned(schedule)
    assert set(arranged) == {row["kode"] for row in planned_once.plan["villages"]}
    assert faults(schedule) == []
    assert all(day.weekday() < 5 and day not in OFF and day >= START for day in days_of(schedule))
    for row in planned_once.plan["villages"]:
        assert arranged[row["kode"]]["tanggal"].month not in row["musim_hindari"]


@given(teams=st.integers(1, 8), weekdays=st.sets(st.integers(0, 6), min_size=1), ahead=st.integers(0, 400))
@settings(max_examples=25, deadline=None)
def test_no_team_is_at_two_places_and_no_day_is_lost(
    planned_once: Planned, teams: int, weekdays: set[int], ahead: int
) -> None:
    terms = Terms(START + dt.timedelta(days=ahead), teams, tuple(sorted(weekdays)))
    schedule = make_schedule(planned_once.plan, planned_once.store.gazetteer.villages(), terms)
    assert {trip["tim"] for trip in schedule["perjalanan"]} <= set(range(1, teams + 1))
    assert not [one for one in faults(schedule) if one["kunci"] in ("bertabrakan", "hari_libur", "musim")]
    assert all(day.weekday() in weekdays for day in days_of(schedule))
    assert terms_of(schedule) == terms


def test_loads_are_even_and_more_teams_are_done_earlier(planned_once: Planned) -> None:
    one, four = made(planned_once), made(planned_once, teams=4)
    loads = pd.DataFrame(four["perjalanan"]).groupby("tim")["hari"].sum()
    assert len(loads) == 4
    longest = max(trip["hari"] for trip in four["perjalanan"])
    assert loads.max() <= loads.sum() / 4 + longest
    assert max(days_of(four)) < max(days_of(one))


def test_months_of_the_plan_are_kept(planned_once: Planned) -> None:
    plan: Plan = {**planned_once.plan, "wishes": {**planned_once.plan["wishes"], "months": [3, 4]}}
    schedule = make_schedule(plan, planned_once.store.gazetteer.villages(), Terms(START, 4))
    assert {day.month for day in days_of(schedule)} <= {3, 4}


def test_a_trip_moved_by_hand_takes_its_villages_along_and_what_is_wrong_is_said(planned_once: Planned) -> None:
    schedule = made(planned_once, teams=3)
    first = max(schedule["perjalanan"], key=lambda trip: trip["hari"])
    second = next(trip for trip in schedule["perjalanan"] if trip["tim"] == first["tim"] and trip != first)
    assert first["mulai"]
    assert first["hari"] > 2
    day = (dt.date.fromisoformat(first["mulai"]) + dt.timedelta(days=1)).isoformat()
    moved = with_changes(schedule, {second["trip"]: {"mulai": day, "pelaksana": "bp3mi"}})
    row = next(trip for trip in moved["perjalanan"] if trip["trip"] == second["trip"])
    assert (row["mulai"], row["pelaksana"]) == (day, "bp3mi")
    assert all(one["tanggal"] >= day for one in row["desa"])
    assert "bertabrakan" in {one["kunci"] for one in faults(moved)}
    sunday = with_changes(schedule, {second["trip"]: {"mulai": "2026-12-06"}})
    assert "hari_libur" in {one["kunci"] for one in faults(sunday)}
    off = with_changes(schedule, {second["trip"]: {"mulai": None}})
    assert "tanpa_tanggal" in {one["kunci"] for one in faults(off)}
    wrong: list[TripChange] = [{"tim": 0}, {"pelaksana": "orang lain"}]
    for change in wrong:
        with pytest.raises(WrongUse, match="SCHEDULE_TERMS"):
            with_changes(schedule, {second["trip"]: change})


@pytest.mark.parametrize("terms", [{"teams": 0}, {"teams": 99}, {"weekdays": ()}, {"weekdays": (7,)}, {"agency": "x"}])
def test_terms_that_make_no_sense_are_refused(planned_once: Planned, terms: dict[str, Any]) -> None:
    with pytest.raises(WrongUse, match="SCHEDULE_TERMS"):
        made(planned_once, **terms)


@given(st.integers(0, 10_000), st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_the_round_is_the_shortest_or_close_to_it(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(120, 121, n), rng.uniform(-9, -8, n)

    def length(order: tuple[int, ...] | list[int]) -> float:
        x, y = np.array([120.5, *lon[list(order)], 120.5]), np.array([-8.5, *lat[list(order)], -8.5])
        return float(distance_km(x[:-1], y[:-1], x[1:], y[1:]).sum())

    order = round_trip(lon, lat, (120.5, -8.5))
    assert sorted(order) == list(range(n))
    assert length(order) <= 1.1 * min(length(one) for one in permutations(range(n)))


def test_places_without_coordinates_come_last() -> None:
    assert round_trip(np.array([np.nan, 120.2, 120.1]), np.array([np.nan, -9.0, -9.0]), (120.0, -9.0))[-1] == 0


def test_the_list_and_the_calendar_show_what_was_arranged(planned: Planned, tmp_path: Path) -> None:
    plan, store = planned.plan, planned.store
    before = list_rows(listed(store, plan, today=MADE), store)
    assert set(before["tgl_rencana"]) == {""}
    schedule = make_schedule(plan, store.gazetteer.villages(), Terms(START, 2, agency="bp3mi"))
    keep_schedule(owner("uji"), store, plan, schedule)
    assert schedule_of(store, plan) == schedule
    kode = plan["villages"][0]["kode"]
    keep_help(owner("uji"), store, plan, {kode: ["ltsa", "purna"]})
    target_list = listed(store, plan, today=MADE)
    rows = list_rows(target_list, store).set_index("kode_desa")
    assert set(rows["pelaksana"]) == {"BP3MI NTT"}
    assert set(rows["tim"]) == {"Tim 1", "Tim 2"}
    assert (rows["tgl_rencana"] != "").all()
    assert "Hari layanan LTSA" in rows.at[kode, "bantuan"]
    assert rows.at[kode, "kelompok_sasaran"] == "Calon pekerja migran, Purna pekerja migran, Keluarga"
    told = calendar_values(target_list, store)
    assert [team["nama"] for team in told["teams"]] == ["Tim 1", "Tim 2"]
    assert told["mark"] == "DATA CONTOH"
    assert calendar(target_list, store).startswith(b"%PDF")
    assert target_list.sidik == listed(store, plan, today=MADE).sidik, "who goes when is no part of the fingerprint"


def test_a_calendar_without_a_schedule_says_so(planned_once: Planned) -> None:
    with pytest.raises(WrongUse, match="NO_SCHEDULE"):
        calendar(listed(planned_once.store, planned_once.plan, today=MADE), planned_once.store)


def test_a_swap_keeps_budget_reason_and_what_people_had_arranged(planned: Planned) -> None:
    plan, store = planned.plan, planned.store
    schedule = make_schedule(plan, store.gazetteer.villages(), Terms(START, 2))
    trip = schedule["perjalanan"][0]["trip"]
    keep_schedule(owner("uji"), store, plan, with_changes(schedule, {trip: {"pelaksana": "gereja"}}))
    gone = next(row["kode"] for row in plan["villages"] if row["how"] == "tegas" and row["trip"] != trip)
    inside = {row["kode"] for row in plan["villages"]}
    instead = next(kode for kode in store.gazetteer.villages()["kode"] if kode[:5] == gone[:5] and kode not in inside)
    after = swapped(store, planned.workspace, plan, gone, "O3: jembatan putus", instead=instead, today=MADE)
    codes = {row["kode"] for row in after["villages"]}
    assert gone not in codes
    assert instead in codes
    assert len(codes) <= 30
    assert after["seed"] == plan["seed"]
    assert {"kode": gone, "alasan": "O3: jembatan putus"} in after["excluded"]
    assert after["wishes"]["must_reasons"][instead] == "O3: jembatan putus"
    keep_plan(owner("uji"), store, after, before=plan)
    kept = schedule_of(store, after)
    assert kept is not None
    carried = {row["trip"]: row["pelaksana"] for row in kept["perjalanan"]}
    assert carried[trip] == "gereja"
    with pytest.raises(WrongUse, match="PLAN_REASON"):
        swapped(store, planned.workspace, plan, gone, "", today=MADE)


def test_the_command_keeps_the_schedule_and_prints_it(
    planned: Planned, tmp_path: Path, peta_aman: Callable[..., tuple[int, dict[str, Any], str]]
) -> None:
    import json

    path, out = tmp_path / "rencana.json", tmp_path / "kalender.pdf"
    path.write_text(json.dumps(planned.plan), encoding="utf-8")
    code, said, words = peta_aman(
        "schedule",
        path,
        "--start",
        "2026-12-01",
        "--teams",
        "3",
        "--day-off",
        "2026-12-25",
        "--agency",
        "dpmd",
        "--out",
        out,
        workspace=planned.workspace,
    )
    assert code == 0, said
    assert out.read_bytes().startswith(b"%PDF")
    assert said["syarat"]["days_off"] == ["2026-12-25"]
    assert "3 tim" in words
    kept = schedule_of(planned.store, planned.plan)
    assert kept is not None
    assert kept["syarat"]["agency"] == "dpmd"


@pytest.mark.parametrize("header", ["Penduduk Usia 15-35 Tahun", "Penduduk 15-35", "Jumlah Penduduk Umur 15 s.d. 35"])
def test_people_and_households_come_into_the_list_once_they_are_brought_in(planned: Planned, header: str) -> None:
    from campaign.intake.importing import Upload, commit, examine

    kode = planned.plan["villages"][0]["kode"]
    table = f"Kode Desa,Tahun,{header},Jumlah KK\n{kode},2025,1234,567\n".encode()
    found = examine(
        "indikator", Upload("penduduk.csv", table), planned.store, planned.workspace, ImportOptions(source="uji")
    )
    commit(owner("uji"), found, "indikator", planned.store, planned.workspace)
    rows = list_rows(listed(planned.store, planned.plan, today=MADE), planned.store).set_index("kode_desa")
    assert (rows.at[kode, "penduduk_15_35"], rows.at[kode, "kk"]) == (1230, 570)
    assert (rows.drop(index=kode)[["penduduk_15_35", "kk"]] == "").all(axis=None)
