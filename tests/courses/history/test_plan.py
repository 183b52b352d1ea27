"""What a file of past learning would do, without any database."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.history.known import Known, KnownCourse, KnownCourses, KnownJob, KnownPeople
from courses.history.plan import Doubt, Outcome, PlanItem, plan
from courses.history.rows import HistoryEntry
from people.feed.rows import CellProblem, UnusableRow

MARCH = date(2024, 3, 31)
BORN = date(1980, 5, 17)
SIAN = KnownJob(1, "Siân Hughes", "004411", date(2020, 4, 1), None, BORN)
NGUYEN = KnownJob(2, "Nguyễn Thị Minh", "AB7", date(2023, 1, 9), date(2024, 12, 31))
OTHER_SIAN = KnownJob(3, "Sian Hughes", "900", date(2021, 6, 1), None, date(1991, 1, 1))
WANG = KnownJob(4, "王芳", "901", date(2021, 6, 1), None, BORN)
RACE = KnownCourse(7, "RE", "lets-talk-about-race", ("Let’s Talk About Race", "Talking About Race"))
CARE = KnownCourse(8, "CA", "care", ("Care and Culture",))
KNOWN = Known(KnownPeople((SIAN, NGUYEN, OTHER_SIAN, WANG)), KnownCourses((RACE, CARE)))


def entry(number: int = 2, **values: object) -> HistoryEntry:
    return replace(HistoryEntry(number, "RE", MARCH, payroll_number="004411"), **values)  # type: ignore[arg-type]


def only(known: Known = KNOWN, **values: object) -> PlanItem:
    (item,) = plan(known, [entry(**values)]).items
    return item


@pytest.mark.parametrize("course", ["RE", "re", "lets-talk-about-race", "Let’s Talk About Race", " TALKING about race"])
def test_a_course_is_known_by_its_id_address_and_any_title_it_had(course: str) -> None:
    item = only(course=course)
    assert (item.outcome, item.person_id, item.course_id) == (Outcome.MATCHED, 1, 7)


def test_a_course_is_known_by_what_the_authority_calls_it() -> None:
    assert only(course="EDI 2022").doubts == (Doubt.UNKNOWN_COURSE,)
    known = replace(KNOWN, courses=replace(KNOWN.courses, called={"edi 2022": 8}))
    assert only(known, course="EDI 2022").course_id == 8


def test_the_nearest_course_is_named_and_never_taken() -> None:
    assert only(course="Lets Talk About Rase").outcome is Outcome.UNMATCHED
    assert KNOWN.courses.nearest("Lets Talk About Rase") == "Let’s Talk About Race"
    assert KNOWN.courses.nearest("Manual handling") is None


def test_a_title_that_two_courses_have_means_neither() -> None:
    namesake = KnownCourse(9, "XX", "namesake", ("Care and Culture",))
    known = replace(KNOWN, courses=KnownCourses((CARE, namesake)))
    assert only(known, course="Care and Culture").course_id is None
    assert only(known, course="namesake").course_id == 9


@pytest.mark.parametrize(
    ("values", "person_id", "doubt"),
    [
        ({}, 1, None),
        ({"name": "Hughes-Evans, Sian"}, 1, None),
        ({"name": "Ọláyínká Adé"}, None, Doubt.OTHER_NAME),
        ({"born_on": date(1999, 1, 1)}, None, Doubt.OTHER_BIRTH),
        ({"payroll_number": "4411"}, None, Doubt.UNKNOWN_NUMBER),
        ({"payroll_number": "4411", "name": "Siân Hughes"}, 1, None),
        ({"payroll_number": "ab7"}, 2, None),
        ({"payroll_number": "7"}, None, Doubt.UNKNOWN_NUMBER),
        ({"payroll_number": "7", "name": "Minh Thi Nguyen", "completed_on": date(2023, 5, 1)}, 2, None),
        ({"payroll_number": "AB 07", "name": "Nguyễn Thị Minh", "completed_on": date(2023, 5, 1)}, 2, None),
        ({"payroll_number": "7", "name": "Siân Hughes"}, None, Doubt.OTHER_NAME),
        ({"payroll_number": "AB7", "completed_on": date(2022, 5, 1)}, None, Doubt.OUTSIDE_JOB),
        ({"payroll_number": "AB7", "completed_on": date(2025, 5, 1)}, None, Doubt.OUTSIDE_JOB),
        ({"payroll_number": "AB7", "completed_on": date(2022, 5, 1), "name": "Minh Nguyen"}, 2, None),
        ({"completed_on": date(2019, 5, 1), "born_on": BORN}, 1, None),
        ({"payroll_number": "none"}, None, Doubt.UNKNOWN_NUMBER),
        ({"payroll_number": "", "name": "Hughes, Siân"}, None, Doubt.NAME_ALONE),
        ({"payroll_number": "", "name": "Hughes, Siân", "born_on": BORN}, 1, None),
        ({"payroll_number": "", "name": "SIAN HUGHES", "born_on": date(1991, 1, 1)}, 3, None),
        ({"payroll_number": "", "name": "Siân Hughes", "born_on": date(1970, 1, 1)}, None, Doubt.NOBODY),
        ({"payroll_number": "", "name": "王芳", "born_on": BORN}, 4, None),
        ({"payroll_number": "none", "name": "王芳", "born_on": BORN}, 4, None),
    ],
)
def test_whose_completion_it_is(values: dict[str, object], person_id: int | None, doubt: Doubt | None) -> None:
    item = only(**values)
    assert (item.person_id, item.doubts) == (person_id, (doubt,) if doubt else ())
    assert item.outcome is (Outcome.UNMATCHED if doubt else Outcome.MATCHED)


def test_a_name_alone_matches_nobody_and_suggests_everybody_who_bears_it() -> None:
    item = only(payroll_number="", name="Siân Hughes")
    assert item.person_id is None
    assert item.suggested == (1, 3)


def test_two_people_with_one_name_and_birth_are_suggested_and_not_chosen() -> None:
    namesake = replace(SIAN, person_id=5, payroll_number="5")
    known = replace(KNOWN, people=KnownPeople((SIAN, namesake)))
    item = only(known, payroll_number="", name="Siân Hughes", born_on=BORN)
    assert (item.doubts, item.suggested) == ((Doubt.SEVERAL_PEOPLE,), (1, 5))


def test_a_person_with_two_jobs_here_is_one_person() -> None:
    known = replace(KNOWN, people=KnownPeople((SIAN, replace(SIAN, payroll_number="5"))))
    assert only(known, payroll_number="", name="Siân Hughes", born_on=BORN).person_id == 1


def test_what_is_there_already_is_said_and_the_next_day_is_another_completion() -> None:
    known = replace(KNOWN, taken=frozenset({(1, 7, MARCH)}))
    assert only(known).outcome is Outcome.ALREADY_THERE
    assert only(known, completed_on=date(2024, 4, 1)).outcome is Outcome.MATCHED
    assert only(known, course="CA").outcome is Outcome.MATCHED


def test_a_row_that_repeats_another_is_no_second_completion() -> None:
    rows = [
        entry(2),
        entry(3, payroll_number="4411", name="Hughes Siân"),
        entry(4, payroll_number="no"),
        entry(5, payroll_number="NO"),
    ]
    made = plan(KNOWN, rows)
    assert [item.outcome for item in made.items] == [
        Outcome.MATCHED,
        Outcome.REPEATED,
        Outcome.UNMATCHED,
        Outcome.REPEATED,
    ]


def test_unusable_rows_stay_apart() -> None:
    broken = UnusableRow(3, (CellProblem("Date", "soon", "This is no date.", "Write it."),))
    made = plan(KNOWN, [entry(2), broken, entry(4, course="CA")])
    assert made.unusable == (broken,)
    assert [item.entry.row_number for item in made.of(Outcome.MATCHED)] == [2, 4]


ROWS = st.lists(
    st.builds(
        entry,
        payroll_number=st.sampled_from(["004411", "4411", "AB7", "", "x"]),
        name=st.sampled_from(["", "Siân Hughes", "Minh"]),
        course=st.sampled_from(["RE", "CA", "?"]),
        completed_on=st.sampled_from([MARCH, date(2024, 4, 1)]),
    ),
    max_size=5,
)


@given(rows=ROWS)
def test_the_order_of_rows_changes_nothing_of_what_is_added(rows: list[HistoryEntry]) -> None:
    def added(some: list[HistoryEntry]) -> set[object]:
        items = plan(KNOWN, some).of(Outcome.MATCHED)
        assert len({(i.person_id, i.course_id, i.entry.completed_on) for i in items}) == len(items)
        return {(i.person_id, i.course_id, i.entry.completed_on) for i in items}

    assert all(added(list(some)) == added(rows) for some in permutations(rows))


@given(rows=ROWS)
def test_planning_what_was_added_adds_nothing_more(rows: list[HistoryEntry]) -> None:
    first = plan(KNOWN, rows)
    keys = [(i.person_id, i.course_id, i.entry.completed_on) for i in first.of(Outcome.MATCHED)]
    again = plan(replace(KNOWN, taken=frozenset(keys)), rows)  # type: ignore[arg-type]
    assert again.of(Outcome.MATCHED) == ()
    assert len(again.of(Outcome.ALREADY_THERE)) == len(keys)
