"""The lines that a report adds to its rows: totals, how many rows there are, its end, who made it and when.

A line counts as one only where every cell of it does. Whatever else stands beside a total may be a person.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.typed import composed, folded, with_plain_digits
from people.feed.reading.tables import Cell

_LONGEST = 200
_ONLY_ALONE = frozenset({"end", "the end", "fin"})
_TRAILERS = frozenset({"t", "z"})
_NUMBER = r"\d{1,3}(?:[ ,'’]\d{3})+|\d+"
_ROWS = r"(?:data |detail )?(?:rows?|records?|lines?|entries|assignments?|posts?|jobs?|positions?|items)"
_PEOPLE = r"(?:active )?(?:employees?|people|persons?|staff|staff members|members of staff|workers?|heads?|headcount)"
_OF = rf"(?:{_ROWS}|{_PEOPLE})"
_IN_IT = r"(?: (?:in|of|for|on) (?:the |this )?(?:report|file|list|extract|export|data ?set))"
_DONE = (
    r"(?: (?:were |was |are )?"
    r"(?:affected|selected|returned|exported|extracted|read|found|listed|written|printed|in total))"
)
_TIMES = r"(?:[:=]|is|are|-)?"
_COUNTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<count>{_NUMBER}) (?P<of>{_OF})(?:{_DONE}|{_IN_IT})*",
        r"(?:grand |overall )?(?:total|count|number|no|sum|total number|total no|total count)"
        rf"(?: of)?(?: all)? (?P<of>{_OF})(?:{_DONE}|{_IN_IT}| count| total)*(?: ?{_TIMES} ?(?P<count>{_NUMBER}))?",
        rf"(?P<of>{_OF})(?: count| total|{_DONE}|{_IN_IT})* ?{_TIMES} ?(?P<count>{_NUMBER})",
        rf"(?P<of>record|row|line|employee|staff|head) ?(?:count|total)(?: ?{_TIMES} ?(?P<count>{_NUMBER}))?",
    )
)
_TOTALS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:grand |overall |sub[ -]?|report |running |final )?totals?(?: ?{_TIMES} ?(?P<count>{_NUMBER}))?",
        rf"(?:grand |sub[ -]?)?totals? (?:for|of|in) .+?(?: ?[:=] ?(?P<count>{_NUMBER}))?",
        rf"count(?: ?[:=]? ?(?P<count>{_NUMBER}))?",
        r"(?:trl|tlr|ftr|trailer|footer)(?: record)?",
    )
)
_OTHERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:the )?end(?: of(?: the| this)? (?:\w+ )?"
        r"(?:report|file|data|extract|list|listing|output|records|export|page).{0,80})?",
        r"eof|fin|(?:report|file|extract|list|listing|export) (?:ends?|ended|complete[d]?|finished)(?: here)?.{0,80}",
        r"page \d+(?: ?(?:of|/) ?\d+)?",
        r"(?:(?:report|file|extract|list|data|export|document) )?"
        r"(?:run|generated|produced|created|printed|extracted|exported|prepared|executed|downloaded)"
        r" (?:by|on|at|from|date|time)\b.{0,120}",
        r"(?:report|run|print|extract|completion|finish|end) (?:date|time|date and time|name|id|title)\b.{0,120}",
        r"(?:data )?as (?:at|of) .{1,60}",
    )
)
_MARK = re.compile(r"official(?: ?[-–:] ?sensitive.{0,40})?|(?:strictly |private and )?confidential.{0,80}")
_FIGURES = re.compile(r"[-+]?[£$€]? ?[\d.,:/ -]*\d[\d.,:/ -]*%?|\d{1,2}[- ][a-z]{3,9}[- ]\d{2,4}")
_EDGES = " *-–—=_#~.:;|<>()[]"
_THOUSANDS = re.compile(r"\d{3}\D*")
_WHOLE = re.compile(_NUMBER)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")


@dataclass(frozen=True)
class OwnLine:
    """A line of the report itself. ``count`` is how many rows or people it says there are, where its words say so.

    ``figures`` are the numbers in it by their position, which may count rows as well as add up a column.
    ``is_by_words`` is unset for a line of figures alone, which may be anything.
    """

    words: str
    count: int | None = None
    is_of_people: bool = False
    figures: tuple[tuple[int, Decimal], ...] = ()
    is_by_words: bool = True


def own_line(
    cells: Sequence[Cell],
    *,
    headings: Sequence[str] = (),
    naming: Collection[int] = (),
    numbering: Collection[int] = (),
) -> OwnLine | None:
    """The line of a report that these cells are, or ``None`` where they may be somebody’s.

    ``naming`` are the positions of names, units and addresses, ``numbering`` those of the numbers of people. The
    headings once more, as at the top of each page, are such a line too.
    """
    texts = [_text(cell) for cell in cells]
    filled = [(place, text) for place, text in enumerate(texts) if text]
    if not filled:
        return None
    words = " ".join(text for _, text in filled)[:_LONGEST]
    if headings and [folded(text) for text in texts] == [folded(one) for one in headings]:
        return OwnLine(words)
    parts = _rejoined(filled)
    if _bare(parts[0][1]) == "count" and (len(parts) == 1 or parts[0][0] in naming):  # a family is called so
        return None
    return _by_words(parts, words) or _figures_alone(parts, words, numbering)


def _text(cell: Cell) -> str:
    if cell is None or isinstance(cell, bool):
        return ""
    return cell.isoformat() if isinstance(cell, date) else composed(str(cell))


def _rejoined(filled: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The cells, with “Total: 2” and “914” as one: a comma between thousands parts them where nothing is quoted."""
    at, first = filled[0]
    following = [text for place, text in filled[1:] if _THOUSANDS.fullmatch(text)]
    is_parted = len(filled) > 1 and len(following) == len(filled) - 1 and filled[-1][0] - at == len(following)
    if is_parted and re.search(r"(?:^|\D)\d{1,3}$", first):
        return [(at, ",".join((first, *following)))]
    return filled


def _by_words(parts: Sequence[tuple[int, str]], words: str) -> OwnLine | None:
    label = _bare(parts[0][1])
    if not label:  # nothing but dashes or stars
        return OwnLine(words) if len(parts[0][1]) > 2 and all(not _bare(text) for _, text in parts) else None
    if len(label) > _LONGEST or (len(parts) == 1 and _MARK.fullmatch(label)):
        return OwnLine(words) if len(label) <= _LONGEST else None
    if any(one.fullmatch(label) for one in _OTHERS):
        is_ours = len(parts) < 3 or all(_is_ours(text) for _, text in parts[1:])
        return OwnLine(words) if is_ours and (len(parts) == 1 or label not in _ONLY_ALONE) else None
    for kind in (_COUNTS, _TOTALS):
        found = next((match for one in kind if (match := one.fullmatch(label))), None)
        if found is not None and all(_is_ours(text) for _, text in parts[1:]):
            return _counted(found, parts, words)
    if label in _TRAILERS and len(parts) == 2 and _WHOLE.fullmatch(parts[1][1]):
        return OwnLine(words, count=_whole(parts[1][1]))
    return None


def _counted(found: "re.Match[str]", parts: Sequence[tuple[int, str]], words: str) -> OwnLine:
    named = found.groupdict()
    inside, beside = named.get("count"), _figures_in(parts[1:])
    if "of" not in named:
        own = ((parts[0][0], Decimal(_whole(inside))),) if inside else ()
        return OwnLine(words, figures=(*own, *beside))
    count = _whole(inside) if inside else None
    if count is None and len(beside) == 1:
        count = int(beside[0][1])
    return OwnLine(words, count, re.fullmatch(_PEOPLE, named["of"]) is not None, beside if count is None else ())


def _figures_alone(parts: Sequence[tuple[int, str]], words: str, numbering: Collection[int]) -> OwnLine | None:
    """A line that names nobody; or a number with a comma in it, which is nobody’s payroll number."""
    if len(parts) == 1 and _GROUPED.fullmatch(parts[0][1]):
        return OwnLine(words, count=_whole(parts[0][1]), is_by_words=False)
    figures = _figures_in(parts)
    if len(figures) < len(parts) or any(place in numbering for place, _ in parts):
        return None
    return OwnLine(words, figures=figures, is_by_words=False)


def _figures_in(parts: Sequence[tuple[int, str]]) -> tuple[tuple[int, Decimal], ...]:
    return tuple((place, figure) for place, text in parts if (figure := figure_in(text)) is not None)


def figure_in(text: str) -> Decimal | None:
    """The number that a cell holds, whatever stands between its thousands; ``None`` for any other text."""
    plain = with_plain_digits(text).strip(" £$€")
    if re.fullmatch(rf"(?:{_NUMBER})(?:\.\d+)?", plain):
        return Decimal("".join(one for one in plain if one.isdigit() or one == "."))
    return Decimal(plain.replace(",", ".")) if re.fullmatch(r"\d+,\d{1,2}", plain) else None


def _is_ours(text: str) -> bool:
    bare = _bare(text)
    ours = (*_COUNTS, *_TOTALS, *_OTHERS)
    return not bare or _FIGURES.fullmatch(bare) is not None or any(one.fullmatch(bare) for one in ours)


def _bare(text: str) -> str:
    return with_plain_digits(folded(text)).strip(_EDGES)


def _whole(text: str) -> int:
    return int("".join(one for one in text if one.isdigit()))
