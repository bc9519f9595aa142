# ruff: noqa: E501 - one line a file
"""Dirty files about places: codes in every damaged spelling, code systems, names that collide."""

from __future__ import annotations

from typing import Any

from hostile_world import KABUPATEN, KECAMATAN, NAMES, OWN, Case, Want, bad, book, bps, digits, kode, lines, no, ok

HEAD = "Kode Desa;Desa;Jumlah;Tahun"
A, B = kode("01", 1, 1), kode("01", 1, 2)
FULL = "Kode;Kabupaten;Kecamatan;Desa;Jumlah;Tahun"


def named(kab: str, kec: int, number: int) -> str:
    """``Kabupaten;Kecamatan;Desa`` of a village."""
    return f"{KABUPATEN[f'97.{kab}'][0]};{KECAMATAN[f'97.{kab}'][kec - 1]};{name(kab, kec, number)}"


def name(kab: str, kec: int, number: int) -> str:
    return (*NAMES, OWN[f"97.{kab}.{kec:02d}"])[number - 1]


def code_cases() -> list[Case]:
    def one(label: str, cell: str, want: Want) -> Case:
        return Case(f"code-{label}", "kasus", lines(HEAD, f"{cell};Sukamaju;3;2024"), "rekap.csv", want)

    right, lost = ok({A: 3}), bad((2, "CODE_PRECISION_LOST"))
    wrong = bad((2, "BAD_CODE"))
    plain = digits("01", 1, 1)
    return [
        one("dotted", A, right),
        one("plain", plain, right),
        one("float", f"{plain}.0", right),
        one("float-comma", f"{plain},0", right),
        one("float-two-zeros", f"{plain}.00", right),
        one("apostrophe", f"'{plain}", right),
        one("backtick", f"`{plain}", right),
        one("excel-text-formula", f'"=""{plain}"""', right),
        one("spaces", "97 01 01 2001", right),
        one("dashes", "97-01-01-2001", right),
        one("slashes", "97/01/01/2001", right),
        one("six-and-four", "970101 2001", right),
        one("dot-at-end", f"{A}.", right),
        one("half-dotted", "9701.01.2001", right),
        one("six-dot-four", "970101.2001", right),
        one("full-width", "９７０１０１２００１", right),
        one("spaces-around-dots", "97 . 01 . 01 . 2001", right),
        one("commas-for-dots", '"97,01,01,2001"', right),
        one("prefix-word", "Kode 97.01.01.2001", wrong),
        one("letter-o", "97.O1.01.2001", wrong),
        one("letter-l", "97.0l.01.2001", wrong),
        one("short-village", "97.01.01.201", wrong),
        one("long-village", "97.01.01.20011", wrong),
        one("zero-dropped-in-part", "97.1.1.2001", wrong),
        one("nine-digits", "970101201", wrong),
        one("eleven-digits", "97010120011", wrong),
        one("negative", f"-{plain}", wrong),
        one("question-mark", "?", wrong),
        one("word", "belum ada", wrong),
        one("scientific-whole", "9.701012001E+09", right),
        one("scientific-comma", "9,701012001E+09", right),
        one("scientific-lost", "9.70101E+09", lost),
        one("scientific-lost-comma", "9,70101E+09", lost),
        one("scientific-short", "9,7E+09", lost),
        one("scientific-no-fraction", "1E+10", lost),
        one("scientific-lower", "9.70101e9", lost),
        one("scientific-text-blank", "9.70101 E+09", lost),
        one("digits-rounded-to-zero", "9701010000", bad((2, "CODE_PRECISION_LOST")))
        if False
        else one("zero-village", "9701010000", bad((2, "UNKNOWN_CODE"))),
        one("unknown", "97.01.01.2099", bad((2, "UNKNOWN_CODE"))),
        one("unknown-kabupaten", "97.55.01.2001", bad((2, "UNKNOWN_CODE"))),
        one("other-province", "53.01.04.2003", bad((2, "OUTSIDE_PROVINCE"))),
        one("other-fictional", "98.01.01.2001", bad((2, "OUTSIDE_PROVINCE"))),
        one("kecamatan-in-village-column", "97.01.01", bad((2, "WRONG_LEVEL"))),
        one("kabupaten-in-village-column", "97.01", bad((2, "WRONG_LEVEL"))),
        one("province-in-village-column", "97", bad((2, "WRONG_LEVEL"))),
        one("wrong-name", B, bad((2, "NAME_CODE_MISMATCH"))),
        one("name-of-code-elsewhere", kode("02", 2, 6), bad((2, "NAME_CODE_MISMATCH"))),
        one("error-cell", "#REF!", bad((2, "CELL_ERROR"))),
        one("error-n-a", "#N/A", bad((2, "CELL_ERROR"))),
        one("blank-code-bare-name", "", bad((2, "AMBIGUOUS_NAME"))),
    ]


def table_cases() -> list[Case]:
    def one(
        label: str, content: bytes, want: Want, kind: str = "kasus", file_name: str = "rekap.csv", **options: Any
    ) -> Case:
        return Case(f"place-{label}", kind, content, file_name, want, options)

    some = [("01", 1, 1), ("01", 1, 6), ("01", 2, 2), ("02", 1, 3), ("02", 2, 6), ("03", 1, 4)]
    values: dict[str, float | None] = {kode(*place): count for count, place in enumerate(some, start=1)}

    def coded(make: Any, names: bool = True, head: str = FULL) -> bytes:
        rows = (f"{make(*p)};{named(*p) + ';' if names else ''}{n};2024" for n, p in enumerate(some, start=1))
        return lines(head, *rows)

    old = f"{kode('01', 1, 3)[:8]}.2903"
    split = "kdprov;nmprov;kdkab;nmkab;kdkec;nmkec;kddesa;nmdesa;jumlah;tahun"

    def parts(code: str, cut: tuple[int, int, int]) -> str:
        return f"{code[:2]};NUSA KARANG;{code[2:4]};;{code[4 : cut[1]]};;{code[cut[1] :]};"

    two_systems = lines(
        FULL,
        f"{bps('01', 1, 1)};{named('01', 1, 1)};1;2024",
        f"{kode('01', 1, 6)};{named('01', 1, 6)};2;2024",
        f"{kode('02', 2, 6)};{named('02', 2, 6)};3;2024",
    )
    kabs = "Kode;Kabupaten;Jumlah;Tahun"
    return [
        one("kemendagri-plain", coded(digits), ok(values)),
        one("bps-with-names", coded(bps), ok(values, said="CODE_SYSTEM_BPS")),
        one("bps-with-names-under-kode-desa", coded(bps, head=FULL.replace("Kode", "Kode Desa")), ok(values)),
        one("bps-floats", coded(lambda *p: bps(*p) + ".0"), ok(values)),
        one(
            "bps-village-names-only",
            lines(HEAD, *(f"{bps(*p)};{name(*p)};{n};2024" for n, p in enumerate(some, start=1))),
            ok(values),
        ),
        one("hdx", coded(lambda *p: "ID" + bps(*p), head=FULL.replace("Kode", "ADM4_PCODE")), ok(values)),
        one("hdx-without-names", coded(lambda *p: "ID" + bps(*p), False, "ADM4_PCODE;Jumlah;Tahun"), ok(values)),
        one("iddesa-without-names", coded(bps, False, "iddesa;jumlah;tahun"), ok(values)),
        one("bps-without-names-or-hint", coded(bps, False, "Kode Desa;Jumlah;Tahun"), no("CODE_SYSTEM_MISMATCH")),
        one(
            "kdepum-beside-kdebps",
            lines("KDEPUM;KDEBPS;WADMKD;Jumlah;Tahun", f"{A};{bps('01', 1, 1)};Sukamaju;3;2024"),
            ok({A: 3}),
        ),
        one("two-systems-in-one-file", two_systems, bad((2, "NAME_CODE_MISMATCH"))),
        one("one-bps-row", lines(FULL, f"{bps('01', 1, 6)};{named('01', 1, 6)};4;2024"), ok({kode("01", 1, 6): 4})),
        one(
            "kabupaten-swapped-systems",
            lines(kabs, "9701;Cendana;3;2024", "9702;Kab. Lontar;4;2024"),
            ok({"97.02": 3, "97.01": 4}),
        ),
        one(
            "kabupaten-own-system",
            lines(kabs, "97.01;Kab. Lontar;3;2024", "97.02;Cendana;4;2024"),
            ok({"97.01": 3, "97.02": 4}),
        ),
        one(
            "kabupaten-without-names",
            lines("Kode Kab;Jumlah;Tahun", "9701;3;2024", "9702;4;2024"),
            no("CODE_SYSTEM_MISMATCH"),
        ),
        one(
            "kabupaten-dotted-without-names",
            lines("Kode Kab;Jumlah;Tahun", "97.01;3;2024", "97.02;4;2024"),
            ok({"97.01": 3, "97.02": 4}),
        ),
        one(
            "bps-kecamatan",
            lines("Kode;Kabupaten;Kecamatan;Jumlah;Tahun", "9702012;Kab. Lontar;Bukit Batu;5;2024"),
            ok({"97.01.01": 5}),
        ),
        one(
            "split-bps",
            lines(
                "kdprov;nmprov;kdkab;nmkab;kdkec;nmkec;kddesa;nmdesa;jumlah;tahun",
                *(
                    f"97;NUSA KARANG;{bps(*p)[2:4]};{named(*p).split(';')[0].upper()};{bps(*p)[4:7]};{named(*p).split(';')[1].upper()};{bps(*p)[7:]};"
                    f"{name(*p).upper()};{n};2024"
                    for n, p in enumerate(some, start=1)
                ),
            ),
            ok(values),
        ),
        one(
            "split-kemendagri",
            lines(
                "Kode Prov;Kode Kab;Kode Kec;Kode Desa;Nama Desa;Jumlah;Tahun",
                "97;01;01;2001;Sukamaju;3;2024",
                "97;1;1;2002;Tanah Merah;4;2024",
            ),
            ok({A: 3, B: 4}),
        ),
        one(
            "split-kemendagri-numbers",
            book(
                ["Kode Prov", "Kode Kab", "Kode Kec", "Kode Desa", "Desa", "Jumlah", "Tahun"],
                [97, 1, 1, 2001, "Sukamaju", 3, 2024],
            ),
            ok({A: 3}),
            file_name="a.xlsx",
        ),
        one(
            "cumulated-codes-per-level",
            lines(
                "KODE_PROV;KODE_KAB;KODE_KEC;KODE_DESA;NAMA_DESA;JUMLAH;TAHUN",
                "97;9701;970101;9701012001;SUKAMAJU;3;2024",
            ),
            ok({A: 3}),
        ),
        one(
            "code-levels-disagree",
            lines("Kode Kab;Kode Kec;Kode Desa;Desa;Jumlah;Tahun", f"97.02;97.02.01;{A};Sukamaju;3;2024"),
            bad((2, "NAME_CODE_MISMATCH")),
        ),
        one("split-text", lines(split, "97;X;01;;01;;2001;;3;2024"), ok({A: 3})),
        one("retired", lines(HEAD, f"{old};Wae Rebo I;3;2024"), ok({kode("01", 1, 3): 3}, said="RETIRED_CODE")),
        one(
            "retired-plain",
            lines(HEAD, f"{old.replace('.', '')};Wae Rebo I;3;2024"),
            ok({kode("01", 1, 3): 3}, said="RETIRED_CODE"),
        ),
        one(
            "retired-of-another-kabupaten",
            lines(HEAD, "97.09.01.2002;Wae Rebo II;3;2024"),
            ok({kode("02", 1, 4): 3}, said="RETIRED_CODE"),
        ),
        one("retired-with-strange-name", lines(HEAD, f"{old};Sukamaju;3;2024"), bad((2, "NAME_CODE_MISMATCH"))),
        one(
            "retired-beside-successor",
            lines(HEAD, f"{old};Wae Rebo I;3;2024", f"{kode('01', 1, 3)};Wae Rebo I;4;2024"),
            bad((2, "DUPLICATE_KEY"), (3, "DUPLICATE_KEY")),
        ),
        one("roman-swapped", lines(HEAD, f"{kode('01', 1, 3)};Wae Rebo II;3;2024"), bad((2, "NAME_CODE_MISMATCH"))),
        one(
            "roman-as-digit",
            lines(HEAD, f"{kode('01', 1, 3)};Wae Rebo 1;3;2024", f"{kode('01', 1, 4)};Wae Rebo Dua;1;2024"),
            ok({kode("01", 1, 3): 3, kode("01", 1, 4): 1}),
        ),
        one("roman-run-together", lines(HEAD, f"{kode('01', 1, 4)};WaeRebo II;1;2024"), ok({kode("01", 1, 4): 1})),
        one("spelling-beside-code", lines(HEAD, f"{A};Suka Maju;1;2024", f"{B};Tanahmerah;2;2024"), ok({A: 1, B: 2})),
        one("misspelling-beside-code", lines(HEAD, f"{A};Sukamadju;1;2024"), ok({A: 1}, said="NAME_SPELLING")),
        one(
            "kabupaten-of-row-disagrees",
            lines(FULL, f"{A};Kab. Cendana;Bukit Batu;Sukamaju;3;2024"),
            bad((2, "NAME_CODE_MISMATCH")),
        ),
        one("duplicate", lines(HEAD, f"{A};Sukamaju;3;2024", f"{A};Sukamaju;3;2024"), bad((3, "DUPLICATE_KEY"))),
        one(
            "duplicate-that-disagrees",
            lines(HEAD, f"{A};Sukamaju;3;2024", f"{A};Sukamaju;4;2024"),
            bad((2, "DUPLICATE_KEY"), (3, "DUPLICATE_KEY")),
        ),
        one("same-village-two-years", lines(HEAD, f"{A};Sukamaju;3;2023", f"{A};Sukamaju;4;2024"), ok(total=7, rows=2)),
        one(
            "province-column-other",
            lines("Provinsi;Kabupaten;Jumlah;Tahun", "Bali;Lontar;3;2024"),
            bad((2, "OUTSIDE_PROVINCE")),
        ),
        one(
            "national-table",
            lines("Kode Provinsi;Provinsi;Jumlah;Tahun", "97;NUSA KARANG;3;2024", "53;NUSA TENGGARA TIMUR;9;2024"),
            bad((3, "OUTSIDE_PROVINCE")),
        ),
    ]


def name_cases() -> list[Case]:
    head = "Kabupaten;Kecamatan;Desa;Jumlah;Tahun"

    def one(label: str, row: str, want: Want, top: str = head) -> Case:
        return Case(f"name-{label}", "kasus", lines(top, f"{row};3;2024"), "rekap.csv", want)

    right, doubtful = ok({A: 3}), bad((2, "AMBIGUOUS_NAME"))
    return [
        one("plain", "Kabupaten Lontar;Bukit Batu;Sukamaju", right),
        one("upper", "KAB. LONTAR;BUKIT BATU;SUKAMAJU", right),
        one("prefixes", "Kab.Lontar;Kec. Bukit Batu;Ds. Sukamaju", right),
        one("spaced", "Kab Lontar;Bukit Batu;S U K A M A J U", right),
        one("blank-inside", "Kab. Lontar;Bukitbatu;Suka Maju", right),
        one("desa-slash", "Kab. Lontar;Bukit Batu;Desa/Kel. Sukamaju", right),
        one("apostrophe", "Kab. Lontar;Bukit Batu;Oesapa", ok({kode("01", 1, 5): 3})),
        one("curly", "Kab. Lontar;Bukit Batu;Oe’sapa", ok({kode("01", 1, 5): 3})),
        one("apostrophe-as-blank", "Kab. Lontar;Bukit Batu;Oe Sapa", ok({kode("01", 1, 5): 3})),
        one("roman", "Kab. Lontar;Bukit Batu;Wae Rebo 2", ok({kode("01", 1, 4): 3})),
        one("roman-word", "Kab. Lontar;Bukit Batu;Wae Rebo Satu", ok({kode("01", 1, 3): 3})),
        one("roman-lower", "Kab. Lontar;Bukit Batu;wae rebo ii", ok({kode("01", 1, 4): 3})),
        one("roman-missing", "Kab. Lontar;Bukit Batu;Wae Rebo", doubtful),
        one("roman-of-nobody", "Kab. Lontar;Bukit Batu;Wae Rebo III", doubtful),
        one("roman-ell", "Kab. Lontar;Bukit Batu;Wae Rebo ll", doubtful),
        one("misspelt", "Kab. Lontar;Bukit Batu;Sukamadju", doubtful),
        one("nowhere", "Kab. Lontar;Bukit Batu;Negeri Jauh", doubtful),
        one("kecamatan-misspelt", "Kab. Lontar;Bukit Bata;Sukamaju", doubtful),
        one("kabupaten-misspelt", "Kab. Lontr;Bukit Batu;Sukamaju", doubtful),
        one("village-of-other-kecamatan", "Kab. Lontar;Bukit Batu;Bakustulama", doubtful),
        one("kecamatan-of-other-kabupaten", "Kab. Cendana;Pantai Timur;Sukamaju", doubtful),
        one("town", "Kota Lontar;Kota Raja;Kel. Sukamaju", ok({kode("71", 1, 1): 3})),
        one("bare-name-of-both", "Lontar;;", doubtful),
        one("kabupaten-only", "Kab. Lontar;;", ok({"97.01": 3})),
        one("kecamatan-only", "Kab. Lontar;Bukit Batu;", ok({"97.01.01": 3})),
        one("village-unknown", "Kab. Lontar;Bukit Batu;tidak diketahui", ok({"97.01.01": 3})),
        one("dash-village", "Kab. Lontar;Bukit Batu;-", ok({"97.01.01": 3})),
        one("all-unknown", "-;-;Tidak diketahui", doubtful),
        one("no-kecamatan-unique", "Kab. Lontar;;Noemuti", ok({kode("01", 1, 6): 3})),
        one("no-kecamatan-doubtful", "Kab. Lontar;;Sukamaju", doubtful),
        one("no-kabupaten", ";Bukit Batu;Sukamaju", doubtful),
        one("village-alone", "Sukamaju", doubtful, "Desa;Jumlah;Tahun"),
        one("kecamatan-alone-in-two", "Bukit Batu", doubtful, "Kecamatan;Jumlah;Tahun"),
        one("formula", "Kab. Lontar;Bukit Batu;=cmd|'/c calc'!A1", doubtful),
        one("template", "Kab. Lontar;Bukit Batu;{{7*7}}{% x %}${y}`", doubtful),
        one("markup", "Kab. Lontar;Bukit Batu;<img src=x onerror=alert(1)>", doubtful),
        one("percent-braces", "Kab. Lontar;Bukit Batu;{0} {nama} %s", doubtful),
        one("bidi", "Kab. Lontar;Bukit Batu;\u202eujamakuS", doubtful),
        one("too-long", f"Kab. Lontar;Bukit Batu;{'Sukamaju ' * 80}", bad((2, "TOO_LONG"), (2, "AMBIGUOUS_NAME"))),
        one("old-name-in-brackets", "Kab. Lontar;Bukit Batu;Sukamaju (pemekaran)", right),
        one("sql", "Kab. Lontar;Bukit Batu;x'); DROP TABLE fakta;--".replace(";-", ":-").replace("; ", " "), doubtful),
        one("asal-kabupaten", "Kab. Lontar", ok({"97.01": 3}), "Asal Kabupaten;Jumlah (Orang);Tahun"),
        one(
            "one-column-of-three",
            "Desa Sukamaju, Kec. Bukit Batu, Kab. Lontar",
            Want(errors=frozenset({(2, "AMBIGUOUS_NAME")})),
            "Alamat Desa;Jumlah;Tahun",
        )
        if False
        else one("name-column-town", "Kota Lontar", ok({"97.71": 3}), "Nama Wilayah;Jumlah;Tahun"),
    ]


CASES = [*code_cases(), *table_cases(), *name_cases()]
