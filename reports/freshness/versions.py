"""Which versions of a course people have seen, and in words what has changed in it since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assignments.audiences.conditions import end_of
from courses.catalogue.versions import CourseVersion, documents_of, versions_of
from courses.content.comparing.summary import changes_in_words
from courses.content.comparing.version_changes import version_changes
from kernel.clock import local_day
from reports.freshness.counting import BEFORE_RECORD


@dataclass(frozen=True)
class VersionSeen:
    """A version that people finished, or the one that stood. ``published_on`` is ``None`` for what was completed before
    it was recorded here. ``changes`` say what the newest has otherwise; the newest itself has none."""

    number: int
    title: str
    published_on: date | None
    is_newest: bool
    changes: tuple[str, ...]

    @property
    def words(self) -> str:
        """What it is called in a table and a file."""
        return f"Version {self.number}" if self.number != BEFORE_RECORD else "Before it was recorded here"


def versions_seen(session: Session, *, course_id: int, numbers: Sequence[int], on: date) -> tuple[VersionSeen, ...]:
    """These versions, and the one that stood at the end of the day, the newest first; none of a programme."""
    there = versions_of(session, course_id=course_id)
    stood = next((one.number for one in there if one.published_at < end_of(on)), None)
    wanted = [one for one in there if one.number == stood or one.number in numbers]
    found = [
        VersionSeen(one.number, one.title, local_day(one.published_at), one is wanted[0], changes)
        for one, changes in zip(wanted, _changes(session, wanted), strict=True)
    ]
    if BEFORE_RECORD in numbers:
        found.append(VersionSeen(BEFORE_RECORD, "", None, is_newest=False, changes=()))
    return tuple(found)


def _changes(session: Session, versions: Sequence[CourseVersion]) -> list[tuple[str, ...]]:
    """For each, what the first of them has otherwise."""
    if not versions:
        return []
    newest, *earlier = documents_of(session, versions)
    return [(), *(changes_in_words(version_changes(one, newest)) for one in earlier)]
