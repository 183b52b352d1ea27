"""Makes the terms and absences of jobs anew from the ledger. Nobody else writes them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from kernel.database import table_of
from people.jobs.absences import Absence
from people.jobs.changes import EmploymentChange
from people.jobs.employment import Employment
from people.jobs.history import AbsenceSpan, StatedChange, TermsSpan, history_of
from people.jobs.terms import EmploymentTerms

AT_ONCE = 1000

History = tuple[tuple[TermsSpan, ...], tuple[AbsenceSpan, ...]]


def hold_jobs(session: Session, employment_ids: Sequence[int]) -> None:
    """Nobody else writes about these jobs until this transaction ends. All are held in one order, so nobody waits
    crosswise."""
    held = select(Employment.id).where(Employment.id.in_(employment_ids)).order_by(Employment.id)
    session.execute(held.with_for_update(key_share=True)).all()


def rebuild(session: Session, employment_ids: Sequence[int]) -> None:
    """Make what holds for these jobs anew. They are held by ``hold_jobs``."""
    for table in (EmploymentTerms, Absence):
        session.execute(delete(table_of(table)).where(table_of(table).c.employment_id.in_(employment_ids)))
    said: dict[int, list[StatedChange]] = defaultdict(list)
    change = EmploymentChange
    for key, effective_on, stated_at, values in session.execute(
        select(change.employment_id, change.effective_on, change.stated_at, change.values).where(
            change.employment_id.in_(employment_ids), change.undone_at.is_(None)
        )
    ):
        said[key].append(StatedChange(effective_on, stated_at, values))
    histories = {key: history_of(changes) for key, changes in said.items()}
    store_histories(session, histories)
    _say_first_days(session, histories)


def store_histories(session: Session, histories: Mapping[int, History]) -> None:
    """Store the terms and absences of jobs that have none."""
    terms = [_terms_row(key, span) for key, (spans, _) in histories.items() for span in spans]
    absences = [
        {"employment_id": key, "starts_on": span.starts_on, "ends_on": span.ends_on, "kind": span.kind}
        for key, (_, spans) in histories.items()
        for span in spans
    ]
    for table, rows in ((EmploymentTerms, terms), (Absence, absences)):
        if rows:
            session.execute(insert(table_of(table)), rows)


def _terms_row(employment_id: int, span: TermsSpan) -> dict[str, Any]:
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
