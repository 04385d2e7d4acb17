"""Compare laws: columns as data, and what each law says in them; names that practices go by.

Revision: 0008
Follows: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "law_column",
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("theme_code", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("hint", sa.JSON(), nullable=False),
        sa.Column("unit", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('text', 'choice', 'amount', 'number')", name=op.f("ck_law_column_kind")
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_law_column_theme_code_theme")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_law_column")),
    )
    op.create_index(op.f("ix_law_column_theme_code"), "law_column", ["theme_code"])
    op.create_table(
        "law_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("column_code", sa.String(24), nullable=False),
        sa.Column("code", sa.String(15), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["column_code"],
            ["law_column.code"],
            name=op.f("fk_law_choice_column_code_law_column"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_choice")),
        sa.UniqueConstraint("column_code", "code", name=op.f("uq_law_choice_column_code_code")),
    )
    op.create_table(
        "library_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("column_code", sa.String(24), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(16, 2), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("article", sa.String(100), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_library_term_amount")),
        sa.CheckConstraint("page > 0", name=op.f("ck_library_term_page")),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["law_choice.id"], name=op.f("fk_library_term_choice_id_law_choice")
        ),
        sa.ForeignKeyConstraint(
            ["column_code"],
            ["law_column.code"],
            name=op.f("fk_library_term_column_code_law_column"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["library_revision.id"],
            name=op.f("fk_library_term_revision_id_library_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_term")),
        sa.UniqueConstraint(
            "revision_id", "column_code", name=op.f("uq_library_term_revision_id_column_code")
        ),
    )
    op.create_table(
        "practice_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(20), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(20), nullable=False),
        sa.CheckConstraint("list IN ('gcm_principle', 'sdg')", name=op.f("ck_practice_term_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_term")),
        sa.UniqueConstraint("list", "code", name=op.f("uq_practice_term_list_code")),
    )
    for column in ("choice_id", "column_code"):
        op.create_index(op.f(f"ix_library_term_{column}"), "library_term", [column])


def downgrade() -> None:
    op.drop_table("practice_term")
    op.drop_table("library_term")
    op.drop_table("law_choice")
    op.drop_table("law_column")
