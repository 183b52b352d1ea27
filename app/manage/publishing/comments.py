"""What learners told the authors of a course: for authors only, many at a time, and never with a name."""

from flask import render_template

from app.manage.publishing.item_views import course_words
from app.platform.access import allow
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from courses.catalogue.versions import document_of, get_course, get_version
from courses.content.model.course import CourseDocument
from courses.content.model.personal import CommentBlock
from people.roles import Role
from reports.comments import MOST_SHOWN, comments_on


def comment_places(document: CourseDocument) -> dict[str, CommentBlock]:
    """Where a version asks for comments, by id, in its order."""
    blocks = (block for _, screen in document.screens() for block in screen.personal)
    return {block.id: block for block in blocks if isinstance(block, CommentBlock)}


@allow(Role.AUTHOR)
def course_comments(slug: str, version_number: int) -> str:
    """The comments on one version, place by place."""
    session = db.session()
    found = get_course(session, slug=slug)
    version = get_version(session, course_id=found.id, version_number=version_number)
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    places, smallest = comment_places(document), current_settings().smallest_group
    words = course_words(slug, version, document)
    said = comments_on(session, version_id=version.id, comment_ids=list(places), smallest_shown=smallest)
    return render_template(
        "manage/course_comments.html",
        course=found,
        version=version,
        places=[(words.markdown(places[one.comment_id].prompt), one) for one in said],
        smallest=smallest,
        most=MOST_SHOWN,
    )
