"""Changes villages ask for on their clarification sheets.

A migration is frozen once released: it repeats the shape of its day and imports nothing from `tables`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "permintaan",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("lembar", sa.String(20), nullable=False),
        sa.Column("kode", sa.String(13), nullable=False),
        sa.Column("versi", sa.String(40), nullable=False),
        sa.Column("hal", sa.String(80), nullable=False),
        sa.Column("nilai_lama", sa.Text, nullable=False),
        sa.Column("nilai_baru", sa.Text, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("alasan", sa.Text, nullable=False),
        sa.Column("diajukan_oleh", sa.Text, nullable=False),
        sa.Column("diajukan_saat", sa.DateTime, nullable=False),
        sa.Column("diputus_oleh", sa.Text, nullable=False),
        sa.Column("diputus_saat", sa.DateTime),
        sa.Column("batch", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_permintaan"),
        sa.UniqueConstraint("lembar", "hal", name="uq_permintaan_lembar"),
    )
