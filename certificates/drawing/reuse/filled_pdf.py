"""A certificate drawn once and filled in for others that differ in a few short lines: the same bytes, sooner.

Only what stays the same is left out: laying out, painting, packing. What cannot be proven alike is refused.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

import pydyf  # type: ignore[import-untyped]

from certificates.document.documents import Fields
from certificates.document.pictures import Picture
from certificates.drawing.pdf_pictures import PdfPicture
from certificates.drawing.pdf_writer import PackedObject, UnfinishedFile, bytes_of, packed
from certificates.drawing.reuse.font_superset import FontSuperset
from certificates.drawing.reuse.own_objects import OwnObjects
from certificates.drawing.reuse.replaceable_text import (
    FIELDS,
    OPERATORS,
    CannotFill,
    FixedText,
    LineDrawer,
    ReplaceableLine,
    ReplaceableText,
    field_blocks,
)
from certificates.signing.field import empty_signature
from certificates.signing.signer import SignatureSpace
from typesetting.actual_text import elements_by_mark, lines_of, text_marks

_LEFT_TO_RIGHT = frozenset(("L", "EN", "ES", "ET", "CS", "ON", "WS", "NSM"))
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:/_~-]+")
_MOST_SUBSETS = 8
_TITLE, _DAY = b"\0title", b"\0day"


@dataclass(frozen=True)
class _ActualText:
    """Where the page and its structure say what a changing text is as a whole."""

    mark: pydyf.Dictionary
    text: ReplaceableText
    element: pydyf.Dictionary

    def said_in(self, item: pydyf.Dictionary) -> pydyf.Dictionary:
        """A copy of ``item`` that says the present words."""
        return pydyf.Dictionary({**item, "ActualText": pydyf.String(self.text.text)})


_Part = bytes | FixedText | ReplaceableText | _ActualText


class PdfTemplate:
    """One drawn certificate, taken apart. Made from its layout and its file, finished but not written.

    Raises ``CannotFill`` when the certificate is of a kind that cannot be filled in.
    """

    def __init__(
        self, page: Any, file: pydyf.PDF, fields: Fields, own: OwnObjects, fonts: FontSuperset, drawer: LineDrawer
    ) -> None:
        self._own, self._fonts, self._drawer, self._info = own, fonts, drawer, file.info
        self._metadata_text = _with_marks(own.metadata, fields)
        self._subset_with = lru_cache(maxsize=_MOST_SUBSETS)(_nothing_yet)
        self._lines = [ReplaceableLine(block, name) for name, block in field_blocks(page)]
        if len(self._lines) != len(FIELDS):
            raise CannotFill("It lacks a line")
        self._parts = list(self._parts_of(list(lines_of(page)), elements_by_mark(file)))
        self._file = UnfinishedFile(file, own.numbers)

    def fill(self, fields: Fields, qr_code: Picture, space: SignatureSpace | None = None) -> bytes:
        """The file of a certificate that has these words, this QR code, and space for a signature if the first had.

        Raises ``CannotFill``.
        """
        if not (_PLAIN_ADDRESS.fullmatch(fields.verify_url) and _runs_left_to_right(fields.holder)):
            raise CannotFill("It needs more than a change of letters")
        for line in self._lines:
            line.fill(vars(fields))
        own, new = self._own, dict(self._file.left_out)
        _put(new, own.content, pydyf.Stream([self._draw(new)], own.content.extra, compress=True))
        self._put_fonts(new)
        _put(new, own.link, _link_to(own.link, fields.verify_url))
        _put(new, own.qr_code, self._qr_code_like(qr_code))
        _put(new, own.metadata, self._metadata_of(fields))
        if own.signature is not None and space is not None:
            _put(new, own.signature, empty_signature(space))
        return self._file.finished(new, self._info_of(fields))

    def _parts_of(self, boxes: list[Any], elements: dict[int, pydyf.Dictionary]) -> Iterator[_Part]:
        """The page's operators as they are, and the texts among them."""
        replaceable = {id(text.box): text for line in self._lines for text in line.texts}
        marks = list(text_marks([self._own.content]))
        if len(marks) != len(boxes):
            raise CannotFill("The lines of the layout and of the file do not match")
        box_of = {id(mark): box for mark, box in zip(marks, boxes, strict=True)}
        text: ReplaceableText | None = None
        as_they_are: list[bytes] = []
        for item in self._own.content.stream:
            box = box_of.get(id(item))
            if box is not None:
                text = replaceable.get(id(box))
                if text is None:
                    yield FixedText(box, self._drawer)
                elif "ActualText" in item:
                    yield b"\n".join(as_they_are)
                    yield _ActualText(item, text, elements[item["MCID"]])
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

    def _draw(self, new: dict[int, PackedObject]) -> bytes:
        """The page. While it is drawn, the fonts learn their glyphs in the order in which they are met."""
        self._drawer.forget_glyphs()
        drawn: list[bytes] = []
        for part in self._parts:
            if isinstance(part, bytes):
                drawn.append(part)
            elif isinstance(part, FixedText):
                part.add_glyphs()
            elif isinstance(part, ReplaceableText):
                drawn += part.draw(self._drawer)
            else:
                _put(new, part.element, part.said_in(part.element))
                drawn.append(part.said_in(part.mark).data)
        return b"\n".join(drawn)

    def _put_fonts(self, new: dict[int, PackedObject]) -> None:
        subset = self._subset_with(self._fonts.rare_glyphs())
        if not subset:
            subset.extend(packed(item) for item in self._fonts.objects())
        new.update((item.number, item) for item in subset)

    def _qr_code_like(self, picture: Picture) -> pydyf.Stream:
        code = PdfPicture(picture).get_x_object(False, 1)
        if code.extra["Width"] != self._own.qr_code.extra["Width"]:
            raise CannotFill("Its QR code has another size")
        return code

    def _metadata_of(self, fields: Fields) -> pydyf.Stream:
        text = self._metadata_text.replace(_TITLE, escape(fields.title).encode()).replace(_DAY, fields.day.encode())
        return pydyf.Stream([text], self._own.metadata.extra)

    def _info_of(self, fields: Fields) -> pydyf.Dictionary:
        day = pydyf.String(f"D:{fields.day.replace('-', '')}")
        title = pydyf.String(fields.title)
        return pydyf.Dictionary({**self._info, "Title": title, "CreationDate": day, "ModDate": day})


def _nothing_yet(_: Hashable) -> list[PackedObject]:
    return []


def _put(new: dict[int, PackedObject], old: pydyf.Object, item: pydyf.Object) -> None:
    item.number = old.number
    new[old.number] = packed(item)


def _link_to(old: pydyf.Dictionary, address: str) -> pydyf.Dictionary:
    action = pydyf.Dictionary({**old["A"], "URI": pydyf.String(address)})
    return pydyf.Dictionary({**old, "Contents": pydyf.String(address), "A": action})


def _with_marks(metadata: pydyf.Stream, fields: Fields) -> bytes:
    """The metadata with a mark in place of the title and of each of the two days."""
    (text,) = metadata.stream
    title, day = (f">{escape(value)}<".encode() for value in (fields.title, fields.day))
    if (text.count(title), text.count(day)) != (1, 2):
        raise CannotFill("The metadata do not name the title once and the day twice")
    return bytes(text.replace(title, b">" + _TITLE + b"<").replace(day, b">" + _DAY + b"<"))


def _runs_left_to_right(text: str) -> bool:
    return text.isascii() or all(unicodedata.bidirectional(letter) in _LEFT_TO_RIGHT for letter in text)
