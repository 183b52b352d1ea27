"""A comment to the authors as its writer sees it: the box, what becomes of it, and what they sent."""

from dataclasses import dataclass

from flask import current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.access import who
from app.learn.rendering import ReadyCourse
from courses.attempts import get_attempt
from courses.comments import find_comment
from courses.content.personal import CommentBlock


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
    error: str | None = None
    shape: str = "comment"


def comment_view(session: Session, course: ReadyCourse, block: CommentBlock, here: str) -> CommentView:
    """The box with what the person at the keyboard sent."""
    attempt = get_attempt(session, person_id=who().person_id, slug=course.document.slug)
    sent = find_comment(session, person_id=attempt.person_id, version_id=attempt.version_id, comment_id=block.id)
    return _view(course, block, sent.text if sent else "", f"{here}/comments/{block.id}")


def comment_preview(course: ReadyCourse, block: CommentBlock) -> CommentView:
    """An empty box that sends nothing."""
    return _view(course, block, "", "")


def _view(course: ReadyCourse, block: CommentBlock, text: str, action_url: str) -> CommentView:
    smallest = current_app.config["SETTINGS"].smallest_group
    return CommentView(block.id, course.markdown(block.prompt), smallest, text, bool(text), action_url)
