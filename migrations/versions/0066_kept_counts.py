"""Keep counts of days that are over, and the marks that make them void."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.create_table(
        "closed_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
        sa.UniqueConstraint("until_on", name=op.f("uq_closed_days_until_on")),
    )
    op.create_table(
        "change_of_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_of_past")),
    )
    op.create_index(
        op.f("ix_change_of_past_organisation_id_course_id_since_on"),
        "change_of_past",
        ["organisation_id", "course_id", "since_on"],
    )
    op.create_table(
        "kept_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("of_day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("courses", sa.JSON(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("difference", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kept_count_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_kept_count_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_count")),
        sa.UniqueConstraint(
            "organisation_id",
            "course_id",
            "of_day",
            "by",
            name=op.f("uq_kept_count_organisation_id_course_id_of_day_by"),
        ),
    )
    for table in ("closed_days", "change_of_past"):
        for statement in protection_statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in ("kept_count", "change_of_past", "closed_days"):
        op.drop_table(table)
    if dialect == "postgresql":
        for table in ("closed_days", "change_of_past"):
            op.execute(f"DROP FUNCTION {table}_refuse()")
