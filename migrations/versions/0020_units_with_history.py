"""Units have a history: what they were called and where they stood, and the reorganisations that changed it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reorganisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_account_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_account_id", sa.Integer(), nullable=True),
        _points_to("reorganisation", "organisation_id", "organisation"),
        _points_to("reorganisation", "actor_account_id", "account"),
        _points_to("reorganisation", "undone_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation")),
    )
    op.create_index(
        op.f("ix_reorganisation_organisation_id_effective_on"), "reorganisation", ["organisation_id", "effective_on"]
    )
    op.create_index(op.f("ix_reorganisation_state"), "reorganisation", ["state"])
    op.create_table(
        "unit_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=620), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        _points_to("unit_period", "unit_id", "unit"),
        _points_to("unit_period", "parent_id", "unit"),
        _points_to("unit_period", "begun_by_id", "reorganisation"),
        _points_to("unit_period", "ended_by_id", "reorganisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_period")),
        sa.UniqueConstraint("unit_id", "starts_on", name=op.f("uq_unit_period_unit_id_starts_on")),
    )
    for column in ("parent_id", "begun_by_id", "ended_by_id"):
        op.create_index(op.f(f"ix_unit_period_{column}"), "unit_period", [column])
    op.add_column("unit", sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("unit") as batch_op:
        batch_op.drop_column("is_open")
    op.drop_table("unit_period")
    op.drop_table("reorganisation")


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
