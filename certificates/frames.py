"""How a certificate becomes bytes: what all of a kind share is written once, and what is its own follows.

Each of the two parts is some objects as they are and one stream of packed ones (ISO 32000-1, 7.5.7); a table of where
everything is ends the file. pydyf would write, pack and digest all of it again for every file.
"""

import hashlib
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pydyf  # type: ignore[import-untyped]

from certificates.font_reserve import first_font, is_dictionary_of
from certificates.standards import Packed

_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
# Kind, then place and generation, or number and place of the stream that holds it (ISO 32000-1, 7.5.8.3).
_ENTRY, _WIDTHS = struct.Struct(">BIH"), (1, 4, 2)
_FREE, _PLAIN, _HELD = 0, 1, 2
_LAST_GENERATION = 65535
_INFO, _SHARED, _OWN, _TABLE = range(4)


class Frame:
    """Everything of a file but the objects whose numbers are in ``own``.

    ``objects`` are all of the file's, packed, each in the place that is its number. ``catalog`` is the reference of the
    catalog. The file's description, the two streams and the table are numbered behind them.
    """

    def __init__(self, objects: Sequence[Any], own: Collection[int], catalog: bytes) -> None:
        self._count, self._catalog = len(objects), catalog
        part = _Part(bytearray(_HEADER), bytearray(_ENTRY.size * (self._count + _TABLE + 1)))
        _ENTRY.pack_into(part.entries, 0, _FREE, 0, _LAST_GENERATION)
        part.add((item for item in objects if item.free != "f" and item.number not in own), self._count + _SHARED)
        self._data, self._entries = bytes(part.data), bytes(part.entries)

    def filled(self, own: Mapping[int, Packed], info: pydyf.Dictionary) -> bytes:
        """The whole file: ``own`` are the objects that were left out, by their numbers, and ``info`` describes it."""
        part = _Part(bytearray(self._data), bytearray(self._entries))
        info.number = self._count + _INFO
        part.add((*(own[number] for number in sorted(own)), Packed(info)), self._count + _OWN)
        digest = pydyf.String(hashlib.md5(part.data, usedforsecurity=False).hexdigest()).data
        part.end(self._count + _TABLE, {"Root": self._catalog, "Info": info.reference, "ID": pydyf.Array([digest] * 2)})
        return bytes(part.data)


class _Part:
    """A file as far as it is written, and the table of what is where."""

    def __init__(self, data: bytearray, entries: bytearray) -> None:
        self.data, self.entries = data, entries

    def add(self, items: Iterable[Any], number: int) -> None:
        """Write some objects, and those that may be packed into one stream with this ``number``."""
        held: list[bytes] = []
        index: list[bytes] = []
        length = 0
        for item in items:
            if not item.compressible:
                self._write(item.number, item.data)
                continue
            _ENTRY.pack_into(self.entries, item.number * _ENTRY.size, _HELD, number, len(held))
            index.append(b"%d %d" % (item.number, length))
            held.append(item.data)
            length += len(item.data) + 1
        head = b" ".join(index)
        extra = {"Type": "/ObjStm", "N": len(held), "First": len(head) + 1}
        self._write(number, Packed(pydyf.Stream([head, *held], extra, compress=True)).data)

    def end(self, number: int, extra: Mapping[str, Any]) -> None:
        """Write the table, as the stream with this ``number``, and where it stands."""
        place = len(self.data)
        _ENTRY.pack_into(self.entries, number * _ENTRY.size, _PLAIN, place, 0)
        size = number + 1
        described = {"Type": "/XRef", "Index": pydyf.Array([0, size]), "W": pydyf.Array(_WIDTHS), "Size": size, **extra}
        self._write(number, Packed(pydyf.Stream([bytes(self.entries)], described, compress=True)).data)
        self.data += b"startxref\n%d\n%%%%EOF\n" % place

    def _write(self, number: int, data: bytes) -> None:
        _ENTRY.pack_into(self.entries, number * _ENTRY.size, _PLAIN, len(self.data), 0)
        self.data += b"%d 0 obj\n%b\nendobj\n" % (number, data)


def write_file(file: pydyf.PDF, own: Collection[int] = ()) -> bytes:
    """A finished file; ``own`` as in ``Frame``."""
    objects = [item if item.free == "f" else Packed(item) for item in file.objects]
    return Frame(objects, own, file.catalog.reference).filled({number: objects[number] for number in own}, file.info)


def own_objects(file: pydyf.PDF, fonts: Mapping[int, Any]) -> frozenset[int]:
    """The numbers of the objects that hold a certificate's own words: others of its kind have others there."""
    numbers = {_number(file.catalog["Metadata"])}
    for item in file.objects:
        if isinstance(item, pydyf.Dictionary):
            numbers.update(_own_of(file, item))
            if is_dictionary_of(fonts, item):
                numbers.update(range(first_font(fonts, item), item.number))
    return frozenset(numbers)


def _own_of(file: pydyf.PDF, item: pydyf.Dictionary) -> Iterator[int]:
    if item.get("Type") == "/Page":
        yield _number(item["Contents"])
        yield _number(file.objects[_number(item["Resources"])]["XObject"]["iqr0"])
    elif item.get("Subtype") == "/Link" or item.get("Type") == "/Sig" or "ActualText" in item:
        yield item.number


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
