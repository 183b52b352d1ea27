"""Why somebody stands where they stand with a course, on any day: the rule, what happened, what is missing.

The one answer for learners, managers, HR, support and the command. It never knows an answer, a mark or a place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.audiences.words import names_in, rule_in_words
from assignments.due.words import day_in_words
from assignments.in_the_record import employers_of, first_completed_on
from assignments.periods.words import period_in_words, period_rule_in_words
from assignments.plan_words import due_rule_in_words
from assignments.plans import Plan, plans_on
from assignments.requirements import Requirement
from assignments.standing.further import Further, StepLine
from assignments.standing.happened import Happened, events_of
from assignments.standing.people_asked import Asked, asked_of
from assignments.standing.why_not import why_not_asked
from courses.catalogue.versions import titles_of
from people.persons import Person


class Standing(StrEnum):
    """How somebody stands; the value is what the command prints."""

    FINISHED = "finished"
    LATE = "late"
    DUE = "due"
    NO_DATE = "no-date"
    AWAY = "away"
    WAITING = "waiting"
    EXEMPT = "exempt"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True)
class Explanation:
    """``sentence`` says it all. ``missing`` is what they still have to do, empty when nothing is; ``rule`` is who is
    asked and by when. ``due_on`` of whoever has finished is by when they have to again, once they can. ``usual_on`` is
    the date of others where leave has moved theirs, ``valid_until`` the last day on which what they completed is valid,
    or was; ``None`` for ever, and before there is anything."""

    person_id: int
    course_id: int
    course_title: str
    on: date
    state: Standing
    sentence: str
    rule: str
    missing: str
    due_on: date | None
    usual_on: date | None
    events: tuple[Happened, ...]
    valid_until: date | None = None
    next_words: str = ""
    steps: tuple[StepLine, ...] = ()


@dataclass(frozen=True)
class _Case:
    """Everything that is known; ``name`` is empty where the one who reads it is the one whom it is about."""

    person_id: int
    name: str
    course_id: int
    title: str
    on: date
    employers: dict[int, str]
    hides_days: bool

    @property
    def who(self) -> str:
        return self.name or "You"

    def verb(self, of_you: str, of_others: str) -> str:
        return of_others if self.name else of_you


@dataclass(frozen=True)
class Reader:
    """Who reads it. The person themselves is spoken to: "You have until …". Others see what is asked by
    ``organisation_ids`` alone, where there are any, and managers that somebody has finished, and not when."""

    is_oneself: bool = False
    is_manager: bool = False
    organisation_ids: frozenset[int] | None = None


ANYBODY, ONESELF = Reader(), Reader(is_oneself=True)


def explain(session: Session, *, person_id: int, course_id: int, on: date, reader: Reader = ANYBODY) -> Explanation:
    """How somebody stood with a course at the end of a day."""
    (found,) = explanations(session, person_id=person_id, course_ids=[course_id], on=on, reader=reader)
    return found


def explanations(
    session: Session,
    *,
    person_id: int,
    course_ids: Sequence[int] | None = None,
    on: date,
    reader: Reader = ANYBODY,
) -> tuple[Explanation, ...]:
    """The same for several courses: for those that are asked of them on the day, where none are named."""
    employers = employers_of(session, person_id=person_id, on=on, only=reader.organisation_ids)
    only = [] if course_ids is None else [Requirement.course_id.in_(course_ids)]
    plans = plans_on(session, Requirement.organisation_id.in_(employers), *only, on=on)
    asked = [
        one
        for organisation_id in employers
        for one in asked_of(
            session,
            [plan for plan in plans if plan.organisation_id == organisation_id],
            on=on,
            person_ids=[person_id],
            with_exempt=True,
        )
    ]
    wanted = course_ids if course_ids is not None else list(dict.fromkeys(one.plan.course_id for one in asked))
    titles = titles_of(session, course_ids=wanted)
    chosen_name = session.scalar(select(Person.chosen_name).where(Person.id == person_id))
    name = "" if reader.is_oneself else chosen_name or "Nobody"
    return tuple(
        _explained(
            session,
            _Case(person_id, name, course_id, titles[course_id], on, employers, reader.is_manager),
            [one for one in asked if one.plan.course_id == course_id],
            [plan for plan in plans if plan.course_id == course_id],
        )
        for course_id in wanted
    )


def _explained(session: Session, case: _Case, asked: Sequence[Asked], plans: Sequence[Plan]) -> Explanation:
    held = min(asked, key=_weight) if asked else None
    is_open = held is not None and held.finished_on is None and not held.is_left_out
    completed_on = None
    if held is None or is_open:
        completed_on = first_completed_on(session, person_id=case.person_id, course_id=case.course_id, on=case.on)
    if held is None:
        return _not_asked(session, case, plans, completed_on)
    finished_on = held.finished_on
    plan, due = held.plan, held.due
    whom = f"“{plan.audience_name}”" if plan.audience_name else "everybody"
    by_when = due_rule_in_words(session, plan.due)
    employer = case.employers[plan.organisation_id]
    rule = f"{employer} asks {whom} to finish {case.title} {by_when}."
    rule += f" {period_rule_in_words(plan.period)}." if plan.period else ""
    if plan.audience_name:
        rule += f" “{plan.audience_name}” is whoever {rule_in_words(plan.rule, names_in(session, [plan.rule]))}."
    state, sentence = _said(case, held, finished_on)
    is_running_out = finished_on is not None and held.period is not None and held.period.is_open(case.on)
    further = Further(session, held, hides_days=case.hides_days)
    next_words = further.next_words if is_open or (is_running_out and not case.hides_days) else ""
    has_date = is_open or (is_running_out and held.exempt_until is None)
    return Explanation(
        person_id=case.person_id,
        course_id=case.course_id,
        course_title=case.title,
        on=case.on,
        state=state,
        sentence=" ".join(filter(None, (sentence, next_words))),
        rule=" ".join(filter(None, (rule, further.rule))),
        missing=(further.missing or _missing(case, held, completed_on)) if is_open else "",
        due_on=due.due_on if has_date else None,
        usual_on=due.usual_on if due.is_moved and is_open else None,
        events=events_of(held, employer, case.title, on=case.on, hides_days=case.hides_days),
        valid_until=held.period.valid_until if held.period and not (finished_on and case.hides_days) else None,
        next_words=next_words,
        steps=further.steps,
    )


def _weight(one: Asked) -> tuple[bool, bool, date]:
    """Where two authorities ask, the least counts: the one that still waits, of two the one with the earlier date."""
    is_open = one.finished_on is None and not one.is_left_out
    return not is_open, one.finished_on is None, one.due.due_on or date.max


def _said(case: _Case, held: Asked, finished_on: date | None) -> tuple[Standing, str]:
    """The state, and the sentences that say it. Whoever has finished has finished, whatever else is true."""
    due, title = held.due, case.title
    period = period_in_words(held.period, case.on) if held.period else ""
    if finished_on is not None:
        shown = () if case.hides_days and not (held.period and held.period.is_open(case.on)) else (period,)
        done = _completed(case, finished_on, is_renewed=held.is_renewed)
        return Standing.FINISHED, " ".join(filter(None, (done, *shown, "Nothing is missing.")))
    if held.exempt_until is not None:
        are, until = case.verb("are", "is"), day_in_words(held.exempt_until)
        return Standing.EXEMPT, f"{case.who} {are} exempt from {title} until {until}, so it is not asked."
    if period:
        state, sentence = _said(case, replace(held, period=None), None)
        return state, f"{case.who} {case.verb('have', 'has')} completed {title} before. {period} {sentence}"
    if due.is_away:
        are = case.verb("are", "is")
        words = f"{case.who} {are} on leave, so there is no date for {title} now; there is one again after the return."
        return Standing.AWAY, words
    if due.is_waiting:
        have = case.verb("have", "has")
        return Standing.WAITING, f"{case.who} {have} no date for {title} yet: it follows another course."
    if due.due_on is None:
        are = case.verb("are", "is")
        return Standing.NO_DATE, f"{case.who} {are} asked to complete {title}, and no day is named."
    if due.is_given:
        return _said_of_more_time(case, held, due.due_on)
    day, longer = day_in_words(due.due_on), _longer(held)
    if due.due_on < held.facts.asked_on and due.is_late(case.on):
        # Whoever began years before the course was there, say: nobody was asked by a day that had gone by.
        since = day_in_words(held.facts.asked_on)
        sentence = f"{case.who} {case.verb('have', 'has')} been asked to complete {title} since {since}"
        return Standing.LATE, f"{sentence}. By the rule it was due on {day}{longer}, and it is not completed yet."
    if due.is_late(case.on):
        asked = f"{case.who} {case.verb('were', 'was')} asked to complete {title} by {day}{longer}"
        return Standing.LATE, f"{asked}, and {case.verb('have', 'has')} not yet."
    return Standing.DUE, f"{case.who} {case.verb('have', 'has')} until {day} to complete {title}{longer}."


def _said_of_more_time(case: _Case, held: Asked, due_on: date) -> tuple[Standing, str]:
    asked, day = f"{case.who} asked for more time and", day_in_words(due_on)
    if held.due.is_late(case.on):
        have = case.verb("have", "has")
        return Standing.LATE, f"{asked} had until {day} to complete {case.title}, and {have} not yet."
    return Standing.DUE, f"{asked} {case.verb('have', 'has')} until {day} to complete {case.title}."


def _completed(case: _Case, finished_on: date, *, is_renewed: bool = False) -> str:
    if case.hides_days:
        return f"{case.who} {case.verb('have', 'has')} completed {case.title}."
    if is_renewed:
        return f"{case.who} renewed {case.title} on {day_in_words(finished_on)} with a shorter course."
    return f"{case.who} completed {case.title} on {day_in_words(finished_on)}."


def _longer(held: Asked) -> str:
    if not held.due.is_moved or held.due.usual_on is None:
        return ""
    return f", later than {day_in_words(held.due.usual_on)}, because days of long leave do not count"


def _not_asked(session: Session, case: _Case, plans: Sequence[Plan], finished_on: date | None) -> Explanation:
    day = day_in_words(case.on)
    plan = next(iter(plans), None)
    are = case.verb("are", "is")
    rule = ""
    if not case.employers:
        sentence = (
            f"On {day} {case.who.replace('You', 'you')} {case.verb('hold', 'holds')} no job here, so nothing is asked."
        )
    elif plan is None:
        sentence = f"On {day} {' or '.join(case.employers.values())} does not ask for {case.title}."
    else:
        name = plan.audience_name
        why = why_not_asked(session, plan, person_id=case.person_id, on=case.on)
        sentence = f"{case.who} {are} not asked to complete {case.title}: {why}."
        rule = f"{case.employers[plan.organisation_id]} asks “{name}”, which is whoever "
        rule += f"{rule_in_words(plan.rule, names_in(session, [plan.rule]))}."
    state: Standing = Standing.NOT_ASKED
    events: tuple[Happened, ...] = ()
    if finished_on is not None:
        state, sentence = Standing.FINISHED, _completed(case, finished_on)
        events = () if case.hides_days else (Happened(finished_on, f"Completed {case.title}"),)
    return Explanation(
        case.person_id, case.course_id, case.title, case.on, state, sentence, rule, "", None, None, events
    )


def _missing(case: _Case, held: Asked, completed_on: date | None) -> str:
    """What has to be done, also where the authority does not accept what was completed before."""
    if completed_on is None:
        return f"{case.title} is not completed"
    if held.period is not None:
        return f"{case.title} is not completed again"
    employer = case.employers[held.plan.organisation_id]
    return f"{employer} does not accept that {case.title} was completed elsewhere on {day_in_words(completed_on)}"
