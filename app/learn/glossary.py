"""The words that a course explains, from A to Z, with a way back to the screen that somebody came from."""

import unicodedata
from dataclasses import dataclass

from flask import render_template, request, url_for
from markupsafe import Markup

from app.access import signed_in
from app.extensions import db
from app.learn.rendering import ReadyCourse
from app.learn.whole_course import get_whole_course
from courses.content.model import CourseDocument
from kernel.errors import NotFound


@dataclass(frozen=True)
class Entry:
    """A word and its meaning, ready to show."""

    id: str
    term: str
    meaning: Markup


@dataclass(frozen=True)
class Back:
    """The screen that somebody came from."""

    title: str
    module_slug: str
    number: int


@signed_in
def glossary(slug: str) -> str:
    """All words of a course. ``?term=`` is the one that was asked for, ``?back=`` the place it was asked from."""
    course = get_whole_course(db.session(), slug)
    found = entries(course.ready)
    if not found:
        raise NotFound(f"a glossary of {slug}")
    back = find_back(course.ready, request.args.get("back", ""))
    return render_template(
        "learn/glossary.html",
        course=course.document,
        entries=found,
        asked=request.args.get("term", ""),
        back=back,
        back_url=url_for("learn.screen", slug=slug, module_slug=back.module_slug, number=back.number) if back else None,
    )


def entries(course: ReadyCourse) -> list[Entry]:
    """The words of a course in the order of the alphabet; accents do not change the order."""
    found = [
        Entry(term_id, course.words(term.term), course.inline(term.meaning))
        for term_id, term in course.document.glossary.items()
    ]
    return sorted(found, key=lambda entry: (_sorted_as(entry.term), entry.id))


def _sorted_as(term: str) -> str:
    apart = unicodedata.normalize("NFKD", term.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def find_back(course: ReadyCourse, place: str) -> Back | None:
    """The screen at a place such as "why/3"; ``None`` for a place that is none."""
    module_slug, _, number = place.partition("/")
    if not number.isdecimal() or not number.isascii() or len(number) > 3:
        return None
    screens = _screens(course.document, module_slug)
    position = int(number)
    if not 1 <= position <= len(screens):
        return None
    return Back(course.words(screens[position - 1]), module_slug, position)


def _screens(document: CourseDocument, module_slug: str) -> list[str]:
    return [screen.title for module, screen in document.screens() if module.slug == module_slug]
