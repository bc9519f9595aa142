"""Notes that colleagues pin to a village.

A migration is frozen once released: it repeats the shape of its day and imports nothing from `tables`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catatan",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("kode", sa.String(13), nullable=False),
        sa.Column("teks", sa.Text, nullable=False),
        sa.Column("oleh", sa.Text, nullable=False),
        sa.Column("dibuat_saat", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catatan"),
    )
    op.create_index("ix_catatan_kode", "catatan", ["kode"])
