"""A course as learners will see it, in any authority's wording. Nothing here is kept."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from app.course_pages.personal import PersonalView, personal_preview
from app.course_pages.rendering import ReadyCourse
from app.course_pages.screen_reading import ScreenView, whole_screen_view
from app.manage.publishing.facts import fact_note
from app.manage.publishing.question_preview import QuestionPreview, question_preview
from app.manage.publishing.quiz_preview import QuizPreview, quiz_preview
from app.platform.access import allow
from app.platform.extensions import db
from app.platform.input.requests import number_in
from courses.catalogue.local_wording import local_wording_of
from courses.catalogue.uploads import document_of_upload, get_upload
from courses.catalogue.versions import document_of, get_course, get_version
from courses.content.model.course import CourseDocument, Module
from courses.content.model.local_wording import token_values
from kernel.errors import NotFound
from people.organisations import Organisation, get_organisation, organisations
from people.roles import Role


@dataclass(frozen=True)
class Subject:
    """What is previewed: its document, how to name it, and how to build its addresses."""

    document: CourseDocument
    name: str
    outline_url: str
    endpoint: str
    glossary_endpoint: str
    arguments: dict[str, Any]

    def url(self, module_slug: str, screen_number: int, authority: str | None, examples: str | None) -> str:
        """The address of a screen; the authority whose wording is shown and the example set stay the same."""
        return url_for(
            self.endpoint,
            **self.arguments,
            module_slug=module_slug,
            screen_number=screen_number,
            authority=authority,
            examples=examples,
        )

    def glossary_url(self, course: ReadyCourse, term_id: str, back: str) -> str:
        """The address of a word that it explains; ``back`` is the place to come back to, such as "why/3"."""
        return url_for(
            self.glossary_endpoint,
            **self.arguments,
            authority=course.authority,
            examples=course.example_set,
            term=term_id,
            back=back or None,
            _anchor=term_id,
        )


@dataclass(frozen=True)
class Step:
    """The screen before or after this one."""

    title: str
    url: str


@dataclass(frozen=True)
class Preview:
    """Everything that a preview shows of one screen."""

    subject: Subject
    module: Module
    module_title: str
    module_number: int
    screen_number: int
    screen: ScreenView
    questions: dict[str, QuestionPreview | None]
    personal: dict[str, PersonalView]
    quiz: QuizPreview | None
    authority: Organisation | None
    previous: Step | None
    next: Step | None


@allow(Role.AUTHOR, Role.ADMIN)
def preview_upload(upload_id: int, module_slug: str, screen_number: int) -> str:
    """A screen of an upload that is not published yet."""
    return _page(db.session(), subject_of_upload(db.session(), upload_id), module_slug, screen_number)


def subject_of_upload(session: Session, upload_id: int) -> Subject:
    """What waits to be published. Raises ``NotFound``."""
    upload = get_upload(session, upload_id=upload_id)
    return Subject(
        document=document_of_upload(upload),
        name=f"{upload.title}, not published",
        outline_url=url_for("manage.upload", upload_id=upload_id),
        endpoint="manage.preview_upload",
        glossary_endpoint="manage.glossary_of_upload",
        arguments={"upload_id": upload_id},
    )


@allow(Role.AUTHOR, Role.ADMIN)
def preview_version(slug: str, version_number: int, module_slug: str, screen_number: int) -> str:
    """A screen of a published version, the newest or an older one."""
    return _page(db.session(), subject_of_version(db.session(), slug, version_number), module_slug, screen_number)


def subject_of_version(session: Session, slug: str, version_number: int) -> Subject:
    """What was published. Raises ``NotFound``."""
    version = get_version(session, course_id=get_course(session, slug=slug).id, version_number=version_number)
    return Subject(
        document=document_of(session, version_id=version.id, fingerprint=version.fingerprint),
        name=f"{version.title}, version {version_number}",
        outline_url=url_for("manage.course_version", slug=slug, version_number=version_number),
        endpoint="manage.preview_version",
        glossary_endpoint="manage.glossary_of_version",
        arguments={"slug": slug, "version_number": version_number},
    )


def chosen_local_wording(session: Session, subject: Subject) -> tuple[ReadyCourse, Organisation | None]:
    """The subject in the words of the authority that ``?authority=`` names; in the general words without one."""
    slug = request.args.get("authority", "")
    authority = get_organisation(session, slug=slug) if slug else None
    local_wording = local_wording_of(session, organisation_id=authority.id) if authority else {}
    chosen = subject.document.example_set(request.args.get("examples"))
    values = token_values(
        subject.document.tokens, organisation_slug=slug or None, local_wording=local_wording, example_set=chosen
    )
    # Not the cache that learners share: a draft must not push out the courses that are being taken.
    ready = ReadyCourse(
        subject.document,
        values,
        authority=slug or None,
        example_set=chosen,
        fact_note=fact_note,
        term_url=lambda term_id, here: subject.glossary_url(ready, term_id, here),
    )
    return ready, authority


def _page(session: Session, subject: Subject, module_slug: str, screen_number: int) -> str:
    ready, authority = chosen_local_wording(session, subject)
    preview = _preview(subject, ready, module_slug, screen_number, authority)
    return render_template("manage/preview.html", preview=preview, authorities=organisations(session))


def _preview(
    subject: Subject, course: ReadyCourse, module_slug: str, screen_number: int, authority: Organisation | None
) -> Preview:
    places = [
        (module, position) for module in subject.document.modules for position in range(1, len(module.screens) + 1)
    ]
    here = next((i for i, (m, n) in enumerate(places) if (m.slug, n) == (module_slug, screen_number)), None)
    if here is None:
        raise NotFound(f"screen {screen_number} of {module_slug}")
    module = places[here][0]
    screen = whole_screen_view(course, course.screen(module_slug, screen_number))

    def step(index: int) -> Step | None:
        if not 0 <= index < len(places):
            return None
        other, position = places[index]
        slug = authority.slug if authority else None
        return Step(
            course.words(other.screens[position - 1].title), subject.url(other.slug, position, slug, course.example_set)
        )

    return Preview(
        subject=subject,
        module=module,
        module_title=course.words(module.title),
        module_number=subject.document.modules.index(module) + 1,
        screen_number=screen_number,
        screen=screen,
        questions={
            block.ref: question_preview(course, subject.document.questions[block.ref])
            for block in screen.blocks
            if block.type == "question"
        },
        quiz=quiz_preview(course, module.screens[screen_number - 1].quiz_id, number_in(request.args, "draw")),
        personal=personal_preview(course, module.screens[screen_number - 1]),
        authority=authority,
        previous=step(here - 1),
        next=step(here + 1),
    )
