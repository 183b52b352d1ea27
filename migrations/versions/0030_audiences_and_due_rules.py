"""Keep audiences in versions, and by which rule a requirement asks whom and by when."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audience",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audience_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience")),
        sa.UniqueConstraint("organisation_id", "name_key", name=op.f("uq_audience_organisation_id_name_key")),
    )
    op.create_table(
        "audience_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_account_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audience.id"], name=op.f("fk_audience_version_audience_id_audience")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_account_id"], ["account.id"], name=op.f("fk_audience_version_proposed_by_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_account_id"], ["account.id"], name=op.f("fk_audience_version_decided_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_version")),
        sa.UniqueConstraint("audience_id", "number", name=op.f("uq_audience_version_audience_id_number")),
    )
    waiting = sa.text("approved_at IS NULL AND dropped_at IS NULL")
    op.create_index(
        "uq_audience_version_proposed",
        "audience_version",
        ["audience_id"],
        unique=True,
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    with op.batch_alter_table("requirement") as batch:
        batch.add_column(sa.Column("audience_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("due_rule", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(batch.f("fk_requirement_audience_id_audience"), "audience", ["audience_id"], ["id"])
        batch.create_index(batch.f("ix_requirement_audience_id"), ["audience_id"])
    # A row that took the place of another begins when that one ended; all others when they were first asked for.
    op.execute(
        """
        UPDATE requirement SET begins_at = COALESCE(
            (
                SELECT max(earlier.withdrawn_at) FROM requirement AS earlier
                WHERE earlier.organisation_id = requirement.organisation_id
                AND earlier.course_id = requirement.course_id
                AND earlier.asked_at = requirement.asked_at
                AND earlier.id < requirement.id
            ),
            asked_at
        )
        """
    )


def downgrade() -> None:
    with op.batch_alter_table("requirement") as batch:
        batch.drop_index(batch.f("ix_requirement_audience_id"))
        batch.drop_constraint(batch.f("fk_requirement_audience_id_audience"), type_="foreignkey")
        batch.drop_column("begins_at")
        batch.drop_column("due_rule")
        batch.drop_column("audience_id")
    op.drop_table("audience_version")
    op.drop_table("audience")
