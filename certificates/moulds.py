"""A certificate drawn once and filled in for others that differ in a few short lines: the same bytes, sooner.

Only what stays the same is left out: laying out, painting, packing. What cannot be proven alike is refused.
"""

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from xml.sax.saxutils import escape

import pydyf  # type: ignore[import-untyped]

from certificates.actual_text import elements_by_mark, lines_of, text_marks
from certificates.documents import Blanks
from certificates.font_reserve import Reserve, first_font, font_objects
from certificates.frames import Frame, own_objects
from certificates.mould_lines import OPERATORS, NewText, NotAlike, StillText, forget, rows_of
from certificates.pdf_pictures import PdfPicture
from certificates.pictures import Picture
from certificates.signing.field import empty_signature
from certificates.signing.signer import Room
from certificates.standards import Packed, bytes_of

_ROWS = ("holder", "details", "number")
_LEFT_TO_RIGHT = frozenset(("L", "EN", "ES", "ET", "CS", "ON", "WS", "NSM"))
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:/_~-]+")
# A mould holds a quarter of a megabyte, and fifteen kilobytes more for each set of letters in rarer names.
_MOST_MOULDS, _MOST_KINDS_SEEN, _MOST_CUTS = 120, 1024, 8
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
        self._fonts, self._info = document.fonts, file.info
        leaf = _only(item for item in file.objects if _type_of(item) == "/Page")
        resources, self._content = _found(file, leaf["Resources"]), _found(file, leaf["Contents"])
        self._note = _only(item for item in file.objects if _type_of(item) == "/Annot" and item["Subtype"] == "/Link")
        self._signature = next((item for item in file.objects if _type_of(item) == "/Sig"), None)
        self._code = _found(file, resources["XObject"]["iqr0"])
        self._metadata = _found(file, file.catalog["Metadata"])
        self._metadata_text = _with_marks(self._metadata, blanks)
        self._recorder = self._content.clone()
        fonts = _found(file, resources["Font"])
        self._first_font = first_font(self._fonts, fonts)
        self._reserve = Reserve(page, self._fonts, self._recorder)
        self._cuts: OrderedDict[Hashable, list[Packed]] = OrderedDict()
        self._rows = list(rows_of(page, _ROWS))
        if len(self._rows) != len(_ROWS):
            raise NotAlike("It lacks a line")
        self._elements = elements_by_mark(file)
        self._parts = list(self._parts_of(list(lines_of(page))))
        own = own_objects(file, self._fonts)
        objects = [item if item.free == "f" else Packed(item) for item in file.objects]
        self._frame = Frame(objects, own, file.catalog.reference)
        self._own = {number: objects[number] for number in own}

    def fill(self, blanks: Blanks, code: Picture, room: Room | None = None) -> bytes:
        """The file of a certificate that has these words, this QR code, and room for a signature if the first had.

        Raises ``NotAlike``.
        """
        if not (_PLAIN_ADDRESS.fullmatch(blanks.verify_url) and _runs_left_to_right(blanks.holder)):
            raise NotAlike("It needs more than a change of letters")
        words = asdict(blanks)
        for row in self._rows:
            row.fill(words)
        own = dict(self._own)
        _put(own, self._content, pydyf.Stream([self._draw(own)], dict(self._content.extra), compress=True))
        self._put_fonts(own)
        _put(own, self._note, self._note_to(blanks.verify_url))
        _put(own, self._code, self._code_like(code))
        _put(own, self._metadata, self._metadata_of(blanks))
        if self._signature is not None and room is not None:
            _put(own, self._signature, empty_signature(room))
        return self._frame.filled(own, self._info_of(blanks))

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

    def _draw(self, own: dict[int, Packed]) -> bytes:
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
                _put(own, part.element, part.said(part.element))
                drawn.append(part.said(part.mark).data)
        return b"\n".join(drawn)

    def _put_fonts(self, own: dict[int, Packed]) -> None:
        self._reserve.add()
        letters = tuple(
            (frozenset(font.to_unicode.items()), frozenset(font.widths.items())) for font in self._fonts.values()
        )
        cut = self._cuts.get(letters)
        if cut is None:
            objects = font_objects(self._fonts, self._first_font, has_letters=self._has_letters)
            cut = [Packed(item) for item in objects]
            _remember(self._cuts, letters, cut, _MOST_CUTS)
        self._cuts.move_to_end(letters)
        own.update({item.number: item for item in cut})

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


_Part = bytes | StillText | NewText | _Mark


def _put(own: dict[int, Packed], old: pydyf.Object, new: pydyf.Object) -> None:
    new.number = old.number
    own[old.number] = Packed(new)


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
