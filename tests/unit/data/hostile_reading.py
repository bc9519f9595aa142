# ruff: noqa: E501 - one line a file
"""Dirty files about reading: containers, encodings, delimiters, tables inside sheets."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import random
import zipfile
from pathlib import Path
from typing import Any

from hostile_world import Case, Want, bad, book, digits, kode, lines, no, ok, rezip

HEAD = "Kode Desa;Desa;Jumlah Kasus TPPO;Tahun"
A, B, C, D = (kode("01", 1, number) for number in (1, 2, 3, 5))
ROWS = (f"{A};Sukamaju;3;2024", f"{B};Tanah Merah;2;2024", f"{D};Oe'sapa;4;2024")
CLEAN = lines(HEAD, *ROWS)
CLEAN_BOOK_ROWS: tuple[list[Any], ...] = (
    ["Kode Desa", "Desa", "Jumlah Kasus TPPO", "Tahun"],
    [A, "Sukamaju", 3, 2024],
    [B, "Tanah Merah", 2, 2024],
    [D, "Oe'sapa", 4, 2024],
)
CLEAN_BOOK = book(*CLEAN_BOOK_ROWS)
NINE = ok({A: 3, B: 2, D: 4})
FILES = Path(__file__).parent / "berkas"


def text_cases() -> list[Case]:
    def one(name: str, content: bytes, want: Want = NINE, file_name: str = "rekap.csv") -> Case:
        return Case(f"text-{name}", "kasus", content, file_name, want)

    text = CLEAN.decode()
    typographic = text.replace("Oe'sapa", "Oe’sapa")
    return [
        one("plain", CLEAN),
        one("bom", b"\xef\xbb\xbf" + CLEAN),
        one("utf16", text.encode("utf-16")),
        one("utf16-le-without-mark", text.encode("utf-16-le")),
        one("utf16-be-marked", b"\xfe\xff" + text.encode("utf-16-be")),
        one("utf32", text.encode("utf-32"), Want(reasons=("ENCODING",))),
        one("cp1252", typographic.encode("cp1252")),
        one("cp1252-apostrophe-as-c1", text.replace("Oe'sapa", "Oe\x92sapa").encode()),
        one("nfd", text.replace("Sukamaju", "Sukamajú").encode()),
        one("nbsp", text.replace("Tanah Merah", "Tanah\u00a0Merah").replace(A, f"\u00a0{A}\u00a0").encode()),
        one(
            "zero-width", text.replace(A, A[:5] + "\u200b" + A[5:]).replace("Sukamaju", "\ufeffSuka\u200dmaju").encode()
        ),
        one("zero-width-in-header", text.replace("Jumlah", "Jum\u00adlah\u200b").encode()),
        one("replacement-character", text.replace("Oe'sapa", "Oe\ufffdsapa").encode(), bad((4, "ENCODING"))),
        one("control-character", text.replace("Tanah", "Ta\x07nah").encode(), bad((3, "CONTROL_CHAR"))),
        one("bytes-of-no-encoding", CLEAN.replace(b"Tanah", b"Ta\x81nah"), no("ENCODING")),
        one(
            "utf8-with-one-broken-byte",
            text.replace("Oe'sapa", "Oe’sapa").encode().replace(b"Tanah", b"Ta\xffnah"),
            no("ENCODING"),
        ),
        one("nul-bytes-inside", CLEAN + b"\x00" * 40, no("ENCODING", "TYPE_MISMATCH", "CORRUPT_FILE")),
        *(one(f"delimiter-{ord(sign)}", text.replace(";", sign).encode()) for sign in ",\t|^~:"),
        one("sep-line", ("sep=|\r\n" + text.replace(";", "|")).encode()),
        one("crlf", text.replace("\n", "\r\n").encode()),
        one("cr-only", text.replace("\n", "\r").encode()),
        one("no-end-of-line-at-end", CLEAN.rstrip()),
        one("blank-lines-between", text.replace("\n", "\n\n").encode()),
        one("lines-of-delimiters", (text + ";;;\n;;;\n").encode()),
        one("excel-trailing-delimiters", text.replace("\n", ";;\n").encode()),
        one("trailing-delimiter-of-data-only", text.replace(";2024\n", ";2024;\n").encode()),
        one("titles-without-delimiters", b"REKAP KASUS TPPO\nPROVINSI NUSA KARANG\n\n" + CLEAN),
        one("titles-with-commas", b"REKAP KASUS, TPPO, DAN LAINNYA\nDINAS A, B, C\n" + CLEAN),
        one("decimal-commas-in-semicolons", lines(HEAD, *(row.replace(";2024", ",0;2024") for row in ROWS))),
        one("quoted-new-line-in-header", text.replace("Jumlah Kasus TPPO", '"Jumlah\nKasus TPPO"').encode()),
        one("quoted-new-line-in-name", text.replace("Tanah Merah", '"Tanah\nMerah"').encode()),
        one("quoted-delimiter", text.replace("Tanah Merah", '"Tanah; Merah"').encode()),
        one("all-quoted", "\n".join(";".join(f'"{c}"' for c in row.split(";")) for row in (HEAD, *ROWS)).encode()),
        one("open-quote", text.replace("Tanah", '"Tanah').encode(), no("MALFORMED_CSV")),
        one("text-after-quote", text.replace("Tanah Merah", '"Tanah" Merah').encode(), no("MALFORMED_CSV")),
        one("row-too-long", lines(HEAD, ROWS[0], f"{B};Tanah; Merah;2;2024"), bad((3, "COLUMN_COUNT"))),
        one("row-too-short", lines(HEAD, ROWS[0], f"{B};2;2024"), bad((3, "COLUMN_COUNT"))),
        one(
            "decimal-comma-in-comma-file",
            lines("Kode Desa,Desa,Jumlah,Tahun", f"{A},Sukamaju,3,2024", f"{B},Tanah Merah,1,234,2024"),
            bad((3, "COLUMN_COUNT")),
        ),
        one("duplicate-header", lines("Kode Desa;Jumlah;Jumlah;Tahun", f"{A};3;4;2024"), no("AMBIGUOUS_COLUMN")),
        one(
            "two-code-columns",
            lines("Kode Desa;Kode Kelurahan;Jumlah;Tahun", f"{A};{B};3;2024"),
            no("AMBIGUOUS_COLUMN"),
        ),
        one("no-header", lines(*ROWS), no("HEADER_UNCLEAR")),
        one("header-only", lines(HEAD), no("NO_ROWS")),
        one("header-and-total-only", lines(HEAD, "JUMLAH;;0;"), no("NO_ROWS")),
        one("prose", lines("Yth. Bapak Kepala Dinas", "Bersama ini kami sampaikan rekap kasus"), no("HEADER_UNCLEAR")),
        one("no-value-column", lines("Kode Desa;Desa;Tahun", f"{A};Sukamaju;2024"), no("MISSING_COLUMN")),
        one("no-place-column", lines("Jumlah Kasus;Tahun", "3;2024"), no("MISSING_COLUMN", "HEADER_UNCLEAR")),
        one("no-period", lines("Kode Desa;Jumlah", f"{A};3"), no("PERIOD")),
        one("empty", b"", no("EMPTY_FILE")),
        one("blanks", b" \r\n\t\n", no("EMPTY_FILE")),
        one("bom-only", b"\xef\xbb\xbf", no("EMPTY_FILE")),
        one("utf16-mark-only", b"\xff\xfe", no("EMPTY_FILE")),
        one("utf16-blanks", "  \r\n".encode("utf-16"), no("EMPTY_FILE")),
        one("repeated-header-inside", lines(HEAD, ROWS[0], HEAD, *ROWS[1:]), ok({A: 3, B: 2, D: 4}, skipped=(3,))),
        one(
            "csv-of-50000-rows",
            lines(HEAD, *(f"{A};Sukamaju;1;{year}" for year in range(2000, 2025)), *["-;-;-;-"] * 0),
        ),
    ][:-1]


def container_cases() -> list[Case]:
    def one(name: str, content: bytes, file_name: str, want: Want = NINE) -> Case:
        return Case(f"file-{name}", "kasus", content, file_name, want)

    html = b'<html xmlns:v="urn"><head><title>Excel Workbook Frameset</title></head><body><table><tr><td>1</td></tr></table></body></html>'
    xml = b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook></Workbook>'
    locked = (FILES / "terkunci.xlsx").read_bytes()
    old = (FILES / "rekap.xls").read_bytes()
    docx = rezip(CLEAN_BOOK, {"word/document.xml": b"<w/>"}, drop=("xl/workbook.xml",))
    plain_zip = io.BytesIO()
    with zipfile.ZipFile(plain_zip, "w") as out:
        out.writestr("rekap.csv", CLEAN)
    escape = io.BytesIO()
    with zipfile.ZipFile(escape, "w") as out:
        out.writestr("../../etc/passwd", "x")
        out.writestr("xl/workbook.xml", "<workbook/>")
    entity = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    sheet = zipfile.ZipFile(io.BytesIO(CLEAN_BOOK)).read("xl/worksheets/sheet1.xml")
    styles = zipfile.ZipFile(io.BytesIO(CLEAN_BOOK)).read("xl/styles.xml")
    late = b"<!--" + b" " * 9000 + b"-->" + b"<!DOCTYPE x [<!ENTITY a 'b'>]>"
    late_sheet = b'<?xml version="1.0"?>' + late + sheet.split(b"?>", 1)[-1]
    noise = random.Random(1).randbytes(3000)
    return [
        one("xlsx", CLEAN_BOOK, "rekap.xlsx"),
        one("xlsx-named-csv", CLEAN_BOOK, "rekap.csv"),
        one("xlsx-named-xls", CLEAN_BOOK, "rekap.XLS"),
        one("csv-named-xlsx", CLEAN, "rekap.xlsx"),
        one("csv-without-suffix", CLEAN, "rekap"),
        one("html-named-xls", html, "rekap.xls", no("TYPE_MISMATCH")),
        one("html-with-bom", b"\xef\xbb\xbf\r\n<!DOCTYPE html>" + html, "rekap.xls", no("TYPE_MISMATCH")),
        one(
            "html-starting-with-style",
            b"<style>td{}</style><table><tr><td>x</td></tr></table>",
            "a.xls",
            no("TYPE_MISMATCH"),
        ),
        one("html-utf16", html.decode().encode("utf-16"), "rekap.xls", no("TYPE_MISMATCH")),
        one(
            "mhtml",
            b'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n',
            "rekap.xls",
            no("TYPE_MISMATCH"),
        ),
        one("spreadsheetml", xml, "rekap.xls", no("TYPE_MISMATCH")),
        one("pdf", b"%PDF-1.7\n1 0 obj", "rekap.xlsx", no("TYPE_MISMATCH")),
        one("pdf-after-blank", b"\n%PDF-1.7\n1 0 obj\n;;;", "rekap.csv", no("TYPE_MISMATCH")),
        one("png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "rekap.csv", no("TYPE_MISMATCH")),
        one("jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "rekap.xlsx", no("TYPE_MISMATCH")),
        one("docx", docx, "rekap.xlsx", no("TYPE_MISMATCH")),
        one("docx-by-its-name", docx, "rekap.docx", no("UNSUPPORTED_FORMAT")),
        one("pdf-by-its-name", b"%PDF-1.7\n", "rekap.pdf", no("UNSUPPORTED_FORMAT")),
        one("zip-named-xlsx", plain_zip.getvalue(), "rekap.xlsx", no("TYPE_MISMATCH")),
        one("zip-by-its-name", plain_zip.getvalue(), "rekap.zip", no("UNSUPPORTED_FORMAT")),
        one("gz", gzip.compress(CLEAN), "rekap.csv.gz", no("UNSUPPORTED_FORMAT")),
        one("gz-named-csv", gzip.compress(CLEAN), "rekap.csv", no("TYPE_MISMATCH")),
        one("rtf", b"{\\rtf1 rekap}", "rekap.csv", no("TYPE_MISMATCH")),
        one("json", b'[{"kode_bps": "9701", "nama_bps": "X"}]', "getwilayah.json", no("UNSUPPORTED_FORMAT")),
        one("json-named-csv", b'{"status": "OK", "datacontent": {"1": 2}}', "data.csv", no("TYPE_MISMATCH")),
        one("parquet", b"PAR1" + noise + b"PAR1", "rekap.xlsx", no("TYPE_MISMATCH")),
        one("sqlite", b"SQLite format 3\x00" + noise, "rekap.csv", no("TYPE_MISMATCH")),
        one("noise-named-xlsx", noise, "rekap.xlsx", no("CORRUPT_FILE", "TYPE_MISMATCH")),
        one("noise-named-csv", noise, "rekap.csv", no("ENCODING", "TYPE_MISMATCH", "CORRUPT_FILE")),
        one("zeroes", b"\x00" * 5000, "rekap.xlsx", no("EMPTY_FILE", "CORRUPT_FILE")),
        one("encrypted-xlsx", locked, "rekap.xlsx", no("ENCRYPTED")),
        one("encrypted-named-csv", locked, "rekap.csv", no("ENCRYPTED")),
        one("encrypted-xls", _lock(old), "rekap.xls", no("ENCRYPTED")),
        one("truncated-xlsx", CLEAN_BOOK[: len(CLEAN_BOOK) // 2], "rekap.xlsx", no("CORRUPT_FILE")),
        one("truncated-by-a-byte", CLEAN_BOOK[:-30], "rekap.xlsx", no("CORRUPT_FILE")),
        one("truncated-xls", old[: len(old) // 3], "rekap.xls", no("CORRUPT_FILE")),
        one("truncated-xls-header", old[:600], "rekap.xls", no("CORRUPT_FILE")),
        one("ole-of-nothing", old[:8] + b"\x00" * 600, "rekap.xls", no("CORRUPT_FILE")),
        one(
            "flipped-bytes",
            CLEAN_BOOK[:300] + bytes(x ^ 255 for x in CLEAN_BOOK[300:700]) + CLEAN_BOOK[700:],
            "rekap.xlsx",
            no("CORRUPT_FILE"),
        ),
        one(
            "missing-sheet-part",
            rezip(CLEAN_BOOK, {}, drop=("xl/worksheets/sheet1.xml",)),
            "rekap.xlsx",
            no("CORRUPT_FILE"),
        ),
        one(
            "broken-sheet-xml",
            rezip(CLEAN_BOOK, {"xl/worksheets/sheet1.xml": sheet[:200]}),
            "rekap.xlsx",
            no("CORRUPT_FILE"),
        ),
        one("zip-bomb", rezip(CLEAN_BOOK, {"xl/media/a.bin": b"\x00" * 120_000_000}), "rekap.xlsx", no("ZIP_BOMB")),
        one(
            "zip-bomb-in-styles",
            rezip(CLEAN_BOOK, {"xl/styles.xml": styles + b" " * 40_000_000}),
            "a.xlsx",
            no("ZIP_BOMB"),
        ),
        one("zip-path", escape.getvalue(), "rekap.xlsx", no("ZIP_PATH")),
        one(
            "dtd-in-sheet",
            rezip(CLEAN_BOOK, {"xl/worksheets/sheet1.xml": entity + sheet.split(b"?>", 1)[-1]}),
            "a.xlsx",
            no("XML_BOMB"),
        ),
        one(
            "dtd-in-styles",
            rezip(CLEAN_BOOK, {"xl/styles.xml": entity + styles.split(b"?>", 1)[-1]}),
            "a.xlsx",
            no("XML_BOMB"),
        ),
        one(
            "dtd-after-a-long-comment",
            rezip(CLEAN_BOOK, {"xl/worksheets/sheet1.xml": late_sheet}),
            "a.xlsx",
            no("XML_BOMB"),
        ),
        one(
            "dtd-in-utf16",
            rezip(CLEAN_BOOK, {"docProps/app.xml": (entity.decode() + "<x/>").encode("utf-16")}),
            "a.xlsx",
            no("XML_BOMB"),
        ),
        one(
            "csv-too-wide",
            lines(
                ";".join(["Kode Desa", "Jumlah", "Tahun", *map(str, range(400))]),
                ";".join([A, "1", "2024", *["1"] * 400]),
            ),
            "rekap.csv",
            no("TOO_LARGE"),
        ),
        one(
            "xlsx-far-cell",
            book(*CLEAN_BOOK_ROWS, edit=lambda b, s: s.__setitem__("ZZZ900000", 1)),
            "rekap.xlsx",
            no("TOO_LARGE"),
        ),
        one("empty-sheet", book(), "rekap.xlsx", no("NO_ROWS")),
        one("strange-file-name", CLEAN, "rekap {{7*7}} <img src=x onerror=alert(1)>.csv"),
    ]


def sheet_cases() -> list[Case]:
    def one(name: str, content: bytes, want: Want = NINE, **options: Any) -> Case:
        return Case(f"sheet-{name}", "kasus", content, "rekap.xlsx", want, options)

    def hide(part: str) -> Any:
        def edit(made: Any, first: Any) -> None:
            if part == "row":
                first.row_dimensions[3].hidden = True
            elif part == "column":
                first.column_dimensions["C"].hidden = True
            else:
                other = made.create_sheet("Lama")
                for row in CLEAN_BOOK_ROWS:
                    other.append([*row[:2], 99 if row[2] != "Jumlah Kasus TPPO" else row[2], row[3]])
                other.sheet_state = part

        return edit

    def second(made: Any, first: Any) -> None:
        other = made.create_sheet("2023")
        for row in CLEAN_BOOK_ROWS:
            other.append(row)

    def notes(made: Any, first: Any) -> None:
        other = made.create_sheet("Petunjuk")
        other.append(["Isi kolom jumlah dengan angka."])

    grid = ["No", "Kabupaten", "Kecamatan", "Desa", "Jumlah Kasus TPPO"]
    title: list[list[Any]] = [["REKAPITULASI KASUS TPPO"], ["TAHUN 2024"], []]
    merged: list[list[Any]] = [
        [1, "Kab. Lontar", "Bukit Batu", "Sukamaju", 3],
        [2, None, None, "Tanah Merah", 2],
        [3, None, "Pantai Timur", "Sukamaju", 4],
        [4, None, None, "Tanah Merah", 1],
    ]
    four: dict[str, float | None] = {A: 3, B: 2, kode("01", 2, 1): 4, kode("01", 2, 2): 1}
    two = [
        ["No", "Kode Desa", "Nama Desa", "Tahun", "Jumlah Korban TPPO", None, None],
        [None, None, None, None, "L", "P", "Jumlah"],
        [1, A, "Sukamaju", 2024, 1, 2, 3],
        [2, B, "Tanah Merah", 2024, 2, 0, 2],
    ]
    spans = ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:G1")
    signature: list[list[Any]] = [
        [],
        [None, None, None, "Lontar, 31 Desember 2024"],
        [None, None, None, "Kepala Dinas Sosial,"],
        [],
        [],
        [None, None, None, "Drs. Yohanes Bria, M.Si"],
        [None, None, None, "Pembina Utama Muda"],
    ]
    base = CLEAN_BOOK_ROWS
    return [
        one("titles", book(*title, *base)),
        one("merged-titles", book(*title, *base, merge=("A1:D1", "A2:D2"))),
        one(
            "number-row-text",
            book(base[0], ["(1)", "(2)", "(3)", "(4)"], *base[1:]),
            ok({A: 3, B: 2, D: 4}, skipped=(2,)),
        ),
        one("number-row", book(base[0], [1, 2, 3, 4], *base[1:]), ok({A: 3, B: 2, D: 4}, skipped=(2,))),
        one(
            "number-row-with-formula-text",
            book(base[0], ["1", "2", "3=1+2", "4"], *base[1:]),
            ok({A: 3, B: 2, D: 4}, skipped=(2,)),
        ),
        one("letter-row", book(base[0], ["a", "b", "c", "d"], *base[1:]), ok({A: 3, B: 2, D: 4}, skipped=(2,))),
        one("two-row-header", book(*two, merge=spans), ok({A: 3, B: 2})),
        one("two-row-header-not-merged", book(*two), ok({A: 3, B: 2})),
        one(
            "two-row-header-with-numbers",
            book(*two[:2], [1, 2, 3, 4, 5, 6, 7], *two[2:], merge=spans),
            ok({A: 3, B: 2}, skipped=(3,)),
        ),
        one(
            "three-row-header",
            book(
                ["No", "Kode Desa", "Nama Desa", "Tahun", "Kasus", None, None],
                [None, None, None, None, "Jumlah Korban TPPO", None, None],
                *two[1:],
                merge=("A1:A3", "B1:B3", "C1:C3", "D1:D3", "E1:G1", "E2:G2"),
            ),
            ok({A: 3, B: 2}),
        ),
        one("merged-down", book(*title, grid, *merged, merge=("B5:B8", "C5:C6", "C7:C8")), ok(four)),
        one(
            "code-and-year-merged-down",
            book(
                ["Kode Desa", "Jenis", "Jumlah", "Tahun"],
                [A, "TPPO", 3, 2024],
                [None, "PMI Bermasalah", 2, None],
                merge=("A2:A3", "D2:D3"),
            ),
            ok(total=5, rows=2),
        ),
        one("blank-down", book(*title, grid, *merged), ok(four)),
        one("total-row", book(*base, ["JUMLAH", None, 9, None]), ok({A: 3, B: 2, D: 4}, skipped=(5,))),
        one("total-in-name", book(*base, [None, "Total", 9, None]), ok({A: 3, B: 2, D: 4}, skipped=(5,))),
        one("total-spaced-letters", book(*base, ["J U M L A H", None, 9, None]), ok({A: 3, B: 2, D: 4}, skipped=(5,))),
        one(
            "total-with-colon",
            book(*base, [None, "Jumlah Seluruhnya :", 9, None]),
            ok({A: 3, B: 2, D: 4}, skipped=(5,)),
        ),
        one("total-without-word", book(*base, [None, None, 9, None]), ok({A: 3, B: 2, D: 4}, skipped=(5,))),
        one(
            "total-wrong-is-said",
            book(*base, ["TOTAL", None, 10, None]),
            ok({A: 3, B: 2, D: 4}, skipped=(5,), said="TOTAL_MISMATCH"),
        ),
        one(
            "total-in-number-column",
            book(*title, grid, *merged, ["JUMLAH", None, None, None, 10]),
            ok(four, skipped=(9,)),
        ),
        one(
            "subtotals",
            book(
                *title,
                grid,
                *merged[:2],
                [None, None, "Sub Total", None, 5],
                *merged[2:],
                [None, "Jumlah Kab. Lontar", None, None, 10],
            ),
            ok(four, skipped=(7, 10)),
        ),
        one(
            "subtotal-named-after-kecamatan",
            book(*title, grid, *merged[:2], [None, None, "Jumlah Kec. Bukit Batu", None, 5], *merged[2:]),
            ok(four, skipped=(7,)),
        ),
        one(
            "subtotal-by-kecamatan-name-first",
            book(*title, grid, [None, "Kab. Lontar", "Bukit Batu", None, 5], *merged),
            ok(four, skipped=(5,)),
        ),
        one(
            "subtotal-of-roman-numbered-kecamatan",
            book(
                *title,
                ["No", "Wilayah", "Kabupaten", "Jumlah Kasus TPPO"],
                ["I", "Kec. Bukit Batu", "Kab. Lontar", 5],
                [1, "Noemuti", "Kab. Lontar", 3],
                [2, "Noemuti", "Kab. Lontar", 2],
            ),
            bad((6, "DUPLICATE_KEY"), (7, "DUPLICATE_KEY")),
        ),
        one(
            "subtotals-as-excel-makes-them",
            book(
                *title,
                grid,
                *merged[:2],
                [None, None, "Bukit Batu Total", None, 3 + 2],
                *merged[2:],
                [None, None, "Pantai Timur Total", None, 5],
                [None, "Grand Total", None, None, 10],
            ),
            ok(four, skipped=(7, 10, 11)),
        ),
        one(
            "subtotal-wrong-is-said",
            book(
                *title,
                grid,
                *merged[:2],
                [None, None, "Sub Total", None, 6],
                *merged[2:],
                ["TOTAL", None, None, None, 10],
            ),
            ok(four, skipped=(7, 10), said="TOTAL_MISMATCH"),
        ),
        one("rata-rata", book(*base, ["Rata-rata", None, 3, None]), ok({A: 3, B: 2, D: 4}, skipped=(5,))),
        one("province-row", book(*base, ["PROVINSI NUSA KARANG", None, 9, None]), ok({A: 3, B: 2, D: 4}, skipped=(5,))),
        one("signature", book(*base, *signature), ok({A: 3, B: 2, D: 4})),
        one(
            "notes",
            book(
                *base,
                [],
                ["Sumber: Dinas Sosial"],
                ["*) data sementara"],
                ["Keterangan : - = tidak ada data"],
                ["1. Data per 31 Desember 2024"],
            ),
            ok({A: 3, B: 2, D: 4}),
        ),
        one(
            "total-then-note-with-number",
            book(*base, ["JUMLAH", None, 9, None], ["Catatan", "2 kasus belum terdata", None, None]),
            ok({A: 3, B: 2, D: 4}, skipped=(5, 6)),
        ),
        one("hidden-row", book(*base, edit=hide("row")), ok({A: 3, B: 2, D: 4}, said="HIDDEN_ROWS")),
        one("hidden-column", book(*base, edit=hide("column")), ok({A: 3, B: 2, D: 4}, said="HIDDEN_COLUMNS")),
        one("hidden-sheet", book(*base, edit=hide("hidden"))),
        one("very-hidden-sheet", book(*base, edit=hide("veryHidden"))),
        one("two-tables-in-two-sheets", book(*base, edit=second), no("SHEET_CHOICE")),
        one("one-sheet-chosen", book(*base, edit=second), NINE, sheet="Rekap"),
        one("absent-sheet-chosen", book(*base, edit=second), no("SHEET_CHOICE"), sheet="Tidak Ada"),
        one("sheet-of-instructions", book(*base, edit=notes)),
        one("formula-without-value", book(*base[:2], [B, "Tanah Merah", "=1+1", 2024]), bad((3, "FORMULA_NO_VALUE"))),
        one("formula-in-code", book(*base[:2], ["=A2", "Tanah Merah", 2, 2024]), bad((3, "FORMULA_NO_VALUE"))),
        one("formula-in-year", book(*base[:2], [B, "Tanah Merah", 2, "=D2"]), bad((3, "FORMULA_NO_VALUE"))),
        one(
            "formula-in-total-only",
            book(*base, ["JUMLAH", None, "=SUM(C2:C4)", None]),
            ok({A: 3, B: 2, D: 4}, skipped=(5,)),
        ),
        one("error-cell", book(*base[:2], [B, "Tanah Merah", "#REF!", 2024]), bad((3, "CELL_ERROR"))),
        one("error-in-code", book(*base[:2], ["#N/A", "Tanah Merah", 2, 2024]), bad((3, "CELL_ERROR"))),
        one("error-in-name", book(*base[:2], [B, "#N/A", 2, 2024]), bad((3, "CELL_ERROR"))),
        one("error-in-year", book(*base[:2], [B, "Tanah Merah", 2, "#VALUE!"]), bad((3, "CELL_ERROR"))),
        one("codes-as-numbers", book(base[0], *([int(row[0].replace(".", "")), *row[1:]] for row in base[1:]))),
        one("numbers-as-text", book(base[0], *([*row[:2], f" {row[2]} ", "2024"] for row in base[1:]))),
        one("year-as-date", book(base[0], *([*row[:3], dt.datetime(2024, 1, 1)] for row in base[1:]))),
        one("truth-as-value", book(*base[:2], [B, "Tanah Merah", True, 2024]), bad((3, "NOT_A_NUMBER"))),
        one(
            "date-as-value",
            book(*base[:2], [B, "Tanah Merah", dt.datetime(2024, 3, 2), 2024]),
            bad((3, "NOT_A_NUMBER")),
        ),
        one("table-starts-at-column-c", book(*([None, None, *row] for row in base))),
        one("table-starts-at-row-30", book(*[[]] * 29, *base)),
        one("blank-columns-between", book(*([row[0], None, row[1], None, *row[2:]] for row in base))),
        one("two-tables-beside-each-other", book(*([*row, None, *row] for row in base)), no("AMBIGUOUS_COLUMN")),
        one(
            "second-table-below",
            book(*base, [], ["Kode Desa", "Desa", "Jumlah Kasus TPPO", "Tahun"], [C, "Wae Rebo I", 5, 2023]),
            ok({A: 3, B: 2, D: 4, C: 5}),
        ),
        one("300-columns", book(*([*row, *[None] * 150, "x"] for row in base))),
        one(
            "digits",
            book(
                base[0], *([digits("01", 1, number), *row[1:]] for number, row in zip((1, 2, 5), base[1:], strict=True))
            ),
        ),
    ]


def _lock(content: bytes) -> bytes:
    """An XLS whose workbook says it is encrypted: its code page record made a FILEPASS."""
    at = content.find(b"\x42\x00\x02\x00")
    assert at > 0
    return content[:at] + b"\x2f\x00" + content[at + 2 :]


CASES = [*text_cases(), *container_cases(), *sheet_cases()]
