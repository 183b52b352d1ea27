"""Figures as a spreadsheet shows them: halves go away from zero, by the exact value and never by a float beside it."""

from decimal import Decimal
from fractions import Fraction

Figure = int | float | Decimal | Fraction


def rounded(value: Figure) -> int:
    """The nearest whole number; a half goes away from zero: 12.5 is 13 and -0.5 is -1."""
    exact = _exact(value)
    size = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return size if exact >= 0 else -size


def rounded_to(value: Figure, places: int) -> Decimal:
    """The same with ``places`` decimals, which are all there when it is printed: 3.25 is 3.3, and 3 is 3.0."""
    return Decimal(rounded(_exact(value) * 10**places)).scaleb(-places)


def whole_percent(part: int, whole: int) -> int:
    """A share of ``whole`` in whole per cent, 0 of an empty group. 100 is everybody and 0 is nobody, never nearly."""
    if part <= 0 or whole <= 0:
        return 0
    if part >= whole:
        return 100
    return min(99, max(1, rounded(Fraction(100 * part, whole))))


def _exact(value: Figure) -> Fraction:
    # Spreadsheets look at fifteen significant digits of a float, in which 0.285 times 100 is 28.5 and not below it.
    return Fraction(f"{value:.15g}" if isinstance(value, float) else value)
