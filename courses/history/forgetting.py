"""Rows of past learning that belong to nobody: what they say of somebody goes, and the row stays as a number."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from courses.history.plan import Outcome
from courses.history.stored import HistoryRow, HistoryRun
from kernel.clock import day_bounds
from kernel.database import table_of
from kernel.typed import searchable

_NOBODYS = (Outcome.UNMATCHED, Outcome.UNUSABLE)


def empty_evidence_about(
    session: Session, *, person_id: int, numbers: Mapping[int, Collection[str]], names: Collection[str]
) -> int:
    """Let rows that belong to nobody say nothing of somebody any more; returns how many did.

    ``numbers`` are the payroll numbers of their jobs by authority. A row is theirs that has such a number or their
    very name in a file of such an authority, or that somebody might have matched to them.
    """
    called = {searchable(name) for name in names if name}
    rows = session.execute(
        select(HistoryRow.id, HistoryRow.said, HistoryRow.suggested, HistoryRun.organisation_id)
        .join(HistoryRun, HistoryRun.id == HistoryRow.run_id)
        .where(
            HistoryRow.person_id.is_(None),
            HistoryRow.outcome.in_(_NOBODYS),
            HistoryRun.organisation_id.in_(numbers),
        )
    )
    theirs = []
    for key, said, suggested, organisation_id in rows:
        name, number = said.get("name", ""), said.get("number", "")
        if number in numbers[organisation_id] or (name and searchable(name) in called) or suggested == [person_id]:
            theirs.append(key)
        elif person_id in suggested:
            others = [one for one in suggested if one != person_id]
            session.execute(update(HistoryRow).where(HistoryRow.id == key).values(suggested=others))
    empty_evidence(session, row_ids=theirs)
    return len(theirs)


def evidence_before(day: date) -> Select[int]:
    """The ids of rows that belong to nobody and still say something, of files that were planned before a day."""
    said_at = func.coalesce(HistoryRun.applied_at, HistoryRun.planned_at)
    return (
        select(HistoryRow.id)
        .join(HistoryRun, HistoryRun.id == HistoryRow.run_id)
        .where(
            HistoryRow.person_id.is_(None),
            HistoryRow.outcome.in_(_NOBODYS),
            HistoryRow.is_forgotten.is_(False),
            said_at < day_bounds(day)[0],
        )
    )


def empty_evidence(session: Session, *, row_ids: Sequence[int]) -> None:
    """Let these rows say nothing of anybody: they can be matched no more."""
    table = table_of(HistoryRow)
    values = {"said": {}, "sent": [], "evidence": "", "problems": [], "suggested": [], "is_forgotten": True}
    for start in range(0, len(row_ids), 500):
        session.execute(update(table).where(table.c.id.in_(row_ids[start : start + 500])).values(**values))
