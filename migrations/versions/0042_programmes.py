"""Keep programmes, ask for them like courses, and let a shorter course renew a completion."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_programme_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_programme_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("course_id", name=op.f("uq_programme_course_id")),
    )
    op.create_index(op.f("ix_programme_organisation_id"), "programme", ["organisation_id"])
    op.create_table(
        "programme_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_version_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_account_id"], ["account.id"], name=op.f("fk_programme_version_made_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_version")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_programme_version_programme_id_number")),
    )
    op.create_table(
        "programme_route",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_version_id", sa.Integer(), nullable=False),
        sa.Column("step_number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_version_id"],
            ["programme_version.id"],
            name=op.f("fk_programme_route_programme_version_id_programme_version"),
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_programme_route_course_id_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_route")),
        sa.UniqueConstraint(
            "programme_version_id",
            "step_number",
            "place",
            name=op.f("uq_programme_route_programme_version_id_step_number_place"),
        ),
        sa.UniqueConstraint(
            "programme_version_id",
            "step_number",
            "course_id",
            name=op.f("uq_programme_route_programme_version_id_step_number_course_id"),
        ),
    )
    for table in ("programme_version", "programme_route"):
        for statement in protection_statements(table, op.get_bind().dialect.name):
            op.execute(statement)
    with op.batch_alter_table("requirement") as batch:
        batch.add_column(sa.Column("programme_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("refresher_course_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("refresher_months", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_requirement_programme_id_programme"), "programme", ["programme_id"], ["id"])
        batch.create_foreign_key(
            op.f("fk_requirement_refresher_course_id_course"), "course", ["refresher_course_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("requirement") as batch:
        batch.drop_constraint(op.f("fk_requirement_refresher_course_id_course"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_requirement_programme_id_programme"), type_="foreignkey")
        batch.drop_column("refresher_months")
        batch.drop_column("refresher_course_id")
        batch.drop_column("programme_id")
    for table in ("programme_route", "programme_version"):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION IF EXISTS {table}_refuse()")
    op.drop_table("programme")
