"""The catalogue: courses and their immutable, numbered versions."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import JSON, ForeignKey, String, Table, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.catalogue.programmes import names_of_programmes
from courses.content.model.course import CourseDocument
from kernel.append_only import keep_append_only
from kernel.database import Base, JsonObject, UTCDateTime
from kernel.errors import NotFound, RuleBroken

# Documents are immutable, so any number of people may share one; a course is about 100 KiB in memory.
_CACHE_SIZE = 32


class Course(Base):
    """A course, whatever its version. ``code`` is the id that authors write (``RE``); ``slug`` is its address.

    A programme has a row too, and no version: see ``programmes``.
    """

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)


class CourseVersion(Base):
    """What was published, exactly. Never changed: learners midway keep reading the version they began.

    The columns repeat from the document what lists and rules need. ``follows_slug`` may name a course that is not
    published.
    """

    __tablename__ = "course_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(1000))
    minutes: Mapped[int]
    follows_slug: Mapped[str | None] = mapped_column(String(80))
    follows_weeks: Mapped[int | None]
    gives_certificate: Mapped[bool]
    fingerprint: Mapped[str] = mapped_column(String(64))
    document: Mapped[JsonObject] = mapped_column(JSON, deferred=True)
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (UniqueConstraint("course_id", "number"),)


keep_append_only(cast(Table, CourseVersion.__table__))


@dataclass(frozen=True)
class PublishOutcome:
    """The version that now stands, and whether this call made it (publishing the same content again does not)."""

    course_id: int
    version_id: int
    number: int
    is_new: bool


def fingerprint_of(document: CourseDocument) -> str:
    """SHA-256, in hexadecimal, of everything a learner could see: two equal documents have one fingerprint."""
    canonical = json.dumps(document.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


# Built once: home pages and course pages run these, and building costs more than running.
_AT_ADDRESS = select(Course).where(Course.slug == bindparam("slug"))
_AT_ADDRESS_WITH_NEWEST = (
    select(Course, CourseVersion)
    .outerjoin(CourseVersion, CourseVersion.course_id == Course.id)
    .where(Course.slug == bindparam("slug"))
    .order_by(CourseVersion.number.desc())
    .limit(1)
)
_NEWEST = (
    select(CourseVersion)
    .where(CourseVersion.course_id == bindparam("course_id"))
    .order_by(CourseVersion.number.desc())
    .limit(1)
)
_number = (
    select(CourseVersion.course_id, func.max(CourseVersion.number).label("number"))
    .group_by(CourseVersion.course_id)
    .subquery()
)
_CURRENT = (
    select(Course, CourseVersion)
    .join(CourseVersion, CourseVersion.course_id == Course.id)
    .join(_number, (_number.c.course_id == Course.id) & (_number.c.number == CourseVersion.number))
    .order_by(CourseVersion.title, Course.id)
)


def get_course(session: Session, *, slug: str) -> Course:
    """The course with this address. Raises ``NotFound``."""
    course = session.scalar(_AT_ADDRESS, {"slug": slug})
    if course is None:
        raise NotFound(f"course {slug}")
    return course


def get_course_with_newest(session: Session, *, slug: str) -> tuple[Course, CourseVersion | None]:
    """The course with this address and its newest version; of a programme there is none. Raises ``NotFound``."""
    row = session.execute(_AT_ADDRESS_WITH_NEWEST, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound(f"course {slug}")
    course, newest = row
    return course, newest


def current_versions(session: Session) -> Sequence[tuple[Course, CourseVersion]]:
    """Every course with its newest version, by title."""
    return session.execute(_CURRENT).all()


def get_current_version(session: Session, *, course_id: int) -> CourseVersion:
    """The newest version of a course. Raises ``NotFound``."""
    version = session.scalar(_NEWEST, {"course_id": course_id})
    if version is None:
        raise NotFound(f"a version of course {course_id}")
    return version


def get_version(session: Session, *, course_id: int, version_number: int) -> CourseVersion:
    """One version by its number. Raises ``NotFound``."""
    version = session.scalar(
        select(CourseVersion).where(CourseVersion.course_id == course_id, CourseVersion.number == version_number)
    )
    if version is None:
        raise NotFound(f"version {version_number} of course {course_id}")
    return version


def titles_of(session: Session, *, course_ids: Collection[int]) -> dict[int, str]:
    """The titles of some courses by id, as their newest versions have them, and the names of programmes among them.

    One statement where all are courses.
    """
    newest = select(func.max(CourseVersion.id)).where(CourseVersion.course_id.in_(course_ids))
    rows = session.execute(
        select(CourseVersion.course_id, CourseVersion.title).where(
            CourseVersion.id.in_(newest.group_by(CourseVersion.course_id))
        )
    )
    found = dict(rows.all())
    others = [key for key in course_ids if key not in found]
    return found | names_of_programmes(session, course_ids=others) if others else found


def courses_by_id(session: Session, *, course_ids: Collection[int]) -> dict[int, Course]:
    """Some courses by id."""
    return {one.id: one for one in session.scalars(select(Course).where(Course.id.in_(course_ids)))}


def versions_of(session: Session, *, course_id: int) -> Sequence[CourseVersion]:
    """All versions of a course, newest first."""
    return session.scalars(
        select(CourseVersion).where(CourseVersion.course_id == course_id).order_by(CourseVersion.number.desc())
    ).all()


_cache: OrderedDict[str, CourseDocument] = OrderedDict()


def document_of(session: Session, *, version_id: int, fingerprint: str) -> CourseDocument:
    """A version's document, kept in memory by fingerprint after the first read. Raises ``NotFound``."""
    document = _cache.get(fingerprint)
    if document is None:
        stored = session.scalar(select(CourseVersion.document).where(CourseVersion.id == version_id))
        if stored is None:
            raise NotFound(f"course version {version_id}")
        document = _cached(fingerprint, stored)
    return document


def documents_of(session: Session, versions: Sequence[CourseVersion]) -> list[CourseDocument]:
    """The documents of ``versions``, in their order, with one query for those that are not in memory yet."""
    cached = {version.fingerprint: _cache.get(version.fingerprint) for version in versions}
    missing = [version.id for version in versions if cached[version.fingerprint] is None]
    if missing:
        stored = select(CourseVersion.fingerprint, CourseVersion.document).where(CourseVersion.id.in_(missing))
        cached |= {fingerprint: _cached(fingerprint, document) for fingerprint, document in session.execute(stored)}
    return [document for version in versions if (document := cached[version.fingerprint]) is not None]


def _cached(fingerprint: str, stored: JsonObject) -> CourseDocument:
    document = CourseDocument.model_validate(stored)
    _cache[fingerprint] = document
    while len(_cache) > _CACHE_SIZE:
        _cache.popitem(last=False)
    return document


def publish(session: Session, *, document: CourseDocument, account_id: int | None, now: datetime) -> PublishOutcome:
    """Make ``document`` the newest version of its course, or find that it already is.

    The unique (course, number) decides when two people publish at once: one of them gets an ``IntegrityError``.
    Raises ``RuleBroken`` when the course's id and address belong to different courses.
    """
    course = _course_for(session, document)
    fingerprint = fingerprint_of(document)
    versions = versions_of(session, course_id=course.id)
    if versions and versions[0].fingerprint == fingerprint:
        return PublishOutcome(course.id, versions[0].id, versions[0].number, is_new=False)
    version = CourseVersion(
        course_id=course.id,
        number=versions[0].number + 1 if versions else 1,
        title=document.title,
        summary=document.summary,
        minutes=document.minutes,
        follows_slug=document.follows.course if document.follows else None,
        follows_weeks=document.follows.weeks if document.follows else None,
        gives_certificate=document.certificate,
        fingerprint=fingerprint,
        document=document.model_dump(mode="json"),
        published_at=now,
        published_by_account_id=account_id,
    )
    session.add(version)
    session.flush()
    return PublishOutcome(course.id, version.id, version.number, is_new=True)


def _course_for(session: Session, document: CourseDocument) -> Course:
    course = find_course_for(session, document=document)
    if course is None:
        course = Course(code=document.id, slug=document.slug)
        session.add(course)
        session.flush()
    return course


def find_course_for(session: Session, *, document: CourseDocument) -> Course | None:
    """The course that ``document`` is a version of, or ``None`` when it is new.

    Raises ``RuleBroken`` when its id and address belong to different courses.
    """
    found = courses_using(session, code=document.id, slug=document.slug)
    if not found:
        return None
    if len(found) == 1 and (found[0].code, found[0].slug) == (document.id, document.slug):
        return found[0]
    raise RuleBroken(
        f"Another course already uses the id {document.id} or the address {document.slug}. "
        "Use both as they are to publish a new version of it, or change both for a new course"
    )


def courses_using(session: Session, *, code: str, slug: str) -> Sequence[Course]:
    """The courses that have this id or this address: none, one, or two."""
    return session.scalars(
        select(Course).where((Course.code == code) | (Course.slug == slug)).order_by(Course.id)
    ).all()
