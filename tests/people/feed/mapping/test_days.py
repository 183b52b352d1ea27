"""Days are read in the order that the mapping says, and years of two figures by what the day is."""

from datetime import date

import pytest

from people.feed.mapping.days import DateOrder
from people.feed.mapping.mappings import Column
from people.feed.mapping.uses import ColumnUse
from people.feed.rows import FeedField, FeedRow, UnusableRow
from tests.people.feed.mapping.made import fault_of, read_one, row_of


@pytest.mark.parametrize(
    ("order", "cell", "day"),
    [
        (DateOrder.DAY_FIRST, "01/04/2019", date(2019, 4, 1)),
        (DateOrder.DAY_FIRST, "1.4.19", date(2019, 4, 1)),
        (DateOrder.DAY_FIRST, "01-04-1974 00:00:00", date(1974, 4, 1)),
        (DateOrder.DAY_FIRST, "01042019", date(2019, 4, 1)),
        (DateOrder.DAY_FIRST, "2019-04-01T00:00:00Z", date(2019, 4, 1)),
        (DateOrder.DAY_FIRST, "01-APR-2019", date(2019, 4, 1)),
        (DateOrder.DAY_FIRST, "1st April 2019", date(2019, 4, 1)),
        (DateOrder.MONTH_FIRST, "04/01/2019 9:30 AM", date(2019, 4, 1)),
        (DateOrder.MONTH_FIRST, "April 1, 2019", date(2019, 4, 1)),
        (DateOrder.MONTH_FIRST, "04012019", date(2019, 4, 1)),
        (DateOrder.YEAR_FIRST, "2019/04/01", date(2019, 4, 1)),
        (DateOrder.YEAR_FIRST, "20190401", date(2019, 4, 1)),
        (DateOrder.YEAR_FIRST, "19-04-01", date(2019, 4, 1)),
        (DateOrder.EXCEL_NUMBER, "43556", date(2019, 4, 1)),
        (DateOrder.EXCEL_NUMBER, "2019-04-01", date(2019, 4, 1)),
        (DateOrder.DAY_FIRST, "٠١/٠٤/٢٠١٩", date(2019, 4, 1)),
    ],
)
def test_days_are_read_in_the_order_that_the_mapping_says(order: DateOrder, cell: str, day: date) -> None:
    assert row_of(ColumnUse.STARTS_ON, cell, dates=order).starts_on == day


@pytest.mark.parametrize(
    ("order", "cell"),
    [
        (DateOrder.DAY_FIRST, "04/31/2019"),
        (DateOrder.MONTH_FIRST, "31/04/2019"),
        (DateOrder.YEAR_FIRST, "01/04/2019"),
        (DateOrder.EXCEL_NUMBER, "01/04/2019"),
        (DateOrder.DAY_FIRST, "29/02/2019"),
        (DateOrder.DAY_FIRST, "43556"),
        (DateOrder.DAY_FIRST, "soon"),
        (DateOrder.DAY_FIRST, "01/Foo/2019"),
    ],
)
def test_a_day_in_another_order_is_no_day_and_the_sentence_shows_the_right_one(order: DateOrder, cell: str) -> None:
    fault = fault_of(ColumnUse.STARTS_ON, cell, dates=order)
    assert fault.startswith(f"{cell}: This is no date in the order of this file. Write it as ")


@pytest.mark.parametrize(
    ("use", "cell", "year"),
    [
        (ColumnUse.BORN_ON, "03/04/49", 1949),
        (ColumnUse.BORN_ON, "3 Apr 27", 1927),
        (ColumnUse.BORN_ON, "27/11/12", 2012),
        (ColumnUse.STARTS_ON, "03/04/67", 1967),
        (ColumnUse.STARTS_ON, "03/04/28", 2028),
        (ColumnUse.STARTS_ON, "03/04/19", 2019),
        (ColumnUse.AWAY_FROM, "01/09/26", 2026),
        (ColumnUse.EFFECTIVE_ON, "01/12/26", 2026),
        (ColumnUse.ENDS_ON, "03/04/49", 2049),
        (ColumnUse.ENDS_ON, "03/04/72", 1972),
        (ColumnUse.ENDS_ON, "29/02/96", 1996),
    ],
)
def test_years_of_two_figures_follow_what_the_day_is(use: ColumnUse, cell: str, year: int) -> None:
    row = row_of(use, cell)
    assert getattr(row, use.value.replace("-", "_")).year == year
    assert row.has_short_year


@pytest.mark.parametrize("cell", ["28/11/12", "26/11/26", "1.1.13"])
def test_two_figures_make_no_child_and_nobody_of_more_than_a_hundred(cell: str) -> None:
    assert fault_of(ColumnUse.BORN_ON, cell).endswith(
        "Nobody who works was born in any year with these two figures. Write all four of the year."
    )


@pytest.mark.parametrize(
    ("use", "cell"),
    [(ColumnUse.STARTS_ON, "01/01/40"), (ColumnUse.EFFECTIVE_ON, "03/04/49"), (ColumnUse.ENDS_ON, "03/04/52")],
)
def test_two_figures_make_no_job_of_more_than_sixty_years(use: ColumnUse, cell: str) -> None:
    assert fault_of(use, cell).endswith(
        "No year with these two figures is one of a job today. Write all four of the year."
    )


def test_four_figures_are_no_short_year() -> None:
    assert not row_of(ColumnUse.BORN_ON, "03/04/1949").has_short_year


@pytest.mark.parametrize("cell", ["00.00.0000", "00000000", "", "  "])
def test_an_empty_day_says_nothing(cell: str) -> None:
    assert FeedField.ENDS_ON not in row_of(ColumnUse.ENDS_ON, cell).said


@pytest.mark.parametrize("cell", ["31/12/9999", "31-DEC-4712", "31/12/2299"])
def test_the_end_of_time_means_that_a_job_has_no_end(cell: str) -> None:
    row = row_of(ColumnUse.ENDS_ON, cell)
    assert row.ends_on is None
    assert FeedField.ENDS_ON in row.said
    assert "too far away" in fault_of(ColumnUse.STARTS_ON, cell)


def test_a_year_of_no_job_is_refused() -> None:
    assert "The year 1026 is no year of a job here." in fault_of(ColumnUse.STARTS_ON, "01/04/1026")


@pytest.mark.parametrize(("word", "kind"), [("Maternity leave", "long-leave"), ("Seconded", "secondment")])
def test_leave_has_a_first_day_and_a_kind(word: str, kind: str) -> None:
    columns = (
        Column("From", ColumnUse.AWAY_FROM),
        Column("To", ColumnUse.AWAY_UNTIL),
        Column("Why", ColumnUse.AWAY_KIND),
    )
    row = read_one({"From": "01/09/2026", "To": "", "Why": word}, *columns)
    assert isinstance(row, FeedRow)
    assert (row.away_from, row.away_until, row.away_kind) == (date(2026, 9, 1), None, kind)
    wrong = [{"From": "", "To": "01/09/2026", "Why": word}, {"From": "02/09/2026", "To": "01/09/2026", "Why": word}]
    faults = [read_one(cells, *columns) for cells in wrong]
    assert [row.problems[0].problem for row in faults if isinstance(row, UnusableRow)] == [
        "The leave ends and never began.",
        "The leave ends before it begins.",
    ]


def test_a_job_that_ends_before_it_begins_is_refused() -> None:
    columns = (Column("Start", ColumnUse.STARTS_ON), Column("End", ColumnUse.ENDS_ON))
    row = read_one({"Start": "02/01/2020", "End": "01/01/2020"}, *columns)
    assert isinstance(row, UnusableRow)
    assert (row.problems[0].column, row.problems[0].stands) == ("End", "01/01/2020")
