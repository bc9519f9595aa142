"""Headers as clerks write them, by field. All keys are folded as `data.intake.text.header_key` folds.

Collected from RBI, BPS, HDX, GADM, IDM and press recaps; a header that is not here can be named by hand
(``--column FIELD=HEADER``).
"""

from __future__ import annotations

FIELDS: dict[str, tuple[str, ...]] = {
    "kode": (
        "kode", "code", "kd", "kode wilayah", "kode wil", "kd wilayah", "kd wil", "kodewilayah", "kode daerah",
        "kode kemendagri", "kemendagri code", "kode wilayah kemendagri", "kode wilayah administrasi", "id wilayah",
        "kode pum", "kode dagri",
        "area code", "kode area", "kode wilayah bps", "kode bps", "bps code", "kdbps", "kd bps", "pcode",
    ),
    "kode_desa": (
        "kode desa", "kd desa", "kddesa", "kodedesa", "kode desa kelurahan", "kode desa kel", "kode kelurahan",
        "kode kel",
        "kode kel desa", "kode kelurahan desa", "kode ds", "id desa", "iddesa", "idkel", "id kel", "kdepum", "kode kd",
        "kode desa kemendagri", "kode kemendagri desa", "kode pum desa", "village code", "desa code", "desa id",
        "village id", "kdebps", "kode desa bps", "kode bps desa", "adm4 pcode", "adm4pcode", "cc 4", "kdkeldesa",
        "kode wilayah desa", "no kode desa", "kode registrasi desa", "kode desa kelurahan bps",
        "idsls", "id sls", "kode sls", "idsubsls", "id subsls", "kode sub sls",
    ),
    "kode_kec": (
        "kode kec", "kode kecamatan", "kd kec", "kdkec", "kodekec", "kodekecamatan", "idkec", "id kec",
        "id kecamatan", "kdcpum",
        "kec code", "kode kecamatan bps",
        "kode kec bps", "kode bps kec", "kode bps kecamatan", "kdcbps", "adm3 pcode", "adm3pcode",
        "kode wilayah kecamatan",
    ),
    "kode_kab": (
        "kode kab", "kode kabupaten", "kode kab kota", "kode kabupaten kota", "kd kab", "kdkab", "kodekab", "idkab",
        "id kab",
        "kdpkab", "kode kk", "kdbpum", "kdbbps", "kab code", "kode kabkot", "kode kabkota", "kode kota",
        "kode kabupaten bps", "kode kab bps", "kode bps kab", "kode bps kabupaten", "kode kab kota bps",
        "kode bps kab kota", "kode kabupaten kota bps", "kode bps kabupaten kota",
        "adm2 pcode", "adm2pcode", "kode pemda", "kode wilayah kabupaten", "id kabupaten",
    ),
    "kode_prov": (
        "kode prov", "kode provinsi", "kode propinsi", "kd prov", "kdprov", "kodeprov", "idprov", "id prov", "kdppum",
        "kdpbps",
        "adm1 pcode", "adm1pcode", "prov code",
    ),
    "desa": (
        "desa", "nama desa", "desa kelurahan", "desa kel", "kelurahan desa", "kel desa", "nama desa kelurahan",
        "nama desa kel", "nama kelurahan desa", "nama kel desa", "kelurahan", "nama kelurahan", "nama kel", "nmdesa",
        "nm desa", "namadesa", "village", "village name", "nama ds", "desa asal", "asal desa", "desa kelurahan asal",
        "wadmkd",
        "namobj", "name 4", "adm4 en", "adm4 name", "adm4 id", "nama desa asal", "desa tujuan", "des kel",
        "desa name",
    ),
    "kecamatan": (
        "kecamatan", "nama kecamatan", "kec", "nama kec", "nmkec", "nm kec", "namakec", "kec name", "kecamatan asal",
        "asal kecamatan", "wadmkc", "name 3", "adm3 en", "adm3 name", "adm3 id", "subdistrict", "sub district",
    ),
    "kabupaten": (
        "kabupaten", "nama kabupaten", "kab", "nama kab", "kab kota", "kabupaten kota", "nama kab kota",
        "nama kabupaten kota",
        "nmkab", "nm kab", "namakab", "kabkot", "kabkota", "kota", "kab name", "kabupaten asal", "asal kabupaten",
        "kabupaten kota asal", "asal kabupaten kota", "kab kota asal", "asal kab kota", "wadmkk", "name 2", "adm2 en",
        "adm2 name", "adm2 id",
        "district", "regency", "pemda", "nama pemda", "urpemda", "kabupaten daerah asal",
    ),
    "provinsi": (
        "provinsi", "nama provinsi", "propinsi", "prov", "nama prov", "nmprov", "nama propinsi", "wadmpr", "province",
        "adm1 en", "adm1 name", "name 1", "urprov", "area name",
    ),
    "nama": (
        "nama", "name", "nama dagri",
        "nama wilayah", "wilayah", "nama daerah", "daerah", "daerah asal", "asal daerah", "asal",
        "lokasi",
        "nama lokasi", "uraian", "area", "wilayah asal", "nama wilayah administrasi", "desa kecamatan kabupaten",
    ),
    "tahun": ("tahun", "thn", "th", "year", "tahun data", "tahun anggaran", "ta", "tahun kejadian", "tahun kasus",
              "tahun pendataan", "tahun keberangkatan", "thn data"),
    "bulan": ("bulan", "bln", "month", "bulan kejadian"),
    "triwulan": ("triwulan", "tw", "kuartal", "quarter", "tri wulan"),
    "semester": ("semester", "smt", "sem"),
    "periode": ("periode", "period", "waktu", "periode data", "masa", "kurun waktu", "periode laporan"),
    "awal": ("awal", "periode awal", "period start", "tanggal awal", "tgl awal", "mulai", "dari tanggal", "start",
    "tgl mulai",
             "tanggal mulai", "dari", "awal periode"),
    "akhir": ("akhir", "periode akhir", "period end", "tanggal akhir", "tgl akhir", "selesai", "sampai tanggal", "end",
              "sampai", "tgl selesai", "tanggal selesai", "akhir periode", "s d tanggal"),
    "tanggal": ("tanggal", "tgl", "date", "tanggal data", "per tanggal", "tanggal kejadian", "tgl kejadian"),
    "jenis": ("jenis", "jenis kasus", "kategori", "kategori kasus", "jenis data", "tipe kasus", "type", "klasifikasi",
              "status keberangkatan", "prosedural nonprosedural", "jenis keberangkatan", "jalur", "status penempatan"),
    "indikator": ("indikator", "indicator", "nama indikator", "variabel", "variable", "judul indikator",
    "jenis indikator"),
    "satuan": ("satuan", "unit", "unit satuan"),
    "sumber": ("sumber", "source", "sumber data", "asal data"),
    "catatan": ("catatan", "note", "notes", "keterangan", "ket", "quality", "mutu", "kualitas"),
    "kelengkapan": ("kelengkapan", "completeness"),
    "nilai": (
        "nilai", "value", "jumlah", "jml", "total", "angka", "banyaknya", "banyak", "jumlah total", "total jumlah",
        "jumlah kasus", "jml kasus", "kasus", "total kasus", "banyak kasus", "jumlah orang", "jml orang", "orang",
        "jumlah jiwa",
        "jiwa", "jumlah korban", "jml korban", "korban", "jumlah pmi", "jml pmi", "pmi", "jumlah tki",
        "jumlah pekerja migran",
        "jumlah laporan", "jumlah lp", "count", "n", "frekuensi", "besaran", "realisasi", "total orang", "jumlah nilai",
        "banyaknya kasus", "jumlah kk", "jml kk", "jumlah kepala keluarga", "jumlah rumah tangga", "jumlah kejadian",
        "jlh", "jlh kasus", "jlh orang", "jumlah pmi orang", "jumlah org",
        "jumlah penempatan", "jumlah keberangkatan",
    ),
}  # fmt: skip

CODE_FIELDS = ("kode", "kode_desa", "kode_kec", "kode_kab", "kode_prov")
NAME_FIELDS = ("desa", "kecamatan", "kabupaten", "provinsi", "nama")
TIME_FIELDS = ("tahun", "bulan", "triwulan", "semester", "periode", "awal", "akhir", "tanggal")

BPS_HEADERS = {
    "kode bps", "bps code", "kdbps", "kd bps", "kode wilayah bps", "iddesa", "idkel", "kdebps", "kode desa bps",
    "kode bps desa", "kode desa kelurahan bps", "adm4 pcode", "adm4pcode", "adm3 pcode", "adm3pcode", "adm2 pcode",
    "adm2pcode",
    "kode kecamatan bps", "kode kec bps", "kode bps kec", "kode bps kecamatan", "kode kab bps", "kode bps kab",
    "kode bps kabupaten", "kode kab kota bps", "kode bps kab kota", "kode kabupaten kota bps",
    "kode bps kabupaten kota", "kdcbps", "kdbbps", "kode kabupaten bps", "pcode", "cc 4", "idkec", "idkab", "kdpbps",
}  # fmt: skip
"""Headers that say the codes are those of BPS (or HDX, which writes ``ID`` before them)."""

KEMENDAGRI_HEADERS = {
    "kode kemendagri", "kemendagri code", "kode wilayah kemendagri", "kdepum", "kdcpum", "kdpkab", "kdbpum", "kdppum",
    "kode desa kemendagri", "kode kemendagri desa", "kode pum", "kode pum desa", "kode dagri",
}  # fmt: skip
"""Headers that say the codes are those of the home ministry."""

SLS_HEADERS = {"idsls", "id sls", "kode sls", "idsubsls", "id subsls", "kode sub sls"}
"""Headers of the neighbourhoods BPS counts in: a village's ten digits and four or six more."""

IGNORED = {
    "no", "nomor", "no urut", "nomor urut", "urut", "id", "index", "unnamed 0", "objectid", "fid", "gid", "lat",
    "lon", "lng", "long",
    "latitude", "longitude", "lintang", "bujur", "x", "y", "kode pos", "kodepos", "total terbit", "published total",
    "peringkat", "ranking", "rank", "rangking", "baris", "alasan",
    "shape leng", "shape length", "shape area", "st area", "st length", "luaswh", "tipadm", "tipe kd", "jenis kd",
    "fcode", "lcode", "srs id", "remark", "metadata", "uupp", "country", "quadkey", "validon", "validto", "perimeter",
}  # fmt: skip
"""Columns that are never an indicator: running numbers, coordinates, ranks."""

BREAKDOWN = {
    "laki", "lk", "pria", "l", "male", "perempuan", "pr", "wanita", "p", "female", "dewasa", "anak", "tersangka",
    "terlapor",
    "suspect", "suspects", "pelaku", "selesai", "proses", "p21", "sidik", "lidik", "dpo", "bayi",
}  # fmt: skip
"""Words that make a column a part of a figure, not the figure."""

FIELD_OF = {key: name for name, keys in FIELDS.items() for key in keys}
