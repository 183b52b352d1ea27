"""Keep the time that managers plan for people of their team."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_hour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("uid", sa.String(length=60), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("planned_by_account_id", sa.Integer(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_planned_hour_person_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_planned_hour_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_planned_hour_course_id_course")),
        sa.ForeignKeyConstraint(
            ["planned_by_account_id"], ["account.id"], name=op.f("fk_planned_hour_planned_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_hour")),
        sa.UniqueConstraint("uid", name=op.f("uq_planned_hour_uid")),
    )
    op.create_index(op.f("ix_planned_hour_person_id_starts_at"), "planned_hour", ["person_id", "starts_at"])


def downgrade() -> None:
    op.drop_table("planned_hour")
