"""Counting a portion of people in both ways, and naming each difference.

One way is that of explanations, lists of late people and reminders: ``asked_of``, person by person. The other is that
of figures, in sets of the database, or for programmes and shorter courses one day after the other; and for who is
asked, the ledger of jobs and the rule without a database.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import Known, end_of, look_up
from assignments.audiences.rules import courses_needed
from assignments.checking.day_by_day import finished_day_by_day
from assignments.checking.found import Cause, Found
from assignments.checking.plainly import PlainJob, fits, jobs_whose_terms_differ, spans_by_ledger
from assignments.exemptions.record import Exemption, exempt_people
from assignments.plans import Plan, plans_on
from assignments.requirements import Requirement
from assignments.standing.people_asked import Asked, asked_of
from assignments.valid_on import is_valid
from courses.acceptance.refusing import counts_at
from courses.catalogue.versions import titles_of
from courses.records.completion import Completion, is_standing
from people.jobs.employment import Employment
from people.jobs.history import TermsSpan
from people.jobs.terms import EmploymentTerms

PORTION = 500


@dataclass(frozen=True)
class Ways:
    """What all portions of one authority share on a day."""

    organisation_id: int
    on: date
    plans: tuple[Plan, ...]
    known: Known
    titles: dict[int, str]


def ways_of(session: Session, *, organisation_id: int, on: date) -> Ways:
    """What is asked at an authority, and what its rules need."""
    plans = plans_on(session, Requirement.organisation_id == organisation_id, on=on)
    rules = [plan.rule for plan in plans]
    known = look_up(session, rules, organisation_id=organisation_id, on=on)
    titles = titles_of(session, course_ids=[one.course_id for one in plans])
    return Ways(organisation_id, on, plans, known, titles)


def next_people(session: Session, ways: Ways, *, after: int) -> Sequence[int]:
    """The next people at the authority, by id; none at the end."""
    return session.scalars(
        select(Employment.person_id)
        .where(Employment.organisation_id == ways.organisation_id, Employment.person_id > after)
        .distinct()
        .order_by(Employment.person_id)
        .limit(PORTION)
    ).all()


def compare(session: Session, ways: Ways, people: Sequence[int]) -> Found:
    """Both ways for these people, who are next to each other by id."""
    jobs = session.scalars(
        select(Employment)
        .where(Employment.organisation_id == ways.organisation_id, Employment.person_id.in_(people))
        .order_by(Employment.id)
    ).all()
    spans = spans_by_ledger(session, [one.id for one in jobs])
    differ = jobs_whose_terms_differ(session, jobs, spans)
    differences = [
        (Cause.JOB.value, f"Job {one.id} of person {one.person_id} is stored otherwise than its history says.")
        for one in differ
    ]
    plain = _plain_jobs(session, ways, jobs, spans)
    one_way = {
        (one.person_id, one.plan.requirement_id): one
        for one in asked_of(session, ways.plans, on=ways.on, person_ids=people, with_exempt=True)
    }
    known_causes = {one.person_id for one in differ}
    for plan in ways.plans:
        for cause, person_id, words in _differences(session, ways, plan, people, plain, one_way):
            # A job that is stored wrongly is the cause of whatever else is wrong about its person.
            if person_id not in known_causes:
                differences.append((cause.value, f"Person {person_id}, {ways.titles[plan.course_id]}: {words}."))
    return Found(len(people), len(people) * len(ways.plans), tuple(differences))


def _plain_jobs(
    session: Session, ways: Ways, jobs: Sequence[Employment], spans: dict[int, tuple[TermsSpan, ...]]
) -> dict[int, list[PlainJob]]:
    """By person, the jobs that they hold on the day by their ledgers."""
    on, people = ways.on, {one.person_id for one in jobs}
    needed = frozenset[int]().union(*(courses_needed(plan.rule) for plan in ways.plans))
    completed: defaultdict[int, set[int]] = defaultdict(set)
    for person_id, course_id in session.execute(
        select(Completion.person_id, Completion.course_id).where(
            Completion.course_id.in_(needed),
            Completion.person_id.in_(people),
            Completion.completed_at < end_of(on),
            is_standing(),
        )
    ):
        completed[person_id].add(course_id)
    managing = set(
        session.scalars(
            select(EmploymentTerms.manager_id).where(
                EmploymentTerms.manager_id.in_([one.id for one in jobs]),
                EmploymentTerms.starts_on <= on,
                EmploymentTerms.ends_on.is_(None) | (EmploymentTerms.ends_on >= on),
            )
        )
    )
    found: defaultdict[int, list[PlainJob]] = defaultdict(list)
    for job in jobs:
        its = spans.get(job.id, ())
        held = next((one for one in its if one.starts_on <= on and (one.ends_on is None or on <= one.ends_on)), None)
        if held is not None:
            found[job.person_id].append(
                PlainJob(
                    employment_id=job.id,
                    person_id=job.person_id,
                    organisation_id=job.organisation_id,
                    payroll_number=job.payroll_number,
                    first_day=its[0].starts_on,
                    terms=held.terms,
                    manages=job.id in managing,
                    completed=frozenset(completed[job.person_id]),
                )
            )
    return found


def _differences(
    session: Session,
    ways: Ways,
    plan: Plan,
    people: Sequence[int],
    plain: dict[int, list[PlainJob]],
    one_way: dict[tuple[int, int], Asked],
) -> Iterator[tuple[Cause, int, str]]:
    finished = _finished(session, ways, plan, people)
    exempt_here = exempt_people(organisation_id=ways.organisation_id, course_id=plan.course_id, on=ways.on)
    exempt = set(session.scalars(exempt_here.where(Exemption.person_id.in_(people))))
    for person_id in people:
        found = one_way.get((person_id, plan.requirement_id))
        is_asked = any(fits(plan.rule, job, ways.known) for job in plain.get(person_id, ()))
        if is_asked != (found is not None):
            by = "by their record, and not by the rule in the database" if is_asked else "by the database alone"
            yield Cause.ASKED, person_id, f"asked {by}"
        elif found is not None:
            if (person_id in finished) != (found.finished_on is not None):
                other = "in figures" if plan.is_simple else "day by day"
                by = other if person_id in finished else "by their own explanation"
                yield Cause.FINISHED, person_id, f"finished {by} alone"
            if (person_id in exempt) != (found.exempt_until is not None):
                by = "in figures" if person_id in exempt else "by their own explanation"
                yield Cause.EXEMPT, person_id, f"exempt {by} alone"


def _finished(session: Session, ways: Ways, plan: Plan, people: Sequence[int]) -> frozenset[int]:
    """Who has finished by the other way: as figures count one course, and else with every day in its turn."""
    if plan.is_simple:
        return _finished_in_sets(session, ways, plan, people)
    return finished_day_by_day(session, plan, people, on=ways.on)


def _finished_in_sets(session: Session, ways: Ways, plan: Plan, people: Sequence[int]) -> frozenset[int]:
    """Who has finished as figures count it."""
    return frozenset(
        session.scalars(
            select(Completion.person_id).where(
                Completion.course_id == plan.course_id,
                Completion.person_id.in_(people),
                Completion.completed_at < end_of(ways.on),
                counts_at(ways.on, organisation_id=ways.organisation_id, course_id=plan.course_id),
                is_valid(session, plan, on=ways.on, people=people),
            )
        )
    )
