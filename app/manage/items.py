"""How the questions of a course work, for its authors and admins: figures of many people, and never of one."""

from dataclasses import dataclass

from flask import Response, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from app.access import allow
from app.extensions import db
from app.manage.item_views import ORDERS, item_rows, plain_words, question_page
from app.work import unit_of_work
from courses.catalogue import Course, CourseVersion, document_of, get_course, get_current_version, get_version
from courses.content.model import CourseDocument
from kernel.clock import utc_now
from kernel.errors import NotFound
from people.roles import Role
from reports.items.figures import VersionFigures
from reports.items.items_csv import items_csv as lines_of
from reports.items.snapshots import (
    COUNT_ITEMS,
    BegunVersion,
    begun_versions,
    find_figures,
    is_count_promised,
    promise_count,
)


@dataclass(frozen=True)
class Look:
    """One version of a course and its newest count. ``begun`` are the versions that can be chosen."""

    course: Course
    version: CourseVersion
    document: CourseDocument
    begun: tuple[BegunVersion, ...]
    figures: VersionFigures | None
    is_waiting: bool


def _look(session: Session, slug: str) -> Look:
    """What ``?version=`` names, or else the newest version with figures. Raises ``NotFound``."""
    course = get_course(session, slug=slug)
    begun = begun_versions(session, course_id=course.id)
    wanted = request.args.get("version")
    if wanted is not None:
        version = get_version(session, course_id=course.id, number=int(wanted) if wanted.isdecimal() else 0)
    else:
        numbers = [one.number for one in begun if one.has_figures] or [one.number for one in begun]
        version = (
            get_version(session, course_id=course.id, number=numbers[0])
            if numbers
            else get_current_version(session, course_id=course.id)
        )
    smallest = current_app.config["SETTINGS"].smallest_group
    return Look(
        course=course,
        version=version,
        document=document_of(session, version_id=version.id, fingerprint=version.fingerprint),
        begun=begun,
        figures=find_figures(session, version_id=version.id, smallest_shown=smallest),
        is_waiting=is_count_promised(session, version_id=version.id),
    )


@allow(Role.AUTHOR, Role.ADMIN)
def items(slug: str) -> str:
    """Every question of a version, those to look at first at the top."""
    look = _look(db.session(), slug)
    order = request.args.get("order", "")
    order = order if order in ORDERS else "worst"
    rows, misunderstood = item_rows(look.course.slug, look.version, look.document, look.figures, order)
    return render_template(
        "manage/items.html", look=look, rows=rows, misunderstood=misunderstood, orders=ORDERS, order=order
    )


@allow(Role.AUTHOR, Role.ADMIN)
def item(slug: str, question_id: str) -> str:
    """One question: what people choose first, how sure they are, how long they take."""
    look = _look(db.session(), slug)
    page = question_page(look.course.slug, look.version, look.document, look.figures, question_id)
    return render_template("manage/item.html", look=look, page=page)


@allow(Role.AUTHOR, Role.ADMIN)
def items_csv(slug: str) -> Response:
    """The figures of the page, line by line."""
    look = _look(db.session(), slug)
    if look.figures is None:
        raise NotFound(f"figures of version {look.version.number} of {slug}")
    words = plain_words(slug, look.version, look.document)
    response = Response(lines_of(look.figures, look.document.questions, words), content_type="text/csv; charset=utf-8")
    day = look.figures.counted_at.date().isoformat()
    name = f"{slug}-version-{look.version.number}-questions-{day}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@allow(Role.AUTHOR, Role.ADMIN)
def items_status(slug: str) -> tuple[str, int]:
    """The part of the page that changes, for the script that waits: 202 until the count is there."""
    look = _look(db.session(), slug)
    return render_template("manage/items_status.html", look=look), 202 if look.is_waiting else 200


@allow(Role.AUTHOR, Role.ADMIN)
def count_items(slug: str) -> Redirect:
    """Ask for a new count; asking twice counts once."""
    with unit_of_work() as work:
        look = _look(work.session, slug)
        if look.begun and not look.is_waiting:
            promise_count(work.session, version_id=look.version.id, now=utc_now())
            work.ring_after_commit(COUNT_ITEMS)
    return redirect(url_for("manage.items", slug=slug, version=look.version.number))
