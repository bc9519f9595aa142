"""The audit becomes a chain: each row holds the hash of the row before it. Rows of before are chained and marked so.

The head is written without a signature: the workspace signs it when it opens the store (`data.workspace`).
"""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit", sa.Column("account", sa.Text, nullable=False, server_default=""))
    op.add_column("audit", sa.Column("earlier", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("audit", sa.Column("before", sa.String(64), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    connection = op.get_bind()
    audit = sa.table(
        "audit",
        sa.column("id", sa.Integer),
        sa.column("at", sa.DateTime),
        *(sa.column(name, sa.Text) for name in ("user", "act", "what_json", "before", "hash")),
        sa.column("earlier", sa.Boolean),
    )
    read = sa.select(audit.c.id, audit.c.at, audit.c.user, audit.c.act, audit.c.what_json).order_by(audit.c.id)
    last, number, chained = "0" * 64, 0, []
    for number, at, user, act, what in connection.execute(read).fetchall():
        told = json.dumps([last, number, at.isoformat(), user, "", act, what, True], ensure_ascii=False)
        digest = hashlib.sha256(told.encode()).hexdigest()
        chained.append({"row": number, "b_earlier": True, "b_before": last, "b_hash": digest})
        last = digest
    if chained:
        change = sa.update(audit).where(audit.c.id == sa.bindparam("row"))
        values: dict[str, sa.BindParameter[str]] = {
            name: sa.bindparam(f"b_{name}") for name in ("earlier", "before", "hash")
        }
        connection.execute(change.values(values), chained)
    head = {"id": number, "rows": len(chained), "hash": last, "at": "", "signature": ""}
    state = sa.table("keadaan", sa.column("nama", sa.Text), sa.column("nilai", sa.Text))
    connection.execute(sa.insert(state).values(nama="jejak", nilai=json.dumps(head, sort_keys=True)))
