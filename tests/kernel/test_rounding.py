"""Figures are rounded as the spreadsheet does it in which somebody checks them."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.rounding import Figure, rounded, rounded_to, whole_percent


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (0.5, 1),
        (2.5, 3),
        (12.5, 13),
        (-0.5, -1),
        (-2.5, -3),
        (Fraction(5, 2), 3),
        (Decimal("0.5"), 1),
        (100 * 0.285, 29),  # 28.499999999999996 in floats; a spreadsheet has 28.5
        (100 * (0.1 + 0.2 + 0.145), 45),
        (100 * 0.2849, 28),
        (7, 7),
    ],
)
def test_a_half_goes_away_from_zero_also_where_a_float_falls_just_short_of_it(value: Figure, whole: int) -> None:
    assert rounded(value) == whole


@pytest.mark.parametrize(
    ("value", "places", "words"),
    [
        (3.25, 1, "3.3"),
        (3, 1, "3.0"),
        (-0.04, 1, "0.0"),
        (2.675, 2, "2.68"),
        (Fraction(13, 4), 1, "3.3"),
        (0.125, 2, "0.13"),
    ],
)
def test_decimals_are_all_there_and_rounded_the_same_way(value: Figure, places: int, words: str) -> None:
    assert str(rounded_to(value, places)) == words


@given(st.integers(1, 25_000), st.integers(1, 25_000))
def test_a_share_is_what_decimal_arithmetic_makes_of_it(part: int, more: int) -> None:
    exact = (Decimal(100 * part) / Decimal(part + more)).quantize(Decimal("1e-12"))
    by_hand = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert whole_percent(part, part + more) == min(99, max(1, by_hand))


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_hundred_per_cent_is_everybody_and_none_is_nobody(part: int, more: int) -> None:
    percent = whole_percent(part, part + more)
    assert (percent == 100) == (more == 0 < part)
    assert (percent == 0) == (part == 0)


def test_more_answers_than_were_asked_for_are_a_hundred_per_cent() -> None:
    assert whole_percent(11, 10) == 100
