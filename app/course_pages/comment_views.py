"""A comment to the authors as its writer sees it: the box, what becomes of it, and what they sent."""

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.course_pages.rendering import ReadyCourse
from app.platform.current_settings import current_settings
from app.platform.pages.clashes import ClashView
from courses.content.model.personal import CommentBlock
from courses.records.attempts import CurrentAttempt
from courses.reflection.comments import find_comment
from kernel.seen import marks_of


@dataclass(frozen=True)
class CommentView:
    """A box for ``components/comment.html``. ``smallest`` is how many comments are shown at once, and never fewer.

    ``action_url`` is empty in a preview, where nothing is kept.
    """

    id: str
    prompt_html: Markup
    smallest: int
    text: str
    is_sent: bool
    action_url: str
    seen: str = ""
    error: str | None = None
    clash: ClashView | None = None
    is_unsaved: bool = False
    shape: str = "comment"


def comment_view(
    session: Session, course: ReadyCourse, block: CommentBlock, here: str, attempt: CurrentAttempt
) -> CommentView:
    """The box with what the person at the keyboard sent."""
    sent = find_comment(session, person_id=attempt.person_id, version_id=attempt.version_id, comment_id=block.id)
    return _view(course, block, sent.text if sent else "", f"{here}/comments/{block.id}")


def comment_preview(course: ReadyCourse, block: CommentBlock) -> CommentView:
    """An empty box that sends nothing."""
    return _view(course, block, "", "")


def _view(course: ReadyCourse, block: CommentBlock, text: str, action_url: str) -> CommentView:
    smallest = current_settings().smallest_group
    seen = marks_of({block.id: text})
    return CommentView(block.id, course.markdown(block.prompt), smallest, text, bool(text), action_url, seen)
