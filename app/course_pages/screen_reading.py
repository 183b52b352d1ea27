"""A screen as one person meets it: what is hard to read behind a choice, tables in their order, their own questions.

Most screens hold nothing but text. Such a screen is the same for everybody who reads a course in the same words, so it
is drawn once for all of them. Drawing it for each request took a third of the time of the busiest page.

The order of a table comes from the address of the page. The page holds both the short and the hard version, so neither
the platform nor a log of addresses can say who opened which.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import get_template_attribute
from markupsafe import Markup

from app.course_pages.rendering import ReadyBlock, ReadyCourse, ReadyScreen
from app.course_pages.tables import Arguments, asks_for_order, drawn_tables
from courses.content.model.course import Module
from courses.content.model.examples import ExampleSet

_FIXED = frozenset({"markdown", "more", "note", "detail", "table", "recording"})


@dataclass(frozen=True)
class ScreenView:
    """A screen for the page. ``tables`` are by the place of their block. ``is_hard``: it begins with a short version,
    and the rest is behind it.

    ``example_sets`` and ``example_set`` are there for the choice of examples. ``html`` is all that stands there, when
    it is the same for everybody; the rest is then left out.
    """

    id: str
    title: str
    blocks: tuple[ReadyBlock, ...] = ()
    tables: Mapping[int, Markup] = field(default_factory=dict)
    is_hard: bool = False
    example_sets: tuple[ExampleSet, ...] = ()
    example_set: str | None = None
    html: Markup | None = None


def screen_view(course: ReadyCourse, screen: ReadyScreen, module: Module, arguments: Arguments) -> ScreenView:
    """The screen for a reader. ``module`` holds their questions, ``arguments`` what the address asks for."""
    if asks_for_order(arguments) or not all(block.type in _FIXED for block in screen.blocks):
        return _adapted(course, screen, module, arguments)
    html = course.drawn.get(screen.id)
    if html is None:
        draw = get_template_attribute("components/blocks.html", "screen_blocks")
        html = course.drawn[screen.id] = draw(_adapted(course, screen, module, {}), {}, {}, {}, None, "")
    return ScreenView(screen.id, screen.title, html=html)


def _adapted(course: ReadyCourse, screen: ReadyScreen, module: Module, arguments: Arguments) -> ScreenView:
    given = module.screen(screen.id).question_ids
    blocks = tuple(block for block in screen.blocks if block.type != "question" or block.ref in given)
    return ScreenView(
        screen.id,
        screen.title,
        blocks,
        drawn_tables(course, blocks, arguments),
        is_hard(blocks),
        course.document.examples,
        course.example_set,
    )


def is_hard(blocks: tuple[ReadyBlock, ...]) -> bool:
    """Whether a screen begins with a short version of what is hard to read."""
    return bool(blocks) and blocks[0].type == "detail"


def whole_screen_view(course: ReadyCourse, screen: ReadyScreen) -> ScreenView:
    """The whole screen, for authors: everything open, tables in their first order."""
    return ScreenView(
        screen.id,
        screen.title,
        screen.blocks,
        drawn_tables(course, screen.blocks, {}, has_form=False),
        is_hard(screen.blocks),
        course.document.examples,
        course.example_set,
    )
