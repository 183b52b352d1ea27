"""Units as a tree of open branches, and as what a search finds."""

from reports.groups import Counts, Group, Level
from reports.target.branches import Looked, found_rows, open_rows
from reports.target.gap import GroupOrder


def team(
    key: int, name: str, people: int | None, complete: int = 0, above: tuple[str, str] = ("Care", "Home")
) -> Group:
    counts = None if people is None else Counts(people, complete)
    return Group(Level.TEAM, name, key, (*above, name), counts, key=str(key))


HOME = Group(
    Level.SERVICE, "Home", 2, ("Care", "Home", ""), Counts(60, 40), (team(4, "Nights", 20, 20), team(5, "Days", 40, 20))
)
CARE = Group(Level.DIRECTORATE, "Care", 1, ("Care", "", ""), Counts(60, 40), (HOME,))
PARKS = Group(Level.DIRECTORATE, "Parks", 3, ("Parks", "", ""), None, (team(6, "Mowers", None, above=("Parks", "")),))
WHOLE = Group(Level.AUTHORITY, "Halton", None, ("", "", ""), Counts(70, 40), (CARE, PARKS))


def names(rows: object) -> list[tuple[str, int]]:
    return [(row.group.name, row.depth) for row in rows]  # type: ignore[attr-defined]


def test_a_branch_is_shown_only_where_all_above_it_are_open() -> None:
    assert names(open_rows(WHOLE, {2}, order=GroupOrder.NAME, percent=100)) == [("Care", 0), ("Parks", 0)]
    opened = open_rows(WHOLE, {1, 2}, order=GroupOrder.GAP, percent=100)
    assert names(opened) == [("Care", 0), ("Home", 1), ("Days", 2), ("Nights", 2), ("Parks", 0)]
    assert len(list(open_rows(WHOLE, None, order=GroupOrder.NAME, percent=100))) == 6


def test_a_search_finds_units_by_what_stands_above_them_too() -> None:
    found = found_rows(WHOLE, Looked(("care",), Level.TEAM), order=GroupOrder.NAME, percent=100)
    assert names(found) == [("Nights", 0), ("Days", 0)]


def test_where_people_are_missing_no_unit_is_found_that_is_not_shown() -> None:
    found = found_rows(WHOLE, Looked(is_missing=True), order=GroupOrder.GAP, percent=50)
    assert found == []
    found = found_rows(WHOLE, Looked(is_missing=True), order=GroupOrder.GAP, percent=100)
    assert {(row.group.name, row.missing) for row in found} == {("Care", 20), ("Home", 20), ("Days", 20)}
