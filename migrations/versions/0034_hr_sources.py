"""Keep where HR files come from by themselves, each look there, and which files were read."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_sources()
    _create_fetches()
    _create_files()
    op.add_column("feed_run", sa.Column("source_id", sa.Integer(), nullable=True))


def _create_sources() -> None:
    op.create_table(
        "feed_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(100), nullable=False),
        sa.Column("secret_kind", sa.String(40), nullable=True),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("host_key", sa.String(2000), nullable=True),
        sa.Column("offered_host_key", sa.String(2000), nullable=True),
        sa.Column("host_key_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host_key_confirmed_by_account_id", sa.Integer(), nullable=True),
        sa.Column("folder", sa.String(500), nullable=False),
        sa.Column("pattern", sa.String(200), nullable=False),
        sa.Column("has_marker", sa.Boolean(), nullable=False),
        sa.Column("mapping_name", sa.String(60), nullable=False),
        sa.Column("holds_everybody", sa.Boolean(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("at_minute", sa.Integer(), nullable=False),
        sa.Column("scheduled_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applies_itself", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_account_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_account_id", sa.Integer(), nullable=True),
        _points_to("feed_source", "organisation_id", "organisation"),
        _points_to("feed_source", "host_key_confirmed_by_account_id", "account"),
        _points_to("feed_source", "made_by_account_id", "account"),
        _points_to("feed_source", "changed_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_source")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_feed_source_organisation_id_name")),
    )


def _create_fetches() -> None:
    op.create_table(
        "feed_fetch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.String(40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_account_id", sa.Integer(), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("file_name", sa.String(255), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(32), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_reason", sa.String(500), nullable=True),
        _points_to("feed_fetch", "source_id", "feed_source"),
        _points_to("feed_fetch", "asked_by_account_id", "account"),
        _points_to("feed_fetch", "run_id", "feed_run"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_fetch")),
        sa.UniqueConstraint("source_id", "wish", "due_at", name=op.f("uq_feed_fetch_source_id_wish_due_at")),
    )
    op.create_index(op.f("ix_feed_fetch_state"), "feed_fetch", ["state"])


def _create_files() -> None:
    op.create_table(
        "feed_source_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        _points_to("feed_source_file", "source_id", "feed_source"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_source_file")),
        sa.UniqueConstraint(
            *("source_id", "name", "size_bytes", "sha256"),
            name=op.f("uq_feed_source_file_source_id_name_size_bytes_sha256"),
        ),
    )


def downgrade() -> None:
    op.drop_column("feed_run", "source_id")
    for table in ("feed_source_file", "feed_fetch", "feed_source"):
        op.drop_table(table)


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
