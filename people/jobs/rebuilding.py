"""Makes the terms and absences of jobs anew from the ledger. Nobody else writes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from kernel.database import Base, table_of
from people.jobs.absences import Absence
from people.jobs.changes import EmploymentChange
from people.jobs.employment import Employment
from people.jobs.history import AbsenceSpan, StatedChange, TermsSpan, history_of
from people.jobs.terms import EmploymentTerms

AT_ONCE = 1000

Row = dict[str, Any]
History = tuple[tuple[TermsSpan, ...], tuple[AbsenceSpan, ...]]


def hold_jobs(session: Session, employment_ids: Sequence[int]) -> None:
    """Nobody else writes about these jobs until this transaction ends. All are held in one order, so nobody waits
    crosswise."""
    held = select(Employment.id).where(Employment.id.in_(employment_ids)).order_by(Employment.id)
    session.execute(held.with_for_update(key_share=True)).all()


def rebuild(session: Session, employment_ids: Sequence[int]) -> None:
    """Make what holds for these jobs anew. They are held by ``hold_jobs``.

    What stays as it was is not touched: a day about which nothing new was said keeps what was counted of it.
    """
    said: dict[int, list[StatedChange]] = {key: [] for key in employment_ids}
    change = EmploymentChange
    for key, effective_on, stated_at, values in session.execute(
        select(change.employment_id, change.effective_on, change.stated_at, change.values).where(
            change.employment_id.in_(employment_ids), change.undone_at.is_(None)
        )
    ):
        said[key].append(StatedChange(effective_on, stated_at, values))
    histories = {key: history_of(changes) for key, changes in said.items()}
    for kind, rows in _rows_of(histories):
        _store_changed(session, table_of(kind), employment_ids, rows)
    _say_first_days(session, histories)


def store_histories(session: Session, histories: Mapping[int, History]) -> None:
    """Store the terms and absences of jobs that have none."""
    for kind, rows in _rows_of(histories):
        if rows:
            session.execute(insert(table_of(kind)), rows)


def _rows_of(histories: Mapping[int, History]) -> tuple[tuple[type[Base], list[Row]], ...]:
    terms = [_terms_row(key, span) for key, (spans, _) in histories.items() for span in spans]
    absences = [
        {"employment_id": key, "starts_on": span.starts_on, "ends_on": span.ends_on, "kind": span.kind}
        for key, (_, spans) in histories.items()
        for span in spans
    ]
    return (EmploymentTerms, terms), (Absence, absences)


def _store_changed(session: Session, table: Table, employment_ids: Sequence[int], rows: Sequence[Row]) -> None:
    """Let a table hold these rows of these jobs and no others."""
    wanted = {(row["employment_id"], row["starts_on"]): row for row in rows}
    gone, ended = [], []
    for held in session.execute(select(table).where(table.c.employment_id.in_(employment_ids))).mappings():
        row = wanted.get((held["employment_id"], held["starts_on"]))
        differs = {name for name in row if row[name] != held[name]} if row else set()
        if row is None or differs - {"ends_on"}:
            gone.append(held["id"])
            continue
        del wanted[held["employment_id"], held["starts_on"]]
        if differs:
            ended.append({"row": held["id"], "last": row["ends_on"]})
    for start in range(0, len(gone), AT_ONCE):
        session.execute(delete(table).where(table.c.id.in_(gone[start : start + AT_ONCE])))
    if ended:
        session.execute(update(table).where(table.c.id == bindparam("row")).values(ends_on=bindparam("last")), ended)
    if wanted:
        session.execute(insert(table), list(wanted.values()))


def _terms_row(employment_id: int, span: TermsSpan) -> Row:
    hours = span.terms.hours_per_week
    return {
        **vars(span.terms),
        "employment_id": employment_id,
        "starts_on": span.starts_on,
        "ends_on": span.ends_on,
        "hours_per_week": None if hours is None else float(hours),
    }


def _say_first_days(session: Session, histories: Mapping[int, History]) -> None:
    """A job that is held on no day any more keeps the day that it had."""
    firsts = [{"job": key, "first": spans[0].starts_on} for key, (spans, _) in histories.items() if spans]
    if firsts:
        table = table_of(Employment)
        is_new = (table.c.id == bindparam("job")) & (table.c.starts_on != bindparam("first"))
        session.execute(update(table).where(is_new).values(starts_on=bindparam("first")), firsts)
