"""The accounts behind the signatures of a list; empty where nobody signed in.

Numbers between are borne by others that were made at the same time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for step in ("dibuat", "diperiksa", "disetujui"):
        op.add_column("daftar", sa.Column(f"{step}_akun", sa.Text, nullable=False, server_default=""))
