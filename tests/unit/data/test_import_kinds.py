"""Cases, departures, poverty and free indicators as the offices that own them write them."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest
from imports import Examine, faults, said, stored

from data.domain.kinds import fact_kinds
from data.intake.examine import examine_content
from data.intake.header.indicators import indicator_key
from data.store.store import Store
from words import catalogue

# -- kinds -----------------------------------------------------------------------------------------------------


def test_cases_by_kind_and_period_and_recaps_so_far_are_cumulative(look: Examine) -> None:
    found = look(
        "kasus",
        "Kabupaten,Jenis,Periode Awal,Periode Akhir,Jumlah\nCendana,PMI meninggal,01/01/2024,30/11/2024,9\n"
        "Cendana,TPPO,01/01/2024,31/12/2024,3\nCendana,PMI terkendala,01/04/2024,30/06/2024,4\n"
        "Cendana,lain,01/01/2024,31/12/2024,4\n",
    )
    assert faults(found) == [(5, "OUT_OF_RANGE")]
    assert found.rows[["indikator", "cumulative"]].to_numpy().tolist() == [
        ["pmi_meninggal", True],
        ["tppo", False],
        ["pmi_bermasalah", False],
    ]


def test_a_recap_without_a_period_takes_the_as_of_date(look: Examine) -> None:
    found = look("kasus", "Kabupaten,Jumlah (Orang)\nCendana,9\n", as_of=dt.date(2024, 11, 30))
    assert found.rows[["period_start", "period_end", "cumulative"]].to_numpy().tolist() == [
        [dt.date(2024, 1, 1), dt.date(2024, 11, 30), True]
    ]
    assert {"PERIOD_FROM_AS_OF", "JENIS_ASSUMED"} <= said(found)


def test_departures_through_and_outside_the_procedure(look: Examine) -> None:
    wide = look("keberangkatan", "Kabupaten;Prosedural;Non Prosedural;Jumlah;Tahun\nCendana;12;30;42;2024\n")
    assert stored(wide) == {("98.02", "prosedural"): 12, ("98.02", "nonprosedural"): 30}
    long = look(
        "keberangkatan", "Kabupaten,Status Penempatan,Jumlah PMI,Tahun\nCendana,Ilegal,7,2024\nCendana,Resmi,5,2024\n"
    )
    assert stored(long) == {("98.02", "nonprosedural"): 7, ("98.02", "prosedural"): 5}


def test_poverty_in_people_households_and_percent(look: Examine) -> None:
    found = look(
        "kemiskinan",
        "Kode Wilayah;Kabupaten;Jumlah Penduduk Miskin (jiwa);Jumlah KK Miskin;Persentase Penduduk Miskin (%);"
        "Garis Kemiskinan;Tahun\n"
        "98.01;Kab. Lontar;1.234;210;21,37;450.000;2024\n98.02;Cendana;987;300;-;460.000;2024\n",
    )
    assert stored(found) == {
        ("98.01", "penduduk_miskin"): 1234,
        ("98.01", "rumah_tangga_miskin"): 210,
        ("98.01", "persen_miskin"): 21.37,
        ("98.02", "penduduk_miskin"): 987,
        ("98.02", "rumah_tangga_miskin"): 300,
        ("98.02", "persen_miskin"): None,
    }
    over = look("kemiskinan", "Kode Wilayah,P0,Tahun\n98.01.01,130.5,2024\n")
    assert faults(over) == [(2, "OUT_OF_RANGE")]


def test_shares_and_percentages_are_not_confused(look: Examine, filled: Store) -> None:
    shares = (
        "Kode Desa,Persentase Miskin,Tahun\n98.01.01.2001,0.21,2024\n98.01.01.2002,0.3,2024\n98.01.01.2003,0.05,2024\n"
    )
    found = look("kemiskinan", shares)
    assert "PERCENT_FROM_SHARE" in said(found)
    assert found.rows["value"].tolist() == pytest.approx([21, 30, 5])
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Kode Desa", "Persentase Miskin", "Tahun"], ["98.01.01.2001", 0.2125, 2024]):
        sheet.append(row)
    sheet["B2"].number_format = "0.00%"
    target = io.BytesIO()
    book.save(target)
    formatted = examine_content("kemiskinan", target.getvalue(), "p.xlsx", filled)
    assert formatted.rows["value"].tolist() == pytest.approx([21.25])


def test_indicators_long_and_wide(look: Examine) -> None:
    long = look(
        "indikator",
        "kab_code,kab_name,indicator,year,value,unit,quality,note,source\n"
        "98.01,Kabupaten Lontar,hdi_ipm,2024,63.5,index,ok,catatan,BPS\n"
        "98.01,Kabupaten Lontar,hdi_ipm,2024,63.7,index,,,pers\n"
        "98.02,Kabupaten Cendana,stunting_rate,2024,31.2,percent,,,BPS\n",
    )
    assert long.report.outcome == "ok", "sources that disagree are both kept"
    assert long.rows["indikator"].tolist() == ["ipm", "ipm", "stunting_rate"]
    assert long.rows["note"].tolist()[0] == "ok; catatan"
    wide = look(
        "indikator", "KODE_DESA,NAMA_DESA,NILAI_IDM_2024,IKS_2024,STATUS_IDM_2024\n9801012001,SUKAMAJU,0.62,0.7,MAJU\n"
    )
    assert stored(wide) == {("98.01.01.2001", "idm"): 0.62, ("98.01.01.2001", "iks"): 0.7}
    assert wide.rows["period_start"].unique().tolist() == [dt.date(2024, 1, 1)]
    assert "COLUMN_IGNORED" in said(wide)
    over = look("indikator", "Kode Desa,IDM,Tahun\n98.01.01.2001,62,2024\n")
    assert faults(over) == [(2, "OUT_OF_RANGE")]


def test_keys_of_indicators() -> None:
    assert indicator_key("Nilai_IDM_2024") == "idm"
    assert indicator_key("Jumlah Penduduk (Jiwa)") == "penduduk"
    assert indicator_key("Akses Jalan Aspal") == "akses_jalan_aspal"


def test_every_kind_and_every_reason_of_the_interface_has_its_words() -> None:
    reasons = """EMPTY_FILE NO_ROWS ENCRYPTED CORRUPT_FILE TYPE_MISMATCH UNSUPPORTED_FORMAT ZIP_BOMB XML_BOMB ZIP_PATH
    TOO_LARGE SHEET_CHOICE LAYER_CHOICE MALFORMED_CSV ENCODING HEADER_UNCLEAR MISSING_COLUMN
    AMBIGUOUS_COLUMN COLUMN_MAPPING WIDE_FORMAT CODE_SYSTEM_MISMATCH AMBIGUOUS_NUMBER PERIOD PII_COLUMN
    PII_VALUE CRS CRS_UNKNOWN CRS_MISMATCH AXIS_SWAPPED MISSING_SIDECAR DRIVER_NOT_ALLOWED WRONG_LEVEL
    BAD_CODE UNKNOWN_CODE CODE_PRECISION_LOST OUTSIDE_PROVINCE NAME_CODE_MISMATCH AMBIGUOUS_NAME
    DUPLICATE_KEY NOT_A_NUMBER NOT_INTEGER NEGATIVE OUT_OF_RANGE EXCEEDS_POPULATION CELL_ERROR
    FORMULA_NO_VALUE DATE_UNPARSEABLE DATE_FUTURE DATE_OUT_OF_RANGE CONTROL_CHAR COLUMN_COUNT TOO_LONG
    COORD_MISSING OUTSIDE_VILLAGE GEOM_EMPTY GEOM_INVALID GEOM_TYPE OVERLAP TOO_COMPLEX TOTAL_ROW
    HIDDEN_ROWS"""
    assert [reason for reason in reasons.split() if f"intake.{reason}" not in catalogue()] == []
    assert set(fact_kinds()) == {"kasus", "keberangkatan", "kemiskinan", "indikator"}


def test_a_village_that_bears_a_provinces_name_is_no_total(filled: Store, gazetteer: pd.DataFrame) -> None:
    filled.gazetteer.replace(gazetteer.assign(nama=gazetteer["nama"].replace("Oe'sapa", "Gorontalo")))
    rows = "Kabupaten,Kecamatan,Desa,Jumlah,Tahun\nKab. Lontar,Bukit Batu,Gorontalo,2,2024\nINDONESIA,,,9,2024\n"
    found = examine_content("kasus", rows.encode(), "a.csv", filled)
    assert found.rows["kode"].tolist() == ["98.01.01.2004"]
    assert [(issue.row, issue.reason) for issue in found.report.skipped] == [(3, "TOTAL_ROW")]


def test_a_column_of_provinces_makes_no_row_a_total(look: Examine, filled: Store, gazetteer: pd.DataFrame) -> None:
    rows = "Provinsi,Kabupaten,Kecamatan,Desa,Jumlah,Tahun\nNTT,Lontar,Kota Raja,Sukamaju,3,2024\n"
    assert [issue.reason for issue in look("kasus", rows).report.errors] == ["OUTSIDE_PROVINCE"], "98 is not NTT"
    unknown = look("kasus", rows.replace("NTT", "Khayalan"))
    assert unknown.rows["kode"].tolist() == ["98.71.01.1001"]


def test_the_sum_of_a_province_beside_its_kabupaten_is_a_total(look: Examine) -> None:
    found = look(
        "kasus", "KODE;WILAYAH;JUMLAH;TAHUN\n98;KHAYALAN;10;2024\n98.01;KAB. LONTAR;6;2024\n98.02;CENDANA;4;2024\n"
    )
    assert found.report.totals == {"jumlah": 10}
    assert [(issue.row, issue.reason) for issue in found.report.skipped] == [(2, "TOTAL_ROW")]


def test_what_a_table_is_about_goes_without_saying_in_its_columns(look: Examine) -> None:
    households = look("kemiskinan", "Kode Desa;Jumlah KK;Tahun\n98.01.01.2001;12;2024\n")
    assert stored(households) == {("98.01.01.2001", "rumah_tangga_miskin"): 12}
    titled = look(
        "indikator", "IPM menurut kabupaten,,\nKabupaten,2022,2023\nCendana,63.1,63.9\nKab. Lontar,62.0,62.5\n"
    )
    assert titled.rows["indikator"].unique().tolist() == ["ipm"]
    assert len(titled.rows) == 4
    assert "JENIS_ASSUMED" in said(titled)
    assert look("indikator", "Kabupaten,2022,2023\nCendana,63.1,63.9\n").report.reason == "MISSING_COLUMN"
