"""What WeasyPrint does not say about lines: their language, and their letters where a letter is not one glyph.

It maps glyphs to letters one by one and leaves some without any, which PDF/UA-1 forbids.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pydyf  # type: ignore[import-untyped]

from typesetting.fonts import BOLD, REGULAR, letters_by_glyph

# A glyph that is only a part of a letter still needs a mapping; this one prints and says nothing.
_NOTHING_TO_SAY = b"<200B>"
_GLYPH = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
# A letter loses its dot under a mark, and is drawn with the glyph of another letter then.
_WITH_A_DOT = {"ı": "i", "ȷ": "j"}
_BOLD_NAME = "-Bold"


def describe_lines(document: Any, pdf: pydyf.PDF, *, is_hard: Callable[[str], bool]) -> None:
    """A WeasyPrint finisher: every line in another language than the document says so.

    A line whose text ``is_hard`` also says what it is as a whole, and then no glyph is without a letter. Raises
    ``LookupError`` when the lines of the layout and of the file do not match.
    """
    boxes = [box for page in document.pages for box in lines_of(page)]
    languages = [_other_language(box, document.metadata.lang) for box in boxes]
    hard = [is_hard(box.text) for box in boxes]
    if not any(hard) and not any(languages):
        return
    lines = list(_marks_and_elements(pdf))
    if len(boxes) != len(lines):
        raise LookupError(f"{len(boxes)} lines were laid out, {len(lines)} were drawn")
    for box, language, needs_text, (mark, element) in zip(boxes, languages, hard, lines, strict=True):
        if language:
            element["Lang"] = mark["Lang"] = pydyf.String(language)
        if needs_text:
            element["ActualText"] = pydyf.String(box.text)
            # Readers turn right-to-left lines around themselves, and would do so with this text as well.
            if not _is_right_to_left(box.text):
                mark["ActualText"] = pydyf.String(box.text)
    if any(hard):
        map_every_glyph(pdf.objects)


def _other_language(box: Any, usual: str) -> str | None:
    language = box.style["lang"]
    return str(language) if language and language != usual else None


def lines_of(page: Any) -> Iterator[Any]:
    """The boxes of text of a page, in the order of the layout: certificates are drawn in it, a list's bullets not."""
    return (box for box in boxes_of(page) if hasattr(box, "text"))


def boxes_of(page: Any) -> Iterator[Any]:
    """All boxes of a page."""
    found: Iterator[Any] = page._page_box.descendants(placeholders=True)
    return found


def texts_in(box: Any) -> Iterator[Any]:
    """The boxes of text inside another box."""
    return (inside for inside in box.descendants(placeholders=True) if hasattr(inside, "text"))


def _marks_and_elements(pdf: pydyf.PDF) -> Iterator[tuple[pydyf.Dictionary, pydyf.Dictionary]]:
    """Each text in the order of the layout, with the element that holds it: one that nobody keeps in a link."""
    found = {item.reference: item for item in pdf.objects if isinstance(item, pydyf.Object)}
    elements = [item for item in found.values() if isinstance(item, pydyf.Dictionary)]
    marks = {
        (page.reference, mark["MCID"]): mark
        for page in elements
        if page.get("Type") == "/Page"
        for mark in text_marks([found[page["Contents"]]])
    }
    seen: set[bytes] = set()
    for item in elements:
        # WeasyPrint adds elements in this order; the tree has another one, where a list stands inside a list.
        if item.get("S") in ("/Span", "/Link") and item.reference not in seen:
            for element, number in _numbers_in(item, found):
                seen.add(element.reference)
                yield marks[element["Pg"], number], element if element["S"] == "/Span" else pydyf.Dictionary()


def _numbers_in(element: pydyf.Dictionary, found: Mapping[bytes, Any]) -> Iterator[tuple[pydyf.Dictionary, int]]:
    """The numbers of the texts in an element and in those inside it, each with the element that names it."""
    for kid in element.get("K", ()):
        if not isinstance(kid, int):
            yield from _numbers_in(found[kid], found)
        elif element["S"] != "/Figure":
            yield element, kid


def text_marks(streams: Iterable[pydyf.Stream]) -> Iterator[pydyf.Dictionary]:
    """What the streams say of each text, in the order in which they draw them."""
    for stream in streams:
        for tag, properties in zip(stream.stream, stream.stream[1:], strict=False):
            if tag == "/Span" and isinstance(properties, pydyf.Dictionary):
                yield properties


def elements_by_mark(pdf: pydyf.PDF) -> dict[int, pydyf.Dictionary]:
    """The structure elements of a file of one page that hold one line of text, by the number of its mark."""
    elements = (item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and item.get("S") == "/Span")
    return {kids[0]: element for element in elements if isinstance((kids := element["K"])[0], int)}


def _is_right_to_left(line: Iterable[str]) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in line)


def map_every_glyph(objects: Iterable[Any]) -> None:
    """Let each glyph of these objects' fonts be a letter, or say nothing."""
    objects = list(objects)
    fonts = {
        item["ToUnicode"]: bytes(item["BaseFont"]).decode("ascii").partition("+")[2]
        for item in objects
        if isinstance(item, pydyf.Dictionary) and "ToUnicode" in item
    }
    for stream in objects:
        if isinstance(stream, pydyf.Stream):
            letters = _letters_of(fonts.get(stream.reference, ""))
            stream.stream[:] = map(_mapped, _with_own_letters(stream.stream, letters) if letters else stream.stream)


def _letters_of(font: str) -> Mapping[int, str]:
    weight = BOLD if font.endswith(_BOLD_NAME) else REGULAR
    return letters_by_glyph(font.removesuffix(_BOLD_NAME).replace("-", " "), weight)


def _with_own_letters(items: list[Any], letters: Mapping[int, str]) -> list[Any]:
    """A mapping in which a letter and the mark on it, two glyphs that WeasyPrint takes for one, are each themselves.

    It gives the whole to the glyph met last, for all of the file: every "ị" after "ọ̀" would be read as that.
    """
    glyphs = [(match[1], match[2]) for item in items if (match := _match(item))]
    here = {_WITH_A_DOT.get(letter, letter) for glyph, _ in glyphs if (letter := letters.get(int(glyph, 16)))}
    own = {
        b"<%b> <%b>" % (glyph, text): b"<%b> <%b>" % (glyph, letter.encode("utf-16-be").hex().encode())
        for glyph, text in glyphs
        if (letter := _own_letter(letters.get(int(glyph, 16), ""), _text_of(text), here))
    }
    return [own.get(item, item) if isinstance(item, bytes) else item for item in items]


def _match(item: Any) -> re.Match[bytes] | None:
    return _GLYPH.fullmatch(item) if isinstance(item, bytes) else None


def _text_of(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")


def _own_letter(letter: str, text: str, here: set[str]) -> str:
    """What a glyph is by itself, if it is mapped to nothing, or to more of which other glyphs here are the rest."""
    if not text:
        return _WITH_A_DOT.get(letter, letter)
    parts = set(unicodedata.normalize("NFD", text))
    return letter if letter in parts and parts <= here else ""


def _mapped(item: Any) -> Any:
    """An operator of a stream; a glyph that is mapped to no letter at all is mapped to one that says nothing."""
    if isinstance(item, bytes) and item.startswith(b"<") and item.endswith(b" <>"):
        return item.removesuffix(b"<>") + _NOTHING_TO_SAY
    return item
