"""Tables in the order that the address of the page asks for, and their HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import get_template_attribute
from markupsafe import Markup

from app.course_pages.rendering import ReadyBlock, ReadyCourse
from courses.content.model.tables import Order, in_words

Arguments = Mapping[str, str]

_NAME = "sort"  # of the first table's order in the address; then "sort2" and so on
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


def asks_for_order(arguments: Arguments) -> bool:
    """Whether an address may ask for another order than the first."""
    return any(name.startswith(_NAME) for name in arguments)


def drawn_tables(
    course: ReadyCourse, blocks: tuple[ReadyBlock, ...], arguments: Arguments, *, has_form: bool = True
) -> dict[int, Markup]:
    """The HTML of the tables among some blocks, by their place there: each with what stands after it, and with the
    form that sorts it."""
    draw = get_template_attribute("components/reading.html", "table_part")
    return {
        place: draw(view, blocks[place].html, has_form) for place, view in tables(course, blocks, arguments).items()
    }


def tables(course: ReadyCourse, blocks: tuple[ReadyBlock, ...], arguments: Arguments) -> dict[int, TableView]:
    """The tables among some blocks, by their place there, each in the order that ``arguments`` ask for."""
    views: dict[int, TableView] = {}
    for place, block in enumerate(blocks):
        if block.table is not None and block.block is not None:
            name = _NAME if not views else f"{_NAME}{len(views) + 1}"
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
