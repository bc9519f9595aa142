"""Files with personal data in every disguise, and clean ones that look as if they had some."""

from __future__ import annotations

from typing import Any

from hostile_world import Case, Want, book, kode, lines, no, ok

A, B = kode("01", 1, 1), kode("01", 1, 2)
NIK = "5301015208900003"
HEAD = "Kode Desa;Desa;Jumlah;Tahun;Keterangan"
REFUSED = no("PII_VALUE", "PII_COLUMN")


def value_cases() -> list[Case]:
    def one(label: str, text: str, want: Want = REFUSED, secret: str | None = None) -> Case:
        rows = [f"{A};Sukamaju;3;2024;", f'{B};Tanah Merah;2;2024;"{text}"']
        return Case(
            f"pii-{label}",
            "kasus",
            lines(HEAD, *rows),
            "rekap.csv",
            want,
            {},
            (secret or text,) if want.reasons else (),
        )

    return [
        one("nik", NIK),
        one("nik-spaces", "5301 0152 0890 0003"),
        one("nik-dots", "53.01.01.520890.0003"),
        one("nik-dashes", "530101-520890-0003"),
        one("nik-prefix", f"NIK: {NIK}", secret=NIK),
        one("nik-in-sentence", f"korban dengan KTP {NIK} pulang", secret=NIK),
        one("nik-scientific", "5.30102E+15"),
        one("nik-scientific-comma", "5,30101520890E+15"),
        one("nik-apostrophe", f"'{NIK}", secret=NIK),
        one("nik-fullwidth", "５３０１０１５２０８９００００３"),
        one("nik-zero-width", "\u200b".join(NIK)),
        one("nik-fictional-province", "9701015208900003"),
        one("nik-fifteen-and-mark", "530101520890000-3"),
        one("nik-masked", "530101******0003"),
        one("nik-two-lines", "530101\n520890\n0003"),
        one("nik-commas", "5,301,015,208,900,003"),
        one("nik-letters-o", "53O1O152O89OOOO3"),
        one("nik-float", NIK + ".0", secret=NIK),
        one("nik-slashes", "530101/520890/0003"),
        one("nik-dot-thousands", "5.301.015.208.900.003"),
        one("nik-underscores", "5301_0152_0890_0003"),
        one("nik-brackets", f"Maria ({NIK})", secret=NIK),
        one("kk", "KK 5301011203150002", secret="5301011203150002"),
        one("phone-plus", "+62 812-3456-7890"),
        one("phone", "081234567890"),
        one("phone-dashes", "0812-3456-7890"),
        one("phone-dots", "0812.3456.7890"),
        one("phone-wa", "WA 0813 3344 5566", secret="0813 3344 5566"),
        one("phone-brackets", "(+62) 81334455667"),
        one("phone-62", "6281334455667"),
        one("phone-landline", "(0380) 831234"),
        one("phone-short", "hp 0812345678", secret="0812345678"),
        one("phone-spaced-digits", "0 8 1 2 3 4 5 6 7 8 9 0"),
        one("e-mail", "maria.bere@contoh.co.id"),
        one("e-mail-at", "maria(at)contoh.id"),
        one("e-mail-upper", "MARIA@CONTOH.ID"),
        one("passport", "C1234567"),
        one("passport-words", "No. Paspor AB 765432", secret="AB 765432"),
        one("passport-two-letters", "XE123456"),
        one("nip", "NIP. 19670512 199203 1 004", secret="19670512 199203 1 004"),
        one("nip-solid", "196705121992031004"),
        one("name-an", "a.n. Maria Bere", secret="Maria Bere"),
        one("name-inisial-alias", "korban bernama Maria Bere", secret="Maria Bere"),
        one("name-bin", "Ahmad bin Salim"),
        one("name-alm", "Alm. Yosef Tnunay", secret="Yosef Tnunay"),
        one("birth", "lahir 12-08-1990 di Soe", secret="12-08-1990"),
        one("address", "Jl. Timor Raya RT 03/RW 05", secret="Timor Raya"),
        one("rt-rw", "RT.003/RW.001 Dusun II", secret="RT.003/RW.001"),
        one("clean-note", "menurut laporan Polres, 3 korban dewasa", ok({A: 3, B: 2})),
        one("clean-date", "diperbarui 12/08/2024", ok({A: 3, B: 2})),
        one("clean-code", f"dahulu {kode('01', 1, 2)} dan 9702012003", ok({A: 3, B: 2})),
        one("clean-law", "UU No. 21 Tahun 2007 Pasal 2", ok({A: 3, B: 2})),
        one("clean-letter-number", "LP/B/123/VIII/2024/SPKT/POLRES LONTAR", ok({A: 3, B: 2})),
        one("clean-range", "2021-2022-2023-2024", ok({A: 3, B: 2})),
        one("clean-money", "Rp 1.234.567.890,00", ok({A: 3, B: 2})),
        one("clean-long-number", "1234567890123", ok({A: 3, B: 2})),
    ]


def column_cases() -> list[Case]:
    def column(header: str, cell: str, want: Want = REFUSED) -> Case:
        label = header.lower().replace(" ", "-").replace("/", "-").replace(".", "")
        rows = lines(
            f"No;{header};Kode Desa;Jumlah;Tahun",
            f"1;{cell};{A};1;2024",
            f"2;{cell.replace('Maria', 'Yosefina')};{B};1;2024",
        )
        return Case(f"pii-column-{label}", "kasus", rows, "daftar.csv", want, {}, (cell,) if want.reasons else ())

    def listing(label: str, head: str, *rows: str, want: Want = REFUSED, secrets: tuple[str, ...] = ("Maria",)) -> Case:
        return Case(f"pii-list-{label}", "kasus", lines(head, *rows), "daftar.csv", want, {}, secrets)

    return [
        column("NIK", "rahasia"),
        column("No. KK", "rahasia"),
        column("No KTP", "rahasia"),
        column("Nama PMI", "Maria Bere"),
        column("Nama Korban", "Maria Bere"),
        column("Nama Lengkap", "Maria Bere"),
        column("NAMA CPMI", "Maria Bere"),
        column("Nama_Korban", "Maria Bere"),
        column("Nama TKI/PMI", "Maria Bere"),
        column("Nama Tersangka", "Maria Bere"),
        column("Nama Orang Tua", "Maria Bere"),
        column("Nama Ibu Kandung", "Maria Bere"),
        column("Korban", "Maria Bere"),
        column("Identitas Korban", "Maria Bere"),
        column("Nama/Alias", "Maria Bere"),
        column("Inisial", "M.B."),
        column("No HP", "rahasia"),
        column("Telp/WA", "rahasia"),
        column("Email", "rahasia"),
        column("No. Paspor", "rahasia"),
        column("Tgl Lahir", "rahasia"),
        column("Tempat, Tanggal Lahir", "rahasia"),
        column("TTL", "rahasia"),
        column("Alamat", "Dusun rahasia"),
        column("Alamat Korban", "Dusun rahasia"),
        column("Alamat Lengkap Keluarga", "Dusun rahasia"),
        column("RT/RW", "03/05"),
        column("Nama Kepala Desa", "Maria Bere"),
        column("Penanggung Jawab", "Maria Bere"),
        column("Petugas Pencatat", "Dinas Sosial", ok({A: 1, B: 1})),
        column("Jumlah Kartu Keluarga", "312", ok({A: 1, B: 1})),
        column("Nama Sponsor", "Maria Bere"),
        column("Nama Majikan", "Maria Bere"),
        column("Nama Ahli Waris", "Maria Bere"),
        column("No. Rekening", "rahasia"),
        column("NPWP", "rahasia"),
        column("No BPJS", "rahasia"),
        column("Nomor Identitas", "rahasia"),
        column("Nama", "Maria Bere"),
        column("Nama PMI Meninggal", "Maria Bere"),
        column("Kontak Keluarga", "rahasia"),
        column("Facebook", "rahasia"),
        column("Victim Name", "Maria Bere"),
        column("Nama Petugas Entri", "Maria Bere"),
        listing(
            "age-and-sex",
            "No;Kabupaten;Umur;L/P;Jenis Kasus;Jumlah;Tahun",
            "1;Kab. Lontar;19;P;TPPO;1;2024",
            secrets=(),
        ),
        listing(
            "one-row-per-person",
            "No;Nama;Umur;JK;Desa;Kecamatan;Kabupaten;Tahun",
            "1;Maria Bere;19;P;Sukamaju;Bukit Batu;Kab. Lontar;2024",
        ),
        listing(
            "without-age",
            "No;Nama;Jenis Kelamin;Desa;Kecamatan;Kabupaten;Negara Tujuan;Tahun",
            "1;Maria Bere;P;Sukamaju;Bukit Batu;Kab. Lontar;Malaysia;2024",
        ),
        listing(
            "age-in-words",
            "No;Kode Desa;Usia Korban (th);Jenis Kelamin (L/P);Jumlah;Tahun",
            f"1;{A};19;P;1;2024",
            secrets=(),
        ),
        listing(
            "siskop2mi",
            "NIK;Nama;Negara Tujuan;SK Penempatan;Tanggal Kontrak",
            f"{NIK};Maria Bere;Malaysia;123/SK/2024;01/02/2024",
            secrets=(NIK, "Maria"),
        ),
        listing(
            "nik-without-header", f"{NIK};Maria Bere;Sukamaju;2024", f"{NIK};Maria Bere;Sukamaju;2024", secrets=(NIK,)
        ),
        listing("nik-in-header", f"Kode Desa;Jumlah;Tahun;{NIK}", f"{A};3;2024;x", secrets=(NIK,)),
        listing("nik-in-code-column", "Kode Desa;Jumlah;Tahun", f"{A};3;2024", f"{NIK};1;2024", secrets=(NIK,)),
        listing("nik-in-value-column", "Kode Desa;Jumlah;Tahun", f"{A};3;2024", f"{B};{NIK};2024", secrets=(NIK,)),
        listing("nik-in-total-row", "Kode Desa;Jumlah;Tahun;Ket", f"{A};3;2024;", f"JUMLAH;3;;{NIK}", secrets=(NIK,)),
        listing("nik-in-title", f"DATA KORBAN NIK {NIK}", "Kode Desa;Jumlah;Tahun", f"{A};3;2024", secrets=(NIK,)),
        listing("nik-below-note", "Kode Desa;Jumlah;Tahun", f"{A};3;2024", "", f"Mengetahui,;;{NIK}", secrets=(NIK,)),
    ]


def sheet_cases() -> list[Case]:
    base: tuple[list[Any], ...] = (["Kode Desa", "Desa", "Jumlah Kasus TPPO", "Tahun"], [A, "Sukamaju", 3, 2024])

    def one(
        label: str, content: bytes, secrets: tuple[str, ...] = (NIK,), want: Want = REFUSED, **options: Any
    ) -> Case:
        return Case(f"pii-sheet-{label}", "kasus", content, "rekap.xlsx", want, options, secrets)

    def second(state: str) -> Any:
        def edit(made: Any, first: Any) -> None:
            other = made.create_sheet("Data")
            other.append(["No", "NIK", "Nama"])
            other.append([1, NIK, "Maria Bere"])
            other.sheet_state = state

        return edit

    def hide_column(made: Any, first: Any) -> None:
        first.column_dimensions["E"].hidden = True

    sign: list[list[Any]] = [
        [],
        [None, None, "Kepala Dinas,"],
        [],
        [None, None, "Drs. Yohanes Bria, M.Si"],
        [None, None, "NIP. 19670512 199203 1 004"],
    ]
    return [
        one("number-cell", book([*base[0], "Ket"], [*base[1], int(NIK)])),
        one("text-cell", book([*base[0], "Ket"], [*base[1], NIK])),
        one("other-sheet", book(*base, edit=second("visible"))),
        one("hidden-sheet", book(*base, edit=second("hidden"))),
        one("very-hidden-sheet", book(*base, edit=second("veryHidden"))),
        one("other-sheet-when-one-is-chosen", book(*base, edit=second("visible")), sheet="Rekap"),
        one("hidden-column", book([*base[0], "Ket"], [*base[1], NIK], edit=hide_column)),
        one("signature-with-nip", book(*base, *sign), ("19670512 199203 1 004",)),
        one("nip-label-apart", book(*base, [], [None, None, "NIP", 196705121992031004]), ("196705121992031004",)),
        one("sheet-named-after-nik", book(*base, sheet=NIK)),
        one("words-about-nik-are-none", book(*base, edit=_instructions), (), ok({A: 3})),
        one("beyond-the-header", book(*base, *[[A, "Sukamaju", 1, 2000 + n] for n in range(20)], [None] * 30 + [NIK])),
    ]


def _instructions(made: Any, first: Any) -> None:
    other = made.create_sheet("Petunjuk", 0)
    other.append(["Jangan menulis NIK, nomor HP, atau nama korban di berkas ini."])
    other.append(["Kode desa diisi sebagai teks."])


CASES = [*value_cases(), *column_cases(), *sheet_cases()]
