"""What learners told the authors of a version of a course: ten at a time, with nothing about who wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.reflection.comments import CourseComment
from reports.suppression import check_threshold, whole_steps

MOST_SHOWN = 300


@dataclass(frozen=True)
class Comments:
    """The comments at one place. ``texts`` are in the order of the alphabet, which says nothing about when or by whom.

    ``shown`` is how many may be read, in whole steps; of more than ``MOST_SHOWN`` only the newest are in ``texts``.
    """

    comment_id: str
    shown: int
    texts: tuple[str, ...]


def comments_on(
    session: Session, *, version_id: int, comment_ids: Sequence[str], smallest_shown: int
) -> tuple[Comments, ...]:
    """The comments on a version, in the order of ``comment_ids``. Raises ``ValueError`` for a step below 10."""
    check_threshold(smallest_shown)
    here = CourseComment.course_version_id == version_id
    counts = select(CourseComment.comment_id, func.count()).where(here).group_by(CourseComment.comment_id)
    numbers: dict[str, int] = {row[0]: row[1] for row in session.execute(counts)}
    found = []
    for comment_id in comment_ids:
        shown = whole_steps(numbers.get(comment_id, 0), smallest_shown)
        query = (
            select(CourseComment.text)
            .where(here, CourseComment.comment_id == comment_id)
            .order_by(CourseComment.said_at, CourseComment.id)
            .offset(max(0, shown - whole_steps(MOST_SHOWN, smallest_shown)))
            .limit(min(shown, whole_steps(MOST_SHOWN, smallest_shown)))
        )
        texts = sorted(session.scalars(query), key=lambda text: (text.casefold(), text)) if shown else []
        found.append(Comments(comment_id, shown, tuple(texts)))
    return tuple(found)
