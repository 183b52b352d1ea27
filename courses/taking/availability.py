"""When a course opens to a person: at any time, or so many weeks after they completed the course that it follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.versions import Course, CourseVersion
from courses.records.completion import Completion, is_standing
from kernel.clock import LOCAL, local_day

_WORDS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Opening:
    """Whether a person may begin a course now, and if not, why not in a sentence.

    ``opens_on`` is the day from which they may; ``None`` for a course that follows no other, and until they have
    completed the one that it follows.
    """

    is_open: bool
    opens_on: date | None = None
    refusal: str = ""


ALWAYS = Opening(is_open=True)


def opens_at(*, completed_at: datetime | None, weeks: int) -> datetime | None:
    """When a course opens that follows another by so many weeks: as that day begins in the city region.

    ``None`` while the other one is not completed.
    """
    if completed_at is None:
        return None
    return datetime.combine(local_day(completed_at) + timedelta(weeks=weeks), time(), LOCAL)


def opening_for(session: Session, *, person_id: int, version: CourseVersion, now: datetime) -> Opening:
    """Whether a person who has not begun this version's course may begin it now."""
    if version.follows_slug is None:
        return ALWAYS
    title = session.scalar(
        select(CourseVersion.title)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.slug == version.follows_slug)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    )
    completed_at = session.scalar(
        select(func.min(Completion.completed_at))
        .join(Course, Course.id == Completion.course_id)
        .where(Course.slug == version.follows_slug, Completion.person_id == person_id, is_standing())
    )
    return _opening(version, title, completed_at, now)


def openings(
    current: Sequence[tuple[Course, CourseVersion]], *, completions: Iterable[Completion], now: datetime
) -> dict[int, Opening]:
    """As ``opening_for``, for every course at once by its id. ``completions`` are the person's, in any order."""
    titles = {course.slug: version.title for course, version in current}
    slugs = {course.id: course.slug for course, _ in current}
    # The first completion counts, so that what has opened never closes again.
    completed: dict[str, datetime] = {}
    for completion in completions:
        slug = slugs[completion.course_id]
        completed[slug] = min(completion.completed_at, completed.get(slug, completion.completed_at))
    return {
        course.id: _opening(version, titles.get(version.follows_slug), completed.get(version.follows_slug), now)
        if version.follows_slug
        else ALWAYS
        for course, version in current
    }


def _opening(version: CourseVersion, title: str | None, completed_at: datetime | None, now: datetime) -> Opening:
    weeks = version.follows_weeks or 0
    moment = opens_at(completed_at=completed_at, weeks=weeks)
    if title is None:
        return Opening(False, refusal="This follows a course that is not published yet, so it is not open.")
    if moment is None:
        when = f"{weeks_in_words(weeks)} after you finish" if weeks else "when you have finished"
        return Opening(False, refusal=f"This opens {when} {title}.")
    day = local_day(moment)
    if now >= moment:
        return Opening(True, day)
    on = f"{day.day} {day:%B %Y}"
    return Opening(False, day, f"This opens on {on}, {weeks_in_words(weeks)} after you finished {title}.")


def weeks_in_words(weeks: int) -> str:
    """One week, two weeks, 13 weeks."""
    number = _WORDS[weeks] if 0 < weeks < len(_WORDS) else str(weeks)
    return f"{number} {'week' if weeks == 1 else 'weeks'}"
