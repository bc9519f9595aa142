# ruff: noqa: E501 - one line a file
"""The 22 real formats of agencies, column by column, with the fictional province's content."""

from __future__ import annotations

from typing import Any

from hostile_places import name, named
from hostile_world import KABUPATEN, Case, Want, bad, book, bps, digits, kode, lines, no, ok

SOME = [("01", 1, 1), ("01", 1, 6), ("01", 2, 2), ("02", 1, 3), ("02", 2, 6), ("03", 1, 4)]
LUAS: dict[str, float | None] = {kode(*place): number + 0.5 for number, place in enumerate(SOME, start=1)}


def attributes() -> list[Case]:
    """Attribute tables of boundary files, saved as text: their areas or counts go to the right villages."""

    def table(label: str, head: str, row: Any, **options: Any) -> Case:
        rows = (row(p, n + 0.5) for n, p in enumerate(SOME, start=1))
        return Case(f"format-{label}", "indikator", lines(head, *rows), "atribut_2023.csv", ok(LUAS), options)

    def names(p: tuple[str, int, int]) -> tuple[str, str, str]:
        kab, kec, desa = named(*p).split(";")
        return kab, kec, desa

    return [
        table(
            "rbi10k",
            "OBJECTID,NAMOBJ,FCODE,REMARK,METADATA,SRS_ID,KDBBPS,KDCBPS,KDCPUM,KDEBPS,KDEPUM,KDPBPS,KDPKAB,KDPPUM,LUASWH,TIPADM,WADMKC,WADMKD,WADMKK,WADMPR,WIADKC,WIADKD,WIADKK,WIADPR,UUPP,LUAS",
            lambda p, v: (
                f"{p[2]},{name(*p)},BA03070040,Desa,TASWIL1000020221227_DATA_BATAS_DESAKELURAHAN,SRGI 2013,,,{kode(*p)[:8]},,{kode(*p)},,{kode(*p)[:5]},97,0,1,{names(p)[1]},{name(*p)},{names(p)[0][10:]},Nusa Karang,,,,,UU No. 1,{v}"
            ),
            columns={"luas_km2": "LUAS", "desa": "WADMKD"},
        ),
        table(
            "rbi10k-gdb",
            "NAMOBJ,KDEPUM,WADMKC,WADMKD,WADMKK,Shape_Length,LUAS",
            lambda p, v: f"{name(*p)},{kode(*p)},{names(p)[1]},{name(*p)},{names(p)[0][10:]},0.1,{v}",
            columns={"luas_km2": "LUAS", "desa": "WADMKD"},
        ),
        table(
            "rbi25k",
            "KDPPUM,NAMOBJ,KDPBPS,LUAS,KDEBPS,KDEPUM,KDCBPS,KDCPUM,KDBBPS,KDBPUM,WADMKD,WADMKC,WADMKK,WADMPR",
            lambda p, v: (
                f"97,{name(*p)},97,{v},{bps(*p)},{kode(*p)},{bps(*p)[:7]},{kode(*p)[:8]},{bps(*p)[:4]},{kode(*p)[:5]},{name(*p)},{names(p)[1]},{names(p)[0][10:]},Nusa Karang"
            ),
            columns={"luas_km2": "LUAS", "desa": "WADMKD"},
        ),
        table(
            "kel-desa",
            "FID,NAME,KODE_KEC,KODE_KD,KODE_KK,KODE_PROV,TIPE_KD,KECAMATAN,KEL_DESA,KAB_KOTA,PROVINSI,JENIS_KD,LUAS",
            lambda p, v: (
                f"{p[2]},{name(*p)},{kode(*p)[:8]},{kode(*p)},{kode(*p)[:5]},97,1,{names(p)[1]},{name(*p)},{names(p)[0]},NUSA KARANG,DESA,{v}"
            ),
            columns={"luas_km2": "LUAS", "desa": "KEL_DESA"},
        ),
        table(
            "gadm",
            "GID_0,COUNTRY,GID_1,NAME_1,GID_2,NAME_2,GID_3,NAME_3,GID_4,NAME_4,VARNAME_4,TYPE_4,ENGTYPE_4,CC_4,LUAS",
            lambda p, v: (
                f"IDN,Indonesia,IDN.20_1,NusaKarang,IDN.20.1_1,{names(p)[0][10:].replace(' ', '')},IDN.20.1.1_1,{names(p)[1].replace(' ', '')},IDN.20.1.1.1_1,{name(*p).replace(' ', '')},NA,Desa,Village,{bps(*p)},{v}"
            ),
            columns={"luas_km2": "LUAS"},
        ),
        table(
            "gadm-without-codes",
            "NAME_1,NAME_2,NAME_3,NAME_4,CC_4,LUAS",
            lambda p, v: (
                f"NusaKarang,{names(p)[0][10:].replace(' ', '')},{names(p)[1].replace(' ', '')},{name(*p).replace(' ', '')},NA,{v}"
            ),
            columns={"luas_km2": "LUAS"},
        ),
        table(
            "hdx-adm4",
            "Shape_Leng,Shape_Area,ADM4_EN,ADM4_PCODE,ADM3_EN,ADM3_PCODE,ADM2_EN,ADM2_PCODE,ADM1_EN,ADM1_PCODE,ADM0_EN,ADM0_PCODE,date,validOn,LUAS",
            lambda p, v: (
                f"0.1,0.2,{name(*p)},ID{bps(*p)},{names(p)[1]},ID{bps(*p)[:7]},{names(p)[0][10:]},ID{bps(*p)[:4]},Nusa Karang,ID97,Indonesia,ID,2019-12-20,2020-04-01,{v}"
            ),
            columns={"luas_km2": "LUAS"},
        ),
        table(
            "bps-mfd",
            "kdprov,nmprov,kdkab,nmkab,kdkec,nmkec,kddesa,nmdesa,iddesa,luas",
            lambda p, v: (
                f"97,NUSA KARANG,{bps(*p)[2:4]},{names(p)[0][10:].upper()},{bps(*p)[4:7]},{names(p)[1].upper()},{bps(*p)[7:]},{name(*p).upper()},{bps(*p)},{v}"
            ),
            columns={"luas_km2": "luas"},
        ),
        table(
            "wilayah-boundaries",
            "kode,nama,lat,lng,luas",
            lambda p, v: f"{kode(*p)},{name(*p)},-9.1,121.2,{v}",
            columns={"luas_km2": "luas"},
        ),
        table(
            "bps-bridging",
            "kode_bps,nama_bps,kode_dagri,nama_dagri,luas",
            lambda p, v: f"{bps(*p)},{name(*p).upper()},{kode(*p)},{name(*p)},{v}",
            columns={"luas_km2": "luas"},
        ),
    ]


def ministries() -> list[Case]:
    idm_head = [
        "KODE_PROV",
        "NAMA_PROVINSI",
        "KODE_KAB",
        "NAMA_KABUPATEN",
        "KODE_KEC",
        "NAMA_KECAMATAN",
        "KODE_DESA",
        "NAMA_DESA",
        "IKS_2024",
        "IKE_2024",
        "IKL_2024",
        "NILAI_IDM_2024",
        "STATUS_IDM_2024",
        "Keterangan",
    ]

    def idm_row(p: tuple[str, int, int], iks: Any = 0.7) -> list[Any]:
        kab, kec, desa = named(*p).split(";")
        own = digits(*p)
        return [
            97,
            "NUSA KARANG",
            int(own[:4]),
            kab.removeprefix("Kabupaten ").upper(),
            int(own[:6]),
            kec.upper(),
            int(own),
            desa.upper(),
            iks,
            0.5,
            0.6,
            0.6,
            "BERKEMBANG",
            "Server PDN",
        ]

    def one(
        label: str, kind: str, content: bytes, file_name: str, want: Want, secrets: tuple[str, ...] = (), **options: Any
    ) -> Case:
        return Case(f"format-{label}", kind, content, file_name, want, options, secrets)

    kabs = [name.removeprefix("Kabupaten ") for name, _ in KABUPATEN.values()]
    djpk = "tahun\tkdprov\turprov\tkdpemda\turpemda\tkdakun\turakun\tkdkelompok\turkelompok\tkdjenis\turjenis\tkdobjek\turobjek\tnilai"
    djpk_rows = [
        f"2023\t24\tProv. Nusa Karang   \t{n:02d}\tKab. {kab}  \t4\tPENDAPATAN\t4.2\tTRANSFER\t4.2.1\tDana Desa\t1\tDana Desa\t{n}000000000"
        for n, kab in enumerate(kabs[:3], start=1)
    ]
    deaths = "Asal Kabupaten;Laki-laki;Perempuan;Prosedural;Nonprosedural;Jumlah (Orang)"
    webapi = b'{"status":"OK","data-availability":"available","var":[{"val":584}],"vervar":[],"turvar":[],"tahun":[],"turtahun":[],"datacontent":{"97015840": 1}}'
    html = b'<html xmlns:v="urn:schemas-microsoft-com:vml"\nxmlns:x="urn:schemas-microsoft-com:office:excel">\n<head><title>Excel Workbook Frameset</title></head><frameset></frameset></html>'
    wide = book(
        [None, "Pengeluaran Perkapita Disesuaikan", None, None],
        [None, 2018, 2019, 2020],
        ["NUSA KARANG", 7000, 7100, 7200],
        ["Cendana", 6500, 6600, "6700"],
        ["Bukit Karang", 6100, 6200, "6300"],
        ["Kota Lontar", 9100, 9200, "9300"],
        merge=("B1:D1",),
    )
    kaggle = "Provinsi;Kab/Kota;Persentase Penduduk Miskin (P0) Menurut Kabupaten/Kota (Persen);Rata-rata Lama Sekolah;Indeks Pembangunan Manusia"
    return [
        one(
            "idm",
            "indikator",
            book(idm_head, *(idm_row(p) for p in SOME), sheet="IDM 2024"),
            "idm.xlsx",
            ok(total=len(SOME) * 2.4, rows=24),
        ),
        one(
            "idm-with-words-for-a-score",
            "indikator",
            book(idm_head, idm_row(SOME[0]), idm_row(SOME[1], "Tidak keluar status"), sheet="IDM 2024"),
            "idm.xlsx",
            bad((3, "NOT_A_NUMBER")),
        ),
        one(
            "idm-recap-of-provinces",
            "indikator",
            book(
                ["REKAPITULASI STATUS INDEKS DESA MEMBANGUN TAHUN 2024"],
                [
                    "PROVINSI",
                    "MANDIRI",
                    "MAJU",
                    "BERKEMBANG",
                    "TERTINGGAL",
                    "SANGAT TERTINGGAL",
                    "DESA TIDAK KELUAR STATUS IDM 2024",
                    "TOTAL DESA 2024",
                ],
                ["BALI", 500, 100, 0, 0, 0, "-", 600],
                ["NUSA TENGGARA TIMUR", 56, 414, 1634, 986, 47, "-", 3137],
            ),
            "rekap.xlsx",
            bad((3, "OUTSIDE_PROVINCE"), (4, "OUTSIDE_PROVINCE")),
        ),
        one(
            "djpk",
            "indikator",
            lines(djpk, *djpk_rows),
            "tkdd.csv",
            ok({"97.01": 1e9, "97.02": 2e9, "97.03": 3e9}),
            columns={"indikator": "urjenis"},
        ),
        one("djpk-of-another-code-system", "indikator", lines(djpk, *djpk_rows), "tkdd.csv", no("MISSING_COLUMN")),
        one(
            "rwi",
            "indikator",
            lines("latitude,longitude,rwi,error", "-9.1,121.2,-0.52,0.3", "-9.2,121.3,-0.11,0.3"),
            "idn_relative_wealth_index.csv",
            no("MISSING_COLUMN", "HEADER_UNCLEAR"),
        ),
        one(
            "rwi-quadkey",
            "indikator",
            lines("quadkey,latitude,longitude,rwi,error", "13230231032020,-9.1,121.2,-0.52,0.3"),
            "idn_rwi.csv",
            no("MISSING_COLUMN", "HEADER_UNCLEAR"),
        ),
        one("bps-webapi", "indikator", webapi, "584.json", no("UNSUPPORTED_FORMAT")),
        one("bps-html-named-xls", "indikator", html, "Tabel.xls", no("TYPE_MISMATCH")),
        one(
            "bps-dynamic-table", "indikator", wide, "Pengeluaran Perkapita.xlsx", no("HEADER_UNCLEAR", "MISSING_COLUMN")
        ),
        one(
            "bps-dynamic-table-headed",
            "indikator",
            book(
                ["Kabupaten/Kota", "Indeks Pembangunan Manusia", None],
                [None, 2019, 2020],
                ["NUSA KARANG", 61.5, 62],
                ["Cendana", 60.5, 61],
                ["Bukit Karang", 58, 58.5],
                ["Kota Lontar", 78.5, 79],
                merge=("A1:A2", "B1:C1"),
            ),
            "ipm.xlsx",
            ok(total=60.5 + 61 + 58 + 58.5 + 78.5 + 79, skipped=(3,)),
        ),
        one(
            "kaggle",
            "indikator",
            lines(kaggle, "NUSA KARANG;Cendana; 28,15 ; 6.84 ; 61,2 ", "NUSA KARANG;Bukit Karang; 29,01 ; 7,32 ; 60.5 ")
            .replace(b"(P0)", b"(P0) 2021")
            .replace(b"Sekolah", b"Sekolah 2021")
            .replace(b"Manusia", b"Manusia 2021"),
            "kemiskinan.csv",
            ok(total=28.15 + 6.84 + 61.2 + 29.01 + 7.32 + 60.5, rows=6),
        ),
        one(
            "bps-bridging-json",
            "indikator",
            b'[{"kode_bps":"9702012002","nama_bps":"SUKAMAJU","kode_dagri":"97.01.01.2001","nama_dagri":"Sukamaju"}]',
            "getwilayah",
            no("UNSUPPORTED_FORMAT"),
        ),
        one("sdgs-desa", "keberangkatan", lines("no_kk;nik;P201;P202", "1;2;1;15"), "sdgs.csv", no("PII_COLUMN")),
        one(
            "siskop2mi",
            "keberangkatan",
            lines(
                "NIK,nama,negara tujuan,SK penempatan,tanggal kontrak",
                "5301015208900003,Maria Bere,Malaysia,SK 1,01/02/2024",
            ),
            "siskop2mi.csv",
            no("PII_COLUMN"),
            ("5301015208900003", "Maria Bere"),
        ),
        one(
            "bp3mi-recap",
            "kasus",
            lines(
                "Rekapitulasi PMI meninggal s/d 30 November 2024",
                deaths,
                f"Kab. {kabs[0]};3;2;1;4;5",
                f"{kabs[1]};1;1;0;2;2",
                "Kota Lontar;1;0;0;1;1",
                "TOTAL;5;3;1;7;8",
            ),
            "rekap.csv",
            ok({"97.01": 5, "97.02": 2, "97.71": 1}, said="PERIOD_FROM_TITLE"),
        ),
        one(
            "bp3mi-recap-bare-name-of-two",
            "kasus",
            lines("PMI meninggal tahun 2024", "Asal Kabupaten;Jumlah (Orang)", "Lontar;5", "Cendana;2"),
            "rekap.csv",
            bad((3, "AMBIGUOUS_NAME")),
        ),
        one(
            "bp3mi-total-that-disagrees",
            "kasus",
            lines("PMI meninggal tahun 2024", "Asal Kabupaten;Jumlah", "Kab. Lontar;5", "Cendana;2", "TOTAL;9"),
            "rekap.csv",
            ok({"97.01": 5, "97.02": 2}, said="TOTAL_MISMATCH"),
        ),
        one(
            "bp3mi-narrative",
            "kasus",
            b"Rekap PMI meninggal s/d 30 Nov 2024:\n1. Kab. Lontar 5 orang\n2. Cendana 2 orang\nTotal 7 orang\n",
            "rekap.txt",
            no("HEADER_UNCLEAR"),
        ),
        one(
            "polda-recap",
            "kasus",
            lines(
                "NO;SATUAN;JUMLAH LP;KORBAN L;KORBAN P;TERSANGKA L;TERSANGKA P;LIDIK;SIDIK;P19;P21",
                "1;DITRESKRIMUM;5;1;4;3;1;1;2;1;1",
                "2;POLRES LONTAR;3;0;3;2;0;1;1;0;1",
            ),
            "polda_2024.csv",
            no("MISSING_COLUMN", "HEADER_UNCLEAR"),
        ),
        one(
            "polda-recap-by-kabupaten",
            "kasus",
            book(
                ["REKAP TPPO POLDA TAHUN 2024"],
                ["NO", "KAB/KOTA", "JUMLAH LP", "KORBAN", None, "TERSANGKA", None],
                [None, None, None, "L", "P", "L", "P"],
                [1, "Kab. Lontar", 3, 1, 2, 2, 0],
                [2, "Cendana", 2, 0, 2, 1, 0],
                merge=("D2:E2", "F2:G2"),
            ),
            "polda.xlsx",
            ok({"97.01": 3, "97.02": 2}),
        ),
    ]


CASES = [*attributes(), *ministries()]
