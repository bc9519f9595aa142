"""Sessions held: read as offices write them, only counts of people are kept."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from imports import Examine, faults, said, skips

from data.intake.examine import commit
from data.store.store import Store

TABLE = """Kode Desa;Desa;Kecamatan;Tanggal Kegiatan;Materi;Peserta L;Peserta P;Nilai Pre Test;Nilai Post Test;Dirujuk
98.01.01.2001;Sukamaju;Bukit Batu;14/03/2025;Migrasi aman;12;18;41,5;72;2
9801012002;Tanah Merah Bukit;Bukit Batu;3 April 2025;Migrasi aman;-;;;;
;Wae Rebo II;Bukit Batu;2025-04-09;;7;5;;;0
JUMLAH;;;;;19;23;;;2
"""


def test_sessions_are_stored_and_taken_back(filled: Store, look: Examine) -> None:
    found = look("sesi", "KABUPATEN LONTAR;;;;;;;;;\n" + TABLE)
    assert (found.report.outcome, found.report.rows_ok) == ("ok", 3), found.report.errors
    assert skips(found) == [(6, "TOTAL_ROW")]
    assert found.report.totals == {"sesi": 3, "peserta": 42, "rujukan": 2}
    before = filled.table_hashes()
    batch = commit(found, filled, "ani")
    kept = filled.records.read("sesi")
    assert kept["kode"].tolist() == ["98.01.01.2001", "98.01.01.2002", "98.01.01.2003"]
    assert kept["tanggal"].tolist() == [dt.date(2025, 3, 14), dt.date(2025, 4, 3), dt.date(2025, 4, 9)]
    assert kept["peserta"].tolist() == [30, pd.NA, 12]
    assert (kept["pre"].iloc[0], kept["post"].iloc[0]) == (41.5, 72)
    assert kept["rujukan"].tolist() == [2, pd.NA, 0]
    assert kept["source"].unique().tolist() == ["rekap.csv"]
    filled.batches.undo(batch, "ani")
    assert filled.table_hashes() == before


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("14/03/2025", "14/03/2124", "DATE_FUTURE"),
        ("14/03/2025", "14/03/1925", "DATE_OUT_OF_RANGE"),
        ("14/03/2025", "kemarin", "DATE_UNPARSEABLE"),
        ("14/03/2025", "", "DATE_UNPARSEABLE"),
        (";12;18;", ";-12;18;", "NEGATIVE"),
        (";12;18;", ";12,5;18;", "NOT_INTEGER"),
        (";12;18;", ";banyak;18;", "NOT_A_NUMBER"),
        (";12;18;", ";900;900;", "EXCEEDS_POPULATION"),
        ("41,5", "141,5", "OUT_OF_RANGE"),
        ("98.01.01.2001", "98.01.01", "WRONG_LEVEL"),
        ("98.01.01.2001", "98.01.01.2999", "UNKNOWN_CODE"),
        ("98.01.01.2001", "98.01.02.2004", "NAME_CODE_MISMATCH"),
    ],
)
def test_wrong_rows_are_told(look: Examine, old: str, new: str, reason: str) -> None:
    found = look("sesi", "KABUPATEN LONTAR;;;;;;;;;\n" + TABLE.replace(old, new, 1))
    assert (3, reason) in faults(found)
    assert {row for row, _ in faults(found)} == {3}


def test_the_same_session_twice_and_a_total_that_does_not_add_up(look: Examine) -> None:
    header = "kode,tanggal,laki-laki,perempuan,jumlah peserta\n"
    found = look("sesi", header + "98.01.01.2001,1/2/2025,10,10,20\n98.01.01.2001,01-02-2025,10,10,20\n")
    assert faults(found) == [(3, "DUPLICATE_KEY")]
    assert faults(look("sesi", header + "98.01.01.2001,1/2/2025,10,10,25\n")) == [(2, "OUT_OF_RANGE")]


def test_people_do_not_come_in(look: Examine) -> None:
    row = "98.01.01.2001,1/2/2025,12,{}\n"
    for header in ("nama peserta", "Nama Narasumber"):
        found = look("sesi", f"kode,tanggal,peserta,{header}\n" + row.format("Maria"))
        assert found.report.reason == "PII_COLUMN"
    assert look("sesi", "kode,tanggal,peserta,NIK\n" + row.format("x")).report.reason == "PII_COLUMN"
    assert (
        look("sesi", "kode,tanggal,peserta,topik\n" + row.format("hubungi 081234567890")).report.reason == "PII_VALUE"
    )
    found = look("sesi", "kode,tanggal,peserta,fasilitator\n" + row.format("Maria Goreti"))
    assert "COLUMN_IGNORED" in said(found)
    assert "Maria" not in found.rows.to_csv()


def test_rows_of_a_template_nobody_filled_in_are_passed_over(look: Examine) -> None:
    found = look("sesi", "kode,desa,tanggal,peserta\n98.01.01.2001,Sukamaju,1/2/2025,9\n98.01.01.2003,Wae Rebo II,,\n")
    assert (found.report.outcome, skips(found)) == ("ok", [(3, "ROW_NOT_FILLED")])


def test_what_no_list_of_sessions_is(look: Examine) -> None:
    assert look("sesi", "kode,peserta\n98.01.01.2001,9\n").report.params == {"field": "tanggal"}
    assert look("sesi", "tanggal,peserta\n1/2/2025,9\n").report.params == {"field": "kode_desa"}
