"""Create the tables of the library: documents, revisions, files, and the text of files.

Revision: 0005
Follows: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Keys that two tables have on each other; SQLite takes them with the first of the two.
MUTUAL = (
    ("library_document", "open_id", "library_revision"),
    ("library_document", "published_id", "library_revision"),
)


def upgrade() -> None:
    op.create_table(
        "file_text",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("created", sa.String(length=10), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name=op.f("fk_file_text_file_id_stored_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_file_text")),
    )
    op.create_table(
        "text_page",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "origin IN ('layer', 'machine', 'none')", name=op.f("ck_text_page_origin")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name=op.f("fk_text_page_file_id_stored_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_text_page")),
    )
    op.create_index(
        "ix_text_page_origin",
        "text_page",
        ["file_id", "origin"],
        unique=False,
        sqlite_where=sa.text("origin <> 'layer'"),
        postgresql_where=sa.text("origin <> 'layer'"),
    )
    op.create_table(
        "library_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("constituent_id", sa.Integer(), nullable=True),
        sa.Column("source_key", sa.String(length=160), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_id", sa.Integer(), nullable=True),
        sa.Column("open_id", sa.Integer(), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retraction_reason", sa.Text(), nullable=False),
        sa.Column("retraction_language", sa.String(length=20), nullable=False),
        sa.Column("retracted_for", sa.String(length=20), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["constituent_id"],
            ["constituent.id"],
            name=op.f("fk_library_document_constituent_id_constituent"),
        ),
        sa.ForeignKeyConstraint(
            ["open_id"],
            ["library_revision.id"],
            name=op.f("fk_library_document_open_id_library_revision"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["published_id"],
            ["library_revision.id"],
            name=op.f("fk_library_document_published_id_library_revision"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_document")),
        sa.UniqueConstraint("open_id", name=op.f("uq_library_document_open_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_library_document_public_id")),
        sa.UniqueConstraint("published_id", name=op.f("uq_library_document_published_id")),
        sa.UniqueConstraint("source_key", name=op.f("uq_library_document_source_key")),
    )
    op.create_index(
        op.f("ix_library_document_constituent_id"),
        "library_document",
        ["constituent_id"],
        unique=False,
    )
    op.create_table(
        "library_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("publisher", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("official_number", sa.String(length=300), nullable=False),
        sa.Column("issued", sa.String(length=10), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("source_url", sa.String(length=2000), nullable=False),
        sa.Column("legal_status", sa.String(length=20), nullable=False),
        sa.Column("in_force_from", sa.String(length=10), nullable=False),
        sa.Column("in_force_until", sa.String(length=10), nullable=False),
        sa.Column("rights", sa.String(length=10), nullable=False),
        sa.Column("licence", sa.String(length=300), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("embargo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("practice", sa.JSON(), nullable=False),
        sa.Column("people_protected", sa.Boolean(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "legal_status IN ('', 'draft', 'adopted', 'in_force', 'suspended', 'expired', 'repealed')",
            name=op.f("ck_library_revision_legal_status"),
        ),
        sa.CheckConstraint("rights IN ('copy', 'link')", name=op.f("ck_library_revision_rights")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'in_review', 'returned', 'published', 'superseded', 'retracted', 'discarded')",
            name=op.f("ck_library_revision_state"),
        ),
        sa.CheckConstraint(
            "type IN ('', 'law', 'policy', 'agreement', 'contract', 'practice', 'research', 'evaluation', 'management_response', 'statement', 'meeting_document')",
            name=op.f("ck_library_revision_type"),
        ),
        sa.CheckConstraint(
            "visibility IN ('public', 'constituents')", name=op.f("ck_library_revision_visibility")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_library_revision_author_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["library_document.id"],
            name=op.f("fk_library_revision_document_id_library_document"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user.id"], name=op.f("fk_library_revision_reviewer_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_revision")),
        sa.UniqueConstraint(
            "document_id", "number", name=op.f("uq_library_revision_document_id_number")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_library_revision_public_id")),
    )
    op.create_index(
        op.f("ix_library_revision_document_id"), "library_revision", ["document_id"], unique=False
    )
    op.create_index(
        op.f("ix_library_revision_issued_on"), "library_revision", ["issued_on"], unique=False
    )
    op.create_index(
        op.f("ix_library_revision_published_at"), "library_revision", ["published_at"], unique=False
    )
    op.create_index(
        "ix_library_revision_queue", "library_revision", ["state", "submitted_at"], unique=False
    )
    op.create_index(
        "uq_library_revision_open",
        "library_revision",
        ["document_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'submitted', 'in_review')"),
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'in_review')"),
    )
    op.create_index(
        "uq_library_revision_published",
        "library_revision",
        ["document_id"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "library_corridor",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("corridor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corridor_id"], ["corridor.id"], name=op.f("fk_library_corridor_corridor_id_corridor")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["library_revision.id"],
            name=op.f("fk_library_corridor_revision_id_library_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("revision_id", "corridor_id", name=op.f("pk_library_corridor")),
    )
    op.create_index(
        op.f("ix_library_corridor_corridor_id"), "library_corridor", ["corridor_id"], unique=False
    )
    op.create_table(
        "library_country",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("country_iso2", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_iso2"], ["country.iso2"], name=op.f("fk_library_country_country_iso2_country")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["library_revision.id"],
            name=op.f("fk_library_country_revision_id_library_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("revision_id", "country_iso2", name=op.f("pk_library_country")),
    )
    op.create_index(
        op.f("ix_library_country_country_iso2"), "library_country", ["country_iso2"], unique=False
    )
    op.create_table(
        "library_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("internal_comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["user.id"], name=op.f("fk_library_decision_officer_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["library_revision.id"],
            name=op.f("fk_library_decision_revision_id_library_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_decision")),
    )
    op.create_index(
        op.f("ix_library_decision_revision_id"), "library_decision", ["revision_id"], unique=False
    )
    op.create_table(
        "library_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_library_file_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["library_revision.id"],
            name=op.f("fk_library_file_revision_id_library_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_library_file_public_id")),
    )
    op.create_index(op.f("ix_library_file_file_id"), "library_file", ["file_id"], unique=False)
    op.create_index(
        op.f("ix_library_file_revision_id"), "library_file", ["revision_id"], unique=False
    )
    op.create_index(
        op.f("ix_library_file_source_sha256"), "library_file", ["source_sha256"], unique=False
    )
    op.create_table(
        "library_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('amends', 'repeals', 'replaces', 'translation_of', 'evaluates', 'responds_to', 'related')",
            name=op.f("ck_library_relation_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["library_revision.id"],
            name=op.f("fk_library_relation_revision_id_library_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["library_document.id"],
            name=op.f("fk_library_relation_target_id_library_document"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_relation")),
        sa.UniqueConstraint(
            "revision_id",
            "kind",
            "target_id",
            name=op.f("uq_library_relation_revision_id_kind_target_id"),
        ),
    )
    op.create_index(
        op.f("ix_library_relation_revision_id"), "library_relation", ["revision_id"], unique=False
    )
    op.create_index(
        op.f("ix_library_relation_target_id"), "library_relation", ["target_id"], unique=False
    )
    op.create_table(
        "library_sector",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("sector_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["library_revision.id"],
            name=op.f("fk_library_sector_revision_id_library_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sector_code"], ["sector.code"], name=op.f("fk_library_sector_sector_code_sector")
        ),
        sa.PrimaryKeyConstraint("revision_id", "sector_code", name=op.f("pk_library_sector")),
    )
    op.create_index(
        op.f("ix_library_sector_sector_code"), "library_sector", ["sector_code"], unique=False
    )
    op.create_table(
        "library_target_group",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("target_group_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["library_revision.id"],
            name=op.f("fk_library_target_group_revision_id_library_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_group_code"],
            ["target_group.code"],
            name=op.f("fk_library_target_group_target_group_code_target_group"),
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "target_group_code", name=op.f("pk_library_target_group")
        ),
    )
    op.create_index(
        op.f("ix_library_target_group_target_group_code"),
        "library_target_group",
        ["target_group_code"],
        unique=False,
    )
    op.create_table(
        "library_theme",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("theme_code", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["library_revision.id"],
            name=op.f("fk_library_theme_revision_id_library_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_library_theme_theme_code_theme")
        ),
        sa.PrimaryKeyConstraint("revision_id", "theme_code", name=op.f("pk_library_theme")),
    )
    op.create_index(
        op.f("ix_library_theme_theme_code"), "library_theme", ["theme_code"], unique=False
    )
    with op.batch_alter_table("staged_file") as staged:
        staged.add_column(
            sa.Column("source_sha256", sa.String(length=64), nullable=False, server_default="")
        )
    with op.batch_alter_table("staged_file") as staged:
        staged.alter_column("source_sha256", server_default=None)
    if op.get_bind().dialect.name != "sqlite":
        for table, column, other in MUTUAL:
            op.create_foreign_key(f"fk_{table}_{column}_{other}", table, other, [column], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("staged_file") as staged:
        staged.drop_column("source_sha256")
    if op.get_bind().dialect.name != "sqlite":
        for table, column, other in MUTUAL:
            op.drop_constraint(f"fk_{table}_{column}_{other}", table, type_="foreignkey")
    for table in (
        "library_theme",
        "library_target_group",
        "library_sector",
        "library_relation",
        "library_file",
        "library_decision",
        "library_country",
        "library_corridor",
        "library_revision",
        "library_document",
        "text_page",
        "file_text",
    ):
        op.drop_table(table)
