"""Keep which records of people were merged, and let a completion go with its person; else it never changes."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEPT = (
    "id", "course_id", "cycle", "course_version_id", "organisation_id", "unit_path", "grade", "completed_at", "source",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_person_id", sa.Integer(), nullable=False),
        sa.Column("merged_person_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("account_switched_off", sa.Integer(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_account_id", sa.Integer(), nullable=True),
        sa.Column("separated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("separated_by_account_id", sa.Integer(), nullable=True),
        _points_to("kept_person_id", "person"),
        _points_to("merged_person_id", "person"),
        _points_to("account_switched_off", "account"),
        _points_to("merged_by_account_id", "account"),
        _points_to("separated_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    for column in ("kept_person_id", "merged_person_id"):
        op.create_index(op.f(f"ix_person_merge_{column}"), "person_merge", [column])
    _protect(KEPT)


def downgrade() -> None:
    _protect(())
    op.drop_table("person_merge")


def _points_to(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_person_merge_{column}_{other}"))


def _protect(kept: tuple[str, ...]) -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute("DROP TRIGGER completion_append_only ON completion")
    else:
        op.execute("DROP TRIGGER completion_no_update")
        op.execute("DROP TRIGGER completion_no_delete")
    for statement in protection_statements("completion", dialect, kept):
        op.execute(statement)
