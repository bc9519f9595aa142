"""Dirty files about numbers, dates and shapes of tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hostile_world import Case, Want, bad, book, kode, lines, no, ok

A, B, C = (kode("01", 1, number) for number in (1, 2, 5))
PLACES = (f"{A};Sukamaju", f"{B};Tanah Merah", f"{C};Oe'sapa")


def number_cases() -> list[Case]:
    def count(
        label: str, cells: list[str], want: Want, kind: str = "kemiskinan", head: str = "Jumlah Penduduk Miskin"
    ) -> Case:
        rows = (f"{place};{cell};2024" for place, cell in zip(PLACES, cells, strict=False))
        return Case(f"number-{label}", kind, lines(f"Kode Desa;Desa;{head};Tahun", *rows), "miskin.csv", want)

    def percent(label: str, cells: list[str], want: Want) -> Case:
        return count(f"percent-{label}", cells, want, head="Persentase Penduduk Miskin")

    def three(*values: float | None) -> Want:
        return ok(dict(zip((A, B, C), values, strict=False)))

    wrong, doubtful = bad((2, "NOT_A_NUMBER")), bad((2, "AMBIGUOUS_NUMBER"))
    return [
        count("thousand-point", ["1.034", "12", "7"], three(1034, 12, 7)),
        count("thousand-comma", ["1,034", "12", "7"], three(1034, 12, 7)),
        count("thousand-blank", ["1 034", "12", "7"], three(1034, 12, 7)),
        count("thousand-nbsp", ["1\u00a0034", "12"], three(1034, 12)),
        count("both-signs", ["1.034", "1,100", "7"], bad((2, "AMBIGUOUS_NUMBER"), (3, "AMBIGUOUS_NUMBER"))),
        count("point-is-fraction-elsewhere", ["1.034", "12.5", "7"], bad((2, "NOT_INTEGER"), (3, "NOT_INTEGER"))),
        count("zero-fraction", ["12,00", "7,0", "3"], three(12, 7, 3)),
        count("point-zero", ["12.0", "7.0"], three(12, 7)),
        count("rupiah-ending", ["1.034,-", "12", "7"], three(1034, 12, 7)),
        count("units", ["12 orang", "7 Jiwa", "3 jiwa."], three(12, 7, 3)),
        count("missing", ["-", "", "3"], three(None, None, 3)),
        count("missing-words", ["n/a", "tidak ada data", "…"], three(None, None, None)),
        count("nihil", ["nihil", "NIHIL", "0"], three(0, 0, 0)),
        count("dashes", ["–", "—", "--"], three(None, None, None)),
        count("word", ["banyak"], wrong),
        count("about", ["± 12"], wrong),
        count("more-than", ["> 5"], wrong),
        count("range", ["5-10"], wrong),
        count("letter-o", ["1O"], wrong),
        count("in-words", ["12 (dua belas)"], wrong),
        count("two-numbers", ["12/7"], wrong),
        count("fraction", ["12,5"], bad((2, "NOT_INTEGER"))),
        count("negative", ["-3"], bad((2, "NEGATIVE"))),
        count("negative-in-brackets", ["(3)"], bad((2, "NEGATIVE"))),
        count("minus-behind", ["3-"], wrong),
        count("infinite", ["1e400"], wrong),
        count("not-a-number", ["NaN"], three(None)),
        count("inf", ["inf"], wrong),
        count("hex", ["0x1F"], wrong),
        count("underscore", ["1_034"], wrong),
        count("scientific", ["1,2E+01"], three(12)),
        count("above-population", ["1.200"], bad((2, "EXCEEDS_POPULATION"))),
        count("households-above-population", ["1.200"], bad((2, "EXCEEDS_POPULATION")), head="Jumlah RT Miskin"),
        count("excel-error-text", ["#DIV/0!"], bad((2, "CELL_ERROR"))),
        count("excel-error-indonesian", ["#NILAI!"], bad((2, "CELL_ERROR"))),
        count("broken-thousands", ["1.03"], bad((2, "NOT_INTEGER"))),
        count("two-points", ["1.03.4"], wrong),
        count("apostrophe-text", ["'12"], three(12)),
        count("leading-zeros", ["007"], three(7)),
        count("plus", ["+7"], three(7)),
        count("question-mark", ["?"], wrong),
        count("x", ["x"], wrong),
        count("formula-text", ["=1+2"], wrong),
        count("hash-marks", ["####"], bad((2, "CELL_ERROR"))),
        percent("comma", ["12,5", "21,37", "9"], three(12.5, 21.37, 9)),
        percent("point", ["12.5", "21.37", "9"], three(12.5, 21.37, 9)),
        percent("mixed-signs", ["12,5", "21.37", "9"], three(12.5, 21.37, 9)),
        percent("three-digits", ["12,345", "21,3", "9"], three(12.345, 21.3, 9)),
        percent("sign", ["12,5%", "21 %", "9 persen"], three(12.5, 21, 9)),
        percent("share", ["0,125", "0,21", "0,09"], ok({A: 12.5, B: 21, C: 9}, said="PERCENT_FROM_SHARE")),
        percent("share-and-percent", ["0,125", "21,5", "19,3"], doubtful),
        percent("above-100", ["121,5", "21,5"], bad((2, "OUT_OF_RANGE"))),
        percent("negative", ["-1,5"], bad((2, "NEGATIVE"))),
        percent("rounded-hundred", ["100", "0"], three(100, 0)),
        percent("few-shares", ["0,125", "0,21"], bad((2, "AMBIGUOUS_NUMBER"), (3, "AMBIGUOUS_NUMBER"))),
        percent("blank-around", [" 71,15 ", " 6.84 "], three(71.15, 6.84)),
        count("area-doubtful", ["1.234", "7", "5"], doubtful, "indikator", "Luas (km2)"),
        count("area-settled", ["1.234,5", "1.234", "5"], three(1234.5, 1234, 5), "indikator", "Luas (km2)"),
        count("area-mixed", ["12.5", "1,234.5", "1.234"], bad((4, "AMBIGUOUS_NUMBER")), "indikator", "Luas (km2)")
        if False
        else count("index-above-one", ["62,5"], bad((2, "OUT_OF_RANGE")), "indikator", "IDM"),
        count("index-text", ["BERKEMBANG", "0,61", "0,58"], bad((2, "NOT_A_NUMBER")), "indikator", "NILAI_IDM"),
    ]


def date_cases() -> list[Case]:
    def day(
        label: str, cells: list[Any], want: Want, ends: list[tuple[int, int, int]] | None = None, head: str = "Tanggal"
    ) -> Case:
        rows = (f"{place};{n};{cell}" for n, (place, cell) in enumerate(zip(PLACES, cells, strict=False), start=1))
        options = {"_ends": [dt.date(*end) for end in ends]} if ends else {}
        return Case(f"date-{label}", "kasus", lines(f"Kode Desa;Desa;Jumlah;{head}", *rows), "rekap.csv", want, options)

    good = ok()
    unread = bad((2, "DATE_UNPARSEABLE"))
    return [
        day("day-first", ["03/04/2024", "13/04/2024"], good, [(2024, 4, 3), (2024, 4, 13)]),
        day("month-first", ["03/04/2024", "04/13/2024"], good, [(2024, 3, 4), (2024, 4, 13)]),
        day("doubtful-is-indonesian", ["03/04/2024"], good, [(2024, 4, 3)]),
        day("both-orders", ["13/04/2024", "04/13/2024"], bad((3, "DATE_UNPARSEABLE"))),
        day("iso", ["2024-04-03", "2024-04-13"], good, [(2024, 4, 3), (2024, 4, 13)]),
        day("iso-with-time", ["2024-04-03 00:00:00", "2024-04-13T10:11:12"], good, [(2024, 4, 3), (2024, 4, 13)]),
        day("serial", ["45385"], good, [(2024, 4, 3)]),
        day("serial-with-fraction", ["45385.5"], good, [(2024, 4, 3)]),
        day("words", ["3 April 2024", "13 Nopember 2024"], good, [(2024, 4, 3), (2024, 11, 13)]),
        day(
            "old-spelling",
            ["3 Pebruari 2024", "13 Djuni 2024", "1 Djanuari 2024"],
            good,
            [(2024, 2, 3), (2024, 6, 13), (2024, 1, 1)],
        ),
        day(
            "old-spelling-more",
            ["3 Djuli 2024", "13 Agustus 2024", "1 Oktober 2024"],
            good,
            [(2024, 7, 3), (2024, 8, 13), (2024, 10, 1)],
        ),
        day(
            "short-month",
            ["3 Agt 2024", "03-Mei-2024", "3 Des. 2024"],
            good,
            [(2024, 8, 3), (2024, 5, 3), (2024, 12, 3)],
        ),
        day("with-weekday", ["Senin, 3 April 2024", "Jum'at, 5 April 2024"], good, [(2024, 4, 3), (2024, 4, 5)]),
        day("two-digit-year", ["03/04/24"], good, [(2024, 4, 3)]),
        day("points", ["03.04.2024"], good, [(2024, 4, 3)]),
        day("no-such-day", ["31/02/2024"], unread),
        day("thirteenth-month", ["13/13/2024"], unread),
        day("word", ["kemarin"], unread),
        day("no-day-zero", ["00/04/2024"], unread),
        day("future", ["03/04/2031"], bad((2, "DATE_FUTURE"))),
        day("far-past", ["03/04/1931"], bad((2, "DATE_OUT_OF_RANGE"))),
        day("year", ["2024", "2023.0"], good, [(2024, 12, 31), (2023, 12, 31)], "Tahun"),
        day("year-words", ["TA 2024", "Tahun 2023"], good, [(2024, 12, 31), (2023, 12, 31)], "Tahun"),
        day("year-future", ["2031"], bad((2, "DATE_FUTURE")), None, "Tahun"),
        day("year-two-digits", ["24"], bad((2, "PERIOD")), None, "Tahun"),
        day("year-typing", ["20244"], bad((2, "PERIOD")), None, "Tahun"),
        day("year-letter", ["2O24"], bad((2, "PERIOD")), None, "Tahun"),
        day("year-range", ["2023-2024"], bad((2, "PERIOD")), None, "Tahun"),
        day("year-blank", [""], bad((2, "PERIOD")), None, "Tahun"),
        day("year-far-past", ["1924"], bad((2, "DATE_OUT_OF_RANGE")), None, "Tahun"),
        day(
            "quarter",
            ["Triwulan II 2024", "TW IV Tahun 2023", "Q1 2024"],
            good,
            [(2024, 6, 30), (2023, 12, 31), (2024, 3, 31)],
            "Periode",
        ),
        day("half-year", ["Semester I 2024", "Smt. 2 2023"], good, [(2024, 6, 30), (2023, 12, 31)], "Periode"),
        day(
            "month",
            ["Nopember 2024", "Jan-24", "11/2024"],
            good,
            [(2024, 11, 30), (2024, 1, 31), (2024, 11, 30)],
            "Periode",
        ),
        day(
            "until",
            ["s/d 30 Nopember 2024", "Januari s.d. Juni 2024", "1 Jan - 30 Jun 2024"],
            good,
            [(2024, 11, 30), (2024, 6, 30), (2024, 6, 30)],
            "Periode",
        ),
        day("quarter-five", ["Triwulan V 2024"], bad((2, "PERIOD")), None, "Periode"),
        day("quarter-without-year", ["Triwulan II"], bad((2, "PERIOD")), None, "Periode"),
        Case(
            "date-month-beside-year",
            "kasus",
            lines("Kode Desa;Jumlah;Tahun;Bulan", f"{A};3;2024;Nopember", f"{B};2;2024;4", f"{C};1;2024;13"),
            "a.csv",
            bad((4, "PERIOD")),
        ),
        Case("date-1904-dates", "kasus", _epoch1904(True), "a.xlsx", good, {"_ends": [dt.date(2024, 4, 3)]}),
        Case("date-1904-serials", "kasus", _epoch1904(False), "a.xlsx", good, {"_ends": [dt.date(2024, 4, 3)]}),
        Case(
            "date-1900-serials",
            "kasus",
            book(["Kode Desa", "Jumlah", "Tanggal"], [A, 3, 45385]),
            "a.xlsx",
            good,
            {"_ends": [dt.date(2024, 4, 3)]},
        ),
        Case(
            "date-end-before-start",
            "kasus",
            lines("Kode Desa;Jumlah;Periode Awal;Periode Akhir", f"{A};3;30/11/2024;01/01/2024"),
            "a.csv",
            bad((2, "PERIOD")),
        ),
        Case(
            "date-in-title",
            "kasus",
            lines("REKAP KASUS TPPO s/d 30 NOPEMBER 2024", "Kode Desa;Jumlah", f"{A};3"),
            "a.csv",
            ok({A: 3}, said="PERIOD_FROM_TITLE"),
            {"_ends": [dt.date(2024, 11, 30)]},
        ),
    ]


def _epoch1904(as_dates: bool) -> bytes:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    def edit(made: Any, first: Any) -> None:
        made.epoch = CALENDAR_MAC_1904

    return book(
        ["Kode Desa", "Jumlah", "Tanggal"], [A, 3, dt.datetime(2024, 4, 3) if as_dates else 45385 - 1462], edit=edit
    )


def shape_cases() -> list[Case]:
    def one(label: str, content: bytes, want: Want, kind: str = "kasus", file_name: str = "rekap.csv") -> Case:
        return Case(f"shape-{label}", kind, content, file_name, want)

    top = "Kode Desa;Desa"
    wide = lines(f"{top};2022;2023;2024", f"{PLACES[0]};1;2;3", f"{PLACES[1]};4;-;6")
    months = "Jan;Feb;Mar;Apr;Mei;Jun;Jul;Agt;Sep;Okt;Nop;Des"
    return [
        one("years-across", wide, ok(total=16, rows=6, said="WIDE_UNPIVOTED")),
        one(
            "years-and-sum",
            lines(f"{top};2022;2023;2024;Jumlah", f"{PLACES[0]};1;2;3;6", f"{PLACES[1]};4;1;6;11"),
            ok(total=17, rows=6),
        ),
        one(
            "years-and-total-in-header",
            lines(f"{top};Tahun 2022;Tahun 2023;Total", f"{PLACES[0]};1;2;3"),
            ok(total=3, rows=2),
        ),
        one(
            "years-with-words",
            lines(f"{top};Jumlah Kasus 2022;Jumlah Kasus 2023", f"{PLACES[0]};1;2"),
            ok(total=3, rows=2),
        ),
        one(
            "years-in-two-row-header",
            book(
                ["Kode Desa", "Desa", "Jumlah Kasus", None],
                [None, None, 2022, 2023],
                [A, "Sukamaju", 1, 2],
                merge=("A1:A2", "B1:B2", "C1:D1"),
            ),
            ok(total=3, rows=2),
            file_name="a.xlsx",
        ),
        one(
            "years-as-dates",
            book(["Kode Desa", "Desa", dt.datetime(2022, 1, 1), dt.datetime(2023, 1, 1)], [A, "Sukamaju", 1, 2]),
            no("HEADER_UNCLEAR", "WIDE_FORMAT", "MISSING_COLUMN"),
            file_name="a.xlsx",
        ),
        one("year-in-future-across", lines(f"{top};2024;2031", f"{PLACES[0]};1;2"), bad((2, "DATE_FUTURE"))),
        one(
            "months-across", lines(f"{top};{months};Tahun", f"{PLACES[0]};{';'.join('1' * 12)};2024"), no("WIDE_FORMAT")
        ),
        one(
            "months-across-and-sum",
            lines(f"{top};{months};Jumlah;Tahun", f"{PLACES[0]};{';'.join('1' * 12)};12;2024"),
            ok({A: 12}),
        ),
        one(
            "quarters-across",
            lines(f"{top};TW I;TW II;TW III;TW IV;Tahun", f"{PLACES[0]};1;2;3;4;2024"),
            no("WIDE_FORMAT"),
        ),
        one(
            "quarters-across-words",
            lines(f"{top};Triwulan 1;Triwulan 2;Triwulan 3;Triwulan 4;Tahun", f"{PLACES[0]};1;2;3;4;2024"),
            no("WIDE_FORMAT"),
        ),
        one("men-women-sum", lines(f"{top};L;P;Jumlah;Tahun", f"{PLACES[0]};1;2;3;2024"), ok({A: 3})),
        one(
            "men-women-without-sum",
            lines(f"{top};Laki-laki;Perempuan;Tahun", f"{PLACES[0]};1;2;2024"),
            no("MISSING_COLUMN", "WIDE_FORMAT"),
        ),
        one(
            "villages-across",
            lines("Tahun;Sukamaju;Tanah Merah;Oe'sapa", "2024;1;2;3"),
            no("HEADER_UNCLEAR", "MISSING_COLUMN", "WIDE_FORMAT"),
        ),
        one(
            "two-counts",
            lines(f"{top};Jumlah Kasus;Jumlah Korban;Tahun", f"{PLACES[0]};1;2;2024"),
            no("AMBIGUOUS_COLUMN"),
        ),
        one(
            "kinds-across",
            lines(f"{top};TPPO;PMI Bermasalah;PMI Meninggal;Tahun", f"{PLACES[0]};1;2;3;2024"),
            ok(total=6, rows=3),
        ),
        one(
            "kinds-across-and-sum",
            lines(f"{top};TPPO;PMI Bermasalah;PMI Meninggal;Jumlah;Tahun", f"{PLACES[0]};1;2;3;6;2024"),
            ok(total=6, rows=3),
        ),
        one(
            "departures-and-sum",
            lines(f"{top};Prosedural;Non Prosedural;Total;Tahun", f"{PLACES[0]};1;2;3;2024"),
            ok(total=3, rows=2),
            "keberangkatan",
        ),
        one(
            "departures-by-status",
            lines(f"{top};Status;Jumlah;Tahun", f"{PLACES[0]};prosedural;1;2024", f"{PLACES[0]};ilegal;2;2024"),
            ok(total=3, rows=2),
            "keberangkatan",
        ),
        one(
            "formula-note",
            lines(f"{top};IDM;Tahun;Keterangan", f'{PLACES[0]};0,61;2024;=HYPERLINK("x")'),
            ok({A: 0.61}),
            "indikator",
        ),
        one(
            "template-note",
            lines(f"{top};IDM;Tahun;Keterangan", f"{PLACES[0]};0,61;2024;{{{{7*7}}}} {{% if %}} ${{x}}"),
            ok({A: 0.61}),
            "indikator",
        ),
        one("template-header", lines(f"{top};{{{{7*7}}}};IDM;Tahun", f"{PLACES[0]};1;0,61;2024"), ok(), "indikator"),
        one(
            "rupiah-with-commas",
            lines(f"{top};Dana Desa;Tahun", *(f"{place};1,234,567,890;2024" for place in PLACES)),
            ok(total=3 * 1234567890),
            "indikator",
        ),
        one(
            "note-of-poverty-is-not-kept",
            lines(f"{top};Jumlah KK Miskin;Tahun;Keterangan", f"{PLACES[0]};3;2024;Maria Bere"),
            ok({A: 3}),
            "kemiskinan",
        ),
        one(
            "in-thousands",
            lines("Kabupaten;Penduduk Miskin (ribu jiwa);Tahun", "Kab. Lontar;2,5;2024", "Cendana;1,25;2024"),
            ok({"97.01": 2500, "97.02": 1250}, said="UNIT_SCALED"),
            "kemiskinan",
        ),
        one(
            "header-again-in-capitals",
            lines(f"{top};Jumlah;Tahun", f"{PLACES[0]};3;2024", "KODE DESA;DESA;JUMLAH;TAHUN", f"{PLACES[1]};2;2024"),
            ok({A: 3, B: 2}, skipped=(3,)),
        ),
        one("year-against-date", lines("Kode Desa;Jumlah;Tahun;Tanggal", f"{A};1;2023;03/04/2024"), bad((2, "PERIOD"))),
        one(
            "poverty-empty-indicator-name",
            lines(f"{top};Garis Kemiskinan;Tahun", f"{PLACES[0]};450.000;2024"),
            no("MISSING_COLUMN"),
            "kemiskinan",
        ),
    ]


CASES = [*number_cases(), *date_cases(), *shape_cases()]
