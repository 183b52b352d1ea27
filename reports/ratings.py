"""What the people of an authority say about themselves, counted: never who said what, and never fewer than ten.

Figures grow in steps of ten people, oldest first, so that no two of them differ by what one person said. They belong
to the authority that employed somebody on the day: a change of jobs does not move them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import Session

from courses.catalogue.versions import Course, CourseVersion, current_versions, document_of
from courses.content.model.personal import PREFER_NOT, Instrument, Moment, Statement, StatementsBlock
from courses.records.attempts import Attempt
from courses.records.completion import Completion, is_standing
from courses.reflection.ratings import Rating
from kernel.clock import local_day
from kernel.errors import NotFound
from kernel.rounding import rounded_to, whole_percent
from people.counting import people_of, who_count
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
    def average(self) -> Decimal:
        """The average point, from 1 to 5, to one place; only of statements that are rated by agreement."""
        points = sum(int(value) * count for value, count in self.counts.items())
        return rounded_to(Fraction(points, self.people), 1)

    @property
    def agree_percent(self) -> int:
        """The share who chose 4 or 5, in whole per cent."""
        return self.percent(*AGREE)

    def percent(self, *values: str) -> int:
        """The share who gave one of these answers, in whole per cent."""
        return whole_percent(sum(self.counts.get(value, 0) for value in values), self.people)


@dataclass(frozen=True)
class StatementFigures:
    """One statement; a moment that is missing from ``answers`` is not shown."""

    statement: Statement
    answers: Mapping[Moment, Answers]


@dataclass(frozen=True)
class Response:
    """How many answered at a moment, of how many who were asked: both in whole steps, ``None`` where there is none."""

    moment: Moment
    answered: int | None
    asked: int | None

    @property
    def percent(self) -> int | None:
        """The response rate in whole per cent."""
        return whole_percent(self.answered, self.asked) if self.answered and self.asked else None


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
class InstrumentCourse:
    """Where an instrument is asked: in which course, at which moments."""

    course: Course
    version: CourseVersion
    moments: frozenset[Moment]


def instruments_asked(session: Session) -> dict[str, tuple[Instrument, tuple[InstrumentCourse, ...]]]:
    """The instruments of the newest versions, by id, each with the courses that ask it."""
    found: dict[str, tuple[Instrument, tuple[InstrumentCourse, ...]]] = {}
    for course, version in current_versions(session):
        document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
        moments: dict[str, set[Moment]] = {}
        for _, screen in document.screens():
            for block in screen.personal:
                if isinstance(block, StatementsBlock):
                    moments.setdefault(block.instrument_id, set()).add(block.moment)
        for key, asked in moments.items():
            before = found.get(key, (document.instruments[key], ()))
            found[key] = (before[0], (*before[1], InstrumentCourse(course, version, frozenset(asked))))
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
    instrument, courses = asked
    moments = tuple(moment for moment in ORDER if any(moment in course.moments for course in courses))
    answers = _answers(session, organisation.id, instrument_id, smallest_shown)
    return RatingFigures(
        organisation_name=organisation.name,
        organisation_slug=organisation.slug,
        instrument_id=instrument_id,
        instrument=instrument,
        moments=moments,
        responses=_responses(session, organisation.id, instrument_id, courses, moments, now, smallest_shown),
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
    courses: tuple[InstrumentCourse, ...],
    moments: tuple[Moment, ...],
    now: datetime,
    smallest_shown: int,
) -> tuple[Response, ...]:
    """Who answered here, of those who count today and were asked: an exact number of them, or of others, would show
    by a subtraction how many have left. Whoever answered was asked, also who has left since or never finished."""
    people = people_of(organisation_id=organisation_id, on=local_day(now))
    counted = select(people.c.person_id).where(who_count(people))
    found = []
    for moment in moments:
        course = next(course for course in courses if moment in course.moments)
        said = select(Rating.person_id).where(
            Rating.organisation_id == organisation_id, Rating.instrument_id == instrument_id, Rating.moment == moment
        )
        met = (one.where(one.selected_columns[0].in_(counted)) for one in _met(session, course, moment, now))
        answered, asked = (
            session.scalar(select(func.count()).select_from(union(*parts).subquery())) or 0
            for parts in ([said.where(Rating.value != PREFER_NOT.id).distinct()], [*met, said])
        )
        found.append(Response(moment, *(whole_steps(number, smallest_shown) or None for number in (answered, asked))))
    return tuple(found)


def _met(session: Session, course: InstrumentCourse, moment: Moment, now: datetime) -> tuple[Select[int], ...]:
    """The people who met the question: who began, who finished, or for whom a follow-up has opened."""
    course_id, until = course.course.id, now
    if course.version.follows_slug is not None:
        followed = session.scalar(select(Course.id).where(Course.slug == course.version.follows_slug))
        course_id, until = followed or 0, now - timedelta(weeks=course.version.follows_weeks or 0)
    finished = select(Completion.person_id).where(
        Completion.course_id == course_id, Completion.completed_at <= until, is_standing()
    )
    if moment is Moment.BEFORE and course.version.follows_slug is None:
        return select(Attempt.person_id).where(Attempt.course_id == course_id), finished
    return (finished,)
