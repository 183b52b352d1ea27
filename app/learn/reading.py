"""A screen as one person meets it: what is hard to read behind a choice, tables in their order, their own questions.

The order of a table comes from the address of the page. Whether somebody read what is hard does not: both versions are
in the page, so neither the platform nor a log of addresses can say who opened it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.learn.rendering import ReadyBlock, ReadyCourse, ReadyScreen
from courses.content.examples import ExampleSet
from courses.content.model import Module
from courses.content.tables import Order, in_words

Arguments = Mapping[str, str]

_DIRECTIONS = {"ascending": False, "descending": True}


@dataclass(frozen=True)
class Sorting:
    """One order that a reader may ask for: its value in the address and its words."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class TableView:
    """A table in the order that was asked for. ``orders`` is empty for one that cannot be sorted.

    ``sorted_by`` holds the column from 0 and "ascending" or "descending"; ``own`` is the place of the reader's own row.
    ``kept`` is what else the address has to say when this table is sorted.
    """

    id: str
    caption: str
    order_words: str
    headings: tuple[tuple[Markup, bool], ...]
    rows: tuple[tuple[Markup, ...], ...]
    own: int | None
    orders: tuple[Sorting, ...]
    sorted_by: tuple[int, str] | None
    sentences: tuple[Markup, ...]
    is_folded: bool
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class MetScreen:
    """A screen for the page. ``tables`` are by the place of their block. ``is_hard``: it begins with a short version,
    and the rest is behind it.

    ``example_sets`` and ``example_set`` are there for the choice of examples.
    """

    id: str
    title: str
    blocks: tuple[ReadyBlock, ...]
    tables: Mapping[int, TableView]
    is_hard: bool
    example_sets: tuple[ExampleSet, ...]
    example_set: str | None


def as_met(course: ReadyCourse, screen: ReadyScreen, module: Module, arguments: Arguments) -> MetScreen:
    """The screen for a reader. ``module`` holds their questions, ``arguments`` what the address asks for."""
    given = module.screen(screen.id).question_ids
    blocks = tuple(block for block in screen.blocks if block.type != "question" or block.ref in given)
    return MetScreen(
        screen.id,
        screen.title,
        blocks,
        tables(course, blocks, arguments),
        is_hard(blocks),
        course.document.examples,
        course.example_set,
    )


def is_hard(blocks: tuple[ReadyBlock, ...]) -> bool:
    """Whether a screen begins with a short version of what is hard to read."""
    return bool(blocks) and blocks[0].type == "detail"


def tables(course: ReadyCourse, blocks: tuple[ReadyBlock, ...], arguments: Arguments) -> dict[int, TableView]:
    """The tables among some blocks, by their place there, each in the order that ``arguments`` ask for."""
    views: dict[int, TableView] = {}
    for place, block in enumerate(blocks):
        if block.table is not None and block.block is not None:
            name = "sort" if not views else f"sort{len(views) + 1}"
            views[place] = _table(course, block, name, arguments.get(name, ""))
    asked = [(view.id, one.value) for view in views.values() for one in view.orders if one.is_chosen and one.value]
    return {
        place: replace(view, kept=tuple(one for one in asked if one[0] != view.id)) for place, view in views.items()
    }


def _table(course: ReadyCourse, ready: ReadyBlock, name: str, asked: str) -> TableView:
    table, block = ready.table, ready.block
    if table is None or block is None:
        raise ValueError("a block without a table")
    own = table.own_row(course.authority) if block.is_own_first else None
    headings = tuple((course.inline(text), table.is_numeric(number)) for number, text in enumerate(table.headings))
    possible = _orders(headings)
    order = possible.get(asked) if block.is_sortable else None
    rows = table.in_order(order[0] if order else None, own=own)
    first = f"{course.inline(table.rows[own][0]).striptags()} first" if own is not None else "As in the source"
    chosen = order[1] if order else first
    return TableView(
        id=name,
        caption=ready.title,
        order_words=chosen if block.is_sortable or own is not None else "",
        headings=headings,
        rows=tuple(tuple(course.inline(cell) for cell in row) for row in rows),
        own=rows.index(table.rows[own]) if own is not None else None,
        orders=(
            Sorting("", first, order is None),
            *(Sorting(value, words, value == asked) for value, (_, words) in possible.items()),
        )
        if block.is_sortable
        else (),
        sorted_by=(order[0].column, "descending" if order[0].is_descending else "ascending") if order else None,
        sentences=tuple(course.inline(in_words(block.sentence, row)) for row in rows) if block.sentence else (),
        is_folded=block.is_folded,
    )


def _orders(headings: tuple[tuple[Markup, bool], ...]) -> dict[str, tuple[Order, str]]:
    found: dict[str, tuple[Order, str]] = {}
    for column, (heading, is_numeric) in enumerate(headings):
        for direction in ("descending", "ascending") if is_numeric else ("ascending", "descending"):
            is_down = _DIRECTIONS[direction]
            words = (
                ("highest first" if is_down else "lowest first") if is_numeric else ("Z to A" if is_down else "A to Z")
            )
            found[f"{column + 1}-{direction}"] = Order(column, is_down), f"{heading.striptags()}, {words}"
    return found


def without_choice(course: ReadyCourse, screen: ReadyScreen) -> MetScreen:
    """The whole screen, for authors: everything open, tables in their first order."""
    return MetScreen(
        screen.id,
        screen.title,
        screen.blocks,
        tables(course, screen.blocks, {}),
        is_hard(screen.blocks),
        course.document.examples,
        course.example_set,
    )
