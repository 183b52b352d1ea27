"""Runs and zips are tasks as all others are, and need no second row that says so.

What the release before reads and writes stays; its words for a state keep their meaning. Nothing uses these any more,
so the next release drops them: outbox_promise.
"""

# ruff: noqa: S608 - every word in these statements is ours

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NEW = {
    "certificate_run": ("claimed_at", "claimed_by", "claims", "retry_at"),
    "certificate_archive": ("claimed_by", "failures", "retry_at"),
}
_COLUMNS = {
    "claimed_at": lambda: sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
    "claimed_by": lambda: sa.Column("claimed_by", sa.String(length=32), nullable=True),
    "claims": lambda: sa.Column("claims", sa.Integer(), nullable=False, server_default="0"),
    "failures": lambda: sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
    "retry_at": lambda: sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
}


def upgrade() -> None:
    for table, names in _NEW.items():
        for name in names:
            op.add_column(table, _COLUMNS[name]())
    _want_what_was_promised_since()


def downgrade() -> None:
    _say_it_in_old_words()
    _promise_what_is_open()
    for table, names in _NEW.items():
        for name in names:
            op.drop_column(table, name)


def _want_what_was_promised_since() -> None:
    """What code of the release before promised while it still served after migration 0004."""
    kinds = "job IN ('publish-badge-status', 'make-session-packs', 'count-items') AND kept_at IS NULL"
    same = "background_task.kind = outbox_promise.job AND background_task.subject = outbox_promise.subject"
    op.execute(
        "UPDATE background_task SET state = 'pending', claimed_by = NULL, claims = 0, failures = 0, retry_at = NULL,"
        f" failure_reason = NULL, wanted_at = (SELECT made_at FROM outbox_promise WHERE {same})"
        f" WHERE EXISTS (SELECT 1 FROM outbox_promise WHERE {same} AND {kinds} AND made_at > wanted_at)"
    )
    op.execute(
        "INSERT INTO background_task (kind, subject, wanted_at) SELECT job, subject, made_at FROM outbox_promise"
        f" WHERE {kinds} AND NOT EXISTS (SELECT 1 FROM background_task WHERE {same}) ORDER BY id"
    )


def _say_it_in_old_words() -> None:
    op.execute("UPDATE certificate_run SET state = 'running' WHERE state IN ('working', 'failed')")
    op.execute("UPDATE certificate_run SET state = 'paused' WHERE state = 'parked'")
    op.execute("UPDATE certificate_archive SET state = 'pending', tries = 0 WHERE state = 'tried-again'")


def _promise_what_is_open() -> None:
    open_rows = {
        "work-off-certificate-runs": "SELECT id, started_at AS since FROM certificate_run WHERE state = 'running'",
        "make-certificate-archives": (
            "SELECT id, asked_at AS since FROM certificate_archive WHERE state IN ('pending', 'making')"
        ),
    }
    for job, rows in open_rows.items():
        op.execute(f"DELETE FROM outbox_promise WHERE job = '{job}'")
        op.execute(
            "INSERT INTO outbox_promise (job, subject, made_at)"
            f" SELECT '{job}', CAST(id AS VARCHAR(80)), since FROM ({rows}) AS still_open"
        )
