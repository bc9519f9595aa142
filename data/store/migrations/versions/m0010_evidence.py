"""The level at which the evidence behind an area's order stands; empty in scores computed before.

The number 0009 was borne by what is 0008 now (`data.store.migrate.RENUMBERED`) and is not used again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("skor", sa.Column("tingkat_bukti", sa.String(12), nullable=False, server_default=""))
