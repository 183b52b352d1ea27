"""Keep files of past learning, their rows, what an authority calls its courses, and when people were born."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_RUN, _ROW, _NAME = "history_run", "history_row", "history_course_name"


def upgrade() -> None:
    op.add_column("person", sa.Column("born_on", sa.Date(), nullable=True))
    op.create_table(
        _RUN,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("how_read", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_account_id", sa.Integer(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "planned",
                "applying",
                "applied",
                "undoing",
                "undone",
                "discarded",
                name="stage",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted_by_account_id", sa.Integer(), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("handled_id", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(32), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_reason", sa.String(500), nullable=True),
        _points_to(_RUN, "organisation_id", "organisation"),
        _points_to(_RUN, "planned_by_account_id", "account"),
        _points_to(_RUN, "wanted_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_run")),
    )
    op.create_index(op.f("ix_history_run_organisation_id"), _RUN, ["organisation_id"])
    _create_rows()
    op.create_table(
        _NAME,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("called", sa.String(400), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        _points_to(_NAME, "organisation_id", "organisation"),
        _points_to(_NAME, "course_id", "course"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_course_name")),
        sa.UniqueConstraint("organisation_id", "called", name=op.f("uq_history_course_name_organisation_id_called")),
    )


def _create_rows() -> None:
    op.create_table(
        _ROW,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "matched",
                "already-there",
                "repeated",
                "unmatched",
                "unusable",
                name="outcome",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("evidence", sa.String(500), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("suggested", sa.JSON(), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("matched_by_account_id", sa.Integer(), nullable=True),
        _points_to(_ROW, "run_id", _RUN),
        _points_to(_ROW, "person_id", "person"),
        _points_to(_ROW, "course_id", "course"),
        _points_to(_ROW, "completion_id", "completion"),
        _points_to(_ROW, "matched_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_row")),
    )
    op.create_index(op.f("ix_history_row_run_id_outcome"), _ROW, ["run_id", "outcome"])
    op.create_index(op.f("ix_history_row_person_id"), _ROW, ["person_id"])
    op.create_index(op.f("ix_history_row_completion_id"), _ROW, ["completion_id"])


def downgrade() -> None:
    for table in (_NAME, _ROW, _RUN):
        op.drop_table(table)
    op.drop_column("person", "born_on")


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
