"""Whom a course is asked of on a day, and how far they are, as conditions of the database.

Counts and lists of people are both made of these, so that they always speak of the same people.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CTE, ColumnElement, Select, Subquery, case, false, func, literal, or_, select, true
from sqlalchemy.orm import Session

from assignments.audiences.conditions import end_of
from assignments.exemptions.record import exempt_people
from assignments.plans import Plan, people_asked
from assignments.standing.finished import who_finished
from assignments.valid_on import attempts_that_ended, is_valid
from courses.acceptance.refusing import attempts_before, counts_at, refuses_anything
from courses.records.attempts import people_who_began
from courses.records.completion import Completion, is_standing
from people.counting import people_of

# Why somebody who counts is not in the figures of a course that is asked of an audience.
NOT_ASKED = "not-asked"
EXEMPT = "exempt"


@dataclass(frozen=True)
class Question:
    """Of which authority, course and day. ``plan`` is what the authority asks of its people, ``None`` where it does
    not ask for the course."""

    organisation_id: int
    course_id: int
    on: date
    plan: Plan | None


@dataclass(frozen=True)
class Population:
    """One row of ``people`` for each person with a job, and what is true of it.

    ``is_asked`` is true of everybody where the course is not asked of an audience. Who is exempt is so whether or not
    they have finished. Who has begun may have finished too.
    """

    people: CTE
    question: Question

    @property
    def is_asked(self) -> ColumnElement[bool]:
        """Whether the course is asked of somebody, exempt or not."""
        return self.people.c.is_asked.is_(True)

    @property
    def is_exempt(self) -> ColumnElement[bool]:
        """Whether somebody is exempt from the course."""
        return self.people.c.is_exempt.is_(True)

    @property
    def has_finished(self) -> ColumnElement[bool]:
        """Whether somebody has finished, and that is valid."""
        return self.people.c.has_finished.is_(True)

    @property
    def has_begun(self) -> ColumnElement[bool]:
        """Whether somebody has begun, this time."""
        return self.people.c.has_begun.is_(True)

    @property
    def left_out(self) -> ColumnElement[str | None]:
        """Why a row is not in the figures; null when it is."""
        return func.coalesce(
            self.people.c.left_out,
            case((~self.is_asked, literal(NOT_ASKED))),
            case((self.is_exempt & ~self.has_finished, literal(EXEMPT))),
        )


def population(
    session: Session, question: Question, *, with_begun: bool = True, people: Collection[int] | None = None
) -> Population:
    """The people of an authority and how far they are at the end of a day; with ``people``, these few of them alone.

    A completion counts for its person whoever employed them then, as far as the authority accepts earlier training by
    the rule of that day, and once however often it was earned. Where it is valid for a time, who is valid that day.
    """
    plan, on = question.plan, question.on
    only = None if people is None else sorted(people)
    jobs = people_of(organisation_id=question.organisation_id, on=on, person_ids=only)
    asked = people_asked(session, plan, on=on) if plan else None
    exempt = exempt_people(organisation_id=question.organisation_id, course_id=question.course_id, on=on)
    has_finished, has_begun = _how_far(session, question, jobs, only)
    facts = select(
        *jobs.c,
        (true() if asked is None else jobs.c.person_id.in_(asked)).label("is_asked"),
        (jobs.c.person_id.in_(exempt) if plan else false()).label("is_exempt"),
        has_finished.label("has_finished"),
        (has_begun if with_begun else false()).label("has_begun"),
    )
    # Else PostgreSQL would look through all completions once for each place where a fact is asked for.
    return Population(facts.cte("standing").prefix_with("MATERIALIZED"), question)


def completion_counts(
    session: Session, question: Question, *, people: Sequence[int] | None = None
) -> ColumnElement[bool]:
    """The condition that a completion of the course counts at the authority, and is valid at the end of the day.

    ``people`` are those whom it will be asked about, where these are few.
    """
    return _counts(session, question, _is_refused(session, question), people)


def completion_is_there(session: Session, question: Question) -> ColumnElement[bool]:
    """The same of a completion that may be valid no longer: it counts at the authority and was there by the day."""
    return _is_there(question, _is_refused(session, question))


def _is_refused(session: Session, question: Question) -> bool:
    """Whether anything is refused that was completed elsewhere."""
    return refuses_anything(session, organisation_id=question.organisation_id, on=question.on)


def _counts(
    session: Session, question: Question, is_refused: bool, people: Sequence[int] | None = None
) -> ColumnElement[bool]:
    return _is_there(question, is_refused) & is_valid(session, question.plan, on=question.on, people=people)


def _is_there(question: Question, is_refused: bool) -> ColumnElement[bool]:
    of, on = {"organisation_id": question.organisation_id, "course_id": question.course_id}, question.on
    is_there = (Completion.course_id == question.course_id) & (Completion.completed_at < end_of(on))
    return is_there & (counts_at(on, **of) if is_refused else is_standing())


def _how_far(
    session: Session, question: Question, people: Subquery, only: Sequence[int] | None
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that somebody has finished, and that they have begun.

    Membership, not a join: somebody who took the course in several cycles is still one person.
    """
    plan, on, course_id = question.plan, question.on, question.course_id
    before = end_of(on)
    if plan is not None and not plan.is_simple:
        done, ended = who_finished(session, plan, on=on, person_ids=only), attempts_that_ended(plan, on=on)
        begun = [people_who_began(one, before=before, leaving_out=ended) for one in sorted(plan.counted)]
        is_midway = or_(*(people.c.person_id.in_(ids) for ids in (done.have_done_a_step, *begun)))
        return people.c.person_id.in_(done.finished), is_midway
    is_refused = _is_refused(session, question)
    # Said of these too, or the database would look through the completions of all.
    theirs = true() if only is None else Completion.person_id.in_(only)
    finished = select(Completion.person_id).where(theirs, _counts(session, question, is_refused, only))
    if plan is not None and plan.periods:
        earlier: Select[int] | None = attempts_that_ended(plan, on=on)
    elif is_refused:
        earlier = attempts_before(on, organisation_id=question.organisation_id, course_id=course_id)
    else:
        earlier = None
    began = people_who_began(course_id, before=before, leaving_out=earlier)
    return people.c.person_id.in_(finished), people.c.person_id.in_(began)
