"""Let quotations from documents of the library be evidence.

Revision: 0006
Follows: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ONE_KIND = (
    "(url IS NOT NULL AND file_id IS NULL AND library_file_id IS NULL)"
    " OR (url IS NULL AND file_id IS NOT NULL AND library_file_id IS NULL)"
    " OR (url IS NULL AND file_id IS NULL AND library_file_id IS NOT NULL)"
)
QUOTATION = (
    "(library_file_id IS NULL AND quote IS NULL AND page IS NULL AND quote_start IS NULL)"
    " OR (library_file_id IS NOT NULL AND quote IS NOT NULL AND page IS NOT NULL AND page >= 1"
    " AND quote_start IS NOT NULL AND quote_start >= 0)"
)
# What must not be empty is given to the rows there are, then asked of whoever writes new ones.
GIVEN = ("quote_language", "sha256")


def upgrade() -> None:
    with op.batch_alter_table("evidence") as evidence:
        evidence.add_column(sa.Column("library_file_id", sa.Integer(), nullable=True))
        evidence.add_column(sa.Column("quote", sa.Text(), nullable=True))
        evidence.add_column(
            sa.Column("quote_language", sa.String(length=20), nullable=False, server_default="")
        )
        evidence.add_column(sa.Column("page", sa.Integer(), nullable=True))
        evidence.add_column(sa.Column("quote_start", sa.Integer(), nullable=True))
        evidence.add_column(
            sa.Column("sha256", sa.String(length=64), nullable=False, server_default="")
        )
        evidence.drop_constraint(op.f("ck_evidence_file_or_link"), type_="check")
        evidence.create_check_constraint(op.f("ck_evidence_one_kind"), ONE_KIND)
        evidence.create_check_constraint(op.f("ck_evidence_quotation"), QUOTATION)
        evidence.create_foreign_key(
            op.f("fk_evidence_library_file_id_library_file"),
            "library_file",
            ["library_file_id"],
            ["id"],
        )
        evidence.create_index(op.f("ix_evidence_library_file_id"), ["library_file_id"])
    with op.batch_alter_table("evidence") as evidence:
        for column in GIVEN:
            evidence.alter_column(column, server_default=None)


def downgrade() -> None:
    # What came before knows no quotations: notes lose them, and keep their files and links.
    op.execute("DELETE FROM evidence WHERE library_file_id IS NOT NULL")
    with op.batch_alter_table("evidence") as evidence:
        evidence.drop_index(op.f("ix_evidence_library_file_id"))
        evidence.drop_constraint(
            op.f("fk_evidence_library_file_id_library_file"), type_="foreignkey"
        )
        evidence.drop_constraint(op.f("ck_evidence_quotation"), type_="check")
        evidence.drop_constraint(op.f("ck_evidence_one_kind"), type_="check")
        for column in (
            "sha256",
            "quote_start",
            "page",
            "quote_language",
            "quote",
            "library_file_id",
        ):
            evidence.drop_column(column)
        evidence.create_check_constraint(
            op.f("ck_evidence_file_or_link"), "(url IS NULL) <> (file_id IS NULL)"
        )
