"""Keep what is done for many people at once, and time that was given without being asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "time_given",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_account_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_time_given_person_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_time_given_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_time_given_course_id_course")),
        sa.ForeignKeyConstraint(
            ["given_by_account_id"], ["account.id"], name=op.f("fk_time_given_given_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_given")),
    )
    op.create_index(op.f("ix_time_given_person_id"), "time_given", ["person_id"])
    op.create_index(op.f("ix_time_given_organisation_id_course_id"), "time_given", ["organisation_id", "course_id"])
    op.create_table(
        "act_for_many",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(length=800), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("started_by_account_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taking_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_account_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_act_for_many_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_act_for_many_course_id_course")),
        sa.ForeignKeyConstraint(
            ["started_by_account_id"], ["account.id"], name=op.f("fk_act_for_many_started_by_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by_account_id"], ["account.id"], name=op.f("fk_act_for_many_taken_back_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_for_many")),
    )
    op.create_index(op.f("ix_act_for_many_organisation_id"), "act_for_many", ["organisation_id"])
    op.create_table(
        "act_for_many_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["act_id"], ["act_for_many.id"], name=op.f("fk_act_for_many_person_act_id_act_for_many")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_act_for_many_person_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act_for_many_person")),
        sa.UniqueConstraint("act_id", "person_id", name=op.f("uq_act_for_many_person_act_id_person_id")),
    )
    op.create_index(op.f("ix_act_for_many_person_act_id_outcome"), "act_for_many_person", ["act_id", "outcome"])
    op.create_index(op.f("ix_act_for_many_person_person_id"), "act_for_many_person", ["person_id"])


def downgrade() -> None:
    op.drop_table("act_for_many_person")
    op.drop_table("act_for_many")
    op.drop_table("time_given")
