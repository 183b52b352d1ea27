"""Attempts: one person taking one version of a course, and how far they are.

Whoever changes an attempt holds its row lock first, so two tabs take turns; unique constraints decide the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.catalogue import Course, CourseVersion, document_of
from courses.content.model import CourseDocument
from courses.example_sets import ExampleChoice
from courses.local_text import EMPLOYER_ID, LOCALITY_COLUMNS, Locality, locality_from
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound
from people.organisations import Organisation


class Attempt(Base):
    """A person on a version of a course. ``cycle`` goes up when the course is taken again after it expired."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    cycle: Mapped[int]
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    at_module: Mapped[str] = mapped_column(String(80))
    at_screen: Mapped[int]

    __table_args__ = (UniqueConstraint("person_id", "course_id", "cycle"), Index(None, "course_id", "person_id"))


class ModuleProgress(Base):
    """How far an attempt is in one module: how many of its screens, from the first, are done.

    One that was skipped after a pre-test is complete, and its moment of skipping is kept.
    """

    __tablename__ = "module_progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    module_id: Mapped[str] = mapped_column(String(40))
    screens_done: Mapped[int]
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    skipped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("attempt_id", "module_id"),)


@dataclass(frozen=True)
class CurrentAttempt:
    """A person's newest attempt at a course, with what every page of it needs; one query reads it."""

    id: int
    person_id: int
    course_id: int
    cycle: int
    version_id: int
    version_number: int
    fingerprint: str
    at_module: str
    at_screen: int
    screens_done: dict[str, int]
    completed_modules: frozenset[str]
    skipped_modules: frozenset[str] = frozenset()

    def document(self, session: Session) -> CourseDocument:
        """The version that this attempt is on."""
        return document_of(session, version_id=self.version_id, fingerprint=self.fingerprint)


_Row = tuple[int, int, int, int, int, str, str, int, str, int, datetime | None, datetime | None]

# Built once, like the others here with a bindparam: pages run them at every request, and building costs more than
# running. One row for each module begun, newest cycle first.
_CURRENT = (
    select(
        Attempt.id,
        Attempt.course_id,
        Attempt.cycle,
        CourseVersion.id,
        CourseVersion.number,
        CourseVersion.fingerprint,
        Attempt.at_module,
        Attempt.at_screen,
        ModuleProgress.module_id,
        ModuleProgress.screens_done,
        ModuleProgress.completed_at,
        ModuleProgress.skipped_at,
    )
    .join(Course, Course.id == Attempt.course_id)
    .join(CourseVersion, CourseVersion.id == Attempt.course_version_id)
    .outerjoin(ModuleProgress, ModuleProgress.attempt_id == Attempt.id)
    .where(Attempt.person_id == bindparam("person_id"))
    .order_by(Attempt.course_id, Attempt.cycle.desc(), ModuleProgress.id)
)
_CURRENT_AT = _CURRENT.where(Course.slug == bindparam("slug"))
# The busiest page asks for both at once: a trip to the database costs more than the wider row.
_CURRENT_WITH_LOCALITY = (
    _CURRENT_AT.add_columns(*LOCALITY_COLUMNS, ExampleChoice.set_id)
    .outerjoin(Organisation, Organisation.id == EMPLOYER_ID)
    .outerjoin(
        ExampleChoice,
        and_(ExampleChoice.person_id == Attempt.person_id, ExampleChoice.course_id == Attempt.course_id),
    )
)


def find_attempt(session: Session, *, person_id: int, slug: str) -> CurrentAttempt | None:
    """A person's newest attempt at the course with this address, or ``None`` before they begin."""
    rows = session.execute(_CURRENT_AT, {"person_id": person_id, "slug": slug}).all()
    return _newest(person_id, rows) if rows else None


def find_attempt_with_locality(
    session: Session, *, person_id: int, slug: str, on: date
) -> tuple[CurrentAttempt, Locality] | None:
    """As ``find_attempt``, with whose words the person reads on a day, in the same query."""
    # From the connection, as in people.roles.find_signed_in: this is the other query of the busiest page.
    rows = session.connection().execute(_CURRENT_WITH_LOCALITY, {"person_id": person_id, "slug": slug, "on": on}).all()
    return (_newest(person_id, [row[:12] for row in rows]), locality_from(*rows[0][12:])) if rows else None


def attempts_of(session: Session, *, person_id: int) -> dict[int, CurrentAttempt]:
    """A person's newest attempt at each course they have begun, by course id."""
    rows = session.execute(_CURRENT, {"person_id": person_id}).all()
    return {
        course_id: _newest(person_id, list(of_course)) for course_id, of_course in groupby(rows, key=lambda row: row[1])
    }


def _newest(person_id: int, rows: Sequence[_Row]) -> CurrentAttempt:
    identity, course_id, cycle, version_id, number, fingerprint, at_module, at_screen, *_ = rows[0]
    begun = [row[8:] for row in rows if row[0] == identity and row[8] is not None]
    return CurrentAttempt(
        id=identity,
        person_id=person_id,
        course_id=course_id,
        cycle=cycle,
        version_id=version_id,
        version_number=number,
        fingerprint=fingerprint,
        at_module=at_module,
        at_screen=at_screen,
        screens_done={module_id: done for module_id, done, *_ in begun},
        completed_modules=frozenset(module_id for module_id, _, completed_at, _ in begun if completed_at is not None),
        skipped_modules=frozenset(module_id for module_id, *_, skipped_at in begun if skipped_at is not None),
    )


def get_attempt(session: Session, *, person_id: int, slug: str) -> CurrentAttempt:
    """As ``find_attempt``. Raises ``NotFound`` when the person has not begun."""
    attempt = find_attempt(session, person_id=person_id, slug=slug)
    if attempt is None:
        raise NotFound(f"an attempt of person {person_id} at {slug}")
    return attempt


def lock_attempt(session: Session, *, person_id: int, slug: str) -> CurrentAttempt:
    """As ``get_attempt``, after waiting for any other request that is changing it. Raises ``NotFound``."""
    held = session.scalar(
        select(Attempt.id)
        .join(Course, Course.id == Attempt.course_id)
        .where(Attempt.person_id == person_id, Course.slug == slug)
        .order_by(Attempt.cycle.desc())
        .limit(1)
        .with_for_update(of=Attempt)
    )
    if held is None:
        raise NotFound(f"an attempt of person {person_id} at {slug}")
    return get_attempt(session, person_id=person_id, slug=slug)


def begin(session: Session, *, person_id: int, version: CourseVersion, first_module: str, now: datetime) -> None:
    """Start the course on ``version``; beginning twice, also in two tabs at once, begins once."""
    attempt = Attempt(
        person_id=person_id,
        course_id=version.course_id,
        cycle=1,
        course_version_id=version.id,
        started_at=now,
        last_seen_at=now,
        at_module=first_module,
        at_screen=1,
    )
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:  # begun already; the unique constraint decides
        return
