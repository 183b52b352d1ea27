"""One row for each task: what is to be done stands in the row that it is about.

Nothing is taken from the code of the release before, which may run on while this one starts: what it reads and writes
stays, and the next release drops it (see docs/running.md).
"""

# ruff: noqa: S608 - every word in these statements is ours

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATES = ("pending", "working", "failed", "parked", "paused", "done", "cancelled")
_MOMENT = sa.DateTime(timezone=True)


def _state() -> sa.Column:
    kind = sa.Enum(*STATES, name="taskstate", native_enum=False, length=40)
    return sa.Column("state", kind, nullable=False, server_default="pending")


def _claimed_by() -> sa.Column:
    return sa.Column("claimed_by", sa.String(length=32), nullable=True)


def _machine() -> tuple[sa.Column, ...]:
    return (
        sa.Column("claimed_at", _MOMENT, nullable=True),
        _claimed_by(),
        sa.Column("claims", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("retry_at", _MOMENT, nullable=True),
    )


def upgrade() -> None:
    op.add_column("certificate", _claimed_by())
    _create_derived_files()
    _extend_badges()
    _create_background_tasks()


def downgrade() -> None:
    _promise_what_is_wanted()
    op.drop_table("background_task")
    for name in ("state", "claimed_at", "claimed_by", "claims", "failures", "retry_at"):
        op.drop_column("badge", name)
    _drop_derived_files()
    op.drop_column("certificate", "claimed_by")
    _promise_what_is_open()


_LOST_FILE = "fk_certificate_lost_file_derived_file_id_certificate_derived_file"
# What a large print or a preview says, in both tables.
_SAID = (
    "id, kind, certificate_id, organisation_id, document, asked_by_account_id, asked_at, ready_at, failure_reason,"
    " storage_key, sha256, size_bytes, made_with, signing_key_id, has_time_stamp"
)


def _create_derived_files() -> None:
    table = "certificate_derived_file"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("large-print", "preview", name="derivedkind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("asked_by_account_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        _state(),
        sa.Column("ready_at", _MOMENT, nullable=True),
        sa.Column("storage_key", sa.String(length=120), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("made_with", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("signing_key_id", sa.Integer(), nullable=True),
        sa.Column("has_time_stamp", sa.Boolean(), nullable=False),
        *_machine(),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(kind = 'large-print' AND certificate_id IS NOT NULL AND document IS NULL)"
            " OR (kind = 'preview' AND organisation_id IS NOT NULL AND document IS NOT NULL)",
            name=op.f(f"ck_{table}_belongs_to_something"),
        ),
        sa.ForeignKeyConstraint(["asked_by_account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["signing_key_id"], ["certificate_signing_key.id"]),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in ("certificate_id", "sha256", "state"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    state = (
        "CASE WHEN ready_at IS NOT NULL THEN 'done' WHEN failure_reason IS NOT NULL THEN 'parked' ELSE 'pending' END"
    )
    op.execute(f"INSERT INTO {table} ({_SAID}, state) SELECT {_SAID}, {state} FROM certificate_extra ORDER BY id")
    _go_on_counting(table)
    with op.batch_alter_table("certificate_lost_file") as batch:
        batch.add_column(sa.Column("derived_file_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(_LOST_FILE), table, ["derived_file_id"], ["id"])
    op.execute("UPDATE certificate_lost_file SET derived_file_id = extra_id")


def _drop_derived_files() -> None:
    op.execute("UPDATE certificate_lost_file SET extra_id = NULL")
    op.execute("DELETE FROM certificate_extra")
    op.execute(f"INSERT INTO certificate_extra ({_SAID}) SELECT {_SAID} FROM certificate_derived_file ORDER BY id")
    # Tried again by itself: there is no such thing there.
    op.execute(
        "UPDATE certificate_extra SET failure_reason = NULL WHERE id IN"
        " (SELECT id FROM certificate_derived_file WHERE state IN ('pending', 'working', 'failed'))"
    )
    _go_on_counting("certificate_extra")
    op.execute("UPDATE certificate_lost_file SET extra_id = derived_file_id")
    with op.batch_alter_table("certificate_lost_file") as batch:
        batch.drop_constraint(op.f(_LOST_FILE), type_="foreignkey")
        batch.drop_column("derived_file_id")
    op.drop_table("certificate_derived_file")


def _extend_badges() -> None:
    for column in (_state(), *_machine()):
        op.add_column("badge", column)
    op.execute(
        "UPDATE badge SET state = CASE WHEN made_at IS NOT NULL THEN 'done' WHEN ended_at IS NOT NULL THEN 'cancelled'"
        " WHEN failure_reason IS NOT NULL THEN 'parked' ELSE 'pending' END"
    )


# What has no row of its own: wanted again and again, or a file that only a digest names.
_KINDS = "('publish-badge-status', 'make-session-packs', 'count-items')"


def _create_background_tasks() -> None:
    table = "background_task"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("wanted_at", _MOMENT, nullable=False),
        _state(),
        *_machine(),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("kind", "subject", name=op.f(f"uq_{table}_kind_subject")),
    )
    op.execute(
        f"INSERT INTO {table} (kind, subject, wanted_at) SELECT job, subject, made_at FROM outbox_promise"
        f" WHERE kept_at IS NULL AND job IN {_KINDS} ORDER BY id"
    )


def _promise_what_is_wanted() -> None:
    op.execute(f"DELETE FROM outbox_promise WHERE job IN {_KINDS}")
    op.execute(
        "INSERT INTO outbox_promise (job, subject, made_at) SELECT kind, subject, wanted_at FROM background_task"
        " WHERE state NOT IN ('done', 'cancelled') ORDER BY id"
    )


def _go_on_counting(table: str) -> None:
    """Rows that were copied with their ids leave PostgreSQL's sequence behind."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), COALESCE(max(id), 1), max(id) IS NOT NULL)"
            f" FROM {table}"
        )


def _promise_what_is_open() -> None:
    """Promise anew what the release before would otherwise not look for."""
    open_rows = {
        "render-certificates": "SELECT id, issued_at AS since FROM certificate WHERE state <> 'ready'",
        "render-certificate-extras": (
            "SELECT id, asked_at AS since FROM certificate_extra WHERE ready_at IS NULL AND failure_reason IS NULL"
        ),
        "sign-badges": (
            "SELECT id, asked_at AS since FROM badge"
            " WHERE made_at IS NULL AND failure_reason IS NULL AND ended_at IS NULL"
        ),
    }
    for job, rows in open_rows.items():
        op.execute(f"DELETE FROM outbox_promise WHERE job = '{job}'")
        op.execute(
            "INSERT INTO outbox_promise (job, subject, made_at)"
            f" SELECT '{job}', CAST(id AS VARCHAR(80)), since FROM ({rows}) AS still_open"
        )
