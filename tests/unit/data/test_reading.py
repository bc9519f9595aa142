from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from data.errors import Refused
from data.intake.files.decode import decode, guess_delimiter, records
from data.intake.files.raw import RawFile
from data.intake.files.tables import read_content, read_table

FILES = Path(__file__).parent / "berkas"
CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)


def read(content: bytes, name: str = "rekap.csv", sheet: str | None = None) -> RawFile:
    return read_content(content, name, sheet)


def refusal(content: bytes, name: str = "rekap.csv", sheet: str | None = None) -> str:
    with pytest.raises(Refused) as fault:
        read(content, name, sheet)
    return fault.value.reason


def xlsx(*rows: list[object], edit: object = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Rekap"
    for row in rows:
        sheet.append(row)
    if callable(edit):
        edit(book, sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def rezip(content: bytes, change: dict[str, bytes]) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            out.writestr(name, change.pop(name, b"") or source.read(name))
        for name, extra in change.items():
            out.writestr(name, extra)
    return target.getvalue()


# -- text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_files_of_common_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = delimiter.join(["kode", "desa", "jumlah"]) + "\r\n" + delimiter.join(["98.01", "Béna", "3"]) + "\r\n"
    table = read(text.encode(encoding)).tables[0]
    assert table.rows == [(1, ["kode", "desa", "jumlah"]), (2, ["98.01", "Béna", "3"])]


def test_reading_windows_text_is_said_and_damaged_text_is_refused() -> None:
    assert decode("Béna".encode("cp1252"))[1][0].reason == "ENCODING_GUESSED"
    assert decode("Béna".encode())[1] == []
    assert refusal(b"kode,nama\n1,\x81\x8d\n") == "ENCODING"


def test_decimal_commas_do_not_make_a_semicolon_file_comma_separated() -> None:
    assert guess_delimiter("kode;nilai\n98.01;12,5\n98.02;3,4\n98.71;1,1\n") == ";"
    assert guess_delimiter("kode,nama,nilai\n98.01,Lontar,12\n") == ","


def test_rows_keep_their_physical_line_also_after_line_ends_in_quotes() -> None:
    found, _ = records('kode,nama\n1,"dua\nbaris"\n2,x\n')
    assert [line for line, _ in found] == [1, 2, 4]
    assert [line for line, _ in records("sep=;\na;b\n1;2\n")[0]] == [2, 3]


def test_an_open_quote_does_not_swallow_the_rest_of_the_file() -> None:
    assert refusal(b'kode,nama\n1,"Oe\n2,b\n3,c\n') == "MALFORMED_CSV"


def test_invisible_characters_and_blanks_are_folded_and_nothing_is_replaced() -> None:
    text = "kode,nama\n\u200b98.01,  Be\u0301na\u00a0Baru \n\n,\n"
    assert read(text.encode()).tables[0].rows[1:] == [(2, ["98.01", "Béna Baru"])]


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_was_written_is_read(rows: list[list[str]]) -> None:
    import csv

    from data.intake.cells.text import clean

    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(["kode", "desa", "jumlah"])
    writer.writerows(rows)
    expected = [[clean(cell) for cell in row] for row in rows]
    found = [
        [str(cell or "") for cell in [*cells, None, None, None][:3]]
        for _, cells in read(target.getvalue().encode()).tables[0].rows[1:]
    ]
    assert found == [row for row in expected if any(row)]


# -- what is not a table ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.csv", "EMPTY_FILE"),
        (b" \r\n\t ", "a.csv", "EMPTY_FILE"),
        (b"\xef\xbb\xbf", "a.csv", "EMPTY_FILE"),
        (b"<html><body><table></table></body></html>", "bps.xls", "TYPE_MISMATCH"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "bps.xlsx", "TYPE_MISMATCH"),
        (b"<html></html>", "bps.html", "UNSUPPORTED_FORMAT"),
        (b"%PDF-1.7 ...", "surat.pdf", "UNSUPPORTED_FORMAT"),
        (b"%PDF-1.7 ...", "surat.xlsx", "TYPE_MISMATCH"),
        (b"\x89PNG\r\n\x1a\n....", "foto.csv", "TYPE_MISMATCH"),
        (b'{"type": "FeatureCollection"}', "batas.geojson", "UNSUPPORTED_FORMAT"),
        (b"SQLite format 3\x00" + b"x" * 100, "batas.gpkg", "UNSUPPORTED_FORMAT"),
        (b"PK\x03\x04 cut", "rekap.xlsx", "CORRUPT_FILE"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "r.xls", "CORRUPT_FILE"),
        (b"kode\x00\x01\x02\x03 binary", "a.csv", "TYPE_MISMATCH"),
        (b"<?xml version='1.0'?><Workbook/>", "a.xls", "TYPE_MISMATCH"),
    ],
)
def test_content_decides_and_each_fault_has_its_reason(content: bytes, name: str, reason: str) -> None:
    assert refusal(content, name) == reason


def test_a_locked_workbook_is_said_to_be_locked() -> None:
    assert refusal((FILES / "terkunci.xlsx").read_bytes(), "rekap.xlsx") == "ENCRYPTED"


def test_a_truncated_workbook_is_damaged_wherever_it_was_cut() -> None:
    content = xlsx(["kode", "jumlah"], ["98.01", 3])
    for share in (0.2, 0.5, 0.9, 0.99):
        assert refusal(content[: int(len(content) * share)], "rekap.xlsx") == "CORRUPT_FILE"


def test_a_word_document_is_no_table() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(target.getvalue(), "rekap.xlsx") == "TYPE_MISMATCH"
    assert refusal(target.getvalue(), "rekap.docx") == "UNSUPPORTED_FORMAT"


# -- hostile containers ----------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_by_what_it_declares() -> None:
    bomb = rezip(xlsx(["kode"]), {"xl/media/x.bin": b"\x00" * (105 * 1024 * 1024)})
    assert len(bomb) < 400_000
    assert refusal(bomb, "rekap.xlsx") == "ZIP_BOMB"


def test_entities_and_paths_that_point_outside_are_refused() -> None:
    plain = xlsx(["kode", "jumlah"], ["98.01", 3])
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert refusal(rezip(plain, {"xl/worksheets/sheet1.xml": bomb}), "rekap.xlsx") == "XML_BOMB"
    assert refusal(rezip(plain, {"../../etc/x": b"x"}), "rekap.xlsx") == "ZIP_PATH"
    assert refusal(rezip(plain, {"/etc/x": b"x"}), "rekap.xlsx") == "ZIP_PATH"


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1"])
def test_a_far_cell_does_not_fill_the_memory(cell: str) -> None:
    content = xlsx(["kode", "jumlah"], ["98.01", 3])
    part = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    row = cell.lstrip("XFDA")
    far = part.replace("</sheetData>", f'<row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData>')
    assert refusal(rezip(content, {"xl/worksheets/sheet1.xml": far.encode()}), "rekap.xlsx") == "TOO_LARGE"


def test_a_repeated_cell_of_an_ods_does_not_fill_the_memory() -> None:
    content = ods(["kode", "jumlah"], ["98.01", 3])
    part = zipfile.ZipFile(io.BytesIO(content)).read("content.xml").decode()
    wide = part.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="1000000"')
    assert refusal(rezip(content, {"content.xml": wide.encode()}), "rekap.ods") == "TOO_LARGE"


def test_too_many_columns_are_refused() -> None:
    assert refusal((",".join(f"k{n}" for n in range(400)) + "\n").encode()) == "TOO_LARGE"


# -- spreadsheets ----------------------------------------------------------------------------------------------


def ods(*rows: list[object]) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Rekap")
    for row in rows:
        line = TableRow()
        for value in row:
            if isinstance(value, str) and value.startswith("="):
                cell = TableCell(formula=f"of:{value}")
            elif isinstance(value, int | float):
                cell = TableCell(valuetype="float", value=value)
                cell.addElement(P(text=str(value)))
            else:
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_codes_in_number_cells_and_dates_arrive_as_they_are() -> None:
    table = read(xlsx(["kode", "jumlah"], [5301042003, 3], ["53.01", None]), "rekap.xlsx").tables[0]
    assert table.rows == [(1, ["kode", "jumlah"]), (2, [5301042003.0, 3.0]), (3, ["53.01"])]


def test_errors_formulas_percentages_and_hidden_rows_are_marked_in_xlsx() -> None:
    def edit(book: openpyxl.Workbook, sheet: object) -> None:
        sheet["B3"].data_type = "e"  # type: ignore[index]
        sheet["C2"].number_format = "0.0%"  # type: ignore[index]
        sheet.row_dimensions[4].hidden = True  # type: ignore[attr-defined]

    rows: list[list[object]] = [
        ["kode", "jumlah", "persen"],
        ["98.01", "=1+1", 0.25],
        ["98.02", "#REF!", 3],
        ["98.71", 4, 5],
    ]
    table = read(xlsx(*rows, edit=edit), "rekap.xlsx").tables[0]
    assert table.faults == {(2, 1): "FORMULA_NO_VALUE", (3, 1): "CELL_ERROR"}
    assert table.percent == {(2, 2)}
    assert table.hidden_rows == {4}
    assert [warning.reason for warning in table.warnings] == ["HIDDEN_ROWS"]


def test_errors_formulas_and_hidden_rows_are_marked_in_xls() -> None:
    raw = read((FILES / "rekap.xls").read_bytes(), "rekap.xls")
    table = raw.tables[0]
    assert table.sheet == "Rekap"
    assert table.faults == {(6, 2): "FORMULA_NO_VALUE", (7, 2): "CELL_ERROR"}
    assert table.hidden_rows == {8}
    assert table.rows[2] == (4, [9801012001.0, "Sukamaju", 3.0])


def test_cells_of_an_old_workbook_are_read_as_excel_shows_them() -> None:
    raw = read((FILES / "campur.xls").read_bytes(), "campur.xls")
    table = raw.tables[0]
    rows = dict(table.rows)
    assert [rows[number][2] for number in range(2, 7)] == [
        dt.date(2023, 3, 15),
        dt.datetime(2023, 3, 15, 6),
        "06:00:00",
        "1 day, 12:00:00",
        2958466.0,  # the day after 31 December 9999
    ]
    assert rows[7] == [True, False, "é中 😀", 9801012001.0]
    assert rows[8] == ["#ERROR!", None, 2.0, 0.25]
    assert table.percent == {(2, 3), (3, 3), (8, 3)}
    assert table.hidden_rows == {11}
    assert table.merged == [((9, 0), (10, 1))]
    assert raw.other_sheets == ["Rahasia"]


def test_empty_text_of_a_formula_in_an_old_workbook_is_a_fault_only_where_nothing_was_computed() -> None:
    computed, never = read((FILES / "campur.xls").read_bytes(), "campur.xls").tables
    assert computed.faults == {(8, 0): "CELL_ERROR"}
    assert never.faults == {(1, 0): "FORMULA_NO_VALUE", (2, 0): "FORMULA_NO_VALUE"}


def test_an_old_workbook_that_counts_from_1904_says_so() -> None:
    content = (FILES / "campur.xls").read_bytes()
    since_1904 = content.replace(b"\x22\x00\x02\x00\x00\x00", b"\x22\x00\x02\x00\x01\x00", 1)
    table = read(since_1904, "campur.xls").tables[0]
    assert (table.date1904, read(content, "campur.xls").tables[0].date1904) == (True, False)
    assert table.rows[1][1][2] == dt.date(2027, 3, 16)


def test_formulas_without_a_value_are_marked_in_ods() -> None:
    table = read(ods(["kode", "jumlah"], ["98.01", "=1+1"], ["98.02", 7]), "rekap.ods").tables[0]
    assert table.faults == {(2, 1): "FORMULA_NO_VALUE"}
    assert table.rows[2] == (3, ["98.02", 7.0])


def test_hidden_sheets_are_left_aside_and_named_unless_asked_for() -> None:
    def edit(book: openpyxl.Workbook, _: object) -> None:
        book.create_sheet("Rahasia").append(["x", "y"])
        book["Rahasia"].sheet_state = "hidden"

    content = xlsx(["kode", "jumlah"], ["98.01", 3], edit=edit)
    raw = read(content, "rekap.xlsx")
    assert [table.sheet for table in raw.tables] == ["Rekap"]
    assert raw.other_sheets == ["Rahasia"]
    assert [table.sheet for table in read(content, "rekap.xlsx", sheet="Rahasia").tables] == ["Rahasia"]
    assert refusal(content, "rekap.xlsx", sheet="Lain") == "SHEET_CHOICE"


def test_a_workbook_under_another_name_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "rekap.csv"
    path.write_bytes(xlsx(["kode", "jumlah"], ["98.01", 3]))
    assert read_table(path).container == "xlsx"
    assert [warning.reason for warning in read(path.read_bytes()).warnings] == ["TYPE_NAME"]


def test_an_empty_sheet_has_no_rows() -> None:
    assert refusal(xlsx(), "rekap.xlsx") == "NO_ROWS"
