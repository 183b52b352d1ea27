"""Comments: what learners choose to tell the authors of a course. They are shown many at a time, and never with a name.

Who wrote a comment is kept for one thing only: its writer can change it and take it back.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.content.model.personal import CommentBlock
from courses.taking.screens import OpenScreen
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken
from kernel.seen import names_to_write

MAX_COMMENT = 1_000  # characters


class CourseComment(Base):
    """One person's comment at one place of a version of a course. ``said_at`` is when they last changed it."""

    __tablename__ = "course_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    comment_id: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        UniqueConstraint("person_id", "course_version_id", "comment_id"),
        Index(None, "course_version_id", "comment_id", "said_at"),
    )


def find_comment(session: Session, *, person_id: int, version_id: int, comment_id: str) -> CourseComment | None:
    """The person's own comment; ``None`` when they sent none, or took it back."""
    return session.scalar(
        select(CourseComment).where(
            CourseComment.person_id == person_id,
            CourseComment.course_version_id == version_id,
            CourseComment.comment_id == comment_id,
        )
    )


def save_comment(
    session: Session, here: OpenScreen, *, comment_id: str, text: str, now: datetime, seen: str | None = None
) -> None:
    """Keep a comment; an empty one is taken back. ``seen`` is what the form carries.

    Raises ``NotFound``, ``RuleBroken`` and, where a newer one is kept than the form held, ``ChangedMeanwhile``.
    """
    if comment_id not in {block.id for block in here.screen.personal if isinstance(block, CommentBlock)}:
        raise NotFound(f"comment {comment_id}")
    text = text.strip()
    if len(text) > MAX_COMMENT:
        raise RuleBroken(
            f"Your comment must be {MAX_COMMENT:,} characters or fewer. It has {len(text):,}", field=comment_id
        )
    person_id, version_id = here.attempt.person_id, here.attempt.version_id
    kept = find_comment(session, person_id=person_id, version_id=version_id, comment_id=comment_id)
    stored = {comment_id: kept.text if kept else ""}
    if not names_to_write(seen, stored=stored, typed={comment_id: text}, field=comment_id):
        return
    if not text:
        if kept is not None:
            session.delete(kept)
    elif kept is None:
        session.add(
            CourseComment(
                person_id=person_id, course_version_id=version_id, comment_id=comment_id, text=text, said_at=now
            )
        )
    elif kept.text != text:
        # It goes to the end of the queue: a changed comment waits for nine others, as a new one does.
        kept.text, kept.said_at = text, now
    session.flush()


def move_comments(session: Session, *, person_id: int, from_version_id: int, to_version_id: int) -> None:
    """Take a person’s comments along to a corrected version: they go on to be theirs to change and to take back."""
    own = update(CourseComment).where(
        CourseComment.person_id == person_id, CourseComment.course_version_id == from_version_id
    )
    session.execute(own.values(course_version_id=to_version_id))
