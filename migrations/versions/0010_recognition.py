"""Keep how far a machine has come with pages that are pictures.

Revision: 0010
Follows: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATES = ("", "begun", "again", "read", "nothing", "failed", "no_data")


def upgrade() -> None:
    words = ", ".join(f"'{state}'" for state in STATES)
    with op.batch_alter_table("text_page") as table:
        table.add_column(sa.Column("recognition", sa.String(10), nullable=False, server_default=""))
        table.create_check_constraint(
            op.f("ck_text_page_recognition"), sa.text(f"recognition IN ({words})")
        )
    op.execute("UPDATE text_page SET recognition = 'read' WHERE origin = 'machine'")
    with op.batch_alter_table("text_page") as table:
        table.alter_column("recognition", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("text_page") as table:
        table.drop_constraint(op.f("ck_text_page_recognition"), type_="check")
        table.drop_column("recognition")
