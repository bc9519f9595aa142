"""Records beside the facts: code crosswalk, points, sessions; names and columns a person confirmed.

A migration is frozen once released: it repeats the shape of its day and imports nothing from `tables`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "padanan",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("batch", sa.String(20), sa.ForeignKey("batch.batch", name="fk_padanan_batch"), nullable=False),
        sa.Column("jenis", sa.String(8), nullable=False),
        sa.Column("nilai", sa.Text, nullable=False),
        sa.Column("kode", sa.String(13), nullable=False),
        sa.Column("row", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_padanan"),
    )
    op.create_index("ix_padanan_batch", "padanan", ["batch"])
    op.create_table(
        "titik",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("batch", sa.String(20), sa.ForeignKey("batch.batch", name="fk_titik_batch"), nullable=False),
        sa.Column("nama", sa.Text, nullable=False),
        sa.Column("jenis", sa.String(20), nullable=False),
        sa.Column("kode", sa.String(13), nullable=False),
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("row", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_titik"),
    )
    op.create_index("ix_titik_batch", "titik", ["batch"])
    op.create_table(
        "sesi",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("batch", sa.String(20), sa.ForeignKey("batch.batch", name="fk_sesi_batch"), nullable=False),
        sa.Column("kode", sa.String(13), nullable=False),
        sa.Column("tanggal", sa.Date, nullable=False),
        sa.Column("topik", sa.Text, nullable=False),
        sa.Column("peserta", sa.Integer),
        sa.Column("peserta_l", sa.Integer),
        sa.Column("peserta_p", sa.Integer),
        sa.Column("pre", sa.Double),
        sa.Column("post", sa.Double),
        sa.Column("rujukan", sa.Integer),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("row", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_sesi"),
    )
    op.create_index("ix_sesi_batch", "sesi", ["batch"])
    op.create_table(
        "alias",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("kunci", sa.Text, nullable=False),
        sa.Column("teks", sa.Text, nullable=False),
        sa.Column("lingkup", sa.String(13), nullable=False),
        sa.Column("sumber", sa.Text, nullable=False),
        sa.Column("kode", sa.String(13), nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alias"),
        sa.UniqueConstraint("kunci", "lingkup", "sumber", name="uq_alias_kunci"),
    )
    op.create_table(
        "pemetaan",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("jenis", sa.String(20), nullable=False),
        sa.Column("sumber", sa.Text, nullable=False),
        sa.Column("tajuk", sa.String(64), nullable=False),
        sa.Column("kolom_json", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pemetaan"),
        sa.UniqueConstraint("jenis", "sumber", "tajuk", name="uq_pemetaan_jenis"),
    )
