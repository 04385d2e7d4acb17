"""Create the first tables.

Revision: 0001
Follows: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Two tables that point at each other: on SQLite the constraints stand in the table, elsewhere they
# are added once both tables exist.
MUTUAL = (
    ("commitment", "in_force_id", "commitment_revision"),
    ("commitment", "open_id", "commitment_revision"),
    ("note", "open_id", "note_revision"),
    ("note", "published_id", "note_revision"),
)


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("key", "window_start", name=op.f("uq_attempts_key_window_start")),
    )
    op.create_index("ix_attempts_window_start", "attempts", ["window_start"], unique=False)
    op.create_table(
        "change",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
    )
    op.create_index("ix_change_kind_public_id", "change", ["kind", "public_id"], unique=False)
    op.create_table(
        "epoch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=43), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epoch")),
    )
    op.create_table(
        "file_content",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_content")),
    )
    op.create_table(
        "framework",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("adopted_by", sa.JSON(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_framework")),
    )
    op.create_table(
        "outbox_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_item")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_item_key")),
    )
    op.create_index(
        "ix_outbox_item_open", "outbox_item", ["done_at", "failed_at", "due_at"], unique=False
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("parent_code", sa.String(length=40), nullable=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["region.code"], name=op.f("fk_region_parent_code_region")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_table(
        "reporting_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_reporting_round_dates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_round")),
        sa.UniqueConstraint("name", name=op.f("uq_reporting_round_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reporting_round_public_id")),
    )
    op.create_table(
        "sector",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sector")),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_file_public_id")),
        sa.UniqueConstraint("sha256", name=op.f("uq_stored_file_sha256")),
    )
    op.create_table(
        "target_group",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_target_group")),
    )
    op.create_table(
        "theme",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("parent_code", sa.String(length=10), nullable=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["theme.code"], name=op.f("fk_theme_parent_code_theme")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_theme")),
    )
    op.create_index(op.f("ix_theme_parent_code"), "theme", ["parent_code"], unique=False)
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('invited', 'active', 'suspended', 'closed')", name=op.f("ck_user_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_public_id")),
    )
    op.create_table(
        "country",
        sa.Column("iso2", sa.String(length=2), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("m49", sa.String(length=3), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("region_code", sa.String(length=40), nullable=False),
        sa.Column("subregion_code", sa.String(length=40), nullable=True),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.Column("migrants_2020", sa.Integer(), nullable=True),
        sa.Column("women_pct_2020", sa.Numeric(precision=5, scale=1), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_country_region_code_region")
        ),
        sa.ForeignKeyConstraint(
            ["subregion_code"], ["region.code"], name=op.f("fk_country_subregion_code_region")
        ),
        sa.PrimaryKeyConstraint("iso2", name=op.f("pk_country")),
        sa.UniqueConstraint("iso3", name=op.f("uq_country_iso3")),
        sa.UniqueConstraint("m49", name=op.f("uq_country_m49")),
    )
    op.create_table(
        "network_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_network_address_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_address")),
    )
    op.create_index(
        op.f("ix_network_address_expires_at"), "network_address", ["expires_at"], unique=False
    )
    op.create_table(
        "office",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "role IN ('researcher', 'secretariat', 'administrator')", name=op.f("ck_office_role")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_office_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_office")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('invitation', 'password_reset')", name=op.f("ck_one_time_link_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_one_time_link_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(op.f("ix_one_time_link_user_id"), "one_time_link", ["user_id"], unique=False)
    op.create_table(
        "provision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_code", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("wording", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "wording IN ('quoted', 'paraphrased', 'editorial')", name=op.f("ck_provision_wording")
        ),
        sa.ForeignKeyConstraint(
            ["framework_code"],
            ["framework.code"],
            name=op.f("fk_provision_framework_code_framework"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision")),
        sa.UniqueConstraint(
            "framework_code", "code", name=op.f("uq_provision_framework_code_code")
        ),
    )
    op.create_index(
        op.f("ix_provision_framework_code"), "provision", ["framework_code"], unique=False
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_sign_in_session_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_in_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    op.create_index(
        op.f("ix_sign_in_session_user_id"), "sign_in_session", ["user_id"], unique=False
    )
    op.create_table(
        "staged_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_staged_file_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_staged_file_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staged_file_public_id")),
    )
    op.create_index(op.f("ix_staged_file_created_at"), "staged_file", ["created_at"], unique=False)
    op.create_index(op.f("ix_staged_file_user_id"), "staged_file", ["user_id"], unique=False)
    op.create_table(
        "trail_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("constituent_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["user.id"],
            name=op.f("fk_trail_entry_actor_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entry")),
    )
    op.create_index(
        op.f("ix_trail_entry_constituent_id"), "trail_entry", ["constituent_id"], unique=False
    )
    op.create_index(
        "ix_trail_entry_kind_public_id", "trail_entry", ["kind", "public_id"], unique=False
    )
    op.create_table(
        "used_form",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_used_form_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_used_form")),
    )
    op.create_index(op.f("ix_used_form_at"), "used_form", ["at"], unique=False)
    op.create_table(
        "constituent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("acronym", sa.String(length=40), nullable=False),
        sa.Column("group", sa.String(length=20), nullable=False),
        sa.Column("country_iso2", sa.String(length=2), nullable=True),
        sa.Column("focal_ministry", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "\"group\" IN ('governments', 'employers', 'workers', 'observers')",
            name=op.f("ck_constituent_group"),
        ),
        sa.ForeignKeyConstraint(
            ["country_iso2"], ["country.iso2"], name=op.f("fk_constituent_country_iso2_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_constituent")),
        sa.UniqueConstraint("public_id", name=op.f("uq_constituent_public_id")),
    )
    op.create_index(
        op.f("ix_constituent_country_iso2"), "constituent", ["country_iso2"], unique=False
    )
    op.create_table(
        "corridor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("origin_iso2", sa.String(length=2), nullable=False),
        sa.Column("destination_iso2", sa.String(length=2), nullable=False),
        sa.Column("cluster", sa.String(length=40), nullable=False),
        sa.Column("stock_2020", sa.Integer(), nullable=True),
        sa.Column("women_2020", sa.Integer(), nullable=True),
        sa.Column("sex_split_quality", sa.String(length=40), nullable=False),
        sa.Column("alt_figure", sa.Integer(), nullable=True),
        sa.Column("alt_qualifier", sa.String(length=20), nullable=False),
        sa.Column("alt_population", sa.String(length=20), nullable=False),
        sa.Column("alt_year", sa.Integer(), nullable=True),
        sa.Column("alt_women", sa.Integer(), nullable=True),
        sa.Column("alt_source", sa.Text(), nullable=False),
        sa.Column("agreements", sa.Text(), nullable=False),
        sa.Column("agreements_source", sa.Text(), nullable=False),
        sa.Column("agreements_confidence", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("origin_iso2 <> destination_iso2", name=op.f("ck_corridor_directed")),
        sa.ForeignKeyConstraint(
            ["destination_iso2"],
            ["country.iso2"],
            name=op.f("fk_corridor_destination_iso2_country"),
        ),
        sa.ForeignKeyConstraint(
            ["origin_iso2"], ["country.iso2"], name=op.f("fk_corridor_origin_iso2_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corridor")),
        sa.UniqueConstraint("code", name=op.f("uq_corridor_code")),
        sa.UniqueConstraint(
            "origin_iso2", "destination_iso2", name=op.f("uq_corridor_origin_iso2_destination_iso2")
        ),
    )
    op.create_index(
        op.f("ix_corridor_destination_iso2"), "corridor", ["destination_iso2"], unique=False
    )
    op.create_index(op.f("ix_corridor_origin_iso2"), "corridor", ["origin_iso2"], unique=False)
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_id", sa.Integer(), nullable=True),
        sa.Column("open_id", sa.Integer(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["in_force_id"],
            ["commitment_revision.id"],
            name=op.f("fk_commitment_in_force_id_commitment_revision"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["constituent.id"], name=op.f("fk_commitment_lead_id_constituent")
        ),
        sa.ForeignKeyConstraint(
            ["open_id"],
            ["commitment_revision.id"],
            name=op.f("fk_commitment_open_id_commitment_revision"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("code", name=op.f("uq_commitment_code")),
        sa.UniqueConstraint("in_force_id", name=op.f("uq_commitment_in_force_id")),
        sa.UniqueConstraint("open_id", name=op.f("uq_commitment_open_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_commitment_public_id")),
    )
    op.create_index(op.f("ix_commitment_lead_id"), "commitment", ["lead_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("constituent_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('observer', 'contributor', 'focal_point')", name=op.f("ck_membership_role")
        ),
        sa.ForeignKeyConstraint(
            ["constituent_id"],
            ["constituent.id"],
            name=op.f("fk_membership_constituent_id_constituent"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_membership_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(
        op.f("ix_membership_constituent_id"), "membership", ["constituent_id"], unique=False
    )
    op.create_index(op.f("ix_membership_user_id"), "membership", ["user_id"], unique=False)
    op.create_index(
        "uq_membership_current",
        "membership",
        ["user_id", "constituent_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "commitment_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("gender_marker", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_language", sa.String(length=20), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'accepted', 'declined', 'superseded', 'discarded')",
            name=op.f("ck_commitment_revision_state"),
        ),
        sa.CheckConstraint(
            "gender_marker BETWEEN 0 AND 3", name=op.f("ck_commitment_revision_gender_marker")
        ),
        sa.CheckConstraint(
            "starts_on IS NULL OR due_on IS NULL OR starts_on <= due_on",
            name=op.f("ck_commitment_revision_dates"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_commitment_revision_author_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitment.id"],
            name=op.f("fk_commitment_revision_commitment_id_commitment"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_commitment_revision_decided_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["stored_file.id"],
            name=op.f("fk_commitment_revision_letter_id_stored_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_revision")),
        sa.UniqueConstraint(
            "commitment_id", "number", name=op.f("uq_commitment_revision_commitment_id_number")
        ),
    )
    op.create_index(
        op.f("ix_commitment_revision_commitment_id"),
        "commitment_revision",
        ["commitment_id"],
        unique=False,
    )
    op.create_index(
        "uq_commitment_revision_accepted",
        "commitment_revision",
        ["commitment_id"],
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.create_index(
        "uq_commitment_revision_open",
        "commitment_revision",
        ["commitment_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'proposed')"),
        postgresql_where=sa.text("state IN ('draft', 'proposed')"),
    )
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("counts_people", sa.Boolean(), nullable=False),
        sa.Column("baseline", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("target", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_indicator_commitment_id_commitment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("public_id", name=op.f("uq_indicator_public_id")),
    )
    op.create_index(
        op.f("ix_indicator_commitment_id"), "indicator", ["commitment_id"], unique=False
    )
    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_milestone_commitment_id_commitment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    op.create_index(
        op.f("ix_milestone_commitment_id"), "milestone", ["commitment_id"], unique=False
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("constituent_id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=True),
        sa.Column("country_iso2", sa.String(length=2), nullable=True),
        sa.Column("corridor_id", sa.Integer(), nullable=True),
        sa.Column("theme_code", sa.String(length=10), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_id", sa.Integer(), nullable=True),
        sa.Column("open_id", sa.Integer(), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retraction_reason", sa.Text(), nullable=False),
        sa.Column("retraction_language", sa.String(length=20), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(commitment_id IS NOT NULL AND corridor_id IS NULL AND theme_code IS NULL) OR (commitment_id IS NULL AND theme_code IS NOT NULL AND (corridor_id IS NOT NULL OR country_iso2 IS NOT NULL))",
            name=op.f("ck_note_target"),
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_note_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(
            ["constituent_id"], ["constituent.id"], name=op.f("fk_note_constituent_id_constituent")
        ),
        sa.ForeignKeyConstraint(
            ["corridor_id"], ["corridor.id"], name=op.f("fk_note_corridor_id_corridor")
        ),
        sa.ForeignKeyConstraint(
            ["country_iso2"], ["country.iso2"], name=op.f("fk_note_country_iso2_country")
        ),
        sa.ForeignKeyConstraint(
            ["open_id"],
            ["note_revision.id"],
            name=op.f("fk_note_open_id_note_revision"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["published_id"],
            ["note_revision.id"],
            name=op.f("fk_note_published_id_note_revision"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["reporting_round.id"], name=op.f("fk_note_round_id_reporting_round")
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_note_theme_code_theme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("key", name=op.f("uq_note_key")),
        sa.UniqueConstraint("open_id", name=op.f("uq_note_open_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_note_public_id")),
        sa.UniqueConstraint("published_id", name=op.f("uq_note_published_id")),
    )
    op.create_index(op.f("ix_note_commitment_id"), "note", ["commitment_id"], unique=False)
    op.create_index(op.f("ix_note_constituent_id"), "note", ["constituent_id"], unique=False)
    op.create_index(op.f("ix_note_corridor_id"), "note", ["corridor_id"], unique=False)
    op.create_index(op.f("ix_note_country_iso2"), "note", ["country_iso2"], unique=False)
    op.create_index(op.f("ix_note_round_id"), "note", ["round_id"], unique=False)
    op.create_index(op.f("ix_note_theme_code"), "note", ["theme_code"], unique=False)
    op.create_table(
        "commitment_revision_corridor",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("corridor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corridor_id"],
            ["corridor.id"],
            name=op.f("fk_commitment_revision_corridor_corridor_id_corridor"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["commitment_revision.id"],
            name=op.f("fk_commitment_revision_corridor_revision_id_commitment_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "corridor_id", name=op.f("pk_commitment_revision_corridor")
        ),
    )
    op.create_index(
        op.f("ix_commitment_revision_corridor_corridor_id"),
        "commitment_revision_corridor",
        ["corridor_id"],
        unique=False,
    )
    op.create_table(
        "commitment_revision_country",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("country_iso2", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_iso2"],
            ["country.iso2"],
            name=op.f("fk_commitment_revision_country_country_iso2_country"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["commitment_revision.id"],
            name=op.f("fk_commitment_revision_country_revision_id_commitment_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "country_iso2", name=op.f("pk_commitment_revision_country")
        ),
    )
    op.create_index(
        op.f("ix_commitment_revision_country_country_iso2"),
        "commitment_revision_country",
        ["country_iso2"],
        unique=False,
    )
    op.create_table(
        "commitment_revision_provision",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provision_id"],
            ["provision.id"],
            name=op.f("fk_commitment_revision_provision_provision_id_provision"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["commitment_revision.id"],
            name=op.f("fk_commitment_revision_provision_revision_id_commitment_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "provision_id", name=op.f("pk_commitment_revision_provision")
        ),
    )
    op.create_index(
        op.f("ix_commitment_revision_provision_provision_id"),
        "commitment_revision_provision",
        ["provision_id"],
        unique=False,
    )
    op.create_table(
        "commitment_revision_sector",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("sector_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["commitment_revision.id"],
            name=op.f("fk_commitment_revision_sector_revision_id_commitment_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sector_code"],
            ["sector.code"],
            name=op.f("fk_commitment_revision_sector_sector_code_sector"),
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "sector_code", name=op.f("pk_commitment_revision_sector")
        ),
    )
    op.create_index(
        op.f("ix_commitment_revision_sector_sector_code"),
        "commitment_revision_sector",
        ["sector_code"],
        unique=False,
    )
    op.create_table(
        "commitment_revision_supporter",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("constituent_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["constituent_id"],
            ["constituent.id"],
            name=op.f("fk_commitment_revision_supporter_constituent_id_constituent"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["commitment_revision.id"],
            name=op.f("fk_commitment_revision_supporter_revision_id_commitment_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "constituent_id", name=op.f("pk_commitment_revision_supporter")
        ),
    )
    op.create_index(
        op.f("ix_commitment_revision_supporter_constituent_id"),
        "commitment_revision_supporter",
        ["constituent_id"],
        unique=False,
    )
    op.create_table(
        "commitment_revision_target_group",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("target_group_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["commitment_revision.id"],
            name=op.f("fk_commitment_revision_target_group_revision_id_commitment_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_group_code"],
            ["target_group.code"],
            name=op.f("fk_commitment_revision_target_group_target_group_code_target_group"),
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "target_group_code", name=op.f("pk_commitment_revision_target_group")
        ),
    )
    op.create_index(
        op.f("ix_commitment_revision_target_group_target_group_code"),
        "commitment_revision_target_group",
        ["target_group_code"],
        unique=False,
    )
    op.create_table(
        "commitment_revision_theme",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("theme_code", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["commitment_revision.id"],
            name=op.f("fk_commitment_revision_theme_revision_id_commitment_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"],
            ["theme.code"],
            name=op.f("fk_commitment_revision_theme_theme_code_theme"),
        ),
        sa.PrimaryKeyConstraint(
            "revision_id", "theme_code", name=op.f("pk_commitment_revision_theme")
        ),
    )
    op.create_index(
        op.f("ix_commitment_revision_theme_theme_code"),
        "commitment_revision_theme",
        ["theme_code"],
        unique=False,
    )
    op.create_table(
        "commitment_translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('official', 'unofficial', 'machine')",
            name=op.f("ck_commitment_translation_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_commitment_translation_author_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["commitment_revision.id"],
            name=op.f("fk_commitment_translation_revision_id_commitment_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_translation")),
        sa.UniqueConstraint(
            "revision_id", "language", name=op.f("uq_commitment_translation_revision_id_language")
        ),
    )
    op.create_index(
        op.f("ix_commitment_translation_revision_id"),
        "commitment_translation",
        ["revision_id"],
        unique=False,
    )
    op.create_table(
        "note_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("nothing_changed", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("women", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.Column("claimed_status", sa.String(length=20), nullable=True),
        sa.Column("reversed", sa.Boolean(), nullable=False),
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
            "claimed_status IS NULL OR claimed_status IN ('not_started', 'limited', 'substantial', 'complete')",
            name=op.f("ck_note_revision_claimed_status"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'in_review', 'returned', 'published', 'superseded', 'retracted', 'discarded')",
            name=op.f("ck_note_revision_state"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_note_revision_author_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_note_revision_note_id_note")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user.id"], name=op.f("fk_note_revision_reviewer_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_revision")),
        sa.UniqueConstraint("note_id", "number", name=op.f("uq_note_revision_note_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_note_revision_public_id")),
    )
    op.create_index(op.f("ix_note_revision_note_id"), "note_revision", ["note_id"], unique=False)
    op.create_index(
        op.f("ix_note_revision_published_at"), "note_revision", ["published_at"], unique=False
    )
    op.create_index(
        "ix_note_revision_queue", "note_revision", ["state", "submitted_at"], unique=False
    )
    op.create_index(
        "uq_note_revision_open",
        "note_revision",
        ["note_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'submitted', 'in_review')"),
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'in_review')"),
    )
    op.create_index(
        "uq_note_revision_published",
        "note_revision",
        ["note_id"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("internal_comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["user.id"], name=op.f("fk_decision_officer_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["note_revision.id"],
            name=op.f("fk_decision_revision_id_note_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_revision_id"), "decision", ["revision_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(url IS NULL) <> (file_id IS NULL)", name=op.f("ck_evidence_file_or_link")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_evidence_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["note_revision.id"],
            name=op.f("fk_evidence_revision_id_note_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_public_id")),
    )
    op.create_index(op.f("ix_evidence_file_id"), "evidence", ["file_id"], unique=False)
    op.create_index(op.f("ix_evidence_revision_id"), "evidence", ["revision_id"], unique=False)
    op.create_table(
        "latest_word",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("constituent_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitment.id"],
            name=op.f("fk_latest_word_commitment_id_commitment"),
        ),
        sa.ForeignKeyConstraint(
            ["constituent_id"],
            ["constituent.id"],
            name=op.f("fk_latest_word_constituent_id_constituent"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["note_revision.id"],
            name=op.f("fk_latest_word_revision_id_note_revision"),
        ),
        sa.PrimaryKeyConstraint("commitment_id", "constituent_id", name=op.f("pk_latest_word")),
    )
    op.create_index(op.f("ix_latest_word_heard_at"), "latest_word", ["heard_at"], unique=False)
    op.create_index(op.f("ix_latest_word_status"), "latest_word", ["status"], unique=False)
    op.create_table(
        "note_translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("women", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('official', 'unofficial', 'machine')", name=op.f("ck_note_translation_kind")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_note_translation_author_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["note_revision.id"],
            name=op.f("fk_note_translation_revision_id_note_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_translation")),
        sa.UniqueConstraint(
            "revision_id", "language", name=op.f("uq_note_translation_revision_id_language")
        ),
    )
    op.create_index(
        op.f("ix_note_translation_revision_id"), "note_translation", ["revision_id"], unique=False
    )
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("women", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("men", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("not_stated", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("total", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.CheckConstraint(
            "(women IS NULL OR women >= 0) AND (men IS NULL OR men >= 0) AND (not_stated IS NULL OR not_stated >= 0) AND (total IS NULL OR total >= 0)",
            name=op.f("ck_reading_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_reading_indicator_id_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["note_revision.id"],
            name=op.f("fk_reading_revision_id_note_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint(
            "revision_id", "indicator_id", "on", name=op.f("uq_reading_revision_id_indicator_id_on")
        ),
    )
    op.create_index(op.f("ix_reading_indicator_id"), "reading", ["indicator_id"], unique=False)
    op.create_index(op.f("ix_reading_revision_id"), "reading", ["revision_id"], unique=False)
    if op.get_bind().dialect.name != "sqlite":
        for table, column, other in MUTUAL:
            op.create_foreign_key(f"fk_{table}_{column}_{other}", table, other, [column], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        for table, column, other in MUTUAL:
            op.drop_constraint(f"fk_{table}_{column}_{other}", table, type_="foreignkey")
    op.drop_index(op.f("ix_reading_revision_id"), table_name="reading")
    op.drop_index(op.f("ix_reading_indicator_id"), table_name="reading")
    op.drop_table("reading")
    op.drop_index(op.f("ix_note_translation_revision_id"), table_name="note_translation")
    op.drop_table("note_translation")
    op.drop_index(op.f("ix_latest_word_status"), table_name="latest_word")
    op.drop_index(op.f("ix_latest_word_heard_at"), table_name="latest_word")
    op.drop_table("latest_word")
    op.drop_index(op.f("ix_evidence_revision_id"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_file_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_decision_revision_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(
        "uq_note_revision_published",
        table_name="note_revision",
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.drop_index(
        "uq_note_revision_open",
        table_name="note_revision",
        sqlite_where=sa.text("state IN ('draft', 'submitted', 'in_review')"),
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'in_review')"),
    )
    op.drop_index("ix_note_revision_queue", table_name="note_revision")
    op.drop_index(op.f("ix_note_revision_published_at"), table_name="note_revision")
    op.drop_index(op.f("ix_note_revision_note_id"), table_name="note_revision")
    op.drop_table("note_revision")
    op.drop_index(
        op.f("ix_commitment_translation_revision_id"), table_name="commitment_translation"
    )
    op.drop_table("commitment_translation")
    op.drop_index(
        op.f("ix_commitment_revision_theme_theme_code"), table_name="commitment_revision_theme"
    )
    op.drop_table("commitment_revision_theme")
    op.drop_index(
        op.f("ix_commitment_revision_target_group_target_group_code"),
        table_name="commitment_revision_target_group",
    )
    op.drop_table("commitment_revision_target_group")
    op.drop_index(
        op.f("ix_commitment_revision_supporter_constituent_id"),
        table_name="commitment_revision_supporter",
    )
    op.drop_table("commitment_revision_supporter")
    op.drop_index(
        op.f("ix_commitment_revision_sector_sector_code"), table_name="commitment_revision_sector"
    )
    op.drop_table("commitment_revision_sector")
    op.drop_index(
        op.f("ix_commitment_revision_provision_provision_id"),
        table_name="commitment_revision_provision",
    )
    op.drop_table("commitment_revision_provision")
    op.drop_index(
        op.f("ix_commitment_revision_country_country_iso2"),
        table_name="commitment_revision_country",
    )
    op.drop_table("commitment_revision_country")
    op.drop_index(
        op.f("ix_commitment_revision_corridor_corridor_id"),
        table_name="commitment_revision_corridor",
    )
    op.drop_table("commitment_revision_corridor")
    op.drop_index(op.f("ix_note_theme_code"), table_name="note")
    op.drop_index(op.f("ix_note_round_id"), table_name="note")
    op.drop_index(op.f("ix_note_country_iso2"), table_name="note")
    op.drop_index(op.f("ix_note_corridor_id"), table_name="note")
    op.drop_index(op.f("ix_note_constituent_id"), table_name="note")
    op.drop_index(op.f("ix_note_commitment_id"), table_name="note")
    op.drop_table("note")
    op.drop_index(op.f("ix_milestone_commitment_id"), table_name="milestone")
    op.drop_table("milestone")
    op.drop_index(op.f("ix_indicator_commitment_id"), table_name="indicator")
    op.drop_table("indicator")
    op.drop_index(
        "uq_commitment_revision_open",
        table_name="commitment_revision",
        sqlite_where=sa.text("state IN ('draft', 'proposed')"),
        postgresql_where=sa.text("state IN ('draft', 'proposed')"),
    )
    op.drop_index(
        "uq_commitment_revision_accepted",
        table_name="commitment_revision",
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.drop_index(op.f("ix_commitment_revision_commitment_id"), table_name="commitment_revision")
    op.drop_table("commitment_revision")
    op.drop_index(
        "uq_membership_current",
        table_name="membership",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_membership_user_id"), table_name="membership")
    op.drop_index(op.f("ix_membership_constituent_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_commitment_lead_id"), table_name="commitment")
    op.drop_table("commitment")
    op.drop_index(op.f("ix_corridor_origin_iso2"), table_name="corridor")
    op.drop_index(op.f("ix_corridor_destination_iso2"), table_name="corridor")
    op.drop_table("corridor")
    op.drop_index(op.f("ix_constituent_country_iso2"), table_name="constituent")
    op.drop_table("constituent")
    op.drop_index(op.f("ix_used_form_at"), table_name="used_form")
    op.drop_table("used_form")
    op.drop_index("ix_trail_entry_kind_public_id", table_name="trail_entry")
    op.drop_index(op.f("ix_trail_entry_constituent_id"), table_name="trail_entry")
    op.drop_table("trail_entry")
    op.drop_index(op.f("ix_staged_file_user_id"), table_name="staged_file")
    op.drop_index(op.f("ix_staged_file_created_at"), table_name="staged_file")
    op.drop_table("staged_file")
    op.drop_index(op.f("ix_sign_in_session_user_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(op.f("ix_provision_framework_code"), table_name="provision")
    op.drop_table("provision")
    op.drop_index(op.f("ix_one_time_link_user_id"), table_name="one_time_link")
    op.drop_table("one_time_link")
    op.drop_table("office")
    op.drop_index(op.f("ix_network_address_expires_at"), table_name="network_address")
    op.drop_table("network_address")
    op.drop_table("country")
    op.drop_table("user")
    op.drop_index(op.f("ix_theme_parent_code"), table_name="theme")
    op.drop_table("theme")
    op.drop_table("target_group")
    op.drop_table("stored_file")
    op.drop_table("sector")
    op.drop_table("reporting_round")
    op.drop_table("region")
    op.drop_index("ix_outbox_item_open", table_name="outbox_item")
    op.drop_table("outbox_item")
    op.drop_table("framework")
    op.drop_table("file_content")
    op.drop_table("epoch")
    op.drop_index("ix_change_kind_public_id", table_name="change")
    op.drop_table("change")
    op.drop_index("ix_attempts_window_start", table_name="attempts")
    op.drop_table("attempts")
