"""Mobile numbers are read as people write them, and only those that a text can reach."""

import pytest

from kernel.mobiles.writing import NotAMobile, mobile_in_words, read_mobile


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("07700 900123", "+447700900123"),
        ("7700900123", "+447700900123"),  # a spreadsheet has taken the zero away
        ("447700900123", "+447700900123"),
        ("+44 (0)7700 900-123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("07911 123456", "+447911123456"),
        ("07624 123456", "+447624123456"),  # the Isle of Man
        ("+353 85 123 4567", "+353851234567"),
        ("+1 202 555 0123", "+12025550123"),  # where mobiles and others look alike
    ],
)
def test_a_number_is_kept_in_one_writing(written: str, number: str) -> None:
    assert read_mobile(written) == number


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "like 07700 900 123"),
        ("n/a", "like 07700 900 123"),
        ("0151 496 0000", "of a mobile phone"),
        ("07012 345678", "of a mobile phone"),  # a personal number, which costs a pound a minute
        ("07600 123456", "of a mobile phone"),  # a pager
        ("07911 123456 ext 3", "without an extension"),
        ("07911 123 ABC", "without letters"),  # which a telephone would dial as 07911 123222
        ("07911 12345", "that exists"),
        ("+44 7700 90012", "that exists"),
    ],
)
def test_what_no_text_can_reach_is_refused_with_what_to_do(written: str, why: str) -> None:
    with pytest.raises(NotAMobile, match=why):
        read_mobile(written)


def test_a_number_is_shown_as_people_of_its_country_write_it() -> None:
    assert mobile_in_words("+447911123456") == "07911 123456"
    assert mobile_in_words("+353851234567") == "+353 85 123 4567"
