"""Let a worker find the people of a round: how far that is, and whom it is for."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is there was begun when it was asked for.
    columns = (
        sa.Column("state", sa.String(length=40), nullable=False, server_default="done"),
        sa.Column("reach_unit_ids", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
    )
    for column in columns:
        op.add_column("way_in_round", column)
    op.create_index(op.f("ix_way_in_round_state"), "way_in_round", ["state"])


def downgrade() -> None:
    op.drop_index(op.f("ix_way_in_round_state"), table_name="way_in_round")
    for column in (
        "failure_reason",
        "retry_at",
        "failures",
        "claims",
        "claimed_by",
        "claimed_at",
        "reach_unit_ids",
        "state",
    ):
        op.drop_column("way_in_round", column)
