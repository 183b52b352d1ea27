"""Keep which share of people an authority wants to have finished a course, and by when."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "completion_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_completion_target_percent_is_a_share")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_completion_target_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_completion_target_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_target")),
    )
    op.create_index(
        "uq_completion_target_in_force",
        "completion_target",
        ["organisation_id", "course_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_completion_target_in_force", table_name="completion_target")
    op.drop_table("completion_target")
