"""Tables as data: which row is whose, which column holds figures, and every order that a reader may ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.content.model.local_wording import ORGANISATIONS
from courses.content.model.tables import Order, Table, as_short_name, find_table, in_words

TEXT = """\
| Area | Residents | Share | Note |
| --- | ---: | --- | --- |
| Halton | 128,478 | 6.4% (8,177) | small |
| **St Helens** | 183,248 | -1.5% | Ọláyínká |
| City region | 1,551,764 | £12 | |

What follows.
"""


def table() -> Table:
    found = find_table(TEXT)
    assert found is not None
    return found


def test_a_table_is_read_with_what_follows_it() -> None:
    assert table().headings == ("Area", "Residents", "Share", "Note")
    assert [row[0] for row in table().rows] == ["Halton", "**St Helens**", "City region"]
    assert table().rows[2][3] == ""
    assert table().after == "What follows."


@pytest.mark.parametrize("text", ["", "Words.", "Words.\n\n| A | B |\n| --- | --- |\n| 1 | 2 |", "- a list"])
def test_a_text_that_does_not_begin_with_a_table_holds_none(text: str) -> None:
    assert find_table(text) is None


def test_columns_of_figures_are_told_from_columns_of_words() -> None:
    assert [table().is_numeric(column) for column in range(4)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("authority", "row"), [("halton", 0), ("st-helens", 1), ("combined-authority", 2), ("wirral", None), (None, None)]
)
def test_an_authority_finds_its_row(authority: str | None, row: int | None) -> None:
    assert table().own_row(authority) == row


def test_figures_are_sorted_by_their_size_and_words_by_the_alphabet() -> None:
    assert [row[1] for row in table().in_order(Order(1, True), own=None)] == ["1,551,764", "183,248", "128,478"]
    assert [row[2] for row in table().in_order(Order(2, False), own=0)] == ["-1.5%", "6.4% (8,177)", "£12"]
    assert [row[0] for row in table().in_order(Order(0, False), own=1)] == ["City region", "Halton", "**St Helens**"]


def test_every_authority_has_a_name_that_is_found() -> None:
    names = ["Combined Authority", "Halton", "Knowsley", "Liverpool", "Sefton", "St Helens", "Wirral"]
    assert tuple(map(as_short_name, names)) == ORGANISATIONS


def test_a_row_in_words() -> None:
    assert in_words("In [1] live [2] of [1].", ("Halton", "12")) == "In Halton live 12 of Halton."


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.booleans(), st.integers(0, 30))
def test_no_order_loses_a_row_or_puts_one_in_the_wrong_place(figures: list[int], is_descending: bool, own: int) -> None:
    rows = tuple((f"row {number}", f"{figure:,}") for number, figure in enumerate(figures))
    made = Table(("Row", "Figure"), rows)
    ordered = made.in_order(Order(1, is_descending), own=None)
    assert [row[1] for row in ordered] == [f"{figure:,}" for figure in sorted(figures, reverse=is_descending)]
    first = own % len(rows)
    kept = made.in_order(None, own=first)
    assert kept[0] == rows[first]
    assert sorted(kept) == sorted(rows)
