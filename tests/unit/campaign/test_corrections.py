"""The rows with errors as the officer's own file: corrected and sent again, they go in."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from campaign.intake.corrections import corrections_workbook, write_corrections
from data.intake.examine import commit, examine_content
from data.workspace import Workspace

Run = Callable[..., tuple[int, dict[str, Any], str]]

TITLED: list[list[Any]] = [
    ["REKAP KASUS TPPO KABUPATEN KUPANG TAHUN 2024"],
    ["No", "Kode Desa", "Desa", "Kecamatan", "Jumlah Kasus"],
    [1, "53.01.04.2003", "Bokonusan", "Semau", 2],
    [2, "53.01.04.2004", "Otan", "Semau", "tiga"],
    [3, "53.01.04.2999", "Uitao", "Semau", 1],
    [4, "53.01.04.2006", "=1+1", "Semau", -1],
]


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_corrected_rows_go_in(demo_copy: Workspace) -> None:
    store = demo_copy.store()
    found = examine_content("kasus", workbook([*TITLED[:5]]), "rekap.xlsx", store)
    assert found.report.rows_error == 2
    content = corrections_workbook(found)
    assert content is not None
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "REKAP KASUS TPPO KABUPATEN KUPANG TAHUN 2024"
    assert rows[1][-2:] == ["baris", "alasan"]
    assert [row[-2] for row in rows[2:]] == [4, 5]
    assert rows[2][:5] == [2, "53.01.04.2004", "Otan", "Semau", "tiga"]
    assert "Jumlah Kasus: tiga bukan angka." in rows[2][-1]
    assert "53.01.04.2999" in rows[3][-1]
    again = examine_content("kasus", content, "perbaikan.xlsx", store)
    assert [issue.reason for issue in again.report.errors] == [issue.reason for issue in found.report.errors]
    sheet["E3"], sheet["B4"] = 3, "53.01.04.2005"
    target = io.BytesIO()
    book.save(target)
    mended = examine_content("kasus", target.getvalue(), "perbaikan.xlsx", store)
    assert (mended.report.outcome, mended.report.rows_ok) == ("ok", 2), mended.report.errors
    assert mended.rows["value"].tolist() == [3, 1]
    commit(mended, store, "ani")
    store.close()


def test_nothing_to_correct_gives_no_file(demo_copy: Workspace, tmp_path: Path) -> None:
    store = demo_copy.store()
    clean = examine_content("kasus", workbook(TITLED[:3]), "rekap.xlsx", store)
    assert corrections_workbook(clean) is None
    refused = examine_content("kasus", b"", "kosong.csv", store)
    assert write_corrections(refused, tmp_path / "sisa.xlsx") == 0
    assert not (tmp_path / "sisa.xlsx").exists()
    store.close()


def test_the_command_line_writes_the_rest(peta_aman: Run, demo_copy: Workspace, tmp_path: Path) -> None:
    file, rest = tmp_path / "kasus.xlsx", tmp_path / "sisa.xlsx"
    file.write_bytes(workbook(TITLED))
    code, body, said = peta_aman(
        "import", "kasus", file, "--valid-rows-only", "--rest", rest, "--lang", "en", workspace=demo_copy
    )
    assert (code, body["committed"], body["rows_error"]) == (0, True, 3)
    assert str(rest) in said
    sheet = openpyxl.load_workbook(rest).active
    assert sheet is not None
    assert [row[-2] for row in sheet.iter_rows(min_row=3, values_only=True)] == [4, 5, 6]
    formula = sheet["C5"]
    assert (formula.value, formula.data_type) != ("=1+1", "f")
