"""Keep how completions were put right, and what counts in their place."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "completion_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column("replacement_id", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amended_by_account_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["amended_by_account_id"],
            ["account.id"],
            name=op.f("fk_completion_amendment_amended_by_account_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completion.id"], name=op.f("fk_completion_amendment_completion_id_completion")
        ),
        sa.ForeignKeyConstraint(
            ["replacement_id"], ["completion.id"], name=op.f("fk_completion_amendment_replacement_id_completion")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_account_id"], ["account.id"], name=op.f("fk_completion_amendment_undone_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_amendment")),
    )
    op.create_index(op.f("ix_completion_amendment_replacement_id"), "completion_amendment", ["replacement_id"])
    op.create_index(
        "uq_completion_amendment_holds",
        "completion_amendment",
        ["completion_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
        sqlite_where=sa.text("undone_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("completion_amendment")
