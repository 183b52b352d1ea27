"""A course's own page: what it is, its modules, what is missing, and the way on."""

from collections.abc import Sequence

from flask import redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.course_pages.rendering import ready_course
from app.course_pages.screen_urls import screen_url
from app.learn.courses.again import Again, again_of
from app.learn.courses.earlier import EarlierTraining, earlier_training
from app.learn.courses.programme import programme_page
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.work import unit_of_work
from assignments.asked import RequiredCourse, required_courses_of
from certificates.record.issuing import Certificate, find_for_completion
from courses.catalogue.local_wording import local_wording_source_of
from courses.catalogue.versions import (
    Course,
    CourseVersion,
    document_of,
    get_course,
    get_course_with_newest,
    get_current_version,
)
from courses.content.model.course import CourseDocument
from courses.history.evidence import sources_of
from courses.records.answers import questions_answered
from courses.records.attempts import CurrentAttempt, find_attempt_with_local_wording
from courses.records.completion import (
    Completion,
    Withdrawal,
    completed_and_withdrawn,
    completions_of_course,
    find_completion,
)
from courses.records.moves import AttemptMove, newest_move
from courses.taking.availability import opening_for
from courses.taking.completion_rule import score
from courses.taking.progress import course_status, place_to_resume, why_incomplete
from courses.taking.progression import begin_course
from courses.taking.role_questions import document_for
from courses.taking.screens import ScreenAddress
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound


@signed_in
def course(slug: str) -> str:
    """The course as this person stands in it, on the version they began or else the newest; or a programme."""
    session = db.session()
    found, newest = get_course_with_newest(session, slug=slug)
    return programme_page(session, found.id) if newest is None else _course_page(session, found, newest)


def _course_page(session: Session, found: Course, newest: CourseVersion) -> str:
    slug, person_id, today = found.slug, who().person_id, local_day(utc_now())
    begun = find_attempt_with_local_wording(session, person_id=person_id, slug=slug, on=today)
    attempt, local_wording = begun or (None, local_wording_source_of(session, person_id=person_id, on=today))
    ever, withdrawn = completed_and_withdrawn(session, person_id=person_id)
    done = [one for one in ever if one.course_id == found.id]
    asked, earlier, again, attempt, completion = _what_counts(session, found.id, person_id, attempt, done)
    fingerprint, whole = _version_of(session, attempt, newest)
    document = document_for(session, attempt) if attempt else whole
    best = questions_answered(session, attempt_id=attempt.id) if attempt else {}
    status = course_status(document, attempt, is_completed=completion is not None and not (again and again.is_open))
    result = score(document, best, attempt.skipped_modules) if attempt else None
    return render_template(
        "learn/course.html",
        course=document,
        ready=ready_course(session, whole, fingerprint, local_wording),
        attempt=attempt,
        newest=newest,
        status=status,
        score=result,
        to_retry=_places_of(slug, document, result.to_retry) if result else [],
        missing=why_incomplete(document, status, best),
        asked=asked,
        earlier=earlier,
        again=again,
        opening=None if attempt else opening_for(session, person_id=person_id, version=newest, now=utc_now()),
        completion=completion,
        **_what_came_of(session, completion, withdrawn.get(found.id), attempt),
    )


def _version_of(session: Session, attempt: CurrentAttempt | None, newest: CourseVersion) -> tuple[str, CourseDocument]:
    """The fingerprint and the document of the version that an attempt is on, or else of the newest."""
    fingerprint = attempt.fingerprint if attempt else newest.fingerprint
    version_id = attempt.version_id if attempt else newest.id
    return fingerprint, document_of(session, version_id=version_id, fingerprint=fingerprint)


def _what_counts(
    session: Session, course_id: int, person_id: int, attempt: CurrentAttempt | None, done: Sequence[Completion]
) -> tuple[RequiredCourse | None, EarlierTraining | None, Again | None, CurrentAttempt | None, Completion | None]:
    """Who asks for a course, what to say of training from before and of a completion that is valid for a time, and the
    attempt and the completion that count: where it can be taken again, the attempt since."""
    asked = required_courses_of(session, person_id=person_id, on=local_day(utc_now())).get(course_id)
    earlier = earlier_training({course_id: asked}, done).get(course_id) if asked else None
    if earlier and earlier.is_refused:
        return asked, earlier, None, earlier.attempt_since(attempt), None
    completion = next(iter(done), None)
    again = again_of(asked, completion, local_day(utc_now()))
    if again and again.is_open:
        return asked, earlier, again, again.attempt_since(attempt), None if again.is_over else completion
    return asked, earlier, again, attempt, completion


def _what_came_of(
    session: Session, completion: Completion | None, withdrawal: Withdrawal | None, attempt: CurrentAttempt | None
) -> dict[str, Certificate | Withdrawal | AttemptMove | str | None]:
    """The certificate of a completion that stands, and where it is known from; without one, why an earlier one no
    longer counts. And whether the person was moved to a corrected version."""
    move = newest_move(session, attempt_id=attempt.id) if attempt and attempt.version_number > 1 else None
    if completion:
        certificate = find_for_completion(session, completion_id=completion.id)
        known = sources_of(session, completion_ids=[completion.id] if completion.is_imported else [])
        source = known.get(completion.id, "")
        return {"certificate": certificate, "withdrawal": None, "move": move, "source": source}
    return {"certificate": None, "withdrawal": withdrawal, "move": move, "source": ""}


def _places_of(slug: str, document: CourseDocument, question_ids: tuple[str, ...]) -> list[tuple[str, str]]:
    """Where to find questions: the title of the screen, and its address."""
    wanted = set(question_ids)
    return [
        (screen.title, screen_url(ScreenAddress(slug, module.slug, number)))
        for module in document.modules
        for number, screen in enumerate(module.screens, start=1)
        if wanted.intersection(screen.question_ids)
    ]


@signed_in
def begin(slug: str) -> Response:
    """Start on the newest version, or go on where the person is."""
    with unit_of_work() as work:
        again = _is_asked_again(work.session, slug)
        attempt = begin_course(work.session, person_id=who().person_id, slug=slug, now=utc_now(), again=again)
        module_slug, screen_number = place_to_resume(attempt.document(work.session), attempt)
    return redirect(screen_url(ScreenAddress(slug, module_slug, screen_number)))


def _is_asked_again(session: Session, slug: str) -> bool:
    """Whether what the person at the keyboard completed does not count with an authority that asks for the course, or
    is valid for a time that is over, or soon will be."""
    found, person_id, today = get_course(session, slug=slug), who().person_id, local_day(utc_now())
    asked = required_courses_of(session, person_id=person_id, on=today).get(found.id)
    if asked is None:
        return False
    if asked.period is not None and asked.period.is_open(today):
        return True
    return asked.refused_by(completions_of_course(session, person_id=person_id, course_id=found.id)) is not None


@signed_in
def finished(slug: str) -> str:
    """You have finished: thanks, and the certificate, on its way or ready, where the course gives one."""
    session = db.session()
    found = get_course(session, slug=slug)
    completion = find_completion(session, person_id=who().person_id, course_id=found.id)
    if completion is None:
        raise NotFound(f"a completion of {slug}")
    return render_template(
        "learn/finished.html",
        course=get_current_version(session, course_id=found.id),
        slug=slug,
        completion=completion,
        certificate=find_for_completion(session, completion_id=completion.id),
    )
