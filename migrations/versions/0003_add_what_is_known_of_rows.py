"""Add what is known of rows: codes, dates, what is retired; agreements have a table of their own.

Revision: 0003
Follows: 0002

Columns are added with a default that stays: taking it away again would rebuild the table on
SQLite for nothing.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NONE = "{}"
RETIRABLE = ("constituent", "provision", "sector", "target_group", "theme")
TRAIL_INDEXES = ("actor_id", "at")


# Made anew each time: a column belongs to the one table that it was added to.
def _added() -> list[tuple[str, sa.Column[Any]]]:
    return [
        ("constituent", sa.Column("as_of", sa.Date(), nullable=True)),
        ("constituent", sa.Column("note", sa.Text(), nullable=False, server_default="")),
        ("corridor", sa.Column("domestic_work", sa.String(20), nullable=False, server_default="")),
        (
            "corridor",
            sa.Column("domestic_work_source", sa.Text(), nullable=False, server_default=""),
        ),
        ("country", sa.Column("processes", sa.JSON(), nullable=False, server_default=NONE)),
        ("framework", sa.Column("place", sa.JSON(), nullable=False, server_default=NONE)),
        ("provision", sa.Column("note", sa.JSON(), nullable=False, server_default=NONE)),
        ("user", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True)),
        ("user", sa.Column("purpose", sa.String(300), nullable=False, server_default="")),
    ]


def _agreements() -> list[sa.Column[Any]]:
    return [
        sa.Column("agreements", sa.Text(), nullable=False, server_default=""),
        sa.Column("agreements_source", sa.Text(), nullable=False, server_default=""),
        sa.Column("agreements_confidence", sa.String(20), nullable=False, server_default=""),
    ]


def _allow_purposes(*purposes: str) -> None:
    words = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("one_time_link") as table:
        table.drop_constraint(op.f("ck_one_time_link_purpose"), type_="check")
        table.create_check_constraint(
            op.f("ck_one_time_link_purpose"), sa.text(f"purpose IN ({words})")
        )


def upgrade() -> None:
    for table, column in _added():
        op.add_column(table, column)
    for table in RETIRABLE:
        op.add_column(
            table, sa.Column("retired", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.add_column(
        "constituent", sa.Column("code", sa.String(40), nullable=False, server_default="")
    )
    op.execute("UPDATE constituent SET code = public_id")
    op.create_index(op.f("ix_constituent_code"), "constituent", ["code"], unique=True)
    op.add_column("commitment", sa.Column("external_key", sa.String(60), nullable=True))
    op.create_index(op.f("ix_commitment_external_key"), "commitment", ["external_key"], unique=True)
    for column in _agreements():
        op.drop_column("corridor", column.name)
    for column_name in TRAIL_INDEXES:
        op.create_index(op.f(f"ix_trail_entry_{column_name}"), "trail_entry", [column_name])
    _allow_purposes("invitation", "password_reset", "registration")


def downgrade() -> None:
    op.execute("DELETE FROM one_time_link WHERE purpose = 'registration'")
    _allow_purposes("invitation", "password_reset")
    for column_name in TRAIL_INDEXES:
        op.drop_index(op.f(f"ix_trail_entry_{column_name}"), "trail_entry")
    for column in _agreements():
        op.add_column("corridor", column)
    op.drop_index(op.f("ix_commitment_external_key"), "commitment")
    op.drop_column("commitment", "external_key")
    op.drop_index(op.f("ix_constituent_code"), "constituent")
    op.drop_column("constituent", "code")
    for table in reversed(RETIRABLE):
        op.drop_column(table, "retired")
    for table, column in reversed(_added()):
        op.drop_column(table, column.name)
