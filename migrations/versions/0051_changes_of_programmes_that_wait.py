"""Let a change of the steps of a programme wait until somebody has approved or dropped it."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

WAITS = "approved_at IS NULL AND dropped_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "programme_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_account_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_proposal_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_account_id"],
            ["account.id"],
            name=op.f("fk_programme_proposal_proposed_by_account_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_account_id"], ["account.id"], name=op.f("fk_programme_proposal_decided_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_proposal")),
    )
    op.create_index(
        "uq_programme_proposal_waiting",
        "programme_proposal",
        ["programme_id"],
        unique=True,
        postgresql_where=sa.text(WAITS),
        sqlite_where=sa.text(WAITS),
    )


def downgrade() -> None:
    op.drop_index("uq_programme_proposal_waiting", table_name="programme_proposal")
    op.drop_table("programme_proposal")
