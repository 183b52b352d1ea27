"""My learning: where you stopped, what is asked of you, what you may like to take, and what is done."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.learn.courses.again import Again, again_of
from app.learn.courses.earlier import EarlierTraining, earlier_training
from app.learn.courses.programme import programme_cards
from app.learn.courses.requests import request_news
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.pages.navigation import home_of
from assignments.asked import RequiredCourse, required_courses_of
from assignments.rota.planning import own_hours
from assignments.rota.telling import when_in_words
from certificates.record.issuing import Certificate, certificates_for
from courses.catalogue.versions import courses_by_id, current_versions, titles_of
from courses.history.evidence import sources_of
from courses.records.attempts import CurrentAttempt, attempts_of
from courses.records.completion import Completion, Withdrawal, completed_and_withdrawn
from courses.taking.availability import Opening, openings
from courses.taking.progress import CourseStatus, State, course_status
from kernel.clock import local_day, utc_now
from people.roles import Role


@dataclass(frozen=True)
class LearningCard:
    """One course on the home page. ``status`` is absent until the person begins.

    ``opens_on`` is the day on which a follow-up opens, or opened, to them.
    """

    slug: str
    title: str
    summary: str
    minutes: int
    state: State
    opens_on: date | None
    status: CourseStatus | None
    asked: RequiredCourse | None
    completion: Completion | None
    certificate: Certificate | None
    withdrawal: Withdrawal | None
    source: str = ""
    earlier: EarlierTraining | None = None
    again: Again | None = None
    certificate_before: Certificate | None = None

    @property
    def is_late(self) -> bool:
        """Whether the day by which it was asked for has gone by."""
        is_open = self.state not in {State.COMPLETE, State.NOT_OPEN}
        return self.asked is not None and self.asked.is_past(local_day(utc_now())) and is_open


def learning_of(session: Session, *, person_id: int, now: datetime) -> list[LearningCard]:
    """What there is for a person, asked courses first and follow-ups last; a constant number of queries.

    A follow-up is there once they have completed the course it follows, whether or not it is open by then.
    """
    today = local_day(now)
    asked = required_courses_of(session, person_id=person_id, on=today)
    attempts = attempts_of(session, person_id=person_id)
    every_completion, withdrawals = completed_and_withdrawn(session, person_id=person_id)
    completions = {completion.course_id: completion for completion in reversed(every_completion)}
    earlier = earlier_training(asked, every_completion)
    sources = sources_of(session, completion_ids=[one.id for one in completions.values() if one.is_imported])
    certificates = {c.completion_id: c for c in certificates_for(session, person_id=person_id)}
    current = current_versions(session)
    opening = openings(current, completions=every_completion, now=now)
    cards: list[LearningCard] = []
    for course, version in current:
        attempt, completion, opens = attempts.get(course.id), completions.get(course.id), opening[course.id]
        told = earlier.get(course.id)
        if told and told.is_refused:
            attempt, completion = told.attempt_since(attempt), None
        again = again_of(asked.get(course.id), completion, today)
        if again and again.is_open:
            attempt, completion = again.attempt_since(attempt), None
        state = _state_of(attempt, completion, opens)
        if state is State.NOT_OPEN and opens.opens_on is None:
            continue
        cards.append(
            LearningCard(
                slug=course.slug,
                title=version.title,
                summary=version.summary,
                minutes=version.minutes,
                state=state,
                opens_on=opens.opens_on,
                status=course_status(attempt.document(session), attempt, is_completed=bool(completion))
                if attempt
                else None,
                asked=asked.get(course.id),
                completion=completion,
                certificate=certificates.get(completion.id) if completion else None,
                source=sources.get(completion.id, "") if completion else "",
                withdrawal=None if completion or told or again else withdrawals.get(course.id),
                earlier=told,
                again=again,
                certificate_before=certificates.get(again.completion.id) if again and again.is_open else None,
            )
        )
    return sorted(cards, key=lambda card: (card.asked is None, card.opens_on or date.min))


def _state_of(attempt: CurrentAttempt | None, completion: Completion | None, opening: Opening) -> State:
    if completion:
        return State.COMPLETE
    if attempt:
        return State.NOT_STARTED if attempt.is_untouched else State.IN_PROGRESS
    return State.NOT_STARTED if opening.is_open else State.NOT_OPEN


@dataclass(frozen=True)
class PlannedTime:
    """Time that a manager planned, as its person reads it."""

    title: str
    slug: str
    when: str
    place: str


def _planned(session: Session, person_id: int, now: datetime) -> list[PlannedTime]:
    hours = own_hours(session, person_id=person_id, now=now)
    if not hours:
        return []
    courses = {one.course_id for one in hours}
    titles, rows = titles_of(session, course_ids=courses), courses_by_id(session, course_ids=courses)
    return [
        PlannedTime(titles[one.course_id], rows[one.course_id].slug, when_in_words(one), one.place) for one in hours
    ]


@signed_in
def start() -> str | Response:
    """The first page: each role's own page; their learning for everybody else, and for admins of whom a course is asked
    that they have not finished."""
    target = home_of(who())
    is_home = target == url_for("learn.home") or (who().has(Role.ADMIN) and _has_to_learn())
    return home() if is_home else redirect(target)


def _has_to_learn() -> bool:
    cards = learning_of(db.session(), person_id=who().person_id, now=utc_now())
    return any(card.asked and card.state is not State.COMPLETE for card in cards)


@signed_in
def home() -> str:
    """My learning."""
    session, person_id, now = db.session(), who().person_id, utc_now()
    cards = learning_of(session, person_id=person_id, now=now)
    unfinished = [card for card in cards if card.state is not State.COMPLETE]
    begun = [card for card in unfinished if card.state is State.IN_PROGRESS]
    steps = {card.asked.programme_id for card in cards if card.asked and card.asked.programme_id}
    programmes = programme_cards(session, steps, person_id=person_id, now=now)
    return render_template(
        "learn/home.html",
        lead=next(iter(begun or [card for card in unfinished if card.asked and card.state is State.NOT_STARTED]), None),
        programmes=programmes,
        asked=[card for card in unfinished if card.asked and card.asked.is_alone],
        optional=[card for card in unfinished if not card.asked],
        done=[card for card in cards if card.state is State.COMPLETE],
        earlier=[card for card in unfinished if card.again and card.again.is_open],
        hours=_planned(session, person_id, now),
        news=request_news(session, person_id=person_id, now=now),
        person=who(),
    )
