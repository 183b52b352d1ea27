"""A course's own page: what it is, its modules, what is missing, and the way on."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.extensions import db
from app.learn.rendering import ready_course
from app.work import unit_of_work
from assignments.requirements import courses_asked_of
from certificates.issuing import find_for_completion
from courses.answers import questions_answered
from courses.attempts import find_attempt_with_locality
from courses.catalogue import document_of, get_course, get_current_version
from courses.completion import find_completion
from courses.content.model import CourseDocument
from courses.local_text import locality_of
from courses.opening import opening_for
from courses.progress import place_to_resume, score, standing, why_incomplete
from courses.role_questions import document_for
from courses.taking import begin_course
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound


@signed_in
def course(slug: str) -> str:
    """The course as this person stands in it, on the version they began or else the newest."""
    session = db.session()
    found, person_id, today = get_course(session, slug=slug), who().person_id, local_day(utc_now())
    newest = get_current_version(session, course_id=found.id)
    begun = find_attempt_with_locality(session, person_id=person_id, slug=slug, on=today)
    attempt, locality = begun or (None, locality_of(session, person_id=person_id, on=today))
    completion = find_completion(session, person_id=person_id, course_id=found.id)
    fingerprint = attempt.fingerprint if attempt else newest.fingerprint
    whole = document_of(session, version_id=attempt.version_id if attempt else newest.id, fingerprint=fingerprint)
    document = document_for(session, attempt) if attempt else whole
    best = questions_answered(session, attempt_id=attempt.id) if attempt else {}
    stands = standing(document, attempt, is_completed=completion is not None)
    ready = ready_course(session, whole, fingerprint, locality)
    result = score(document, best, attempt.skipped_modules) if attempt else None
    return render_template(
        "learn/course.html",
        course=document,
        ready=ready,
        attempt=attempt,
        newest=newest,
        standing=stands,
        score=result,
        to_retry=_places_of(slug, document, result.to_retry) if result else [],
        missing=why_incomplete(document, stands, best),
        asked=courses_asked_of(session, person_id=person_id, on=today).get(found.id),
        opening=None if attempt else opening_for(session, person_id=person_id, version=newest, now=utc_now()),
        completion=completion,
        certificate=find_for_completion(session, completion_id=completion.id) if completion else None,
    )


def _places_of(slug: str, document: CourseDocument, question_ids: tuple[str, ...]) -> list[tuple[str, str]]:
    """Where to find questions: the title of the screen, and its address."""
    wanted = set(question_ids)
    return [
        (screen.title, url_for("learn.screen", slug=slug, module_slug=module.slug, number=number))
        for module in document.modules
        for number, screen in enumerate(module.screens, start=1)
        if wanted.intersection(screen.question_ids)
    ]


@signed_in
def begin(slug: str) -> Response:
    """Start on the newest version, or go on where the person is."""
    with unit_of_work() as work:
        attempt = begin_course(work.session, person_id=who().person_id, slug=slug, now=utc_now())
        place = place_to_resume(attempt.document(work.session), attempt)
    return redirect(url_for("learn.screen", slug=slug, module_slug=place[0], number=place[1]))


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
