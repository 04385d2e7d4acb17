"""Let programmes be kept by organisations: their items, documents and contributions.

Revision: 0009
Follows: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _kept(table: str, column: str, other: str) -> sa.Column[int]:
    """Return a column that names a row of another table, where there is one."""
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.Column(column, sa.Integer(), sa.ForeignKey(f"{other}.id", name=name), nullable=True)


ADDED = {
    "programme": (("described_by_id", "constituent"),),
    "programme_item": (("document_id", "library_document"), ("stated_by_id", "constituent")),
}


def upgrade() -> None:
    op.create_table(
        "programme_keeper",
        sa.Column("programme_code", sa.String(length=40), nullable=False),
        sa.Column("constituent_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_code"],
            ["programme.code"],
            name=op.f("fk_programme_keeper_programme_code_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["constituent_id"],
            ["constituent.id"],
            name=op.f("fk_programme_keeper_constituent_id_constituent"),
        ),
        sa.PrimaryKeyConstraint(
            "programme_code", "constituent_id", name=op.f("pk_programme_keeper")
        ),
    )
    op.create_index(
        op.f("ix_programme_keeper_constituent_id"), "programme_keeper", ["constituent_id"]
    )
    op.create_table(
        "programme_document",
        sa.Column("programme_code", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_code"],
            ["programme.code"],
            name=op.f("fk_programme_document_programme_code_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["library_document.id"],
            name=op.f("fk_programme_document_document_id_library_document"),
        ),
        sa.PrimaryKeyConstraint(
            "programme_code", "document_id", name=op.f("pk_programme_document")
        ),
    )
    op.create_index(
        op.f("ix_programme_document_document_id"), "programme_document", ["document_id"]
    )
    op.create_table(
        "programme_contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("programme_code", sa.String(length=40), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("stated_by_id", sa.Integer(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('claimed', 'evaluated')", name=op.f("ck_programme_contribution_basis")
        ),
        sa.CheckConstraint(
            "basis = 'claimed' OR (document_id IS NOT NULL AND page IS NOT NULL)",
            name=op.f("ck_programme_contribution_proof"),
        ),
        sa.CheckConstraint(
            "page IS NULL OR document_id IS NOT NULL",
            name=op.f("ck_programme_contribution_page"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{other}.{key}"],
                name=op.f(f"fk_programme_contribution_{column}_{other}"),
            )
            for column, other, key in (
                ("programme_code", "programme", "code"),
                ("commitment_id", "commitment", "id"),
                ("document_id", "library_document", "id"),
                ("stated_by_id", "constituent", "id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_contribution")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_contribution_public_id")),
    )
    for column in ("programme_code", "commitment_id", "document_id", "stated_by_id"):
        name = op.f(f"ix_programme_contribution_{column}")
        op.create_index(name, "programme_contribution", [column])
    for table, links in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for column, other in links:
                batch.add_column(_kept(table, column, other))
        for column, _other in links:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    at = sa.DateTime(timezone=True)
    op.add_column("programme", sa.Column("described_at", at, nullable=True))
    op.add_column("programme_item", sa.Column("stated_at", at, nullable=True))
    op.add_column(
        "programme_item",
        sa.Column("language", sa.String(length=20), nullable=False, server_default="en"),
    )
    op.add_column(
        "programme_item",
        sa.Column("retired", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    # What was removed on the site was kept as retired; without that it would come back.
    op.execute("DELETE FROM programme_item WHERE retired")
    for column in ("retired", "language", "stated_at"):
        op.drop_column("programme_item", column)
    op.drop_column("programme", "described_at")
    for table, links in reversed(ADDED.items()):
        for column, _other in links:
            op.drop_index(op.f(f"ix_{table}_{column}"), table)
        with op.batch_alter_table(table) as batch:
            for column, other in links:
                batch.drop_constraint(op.f(f"fk_{table}_{column}_{other}"), type_="foreignkey")
                batch.drop_column(column)
    for table in ("programme_contribution", "programme_document", "programme_keeper"):
        op.drop_table(table)
