"""Keep policies, actions and schedules of reports."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_GROWING = ("equality_policy", "equality_action", "equality_action_end")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    _evidence()
    op.create_table(
        "report_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("told_by", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("rhythm", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_account_id", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_reason", sa.String(length=40), nullable=True),
        sa.CheckConstraint("day BETWEEN 1 AND 28", name=op.f("ck_report_schedule_day_is_in_every_month")),
        _to("report_schedule", "organisation_id", "organisation"),
        _to("report_schedule", "course_id", "course"),
        _to("report_schedule", "made_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedule")),
    )
    op.create_index(
        op.f("ix_report_schedule_organisation_id_stopped_at"), "report_schedule", ["organisation_id", "stopped_at"]
    )
    op.create_table(
        "report_recipient",
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        _to("report_recipient", "schedule_id", "report_schedule"),
        _to("report_recipient", "account_id", "account"),
        sa.PrimaryKeyConstraint("schedule_id", "account_id", name=op.f("pk_report_recipient")),
    )


def _evidence() -> None:
    op.create_table(
        "equality_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("worded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worded_by_account_id", sa.Integer(), nullable=True),
        _to("equality_policy", "organisation_id", "organisation"),
        _to("equality_policy", "worded_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equality_policy")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_equality_policy_organisation_id_number")),
    )
    op.create_table(
        "equality_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_account_id", sa.Integer(), nullable=True),
        _to("equality_action", "organisation_id", "organisation"),
        _to("equality_action", "added_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equality_action")),
    )
    op.create_index(
        op.f("ix_equality_action_organisation_id_decided_on"), "equality_action", ["organisation_id", "decided_on"]
    )
    op.create_table(
        "equality_action_end",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("of_day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_account_id", sa.Integer(), nullable=True),
        _to("equality_action_end", "action_id", "equality_action"),
        _to("equality_action_end", "noted_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equality_action_end")),
        sa.UniqueConstraint("action_id", name=op.f("uq_equality_action_end_action_id")),
    )
    for table in _GROWING:
        for statement in protection_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("report_recipient")
    op.drop_table("report_schedule")
    for table in reversed(_GROWING):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_refuse()")
