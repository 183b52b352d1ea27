"""Tables as data: headings and rows of Markdown cells, put in the order that a reader asked for."""

import re
import unicodedata
from dataclasses import dataclass

from courses.content.model.markdown_parser import checking_parser

_PARSER = checking_parser()
_FIGURE = re.compile(r"[^\w-]*(-?[0-9][0-9,]*(?:\.[0-9]+)?)")
COLUMN = re.compile(r"\[([0-9]{1,2})\]")

# The whole region is the area of those who work for all of it.
_AREAS = {"combined-authority": "city-region"}


@dataclass(frozen=True)
class Order:
    """Sorted by the column at ``column``, counted from 0."""

    column: int
    is_descending: bool


@dataclass(frozen=True)
class Table:
    """A table. Cells are inline Markdown; every row has as many as there are headings. ``after`` is what follows it."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    after: str = ""

    def is_numeric(self, column: int) -> bool:
        """Whether every cell of a column, counted from 0, begins with a figure."""
        return all(_FIGURE.match(row[column]) for row in self.rows)

    def own_row(self, authority: str | None) -> int | None:
        """The row, from 0, whose first cell names the authority with this short name."""
        area = _AREAS.get(authority or "", authority)
        return next((number for number, row in enumerate(self.rows) if as_short_name(row[0]) == area), None)

    def in_order(self, order: Order | None, *, own: int | None) -> tuple[tuple[str, ...], ...]:
        """The rows as ``order`` says; without one, the row ``own`` first and the others as they were written."""
        if order is None:
            first = () if own is None else (self.rows[own],)
            return (*first, *(row for number, row in enumerate(self.rows) if number != own))
        if self.is_numeric(order.column):
            return tuple(sorted(self.rows, key=lambda row: _figure(row[order.column]), reverse=order.is_descending))
        return tuple(sorted(self.rows, key=lambda row: _plain(row[order.column]), reverse=order.is_descending))


def find_table(text: str) -> Table | None:
    """The table with which ``text`` begins, or ``None``. Facts are filled in; tokens may still stand in it."""
    tokens = _PARSER.parse(text)
    if not tokens or tokens[0].type != "table_open" or tokens[0].map is None:
        return None
    rows: list[list[str]] = []
    for number, token in enumerate(tokens):
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(tokens[number + 1].content)
    headings, *body = (tuple(row) for row in rows)
    return Table(headings, tuple(body), "\n".join(text.split("\n")[tokens[0].map[1] :]).strip())


def as_short_name(words: str) -> str:
    """St Helens as st-helens: the way in which authorities are named in course files."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def in_words(sentence: str, row: tuple[str, ...]) -> str:
    """The sentence about one row: ``[1]`` becomes its first cell, and so on."""
    return COLUMN.sub(lambda found: row[int(found[1]) - 1], sentence)


def _figure(cell: str) -> float:
    found = _FIGURE.match(cell)
    return float(found[1].replace(",", "")) if found else 0.0


def _plain(cell: str) -> str:
    return re.sub(r"[^\w\s]", "", unicodedata.normalize("NFKD", cell)).strip().casefold()
