"""A certificate drawn once and filled in for others that differ in a few short lines: the same bytes, sooner.

Only what stays the same is left out: laying out, painting, packing. What cannot be proven alike is refused.
"""

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import pydyf  # type: ignore[import-untyped]
from weasyprint import DEFAULT_OPTIONS
from weasyprint.pdf.fonts import build_fonts_dictionary

from certificates.actual_text import elements_by_mark, lines_of, mapped, text_marks
from certificates.documents import Blanks
from certificates.mould_lines import OPERATORS, NewText, NotAlike, StillText, forget, rows_of
from certificates.pdf_pictures import PdfPicture
from certificates.pictures import Picture
from certificates.signing.field import empty_signature
from certificates.signing.signer import Room
from certificates.standards import Packed, bytes_of

_ROWS = ("holder", "details", "number")
_LEFT_TO_RIGHT = frozenset(("L", "EN", "ES", "ET", "CS", "ON", "WS", "NSM"))
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:/_~-]+")
_OPTIONS = {**DEFAULT_OPTIONS, "pdf_version": "1.7"}
_OBJECTS_OF_A_FONT = 4
# A mould holds a quarter of a megabyte.
_MOST_MOULDS, _MOST_KINDS_SEEN = 120, 1024
_TITLE, _DAY = b"\0title", b"\0day"


class Mould:
    """One drawn certificate, taken apart. Made from a WeasyPrint document and its file, finished but not packed.

    ``has_letters``: every line of this file says what it is as a whole. Raises ``NotAlike`` when the certificate is
    of a kind that cannot be filled in.
    """

    def __init__(self, document: Any, file: pydyf.PDF, blanks: Blanks, *, has_letters: bool) -> None:
        (page,) = document.pages if len(document.pages) == 1 else (None,)
        if page is None:
            raise NotAlike("It has several pages")
        self._has_letters = has_letters
        self._fonts, self._catalog, self._info = document.fonts, file.catalog, file.info
        leaf = _only(item for item in file.objects if _type_of(item) == "/Page")
        resources, self._content = _found(file, leaf["Resources"]), _found(file, leaf["Contents"])
        self._note = _only(item for item in file.objects if _type_of(item) == "/Annot" and item["Subtype"] == "/Link")
        self._signature = next((item for item in file.objects if _type_of(item) == "/Sig"), None)
        self._code = _found(file, resources["XObject"]["iqr0"])
        self._metadata = _found(file, file.catalog["Metadata"])
        self._metadata_text = _with_marks(self._metadata, blanks)
        self._recorder = self._content.clone()
        fonts = _found(file, resources["Font"])
        files = len({font.hash for font in self._fonts.values()})
        self._first_font = fonts.number - _OBJECTS_OF_A_FONT * len(self._fonts) - files
        self._cuts: dict[str, tuple[frozenset[int], bytes]] = {}
        self._rows = list(rows_of(page, _ROWS))
        if len(self._rows) != len(_ROWS):
            raise NotAlike("It lacks a line")
        self._elements = elements_by_mark(file)
        self._parts = list(self._parts_of(list(lines_of(page))))
        changing = {self._content.number, self._note.number, self._code.number, self._metadata.number}
        changing.update(range(self._first_font, fonts.number))
        if self._signature is not None:
            changing.add(self._signature.number)
        self._packed = [item if item.free == "f" or item.number in changing else Packed(item) for item in file.objects]

    def fill(self, blanks: Blanks, code: Picture, room: Room | None = None) -> bytes:
        """The file of a certificate that has these words, this QR code, and room for a signature if the first had.

        Raises ``NotAlike``.
        """
        if not (_PLAIN_ADDRESS.fullmatch(blanks.verify_url) and _runs_left_to_right(blanks.holder)):
            raise NotAlike("It needs more than a change of letters")
        words = asdict(blanks)
        for row in self._rows:
            row.fill(words)
        file = pydyf.PDF()
        file.objects, file.catalog, file.info = list(self._packed), self._catalog, self._info_of(blanks)
        _put(file, self._content, pydyf.Stream([self._draw(file)], dict(self._content.extra), compress=True))
        self._put_fonts(file)
        _put(file, self._note, self._note_to(blanks.verify_url))
        _put(file, self._code, self._code_like(code))
        _put(file, self._metadata, self._metadata_of(blanks))
        if self._signature is not None and room is not None:
            _put(file, self._signature, empty_signature(room))
        output = BytesIO()
        file.write(output, _OPTIONS["pdf_version"], True, True)
        return output.getvalue()

    def _parts_of(self, boxes: list[Any]) -> Iterator["_Part"]:
        """The page's operators as they are, and the texts among them."""
        new = {id(text.box): text for row in self._rows for text in row.texts}
        marks = list(text_marks([self._content]))
        if len(marks) != len(boxes):
            raise NotAlike("The lines of the layout and of the file do not match")
        box_of = {id(mark): box for mark, box in zip(marks, boxes, strict=True)}
        text: NewText | None = None
        as_they_are: list[bytes] = []
        for item in self._content.stream:
            box = box_of.get(id(item))
            if box is not None:
                text = new.get(id(box))
                if text is None:
                    yield StillText(box, self._recorder)
                elif "ActualText" in item:
                    yield b"\n".join(as_they_are)
                    yield _Mark(item, text, self._elements[item["MCID"]])
                    as_they_are = []
                    continue
            operator = bytes_of(item)
            if text is None or not operator.endswith(OPERATORS):
                as_they_are.append(operator)
            elif operator.endswith(OPERATORS[0]):
                yield b"\n".join(as_they_are)
                yield text
                as_they_are = []
        yield b"\n".join(as_they_are)

    def _draw(self, file: pydyf.PDF) -> bytes:
        """The page. While it is drawn, the fonts learn their glyphs in the order in which they are met."""
        forget(self._fonts)
        drawn: list[bytes] = []
        for part in self._parts:
            if isinstance(part, bytes):
                drawn.append(part)
            elif isinstance(part, StillText):
                part.learn()
            elif isinstance(part, NewText):
                drawn += part.draw(self._recorder)
            else:
                _put(file, part.element, part.said(part.element))
                drawn.append(part.said(part.mark).data)
        return b"\n".join(drawn)

    def _put_fonts(self, file: pydyf.PDF) -> None:
        cut = pydyf.PDF()
        cut.objects = [None] * self._first_font  # what is added gets the numbers that it has in the file
        for font in self._fonts.values():
            font.clean = partial(_cut_anew, font, self._cuts)
        build_fonts_dictionary(cut, self._fonts, True, True, _OPTIONS)
        for item in cut.objects[self._first_font :]:
            if self._has_letters and isinstance(item, pydyf.Stream):
                item.stream[:] = map(mapped, item.stream)
            _put(file, item, item)

    def _note_to(self, address: str) -> pydyf.Dictionary:
        action = pydyf.Dictionary({**self._note["A"], "URI": pydyf.String(address)})
        return pydyf.Dictionary({**self._note, "Contents": pydyf.String(address), "A": action})

    def _code_like(self, picture: Picture) -> pydyf.Stream:
        code = PdfPicture(picture).get_x_object(False, 1)
        if code.extra["Width"] != self._code.extra["Width"]:
            raise NotAlike("Its QR code has another size")
        return code

    def _metadata_of(self, blanks: Blanks) -> pydyf.Stream:
        text = self._metadata_text.replace(_TITLE, escape(blanks.title).encode()).replace(_DAY, blanks.day.encode())
        return pydyf.Stream([text], dict(self._metadata.extra))

    def _info_of(self, blanks: Blanks) -> pydyf.Dictionary:
        day = pydyf.String(f"D:{blanks.day.replace('-', '')}")
        title = pydyf.String(blanks.title)
        return pydyf.Dictionary({**self._info, "Title": title, "CreationDate": day, "ModDate": day})


@dataclass(frozen=True)
class _Mark:
    """Where the page and its structure say what a changing text is as a whole."""

    mark: pydyf.Dictionary
    text: NewText
    element: pydyf.Dictionary

    def said(self, item: pydyf.Dictionary) -> pydyf.Dictionary:
        """A copy of ``item`` that says the present words."""
        return pydyf.Dictionary({**item, "ActualText": pydyf.String(self.text.text)})


class Shelf:
    """The moulds of a process: one for each kind of certificate, the kinds longest unused are forgotten.

    A mould takes longer to make than a certificate, so the first of a kind gets none.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Mould | None] = OrderedDict()
        self._seen: OrderedDict[Hashable, None] = OrderedDict()

    def find(self, kind: Hashable) -> Mould | None:
        """The mould of this kind."""
        if kind not in self._kept:
            return None
        self._kept.move_to_end(kind)
        return self._kept[kind]

    def is_wanted(self, kind: Hashable) -> bool:
        """Whether this kind has been asked for before and nobody has tried to make a mould of it."""
        if kind in self._kept:
            return False
        if kind in self._seen:
            return True
        _remember(self._seen, kind, None, _MOST_KINDS_SEEN)
        return False

    def keep(self, kind: Hashable, mould: Mould | None) -> None:
        """Keep a mould, or that there can be none."""
        self._seen.pop(kind, None)
        _remember(self._kept, kind, mould, _MOST_MOULDS)


def _remember(kept: OrderedDict[Hashable, Any], kind: Hashable, value: Any, most: int) -> None:
    kept[kind] = value
    while len(kept) > most:
        kept.popitem(last=False)


def _cut_anew(
    font: Any, cuts: dict[str, tuple[frozenset[int], bytes]], letters: Mapping[int, str], hints: bool
) -> None:
    """Cut a font down to the glyphs in use, unless they are those of the certificate before."""
    glyphs = frozenset(letters)
    before = cuts.get(font.hash)
    if before is not None and before[0] == glyphs:
        font.file_content = before[1]
        return
    type(font).clean(font, letters, hints)
    cuts[font.hash] = glyphs, font.file_content


_Part = bytes | StillText | NewText | _Mark


def _put(file: pydyf.PDF, old: pydyf.Object, new: pydyf.Object) -> None:
    new.number = old.number
    file.objects[old.number] = Packed(new)


def _only(items: Iterable[Any]) -> Any:
    found = list(items)
    if len(found) != 1:
        raise NotAlike(f"There are {len(found)} of what there should be one of")
    return found[0]


def _found(file: pydyf.PDF, reference: bytes) -> Any:
    return file.objects[int(reference.split()[0])]


def _type_of(item: Any) -> str | None:
    return item.get("Type") if isinstance(item, pydyf.Dictionary) else None


def _with_marks(metadata: pydyf.Stream, blanks: Blanks) -> bytes:
    """The metadata with a mark in place of the title and of each of the two days."""
    (text,) = metadata.stream
    title, day = (f">{escape(value)}<".encode() for value in (blanks.title, blanks.day))
    if (text.count(title), text.count(day)) != (1, 2):
        raise NotAlike("The metadata do not name the title once and the day twice")
    return bytes(text.replace(title, b">" + _TITLE + b"<").replace(day, b">" + _DAY + b"<"))


def _runs_left_to_right(text: str) -> bool:
    return text.isascii() or all(unicodedata.bidirectional(letter) in _LEFT_TO_RIGHT for letter in text)
