"""Lists that were frozen, with who made, checked and approved them.

A migration is frozen once released: it repeats the shape of its day and imports nothing from `tables`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "daftar",
        sa.Column("versi", sa.String(20), nullable=False),
        sa.Column("rencana", sa.String(40), nullable=False),
        sa.Column("sidik", sa.String(64), nullable=False),
        sa.Column("skor_versi", sa.String(40), nullable=False),
        sa.Column("isi_json", sa.Text, nullable=False),
        sa.Column("dibuat_oleh", sa.Text, nullable=False),
        sa.Column("dibuat_saat", sa.DateTime, nullable=False),
        sa.Column("diperiksa_oleh", sa.Text, nullable=False),
        sa.Column("diperiksa_saat", sa.DateTime),
        sa.Column("disetujui_oleh", sa.Text, nullable=False),
        sa.Column("disetujui_saat", sa.DateTime),
        sa.Column("menggantikan", sa.String(20), nullable=False),
        sa.Column("berlaku_sampai", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("versi", name="pk_daftar"),
    )
