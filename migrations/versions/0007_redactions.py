"""Create the register of redactions, and say on things and files that they were redacted.

Revision: 0007
Follows: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

THINGS = ("note", "library_document")


def upgrade() -> None:
    op.create_table(
        "refused_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_refused_file")),
    )
    op.create_table(
        "redaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("thing_id", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("file_id", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'refused')", name=op.f("ck_redaction_state")
        ),
        sa.CheckConstraint("target IN ('passage', 'file')", name=op.f("ck_redaction_target")),
        sa.CheckConstraint(
            "state = 'waiting' OR passage = ''", name=op.f("ck_redaction_passage_forgotten")
        ),
        sa.CheckConstraint(
            "asked_by_id <> decided_by_id OR state <> 'done'",
            name=op.f("ck_redaction_two_officers"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_redaction_asked_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_redaction_decided_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
        sa.UniqueConstraint("public_id", name=op.f("uq_redaction_public_id")),
    )
    op.create_index("ix_redaction_state", "redaction", ["state", "asked_at"], unique=False)
    op.create_index("ix_redaction_thing", "redaction", ["kind", "thing_id"], unique=False)
    with op.batch_alter_table("stored_file") as stored:
        stored.add_column(sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True))
    for name in THINGS:
        with op.batch_alter_table(name) as thing:
            thing.add_column(sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True))
            thing.add_column(
                sa.Column("redaction_note", sa.Text(), nullable=False, server_default="")
            )
            thing.add_column(
                sa.Column(
                    "redaction_language", sa.String(length=20), nullable=False, server_default=""
                )
            )
        with op.batch_alter_table(name) as thing:
            thing.alter_column("redaction_note", server_default=None)
            thing.alter_column("redaction_language", server_default=None)


def downgrade() -> None:
    for name in THINGS:
        with op.batch_alter_table(name) as thing:
            thing.drop_column("redaction_language")
            thing.drop_column("redaction_note")
            thing.drop_column("redacted_at")
    with op.batch_alter_table("stored_file") as stored:
        stored.drop_column("redacted_at")
    op.drop_table("redaction")
    op.drop_table("refused_file")
