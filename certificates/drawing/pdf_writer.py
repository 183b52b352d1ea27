"""How the objects of a PDF become its bytes, in two parts: those that others of its kind share, and its own.

Each part is some objects as they are and one stream of packed ones (ISO 32000-1, 7.5.7); a table of where everything is
ends the file. pydyf's own writing is not used: one in 256 of its streams ends with a carriage return, which together
with the line feed behind it looks like one line end of two characters, and the stream like one that is shorter than it
says (ISO 19005-2, 6.1.7.1).
"""

import hashlib
import struct
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pydyf  # type: ignore[import-untyped]

_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
# Kind, then place and generation, or number and place of the stream that holds it (ISO 32000-1, 7.5.8.3).
_ENTRY, _WIDTHS = struct.Struct(">BIH"), (1, 4, 2)
_FREE, _PLAIN, _HELD = 0, 1, 2
_LAST_GENERATION = 65535
_INFO, _SHARED, _OWN, _TABLE = range(4)
_PACKED = {"Filter": "/FlateDecode"}


@dataclass(frozen=True)
class PackedObject:
    """An object that is nothing but its bytes. ``is_compressible``: it may stand in a stream of others."""

    number: int
    data: bytes
    is_compressible: bool


def packed(item: pydyf.Object) -> PackedObject:
    """The bytes of an object."""
    data = _stream_of(item) if isinstance(item, pydyf.Stream) else bytes(item.data)
    return PackedObject(item.number, data, bool(item.compressible))


def bytes_of(item: Any) -> bytes:
    """One item of a stream."""
    if isinstance(item, bytes):
        return item
    return bytes(item.data) if isinstance(item, pydyf.Object) else str(item).encode("ascii")


def _stream_of(item: pydyf.Stream) -> bytes:
    content = b"\n".join(map(bytes_of, item.stream))
    if not item.compress:
        return _stream(content, item.extra)
    # The colour profile is the same three kilobytes every time, and a font often that of the file before.
    pack = _pack_profile if "N" in item.extra else _pack_font if "Length1" in item.extra else _pack
    return _stream(pack(content), {**item.extra, **_PACKED})


def _stream(content: bytes, extra: Mapping[str, Any]) -> bytes:
    data: bytes = pydyf.Stream([content], extra).data
    return data.removesuffix(b"\nendstream") + b"\r\nendstream"


def _pack(content: bytes) -> bytes:
    return zlib.compress(content, 6)


_pack_font = lru_cache(maxsize=64)(_pack)


@lru_cache(maxsize=1)
def _pack_profile(content: bytes) -> bytes:
    return zlib.compress(content, 9)


class UnfinishedFile:
    """Everything of a file but the objects whose numbers are in ``own``; those are in ``left_out``.

    The file's description, the two streams and the table are numbered behind all objects.
    """

    def __init__(self, file: pydyf.PDF, own: Collection[int] = ()) -> None:
        self._count, self._catalog = len(file.objects), file.catalog.reference
        objects = [packed(item) for item in file.objects if item.free != "f"]
        self.left_out = {item.number: item for item in objects if item.number in own}
        part = _Part(bytearray(_HEADER), bytearray(_ENTRY.size * (self._count + _TABLE + 1)))
        _ENTRY.pack_into(part.entries, 0, _FREE, 0, _LAST_GENERATION)
        part.add((item for item in objects if item.number not in own), self._count + _SHARED)
        self._data, self._entries = bytes(part.data), bytes(part.entries)

    def finished(self, own: Mapping[int, PackedObject], info: pydyf.Dictionary) -> bytes:
        """The whole file: ``own`` stand in place of those left out, and ``info`` describes it."""
        part = _Part(bytearray(self._data), bytearray(self._entries))
        info.number = self._count + _INFO
        part.add((*(own[number] for number in sorted(own)), packed(info)), self._count + _OWN)
        digest = pydyf.String(hashlib.md5(part.data, usedforsecurity=False).hexdigest()).data
        part.end(self._count + _TABLE, {"Root": self._catalog, "Info": info.reference, "ID": pydyf.Array([digest] * 2)})
        return bytes(part.data)


def write_file(file: pydyf.PDF, own: Collection[int] = ()) -> bytes:
    """A finished file. ``own`` are the numbers of the objects that stand last, for others have others there."""
    unfinished = UnfinishedFile(file, own)
    return unfinished.finished(unfinished.left_out, file.info)


class _Part:
    """A file as far as it is written, and the table of what is where."""

    def __init__(self, data: bytearray, entries: bytearray) -> None:
        self.data, self.entries = data, entries

    def add(self, items: Iterable[PackedObject], number: int) -> None:
        """Write some objects, and those that may be packed into one stream with this ``number``."""
        held: list[bytes] = []
        index: list[bytes] = []
        length = 0
        for item in items:
            if not item.is_compressible:
                self._write(item.number, item.data)
                continue
            _ENTRY.pack_into(self.entries, item.number * _ENTRY.size, _HELD, number, len(held))
            index.append(b"%d %d" % (item.number, length))
            held.append(item.data)
            length += len(item.data) + 1
        head = b" ".join(index)
        extra = {"Type": "/ObjStm", "N": len(held), "First": len(head) + 1, **_PACKED}
        self._write(number, _stream(zlib.compress(b"\n".join((head, *held)), 9), extra))

    def end(self, number: int, extra: Mapping[str, Any]) -> None:
        """Write the table, as the stream with this ``number``, and where it stands."""
        place = len(self.data)
        _ENTRY.pack_into(self.entries, number * _ENTRY.size, _PLAIN, place, 0)
        size = number + 1
        described = {"Type": "/XRef", "Index": pydyf.Array([0, size]), "W": pydyf.Array(_WIDTHS), "Size": size, **extra}
        self._write(number, _stream(_pack(bytes(self.entries)), {**described, **_PACKED}))
        self.data += b"startxref\n%d\n%%%%EOF\n" % place

    def _write(self, number: int, data: bytes) -> None:
        _ENTRY.pack_into(self.entries, number * _ENTRY.size, _PLAIN, len(self.data), 0)
        self.data += b"%d 0 obj\n%b\nendobj\n" % (number, data)
