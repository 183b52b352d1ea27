"""What one person is asked to take on a day, by whom and by when: My learning and the page of a course."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Date, Integer, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from assignments.exemptions.record import Exemption
from assignments.periods.reckoning import Period
from assignments.plans import as_plans
from assignments.requests.record import LearnerRequest, TimeGiven, is_granted
from assignments.requirements import Requirement
from assignments.standing.people_asked import Asked, asked_of
from courses.acceptance.judging import Completed, Employer, employer_that_refuses
from courses.acceptance.rules import Accepts, EarlierTrainingRule, is_in_force
from people.jobs.absences import Absence
from people.jobs.employment import Employment
from people.jobs.joining import joined_on
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms
from people.organisations import Organisation

# Built once, because every home page and course page runs it: building it took several times as long as running it.
_PERSON, _ON = bindparam("person_id", type_=Integer), bindparam("on", type_=Date)
# That more than the day for everybody may decide it for the person.
_IS_SPECIAL = or_(
    exists().where(Absence.employment_id == Employment.id),
    exists().where(
        Exemption.person_id == _PERSON,
        Exemption.organisation_id == Requirement.organisation_id,
        Exemption.course_id == Requirement.course_id,
    ),
    exists().where(
        LearnerRequest.person_id == _PERSON,
        LearnerRequest.organisation_id == Requirement.organisation_id,
        LearnerRequest.course_id == Requirement.course_id,
        is_granted(),
    ),
    # Also what was taken back: on which days it had been given is decided with the rest.
    exists().where(
        TimeGiven.person_id == _PERSON,
        TimeGiven.organisation_id == Requirement.organisation_id,
        TimeGiven.course_id == Requirement.course_id,
    ),
)
_REQUIRED = (
    select(
        Requirement,
        Organisation.name,
        _IS_SPECIAL,
        Organisation.id,
        Organisation.name,
        joined_on(person_id=Employment.person_id, organisation_id=Employment.organisation_id, on=_ON),
        func.coalesce(EarlierTrainingRule.accepts, Accepts.ALL),
        EarlierTrainingRule.months,
        EarlierTrainingRule.holds_from,
    )
    .join(Organisation, Organisation.id == Requirement.organisation_id)
    .outerjoin(
        EarlierTrainingRule,
        (EarlierTrainingRule.organisation_id == Requirement.organisation_id)
        & is_in_force(EarlierTrainingRule, course_id=Requirement.course_id, on=_ON),
    )
    .join(Employment, Employment.organisation_id == Requirement.organisation_id)
    .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
    .where(Requirement.withdrawn_at.is_(None), Employment.person_id == _PERSON, is_held(_ON))
    .order_by(EmploymentTerms.is_main.desc(), Organisation.name, Requirement.id)
)


@dataclass(frozen=True)
class RequiredCourse:
    """A course that a person is asked to take, by whom (the main employer, if it asks), and by when.

    Where two authorities ask, the earlier day counts. ``employers`` are those that ask, the one that is named first,
    each with the rule by which it accepts earlier training. ``last_on`` is the day after which they are late, and
    ``usual_on`` the date of others where leave has moved theirs; ``is_given`` says that they were given more time.
    ``audience_name`` is whom it is asked of, ``None`` for everybody. ``period`` is for how long what they completed is
    valid, by the authority with which it ends first; ``None`` where it is valid for ever, and before they have
    completed it.
    """

    course_id: int
    organisation_name: str
    due_on: date | None
    employers: tuple[Employer, ...]
    last_on: date | None = None
    usual_on: date | None = None
    is_away: bool = False
    audience_name: str | None = None
    period: Period | None = None
    is_given: bool = False
    # By what the programme is asked for of whose next step this is a course, and whether it is asked by itself too.
    programme_id: int | None = None
    is_alone: bool = True
    # The shorter course that is enough this time, instead of this one.
    refresher_id: int | None = None

    def is_past(self, on: date) -> bool:
        """Whether the date, with its grace, has gone by."""
        return self.last_on is not None and self.last_on < on

    def refused_by(self, completed: Iterable[Completed]) -> Employer | None:
        """The authority that asks and does not accept what was completed; ``None`` where all do, or nothing was."""
        return employer_that_refuses(self.employers, completed)


def required_courses_of(session: Session, *, person_id: int, on: date) -> dict[int, RequiredCourse]:
    """What the authorities that employ this person on a day ask of them, by course id.

    Of a programme these are the courses of the step that is next. Where a shorter course is enough this time, it is
    there too, and the whole course says so.

    One statement where everybody is asked by a day and the person was never on leave or exempt, and was given no more
    time, as nearly always.
    """
    rows = session.execute(_REQUIRED, {"person_id": person_id, "on": on}).all()
    exact = _exactly(session, [(row[0], row[2]) for row in rows], person_id, on)
    asked: dict[int, RequiredCourse] = {}
    for held, name, _, *values in rows:
        employers = (Employer(*values),)
        several = [RequiredCourse(held.course_id, name, held.due_on, employers, held.due_on)]
        if held.id in exact:
            found = exact[held.id]
            several = _required(found, name, employers) if found else []
        for new in several:
            first = asked.setdefault(new.course_id, new)
            asked[new.course_id] = _earlier(first, new)
    return asked


def _required(found: Asked, name: str, employers: tuple[Employer, ...]) -> list[RequiredCourse]:
    """The courses that one requirement asks for now: itself, its refresher, or those of the next step."""
    moved = found.due.usual_on if found.due.is_moved else None
    own = RequiredCourse(
        found.plan.course_id,
        name,
        found.due.due_on,
        employers,
        found.due.last_on,
        moved,
        found.due.is_away,
        found.plan.audience_name,
        found.period,
        found.due.is_given,
    )
    if found.plan.programme:
        # What was completed before is to be completed again only where the programme is.
        period = found.period if found.is_again else None
        its = replace(own, programme_id=own.course_id, is_alone=False, period=period)
        return [replace(its, course_id=one) for one in found.courses_now]
    (now_id,) = found.courses_now
    if now_id == own.course_id:
        return [own]
    return [replace(own, refresher_id=now_id), replace(own, course_id=now_id)]


def _is_more(row: Requirement) -> bool:
    """Whether a requirement is more than a course by a day for everybody."""
    return any(one is not None for one in (row.audience_id, row.due_rule, row.period_rule, row.programme_id))


def _exactly(
    session: Session, rows: Sequence[tuple[Requirement, bool]], person_id: int, on: date
) -> dict[int, Asked | None]:
    """By requirement, how it holds of the person, or ``None``; only those that are more than a day for everybody."""
    special = {row.id: row for row, is_special in rows if is_special or _is_more(row)}
    plans = as_plans(session, list(special.values()), on=on) if special else ()
    found: dict[int, Asked | None] = dict.fromkeys(special)
    for organisation_id in {plan.organisation_id for plan in plans}:
        of_one = [plan for plan in plans if plan.organisation_id == organisation_id]
        found |= {one.plan.requirement_id: one for one in asked_of(session, of_one, on=on, person_ids=[person_id])}
    return found


def _earlier(first: RequiredCourse, other: RequiredCourse) -> RequiredCourse:
    """The first, by the earlier of both dates; one without a date gives way."""
    # Two jobs with one authority are one employer.
    first = replace(
        first,
        employers=tuple(dict.fromkeys((*first.employers, *other.employers))),
        period=_ends_first(first.period, other.period),
        programme_id=first.programme_id or other.programme_id,
        is_alone=first.is_alone or other.is_alone,
        refresher_id=first.refresher_id if first.refresher_id == other.refresher_id else None,
    )
    if other.due_on is None or (first.due_on is not None and first.due_on <= other.due_on):
        return first
    dates = {name: getattr(other, name) for name in ("due_on", "last_on", "usual_on", "is_given")}
    return replace(first, **dates, is_away=False)


def _ends_first(*periods: Period | None) -> Period | None:
    return min(filter(None, periods), key=lambda one: one.valid_until or date.max, default=None)
