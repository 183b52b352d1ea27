"""The parts that a document is put together from: plain values become HTML, and every word is escaped. Pure."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

# So many rows stand together on one page.
_ON_ONE_PAGE = 25
NOT_SHOWN = "not shown"
# What a cell holds: words or a count, and for a share of people a number of per cent that is drawn as a bar too.
Words = str | int | None


def document(title: str, body: Iterable[str]) -> str:
    """A whole HTML document; the title stands in it as its heading too."""
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}</title></head><body>'
        f"{''.join(body)}</body></html>"
    )


def heading(words: str, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{escape(words)}</h{level}>"


def paragraph(words: str, style: str = "") -> str:
    """A paragraph; nothing for no words."""
    kind = f' class="{style}"' if style else ""
    return f"<p{kind}>{escape(words)}</p>" if words else ""


def paragraphs(text: str) -> str:
    """Words that somebody typed in several paragraphs, with an empty line between them."""
    return "".join(paragraph(" ".join(part.split())) for part in text.replace("\r\n", "\n").split("\n\n"))


def listed(items: Iterable[str]) -> str:
    """A list."""
    return f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in items)}</ul>"


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Words]], *, share: int | None = None) -> str:
    """A table whose rows begin with what they are about. Column ``share`` holds shares in per cent, with a bar."""
    whole = list(rows)
    kinds = [_kind(place, share) or _of_words(row[place] for row in whole) for place in range(len(head))]
    heads = "".join(f'<th scope="col"{kind}>{escape(one)}</th>' for one, kind in zip(head, kinds, strict=True))
    each = [_row(row, share) for row in whole]
    lines = "".join(each)
    # WeasyPrint may break a page after the caption, which is then tagged as a table of its own.
    rows_and_heads = f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody>"
    drawn = f"<table><caption>{escape(caption)}</caption>{rows_and_heads}</table>"
    return f'<div class="whole">{drawn}</div>' if len(each) <= _ON_ONE_PAGE else drawn


def _row(row: Sequence[Words], share: int | None) -> str:
    first, *others = row
    cells = "".join(_cell(place, one, share) for place, one in enumerate(others, start=1))
    return f'<tr><th scope="row">{escape(_said(first))}</th>{cells}</tr>'


def _cell(place: int, words: Words, share: int | None) -> str:
    if place == share and isinstance(words, int):
        # A background is no picture that somebody would have to describe.
        bar = f'<span class="track"><span class="bar" style="width: {words}%"></span></span>'
        return f'<td class="share">{words}%{bar}</td>'
    kind = _kind(place, share) or (' class="words"' if isinstance(words, str) and words != NOT_SHOWN else "")
    return f"<td{kind}>{escape(_said(words))}</td>"


def _said(words: Words) -> str:
    return f"{words:,}" if isinstance(words, int) else words or ""


def _of_words(column: Iterable[Words]) -> str:
    """Words stand at the left, and so does what they are called; counts stand at the right."""
    return ' class="words"' if all(isinstance(one, str) and one != NOT_SHOWN for one in column) else ""


def _kind(place: int, share: int | None) -> str:
    return ' class="share"' if place == share else ""


def picture(svg: bytes, alternative: str) -> str:
    """A picture, and what it says to somebody who does not see it."""
    address = f"data:image/svg+xml;base64,{b64encode(svg).decode()}"
    return f'<p class="picture"><img src="{address}" alt="{escape(alternative)}"></p>'
