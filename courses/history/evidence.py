"""What belongs to nobody yet: rows of applied files that wait for somebody to say whose they are, and which course."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.history.completions import PastCompletion, add_past_completions
from courses.history.known import course_key
from courses.history.known_here import is_evidence_of
from courses.history.plan import Outcome
from courses.history.planning import plan_again
from courses.history.runs import HistoryPage
from courses.history.stored import HistoryCourseName, HistoryRow, HistoryRun, Stage, day_of
from kernel.audit import record
from kernel.errors import NotFound, RuleBroken
from kernel.typed import composed, search_words
from people.jobs.employment import Employment
from people.names.search import FoundPeople, people_named
from people.persons import Person


@dataclass(frozen=True)
class UnknownCourse:
    """What a file calls a course that is not here, and how many of its rows do."""

    called: str
    count: int


def evidence_page(session: Session, *, organisation_id: int, page: int, size: int) -> HistoryPage:
    """One page, counted from 1, of what belongs to nobody; the newest file first."""
    query = (
        select(HistoryRow).join(HistoryRun, HistoryRun.id == HistoryRow.run_id).where(is_evidence_of(organisation_id))
    )
    rows = session.scalars(
        query.order_by(HistoryRow.run_id.desc(), HistoryRow.row_number).limit(size).offset((page - 1) * size)
    ).all()
    return HistoryPage(rows, session.scalar(select(func.count()).select_from(query.subquery())) or 0)


def get_evidence(session: Session, *, row_id: int, organisation_id: int, is_locked: bool = False) -> HistoryRow:
    """One row that belongs to nobody. Raises ``NotFound``, also for one that somebody has matched by now."""
    query = select(HistoryRow).join(HistoryRun, HistoryRun.id == HistoryRow.run_id)
    query = query.where(is_evidence_of(organisation_id), HistoryRow.id == row_id)
    row = session.scalar(query.with_for_update(of=HistoryRow) if is_locked else query)
    if row is None:
        raise NotFound(f"evidence {row_id}")
    return row


def people_meant(session: Session, *, typed: str, organisation_id: int) -> FoundPeople:
    """The people whom somebody means by a name or a payroll number, among all who ever worked for the authority."""
    works_here = select(Employment.person_id).where(Employment.organisation_id == organisation_id)
    by_number = session.scalars(
        works_here.where(Employment.payroll_number == composed(typed)).order_by(Employment.person_id)
    ).all()
    by_name = people_named(session, search_words(typed), only=(Person.id.in_(works_here),))
    return FoundPeople(tuple(dict.fromkeys((*by_number, *by_name.person_ids))), by_name.is_cut)


def match_evidence(
    session: Session, *, row_id: int, organisation_id: int, person_id: int, course_id: int, by: int, now: datetime
) -> None:
    """Say whose it is, and which course it was: it becomes a completion.

    Raises ``NotFound`` for a person who never worked for the authority, and ``RuleBroken`` when the person completed
    the course that very day already.
    """
    row = get_evidence(session, row_id=row_id, organisation_id=organisation_id, is_locked=True)
    works_here = select(Employment.id).where(
        Employment.person_id == person_id, Employment.organisation_id == organisation_id
    )
    if session.scalar(works_here.limit(1)) is None:
        raise NotFound(f"person {person_id} of authority {organisation_id}")
    wanted = PastCompletion(row.id, person_id, course_id, day_of(row))
    made = add_past_completions(session, [wanted], organisation_id=organisation_id, now=now)
    if not made:
        raise RuleBroken("This person’s record says already that they completed this course that day", "person")
    row.outcome, row.person_id, row.course_id = Outcome.MATCHED, person_id, course_id
    row.completion_id, row.undone_at = made[row.id], None
    row.matched_at, row.matched_by_account_id = now, by
    row.said, row.sent, row.problems, row.suggested = {}, [], [], []
    record(
        session,
        action="past-learning-matched",
        subject_type="person",
        subject_id=person_id,
        actor_account_id=by,
        now=now,
        detail={"course": course_id, "history_run": row.run_id},
    )


def unknown_courses(session: Session, *, run_id: int) -> Sequence[UnknownCourse]:
    """The names of courses in a plan that nobody knows, the most frequent first."""
    rows = session.execute(
        select(HistoryRow.said).where(
            HistoryRow.run_id == run_id, HistoryRow.outcome == Outcome.UNMATCHED, HistoryRow.course_id.is_(None)
        )
    )
    found: dict[str, tuple[str, int]] = {}
    for (said,) in rows:
        called = said.get("course", "")
        name, count = found.get(course_key(called), (called, 0))
        found[course_key(called)] = (name, count + 1)
    ordered = sorted(found.values(), key=lambda one: (-one[1], one[0]))
    return [UnknownCourse(*one) for one in ordered]


def name_courses(
    session: Session, *, organisation_id: int, called: Mapping[str, int], run: HistoryRun | None, now: datetime
) -> None:
    """Keep which courses the authority means by names of its own, and plan a run again that is not applied yet.

    Raises ``RuleBroken`` when it is applied by now.
    """
    if run is not None and run.stage is not Stage.PLANNED:
        raise RuleBroken("This file is applied already. Match its evidence by hand")
    for name, course_id in called.items():
        key = course_key(name)
        kept = session.scalar(
            select(HistoryCourseName).where(
                HistoryCourseName.organisation_id == organisation_id, HistoryCourseName.called == key
            )
        )
        if kept is None:
            session.add(HistoryCourseName(organisation_id=organisation_id, called=key, course_id=course_id))
        else:
            kept.course_id = course_id
    session.flush()
    if run is not None:
        plan_again(session, run, now=now)


def sources_of(session: Session, *, completion_ids: Collection[int]) -> Mapping[int, str]:
    """Where completions that a file brought are known from, in the words of that file."""
    if not completion_ids:
        return {}
    rows = session.execute(
        select(HistoryRow.completion_id, HistoryRow.source)
        .where(HistoryRow.completion_id.in_(completion_ids), HistoryRow.source != "")
        .order_by(HistoryRow.id)
    )
    return {completion_id: source for completion_id, source in rows if completion_id is not None}
