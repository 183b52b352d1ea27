"""Keep which version corrects which, and the attempts that were moved for it. Both are only ever added to."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLES = ("course_correction", "attempt_move")


def upgrade() -> None:
    op.create_table(
        "course_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("corrects_version_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_account_id", sa.Integer(), nullable=True),
        _points_to("course_correction", "course_version_id", "course_version"),
        _points_to("course_correction", "corrects_version_id", "course_version"),
        _points_to("course_correction", "made_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_correction")),
        sa.UniqueConstraint(
            "course_version_id",
            "corrects_version_id",
            name=op.f("uq_course_correction_course_version_id_corrects_version_id"),
        ),
    )
    op.create_table(
        "attempt_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=False),
        sa.Column("raised", sa.JSON(), nullable=False),
        sa.Column("sittings", sa.JSON(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        _points_to("attempt_move", "attempt_id", "attempt"),
        _points_to("attempt_move", "correction_id", "course_correction"),
        _points_to("attempt_move", "from_version_id", "course_version"),
        _points_to("attempt_move", "to_version_id", "course_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_move")),
        sa.UniqueConstraint("attempt_id", "correction_id", name=op.f("uq_attempt_move_attempt_id_correction_id")),
    )
    for column in ("correction_id", "from_version_id", "to_version_id"):
        op.create_index(op.f(f"ix_attempt_move_{column}"), "attempt_move", [column])
    dialect = op.get_bind().dialect.name
    for table in _TABLES:
        for statement in protection_statements(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_refuse()")


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
