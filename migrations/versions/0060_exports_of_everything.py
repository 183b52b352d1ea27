"""Keep the exports of everything, and for which keys they are encrypted."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_account_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_export_recipient_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_account_id"], ["account.id"], name=op.f("fk_export_recipient_added_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_recipient")),
    )
    op.create_index(op.f("ix_export_recipient_organisation_id"), "export_recipient", ["organisation_id"])
    op.create_table(
        "authority_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("night", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_account_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("files", sa.Integer(), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("storage_key", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "state <> 'done' OR (sha256 IS NOT NULL AND ends_at IS NOT NULL)",
            name=op.f("ck_authority_export_done_has_file"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_authority_export_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_account_id"], ["account.id"], name=op.f("fk_authority_export_asked_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_export")),
        sa.UniqueConstraint("organisation_id", "night", name=op.f("uq_authority_export_organisation_id_night")),
    )
    op.create_index(op.f("ix_authority_export_state"), "authority_export", ["state"])


def downgrade() -> None:
    op.drop_table("authority_export")
    op.drop_table("export_recipient")
