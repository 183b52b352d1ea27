"""How the questions of a course work, for its authors and admins: figures of many people, and never of one."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.manage.publishing.item_views import ORDERS, item_rows, plain_words, question_page
from app.platform.access import allow
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.input.requests import number_of
from app.platform.pages.downloads import data_download, text_download
from app.platform.work import unit_of_work
from courses.catalogue.versions import Course, CourseVersion, document_of, get_course, get_current_version, get_version
from courses.content.model.course import CourseDocument
from kernel.clock import utc_now
from kernel.errors import NotFound
from kernel.spreadsheets import WORKBOOK_TYPE
from people.roles import Role
from reports.items.figures import VersionFigures
from reports.items.items_csv import items_csv as lines_of
from reports.items.items_csv import items_workbook
from reports.items.snapshots import (
    COUNT_ITEMS,
    BegunVersion,
    ask_for_count,
    begun_versions,
    find_figures,
    is_count_coming,
)


@dataclass(frozen=True)
class ItemsPage:
    """One version of a course and its newest count. ``begun`` are the versions that can be chosen."""

    course: Course
    version: CourseVersion
    document: CourseDocument
    begun: tuple[BegunVersion, ...]
    figures: VersionFigures | None
    is_waiting: bool


def _items_page(session: Session, slug: str) -> ItemsPage:
    """What ``?version=`` names, or else the newest version with figures. Raises ``NotFound``."""
    course = get_course(session, slug=slug)
    begun = begun_versions(session, course_id=course.id)
    wanted = request.args.get("version")
    if wanted is not None:
        version = get_version(session, course_id=course.id, version_number=number_of(wanted, 0))
    else:
        numbers = [one.number for one in begun if one.has_figures] or [one.number for one in begun]
        version = (
            get_version(session, course_id=course.id, version_number=numbers[0])
            if numbers
            else get_current_version(session, course_id=course.id)
        )
    smallest = current_settings().smallest_group
    return ItemsPage(
        course=course,
        version=version,
        document=document_of(session, version_id=version.id, fingerprint=version.fingerprint),
        begun=begun,
        figures=find_figures(session, version_id=version.id, smallest_shown=smallest),
        is_waiting=is_count_coming(session, version_id=version.id),
    )


@allow(Role.AUTHOR, Role.ADMIN)
def items(slug: str) -> str:
    """Every question of a version, those to look at first at the top."""
    shown = _items_page(db.session(), slug)
    order = request.args.get("order", "")
    order = order if order in ORDERS else "worst"
    rows, misunderstood = item_rows(shown.course.slug, shown.version, shown.document, shown.figures, order)
    return render_template(
        "manage/items.html", shown=shown, rows=rows, misunderstood=misunderstood, orders=ORDERS, order=order
    )


@allow(Role.AUTHOR, Role.ADMIN)
def item(slug: str, question_id: str) -> str:
    """One question: what people choose first, how sure they are, how long they take."""
    shown = _items_page(db.session(), slug)
    page = question_page(shown.course.slug, shown.version, shown.document, shown.figures, question_id)
    return render_template("manage/item.html", shown=shown, page=page)


@allow(Role.AUTHOR, Role.ADMIN)
def items_csv(slug: str) -> Response:
    """The figures of the page, line by line."""
    shown, figures = _counted_page(db.session(), slug)
    lines = lines_of(figures, shown.document.questions, plain_words(slug, shown.version, shown.document))
    return text_download("".join(lines), mimetype="text/csv", name=_file_name(shown, figures, "csv"))


@allow(Role.AUTHOR, Role.ADMIN)
def items_xlsx(slug: str) -> Response:
    """The same lines as a workbook."""
    shown, figures = _counted_page(db.session(), slug)
    made = items_workbook(figures, shown.document.questions, plain_words(slug, shown.version, shown.document))
    return data_download(made, mimetype=WORKBOOK_TYPE, name=_file_name(shown, figures, "xlsx"))


def _counted_page(session: Session, slug: str) -> tuple[ItemsPage, VersionFigures]:
    shown = _items_page(session, slug)
    if shown.figures is None:
        raise NotFound(f"figures of version {shown.version.number} of {slug}")
    return shown, shown.figures


def _file_name(shown: ItemsPage, figures: VersionFigures, ending: str) -> str:
    day = figures.counted_at.date().isoformat()
    return f"{shown.course.slug}-version-{shown.version.number}-questions-{day}.{ending}"


@allow(Role.AUTHOR, Role.ADMIN)
def items_status(slug: str) -> tuple[str, int]:
    """The part of the page that changes, for the script that waits: 202 until the count is there."""
    shown = _items_page(db.session(), slug)
    return render_template("manage/items_status.html", shown=shown), 202 if shown.is_waiting else 200


@allow(Role.AUTHOR, Role.ADMIN)
def count_items(slug: str) -> Response:
    """Ask for a new count; asking twice counts once."""
    with unit_of_work() as work:
        shown = _items_page(work.session, slug)
        if shown.begun and not shown.is_waiting:
            ask_for_count(work.session, version_id=shown.version.id, now=utc_now())
            work.ring_after_commit(COUNT_ITEMS)
    return redirect(url_for("manage.items", slug=slug, version=shown.version.number))
