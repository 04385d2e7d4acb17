"""Create the table of saved searches.

Revision: 0012
Follows: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(10), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("alert", sa.String(10), nullable=False),
        sa.Column("alert_due_at", moment, nullable=True),
        sa.Column("alerted_at", moment, nullable=True),
        sa.Column("alerts", sa.Integer(), nullable=False),
        sa.Column("reported", sa.LargeBinary(), nullable=True),
        sa.Column("feed_hash", sa.String(64), nullable=True),
        sa.Column("feed_made_at", moment, nullable=True),
        sa.Column("feed_due_at", moment, nullable=True),
        sa.Column("feed_changed_at", moment, nullable=True),
        sa.Column("feed_language", sa.String(20), nullable=False),
        sa.Column("feed_known", sa.LargeBinary(), nullable=True),
        sa.Column("feed_entries", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "alert IN ('none', 'daily', 'weekly')", name=op.f("ck_saved_search_alert")
        ),
        sa.CheckConstraint(
            "(alert = 'none') = (alert_due_at IS NULL)", name=op.f("ck_saved_search_alert_due")
        ),
        sa.CheckConstraint(
            "(feed_hash IS NULL) = (feed_due_at IS NULL)", name=op.f("ck_saved_search_feed_due")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_saved_search_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_search_public_id")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_search_user_id_name")),
    )
    op.create_index(op.f("ix_saved_search_user_id"), "saved_search", ["user_id"])
    op.create_index("ix_saved_search_alert_due_at", "saved_search", ["alert_due_at"])
    op.create_index("ix_saved_search_feed_due_at", "saved_search", ["feed_due_at"])


def downgrade() -> None:
    op.drop_table("saved_search")
