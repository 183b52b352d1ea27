"""What a job is holds from a day to a day: a ledger of changes, and the terms and absences that follow from it.

The columns of employment that say the same stay for the release before. They may be empty now, and so may no rule be
about them any more; both rules only ever refused what no code wrote.

ck_employment_ends_after_start: no code has leaned on it since 0001
ck_employment_away_has_start: no code has leaned on it since 0001
"""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.clock import utc_now

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_AT_ONCE = 2000
_OLD = {
    "unit_id": sa.Integer(),
    "job_title": sa.String(200),
    "grade": sa.String(40),
    "kind": sa.String(40),
    "is_main": sa.Boolean(),
}
_CHECKS = {
    "ends_after_start": "ends_on IS NULL OR ends_on >= starts_on",
    "away_has_start": "away_until IS NULL OR away_from IS NOT NULL",
}
_TABLES = sa.MetaData()
_EMPLOYMENT = sa.Table(
    "employment",
    _TABLES,
    sa.Column("id", sa.Integer(), primary_key=True),
    *(sa.Column(name, kind) for name, kind in _OLD.items()),
    *(sa.Column(name, sa.Date()) for name in ("starts_on", "ends_on", "away_from", "away_until")),
)


def upgrade() -> None:
    terms, absences, changes = _create_terms(), _create_absences(), _create_changes()
    with op.batch_alter_table("employment") as batch_op:
        for name, kind in _OLD.items():
            batch_op.alter_column(name, existing_type=kind, nullable=True)
        for name in _CHECKS:
            batch_op.drop_constraint(op.f(f"ck_employment_{name}"), type_="check")
    _fill(terms, absences, changes)


def _create_terms() -> sa.Table:
    table = op.create_table(
        "employment_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employment_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("hours_per_week", sa.Numeric(precision=5, scale=2, asdecimal=False), nullable=True),
        sa.Column("contract", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_employment_terms_ends_after_start")
        ),
        sa.CheckConstraint(
            "manager_id IS NULL OR manager_id <> employment_id", name=op.f("ck_employment_terms_manages_others")
        ),
        _points_to("employment_terms", "employment_id", "employment"),
        _points_to("employment_terms", "manager_id", "employment"),
        _points_to("employment_terms", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_terms")),
        sa.UniqueConstraint("employment_id", "starts_on", name=op.f("uq_employment_terms_employment_id_starts_on")),
    )
    for column in ("unit_id", "manager_id"):
        op.create_index(op.f(f"ix_employment_terms_{column}"), "employment_terms", [column])
    return table


def _create_absences() -> sa.Table:
    return op.create_table(
        "employment_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employment_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_employment_absence_ends_after_start")
        ),
        _points_to("employment_absence", "employment_id", "employment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_absence")),
        sa.UniqueConstraint("employment_id", "starts_on", name=op.f("uq_employment_absence_employment_id_starts_on")),
    )


def _create_changes() -> sa.Table:
    table = op.create_table(
        "employment_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employment_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_account_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_account_id", sa.Integer(), nullable=True),
        _points_to("employment_change", "actor_account_id", "account"),
        _points_to("employment_change", "employment_id", "employment"),
        _points_to("employment_change", "undone_by_account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_change")),
    )
    op.create_index(op.f("ix_employment_change_employment_id"), "employment_change", ["employment_id"])
    op.create_index(op.f("ix_employment_change_origin_run_id"), "employment_change", ["origin", "run_id"])
    return table


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _fill(terms: sa.Table, absences: sa.Table, changes: sa.Table) -> None:
    """Say of every job what its columns say, in the form of the ledger."""
    connection, now, last = op.get_bind(), utc_now(), 0
    while jobs := connection.execute(
        sa.select(_EMPLOYMENT).where(_EMPLOYMENT.c.id > last).order_by(_EMPLOYMENT.c.id).limit(_AT_ONCE)
    ).all():
        last = jobs[-1].id
        _insert(terms, [_terms(job) for job in jobs])
        _insert(absences, [row for job in jobs for row in _absences(job)])
        _insert(
            changes, [{**_UNDONE, **row, "stated_at": now, "recorded_at": now} for job in jobs for row in _said(job)]
        )


_UNDONE = {"origin": "migration", "is_correction": False, "reason": ""}


def _insert(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        op.bulk_insert(table, rows)


def _terms(job: Any) -> dict[str, Any]:
    said = {name: getattr(job, name) for name in (*_OLD, "starts_on", "ends_on")}
    return {"employment_id": job.id, "contract": "", "site": "", **said}


def _absences(job: Any) -> list[dict[str, Any]]:
    if job.away_from is None:
        return []
    starts_on = max(job.away_from, job.starts_on)
    ends_on = min(job.away_until or date.max, job.ends_on or date.max)
    if ends_on < starts_on:
        return []
    last = None if ends_on == date.max else ends_on
    return [{"employment_id": job.id, "starts_on": starts_on, "ends_on": last, "kind": "long-leave"}]


def _said(job: Any) -> list[dict[str, Any]]:
    said: list[tuple[date, dict[str, Any]]] = [(job.starts_on, {"held": True, **{n: getattr(job, n) for n in _OLD}})]
    if job.away_from is not None:
        said.append((job.away_from, {"away": "long-leave"}))
        said += [(day, {"away": None}) for day in _after(job.away_until)]
    said += [(day, {"held": False}) for day in _after(job.ends_on)]
    return [{"employment_id": job.id, "effective_on": day, "values": values} for day, values in said]


def _after(day: date | None) -> list[date]:
    return [] if day is None or day == date.max else [day + timedelta(days=1)]


def downgrade() -> None:
    _say_it_in_old_columns()
    for table in ("employment_change", "employment_absence", "employment_terms"):
        op.drop_table(table)
    op.execute("DELETE FROM employment WHERE unit_id IS NULL")
    with op.batch_alter_table("employment") as batch_op:
        for name, kind in _OLD.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        for name, rule in _CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_employment_{name}"), rule)


def _say_it_in_old_columns() -> None:
    """The newest terms and the newest absence of each job. A job that was taken back is held by nobody, and goes."""
    newest = (
        "FROM employment_{0} AS newest WHERE newest.employment_id = employment.id"
        " AND NOT EXISTS (SELECT 1 FROM employment_{0} AS later"
        " WHERE later.employment_id = newest.employment_id AND later.starts_on > newest.starts_on)"
    )
    terms, absence = newest.format("terms"), newest.format("absence")
    for name in (*_OLD, "ends_on"):
        op.execute(f"UPDATE employment SET {name} = (SELECT newest.{name} {terms})")  # noqa: S608 - our own words
    for name, other in (("away_from", "starts_on"), ("away_until", "ends_on")):
        op.execute(f"UPDATE employment SET {name} = (SELECT newest.{other} {absence})")  # noqa: S608 - our own words
    op.execute("UPDATE employment SET away_until = NULL WHERE away_from IS NULL")
