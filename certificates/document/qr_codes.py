"""QR codes of addresses that differ only in a certificate's number, without encoding each of them.

Letters, error correction and mask of a QR code are all sums of single bits (ISO/IEC 18004, 7.5 and 7.8: without
carrying, so each is its own inverse). Turning one bit of one letter therefore always changes the
same pixels, whatever the other letters are: a code is the sum of a first code and of such changes.
"""

import zlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

import segno

# Some readers smooth what they enlarge, so a module is more than one pixel wide: half a byte, one bit per pixel.
PIXELS_A_MODULE = 4
_DARK, _LIGHT = "0", "f"
_BITS = 7
# Making ready takes as long as 100 codes.
ENOUGH = 40


@dataclass(frozen=True)
class CodePixels:
    """``side`` pixels a row and as many rows; ``data`` is compressed, one bit per pixel, 0 is dark."""

    side: int
    data: bytes


def code_pixels(address: str) -> CodePixels:
    """The QR code of an address, without its quiet zone.

    Addresses are alike that have as many characters behind the same last slash. When many of them have been asked
    for, what all have in common is made ready.
    """
    stem, number = _parted(address)
    alike = (stem, len(number))
    _asked[alike] += 1
    if _asked[alike] == ENOUGH:
        _prepare(address)
    known = _prepared.get(alike) if address.isascii() else None
    side, code = (known.side, known.code_of(number)) if known else _drawn(address)
    return CodePixels(side * PIXELS_A_MODULE, _packed(side, code))


def _prepare(address: str) -> None:
    stem, number = _parted(address)
    first = f"{stem}/{'0' * len(number)}"
    # Capitals and digits alone are packed in pairs, where one bit can change many.
    if address.isascii() and _code(first).mode == "byte":
        _prepared[stem, len(number)] = _Prepared.of(first, len(number))


class _Prepared:
    """The code of an address that ends with noughts, and what each bit of each of the noughts changes in it."""

    def __init__(self, side: int, code: int, changes: tuple[tuple[int, ...], ...]) -> None:
        self.side, self._code, self._changes = side, code, changes

    @classmethod
    def of(cls, first: str, length: int) -> "_Prepared":
        side, code = _drawn(first)
        changes = tuple(
            tuple(
                code ^ _drawn(first[:place] + chr(ord("0") ^ (1 << bit)) + first[place + 1 :])[1]
                for bit in range(_BITS)
            )
            for place in range(len(first) - length, len(first))
        )
        return cls(side, code, changes)

    def code_of(self, number: str) -> int:
        code = self._code
        for letter, changes in zip(number, self._changes, strict=True):
            turned = ord(letter) ^ ord("0")
            for bit in range(_BITS):
                if turned >> bit & 1:
                    code ^= changes[bit]
        return code


_asked: Counter[tuple[str, int]] = Counter()
_prepared: dict[tuple[str, int], _Prepared] = {}


def _parted(address: str) -> tuple[str, str]:
    stem, _, number = address.rpartition("/")
    return stem, number


def _code(address: str) -> Any:
    # Choosing the prettiest of eight masks takes longer than all the rest; every reader reads every mask.
    return segno.make_qr(address, error="m", mask=3)


def _drawn(address: str) -> tuple[int, int]:
    """Modules a side, and every row of them as half bytes, filled up to whole bytes."""
    matrix = _code(address).matrix
    side = len(matrix)
    rows = ("".join(_DARK if is_dark else _LIGHT for is_dark in row).ljust(side + side % 2, _DARK) for row in matrix)
    return side, int("".join(rows), 16)


def _packed(side: int, code: int) -> bytes:
    width = (side + 1) // 2
    rows = code.to_bytes(side * width, "big")
    return zlib.compress(b"".join(rows[at : at + width] * PIXELS_A_MODULE for at in range(0, len(rows), width)), 6)
