"""The order of a list of people."""

from datetime import date

import pytest

from reports.listing.order import BY_NAME, PeopleOrder, Place, Sorting, in_order, sorting_from

PEOPLE = [Place(1, "cyan", "b", 2), Place(2, "amber", "b", 1), Place(3, "blue", "a", 2), Place(4, "dun", "a", 3)]
DATES = {1: date(2027, 3, 1), 3: date(2027, 1, 1)}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("", [2, 3, 1, 4]),
        ("-name", [4, 1, 3, 2]),
        ("unit", [3, 4, 2, 1]),
        ("-unit", [2, 1, 3, 4]),
        ("state", [2, 3, 1, 4]),
        ("due", [3, 1, 2, 4]),
        ("-due", [1, 3, 2, 4]),
        ("no such order", [2, 3, 1, 4]),
    ],
)
def test_who_is_equal_stands_by_name_and_who_has_no_date_at_the_end(word: str, expected: list[int]) -> None:
    assert in_order(PEOPLE, sorting_from(word), dates=DATES) == expected


def test_a_heading_turns_its_own_order_round() -> None:
    assert BY_NAME.after_choosing(PeopleOrder.NAME).word == "-name"
    assert Sorting(PeopleOrder.DUE, is_falling=True).after_choosing(PeopleOrder.DUE).word == "due"
    assert BY_NAME.after_choosing(PeopleOrder.UNIT).word == "unit"
