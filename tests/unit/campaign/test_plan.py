"""A plan over the demonstration province: budget, rules, lottery, words."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from campaign.planning.effort import Effort, changed, team_days
from campaign.planning.lottery import draw, place_in_draw
from campaign.planning.plan import make_plan
from campaign.planning.plan_types import Plan, TiedVillage
from campaign.planning.request import PlanRequest
from data.domain.actor import owner
from data.errors import WrongUse
from data.workspace import Workspace
from geo.proximity.travel import travel_table

DAY = dt.date(2026, 11, 22)
WORDS = "jalan ke desa ini putus sejak banjir bulan lalu menurut camat dan baru akan dibuka lagi " * 3


@pytest.fixture(scope="module")
def province(demo_workspace: Workspace) -> Any:
    store = demo_workspace.store()
    yield store
    store.close()


@pytest.fixture(scope="module")
def plan(province: Any, demo_workspace: Workspace) -> Plan:
    return make_plan(province, demo_workspace, PlanRequest(villages=100, explore=0.1), today=DAY)


def test_the_plan_of_the_usability_task_keeps_its_rules(province: Any, demo_workspace: Workspace) -> None:
    request = PlanRequest(team_days=120, floor_per_kabupaten=1, exclude={"53.20": "O3"}, months=(1,))
    made = make_plan(province, demo_workspace, request, today=DAY)
    codes = [row["kode"] for row in made["villages"]]
    assert len(set(codes)) == len(codes)
    assert made["used_team_days"] <= 120
    visited = {kode[:5] for kode in codes}
    assert "53.20" not in visited
    travel = travel_table(province, demo_workspace).set_index("kode")
    assert not travel.loc[codes, ["laut_kab", "laut_kec"]].to_numpy().any(), "no boats in the west monsoon"
    reachable = travel[~travel["laut_kab"] & ~travel["laut_kec"]].index.str[:5]
    assert visited == set(reachable) - {"53.20"}, "every kabupaten that can be reached has one"
    assert any("120" in sentence for sentence in made["binding"])
    assert any("kabupaten/kota masuk karena pemerataan" in sentence for sentence in made["binding"])
    assert made["data_contoh"] is True


def test_days_of_the_plan_add_up(plan: Plan) -> None:
    own = sum(row["team_days"] for row in plan["villages"])
    trips = sum({row["trip"]: row["trip_days"] for row in plan["villages"]}.values())
    assert own + trips == pytest.approx(plan["used_team_days"], abs=0.01)


def test_what_the_draws_leave_over_is_spent(province: Any, demo_workspace: Workspace) -> None:
    made = make_plan(province, demo_workspace, PlanRequest(team_days=120, floor_per_kabupaten=1), today=DAY)
    assert 119 <= made["used_team_days"] <= 120
    assert made["objective"] > made["baselines"]["greedy"]
    zone = {row["kode"] for row in made["tie_zone"] if not row["terpilih"]}
    assert not zone & {row["kode"] for row in made["villages"]}, "nobody comes in past the lottery"


def test_the_plan_beats_its_baselines_under_the_same_rules(plan: Plan) -> None:
    assert plan["solver"] == "milp"
    assert plan["objective"] > plan["baselines"]["by_score_x_population"]
    assert set(plan["baselines"]) == {"by_score", "by_score_x_population", "greedy", "linear"}


def test_every_village_says_how_it_came_in(plan: Plan) -> None:
    how = Counter(row["how"] for row in plan["villages"])
    assert set(how) <= {"tegas", "jangkauan", "undian", "pemerataan", "eksplorasi", "wajib"}
    assert how["undian"]
    assert how["eksplorasi"]
    drawn = {row["kode"] for row in plan["tie_zone"] if row["terpilih"]}
    assert drawn == {row["kode"] for row in plan["villages"] if row["how"] == "undian"}


def test_anyone_can_draw_again_from_the_seed(plan: Plan) -> None:
    strata: dict[tuple[str, int, int], list[TiedVillage]] = {}
    for row in plan["tie_zone"]:
        strata.setdefault((row["kelompok"], row["tempat"], row["dari"]), []).append(row)
    assert strata
    for (_, places, of), rows in strata.items():
        assert of == len(rows) > places
        tickets = {row["kode"]: hashlib.sha256(f"{plan['seed']}|{row['kode']}".encode()).hexdigest() for row in rows}
        lowest = sorted(tickets, key=tickets.__getitem__)[:places]
        assert {row["kode"] for row in rows if row["terpilih"]} == set(lowest)


def test_the_same_seed_gives_the_same_plan_and_another_seed_another_draw(
    province: Any, demo_workspace: Workspace, plan: Plan
) -> None:
    again = make_plan(province, demo_workspace, PlanRequest(villages=100, explore=0.1), today=DAY)
    assert again == plan
    other = make_plan(province, demo_workspace, PlanRequest(villages=100, explore=0.1, seed="SK 12/2026"), today=DAY)
    assert other["seed"] == "SK 12/2026"
    drawn = [{row["kode"] for row in made["tie_zone"] if row["terpilih"]} for made in (plan, other)]
    assert drawn[0] != drawn[1]
    assert {row["kode"] for row in plan["tie_zone"]} == {row["kode"] for row in other["tie_zone"]}


def test_every_village_of_a_stratum_has_the_same_chance() -> None:
    codes = np.array([f"53.01.01.20{i:02d}" for i in range(10, 20)])
    wins = Counter(kode for seed in range(3000) for kode in draw(str(seed), codes, 3))
    assert max(abs(wins[kode] - 900) for kode in codes) < 120, "900 expected, standard deviation 25"
    assert place_in_draw("a", codes[0]) != place_in_draw("b", codes[0])


def test_musts_are_in_and_say_so(province: Any, demo_workspace: Workspace) -> None:
    worst = province.scores.table().sort_values("skor")["kode"].iloc[0]
    made = make_plan(province, demo_workspace, PlanRequest(villages=30, must=(worst,), explore=0.0), today=DAY)
    assert [row["how"] for row in made["villages"] if row["kode"] == worst] == ["wajib"]
    assert len(made["villages"]) == 30


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (PlanRequest(), "PLAN_BUDGET"),
        (PlanRequest(team_days=0), "PLAN_BUDGET"),
        (PlanRequest(team_days=5, villages=5), "PLAN_BUDGET"),
        (PlanRequest(villages=5, explore=1.0), "PLAN_SHARE"),
        (PlanRequest(villages=5, months=(13,)), "PLAN_MONTH"),
        (PlanRequest(villages=5, floor_per_kabupaten=-1), "PLAN_LIMIT"),
        (PlanRequest(villages=5, must=("53.99.01.2001",)), "PLAN_UNKNOWN"),
        (PlanRequest(villages=5, exclude={"99": "O1"}), "PLAN_UNKNOWN"),
        (PlanRequest(villages=5, exclude={"53.01": "O9"}), "PLAN_REASON"),
        (PlanRequest(villages=5, exclude={"53.01": "O4: jauh"}), "PLAN_REASON"),
        (PlanRequest(villages=5, exclude={"53.01": f"O4: {WORDS} hubungi 081234567890"}), "PLAN_REASON_PERSONAL"),
        (PlanRequest(villages=5, name="Zona merah TPPO"), "STIGMA"),
        (PlanRequest(villages=5, exclude={"53.01": "O1"}, must=("53.01.04.2003",)), "PLAN_CONFLICT"),
        (PlanRequest(team_days=3, floor_per_kabupaten=1), "PLAN_INFEASIBLE"),
        (PlanRequest(villages=50, floor_per_kabupaten=3, ceiling_per_kabupaten=2), "PLAN_RULES"),
        (PlanRequest(villages=5, exclude={f"53.{kab:02}": "O1" for kab in (*range(1, 22), 71)}), "PLAN_NOTHING_LEFT"),
        (PlanRequest(team_days=0.05), "PLAN_TOO_SMALL"),
        (PlanRequest(rupiah=5), "PLAN_TOO_SMALL"),
        (PlanRequest(villages=5, rupiah=5), "PLAN_BUDGET"),
        (PlanRequest(rupiah=1e6, floor_per_kabupaten=1), "PLAN_INFEASIBLE"),
        (PlanRequest(villages=5, must=("53.01.04.2003",), must_reasons={"53.01.04.2003": "O4: dekat"}), "PLAN_REASON"),
        (PlanRequest(villages=5, avoid={"53.20": (13,)}), "PLAN_MONTH"),
        (PlanRequest(villages=5, avoid={"99": (1,)}), "PLAN_UNKNOWN"),
        (PlanRequest(villages=5, effort_sources={"liku": "tanya 081234567890"}), "PLAN_REASON_PERSONAL"),
    ],
)
def test_requests_that_make_no_sense_are_refused_with_one_reason(
    province: Any, demo_workspace: Workspace, asked: PlanRequest, reason: str
) -> None:
    with pytest.raises(WrongUse) as refused:
        make_plan(province, demo_workspace, asked, today=DAY)
    assert refused.value.reason == reason


def test_local_knowledge_with_thirty_words_is_a_reason(province: Any, demo_workspace: Workspace) -> None:
    made = make_plan(province, demo_workspace, PlanRequest(villages=5, exclude={"53.01": f"O4: {WORDS}"}), today=DAY)
    assert not [row for row in made["villages"] if row["kode"].startswith("53.01.")]
    assert made["excluded"][0]["alasan"].startswith("O4")


def test_an_area_is_avoided_in_the_months_named_and_open_in_others(province: Any, demo_workspace: Workspace) -> None:
    request = PlanRequest(team_days=60, floor_per_kabupaten=1, avoid={"53.20": (1,)})
    made = make_plan(province, demo_workspace, request, today=DAY)
    sabu = [row for row in made["villages"] if row["kode"].startswith("53.20.")]
    assert sabu, "the plan may go there in other months"
    assert all(1 in row["musim_hindari"] for row in sabu)
    shut = make_plan(
        province, demo_workspace, PlanRequest(villages=20, months=(1,), avoid={"53.02": (1,)}, explore=0.0), today=DAY
    )
    assert not [row for row in shut["villages"] if row["kode"].startswith("53.02.")]


def test_rupiah_are_a_budget_and_every_village_has_its_price(province: Any, demo_workspace: Workspace) -> None:
    request = PlanRequest(
        rupiah=150e6, floor_per_kabupaten=1, explore=0.0, effort=changed(Effort(), {"rupiah_per_hari": "3000000"})
    )
    made = make_plan(province, demo_workspace, request, today=DAY)
    trips = {row["trip"]: row["trip_rp"] for row in made["villages"]}
    assert sum(row["biaya_rp"] for row in made["villages"]) + sum(trips.values()) <= made["used_rupiah"] + 1000
    assert made["used_rupiah"] <= 150e6
    assert any("Rp 150 juta" in sentence for sentence in made["binding"])
    floor = next(rule for rule in made["rules"] if rule["kunci"] == "rencana.batas.floor")
    assert len(floor["rincian"]) == floor["nilai"]["kabupaten"]
    assert sum(row["hari"] for row in floor["rincian"]) == pytest.approx(floor["nilai"]["hari"], abs=0.5)


def test_help_is_proposed_where_the_measure_is_held_and_said_to_be_lacking_elsewhere(plan: Plan) -> None:
    helped = plan["bantuan"]
    assert set(helped["tanpa_data"]) == {"ltsa", "purna"}, "no service points, no returned migrants in the data"
    assert set(helped["usulan"]) == {row["kode"] for row in plan["villages"]}
    used = {kind for chosen in helped["usulan"].values() for kind in chosen}
    assert used <= set(helped["dasar"]) == {"kredit", "pelatihan", "sebaya"}
    assert all(ground["sumber"] for ground in helped["dasar"].values())


def test_a_boat_and_a_long_road_cost_days_and_the_office_can_say_otherwise(
    province: Any, demo_workspace: Workspace
) -> None:
    travel = travel_table(province, demo_workspace)
    usual = team_days(travel, Effort())
    assert (usual["trip"] >= 0).all()
    assert (usual["desa"] >= Effort().jam_per_sesi / 8).all()
    by_sea = travel["laut_kab"].to_numpy()
    assert usual.loc[by_sea, "trip"].min() >= 1.0
    slow = team_days(travel, changed(Effort(), {"km_per_jam": "10"}))
    assert (slow["trip"] >= usual["trip"]).all()
    for pairs, reason in (
        ({"km_per_jam": "0"}, "BAD_ASSUMPTION"),
        ({"liku": "0,5"}, "BAD_ASSUMPTION"),
        ({"angin": "1"}, "UNKNOWN_ASSUMPTION"),
        ({"hari_laut": "x"}, "BAD_ASSUMPTION"),
    ):
        with pytest.raises(WrongUse) as refused:
            changed(Effort(), pairs)
        assert refused.value.reason == reason


def test_a_recent_session_lowers_what_a_village_is_worth(demo_copy: Workspace, tmp_path: Path) -> None:
    from campaign.intake.importing import commit, examine

    store = demo_copy.store()
    before = make_plan(store, demo_copy, PlanRequest(villages=20, explore=0.0), today=DAY)
    first = [row["kode"] for row in before["villages"] if row["how"] == "tegas"]
    held = tmp_path / "sesi.csv"
    held.write_text("Kode Desa,Tanggal,Peserta\n" + "".join(f"{kode},01/11/2026,40\n" for kode in first[:6]))
    commit(owner("ani"), examine("sesi", held, store, demo_copy), "sesi", store, demo_copy)
    after = make_plan(store, demo_copy, PlanRequest(villages=20, explore=0.0), today=DAY)
    store.close()
    assert len({row["kode"] for row in after["villages"]} & set(first[:6])) < 6


def test_islands_of_ntt_are_told_apart(province: Any, demo_workspace: Workspace) -> None:
    travel = travel_table(province, demo_workspace).set_index("kode")
    at = travel.groupby(travel.index.str[:5])["pulau"].agg(lambda names: names.mode().iloc[0])
    assert at[["53.02", "53.08", "53.11", "53.14", "53.20", "53.13"]].tolist() == [
        "Timor",
        "Flores",
        "Sumba",
        "Rote",
        "Sabu",
        "Lembata",
    ]
    assert travel.loc[travel.index.str.startswith("53.01.04"), "laut_kab"].all(), "Semau is reached by boat"
    assert not travel.loc[travel.index.str.startswith("53.02"), "laut_kab"].any()


def test_the_command_writes_the_plan_and_says_what_binds(
    demo_copy: Workspace, tmp_path: Path, peta_aman: Callable[..., tuple[int, dict[str, Any], str]]
) -> None:
    out = tmp_path / "rencana.json"
    code, said, words = peta_aman(
        "plan",
        "--team-days",
        "60",
        "--floor-per-kabupaten",
        "1",
        "--exclude",
        "53.20=O3",
        "--must",
        "53.01.04.2003=O6",
        "--avoid",
        "53.14=1,2,12",
        "--assume",
        "rupiah_per_sesi=750000:SBM kantor 2026",
        "--out",
        out,
        workspace=demo_copy,
    )
    assert code == 0
    plan = json.loads(out.read_text())
    assert {
        "version",
        "score_version",
        "seed",
        "team_days",
        "used_team_days",
        "objective",
        "villages",
        "tie_zone",
        "binding",
        "baselines",
    } <= set(plan)
    assert said["version"] == plan["version"]
    assert plan["used_team_days"] <= 60
    assert plan["wishes"]["must_reasons"] == {"53.01.04.2003": "O6"}
    assert plan["wishes"]["effort_sources"] == {"rupiah_per_sesi": "SBM kantor 2026"}
    assert all(12 in row["musim_hindari"] for row in plan["villages"] if row["kode"].startswith("53.14."))
    assert "DATA CONTOH" in words
    assert plan["version"] in words
    code, said, words = peta_aman(
        "plan", "--team-days", "2", "--floor-per-kabupaten", "1", "--out", out, workspace=demo_copy
    )
    assert (code, said["reason"]) == (2, "PLAN_INFEASIBLE")
    assert "hari tim" in words


def test_a_village_left_out_is_replaced_and_the_rest_of_the_plan_stays(
    province: Any, demo_workspace: Workspace, plan: Plan
) -> None:
    codes = [row["kode"] for row in plan["villages"]]
    gone = next(row["kode"] for row in plan["villages"] if row["how"] == "tegas")
    request = PlanRequest(villages=100, explore=0.1, exclude={gone: "O2"}, keep=tuple(codes))
    changed_plan = make_plan(province, demo_workspace, request, today=DAY)
    after = [row["kode"] for row in changed_plan["villages"]]
    assert gone not in after
    assert len(after) == 100
    assert len(set(after) - set(codes)) <= 3
