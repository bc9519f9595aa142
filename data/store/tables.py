"""Tables of the store. Plain SQL types only: the same tables live in SQLite and in PostgreSQL.

Missing is NULL, never 0. Column names are the office's nouns; areas are dotted Kemendagri codes.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

keadaan = Table(
    "keadaan", metadata, Column("nama", String(40), primary_key=True), Column("nilai", Text, nullable=False)
)
"""Facts about the store itself: its identity, its revision, the gazetteer's hash."""

gazetir = Table(
    "gazetir",
    metadata,
    Column("kode", String(13), primary_key=True),
    Column("nama", Text, nullable=False),
    Column("jenis", String(12), nullable=False),
    Column("kode_kec", String(8), nullable=False),
    Column("kecamatan", Text, nullable=False),
    Column("kode_kab", String(5), nullable=False),
    Column("kabupaten", Text, nullable=False),
    Column("kode_prov", String(2), nullable=False),
    Column("kode_bps", String(10), nullable=False),
    Column("penduduk", Double),
    Column("kode_lama", Text, nullable=False),
    Column("lon", Double),
    Column("lat", Double),
    Column("elevasi", Double),
    Column("presisi_titik", String(12), nullable=False),
)
"""One row per village. ``lon, lat`` in degrees (EPSG:4326), ``elevasi`` in metres."""

batch = Table(
    "batch",
    metadata,
    Column("batch", String(20), primary_key=True),
    Column("jenis", String(20), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("source", Text, nullable=False),
    Column("as_of", Date),
    Column("user", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("rows_read", Integer, nullable=False),
    Column("rows_ok", Integer, nullable=False),
    Column("rows_error", Integer, nullable=False),
    Column("rows_skipped", Integer, nullable=False),
    Column("status", String(12), nullable=False),
    Column("data_contoh", Boolean, nullable=False),
    Column("content", String(64), nullable=False),
    Column("report_json", Text, nullable=False),
)
"""One row per import, kept also when taken back. ``content`` is the hash of what it stored."""

fakta = Table(
    "fakta",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch", String(20), ForeignKey("batch.batch"), nullable=False, index=True),
    Column("jenis", String(20), nullable=False),
    Column("indikator", String(80), nullable=False),
    Column("level", String(12), nullable=False),
    Column("kode", String(13), nullable=False),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("cumulative", Boolean, nullable=False),
    Column("value", Double),
    Column("unit", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("as_of", Date),
    Column("row", Integer),
    Column("data_contoh", Boolean, nullable=False),
    Column("published", Boolean, nullable=False),
    Column("completeness", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_fakta_jenis_indikator_level", "jenis", "indikator", "level"),
)
"""Every number about an area: what, where (and how precisely), over which period, from which source and row."""

batas = Table(
    "batas",
    metadata,
    Column("batch", String(20), ForeignKey("batch.batch"), primary_key=True),
    Column("level", String(12), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("source", Text, nullable=False),
    Column("n_polygons", Integer, nullable=False),
    Column("created_at", DateTime, nullable=False),
)
"""Boundary files of the workspace, one row per level of a batch."""

skor_versi = Table(
    "skor_versi",
    metadata,
    Column("versi", String(20), primary_key=True),
    Column("created_at", DateTime, nullable=False),
    Column("input_version", String(64), nullable=False),
    Column("boundary_version", String(64), nullable=False),
    Column("n_top", Integer, nullable=False),
    Column("params_json", Text, nullable=False),
    Column("evaluation_json", Text, nullable=False),
    Column("data_contoh", Boolean, nullable=False),
)
"""One row per computed score table."""

skor = Table(
    "skor",
    metadata,
    Column("versi", String(20), ForeignKey("skor_versi.versi"), primary_key=True),
    Column("level", String(12), primary_key=True),
    Column("kode", String(13), primary_key=True),
    Column("skor", Double),
    Column("skor_bawah", Double),
    Column("skor_atas", Double),
    Column("p_top", Double),
    Column("harapan", Double),
    Column("laju", Double),
    Column("p_rr2", Double),
    Column("n_top", Integer, nullable=False),
    Column("prioritas", String(24), nullable=False),
    Column("kualitas_data", String(24), nullable=False),
    Column("tingkat_bukti", String(12), nullable=False, server_default=""),
    Column("alasan_json", Text, nullable=False),
    Column("data_contoh", Boolean, nullable=False),
    Column("internal_json", Text, nullable=False),
)
"""Scores per area, from the published model: ``harapan`` expected cases a year, ``laju`` the same per 1,000 people,
``p_rr2`` the probability that the rate is above twice the province's, ``tingkat_bukti`` the level at which the evidence
behind the order stands, empty in versions that did not ask for it. ``internal_json`` holds what only the risk room
may read."""

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime, nullable=False),
    Column("user", Text, nullable=False),
    Column("act", String(40), nullable=False),
    Column("what_json", Text, nullable=False),
    Column("account", Text, nullable=False, server_default=""),
    Column("earlier", Boolean, nullable=False, server_default=false()),
    Column("before", String(64), nullable=False, server_default=""),
    Column("hash", String(64), nullable=False, server_default=""),
)
"""Who did what when; never a cell of anybody's file. ``before`` and ``hash`` chain the rows (`data.store.chain`);
``earlier`` marks those from before there was a chain."""

padanan = Table(
    "padanan",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch", String(20), ForeignKey("batch.batch"), nullable=False, index=True),
    Column("jenis", String(8), nullable=False),
    Column("nilai", Text, nullable=False),
    Column("kode", String(13), nullable=False),
    Column("row", Integer),
)
"""What else a village is called: ``jenis`` is ``bps`` (BPS code), ``lama`` (retired Kemendagri code; ``kode`` is its
successor, empty when it has none) or ``nama`` (an older or other name).
"""

titik = Table(
    "titik",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch", String(20), ForeignKey("batch.batch"), nullable=False, index=True),
    Column("nama", Text, nullable=False),
    Column("jenis", String(20), nullable=False),
    Column("kode", String(13), nullable=False),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("source", Text, nullable=False),
    Column("row", Integer),
)
"""Service points and exits. ``lon, lat`` in degrees (EPSG:4326); ``kode`` the area the file names, or empty."""

sesi = Table(
    "sesi",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch", String(20), ForeignKey("batch.batch"), nullable=False, index=True),
    Column("kode", String(13), nullable=False),
    Column("tanggal", Date, nullable=False),
    Column("topik", Text, nullable=False),
    Column("khalayak", Text, nullable=False),
    Column("peserta", Integer),
    Column("peserta_l", Integer),
    Column("peserta_p", Integer),
    Column("pre", Double),
    Column("post", Double),
    Column("rujukan", Integer),
    Column("source", Text, nullable=False),
    Column("row", Integer),
)
"""Sessions held, as counts of people; ``pre`` and ``post`` are means of a test, 0 to 100."""

alias = Table(
    "alias",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kunci", Text, nullable=False),
    Column("teks", Text, nullable=False),
    Column("lingkup", String(13), nullable=False),
    Column("sumber", Text, nullable=False),
    Column("kode", String(13), nullable=False),
    Column("user", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
    UniqueConstraint("kunci", "lingkup", "sumber"),
)
"""Names a person confirmed: ``kunci`` is the folded name, ``lingkup`` the kecamatan or kabupaten it was written in."""

pemetaan = Table(
    "pemetaan",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("jenis", String(20), nullable=False),
    Column("sumber", Text, nullable=False),
    Column("tajuk", String(64), nullable=False),
    Column("kolom_json", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
    UniqueConstraint("jenis", "sumber", "tajuk"),
)
"""Columns a person assigned to fields, for tables of a source with that set of headers."""

pilihan = Table(
    "pilihan",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("jenis", String(20), nullable=False),
    Column("indikator", String(80), nullable=False),
    Column("level", String(12), nullable=False),
    Column("source", Text, nullable=False),
    Column("alasan", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
    UniqueConstraint("jenis", "indikator", "level"),
)
"""Which source a person prefers where several give the same figure, and why."""

hasil = Table(
    "hasil",
    metadata,
    Column("jenis", String(40), primary_key=True),
    Column("versi", String(64), primary_key=True),
    Column("created_at", DateTime, nullable=False),
    Column("isi_json", Text, nullable=False),
)
"""Results computed once from a version of their input (hot spots, evaluation): ``versi`` names that version."""

daftar = Table(
    "daftar",
    metadata,
    Column("versi", String(20), primary_key=True),
    Column("rencana", String(40), nullable=False),
    Column("sidik", String(64), nullable=False),
    Column("skor_versi", String(40), nullable=False),
    Column("isi_json", Text, nullable=False),
    Column("dibuat_oleh", Text, nullable=False),
    Column("dibuat_akun", Text, nullable=False, server_default=""),
    Column("dibuat_saat", DateTime, nullable=False),
    Column("diperiksa_oleh", Text, nullable=False),
    Column("diperiksa_akun", Text, nullable=False, server_default=""),
    Column("diperiksa_saat", DateTime),
    Column("disetujui_oleh", Text, nullable=False),
    Column("disetujui_akun", Text, nullable=False, server_default=""),
    Column("disetujui_saat", DateTime),
    Column("menggantikan", String(20), nullable=False),
    Column("berlaku_sampai", Date, nullable=False),
)
"""Lists that were frozen from a plan: ``sidik`` is the plan's SHA-256, ``menggantikan`` the list before it or empty. Of
each signature ``oleh`` is the name as it is shown, ``akun`` the account that signed in, empty where nobody did."""

catatan = Table(
    "catatan",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kode", String(13), nullable=False, index=True),
    Column("teks", Text, nullable=False),
    Column("oleh", Text, nullable=False),
    Column("dibuat_saat", DateTime, nullable=False),
)
"""Notes that colleagues pinned to a village; no personal data, no part of what a score is made from."""

permintaan = Table(
    "permintaan",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("lembar", String(20), nullable=False),
    Column("kode", String(13), nullable=False),
    Column("versi", String(40), nullable=False),
    Column("hal", String(80), nullable=False),
    Column("nilai_lama", Text, nullable=False),
    Column("nilai_baru", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("alasan", Text, nullable=False),
    Column("diajukan_oleh", Text, nullable=False),
    Column("diajukan_saat", DateTime, nullable=False),
    Column("diputus_oleh", Text, nullable=False),
    Column("diputus_saat", DateTime),
    Column("batch", String(20), nullable=False),
    UniqueConstraint("lembar", "hal"),
)
"""What villages ask to have corrected: ``lembar`` the code of their sheet, ``hal`` the line of it, ``versi`` the list
it was printed for or empty; ``batch`` is what brought an accepted change into the data, or empty."""

RECORD_TABLES = {"padanan": padanan, "titik": titik, "sesi": sesi}
"""Tables a batch of that kind fills, one row a record."""

CONTENT_TABLES = {
    "gazetir": gazetir,
    "fakta": fakta,
    "batas": batas,
    **RECORD_TABLES,
    "alias": alias,
    "pemetaan": pemetaan,
    "pilihan": pilihan,
}
"""Tables whose content an undo must bring back exactly."""
