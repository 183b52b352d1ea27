"""Keep each HR file as a run with what it does, and from which shares on the files of an authority stop."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_SHARES = ("leavers", "moves", "joiners", "changed_keys", "moved_emails")


def upgrade() -> None:
    _create_settings()
    _create_runs()
    _create_items()


def _create_settings() -> None:
    op.create_table(
        "feed_settings",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        *(sa.Column(f"{name}_percent", sa.Integer(), nullable=False) for name in _SHARES),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_account_id", sa.Integer(), nullable=True),
        *(
            sa.CheckConstraint(f"{name}_percent BETWEEN 0 AND 100", name=op.f(f"ck_feed_settings_{name}_is_a_share"))
            for name in _SHARES
        ),
        _points_to("feed_settings", "organisation_id", "organisation"),
        _points_to("feed_settings", "changed_by_account_id", "account"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_feed_settings")),
    )


def _create_runs() -> None:
    op.create_table(
        "feed_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("mapping_id", sa.Integer(), nullable=True),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_key", sa.String(200), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_account_id", sa.Integer(), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("is_stopped", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("state_digest", sa.String(64), nullable=False),
        sa.Column("plan_digest", sa.String(64), nullable=False),
        sa.Column("choice", sa.String(40), nullable=True),
        sa.Column("decided_by_account_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applies_on", sa.Date(), nullable=True),
        sa.Column("handled", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_to_undo", sa.Boolean(), nullable=False),
        sa.Column("undone_by_account_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("open_key", sa.String(80), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(32), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_reason", sa.String(500), nullable=True),
        _points_to("feed_run", "organisation_id", "organisation"),
        _points_to("feed_run", "planned_by_account_id", "account"),
        _points_to("feed_run", "decided_by_account_id", "account"),
        _points_to("feed_run", "undone_by_account_id", "account"),
        _points_to("feed_run", "replaced_by_id", "feed_run"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_run")),
        sa.UniqueConstraint("open_key", name=op.f("uq_feed_run_open_key")),
    )
    op.create_index(op.f("ix_feed_run_organisation_id"), "feed_run", ["organisation_id"])


def _create_items() -> None:
    op.create_table(
        "feed_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("is_move", sa.Boolean(), nullable=False),
        sa.Column("is_rename", sa.Boolean(), nullable=False),
        sa.Column("employment_id", sa.Integer(), nullable=True),
        sa.Column("payroll_number", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("is_skipped", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        _points_to("feed_item", "run_id", "feed_run"),
        _points_to("feed_item", "employment_id", "employment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_item")),
        sa.UniqueConstraint("run_id", "place", name=op.f("uq_feed_item_run_id_place")),
    )
    op.create_index(op.f("ix_feed_item_run_id_kind"), "feed_item", ["run_id", "kind"])
    op.create_index(op.f("ix_feed_item_employment_id"), "feed_item", ["employment_id"])


def downgrade() -> None:
    for table in ("feed_item", "feed_run", "feed_settings"):
        op.drop_table(table)


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
