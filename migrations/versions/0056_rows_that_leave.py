"""Keep who may download rows about people, why, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "row_download_right",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_row_download_right_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_row_download_right_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_download_right")),
    )
    op.create_index(op.f("ix_row_download_right_account_id"), "row_download_right", ["account_id"])
    op.create_index(op.f("ix_row_download_right_organisation_id"), "row_download_right", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("row_download_right")
