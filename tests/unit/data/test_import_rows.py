"""Rows of a file: what each fault is called, what is stored, what is handed back; and no row is ever lost."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imports import CLEAN, Examine, faults, said, skips, stored
from province98 import make_gazetteer

from data.batches import BatchMeta
from data.errors import Refused
from data.intake.examine import commit, examine_content
from data.store.store import Store

# -- rows ------------------------------------------------------------------------------------------------------


def test_all_faults_of_all_rows_are_listed_at_once(look: Examine) -> None:
    found = look(
        "kasus",
        "Kode Desa,Desa,Jumlah,Tahun\n"
        "98.01.01.2001,Wae Rebo II,3,2024\n98.01.01.2777,,1,2024\n9.80101E+09,,1,2024\n53.01.01.2001,,1,2024\n"
        '98.01.01,,1,2024\n98.01.01.2001,,tiga,2024\n98.01.01.2002,,"1,5",2024\n98.01.01.2003,,-1,2024\n'
        "98.01.01.2004,,#REF!,2024\n98.01.02.2001,,1,2031\n98.01.02.2002,,1,dulu\n98.01.02.2003,,1,1950\n"
        "98.02.01.2001,,1,2024\n98.02.01.2001,,1,2024\n98.02.01.2002,,1,2024,lebih\nxyz,,abc,2024\n",
    )
    assert faults(found) == [
        (2, "NAME_CODE_MISMATCH"),
        (3, "UNKNOWN_CODE"),
        (4, "CODE_PRECISION_LOST"),
        (5, "OUTSIDE_PROVINCE"),
        (6, "WRONG_LEVEL"),
        (7, "NOT_A_NUMBER"),
        (8, "NOT_INTEGER"),
        (9, "NEGATIVE"),
        (10, "CELL_ERROR"),
        (11, "DATE_FUTURE"),
        (12, "PERIOD"),
        (13, "DATE_OUT_OF_RANGE"),
        (15, "DUPLICATE_KEY"),
        (16, "COLUMN_COUNT"),
        (17, "BAD_CODE"),
        (17, "NOT_A_NUMBER"),
    ]
    assert found.report.rows_ok == 1
    assert stored(found) == {("98.02.01.2001", "tppo"): 1}


def test_the_same_figure_twice_with_two_values_stores_neither(look: Examine) -> None:
    found = look("kasus", "Kode Desa,Jumlah,Tahun\n98.01.01.2001,3,2024\n98.01.01.2001,4,2024\n98.01.01.2002,1,2024\n")
    assert sorted(faults(found)) == [(2, "DUPLICATE_KEY"), (3, "DUPLICATE_KEY")]
    assert found.report.totals == {"jumlah": 1}


def test_valid_rows_only_stores_them_and_hands_the_rest_back(look: Examine, filled: Store) -> None:
    found = look("kasus", CLEAN.replace("98.01.01.2003", "98.01.01.2999"))
    assert found.report.outcome == "row_errors"
    assert found.refused_rows == [
        ["Kode Desa", "Desa", "Jumlah Kasus TPPO", "Tahun", "baris", "alasan"],
        ["98.01.01.2999", "Wae Rebo II", "nihil", "2024", 4, "UNKNOWN_CODE"],
    ]
    commit(found, filled, "ani")
    assert filled.facts.read()["row"].tolist() == [2, 3]
    assert filled.batches.all()[["rows_read", "rows_ok", "rows_error"]].iloc[0].tolist() == [3, 2, 1]


def test_a_refused_file_cannot_be_stored(look: Examine, filled: Store) -> None:
    with pytest.raises(Refused) as fault:
        commit(look("kasus", ""), filled, "ani")
    assert fault.value.reason == "EMPTY_FILE"
    with pytest.raises(Refused):
        commit(look("kasus", "Kode Desa,Jumlah,Tahun\n98.01.01.2999,1,2024\n"), filled, "ani")
    assert filled.batches.all().empty


def test_more_people_than_live_there_is_an_error(look: Examine, filled: Store) -> None:
    row = "Kode Desa,Jumlah Penduduk Miskin,Tahun\n98.01.01.2001,{},2024\n"
    assert look("kemiskinan", row.format("1.100")).report.outcome == "ok"
    found = look("kemiskinan", row.format("1.101"))
    assert faults(found) == [(2, "EXCEEDS_POPULATION")]
    assert look("kemiskinan", row.format("9.999").replace("2001", "2004")).report.outcome == "ok", (
        "population not known"
    )
    people = look("indikator", "Kode Desa,Jumlah Penduduk,Tahun\n98.01.01.2004,500,2024\n")
    commit(people, filled, "ani")
    assert faults(look("kemiskinan", row.format("501").replace("2001", "2004"))) == [(2, "EXCEEDS_POPULATION")]


def test_demonstration_population_judges_nobodys_file(look: Examine, filled: Store) -> None:
    rows = pd.DataFrame(
        {
            "indikator": "penduduk",
            "level": "desa",
            "kode": ["98.01.01.2004"],
            "value": [10.0],
            "period_start": dt.date(2024, 1, 1),
            "period_end": dt.date(2024, 12, 31),
        }
    )
    filled.facts.commit(BatchMeta("indikator", "DATA CONTOH", data_contoh=True), rows)
    assert look("kasus", "Kode Desa,Jumlah,Tahun\n98.01.01.2004,11,2024\n").report.outcome == "ok"


def test_records_known_only_to_kecamatan_or_kabupaten_stay_at_that_level(look: Examine) -> None:
    found = look(
        "kasus",
        "Kabupaten,Kecamatan,Desa,Jumlah,Tahun\nKab. Lontar,Bukit Batu,Sukamaju,1,2024\n"
        "Kab. Lontar,Bukit Batu,-,2,2024\n"
        "Cendana,tidak diketahui,,3,2024\n",
    )
    assert found.rows[["kode", "level", "value"]].to_numpy().tolist() == [
        ["98.01.01.2001", "desa", 1],
        ["98.01.01", "kecamatan", 2],
        ["98.02", "kabupaten", 3],
    ]


def test_a_misspelt_name_is_proposed_and_never_stored(look: Examine) -> None:
    found = look("kasus", "Kabupaten,Kecamatan,Desa,Jumlah,Tahun\nKab. Lontar,Bukit Batu,Sukamajo,1,2024\n")
    assert faults(found) == [(2, "AMBIGUOUS_NAME")]
    proposal = found.report.proposals[0]
    assert (proposal.row, proposal.value, proposal.kode) == (2, "Sukamajo", "98.01.01.2001")
    assert 0.8 < proposal.similarity < 1
    assert found.rows.empty


def test_bps_codes_land_on_the_right_villages(look: Examine) -> None:
    gazetteer = make_gazetteer()
    for header, prefix in (("iddesa", ""), ("ADM4_PCODE", "ID"), ("Kode Desa", "")):
        lines = [f"{prefix}{row.kode_bps},{row.nama.upper()},{n},2024" for n, row in enumerate(gazetteer.itertuples())]
        found = look("kasus", f"{header},nmdesa,jumlah,tahun\n" + "\n".join(lines))
        assert found.report.errors == []
        assert found.rows["kode"].tolist() == gazetteer["kode"].tolist()
        assert "CODE_SYSTEM_BPS" in said(found)


def test_retired_codes_go_to_their_successors_and_that_is_said(look: Examine) -> None:
    found = look("kasus", "Kode Desa,Jumlah,Tahun\n98.01.01.2903,2,2024\n")
    assert found.rows["kode"].tolist() == ["98.01.01.2003"]
    assert "RETIRED_CODE" in said(found)


@pytest.mark.parametrize(
    ("cell", "reason"), [("Suka\x02maju", "CONTROL_CHAR"), ("Suka\ufffdmaju", "ENCODING"), ("x" * 501, "TOO_LONG")]
)
def test_damaged_text_is_not_stored(look: Examine, cell: str, reason: str) -> None:
    found = look("kasus", f"Kode Desa,Jumlah,Tahun,Sumber\n98.01.01.2001,2,2024,{cell}\n")
    assert faults(found) == [(2, reason)]


def test_subtotals_in_their_own_rows_are_skipped_and_other_coarse_rows_stay(look: Examine) -> None:
    rows = (
        "Kabupaten,Kecamatan,Desa,Jumlah,Tahun\nKab. Lontar,Bukit Batu,,{},2024\n"
        "Kab. Lontar,Bukit Batu,Sukamaju,2,2024\nKab. Lontar,Bukit Batu,Wae Rebo II,3,2024\n"
    )
    summed = look("kasus", rows.format(5))
    assert skips(summed) == [(2, "TOTAL_ROW")]
    assert summed.report.totals == {"jumlah": 5}
    apart = look("kasus", rows.format(4))
    assert skips(apart) == []
    assert apart.rows["level"].tolist() == ["kecamatan", "desa", "desa"]


def test_remarks_beside_cases_are_not_stored(look: Examine) -> None:
    row = "Kode Desa,Jumlah,Tahun,Keterangan\n98.01.01.2001,2,2024,warga dusun atas\n"
    found = look("kasus", row)
    assert found.rows["note"].tolist() == [""]
    assert "COLUMN_IGNORED" in said(found)
    assert "dusun" not in str(found.meta) + str(found.report.to_store())
    assert look("kemiskinan", row).rows["note"].tolist() == [""]
    of_places = row.replace("Jumlah", "Penduduk").replace("warga dusun atas", "hasil sensus")
    assert look("indikator", of_places).rows["note"].tolist() == ["hasil sensus"]


def test_a_kabupaten_named_like_its_town_is_settled_by_its_kecamatan(look: Examine) -> None:
    found = look("kasus", "Kabupaten,Kecamatan,Desa,Jumlah,Tahun\nLontar,Kota Raja,Sukamaju,2,2024\nLontar,,,1,2024\n")
    assert found.rows["kode"].tolist() == ["98.71.01.1001"]
    assert faults(found) == [(3, "AMBIGUOUS_NAME")]


# -- no row is lost, whatever is in it -------------------------------------------------------------------------

GAZETTEER = make_gazetteer()
codes = st.one_of(
    st.sampled_from(GAZETTEER["kode"].tolist()),
    st.sampled_from(["", "98.01", "98.01.01", "98.01.01.2999", "1,5E+09", "JUMLAH"]),
)
names = st.one_of(st.sampled_from(GAZETTEER["nama"].tolist()), st.sampled_from(["", "Entah", "TOTAL", "Sumber: BPS"]))
numbers = st.sampled_from(["0", "3", "1.234", "12,5", "-", "", "nihil", "tiga", "-1", "#N/A", "1e3"])
years = st.sampled_from(["2023", "2024", "2031", "", "dulu"])


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(codes, names, numbers, years), min_size=1, max_size=12))
def test_rows_in_are_rows_stored_refused_or_skipped(filled: Store, rows: list[tuple[str, str, str, str]]) -> None:
    body = "\n".join(";".join(row) for row in rows)
    found = examine_content("kasus", f"Kode Desa;Desa;Jumlah;Tahun\n{body}\n".encode(), "a.csv", filled)
    report = found.report
    if report.outcome == "refused":
        assert report.reason in ("NO_ROWS", "CODE_SYSTEM_MISMATCH", "EMPTY_FILE")
        return
    filled_rows = [number for number, row in enumerate(rows, start=2) if any(row)]
    assert report.rows_read == len(filled_rows)
    assert report.rows_read == report.rows_ok + report.rows_error + report.rows_skipped
    told = {issue.row for issue in report.errors} | {issue.row for issue in report.skipped}
    assert set(found.rows["row"] if len(found.rows) else []) == set(filled_rows) - told
    assert report.totals.get("jumlah", 0) == pytest.approx(found.rows["value"].sum() if len(found.rows) else 0)
