"""A row that cannot be used never makes its person a leaver: whoever it may mean keeps their job, or all ends wait."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.feed.mapping.mappings import Column, Mapping
from people.feed.mapping.row_reading import read_rows
from people.feed.mapping.uses import ColumnUse
from people.feed.planning.making import Covered, plan_rows
from people.feed.planning.plan import Act, Plan
from people.feed.planning.sentences import sentences_of, stop_sentences
from people.feed.reading.opening import open_table
from people.feed.reading.unreadable import UnreadableFile
from people.feed.rows import CellProblem, ReadRow, UnusableRow
from people.jobs.terms import EmploymentKind
from tests.people.feed.rows import HOMES, ON, a_job, a_plan, a_row, a_state, items_of

HEADINGS = "Payroll;Surname;Forename;Email;Unit;Hours;Start;Manager"
MAPPING = Mapping(
    tuple(
        Column(heading, use)
        for heading, use in zip(
            HEADINGS.split(";"),
            (
                ColumnUse.PAYROLL_NUMBER,
                ColumnUse.FAMILY_NAME,
                ColumnUse.GIVEN_NAME,
                ColumnUse.EMAIL,
                ColumnUse.UNIT,
                ColumnUse.HOURS_PER_WEEK,
                ColumnUse.STARTS_ON,
                ColumnUse.MANAGER,
            ),
            strict=True,
        )
    ),
    unit_separator="/",
)
PEOPLE = (
    ("900501", "O’Brien", "Siân Mary", "sian@council.example"),
    ("900502", "Nguyễn", "Minh", "minh@council.example"),
    ("900503", "Okafor", "Ada", ""),
    ("900504", "王", "芳", "fang@council.example"),
    ("900505", "Smith", "Jo", "jo@council.example"),
    ("900506", "Roe", "Kim", ""),
)
LINES = tuple(
    f"{number};{family};{given_name};{email};{'/'.join(HOMES)};37;01/04/2020;900502"
    if number != "900502"
    else f"{number};{family};{given_name};{email};{'/'.join(HOMES)};37;01/04/2020;"
    for number, family, given_name, email in PEOPLE
)
STATE = a_state(
    *(
        a_job(number, f"{given_name} {family}", email=email or None, kind=EmploymentKind.EMPLOYEE)
        for number, family, given_name, email in PEOPLE
    )
)
NOTHING_WRONG = CellProblem("Payroll", "", "This is empty.", "Fill it in.")


def planned(*lines: str) -> tuple[Plan, list[ReadRow]]:
    table = open_table(BytesIO("\n".join((HEADINGS, *lines, "")).encode()))
    rows = list(read_rows(table, MAPPING, on=ON))
    return plan_rows(STATE, rows, covered=Covered(everybody=True), on=ON), rows


def leavers(plan: Plan) -> list[str]:
    return [item.payroll_number for item in items_of(plan, Act.LEAVE)]


def test_the_whole_file_ends_nothing() -> None:
    plan, _ = planned(*LINES)
    assert (leavers(plan), plan.unusable) == ([], ())


@pytest.mark.parametrize(
    "damaged",
    [
        ";900501;O’Brien;Siân Mary;sian@council.example;Adult Social Care/Care Homes;37;01/04/2020;900502",  # slipped
        "900501;O’Brien;Siân;Mary;sian@council.example;Adult Social Care/Care Homes;37;01/04/2020;900502",
        ";900501;O’Brien;Siân Mary;sian@council.example;Adult Social Care/Care Homes;37;01/04/2020",
        "900501;O’Brien",  # cut off
        "900501;O’Brien;Siân Mary;sian@council.example;Adult Social Care/Care Homes;37;31/02/2020;900502",
        "900501;O’Brien;Siân Mary;sian@council.example;Adult Social Care/Care Homes;many;;",
        ";O’Brien;Siân Mary;;Adult Social Care/Care Homes;37;;",  # no number, and a name
        "9.00501E+05;Brown;Siân;sian@council.example;Adult Social Care/Care Homes;37;;",  # a cut one, and an address
        '"900501";"O’Brien" Siân;;Adult Social Care/Care Homes;37;;;',  # a quote inside a quoted cell
    ],
)
def test_whoever_stands_in_a_row_that_cannot_be_used_keeps_their_job(damaged: str) -> None:
    plan, rows = planned(damaged, *LINES[1:5])
    assert isinstance(rows[0], UnusableRow)
    assert leavers(plan) == ["900506"]  # whom no row names
    assert not plan.missing.is_unsure


def test_everybody_whose_lines_a_stray_quote_has_swallowed_keeps_their_job() -> None:
    opened = LINES[0].replace("O’Brien", '"O’Brien')
    closed = LINES[2].replace("Okafor", '"Okafor"')
    plan, _ = planned(opened, LINES[1], closed, *LINES[3:5])
    assert leavers(plan) == ["900506"]
    assert [one.count for one in sentences_of(plan) if one.about == "kept"] == [3]


def test_a_number_that_stands_in_the_row_of_somebody_else_does_not_end_the_job_of_its_reader() -> None:
    """Jo is written with the number of Kim, who has a row of their own."""
    wrong = LINES[4].replace("900505", "900506")
    plan, _ = planned(*LINES[:4], wrong, LINES[5])
    assert leavers(plan) == []


def test_the_manager_in_a_faulty_row_is_not_taken_for_its_person() -> None:
    faulty = ";Unknown;Person;;Adult Social Care/Care Homes;37;;900502"
    plan, _ = planned(LINES[0], *LINES[2:], faulty)
    assert plan.missing.is_unsure


def test_ends_wait_where_nothing_tells_whom_rows_mean() -> None:
    nameless = UnusableRow(0, (NOTHING_WRONG,))
    jobs = [a_job(f"{place:04}", f"Person Nº{place}", key=place) for place in range(1, 9)]
    rows = [a_row(job.payroll_number, job.full_name) for job in jobs[:3]]
    plan = a_plan(a_state(*jobs), *rows, nameless, nameless, nameless, everybody=True)
    assert stop_sentences(plan, ()) == (
        "Stopped: nothing has changed yet. 3 rows cannot be used, and nothing tells whom they mean. Of the 5 jobs that"
        " no row names, up to 3 may be theirs: ends wait until the rows are put right. To end these jobs nevertheless,"
        " a second person must decide.",
    )
    one = a_plan(a_state(*jobs), *rows, nameless, everybody=True)
    assert "Of the 5 jobs that no row names, 1 may be the one: ends wait until the row is" in stop_sentences(one, ())[0]


def test_a_faulty_row_of_somebody_new_keeps_nobody_waiting() -> None:
    """Its number can be read and is nobody’s here."""
    new = UnusableRow(0, (NOTHING_WRONG,), "7771", "Ann Wu", "Ann Wu\x1eHomes")
    plan = a_plan(a_state(a_job("0001"), a_job("0002", "Bo Li")), a_row("0001"), new, everybody=True)
    assert (leavers(plan), plan.missing.is_unsure) == (["0002"], False)
    married = UnusableRow(0, (NOTHING_WRONG,), "7771", "Bo Smith")
    assert a_plan(a_state(a_job("0001"), a_job("0002", "Bo Li")), a_row("0001"), married, everybody=True).missing.unread
    longer = UnusableRow(0, (NOTHING_WRONG,), "77710", "Ann Wu")
    assert a_plan(a_state(a_job("0001"), a_job("0002", "Bo Li")), a_row("0001"), longer, everybody=True).missing.unread
    slipped = UnusableRow(0, (NOTHING_WRONG,), "7771")
    assert a_plan(a_state(a_job("0001"), a_job("0002", "Bo Li")), a_row("0001"), slipped, everybody=True).missing.unread


def test_a_file_that_does_not_hold_everybody_has_nobody_missing() -> None:
    assert a_plan(a_state(a_job("0001")), UnusableRow(0, (NOTHING_WRONG,))).missing.unread == 0


def test_a_job_to_come_is_not_withdrawn_by_a_faulty_row() -> None:
    to_come = a_job("0001", "Ann Wu", starts_on=ON.replace(month=12), is_announced=True)
    faulty = UnusableRow(0, (NOTHING_WRONG,), cells="Wu\x1eAnn")
    assert a_plan(a_state(to_come), faulty, everybody=True).items == ()
    assert a_plan(a_state(to_come), everybody=True).counts.withdrawn == 1


JUNK = st.text(st.sampled_from('";,\t| /'), max_size=4)


@given(st.integers(0, len(LINES) - 1), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 12), JUNK), max_size=3))
def test_no_damage_to_one_line_makes_its_person_a_leaver_unseen(which: int, edits: list[tuple[int, int, str]]) -> None:
    line = LINES[which]
    for at, length, junk in edits:
        line = line[:at] + junk + line[at + length :]
    try:
        plan, _ = planned(*LINES[:which], line, *LINES[which + 1 :])
    except UnreadableFile:
        return
    if plan.unusable:  # else it is the usable row of somebody new
        assert not leavers(plan) or plan.missing.is_unsure
