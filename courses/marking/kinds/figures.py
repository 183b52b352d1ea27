"""Reads numbers as people type them: with a comma or a point, with gaps between thousands, with the unit."""

import re
import unicodedata
from decimal import Decimal

from kernel.typed import folded

MOST_CHARACTERS = 40

_ALSO = {"%": ("per cent", "percent")}
_POWERS = str.maketrans("23", "²³")
_SIGNS = str.maketrans({"−": "-", "–": "-", "٫": ".", "٬": ",", "٪": "%", "’": "'", "‘": "'"})
_SIGNED = re.compile(r"([+-]?)\s*([\d ',.]*\d)")
_THOUSANDS = re.compile(r"\d{1,3}([ ',.])(?:\d{2,3}\1)*\d{3}")
_BRITISH_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")


def read_number(text: str, unit: str = "", *, flattens: bool = False) -> Decimal | None:
    """The number that ``text`` says, or ``None`` when it says none.

    A comma before exactly three digits parts thousands, as British people write: 1,234. Any other single comma,
    and every single point, begins the decimals: 12,5 and 12.5. 10², 5½ and ① are not numbers, although Unicode has
    digits for them; ``flattens`` reads them as 102, nothing and 1, as the first version of the rules did.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    found = _SIGNED.fullmatch(_without_unit(_tidy(text, flattens=flattens), unit))
    if found is None:
        return None
    sign, figures = found.groups()
    mark = _decimal_mark(figures)
    whole, _, decimals = figures.rpartition(mark) if mark else (figures, "", "")
    if _THOUSANDS.fullmatch(whole):
        whole = re.sub(r"\D", "", whole)
    digits = (whole or "0") + decimals
    if not digits.isdecimal():
        return None
    return Decimal(f"{sign}{whole or 0}.{decimals or 0}")


def plain_figure(number: Decimal) -> str:
    """A number as it is printed: no exponent, and no zeros that say nothing."""
    return format(number.normalize(), "f")


def with_unit(number: Decimal, unit: str) -> str:
    """A number as it is said: 12%, £12, 12 people."""
    figure = plain_figure(number)
    if is_currency(unit):
        return f"{unit}{figure}"
    return f"{figure}{unit}" if unit == "%" else f"{figure} {unit}".rstrip()


def is_currency(unit: str) -> bool:
    """True for £ and its like, which stand before the number."""
    return len(unit) == 1 and unicodedata.category(unit) == "Sc"


def _tidy(text: str, *, flattens: bool) -> str:
    plain = folded(unicodedata.normalize("NFKC", text) if flattens else text)
    return plain.translate(_SIGNS).rstrip(". ")


def _without_unit(typed: str, unit: str) -> str:
    if typed.startswith("-") and unit:
        return "-" + _without_unit(typed[1:].strip(), unit)
    # Whichever way a power in the unit was typed: m² or m2.
    units = [_tidy(unit, flattens=True), _tidy(unit.translate(_POWERS), flattens=False)]
    for word in (*units, *_ALSO.get(units[0], ())):
        if word and typed.endswith(word):
            return typed.removesuffix(word).strip()
        if word and typed.startswith(word):
            return typed.removeprefix(word).strip()
    return typed


def _decimal_mark(figures: str) -> str:
    points, commas = figures.count("."), figures.count(",")
    if points and commas:
        last = "." if figures.rfind(".") > figures.rfind(",") else ","
        return last if figures.count(last) == 1 else ""
    if points:
        return "." if points == 1 else ""
    return "," if commas == 1 and not _BRITISH_THOUSANDS.fullmatch(figures) else ""
