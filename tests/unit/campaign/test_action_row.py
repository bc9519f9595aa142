"""The plan as a row of the regional action plan, and the record of what was handed over."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import cast

import openpyxl
import pandas as pd
import pytest

from campaign.documents.action_row import RAD_BY_HAND, RAD_COLUMNS, action_row, kabupaten_lines, write_action_row
from campaign.documents.listing import arranged
from campaign.documents.listing.rows import list_rows, rule_sentences
from campaign.documents.listing.source import costs
from campaign.handover.lists import TargetList, listed
from campaign.handover.log import handed_over, in_words
from campaign.planning.plan_types import Plan
from data.batches import BatchMeta
from data.errors import WrongUse
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE, docx_text
from words.stigma import stigma


@pytest.fixture
def target_list(planned: Planned) -> TargetList:
    return listed(planned.store, planned.plan, today=MADE)


def held(planned: Planned, codes: list[str], men: int = 14) -> None:
    """Sessions held the day after the plan was made."""
    rows = pd.DataFrame(
        {
            "kode": codes,
            "tanggal": MADE + dt.timedelta(days=1),
            "topik": "PP59: a, d, k",
            "khalayak": "cpmi",
            "peserta_l": men,
            "peserta_p": 2,
            "pre": 50.0,
            "post": 71.0,
            "source": "uji",
        }
    )
    planned.store.records.commit(BatchMeta(jenis="sesi", source="uji", user="uji"), rows)


def test_the_row_says_targets_money_and_what_was_done(planned: Planned, target_list: TargetList) -> None:
    codes = [row["kode"] for row in target_list.plan["villages"]]
    before = action_row(target_list, planned.store)
    assert tuple(before) == RAD_COLUMNS
    assert before["rupiah"] == round(costs(target_list.plan).sum(), -3)
    assert "0 dari 30 desa" in before["realisasi"]
    assert "30 desa belum punya tanggal rencana" in before["lokus"]
    assert not any(before[name] for name in RAD_BY_HAND), "nothing is invented for the office"
    held(planned, codes[:9])
    after = action_row(target_list, planned.store)["realisasi"]
    assert "9 dari 30 desa" in after
    assert "peserta L 125" in after, "126 men, rounded as counts of people are"
    assert "P 20" in after, "18 women, rounded"
    assert "naik 21" in after
    lines = kabupaten_lines(target_list, planned.store)
    assert int(lines["terlaksana"].sum()) == 9
    assert int(lines["desa"].sum()) == 30
    assert lines["rupiah"].sum() == pytest.approx(before["rupiah"], abs=1000 * len(lines))


def test_few_people_are_not_told_exactly(planned: Planned, target_list: TargetList) -> None:
    held(planned, [target_list.plan["villages"][0]["kode"]], men=7)
    assert "L <10, P <10" in action_row(target_list, planned.store)["realisasi"]


def test_quarters_follow_the_planned_days(
    planned: Planned, target_list: TargetList, monkeypatch: pytest.MonkeyPatch
) -> None:
    from campaign.documents import action_row as room

    days = {row["kode"]: dt.date(2027, 1 + i % 12, 3) for i, row in enumerate(target_list.plan["villages"])}
    monkeypatch.setattr(room, "planned_days", lambda *_: days)
    row = action_row(target_list, planned.store)
    assert [row[f"tw{i}"] for i in (1, 2, 3, 4)] == [9, 9, 6, 6]
    assert "belum punya tanggal" not in row["lokus"]
    assert [arranged.quarter(dt.date(2027, month, 1)) for month in (1, 3, 4, 12)] == [1, 1, 2, 4]
    assert arranged.quarter_text(dt.date(2027, 8, 1)) == "III 2027"


def test_both_formats_hold_the_same_and_name_no_event(
    planned: Planned, target_list: TargetList, tmp_path: Path
) -> None:
    for name in ("rad.xlsx", "rad.docx"):
        write_action_row(target_list, planned.store, tmp_path / name)
    book = openpyxl.load_workbook(tmp_path / "rad.xlsx")
    assert book.sheetnames == ["RAD", "Rincian_Kab", "Metadata"]
    row = [cell.value for cell in book["RAD"][2]]
    text = docx_text(tmp_path / "rad.docx")
    assert len(row) == len(RAD_COLUMNS)
    for value in (row[3], row[9], row[14]):
        assert value in text
    assert target_list.sidik in text
    assert "DATA CONTOH" in text
    assert stigma(text) == []
    with pytest.raises(WrongUse):
        write_action_row(target_list, planned.store, tmp_path / "rad.csv")


def test_sessions_of_the_plan_show_in_the_list(planned: Planned, target_list: TargetList) -> None:
    first = target_list.plan["villages"][0]["kode"]
    before = list_rows(target_list, planned.store).set_index("kode_desa")
    assert before.at[first, "topik_belum"] == "a, b, c, d, e, f, g, h, i, j, k"
    held(planned, [first])
    rows = list_rows(target_list, planned.store).set_index("kode_desa")
    assert rows.at[first, "topik_belum"] == "b, c, e, f, g, h, i, j"
    assert rows.at[first, "status_plan"] == "terlaksana"
    assert set(rows["status_plan"].drop(first)) == {"usulan"}


def test_people_of_an_age_and_households_come_from_what_was_imported(planned: Planned, target_list: TargetList) -> None:
    first = target_list.plan["villages"][0]["kode"]
    year = {
        "level": "desa",
        "kode": first,
        "period_start": dt.date(2025, 1, 1),
        "period_end": dt.date(2025, 12, 31),
        "unit": "orang",
    }
    facts = pd.DataFrame(
        [
            {**year, "indikator": "penduduk_usia_15_35", "value": 1203.0, "row": 2},
            {**year, "indikator": "jumlah_kk", "value": 411.0, "row": 3},
        ]
    )
    planned.store.facts.commit(BatchMeta(jenis="indikator", source="BPS", user="uji"), facts)
    row = list_rows(target_list, planned.store).set_index("kode_desa").loc[first]
    assert (row["penduduk_15_35"], row["kk"]) == (1200, 410)


def test_what_left_is_listed_the_newest_first(planned: Planned) -> None:
    acts = (("a.csv", "koordinasi", "R1"), ("b.pdf", "penetapan", "D1"))
    for file, purpose, versi in acts:
        what = {"file": file, "what": "daftar", "versi": versi, "rows": 30, "purpose": purpose, "sha256": "ab" * 32}
        planned.store.audit.record("Kepala Bidang", "export", what)
    found = handed_over(planned.store)
    assert list(found["berkas"])[:2] == ["b.pdf", "a.csv"]
    assert list(handed_over(planned.store, "R1")["berkas"]) == ["a.csv"]
    said = in_words(found).iloc[0]
    assert (said["Siapa"], said["Tujuan"], said["Baris"]) == ("Kepala Bidang", "penetapan desa prioritas", "30")
    assert json.loads(planned.store.audit.trail().iloc[0]["what_json"])["purpose"] == "penetapan"


def test_the_rule_is_told_whatever_limited_the_plan(planned: Planned, target_list: TargetList) -> None:
    def told(**changes: object) -> str:
        request = {
            **target_list.plan["wishes"],
            **{name: changes.pop(name) for name in list(changes) if name in ("floor_per_island", "months", "avoid")},
        }
        plan = {**target_list.plan, "team_days": None, "villages_asked": None, **changes, "wishes": request}
        return " ".join(rule_sentences(dataclasses.replace(target_list, plan=cast(Plan, plan))))

    assert "Anggaran 120,0 hari tim" in told(team_days=120.0)
    assert "Anggaran Rp350.000.000" in told(rupiah=350_000_000.0)
    assert "Paling banyak 30 desa" in told(villages_asked=30)
    said = told(villages_asked=30, floor_per_island=2, months=[3, 4], avoid={"53.20": [1]})
    assert "Paling sedikit 2 desa di tiap pulau" in said
    assert "Maret–April" in said
    assert "1 wilayah yang disebut kantor" in said
