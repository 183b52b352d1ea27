"""The words that a course explains, in the order of the alphabet, and the screen that somebody came from."""

import unicodedata
from dataclasses import dataclass

from markupsafe import Markup

from app.course_pages.rendering import ReadyCourse
from courses.content.model.course import CourseDocument


@dataclass(frozen=True)
class Entry:
    """A word and its meaning, ready to show."""

    id: str
    term: str
    meaning: Markup


@dataclass(frozen=True)
class ReturnScreen:
    """The screen that somebody came from."""

    title: str
    module_slug: str
    screen_number: int


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


def find_return_screen(course: ReadyCourse, place: str) -> ReturnScreen | None:
    """The screen at a place such as "why/3"; ``None`` for a place that is none."""
    module_slug, _, number = place.partition("/")
    if not number.isdecimal() or not number.isascii() or len(number) > 3:
        return None
    screens = _screens(course.document, module_slug)
    position = int(number)
    if not 1 <= position <= len(screens):
        return None
    return ReturnScreen(course.words(screens[position - 1]), module_slug, position)


def _screens(document: CourseDocument, module_slug: str) -> list[str]:
    return [screen.title for module, screen in document.screens() if module.slug == module_slug]
