"""Sources a person preferred, and results kept by the version of their input.

A migration is frozen once released: it repeats the shape of its day and imports nothing from `tables`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pilihan",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("jenis", sa.String(20), nullable=False),
        sa.Column("indikator", sa.String(80), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("alasan", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pilihan"),
        sa.UniqueConstraint("jenis", "indikator", "level", name="uq_pilihan_jenis"),
    )
    op.create_table(
        "hasil",
        sa.Column("jenis", sa.String(40), nullable=False),
        sa.Column("versi", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("isi_json", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("jenis", "versi", name="pk_hasil"),
    )
