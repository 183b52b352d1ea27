"""Dresses tables: headers with a scope, row headers in the first column, a label on every other cell."""

from collections.abc import Callable, Sequence

from markdown_it.token import Token as MarkdownToken

_HEADER = "govuk-table__header"
_CELL = "govuk-table__cell"
_PARTS = {
    "table_open": "govuk-table cg-stack",
    "thead_open": "govuk-table__head",
    "tbody_open": "govuk-table__body",
    "tr_open": "govuk-table__row",
}


def mark_tables(tokens: list[MarkdownToken], words: Callable[[Sequence[MarkdownToken]], str]) -> None:
    """Change the table tokens in place. ``words`` gives the plain words of a cell's inline tokens."""
    labels: list[str] = []
    column = 0
    for index, token in enumerate(tokens):
        if token.type in _PARTS:
            token.attrs = {"class": _PARTS[token.type]}
        if token.type == "table_open":
            labels = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            label = words(tokens[index + 1].children or ()).strip()
            labels.append(label)
            _mark_header(token, _closing(tokens, index), label)
        elif token.type == "td_open":
            _mark_cell(token, _closing(tokens, index), labels[column] if column < len(labels) else "", column)
            column += 1


def _closing(tokens: list[MarkdownToken], index: int) -> MarkdownToken:
    # A cell is always its opening, one inline token and its closing.
    return tokens[index + 2]


def _mark_header(opening: MarkdownToken, closing: MarkdownToken, label: str) -> None:
    numeric = _numeric(opening)
    if label:
        opening.attrs = {"scope": "col", "class": f"{_HEADER} {_HEADER}--numeric" if numeric else _HEADER}
    else:
        # A header without words is announced as a header of nothing.
        opening.tag = closing.tag = "td"
        opening.attrs = {"class": _CELL}


def _mark_cell(opening: MarkdownToken, closing: MarkdownToken, label: str, column: int) -> None:
    numeric = _numeric(opening)
    if column == 0:
        opening.tag = closing.tag = "th"
        opening.attrs = {"scope": "row", "class": _HEADER}
        return
    opening.attrs = {"class": f"{_CELL} {_CELL}--numeric" if numeric else _CELL}
    if label:
        opening.attrs["data-label"] = label


def _numeric(cell: MarkdownToken) -> bool:
    return "right" in str(cell.attrGet("style") or "")
