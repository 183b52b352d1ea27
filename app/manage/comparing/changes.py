"""What is different between two versions, or between an upload and the version that stands."""

from dataclasses import dataclass

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from app.platform.access import allow
from app.platform.extensions import db
from app.platform.input.requests import number_in
from courses.catalogue.publication import plan_publication
from courses.catalogue.uploads import document_of_upload, get_upload
from courses.catalogue.versions import Course, CourseVersion, document_of, get_course, get_version, versions_of
from courses.content.comparing.version_changes import PartChange, VersionChanges, version_changes
from courses.content.comparing.word_changes import TextChange
from courses.content.model.course import CourseDocument
from people.roles import Role

MOST_SHOWN = 100
TITLES = {
    "keys": "Questions with another right answer",
    "questions": "Questions",
    "screens": "Screens",
    "quizzes": "Quizzes",
    "facts": "Facts",
}


@dataclass(frozen=True)
class Group:
    """Changes of one sort: all counted, and those that are shown."""

    key: str
    title: str
    count: int
    shown: tuple[PartChange, ...]


@dataclass(frozen=True)
class Comparison:
    """Two versions as the page shows them."""

    before: str
    after: str
    groups: tuple[Group, ...]
    settings: tuple[TextChange, ...]
    is_empty: bool


def comparison_of(changes: VersionChanges, before: str, after: str) -> Comparison:
    """Changes as the page shows them: keys first; of all parts together the first hundred."""
    groups: list[Group] = []
    for key, title in TITLES.items():
        parts = getattr(changes, key)
        left = MOST_SHOWN - sum(len(group.shown) for group in groups)
        if parts:
            groups.append(Group(key, title, len(parts), parts[: max(0, left)]))
    return Comparison(before, after, tuple(groups), changes.settings, changes.is_empty)


@allow(Role.AUTHOR, Role.ADMIN)
def version_differences(slug: str, version_number: int) -> str:
    """A version beside an earlier one: the one before it, unless the address names another."""
    session = db.session()
    course = get_course(session, slug=slug)
    version = get_version(session, course_id=course.id, version_number=version_number)
    earlier = [one for one in versions_of(session, course_id=course.id) if one.number < version_number]
    if not earlier:
        abort(404)
    before = get_version(
        session, course_id=course.id, version_number=number_in(request.args, "from", earlier[0].number)
    )
    if before.number >= version_number:
        abort(404)
    changes = version_changes(_document(session, before), _document(session, version))
    return _page(
        course, version.title, comparison_of(changes, f"Version {before.number}", f"Version {version_number}"), earlier
    )


def _document(session: Session, version: CourseVersion) -> CourseDocument:
    return document_of(session, version_id=version.id, fingerprint=version.fingerprint)


def _page(course: Course, title: str, comparison: Comparison, earlier: list[CourseVersion]) -> str:
    return render_template(
        "manage/version_differences.html",
        course=course,
        title=title,
        comparison=comparison,
        earlier=earlier,
        upload=None,
    )


@allow(Role.AUTHOR, Role.ADMIN)
def upload_differences(upload_id: int) -> str:
    """An upload beside the version that stands now."""
    session = db.session()
    upload = get_upload(session, upload_id=upload_id)
    document = document_of_upload(upload)
    plan = plan_publication(session, document=document)
    if plan.course is None or not plan.is_new:
        abort(404)
    newest = versions_of(session, course_id=plan.course.id)[0]
    changes = version_changes(_document(session, newest), document)
    return render_template(
        "manage/upload_differences.html",
        course=plan.course,
        title=document.title,
        comparison=comparison_of(changes, f"Version {newest.number}", "This upload"),
        earlier=[],
        upload=upload,
    )
