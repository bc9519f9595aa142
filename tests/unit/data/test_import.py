"""Files as offices lay them out, from the first look to the stored batch, in the fictional province 98."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from imports import CLEAN, Examine, faults, render, said, skips, stored, xlsx

from data.errors import Refused, WrongUse
from data.intake.examine import commit, examine, examine_content
from data.intake.examined import ImportOptions
from data.store.store import Store
from data.workspace import Workspace

FILES = Path(__file__).parent / "berkas"


# -- a clean file ----------------------------------------------------------------------------------------------


def test_a_clean_file_is_stored_whole_with_source_period_and_rows(look: Examine, filled: Store) -> None:
    found = look("kasus", CLEAN, source="Polres uji", as_of="2025-01-05")
    assert found.report.outcome == "ok"
    assert found.report.totals == {"jumlah": 3}
    name = commit(found, filled, "ani")
    assert (found.report.committed, found.report.batch) == (True, name)
    facts = filled.facts.read()
    assert facts["indikator"].unique().tolist() == ["tppo"]
    assert facts["row"].tolist() == [2, 3, 4]
    assert facts["value"].fillna(-1).tolist() == [3, -1, 0], "missing stays missing, nihil is a stated zero"
    assert facts["source"].unique().tolist() == ["Polres uji"]
    assert facts["period_end"].dt.date.unique().tolist() == [dt.date(2024, 12, 31)]
    card = filled.batches.all().iloc[0]
    assert (card["rows_read"], card["rows_ok"], card["user"], card["file_name"]) == (3, 3, "ani", "rekap.csv")
    assert len(card["sha256"]) == 64


def test_looking_writes_nothing_anywhere(look: Examine, filled: Store, workspace: Workspace) -> None:
    def content() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in workspace.path.rglob("*") if path.is_file()}

    filled.facts.read()
    before, state = content(), filled.state_key()
    look("kasus", CLEAN)
    look("kasus", CLEAN.replace("98.01.01.2001", "98.01.01.2777"))
    assert content() == before
    assert filled.state_key() == state


def test_the_report_is_the_object_the_interface_promises(look: Examine) -> None:
    body = look("kasus", CLEAN.replace("98.01.01.2003", "98.01.01.2999")).report.to_json(render)
    assert list(body) == [
        "outcome",
        "reason",
        "message",
        "committed",
        "batch",
        "rows_read",
        "rows_ok",
        "rows_error",
        "rows_skipped",
        "totals",
        "errors",
        "skipped",
        "warnings",
        "proposals",
    ]
    assert set(body["errors"][0]) == {"row", "column", "reason", "message"}
    assert body["errors"][0] | {"message": ""} == {
        "row": 4,
        "column": "Kode Desa",
        "reason": "UNKNOWN_CODE",
        "message": "",
    }
    assert "98.01.01.2999" in body["errors"][0]["message"]
    assert look("kasus", "").report.to_json(render)["outcome"] == "refused"


def test_two_officers_the_second_is_told(look: Examine, filled: Store) -> None:
    first, second = look("kasus", CLEAN), look("kasus", CLEAN)
    commit(first, filled, "ani")
    with pytest.raises(Refused) as fault:
        commit(second, filled, "budi")
    assert fault.value.reason == "DATA_CHANGED"
    assert len(filled.batches.all()) == 1


def test_the_very_same_file_again_is_remarked(look: Examine, filled: Store) -> None:
    name = commit(look("kasus", CLEAN), filled, "ani")
    assert "SAME_FILE" in said(look("kasus", CLEAN))
    filled.batches.undo(name, "ani")
    assert "SAME_FILE" not in said(look("kasus", CLEAN))


def test_wrong_use_is_not_a_refused_file(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CLEAN)
    for kind, options in (("ramalan", ImportOptions()), ("kasus", ImportOptions(as_of="kemarin"))):
        with pytest.raises(WrongUse):
            examine(kind, path, filled, options)
    assert examine("kasus", path, filled).report.outcome == "ok"


# -- how tables are laid out -----------------------------------------------------------------------------------


def test_titles_number_rows_totals_notes_and_signatures_are_skipped_and_named(look: Examine) -> None:
    found = look(
        "kasus",
        "REKAPITULASI KASUS TPPO TAHUN 2024,,\nKABUPATEN LONTAR,,\n,,\nNo,Kecamatan,Desa,Jml Kasus\n(1),(2),(3),(4)\n"
        "1,Bukit Batu,Sukamaju,3\n2,,Wae Rebo 2,2\n,Jumlah,,5\n3,Pantai Timur,Sukamaju,1\n,TOTAL,,6\n"
        'Sumber: Polres,,,\n"Lontar, 3 Januari 2025",,,\n,,Kepala Dinas,\n',
    )
    assert found.report.outcome == "ok"
    assert stored(found) == {("98.01.01.2001", "tppo"): 3, ("98.01.01.2003", "tppo"): 2, ("98.01.02.2001", "tppo"): 1}
    assert skips(found) == [
        (5, "NUMBER_ROW"),
        (8, "TOTAL_ROW"),
        (10, "TOTAL_ROW"),
        (11, "NOTE_ROW"),
        (12, "NOTE_ROW"),
        (13, "NOTE_ROW"),
    ]
    assert {"PERIOD_FROM_TITLE", "FILLED_DOWN"} <= said(found)
    assert found.rows["period_start"].unique().tolist() == [dt.date(2024, 1, 1)]


def test_a_totals_row_that_does_not_add_up_is_said(look: Examine) -> None:
    rows = "Kabupaten,Jumlah,Tahun\nKab. Lontar,3,2024\nCendana,2,2024\nJUMLAH,9,\n"
    assert "TOTAL_MISMATCH" in said(look("kasus", rows))
    assert "TOTAL_MISMATCH" not in said(look("kasus", rows.replace(",9,", ",5,")))


def test_merged_cells_two_row_headers_and_several_sheets(look: Examine, filled: Store) -> None:
    rows = [
        ["DATA PMI MENINGGAL"],
        ["No", "Wilayah", None, None, "Tahun 2024"],
        [None, "Kabupaten", "Kecamatan", "Desa", "Jumlah"],
        [1, "Kab. Lontar", "Bukit Batu", "Sukamaju", 2],
        [2, None, None, "Oe'sapa", 1],
        [3, "Cendana", "Lembah Sari", "Oesapa", 4],
    ]
    merged = ("B2:D2", "B4:B5", "C4:C5", "A2:A3")
    found = examine_content("kasus", xlsx(rows, merged), "rekap.xlsx", filled)
    assert found.report.errors == []
    assert found.report.outcome == "ok", found.report
    assert stored(found) == {
        ("98.01.01.2001", "pmi_meninggal"): 2,
        ("98.01.01.2004", "pmi_meninggal"): 1,
        ("98.02.02.2004", "pmi_meninggal"): 4,
    }
    book = openpyxl.load_workbook(io.BytesIO(xlsx(rows, merged)))
    book.copy_worksheet(book.worksheets[0]).title = "Salinan"
    book.create_sheet("Petunjuk").append(["isi dengan benar"])
    target = io.BytesIO()
    book.save(target)
    refused = examine_content("kasus", target.getvalue(), "rekap.xlsx", filled)
    assert refused.report.reason == "SHEET_CHOICE"
    assert "Salinan" in refused.report.params["sheets"]
    chosen = examine_content("kasus", target.getvalue(), "rekap.xlsx", filled, ImportOptions(sheet="Salinan"))
    assert chosen.report.totals == {"jumlah": 7}
    assert "OTHER_SHEETS" in said(chosen)


def test_section_lines_name_the_kecamatan_of_the_rows_below(look: Examine) -> None:
    found = look(
        "kasus",
        "Kabupaten Lontar 2024,\nDesa,Jumlah\nKecamatan Bukit Batu,\nSukamaju,3\nKecamatan Pantai Timur,\nSukamaju,4\n",
    )
    assert stored(found) == {("98.01.01.2001", "tppo"): 3, ("98.01.02.2001", "tppo"): 4}
    assert skips(found) == [(3, "SECTION_ROW"), (5, "SECTION_ROW")]


def test_an_old_xls_keeps_errors_and_uncomputed_formulas_out(filled: Store) -> None:
    found = examine("kasus", FILES / "rekap.xls", filled)
    assert faults(found) == [(6, "FORMULA_NO_VALUE"), (7, "CELL_ERROR")]
    assert skips(found) == [(9, "TOTAL_ROW")]
    assert {"HIDDEN_ROWS", "OTHER_SHEETS", "PERIOD_FROM_TITLE"} <= said(found)
    assert found.report.totals == {"jumlah": 9}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("apa,saja\nini,itu\n", "HEADER_UNCLEAR"),
        ("Kode Desa,Jumlah\n", "NO_ROWS"),
        ("Kode Desa,Desa\n98.01.01.2001,Sukamaju\n", "MISSING_COLUMN"),
        ("Kode Desa,Jumlah\n98.01.01.2001,3\n", "PERIOD"),
        ("Kode Desa,Jumlah,Jml,Tahun\n98.01.01.2001,3,4,2024\n", "AMBIGUOUS_COLUMN"),
        ("Kode Desa,Kasus TPPO,Korban TPPO,Tahun\n98.01.01.2001,3,4,2024\n", "AMBIGUOUS_COLUMN"),
        ("Kode Desa,Januari,Februari,Maret\n98.01.01.2001,3,4,5\n", "WIDE_FORMAT"),
        ("Kode,Jumlah,Tahun\n9801,3,2024\n9802,4,2024\n", "CODE_SYSTEM_MISMATCH"),
        ("Jumlah,Tahun\n3,2024\n", "HEADER_UNCLEAR"),
    ],
)
def test_files_that_cannot_be_understood_are_refused_with_the_reason(look: Examine, content: str, reason: str) -> None:
    found = look("kasus", content)
    assert (found.report.outcome, found.report.reason) == ("refused", reason)
    assert found.rows.empty


def test_a_person_may_name_the_columns(look: Examine) -> None:
    content = "Ini,Itu,Anu\n98.01.01.2001,3,2024\n98.01.01.2002,4,2024\n"
    named = {"kode": "Ini", "jumlah": "Itu", "tahun": "Anu"}
    assert look("kasus", content).report.reason == "HEADER_UNCLEAR"
    assert look("kasus", content, columns=named).report.totals == {"jumlah": 7}
    assert look("kasus", content, columns=named | {"kode": "Tiada"}).report.reason == "COLUMN_MAPPING"
    assert look("kasus", content, columns=named | {"warna": "Ini"}).report.reason == "COLUMN_MAPPING"
    twice = "Kode Desa,Jumlah,Jml,Tahun\n98.01.01.2001,3,4,2024\n"
    assert look("kasus", twice, columns={"jumlah": "Jml"}).report.totals == {"jumlah": 4}


def test_year_columns_become_rows(look: Examine) -> None:
    found = look("kasus", "Kode;2022;2023;2024\n98.01.01;3;4;5\n98.02.01;1;;2\n")
    assert found.report.totals == {"jumlah": 15}
    assert "WIDE_UNPIVOTED" in said(found)
    years = found.rows.groupby("kode")["period_start"].apply(lambda column: [day.year for day in column])
    assert years["98.01.01"] == [2022, 2023, 2024]
    assert found.rows["value"].isna().sum() == 1
