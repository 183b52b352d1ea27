"""What the people of an authority say about themselves, counted: never who said what, and never fewer than ten.

Figures grow in steps of ten people, oldest first, so that no two of them differ by what one person said. They belong
to the authority that employed somebody on the day: a change of jobs does not move them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from courses.attempts import Attempt
from courses.catalogue import Course, CourseVersion, current_versions, document_of
from courses.completion import Completion
from courses.content.personal import PREFER_NOT, Instrument, Moment, Statement, StatementsBlock
from courses.ratings import Rating
from kernel.clock import local_day
from kernel.errors import NotFound
from people.counting import people_of
from people.organisations import Organisation
from reports.suppression import SMALLEST_SHOWN, check_threshold, whole_steps

ORDER = (Moment.BEFORE, Moment.LOOKING_BACK, Moment.AFTER, Moment.LATER)
AGREE = ("4", "5")


@dataclass(frozen=True)
class Answers:
    """What ``people`` people said about one statement at one moment: how many gave each answer, by its id."""

    people: int
    counts: Mapping[str, int]

    @property
    def average(self) -> float:
        """The average point, from 1 to 5; only of statements that are rated by agreement."""
        return sum(int(value) * count for value, count in self.counts.items()) / self.people

    @property
    def agree_percent(self) -> int:
        """The share who chose 4 or 5, in whole per cent."""
        return self.percent(*AGREE)

    def percent(self, *values: str) -> int:
        """The share who gave one of these answers, in whole per cent."""
        return round(100 * sum(self.counts.get(value, 0) for value in values) / self.people)


@dataclass(frozen=True)
class StatementFigures:
    """One statement; a moment that is missing from ``answers`` is not shown."""

    statement: Statement
    answers: Mapping[Moment, Answers]


@dataclass(frozen=True)
class Response:
    """How many answered at a moment, of how many who were asked; ``None`` where it is not shown."""

    moment: Moment
    answered: int | None
    asked: int | None

    @property
    def percent(self) -> int | None:
        """The response rate in whole per cent."""
        return None if not self.answered or not self.asked else min(100, round(100 * self.answered / self.asked))


@dataclass(frozen=True)
class RatingFigures:
    """Everything that may be seen of one instrument in one authority. ``moments`` are those at which it is asked."""

    organisation_name: str
    organisation_slug: str
    instrument_id: str
    instrument: Instrument
    moments: tuple[Moment, ...]
    responses: tuple[Response, ...]
    statements: tuple[StatementFigures, ...]
    smallest_shown: int
    as_at: datetime

    @property
    def has_figures(self) -> bool:
        """Whether any figure may be seen."""
        return any(one.answers for one in self.statements)


@dataclass(frozen=True)
class Asking:
    """Where an instrument is asked: in which course, at which moments."""

    course: Course
    version: CourseVersion
    moments: frozenset[Moment]


def instruments_asked(session: Session) -> dict[str, tuple[Instrument, tuple[Asking, ...]]]:
    """The instruments of the newest versions, by id, each with the courses that ask it."""
    found: dict[str, tuple[Instrument, tuple[Asking, ...]]] = {}
    for course, version in current_versions(session):
        document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
        moments: dict[str, set[Moment]] = {}
        for _, screen in document.screens():
            for block in screen.personal:
                if isinstance(block, StatementsBlock):
                    moments.setdefault(block.instrument_id, set()).add(block.moment)
        for key, asked in moments.items():
            before = found.get(key, (document.instruments[key], ()))
            found[key] = (before[0], (*before[1], Asking(course, version, frozenset(asked))))
    return dict(sorted(found.items()))


def rating_figures(
    session: Session,
    *,
    organisation: Organisation,
    instrument_id: str,
    now: datetime,
    smallest_shown: int = SMALLEST_SHOWN,
) -> RatingFigures:
    """What an authority’s people said. Raises ``NotFound`` for an instrument that no course asks, and ``ValueError``
    for a ``smallest_shown`` below 10."""
    check_threshold(smallest_shown)
    asked = instruments_asked(session).get(instrument_id)
    if asked is None:
        raise NotFound(f"instrument {instrument_id}")
    instrument, askings = asked
    moments = tuple(moment for moment in ORDER if any(moment in asking.moments for asking in askings))
    answers = _answers(session, organisation.id, instrument_id, smallest_shown)
    return RatingFigures(
        organisation_name=organisation.name,
        organisation_slug=organisation.slug,
        instrument_id=instrument_id,
        instrument=instrument,
        moments=moments,
        responses=_responses(session, organisation.id, instrument_id, askings, moments, now, smallest_shown),
        statements=tuple(
            StatementFigures(one, {moment: found for moment in moments if (found := answers.get((one.id, moment)))})
            for one in instrument.statements
        ),
        smallest_shown=smallest_shown,
        as_at=now,
    )


def _answers(
    session: Session, organisation_id: int, instrument_id: str, smallest_shown: int
) -> dict[tuple[str, Moment], Answers]:
    """By statement and moment, of the people who answered first, in whole steps; what is too small is not there."""
    part = (Rating.statement_id, Rating.moment)
    ranked = (
        select(
            *part,
            Rating.value,
            func.row_number().over(partition_by=part, order_by=(Rating.first_said_at, Rating.id)).label("place"),
            func.count().over(partition_by=part).label("people"),
        )
        .where(
            Rating.organisation_id == organisation_id,
            Rating.instrument_id == instrument_id,
            Rating.value != PREFER_NOT.id,
        )
        .subquery()
    )
    counted = ranked.c.people - ranked.c.people % smallest_shown
    rows = session.execute(
        select(ranked.c.statement_id, ranked.c.moment, ranked.c.value, func.count())
        .where(ranked.c.place <= counted)
        .group_by(ranked.c.statement_id, ranked.c.moment, ranked.c.value)
        .order_by(ranked.c.value)
    )
    counts: dict[tuple[str, Moment], dict[str, int]] = {}
    for statement_id, moment, value, count in rows:
        counts.setdefault((statement_id, moment), {})[value] = count
    return {key: Answers(sum(values.values()), values) for key, values in counts.items()}


def _responses(
    session: Session,
    organisation_id: int,
    instrument_id: str,
    askings: tuple[Asking, ...],
    moments: tuple[Moment, ...],
    now: datetime,
    smallest_shown: int,
) -> tuple[Response, ...]:
    people = dict(
        session.execute(
            select(Rating.moment, func.count(Rating.person_id.distinct()))
            .where(
                Rating.organisation_id == organisation_id,
                Rating.instrument_id == instrument_id,
                Rating.value != PREFER_NOT.id,
            )
            .group_by(Rating.moment)
        ).all()
    )
    found = []
    for moment in moments:
        asking = next(asking for asking in askings if moment in asking.moments)
        asked = _asked(session, organisation_id, asking, moment, now)
        answered = whole_steps(people.get(moment, 0), smallest_shown)
        found.append(Response(moment, answered or None, asked if asked >= smallest_shown else None))
    return tuple(found)


def _asked(session: Session, organisation_id: int, asking: Asking, moment: Moment, now: datetime) -> int:
    """How many people met the question: who began, who finished, or for whom a follow-up has opened."""
    course_id, until = asking.course.id, now
    if asking.version.follows_slug is not None:
        followed = session.scalar(select(Course.id).where(Course.slug == asking.version.follows_slug))
        course_id, until = followed or 0, now - timedelta(weeks=asking.version.follows_weeks or 0)
    elif moment is Moment.BEFORE:
        people = people_of(organisation_id=organisation_id, on=local_day(now))
        met = union(
            select(Attempt.person_id).where(Attempt.course_id == course_id),
            select(Completion.person_id).where(Completion.course_id == course_id),
        ).subquery()
        begun = select(func.count()).select_from(met).where(met.c.person_id.in_(select(people.c.person_id)))
        return session.scalar(begun) or 0
    finished = select(func.count(Completion.person_id.distinct())).where(
        Completion.course_id == course_id,
        Completion.organisation_id == organisation_id,
        Completion.completed_at <= until,
    )
    return session.scalar(finished) or 0
