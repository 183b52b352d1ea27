"""What is known of an authority before a file of past learning is planned, read from the database."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from courses.catalogue.versions import Course, CourseVersion
from courses.history.known import Known, KnownCourse, KnownCourses, KnownJob, KnownPeople, Taken, words_said
from courses.history.plan import Outcome
from courses.history.stored import HistoryCourseName, HistoryRow, HistoryRun, Stage, entry_of
from courses.records.completion import Completion
from kernel.clock import local_day
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.persons import Person

_Again, _Later = aliased(HistoryRow), aliased(HistoryRun)


def known_of(session: Session, *, organisation_id: int) -> Known:
    """Everybody who ever had a job with the authority, every course, and who completed what on which day."""
    people = _people(session, organisation_id)
    persons = select(Employment.person_id).where(Employment.organisation_id == organisation_id)
    taken = frozenset(taken_by(session, persons))
    evidence = session.scalars(
        select(HistoryRow).join(HistoryRun, HistoryRun.id == HistoryRow.run_id).where(is_evidence_of(organisation_id))
    )
    kept = frozenset(words_said(entry_of(row)) for row in evidence)
    return Known(people, courses_known(session, organisation_id=organisation_id), taken, kept)


def taken_by(session: Session, person_ids: Collection[int] | Select[int]) -> set[Taken]:
    """What people completed, and on which day; also what was withdrawn, unless a run was undone."""
    rows = session.execute(
        select(Completion.person_id, Completion.course_id, Completion.completed_at).where(
            Completion.person_id.in_(person_ids), ~was_undone()
        )
    )
    return {(person_id, course_id, local_day(at)) for person_id, course_id, at in rows}


def is_evidence_of(organisation_id: int) -> ColumnElement[bool]:
    """The condition on a row and its run that it belongs to nobody, did not come again, and waits to be matched."""
    return and_(
        HistoryRun.organisation_id == organisation_id,
        HistoryRun.stage == Stage.APPLIED,
        HistoryRow.outcome == Outcome.UNMATCHED,
        HistoryRow.is_forgotten.is_(False),
        ~came_again(),
    )


def was_undone() -> ColumnElement[bool]:
    """The condition that a completion came by a run that was undone: it stands in nobody's way.

    One that was withdrawn for another reason does: an import does not bring back what somebody took away.
    """
    undone = select(HistoryRow.completion_id).where(
        HistoryRow.completion_id.is_not(None), HistoryRow.undone_at.is_not(None)
    )
    return Completion.id.in_(undone)


def courses_known(session: Session, *, organisation_id: int) -> KnownCourses:
    """Every course with all of its titles, and what the authority calls them."""
    rows = session.execute(
        select(Course.id, Course.code, Course.slug, CourseVersion.title)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .order_by(Course.id, CourseVersion.number.desc())
    )
    titles: defaultdict[tuple[int, str, str], list[str]] = defaultdict(list)
    for course_id, code, slug, title in rows:
        titles[course_id, code, slug].append(title)
    named = session.execute(
        select(HistoryCourseName.called, HistoryCourseName.course_id)
        .where(HistoryCourseName.organisation_id == organisation_id)
        .order_by(HistoryCourseName.id)
    )
    courses = tuple(KnownCourse(*key, tuple(dict.fromkeys(found))) for key, found in titles.items())
    return KnownCourses(courses, dict(named.all()))


def _people(session: Session, organisation_id: int) -> KnownPeople:
    rows = session.execute(
        select(
            Employment.id,
            Employment.person_id,
            Person.chosen_name,
            Employment.payroll_number,
            EmploymentTerms.starts_on,
            EmploymentTerms.ends_on,
            Person.born_on,
            Person.called,
        )
        .join(Person, Person.id == Employment.person_id)
        .outerjoin(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.organisation_id == organisation_id)
        .order_by(Employment.id, EmploymentTerms.starts_on)
    )
    jobs: dict[int, KnownJob] = {}
    for key, person_id, name, number, starts_on, ends_on, born_on, called in rows:
        # Terms come by their first day: the first of them says when the job began, the last when it ended.
        first_on = jobs[key].first_on if key in jobs else starts_on
        jobs[key] = KnownJob(person_id, name, number, first_on, ends_on, born_on, called or "")
    return KnownPeople(tuple(jobs.values()))


def _settles() -> ColumnElement[bool]:
    """The condition on a later row and its file: it is applied, and took over what the one of before waits for.

    One that cannot be used takes over nothing, nor does one that says the same as one that waits already.
    """
    is_somebodys = and_(_Again.person_id.is_not(None), _Again.course_id.is_not(None))
    return and_(
        _Later.id == _Again.run_id,
        _Later.stage == Stage.APPLIED,
        or_(_Again.outcome == Outcome.UNMATCHED, and_(_Again.outcome != Outcome.UNUSABLE, is_somebodys)),
    )


def came_again() -> ColumnElement[bool]:
    """The condition on a row and its file that it came again in a later one of its authority."""
    return exists().where(
        _Again.again_run_id == HistoryRow.run_id,
        _Again.again_row_number == HistoryRow.row_number,
        _Again.run_id > HistoryRow.run_id,
        _Later.organisation_id == HistoryRun.organisation_id,
        _settles(),
    )


def came_again_in(session: Session, *, row_ids: Collection[int], organisation_id: int) -> Mapping[int, tuple[int, int]]:
    """The file and the row, by their numbers, in which rows came again; of several the newest."""
    rows = session.execute(
        select(HistoryRow.id, _Again.run_id, _Again.row_number)
        .select_from(HistoryRow)
        .join(
            _Again,
            and_(
                _Again.again_run_id == HistoryRow.run_id,
                _Again.again_row_number == HistoryRow.row_number,
                _Again.run_id > HistoryRow.run_id,
            ),
        )
        .join(_Later, _settles())
        .where(HistoryRow.id.in_(row_ids), _Later.organisation_id == organisation_id)
        .order_by(_Again.run_id, _Again.row_number)
    )
    return {key: (run_id, number) for key, run_id, number in rows}
