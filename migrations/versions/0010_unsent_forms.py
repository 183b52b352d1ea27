"""Keep what somebody sent after their session had ended, sealed, for an hour."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsent_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_unsent_form_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_form")),
    )
    op.create_index(op.f("ix_unsent_form_account_id"), "unsent_form", ["account_id"])
    op.create_index(op.f("ix_unsent_form_kept_at"), "unsent_form", ["kept_at"])


def downgrade() -> None:
    op.drop_table("unsent_form")
