"""Scores also say how many cases are expected, at what rate, and how likely the rate is twice the province's.

A migration is frozen once released: it repeats the shape of its day and imports nothing from `tables`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("harapan", "laju", "p_rr2"):
        op.add_column("skor", sa.Column(name, sa.Double))
