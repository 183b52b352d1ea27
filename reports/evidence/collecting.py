"""What stands in an evidence pack: found for a day that is over, as plain values, with small groups hidden."""

from collections.abc import Sequence
from datetime import date, datetime
from statistics import median
from typing import TypedDict

from sqlalchemy.orm import Session

from assignments.audiences.conditions import end_of
from assignments.plan_words import asked_in_words
from assignments.plans import Plan, plans_on
from assignments.requirements import Requirement
from courses.catalogue.versions import Course, CourseVersion, courses_by_id, documents_of, versions_of
from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation
from reports.answers.answering import publishable
from reports.completion import CompletionFigures
from reports.evidence.actions import actions_on
from reports.evidence.exempt import ExemptCount, exempt_by_reason
from reports.evidence.policy import policy_on
from reports.figures.definition import FigureDefinition
from reports.freshness.counting import SPANS
from reports.freshness.figures import FreshnessFigures, freshness_of
from reports.items.snapshots import find_figures
from reports.paper.notes import rounding_rule, small_groups_rule
from reports.paper.sentences import answer
from reports.ratings import RatingFigures, instruments_asked, rating_figures


class VersionFacts(TypedDict):
    """One version of a course: its modules in order, with their minutes."""

    number: int
    title: str
    published_on: str
    minutes: int
    questions: int
    outcomes: list[str]
    modules: list[tuple[str, int]]


class ItemFacts(TypedDict):
    """How the questions of a version work, over everybody in every authority."""

    version: int
    counted_on: str
    questions: int
    lowest: int
    middle: int
    highest: int


class CourseFacts(TypedDict):
    """What is shown of one course or programme."""

    title: str
    asked: str
    answer: str
    rows: list[tuple[str, int | None, int | None, int | None]]
    left_out: list[tuple[str, int | None]]
    rules: list[str]
    freshness: list[tuple[str, int | None]]
    seen: list[tuple[str, int | None, list[str]]]
    exempt: list[ExemptCount]
    exempt_on: str
    outlines: list[tuple[str, list[VersionFacts]]]
    items: list[tuple[str, list[ItemFacts]]]


class RatingRow(TypedDict):
    """One statement: at each moment how many answered, and the share who agree."""

    statement: str
    shares: list[tuple[str, int, int]]


class RatingFacts(TypedDict):
    """One set of statements that learners rate themselves by."""

    title: str
    answered: list[tuple[str, int | None, int | None]]
    rows: list[RatingRow]


class ActionFacts(TypedDict):
    """What was decided, and how it stood on the day."""

    words: str
    decided_on: str
    due_on: str
    state: str
    ended_on: str
    end_words: str


class EvidenceFacts(TypedDict):
    """A whole pack."""

    number: str
    authority: str
    on: str
    counted_on: str
    policy: str
    policy_version: int
    policy_on: str
    courses: list[CourseFacts]
    ratings: list[RatingFacts]
    actions: list[ActionFacts]


def asked_plans(session: Session, *, organisation_id: int, on: date) -> Sequence[Plan]:
    """What the authority asked for on the day: a part of the pack is about each."""
    return plans_on(session, Requirement.organisation_id == organisation_id, on=on)


def frame(
    session: Session, *, organisation: Organisation, number: str, on: date, now: datetime, smallest_shown: int
) -> EvidenceFacts:
    """Everything but what is about single courses."""
    policy = policy_on(session, organisation_id=organisation.id, on=on)
    return {
        "number": number,
        "authority": organisation.name,
        "on": on.isoformat(),
        "counted_on": local_day(now).isoformat(),
        "policy": policy.text if policy else "",
        "policy_version": policy.number if policy else 0,
        "policy_on": local_day(policy.worded_at).isoformat() if policy else "",
        "courses": [],
        "ratings": _ratings(session, organisation, now, smallest_shown),
        "actions": _actions(session, organisation, on),
    }


def course_facts(
    session: Session, plan: Plan, *, organisation: Organisation, on: date, now: datetime, smallest_shown: int
) -> CourseFacts | None:
    """What is shown of one course or programme; ``None`` where there are no figures of it for that day."""
    course = courses_by_id(session, course_ids=[plan.course_id])[plan.course_id]
    definition = FigureDefinition(organisation.slug, course.slug, on)
    try:
        figures = publishable(session, definition, now=now, smallest_shown=smallest_shown)
        fresh = freshness_of(session, figures)
    except (NotFound, RuleBroken):
        return None
    counted = figures.small_groups_on or on
    courses = _courses(session, plan, course)
    return {
        "title": figures.course_title,
        "asked": asked_in_words(session, plan, on) + ".",
        "answer": answer(figures, is_asked=True),
        "rows": _rows(figures),
        "left_out": [(one.words, one.people) for one in figures.left_out.reasons],
        "rules": [small_groups_rule(figures), rounding_rule(figures)],
        "freshness": _freshness(fresh),
        "seen": _seen(fresh),
        "exempt": exempt_by_reason(session, organisation_id=organisation.id, course_id=course.id, on=counted),
        "exempt_on": counted.isoformat(),
        "outlines": [(one.slug, _outlines(session, one, on)) for one in courses],
        "items": [(one.slug, _items(session, one, on, smallest_shown)) for one in courses],
    }


def _courses(session: Session, plan: Plan, course: Course) -> list[Course]:
    """The course, or those of a programme in the order of its steps."""
    if not plan.programme:
        return [course]
    ids = list(dict.fromkeys(one for step in plan.steps for one in step))
    found = courses_by_id(session, course_ids=ids)
    return [found[one] for one in ids if one in found]


def _rows(figures: CompletionFigures) -> list[tuple[str, int | None, int | None, int | None]]:
    rows: list[tuple[str, int | None, int | None, int | None]] = []
    for group in (figures.total, *figures.total.children):
        counts = group.counts
        shown = (counts.people, counts.complete, counts.complete_percent) if counts else (None, None, None)
        rows.append((group.name, *shown))
    return rows


def _freshness(fresh: FreshnessFigures) -> list[tuple[str, int | None]]:
    if fresh.total.counts is None:
        return []
    within = [
        (f"Within {months} months", counts.complete) for months, counts in zip(SPANS, fresh.total.within, strict=True)
    ]
    return [*within, ("At any time", fresh.total.counts.complete)]


def _seen(fresh: FreshnessFigures) -> list[tuple[str, int | None, list[str]]]:
    counts = fresh.total.by_version
    shown = [one.complete for one in counts] if counts else [None] * len(fresh.versions)
    return [(one.words, people, list(one.changes)) for one, people in zip(fresh.versions, shown, strict=True)]


def _there(session: Session, course: Course, on: date) -> list[CourseVersion]:
    return [one for one in versions_of(session, course_id=course.id) if one.published_at < end_of(on)]


def _outlines(session: Session, course: Course, on: date) -> list[VersionFacts]:
    """Every version that was published by the end of the day, the newest first."""
    versions = _there(session, course, on)
    return [
        {
            "number": version.number,
            "title": version.title,
            "published_on": local_day(version.published_at).isoformat(),
            "minutes": version.minutes,
            "questions": len(document.question_ids),
            "outcomes": list(document.outcomes),
            "modules": [(module.title, module.minutes) for module in document.modules],
        }
        for version, document in zip(versions, documents_of(session, versions), strict=True)
    ]


def _items(session: Session, course: Course, on: date, smallest_shown: int) -> list[ItemFacts]:
    found: list[ItemFacts] = []
    for version in _there(session, course, on):
        figures = find_figures(session, version_id=version.id, smallest_shown=smallest_shown)
        shares = [one.right_percent for one in figures.items if one.is_shown] if figures else []
        if figures is not None and shares:
            found.append(
                {
                    "version": version.number,
                    "counted_on": local_day(figures.counted_at).isoformat(),
                    "questions": len(shares),
                    "lowest": min(shares),
                    "middle": int(median(shares)),
                    "highest": max(shares),
                }
            )
    return found


def _ratings(session: Session, organisation: Organisation, now: datetime, smallest_shown: int) -> list[RatingFacts]:
    found = [
        rating_figures(session, organisation=organisation, instrument_id=key, now=now, smallest_shown=smallest_shown)
        for key in instruments_asked(session)
    ]
    return [_rating(one) for one in found if one.has_figures]


def _rating(figures: RatingFigures) -> RatingFacts:
    rows: list[RatingRow] = [
        {
            "statement": one.statement.text,
            "shares": [
                (moment.value, one.answers[moment].people, one.answers[moment].agree_percent)
                for moment in figures.moments
                if moment in one.answers
            ],
        }
        for one in figures.statements
        if one.statement.is_agreement and one.answers
    ]
    answered = [(one.moment.value, one.answered, one.asked) for one in figures.responses]
    return {"title": figures.instrument.title, "answered": answered, "rows": rows}


def _actions(session: Session, organisation: Organisation, on: date) -> list[ActionFacts]:
    return [
        {
            "words": one.words,
            "decided_on": one.decided_on.isoformat(),
            "due_on": one.due_on.isoformat(),
            "state": one.state_on(on),
            "ended_on": one.ended_on.isoformat() if one.ended_on else "",
            "end_words": one.end_words,
        }
        for one in actions_on(session, organisation_id=organisation.id, on=on)
    ]
