"""Blocks that each reader meets in a way of their own: hard detail, tables to sort, and the choice of examples."""

from typing import Literal

from courses.marking.question import Frozen


class DetailBlock(Frozen):
    """The screen below it is hard to read. ``mentions`` says what is in it, ``short`` is the short version."""

    type: Literal["detail"] = "detail"
    mentions: str
    short: str


class TableBlock(Frozen):
    """A table that may begin with the reader's own area, and that they may sort.

    ``text`` is the table in Markdown, or the reference to the fact that holds it. ``sentence`` says one row in words,
    with ``[1]`` for its first cell and so on. A folded one is behind its caption, which the reader may open.
    """

    type: Literal["table"] = "table"
    caption: str
    text: str
    sentence: str = ""
    is_own_first: bool = False
    is_sortable: bool = False
    is_folded: bool = False


class ExamplesBlock(Frozen):
    """The place where a learner picks a set of examples, with the words above the choice."""

    type: Literal["examples"] = "examples"
    text: str
