"""Keep how people come in for the first time: what an authority chose, and rounds of sign-in cards and invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "way_in_choice",
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("usernames", sa.String(length=40), nullable=False),
        sa.Column("prefix", sa.String(length=10), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _points_to("way_in_choice", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_way_in_choice")),
        sa.UniqueConstraint("prefix", name=op.f("uq_way_in_choice_prefix")),
    )
    op.create_table(
        "way_in_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("asked_by_account_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        _points_to("way_in_round", "organisation_id", "organisation"),
        _points_to("way_in_round", "asked_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_way_in_round")),
    )
    op.create_index(op.f("ix_way_in_round_organisation_id"), "way_in_round", ["organisation_id"])
    _create_batches()
    op.add_column("password_reset", sa.Column("batch_id", sa.Integer(), nullable=True))


def _create_batches() -> None:
    op.create_table(
        "way_in_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
        _points_to("way_in_batch", "round_id", "way_in_round"),
        _points_to("way_in_batch", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_way_in_batch")),
    )
    for column in ("round_id", "unit_id", "state"):
        op.create_index(op.f(f"ix_way_in_batch_{column}"), "way_in_batch", [column])
    op.create_table(
        "way_in_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _points_to("way_in_member", "batch_id", "way_in_batch"),
        _points_to("way_in_member", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_way_in_member")),
        sa.UniqueConstraint("batch_id", "person_id", name=op.f("uq_way_in_member_batch_id_person_id")),
    )
    op.create_index(op.f("ix_way_in_member_person_id"), "way_in_member", ["person_id"])


def downgrade() -> None:
    # A link of the release before lasts an hour: what lasts longer would be one of those to it.
    op.execute("UPDATE password_reset SET ends_at = made_at WHERE batch_id IS NOT NULL AND used_at IS NULL")
    op.drop_column("password_reset", "batch_id")
    for table in ("way_in_member", "way_in_batch", "way_in_round", "way_in_choice"):
        op.drop_table(table)


def _points_to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
