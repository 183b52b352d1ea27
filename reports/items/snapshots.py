"""The figures of a version as they were counted last: stored, because counting them is too slow for a page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import JSON, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.catalogue.versions import CourseVersion
from courses.records.attempts import Attempt
from kernel.database import Base, JsonObject, UTCDateTime
from kernel.tasks.background import background_kind, is_coming, open_subjects, want
from reports.items.figures import VersionFigures
from reports.suppression import SMALLEST_SHOWN

COUNT_ITEMS = "count-items"
ITEM_COUNTS = background_kind(COUNT_ITEMS, lease=timedelta(minutes=10))
COUNTED_EVERY = timedelta(days=1)

_figures = TypeAdapter(VersionFigures)


class ItemSnapshot(Base):
    """The newest count of one version. What is stored has small groups left out already."""

    __tablename__ = "item_snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), unique=True)
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    has_figures: Mapped[bool]
    figures: Mapped[JsonObject] = mapped_column(JSON)


@dataclass(frozen=True)
class BegunVersion:
    """A version that somebody has begun. ``has_figures``: enough people had answered when it was counted last."""

    number: int
    has_figures: bool


def find_figures(session: Session, *, version_id: int, smallest_shown: int = SMALLEST_SHOWN) -> VersionFigures | None:
    """The newest count of a version; ``None`` before there is one, and for one that showed smaller groups."""
    stored = session.scalar(select(ItemSnapshot.figures).where(ItemSnapshot.course_version_id == version_id))
    figures = None if stored is None else _figures.validate_python(stored)
    return figures if figures is not None and figures.smallest_shown >= smallest_shown else None


def begun_versions(session: Session, *, course_id: int) -> tuple[BegunVersion, ...]:
    """The versions of a course that anybody has begun, newest first."""
    begun = select(Attempt.course_version_id).where(Attempt.course_id == course_id)
    rows = session.execute(
        select(CourseVersion.number, ItemSnapshot.has_figures)
        .outerjoin(ItemSnapshot, ItemSnapshot.course_version_id == CourseVersion.id)
        .where(CourseVersion.course_id == course_id, CourseVersion.id.in_(begun))
        .order_by(CourseVersion.number.desc())
    )
    return tuple(BegunVersion(number, bool(has_figures)) for number, has_figures in rows)


def store_figures(session: Session, *, version_id: int, figures: VersionFigures) -> None:
    """Keep a count in place of the one before; an older one changes nothing."""
    held = session.scalar(select(ItemSnapshot).where(ItemSnapshot.course_version_id == version_id).with_for_update())
    if held is None:
        held = ItemSnapshot(course_version_id=version_id)
        session.add(held)
    elif held.counted_at > figures.counted_at:
        return
    held.counted_at, held.has_figures = figures.counted_at, figures.has_figures
    held.figures = _figures.dump_python(figures, mode="json")
    session.flush()


def ask_for_count(session: Session, *, version_id: int, now: datetime) -> None:
    """Have a version counted, also when it was counted before."""
    want(session, ITEM_COUNTS, subject=str(version_id), now=now)


def is_count_coming(session: Session, *, version_id: int) -> bool:
    """Whether a count is on its way."""
    return is_coming(session, ITEM_COUNTS, subject=str(version_id))


def ask_for_due_counts(session: Session, *, now: datetime) -> int:
    """Have every version counted that somebody has worked on since a count that is a day old; returns how many."""
    newest = (
        select(Attempt.course_version_id, func.max(Attempt.last_seen_at).label("last_seen_at"))
        .group_by(Attempt.course_version_id)
        .subquery()
    )
    due = session.scalars(
        select(newest.c.course_version_id)
        .outerjoin(ItemSnapshot, ItemSnapshot.course_version_id == newest.c.course_version_id)
        .where(
            ItemSnapshot.id.is_(None)
            | ((ItemSnapshot.counted_at < now - COUNTED_EVERY) & (ItemSnapshot.counted_at < newest.c.last_seen_at))
        )
        .order_by(newest.c.course_version_id)
    ).all()
    open_already = set(open_subjects(session, ITEM_COUNTS))
    fresh = [version_id for version_id in due if str(version_id) not in open_already]
    for version_id in fresh:
        ask_for_count(session, version_id=version_id, now=now)
    return len(fresh)
