"""Let dialogues name documents of the library, in an order.

Revision: 0011
Follows: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dialogue_document",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dialogue_id"],
            ["dialogue.id"],
            name=op.f("fk_dialogue_document_dialogue_id_dialogue"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["library_document.id"],
            name=op.f("fk_dialogue_document_document_id_library_document"),
        ),
        sa.PrimaryKeyConstraint("dialogue_id", "document_id", name=op.f("pk_dialogue_document")),
    )
    op.create_index(op.f("ix_dialogue_document_document_id"), "dialogue_document", ["document_id"])


def downgrade() -> None:
    op.drop_table("dialogue_document")
