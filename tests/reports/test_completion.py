"""The one count behind page, picture and download."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from courses.catalogue.versions import get_course
from kernel.errors import NotFound
from people.jobs.terms import EmploymentKind
from people.organisations import UnitKind
from people.reorganisation.applying import decide
from people.reorganisation.planning import Wanted, preview
from people.reorganisation.steps import Merge, Rename
from reports.completion import completion_figures
from reports.figures.definition import in_unit
from reports.groups import Counts, Level
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_employment, an_organisation
from tests.reports.taken_course import another_course, begin, finish, people_in

DAY = timedelta(days=1)


@pytest.fixture
def course(session):
    return a_course(session)


@pytest.fixture
def halton(session):
    return an_organisation(session)


@pytest.fixture
def care(session, halton):
    return a_unit(session, halton)


def figures_of(session, organisation, on=TODAY, **options):
    course = get_course(session, slug="test-course")
    return completion_figures(session, organisation=organisation, course=course, on=on, now=NOON, **options)


def test_everybody_who_counts_is_complete_in_progress_or_not_started(session, halton, care, course):
    people_in(session, care, 20, course=course, complete=9, in_progress=4)
    counts = figures_of(session, halton).total.counts
    assert counts == Counts(people=20, complete=9, in_progress=4)
    assert (counts.not_started, counts.complete_percent) == (7, 45)


def test_a_share_is_rounded_as_the_spreadsheet_beside_it_does(session, halton, care, course):
    people_in(session, care, 40, course=course, complete=1, in_progress=5)
    counts = figures_of(session, halton).total.counts
    assert (counts.complete_percent, counts.in_progress_percent) == (3, 13)  # 2.5% and 12.5%


def test_taking_the_course_again_counts_once(session, halton, care, course):
    people = people_in(session, care, 10, course=course, complete=10)
    for cycle in (2, 3):
        finish(session, course, people[0], care, cycle=cycle)
    begin(session, course, people[1], cycle=2)
    assert figures_of(session, halton).total.counts == Counts(people=10, complete=10, in_progress=0)


def test_another_course_does_not_count(session, halton, care, course):
    people_in(session, care, 10, course=another_course(session), complete=6, in_progress=4)
    assert figures_of(session, halton).total.counts == Counts(people=10, complete=0, in_progress=0)


def test_a_completion_under_another_employer_counts(session, halton, care, course):
    sefton = an_organisation(session, "sefton", "Sefton Council")
    libraries = a_unit(session, sefton, "Libraries")
    people_in(session, care, 9)
    mover = a_person(session, libraries, ends_on=TODAY - 10 * DAY)
    an_employment(session, mover, care, starts_on=TODAY - 9 * DAY)
    finish(session, course, mover, libraries, at=NOON - 20 * DAY)
    assert figures_of(session, halton).total.counts == Counts(people=10, complete=1, in_progress=0)
    assert figures_of(session, sefton).total.counts == Counts()


def test_two_jobs_in_one_authority_count_once_and_in_two_authorities_once_each(session, halton, care, course):
    sefton = an_organisation(session, "sefton", "Sefton Council")
    libraries, parks = a_unit(session, sefton, "Libraries"), a_unit(session, halton, "Parks")
    for person in people_in(session, care, 12, course=course, complete=12):
        an_employment(session, person, parks, is_main=False)
        an_employment(session, person, libraries, is_main=False)
    halton_figures = figures_of(session, halton).total
    assert [child.counts for child in halton_figures.children] == [Counts(12, 12, 0), Counts()]
    assert halton_figures.counts == figures_of(session, sefton).total.counts == Counts(12, 12, 0)


def test_people_who_do_not_count_are_left_out_with_their_completions(session, halton, care, course):
    people_in(session, care, 10, course=course, complete=5)
    people_in(session, care, 11, course=course, complete=11, ends_on=TODAY - DAY)
    people_in(session, care, 12, course=course, complete=12, kind=EmploymentKind.AGENCY)
    people_in(session, care, 13, course=course, complete=13, away_from=TODAY)
    people_in(session, care, 14, kind=EmploymentKind.ELECTED_MEMBER)
    people_in(session, care, 15, starts_on=TODAY + DAY)
    figures = figures_of(session, halton)
    assert figures.total.counts == Counts(people=10, complete=5, in_progress=0)
    assert [reason.people for reason in figures.left_out.reasons] == [11, 15, 12, 14, 13]
    assert figures.left_out.total == 65


def test_figures_of_an_earlier_day_know_nothing_of_what_came_later(session, halton, care, course):
    people = people_in(session, care, 12)
    finish(session, course, people[0], care, at=NOON - DAY)
    finish(session, course, people[1], care, at=NOON)
    a_person(session, care, starts_on=TODAY)
    assert figures_of(session, halton, on=TODAY - DAY).total.counts == Counts(12, 1, 0)
    assert figures_of(session, halton, on=TODAY).total.counts == Counts(13, 2, 0)


def test_a_day_ends_at_midnight_in_the_city_region_and_not_in_greenwich(session, halton, care, course):
    people = people_in(session, care, 10)
    finish(session, course, people[0], care, at=datetime(2026, 6, 10, 23, 30, tzinfo=UTC))
    assert figures_of(session, halton, on=datetime(2026, 6, 10, tzinfo=UTC).date()).total.counts.complete == 0
    assert figures_of(session, halton, on=datetime(2026, 6, 11, tzinfo=UTC).date()).total.counts.complete == 1


def test_teams_add_up_to_services_and_these_to_directorates(session, halton, care, course):
    home = a_unit(session, halton, "Home Care", parent=care, kind=UnitKind.SERVICE)
    teams = [a_unit(session, halton, f"Team {n}", parent=home, kind=UnitKind.TEAM) for n in "AB"]
    for team, complete in zip(teams, (4, 8), strict=True):
        people_in(session, team, 15, course=course, complete=complete)
    people_in(session, home, 11, course=course, complete=1)
    directorate = figures_of(session, halton).total.children[0]
    service = directorate.children[0]
    assert [(group.level, group.name, group.counts.complete) for group in service.walk()] == [
        (Level.SERVICE, "Home Care", 13),
        (Level.TEAM, "Directly in Home Care", 1),
        (Level.TEAM, "Team A", 4),
        (Level.TEAM, "Team B", 8),
    ]
    assert directorate.counts == service.counts == Counts(41, 13, 0)
    assert service.children[1].place == ("Adult Social Care", "Home Care", "Team A")


def test_figures_of_a_unit_are_those_of_the_authority_cut_down(session, halton, care, course):
    home = a_unit(session, halton, "Home Care", parent=care, kind=UnitKind.SERVICE)
    people_in(session, home, 15, course=course, complete=3)
    people_in(session, a_unit(session, halton, "Parks"), 20)
    people_in(session, home, 10, ends_on=TODAY - DAY)
    people_in(session, a_unit(session, halton, "Docks"), 12, ends_on=TODAY - DAY)
    figures = figures_of(session, halton, cut=in_unit(home.id))
    assert figures.total == figures_of(session, halton).trail_to(home.id)[-1]
    assert figures.left_out.total == 10


def test_a_unit_hidden_in_the_whole_is_hidden_in_its_own_figures(session, halton, care, course):
    people_in(session, care, 12)
    people_in(session, a_unit(session, halton, "Mayor"), 3)
    people_in(session, a_unit(session, halton, "Parks"), 40)
    assert not figures_of(session, halton, cut=in_unit(care.id)).total.is_shown


def test_a_unit_of_another_authority_is_not_found(session, halton, care, course):
    sefton = an_organisation(session, "sefton", "Sefton Council")
    with pytest.raises(NotFound):
        figures_of(session, sefton, cut=in_unit(care.id))
    with pytest.raises(NotFound):
        figures_of(session, sefton).trail_to(care.id)


def test_an_authority_without_anybody_has_figures_of_nobody(session, halton, course):
    figures = figures_of(session, halton)
    assert figures.total.counts == Counts()
    assert figures.total.counts.complete_percent is None


def test_figures_say_which_course_and_day_they_are_of(session, halton, course):
    figures = figures_of(session, halton)
    assert (figures.course_title, figures.course_version) == ("Test course", 1)
    assert (figures.on, figures.as_at) == (TODAY, NOON)


def test_an_authority_ten_times_as_large_takes_no_more_queries(session, connection, halton, care, course):
    def queries() -> int:
        seen = []
        session.expire_all()
        get_course(session, slug="test-course"), halton.id
        listener = lambda *_: seen.append(1)  # noqa: E731
        event.listen(connection, "before_cursor_execute", listener)
        figures_of(session, halton)
        event.remove(connection, "before_cursor_execute", listener)
        return len(seen)

    before = queries()
    for number in range(20):
        people_in(session, a_unit(session, halton, f"Unit {number}"), 2, course=course, complete=1)
    assert queries() == before <= 6


@pytest.mark.parametrize(
    ("complete", "people", "percent"),
    [(0, 300, 0), (1, 300, 1), (299, 300, 99), (300, 300, 100), (1865, 2914, 64)],
)
def test_a_hundred_per_cent_is_everybody_and_nought_is_nobody(complete, people, percent):
    assert Counts(people, complete).complete_percent == percent


def shape_of(figures):
    return [(group.name, group.counts) for group in figures.total.walk()]


def test_a_reorganisation_leaves_the_question_about_last_march_as_it_was_answered(session, halton, care, course):
    parks, march = a_unit(session, halton, "Parks"), date(2026, 3, 31)
    for unit in (care, parks):
        people_in(session, unit, 20, course=course, complete=9)
    before = shape_of(figures_of(session, halton, march))
    wanted = Wanted("One of two", TODAY, (Merge(parks.id, care.id), Rename(care.id, "Care and parks")))
    seen = preview(session, organisation=halton, wanted=wanted, now=NOON)
    decide(session, organisation=halton, wanted=wanted, fingerprint=seen.fingerprint, by=None, now=NOON)
    assert shape_of(figures_of(session, halton, march)) == before
    today = shape_of(figures_of(session, halton))
    assert [(name, counts.people) for name, counts in today] == [(halton.name, 40), ("Care and parks", 40)]


def test_nobody_is_lost_who_is_put_into_a_unit_that_has_ended(session, halton, care, course):
    parks = a_unit(session, halton, "Parks")
    wanted = Wanted("One of two", TODAY, (Merge(parks.id, care.id),))
    seen = preview(session, organisation=halton, wanted=wanted, now=NOON)
    decide(session, organisation=halton, wanted=wanted, fingerprint=seen.fingerprint, by=None, now=NOON)
    people_in(session, parks, 12, course=course)
    assert figures_of(session, halton).total.counts.people == 12


def test_a_small_reason_is_hidden_and_then_no_total_is_given(session, halton, care, course):
    people_in(session, care, 20)
    people_in(session, care, 18, ends_on=TODAY - DAY)
    people_in(session, care, 3, away_from=TODAY)
    left_out = figures_of(session, halton).left_out
    assert [reason.people for reason in left_out.reasons] == [18, None]
    assert left_out.total is None


def test_what_a_reason_leaves_out_of_one_unit_cannot_be_taken_from_that_of_the_whole(session, halton, care, course):
    """Left: 15 of 18 in one unit, so 3 in the other, if either were shown."""
    parks = a_unit(session, halton, "Parks")
    for unit, left in ((care, 15), (parks, 3)):
        people_in(session, unit, 20)
        people_in(session, unit, left, ends_on=TODAY - DAY)
    assert figures_of(session, halton).left_out.total == 18
    for unit in (care, parks):
        (reason,) = figures_of(session, halton, cut=in_unit(unit.id)).left_out.reasons
        assert reason.people is None


def test_those_who_left_a_unit_that_is_gone_are_still_among_those_who_are_left_out(session, halton, care, course):
    parks = a_unit(session, halton, "Parks")
    people_in(session, care, 20)
    people_in(session, parks, 12, ends_on=TODAY - 2 * DAY)
    wanted = Wanted("One of two", TODAY, (Merge(parks.id, care.id),))
    seen = preview(session, organisation=halton, wanted=wanted, now=NOON)
    decide(session, organisation=halton, wanted=wanted, fingerprint=seen.fingerprint, by=None, now=NOON)
    assert figures_of(session, halton).left_out.total == 12
