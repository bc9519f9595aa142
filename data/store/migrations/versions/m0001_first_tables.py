"""First tables: gazetteer, batches, facts, boundaries, scores, audit.

A migration is frozen once released: it repeats the shape of its day and imports nothing from `tables`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keadaan",
        sa.Column("nama", sa.String(40), nullable=False),
        sa.Column("nilai", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("nama", name="pk_keadaan"),
    )
    op.create_table(
        "gazetir",
        sa.Column("kode", sa.String(13), nullable=False),
        sa.Column("nama", sa.Text, nullable=False),
        sa.Column("jenis", sa.String(12), nullable=False),
        sa.Column("kode_kec", sa.String(8), nullable=False),
        sa.Column("kecamatan", sa.Text, nullable=False),
        sa.Column("kode_kab", sa.String(5), nullable=False),
        sa.Column("kabupaten", sa.Text, nullable=False),
        sa.Column("kode_prov", sa.String(2), nullable=False),
        sa.Column("kode_bps", sa.String(10), nullable=False),
        sa.Column("penduduk", sa.Double),
        sa.Column("kode_lama", sa.Text, nullable=False),
        sa.Column("lon", sa.Double),
        sa.Column("lat", sa.Double),
        sa.Column("elevasi", sa.Double),
        sa.Column("presisi_titik", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("kode", name="pk_gazetir"),
    )
    op.create_table(
        "batch",
        sa.Column("batch", sa.String(20), nullable=False),
        sa.Column("jenis", sa.String(20), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("rows_read", sa.Integer, nullable=False),
        sa.Column("rows_ok", sa.Integer, nullable=False),
        sa.Column("rows_error", sa.Integer, nullable=False),
        sa.Column("rows_skipped", sa.Integer, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("data_contoh", sa.Boolean, nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("report_json", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("batch", name="pk_batch"),
    )
    op.create_table(
        "fakta",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("batch", sa.String(20), sa.ForeignKey("batch.batch", name="fk_fakta_batch"), nullable=False),
        sa.Column("jenis", sa.String(20), nullable=False),
        sa.Column("indikator", sa.String(80), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("kode", sa.String(13), nullable=False),
        sa.Column("period_start", sa.Date, nullable=False),
        sa.Column("period_end", sa.Date, nullable=False),
        sa.Column("cumulative", sa.Boolean, nullable=False),
        sa.Column("value", sa.Double),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date),
        sa.Column("row", sa.Integer),
        sa.Column("data_contoh", sa.Boolean, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("completeness", sa.String(20), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fakta"),
    )
    op.create_index("ix_fakta_batch", "fakta", ["batch"])
    op.create_index("ix_fakta_jenis_indikator_level", "fakta", ["jenis", "indikator", "level"])
    op.create_table(
        "batas",
        sa.Column("batch", sa.String(20), sa.ForeignKey("batch.batch", name="fk_batas_batch"), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("n_polygons", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("batch", "level", name="pk_batas"),
    )
    op.create_table(
        "skor_versi",
        sa.Column("versi", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("input_version", sa.String(64), nullable=False),
        sa.Column("boundary_version", sa.String(64), nullable=False),
        sa.Column("n_top", sa.Integer, nullable=False),
        sa.Column("params_json", sa.Text, nullable=False),
        sa.Column("evaluation_json", sa.Text, nullable=False),
        sa.Column("data_contoh", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("versi", name="pk_skor_versi"),
    )
    op.create_table(
        "skor",
        sa.Column("versi", sa.String(20), sa.ForeignKey("skor_versi.versi", name="fk_skor_versi"), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("kode", sa.String(13), nullable=False),
        sa.Column("skor", sa.Double),
        sa.Column("skor_bawah", sa.Double),
        sa.Column("skor_atas", sa.Double),
        sa.Column("p_top", sa.Double),
        sa.Column("n_top", sa.Integer, nullable=False),
        sa.Column("prioritas", sa.String(24), nullable=False),
        sa.Column("kualitas_data", sa.String(24), nullable=False),
        sa.Column("alasan_json", sa.Text, nullable=False),
        sa.Column("data_contoh", sa.Boolean, nullable=False),
        sa.Column("internal_json", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("versi", "level", "kode", name="pk_skor"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("what_json", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
