"""Tell which agreements are in force; mark invented corridors and edits of reference data.

Revision: 0004
Follows: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = ("signed", "renewed", "announced", "draft", "suspended")
INVENTED = ("corridor", "reference_edit")


def _allow_states(*states: str) -> None:
    words = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("agreement") as table:
        table.drop_constraint(op.f("ck_agreement_state"), type_="check")
        table.create_check_constraint(op.f("ck_agreement_state"), sa.text(f"state IN ({words})"))


def upgrade() -> None:
    for table in INVENTED:
        op.add_column(
            table,
            sa.Column("demonstration", sa.Boolean(), nullable=False, server_default=sa.false()),
        )
    op.add_column("agreement", sa.Column("as_of", sa.String(10), nullable=False, server_default=""))
    _allow_states(*BEFORE, "in_force", "expired")


def downgrade() -> None:
    # What was known before is that somebody signed.
    op.execute("UPDATE agreement SET state = 'signed' WHERE state IN ('in_force', 'expired')")
    _allow_states(*BEFORE)
    op.drop_column("agreement", "as_of")
    for table in reversed(INVENTED):
        op.drop_column(table, "demonstration")
