"""A second round of dirty files: what came out wrong the first time they were tried."""

from __future__ import annotations

from typing import Any

from hostile_world import Case, Want, bad, book, bps, kode, lines, no, ok

A, B, C, D = (kode("01", 1, number) for number in (1, 2, 3, 6))
HEAD = "Kode Desa;Desa;Jumlah Kasus TPPO;Tahun"
NIK = "9701014408910002"
PLACED = "Kabupaten;Kecamatan;Desa;Jumlah;Tahun"


def personal() -> list[Case]:
    def one(label: str, head: str, row: str, want: Want | None = None, *, kind: str = "kasus") -> Case:
        return Case(f"second-pii-{label}", kind, lines(head, row), "rekap.csv", want or no("PII_VALUE", "PII_COLUMN"))

    base, start = "Kode Desa;Jumlah;Tahun", f"{A};1;2024"
    phones = {
        "spaced": "62 813 3333 4444",
        "malaysian": "+60 12-345 6789",
        "landline": "021 5551234",
        "named": "Telp. 821234",
        "slashes": "0813/4455/6677",
    }
    boxes = ";".join(f"N{n}" for n in range(16))
    return [
        one("cut-4-4-4-4", f"{base};A;B;C;D", f"{start};9701;0144;0891;0002"),
        one("cut-6-6-4", f"{base};A;B;C", f"{start};970101;440891;0002"),
        one("cut-8-8", f"{base};A;B", f"{start};97010144;08910002"),
        one("cut-into-boxes", f"{base};{boxes}", f"{start};{';'.join(NIK)}"),
        Case(
            "second-pii-cut-in-numbers",
            "kasus",
            book(["Kode Desa", "Jumlah", "Tahun", "a", "b", "c"], [A, 1, 2024, 970101, 440891, 2]),
            "a.xlsx",
            no("PII_VALUE"),
        ),
        *(one(f"phone-{name}", f"{base};Ket", f"{start};{phone}") for name, phone in phones.items()),
        one("other-province", f"{base};Ket", f"{start};9901 0144 0891 0002"),
        one(
            "counts-side-by-side",
            "Kode Desa;Desa;Penduduk 2020;Penduduk 2021;Penduduk 2022;Penduduk 2023",
            f"{A};Sukamaju;1234;1105;1206;1310",
            ok(rows=4),
            kind="indikator",
        ),
        one(
            "amount-of-16-digits",
            "Kode Desa;Desa;Pagu Dana Desa;Tahun",
            f"{A};Sukamaju;1234567890123456;2024",
            ok(total=1234567890123456),
            kind="indikator",
        ),
        one("nik-as-amount", "Kode Desa;Desa;Pagu Dana Desa;Tahun", f"{A};Sukamaju;{NIK};2024", kind="indikator"),
        one("news-address", f"{base};Ket", f"{start};kompas.example/read/2023/08/31/092213878", ok({A: 1})),
        one(
            "sls",
            "idsls;nama_sls;jumlah penduduk miskin;tahun",
            f"{bps('01', 1, 1)}000100;RT 001 DUSUN I;3;2023",
            no("WRONG_LEVEL", "PII_VALUE"),
            kind="kemiskinan",
        ),
        one(
            "sls-code",
            "idsls;jumlah penduduk miskin;tahun",
            f"{bps('01', 1, 1)}000100;3;2023",
            no("WRONG_LEVEL"),
            kind="kemiskinan",
        ),
        one(
            "nik-called-sls", "idsls;jumlah penduduk miskin;tahun", f"{NIK};3;2023", no("PII_VALUE"), kind="kemiskinan"
        ),
    ]


def shapes() -> list[Case]:
    def one(
        label: str, content: bytes, want: Want, *, kind: str = "kasus", name: str = "rekap.csv", **options: Any
    ) -> Case:
        return Case(f"second-{label}", kind, content, name, want, options)

    own, other = f"{A};Sukamaju;3;2024", f"{B};Tanah Merah;4;2024"
    sheet: tuple[list[Any], ...] = (
        ["Kode Desa", "Desa", "Jumlah Kasus TPPO", "Tahun"],
        [A, "Sukamaju", 3, 2024],
        [B, "Tanah Merah", 4, 2024],
    )
    both = ok({A: 3, B: 4})
    return [
        one(
            "merged-figure",
            book(
                sheet[0],
                [A, "Sukamaju", 5, 2024],
                [B, "Tanah Merah", None, 2024],
                [C, "Wae Rebo I", 2, 2024],
                merge=("C2:C3",),
            ),
            bad((2, "AMBIGUOUS_NUMBER"), (3, "AMBIGUOUS_NUMBER")),
            name="a.xlsx",
        ),
        one(
            "merged-blank",
            book(sheet[0], [A, "Sukamaju", None, 2024], [B, "Tanah Merah", None, 2024], merge=("C2:C3",)),
            ok({A: None, B: None}),
            name="a.xlsx",
        ),
        one("other-delimiter-in-a-line", lines(HEAD, own, other.replace(";", ",")), bad((3, "COLUMN_COUNT"))),
        one(
            "signatures-under-the-figures",
            lines(HEAD, own, other, "", ";;Lontar, 3 Januari 2025;", ";;Kepala Dinas,;", ";;Drs. Petrus Lamanepa;"),
            both,
        ),
        one(
            "notes-with-delimiters",
            lines(HEAD, own, other, "Catatan: data per 31 Desember 2024; belum termasuk 3 kasus"),
            both,
        ),
        one(
            "markdown",
            b"| Kode Desa | Desa | Jumlah | Tahun |\n|---|---|---:|---|\n"
            + f"| {A} | Sukamaju | 3 | 2024 |\n".encode(),
            ok({A: 3}),
        ),
        one(
            "three-header-rows",
            book(
                ["Kode Desa", "Nama Desa", "Tahun", "Korban TPPO", None, None],
                [None, None, None, "Dewasa", "Anak", "Jumlah"],
                [None, None, None, "orang", "orang", "orang"],
                [A, "Sukamaju", 2024, 1, 2, 3],
                merge=("D1:F1", "A1:A3", "B1:B3", "C1:C3"),
            ),
            ok({A: 3}),
            name="a.xlsx",
        ),
        one("unit-under-the-header", book(sheet[0], ["", "", "(orang)", ""], *sheet[1:]), both, name="a.xlsx"),
        one(
            "years-divided-by-sex",
            book(
                ["Kode Desa", "Desa", 2022, None, 2023, None],
                [None, None, "L", "P", "L", "P"],
                [A, "Sukamaju", 1, 2, 3, 4],
                merge=("C1:D1", "E1:F1", "A1:A2", "B1:B2"),
            ),
            no("WIDE_FORMAT"),
            name="a.xlsx",
        ),
        one(
            "province-in-capitals",
            lines(
                "Kabupaten/Kota;Jumlah;Tahun",
                "Kabupaten Cendana;3;2024",
                "Kabupaten Bukit Karang;4;2024",
                "NUSA KARANG;7;2024",
            ),
            ok({"97.02": 3, "97.03": 4}, skipped=(4,)),
        ),
        one(
            "province-of-a-rate",
            lines(
                "Kab/Kota;IPM;Tahun",
                "NUSA KARANG;66,5;2024",
                "Kab. Cendana;63,2;2024",
                "Kab. Lontar;64,1;2024",
                "Kota Lontar;75,1;2024",
            ),
            ok(total=63.2 + 64.1 + 75.1, skipped=(2,)),
            kind="indikator",
        ),
        one(
            "misspelt-kabupaten-in-capitals",
            lines(
                "Kab/Kota;IPM;Tahun", "KAB. LONTAR;63,2;2024", "KAB. BUKIT KARANG;64,1;2024", "KAB. CENDANNA;66,5;2024"
            ),
            bad((4, "AMBIGUOUS_NAME")),
            kind="indikator",
        ),
        one(
            "another-province-among-kabupaten",
            lines("Kabupaten;Jumlah;Tahun", "Kab. Cendana;3;2024", "Prov. Jawa Barat;5;2024"),
            bad((3, "AMBIGUOUS_NAME")),
        ),
        one(
            "subtotals-named-in-the-second-column",
            lines(
                PLACED,
                "Kab. Lontar;Bukit Batu;Sukamaju;3;2024",
                "Kab. Lontar;Bukit Batu;Noemuti;4;2024",
                "Kab. Lontar;Bukit Batu Total;;7;2024",
                "Kab. Lontar Total;;;7;2024",
            ),
            ok({A: 3, D: 4}, skipped=(4, 5)),
        ),
        one(
            "sum-of-all-kabupaten",
            lines(
                "Kab/Kota;Jumlah;Tahun", "Kab. Cendana;3;2024", "Kota Lontar;4;2024", "Seluruh Kabupaten/Kota;7;2024"
            ),
            ok({"97.02": 3, "97.71": 4}, skipped=(4,)),
        ),
        one(
            "men-and-women-disagree",
            book(["Kode Desa", "Desa", "Laki-laki", "Perempuan", "Jumlah", "Tahun"], [A, "Sukamaju", 1, 2, 5, 2024]),
            ok({A: 5}, said="SEXES_DISAGREE"),
            name="a.xlsx",
        ),
        one(
            "by-country",
            lines(
                "Kode Desa;Desa;Negara Tujuan;Jumlah;Tahun",
                f"{A};Sukamaju;Malaysia;3;2024",
                f"{A};Sukamaju;Taiwan;2;2024",
                f"{B};Tanah Merah;Malaysia;1;2024",
            ),
            ok({A: 5, B: 1}, said="ROWS_ADDED"),
            kind="keberangkatan",
        ),
        one(
            "by-country-twice",
            lines(
                "Kode Desa;Desa;Negara Tujuan;Jumlah;Tahun",
                f"{A};Sukamaju;Malaysia;3;2024",
                f"{A};Sukamaju;Malaysia;3;2024",
            ),
            bad((3, "DUPLICATE_KEY")),
            kind="keberangkatan",
        ),
        one(
            "by-sex-with-its-sum",
            lines(
                "Kode Desa;Desa;Jenis Kelamin;Jumlah;Tahun",
                f"{A};Sukamaju;L;3;2024",
                f"{A};Sukamaju;P;2;2024",
                f"{A};Sukamaju;L+P;5;2024",
            ),
            bad((2, "DUPLICATE_KEY"), (3, "DUPLICATE_KEY"), (4, "DUPLICATE_KEY")),
        ),
        one(
            "rate-by-sex",
            lines(
                "Kode Desa;Desa;Jenis Kelamin;Persentase Penduduk Miskin;Tahun",
                f"{A};Sukamaju;L;30;2024",
                f"{A};Sukamaju;P;20;2024",
            ),
            bad((2, "DUPLICATE_KEY"), (3, "DUPLICATE_KEY")),
            kind="kemiskinan",
        ),
        one(
            "more-people-by-country-than-there-are",
            lines(
                "Kode Desa;Desa;Negara Tujuan;Jumlah;Tahun",
                f"{A};Sukamaju;Malaysia;900;2024",
                f"{A};Sukamaju;Taiwan;800;2024",
            ),
            bad((2, "EXCEEDS_POPULATION")),
            kind="keberangkatan",
        ),
    ]


def values() -> list[Case]:
    def derived(label: str, kind: str, header: str) -> Case:
        return Case(
            f"second-no-count-{label}",
            kind,
            lines(f"Kabupaten;{header};Tahun", "Kab. Cendana;15;2023"),
            "rekap.csv",
            no("MISSING_COLUMN"),
        )

    def poor(label: str, *rows: str, want: Want, kind: str = "kemiskinan") -> Case:
        return Case(f"second-unit-{label}", kind, lines(*rows), "rekap.csv", want)

    def title(label: str, text: str, want: Want) -> Case:
        return Case(
            f"second-title-{label}",
            "kasus",
            lines(text, "", "Kode Desa;Desa;Jumlah Kasus TPPO", f"{A};Sukamaju;3"),
            "rekap.csv",
            want,
        )

    counted = ("Kab. Cendana;10;2023", "Kab. Lontar;1;2023")
    return [
        derived("rate", "kasus", "Kasus TPPO per 100.000 penduduk"),
        derived("share", "kasus", "Persentase Kasus TPPO"),
        derived("ratio", "keberangkatan", "Rasio PMI Prosedural"),
        derived("target", "keberangkatan", "Target Penempatan PMI"),
        derived("rise", "kasus", "Kenaikan Kasus TPPO"),
        derived("mean", "kasus", "Rata-rata Kasus TPPO per Tahun"),
        Case(
            "second-no-count-percent-sign",
            "kasus",
            lines(HEAD, f"{A};Sukamaju;12%;2024"),
            "rekap.csv",
            bad((2, "NOT_A_NUMBER")),
        ),
        poor(
            "title",
            "Penduduk Miskin dalam ribuan",
            "Kabupaten;Jumlah;Tahun",
            *counted,
            want=ok({"97.02": 10000, "97.01": 1000}, said="UNIT_SCALED"),
        ),
        poor(
            "title-of-people",
            "Jumlah Penduduk (Ribu Jiwa) 2023",
            "Kabupaten;Jumlah Penduduk",
            "Kab. Cendana;10",
            "Kab. Lontar;1,5",
            want=ok(total=11500),
            kind="indikator",
        ),
        poor(
            "header-of-people",
            "Kabupaten;Jumlah Penduduk (000 jiwa);Tahun",
            "Kab. Cendana;1,25;2023",
            want=ok(total=1250),
            kind="indikator",
        ),
        poor(
            "column",
            "Kabupaten;Jumlah;Satuan;Tahun",
            "Kab. Cendana;15;ribu jiwa;2023",
            "Kab. Lontar;2,5;ribu jiwa;2023",
            want=ok({"97.02": 15000, "97.01": 2500}),
        ),
        poor(
            "column-of-rates",
            "Kabupaten;Jumlah;Satuan;Tahun",
            "Kab. Cendana;15;per 100.000 penduduk;2023",
            want=bad((2, "AMBIGUOUS_NUMBER")),
        ),
        poor(
            "column-of-shares",
            "Kabupaten;Jumlah;Satuan;Tahun",
            "Kab. Cendana;15;persen;2023",
            want=bad((2, "AMBIGUOUS_NUMBER")),
        ),
        title("law", "Berdasarkan UU No. 21 Tahun 2007", no("PERIOD")),
        title("regulation", "Lampiran Peraturan Bupati Nomor 12 Tahun 2019", no("PERIOD")),
        title("print-date", "Dicetak tanggal 5 Januari 2025", no("PERIOD")),
        title("future", "Rencana Tahun 2035", no("PERIOD")),
        title("law-and-year", "Kasus TPPO (UU No. 21 Tahun 2007) Tahun 2024", ok({A: 3}, said="PERIOD_FROM_TITLE")),
    ]


def places() -> list[Case]:
    def one(label: str, head: str, row: str, want: Want) -> Case:
        return Case(f"second-place-{label}", "kasus", lines(head, row), "rekap.csv", want)

    return [
        one(
            "kecamatan-alone",
            "Kecamatan;Desa;Jumlah;Tahun",
            "Pantai Timur;Bakustulama;3;2024",
            ok({kode("01", 2, 6): 3}),
        ),
        one(
            "kecamatan-of-two-kabupaten",
            "Kecamatan;Desa;Jumlah;Tahun",
            "Bukit Batu;Noemuti;3;2024",
            bad((2, "AMBIGUOUS_NAME")),
        ),
        one("kecamatan-only", "Kecamatan;Jumlah;Tahun", "Lembah Sari;3;2024", ok({"97.02.02": 3})),
        one(
            "kecamatan-of-an-unknown-kabupaten",
            PLACED,
            "Kab. Entah;Pantai Timur;Bakustulama;3;2024",
            bad((2, "AMBIGUOUS_NAME")),
        ),
        one("village-to-be", PLACED, "Kab. Lontar;Bukit Batu;Noemuti (Persiapan);3;2024", bad((2, "AMBIGUOUS_NAME"))),
        one("written-as-one-word", PLACED, "Kab. Lontar;Bukit Batu;WaeReboDua;3;2024", ok({kode("01", 1, 4): 3})),
        one("bps-kabupaten", "Kode Kab BPS;Jumlah;Tahun", "9702;3;2024", ok({"97.01": 3})),
    ]


def records() -> list[Case]:
    bridging = lines("kode_bps;nama_bps;kode_dagri;nama_dagri", f"{bps('01', 1, 1)};SUKAMAJU;{A};Sukamaju")
    return [Case("second-bridging", "padanan", bridging, "getwilayah.csv", ok())]


CASES = [*personal(), *shapes(), *values(), *places(), *records()]
