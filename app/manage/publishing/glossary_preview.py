"""The words that a course explains, as authors look them over before learners do."""

from flask import render_template, request

from app.course_pages.glossary import entries, find_return_screen
from app.manage.publishing.previewing import Subject, chosen_local_wording, subject_of_upload, subject_of_version
from app.platform.access import allow
from app.platform.extensions import db
from courses.content.model.course import CourseDocument
from courses.content.model.glossary import term_ids
from kernel.errors import NotFound
from people.roles import Role


@allow(Role.AUTHOR, Role.ADMIN)
def glossary_of_upload(upload_id: int) -> str:
    """The words of an upload that is not published yet."""
    return _page(subject_of_upload(db.session(), upload_id))


@allow(Role.AUTHOR, Role.ADMIN)
def glossary_of_version(slug: str, version_number: int) -> str:
    """The words of a published version."""
    return _page(subject_of_version(db.session(), slug, version_number))


def _page(subject: Subject) -> str:
    course, _ = chosen_local_wording(db.session(), subject)
    found = entries(course)
    if not found:
        raise NotFound(f"a glossary of {subject.name}")
    back = find_return_screen(course, request.args.get("back", ""))
    return render_template(
        "manage/glossary.html",
        subject=subject,
        entries=found,
        asked=request.args.get("term", ""),
        back=back,
        back_url=subject.url(back.module_slug, back.screen_number, course.authority, course.example_set)
        if back
        else None,
        linked=_linked_terms(subject.document),
    )


def _linked_terms(document: CourseDocument) -> int:
    """How many of the words some text leads to."""
    texts = [screen.model_dump_json() for _, screen in document.screens()]
    texts += [question.story for question in document.questions.values()]
    return len({term_id for text in texts for term_id in term_ids(text)} & set(document.glossary))
