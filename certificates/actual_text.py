"""What WeasyPrint does not say about lines: their language, and their letters where a letter is not one glyph.

It maps glyphs to letters one by one and leaves some without any, which PDF/UA-1 forbids.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import pydyf  # type: ignore[import-untyped]

# A glyph that is only a part of a letter still needs a mapping; this one prints and says nothing.
_NOTHING_TO_SAY = b"<200B>"


def describe_lines(document: Any, pdf: pydyf.PDF, *, has_letters: bool) -> None:
    """A WeasyPrint finisher: every line in another language than the document says so.

    With ``has_letters`` every line also says what it is as a whole, and no glyph is without a letter.
    Raises ``LookupError`` when the lines of the layout and of the file do not match.
    """
    boxes = [box for page in document.pages for box in lines_of(page)]
    languages = [_other_language(box, document.metadata.lang) for box in boxes]
    if not has_letters and not any(languages):
        return
    elements = elements_by_mark(pdf)
    marks = list(text_marks(_streams(pdf)))
    if len(boxes) != len(marks):
        raise LookupError(f"{len(boxes)} lines were laid out, {len(marks)} were drawn")
    for box, language, mark in zip(boxes, languages, marks, strict=True):
        element = elements.get(mark["MCID"], {})
        if language:
            element["Lang"] = mark["Lang"] = pydyf.String(language)
        if has_letters:
            element["ActualText"] = pydyf.String(box.text)
            # Readers turn right-to-left lines around themselves, and would do so with this text as well.
            if not _is_right_to_left(box.text):
                mark["ActualText"] = pydyf.String(box.text)
    for stream in _streams(pdf) if has_letters else ():
        stream.stream[:] = [mapped(item) for item in stream.stream]


def _other_language(box: Any, usual: str) -> str | None:
    language = box.style["lang"]
    return str(language) if language and language != usual else None


def lines_of(page: Any) -> Iterator[Any]:
    """The boxes of text of a page, in the order in which they are drawn."""
    # The layout is WeasyPrint's own affair: tests draw every script, so that a change of it is noticed.
    return parts_of(page._page_box)


def parts_of(box: Any) -> Iterator[Any]:
    """The boxes of text inside another box."""
    return (part for part in box.descendants(placeholders=True) if hasattr(part, "text"))


def _streams(pdf: pydyf.PDF) -> Iterator[pydyf.Stream]:
    return (item for item in pdf.objects if isinstance(item, pydyf.Stream))


def text_marks(streams: Iterable[pydyf.Stream]) -> Iterator[pydyf.Dictionary]:
    """What the streams say of each text, in the order in which they draw them."""
    for stream in streams:
        for tag, properties in zip(stream.stream, stream.stream[1:], strict=False):
            if tag == "/Span" and isinstance(properties, pydyf.Dictionary):
                yield properties


def elements_by_mark(pdf: pydyf.PDF) -> dict[int, pydyf.Dictionary]:
    """The structure elements that hold one line of text, by the number of its mark."""
    elements = (item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and item.get("S") == "/Span")
    return {kids[0]: element for element in elements if isinstance((kids := element["K"])[0], int)}


def _is_right_to_left(line: Iterable[str]) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in line)


def mapped(item: Any) -> Any:
    """An operator of a stream; a glyph that is mapped to no letter at all is mapped to one that says nothing."""
    if isinstance(item, bytes) and item.startswith(b"<") and item.endswith(b" <>"):
        return item.removesuffix(b"<>") + _NOTHING_TO_SAY
    return item
