"""Create the tables of instruments, programmes, dialogues and edits.

Revision: 0002
Follows: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instrument",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("topic", sa.JSON(), nullable=False),
        sa.Column("fundamental", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_instrument")),
    )
    op.create_table(
        "loaded_row",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_loaded_row")),
    )
    op.create_table(
        "programme",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("parent_initiative", sa.JSON(), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("funders", sa.JSON(), nullable=False),
        sa.Column("starts", sa.String(length=10), nullable=False),
        sa.Column("ends", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_programme")),
    )
    op.create_table(
        "status_word",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("equivalents", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "kind IN ('status', 'flag', 'absence')", name=op.f("ck_status_word_kind")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_status_word")),
    )
    op.create_table(
        "instrument_theme",
        sa.Column("instrument_code", sa.String(length=20), nullable=False),
        sa.Column("theme_code", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_code"],
            ["instrument.code"],
            name=op.f("fk_instrument_theme_instrument_code_instrument"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_instrument_theme_theme_code_theme")
        ),
        sa.PrimaryKeyConstraint("instrument_code", "theme_code", name=op.f("pk_instrument_theme")),
    )
    op.create_index(
        op.f("ix_instrument_theme_theme_code"), "instrument_theme", ["theme_code"], unique=False
    )
    op.create_table(
        "option",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["user.id"],
            name=op.f("fk_option_changed_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_option")),
    )
    op.create_table(
        "programme_sector",
        sa.Column("programme_code", sa.String(length=40), nullable=False),
        sa.Column("sector_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_code"],
            ["programme.code"],
            name=op.f("fk_programme_sector_programme_code_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sector_code"], ["sector.code"], name=op.f("fk_programme_sector_sector_code_sector")
        ),
        sa.PrimaryKeyConstraint("programme_code", "sector_code", name=op.f("pk_programme_sector")),
    )
    op.create_index(
        op.f("ix_programme_sector_sector_code"), "programme_sector", ["sector_code"], unique=False
    )
    op.create_table(
        "programme_target_group",
        sa.Column("programme_code", sa.String(length=40), nullable=False),
        sa.Column("target_group_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_code"],
            ["programme.code"],
            name=op.f("fk_programme_target_group_programme_code_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_group_code"],
            ["target_group.code"],
            name=op.f("fk_programme_target_group_target_group_code_target_group"),
        ),
        sa.PrimaryKeyConstraint(
            "programme_code", "target_group_code", name=op.f("pk_programme_target_group")
        ),
    )
    op.create_index(
        op.f("ix_programme_target_group_target_group_code"),
        "programme_target_group",
        ["target_group_code"],
        unique=False,
    )
    op.create_table(
        "programme_theme",
        sa.Column("programme_code", sa.String(length=40), nullable=False),
        sa.Column("theme_code", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_code"],
            ["programme.code"],
            name=op.f("fk_programme_theme_programme_code_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_programme_theme_theme_code_theme")
        ),
        sa.PrimaryKeyConstraint("programme_code", "theme_code", name=op.f("pk_programme_theme")),
    )
    op.create_index(
        op.f("ix_programme_theme_theme_code"), "programme_theme", ["theme_code"], unique=False
    )
    op.create_table(
        "reference_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "action IN ('added', 'changed', 'removed', 'overwritten')",
            name=op.f("ck_reference_edit_action"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["user.id"],
            name=op.f("fk_reference_edit_actor_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_edit")),
    )
    op.create_index("ix_reference_edit_kind_key", "reference_edit", ["kind", "key"], unique=False)
    op.create_table(
        "designation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country_iso2", sa.String(length=2), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_iso2"], ["country.iso2"], name=op.f("fk_designation_country_iso2_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designation")),
        sa.UniqueConstraint(
            "country_iso2", "since", name=op.f("uq_designation_country_iso2_since")
        ),
    )
    op.create_table(
        "dialogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("host_iso2", sa.String(length=2), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("starts", sa.String(length=10), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('interregional', 'regional', 'corridor', 'bilateral', 'tripartite')",
            name=op.f("ck_dialogue_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["host_iso2"], ["country.iso2"], name=op.f("fk_dialogue_host_iso2_country")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue")),
        sa.UniqueConstraint("code", name=op.f("uq_dialogue_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dialogue_public_id")),
    )
    op.create_index(op.f("ix_dialogue_host_iso2"), "dialogue", ["host_iso2"], unique=False)
    op.create_table(
        "programme_country",
        sa.Column("programme_code", sa.String(length=40), nullable=False),
        sa.Column("country_iso2", sa.String(length=2), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "side IN ('origin', 'destination', 'both')", name=op.f("ck_programme_country_side")
        ),
        sa.ForeignKeyConstraint(
            ["country_iso2"],
            ["country.iso2"],
            name=op.f("fk_programme_country_country_iso2_country"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_code"],
            ["programme.code"],
            name=op.f("fk_programme_country_programme_code_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "programme_code", "country_iso2", name=op.f("pk_programme_country")
        ),
    )
    op.create_index(
        op.f("ix_programme_country_country_iso2"),
        "programme_country",
        ["country_iso2"],
        unique=False,
    )
    op.create_table(
        "programme_item",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("programme_code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("country_iso2", sa.String(length=2), nullable=True),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.Column("men", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "kind IN ('achievement', 'lesson', 'fact')", name=op.f("ck_programme_item_kind")
        ),
        sa.ForeignKeyConstraint(
            ["country_iso2"], ["country.iso2"], name=op.f("fk_programme_item_country_iso2_country")
        ),
        sa.ForeignKeyConstraint(
            ["programme_code"],
            ["programme.code"],
            name=op.f("fk_programme_item_programme_code_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_programme_item")),
    )
    op.create_index(
        op.f("ix_programme_item_country_iso2"), "programme_item", ["country_iso2"], unique=False
    )
    op.create_index(
        op.f("ix_programme_item_programme_code"), "programme_item", ["programme_code"], unique=False
    )
    op.create_table(
        "provision_theme",
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("theme_code", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["provision_id"],
            ["provision.id"],
            name=op.f("fk_provision_theme_provision_id_provision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_provision_theme_theme_code_theme")
        ),
        sa.PrimaryKeyConstraint("provision_id", "theme_code", name=op.f("pk_provision_theme")),
    )
    op.create_index(
        op.f("ix_provision_theme_theme_code"), "provision_theme", ["theme_code"], unique=False
    )
    op.create_table(
        "ratification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country_iso2", sa.String(length=2), nullable=False),
        sa.Column("instrument_code", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('yes', 'no', 'pending')", name=op.f("ck_ratification_state")),
        sa.ForeignKeyConstraint(
            ["country_iso2"], ["country.iso2"], name=op.f("fk_ratification_country_iso2_country")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_code"],
            ["instrument.code"],
            name=op.f("fk_ratification_instrument_code_instrument"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratification")),
        sa.UniqueConstraint(
            "country_iso2",
            "instrument_code",
            name=op.f("uq_ratification_country_iso2_instrument_code"),
        ),
    )
    op.create_index(
        op.f("ix_ratification_instrument_code"), "ratification", ["instrument_code"], unique=False
    )
    op.create_table(
        "agreement",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("corridor_code", sa.String(length=5), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("signed", sa.String(length=10), nullable=False),
        sa.Column("year_inferred", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('signed', 'renewed', 'announced', 'draft', 'suspended')",
            name=op.f("ck_agreement_state"),
        ),
        sa.ForeignKeyConstraint(
            ["corridor_code"], ["corridor.code"], name=op.f("fk_agreement_corridor_code_corridor")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_agreement")),
    )
    op.create_index(
        op.f("ix_agreement_corridor_code"), "agreement", ["corridor_code"], unique=False
    )
    op.create_table(
        "dialogue_corridor",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("corridor_code", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(
            ["corridor_code"],
            ["corridor.code"],
            name=op.f("fk_dialogue_corridor_corridor_code_corridor"),
        ),
        sa.ForeignKeyConstraint(
            ["dialogue_id"],
            ["dialogue.id"],
            name=op.f("fk_dialogue_corridor_dialogue_id_dialogue"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dialogue_id", "corridor_code", name=op.f("pk_dialogue_corridor")),
    )
    op.create_index(
        op.f("ix_dialogue_corridor_corridor_code"),
        "dialogue_corridor",
        ["corridor_code"],
        unique=False,
    )
    op.create_table(
        "dialogue_country",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("country_iso2", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["country_iso2"],
            ["country.iso2"],
            name=op.f("fk_dialogue_country_country_iso2_country"),
        ),
        sa.ForeignKeyConstraint(
            ["dialogue_id"],
            ["dialogue.id"],
            name=op.f("fk_dialogue_country_dialogue_id_dialogue"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dialogue_id", "country_iso2", name=op.f("pk_dialogue_country")),
    )
    op.create_index(
        op.f("ix_dialogue_country_country_iso2"), "dialogue_country", ["country_iso2"], unique=False
    )
    op.create_table(
        "dialogue_theme",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("theme_code", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["dialogue_id"],
            ["dialogue.id"],
            name=op.f("fk_dialogue_theme_dialogue_id_dialogue"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["theme.code"], name=op.f("fk_dialogue_theme_theme_code_theme")
        ),
        sa.PrimaryKeyConstraint("dialogue_id", "theme_code", name=op.f("pk_dialogue_theme")),
    )
    op.create_index(
        op.f("ix_dialogue_theme_theme_code"), "dialogue_theme", ["theme_code"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_dialogue_theme_theme_code"), table_name="dialogue_theme")
    op.drop_table("dialogue_theme")
    op.drop_index(op.f("ix_dialogue_country_country_iso2"), table_name="dialogue_country")
    op.drop_table("dialogue_country")
    op.drop_index(op.f("ix_dialogue_corridor_corridor_code"), table_name="dialogue_corridor")
    op.drop_table("dialogue_corridor")
    op.drop_index(op.f("ix_agreement_corridor_code"), table_name="agreement")
    op.drop_table("agreement")
    op.drop_index(op.f("ix_ratification_instrument_code"), table_name="ratification")
    op.drop_table("ratification")
    op.drop_index(op.f("ix_provision_theme_theme_code"), table_name="provision_theme")
    op.drop_table("provision_theme")
    op.drop_index(op.f("ix_programme_item_programme_code"), table_name="programme_item")
    op.drop_index(op.f("ix_programme_item_country_iso2"), table_name="programme_item")
    op.drop_table("programme_item")
    op.drop_index(op.f("ix_programme_country_country_iso2"), table_name="programme_country")
    op.drop_table("programme_country")
    op.drop_index(op.f("ix_dialogue_host_iso2"), table_name="dialogue")
    op.drop_table("dialogue")
    op.drop_table("designation")
    op.drop_index("ix_reference_edit_kind_key", table_name="reference_edit")
    op.drop_table("reference_edit")
    op.drop_index(op.f("ix_programme_theme_theme_code"), table_name="programme_theme")
    op.drop_table("programme_theme")
    op.drop_index(
        op.f("ix_programme_target_group_target_group_code"), table_name="programme_target_group"
    )
    op.drop_table("programme_target_group")
    op.drop_index(op.f("ix_programme_sector_sector_code"), table_name="programme_sector")
    op.drop_table("programme_sector")
    op.drop_table("option")
    op.drop_index(op.f("ix_instrument_theme_theme_code"), table_name="instrument_theme")
    op.drop_table("instrument_theme")
    op.drop_table("status_word")
    op.drop_table("programme")
    op.drop_table("loaded_row")
    op.drop_table("instrument")
