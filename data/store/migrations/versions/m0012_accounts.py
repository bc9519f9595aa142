"""Who may sign in, who has, and tries that failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "akun",
        sa.Column("akun", sa.String(120), nullable=False),
        sa.Column("nama", sa.Text, nullable=False),
        sa.Column("sumber", sa.String(12), nullable=False),
        sa.Column("subjek", sa.Text, nullable=False),
        sa.Column("sandi", sa.Text, nullable=False),
        sa.Column("sandi_sementara", sa.Boolean, nullable=False),
        sa.Column("totp", sa.String(64), nullable=False),
        sa.Column("totp_langkah", sa.Integer, nullable=False),
        sa.Column("peran", sa.Text, nullable=False),
        sa.Column("wilayah", sa.Text, nullable=False),
        sa.Column("aktif", sa.Boolean, nullable=False),
        sa.Column("dibuat_oleh", sa.Text, nullable=False),
        sa.Column("dibuat_saat", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("akun", name="pk_akun"),
    )
    op.create_table(
        "masuk",
        sa.Column("sidik", sa.String(64), nullable=False),
        sa.Column("akun", sa.String(120), nullable=False),
        sa.Column("sumber", sa.String(12), nullable=False),
        sa.Column("sid", sa.Text, nullable=False),
        sa.Column("mulai", sa.DateTime, nullable=False),
        sa.Column("terakhir", sa.DateTime, nullable=False),
        sa.Column("selesai", sa.DateTime),
        sa.PrimaryKeyConstraint("sidik", name="pk_masuk"),
        sa.ForeignKeyConstraint(["akun"], ["akun.akun"], name="fk_masuk_akun"),
    )
    op.create_index("ix_masuk_akun", "masuk", ["akun"])
    op.create_table(
        "percobaan",
        sa.Column("kunci", sa.String(64), nullable=False),
        sa.Column("gagal", sa.Integer, nullable=False),
        sa.Column("terakhir", sa.DateTime, nullable=False),
        sa.Column("sampai", sa.DateTime),
        sa.PrimaryKeyConstraint("kunci", name="pk_percobaan"),
    )
