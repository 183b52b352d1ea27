"""Attempts: one person taking one version of a course, and how far they are.

Whoever changes an attempt holds its row lock first, so two tabs take turns; unique constraints decide the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, and_, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from courses.catalogue.example_sets import ExampleChoice
from courses.catalogue.local_wording import (
    EMPLOYER_ID,
    LOCAL_WORDING_COLUMNS,
    LocalWordingSource,
    local_wording_source_from,
)
from courses.catalogue.versions import Course, CourseVersion, document_of
from courses.content.model.course import CourseDocument
from kernel.database import Base, UTCDateTime, table_of
from kernel.errors import NotFound
from kernel.insert_once import insert_once
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
    # Begun for its person after a withdrawal, and not touched by them since.
    is_untouched: bool = False

    def document(self, session: Session) -> CourseDocument:
        """The version that this attempt is on."""
        return document_of(session, version_id=self.version_id, fingerprint=self.fingerprint)


_Row = tuple[int, int, int, int, int, str, str, int, str, int, bool, bool, bool]
_ROW_LENGTH = 13

# Built once, like the others here with a bindparam: pages run them at every request, and building costs more than
# running. One row for each module begun, newest cycle first.
_COLUMNS = (
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
        ModuleProgress.completed_at.is_not(None),
        ModuleProgress.skipped_at.is_not(None),
        # Whoever changes an attempt notes that its person was there.
        and_(Attempt.cycle > 1, Attempt.last_seen_at == Attempt.started_at),
    )
    .join(Course, Course.id == Attempt.course_id)
    .join(CourseVersion, CourseVersion.id == Attempt.course_version_id)
    .outerjoin(ModuleProgress, ModuleProgress.attempt_id == Attempt.id)
)
_CURRENT = _COLUMNS.where(Attempt.person_id == bindparam("person_id")).order_by(
    Attempt.course_id, Attempt.cycle.desc(), ModuleProgress.id
)
_CURRENT_HELD = _COLUMNS.where(Attempt.id == bindparam("attempt_id")).order_by(ModuleProgress.id)
_CURRENT_AT = _CURRENT.where(Course.slug == bindparam("slug"))
# The busiest page asks for both at once: a trip to the database costs more than the wider row.
_CURRENT_WITH_LOCAL_WORDING = (
    _CURRENT_AT.add_columns(*LOCAL_WORDING_COLUMNS, ExampleChoice.set_id)
    .outerjoin(Organisation, Organisation.id == EMPLOYER_ID)
    .outerjoin(
        ExampleChoice,
        and_(ExampleChoice.person_id == Attempt.person_id, ExampleChoice.course_id == Attempt.course_id),
    )
)
_attempt, _same = table_of(Attempt), aliased(Attempt)
_HOLD = (
    update(_attempt)
    .where(
        _attempt.c.id
        == select(_same.id)
        .join(Course, Course.id == _same.course_id)
        .where(_same.person_id == bindparam("of_person"), Course.slug == bindparam("at_slug"))
        .order_by(_same.cycle.desc())
        .limit(1)
        .scalar_subquery()
    )
    .values(last_seen_at=bindparam("now"))
    .returning(_attempt.c.id)
)


def find_attempt(session: Session, *, person_id: int, slug: str) -> CurrentAttempt | None:
    """A person's newest attempt at the course with this address, or ``None`` before they begin."""
    rows = session.execute(_CURRENT_AT, {"person_id": person_id, "slug": slug}).all()
    return _newest(person_id, rows) if rows else None


def find_attempt_with_local_wording(
    session: Session, *, person_id: int, slug: str, on: date
) -> tuple[CurrentAttempt, LocalWordingSource] | None:
    """As ``find_attempt``, with whose words the person reads on a day, in the same query."""
    # From the connection, as in people.roles.find_signed_in: this is the other query of the busiest page.
    rows = (
        session.connection()
        .execute(_CURRENT_WITH_LOCAL_WORDING, {"person_id": person_id, "slug": slug, "on": on})
        .all()
    )
    if not rows:
        return None
    return (_newest(person_id, [row[:_ROW_LENGTH] for row in rows]), local_wording_source_from(*rows[0][_ROW_LENGTH:]))


def attempts_of(session: Session, *, person_id: int) -> dict[int, CurrentAttempt]:
    """A person's newest attempt at each course they have begun, by course id."""
    rows = session.execute(_CURRENT, {"person_id": person_id}).all()
    return {
        course_id: _newest(person_id, list(of_course)) for course_id, of_course in groupby(rows, key=lambda row: row[1])
    }


def _newest(person_id: int, rows: Sequence[_Row]) -> CurrentAttempt:
    identity, course_id, cycle, version_id, number, fingerprint, at_module, at_screen, *_ = rows[0]
    begun = [row[8:12] for row in rows if row[0] == identity and row[8] is not None]
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
        completed_modules=frozenset(module_id for module_id, _, is_complete, _ in begun if is_complete),
        skipped_modules=frozenset(module_id for module_id, *_, is_skipped in begun if is_skipped),
        is_untouched=bool(rows[0][12]),
    )


def people_who_began(
    course_id: int, *, before: datetime | None = None, leaving_out: Select[int] | None = None
) -> Select[int]:
    """The ids of people who began a course, or did so ``before`` a moment; attempts may be left out by their ids.

    For somebody whose completion was withdrawn the course is begun again only when they have touched it again.
    """
    again = aliased(Attempt)
    waiting = select(again.person_id).where(
        again.course_id == course_id, again.cycle > 1, again.last_seen_at == again.started_at
    )
    began = select(Attempt.person_id).where(Attempt.course_id == course_id, Attempt.person_id.not_in(waiting))
    if leaving_out is not None:
        began = began.where(Attempt.id.not_in(leaving_out))
    return began if before is None else began.where(Attempt.started_at < before)


def get_attempt(session: Session, *, person_id: int, slug: str) -> CurrentAttempt:
    """As ``find_attempt``. Raises ``NotFound`` when the person has not begun."""
    attempt = find_attempt(session, person_id=person_id, slug=slug)
    if attempt is None:
        raise NotFound(f"an attempt of person {person_id} at {slug}")
    return attempt


def lock_attempt(session: Session, *, person_id: int, slug: str, now: datetime) -> CurrentAttempt:
    """As ``get_attempt``, after waiting for any other request that is changing it. Raises ``NotFound``.

    The lock is the note of when the person was last seen. What is read comes after it, in a statement of its own: on
    PostgreSQL a statement that had to wait sees other tables as they were before it waited.
    """
    connection = session.connection()
    held = connection.scalar(_HOLD, {"of_person": person_id, "at_slug": slug, "now": now})
    if held is None:
        raise NotFound(f"an attempt of person {person_id} at {slug}")
    return _newest(person_id, connection.execute(_CURRENT_HELD, {"attempt_id": held}).all())


def attempt_with_id(session: Session, attempt_id: int) -> CurrentAttempt:
    """One attempt, whoever takes it."""
    person_id = session.scalar(select(Attempt.person_id).where(Attempt.id == attempt_id))
    if person_id is None:
        raise NotFound(f"attempt {attempt_id}")
    return _newest(person_id, session.connection().execute(_CURRENT_HELD, {"attempt_id": attempt_id}).all())


def begin(
    session: Session, *, person_id: int, version: CourseVersion, first_module: str, now: datetime, cycle: int = 1
) -> None:
    """Start the course on ``version``; beginning a cycle twice, also in two tabs at once, begins it once."""
    attempt = {
        "person_id": person_id,
        "course_id": version.course_id,
        "cycle": cycle,
        "course_version_id": version.id,
        "started_at": now,
        "last_seen_at": now,
        "at_module": first_module,
        "at_screen": 1,
    }
    insert_once(session, Attempt, [attempt], unique=("person_id", "course_id", "cycle"))


def carry_complete_modules(session: Session, attempt: Attempt) -> None:
    """Let modules that the attempt before this one had complete be complete in this one too."""
    earlier = (
        select(ModuleProgress)
        .join(Attempt, Attempt.id == ModuleProgress.attempt_id)
        .where(
            Attempt.person_id == attempt.person_id,
            Attempt.course_id == attempt.course_id,
            Attempt.cycle == attempt.cycle - 1,
            ModuleProgress.completed_at.is_not(None),
        )
        .order_by(ModuleProgress.id)
    )
    own = select(ModuleProgress).where(ModuleProgress.attempt_id == attempt.id)
    begun = {row.module_id: row for row in session.scalars(own)}
    for before in session.scalars(earlier).all():
        row = begun.get(before.module_id)
        if row is None:
            row = ModuleProgress(attempt_id=attempt.id, module_id=before.module_id, screens_done=0)
            session.add(row)
        row.screens_done = max(row.screens_done, before.screens_done)
        row.completed_at = row.completed_at or before.completed_at
        row.skipped_at = row.skipped_at or before.skipped_at
    session.flush()
