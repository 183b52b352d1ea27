"""How long ago people last finished and which version: what SQL counts is what somebody would count by hand."""

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import event, update

from assignments.periods.rules import Lasts, PeriodRule
from assignments.plans import find_plan
from assignments.programmes.refreshers import Refresher
from assignments.requirements import Asking
from courses.catalogue.versions import courses_by_id
from courses.records.completion import Completion, CompletionSource, note_event
from courses.records.completion_events import CompletionEventKind
from kernel.clock import local_day
from kernel.errors import RuleBroken
from people.jobs.terms import EmploymentKind
from people.persons import Person
from reports.answers.answering import answer, freshness_answer
from reports.figures.definition import By, Cut, FigureDefinition, Measure, definition_from_json
from reports.figures.population import Question
from reports.freshness.counting import BEFORE_RECORD, SPANS, tallies
from tests.builders.programmes import a_programme, another_course, ask_for, complete
from tests.builders.region import COURSE, NOON, TODAY, a_course, a_person, a_unit, an_organisation
from tests.reports.taken_course import people_in

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Done:
    """One completion of somebody: when, of which version, and whether it stands."""

    at: datetime
    version: int
    is_withdrawn: bool


@pytest.fixture
def course(session):
    return a_course(session)


@pytest.fixture
def second(session, course):
    return a_course(session, course=COURSE.replace("Test course", "Test course, again"))


@pytest.fixture
def halton(session):
    return an_organisation(session)


@pytest.fixture
def care(session, halton):
    return a_unit(session, halton)


def finished(session, person, course, unit, at, *, cycle=1):
    """A completion of a version; cycles below 1 come from a file."""
    row = Completion(
        person_id=person.id,
        course_id=course.course_id,
        cycle=cycle,
        course_version_id=course.version_id,
        organisation_id=unit.organisation_id,
        unit_path=unit.path,
        grade="G5",
        completed_at=at,
        source=CompletionSource.PLATFORM if cycle > 0 else CompletionSource.IMPORTED,
    )
    session.add(row)
    session.flush()
    return row


def months_before(day, months):
    """By hand: the same day so many months before, or the last of that month."""
    year, month = day.year, day.month - months
    while month < 1:
        year, month = year - 1, month + 12
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def by_hand(people, on):
    """What a clerk counts, from a list of people with their unit and their completions."""
    tally = Counter()
    for unit, done in people:
        tally[unit, "people"] += 1
        stands = [one for one in done if not one.is_withdrawn and local_day(one.at) <= on]
        if stands:
            last = max(stands, key=lambda one: one.at)
            tally[unit, "finished"] += 1
            tally[unit, "version", last.version] += 1
            for months in SPANS:
                tally[unit, months] += local_day(last.at) > months_before(on, months)
    return +tally


def counted(session, question):
    tally = Counter()
    for unit, one in tallies(session, question, by=By.UNIT).items():
        tally[unit, "people"], tally[unit, "finished"] = one.people, one.finished
        tally.update({(unit, months): count for months, count in zip(SPANS, one.within, strict=True)})
        tally.update({(unit, "version", version): count for version, count in one.by_version.items()})
    return +tally


def test_what_is_counted_is_what_a_clerk_would_count(session, halton, care, course, second):
    random, people = Random(12), []  # noqa: S311 - the same region every time
    units = [care, a_unit(session, halton, "Parks")]
    for place in range(90):
        unit, is_agency = random.choice(units), place % 9 == 0
        person = a_person(session, unit, **({"kind": EmploymentKind.AGENCY} if is_agency else {}))
        done = [played(session, random, person, unit, (course, second), cycle) for cycle in range(random.randint(0, 3))]
        if not is_agency:
            people.append((unit.id, done))
    for on in (TODAY, TODAY - 200 * DAY, date(2024, 2, 29), date(2023, 6, 1)):
        expected = by_hand(people, on)
        assert expected[care.id, "finished"]
        assert counted(session, Question(halton.id, course.course_id, on, None)) == expected


def played(session, random, person, unit, versions, cycle):
    """A completion on any day of five years, some at the edge of a span; some brought by a file, some withdrawn."""
    at = datetime(2021, 11, 22, 0, 30, tzinfo=UTC) + timedelta(days=random.randint(0, 1825), seconds=cycle)
    if random.random() < 0.3:
        day = months_before(TODAY, random.choice(SPANS)) + random.choice((0, 1)) * DAY
        at = datetime(day.year, day.month, day.day, 23, 30, cycle, tzinfo=UTC)
    number, is_of_file = random.choice((1, 2)), random.random() < 0.2
    row = finished(session, person, versions[number - 1], unit, at, cycle=-cycle if is_of_file else cycle + 1)
    is_withdrawn = random.random() < 0.15
    if is_withdrawn:
        note_event(session, row, CompletionEventKind.WITHDRAWN, reason="A mistake", account_id=None, now=NOON)
    return Done(at, BEFORE_RECORD if is_of_file else number, is_withdrawn)


@pytest.fixture
def asked(session, halton, care, course):
    """A course that has to be taken again every year, and may then be the shorter one."""
    short = another_course(session, "S", "The short one")
    period = PeriodRule(Lasts.MONTHS, 12, opens_days=60)
    ask_for(session, halton, course.course_id, Asking(period=period, refresher=Refresher(short, 24)))
    return short


def test_the_shorter_course_makes_fresh_and_the_version_stays_that_of_the_whole_one(
    session, halton, care, course, asked
):
    old, renewed, short_alone = (a_person(session, care) for _ in range(3))
    for one in (old, renewed):
        finished(session, one, course, care, NOON - 500 * DAY)
    for one in (renewed, short_alone):
        complete(session, one, asked, NOON + HOUR)
    plan = find_plan(session, organisation_id=halton.id, course_id=course.course_id, on=TODAY)
    (tally,) = tallies(session, Question(halton.id, course.course_id, TODAY, plan), by=By.UNIT).values()
    assert (tally.people, tally.finished, tally.within) == (3, 2, [1, 2, 2])
    assert tally.by_version == {1: 2}


def test_a_programme_is_fresh_from_the_day_of_its_last_step_and_has_no_version(session, halton, care, course):
    other = another_course(session, "O", "Another")
    key = a_programme(session, halton, (course.course_id,), (other,), at=NOON - 600 * DAY)
    ask_for(session, halton, key)
    both, one_step = a_person(session, care), a_person(session, care)
    for one in (both, one_step):
        complete(session, one, course.course_id, NOON - 500 * DAY)
    complete(session, both, other, NOON - 300 * DAY)
    session.execute(update(Person).values(created_at=NOON - 700 * DAY))
    people_in(session, care, 10)
    slug = courses_by_id(session, course_ids=[key])[key].slug
    found = freshness_answer(session, FigureDefinition("halton", slug, TODAY), now=NOON)
    assert found.total.bands == (1, 0, 0, 0, 11)
    assert (found.versions, found.total.by_version, found.newest_place) == ((), (), None)


def asked_of(session, on=TODAY, cut=None):
    definition = FigureDefinition("halton", "test-course", on, cut or Cut(), Measure.FRESHNESS)
    return freshness_answer(session, definition, now=NOON)


@pytest.fixture
def staff(session, halton, care, course):
    """Sixty-three in Care, of whom twenty finished two years ago and one long ago; three in the Mayor’s Office."""
    mayor, parks = a_unit(session, halton, "Mayor’s Office"), a_unit(session, halton, "Parks")
    people = people_in(session, care, 63, course=course, complete=20, at=NOON - 700 * DAY)
    finished(session, people[20], course, care, NOON - 2000 * DAY, cycle=0)
    people_in(session, mayor, 3, course=course, complete=3, at=NOON - 30 * DAY)
    people_in(session, parks, 12, course=course, complete=4, at=NOON - 30 * DAY)
    session.execute(update(Person).values(created_at=NOON - 900 * DAY))
    return people


def test_every_number_of_a_small_group_is_hidden_as_in_all_figures(session, staff, second):
    found = asked_of(session)
    assert found.total.bands == (7, 20, 0, 1, 50)
    assert [one.complete for one in found.total.by_version] == [0, 27, 1]
    assert [one.words for one in found.versions] == ["Version 2", "Version 1", "Before it was recorded here"]
    parts = {one.group.name: one for one in found.total.parts}
    assert parts["Adult Social Care"].bands == (0, 20, 0, 1, 42)
    for name in ("Mayor’s Office", "Parks"):
        assert (parts[name].bands, parts[name].within, parts[name].by_version) == ((), (), ()), name
    figures = answer(session, FigureDefinition("halton", "test-course", TODAY), now=NOON)
    shown = [one.counts.people if one.counts else None for one in figures.total.walk()]
    assert shown == [found.total.counts.people, *(one.counts and one.counts.people for one in found.total.parts)]


def test_a_day_that_is_over_is_in_tens_and_of_the_month_s_end(session, staff):
    found = asked_of(session, on=date(2026, 11, 12))
    assert (found.completion.step, found.completion.small_groups_on) == (10, date(2026, 10, 31))
    assert found.total.counts.people == 80
    assert [one.complete for one in found.total.within] == [10, 30, 30]  # 7 were there by then, and 27
    assert [one.complete for one in found.total.by_version] == [30, 0]
    assert all(number % 10 == 0 for number in found.total.bands)
    parts = {one.group.name: one.bands for one in found.total.parts}
    assert parts == {"Adult Social Care": (0, 20, 0, 0, 40), "Mayor’s Office": (), "Parks": ()}


def test_what_has_changed_since_is_said_of_each_version_but_the_newest(session, staff, second):
    newest, first, before = asked_of(session).versions
    assert (newest.is_newest, newest.changes, newest.published_on) == (True, (), TODAY)
    assert first.changes == ("The course as a whole is described differently: title.",)
    assert (before.published_on, before.changes) == (None, ())


def test_by_grade_it_is_told_too_and_by_route_it_is_refused_in_words(session, staff):
    found = asked_of(session, cut=Cut(By.GRADE))
    assert [(one.group.name, one.bands) for one in found.total.parts] == [("G5", (7, 20, 0, 1, 50))]
    with pytest.raises(RuleBroken, match="not by route"):
        asked_of(session, cut=Cut(By.ROUTE))


def test_the_definition_comes_back_and_is_another_question_than_completion(session, staff):
    definition = asked_of(session).definition
    assert definition_from_json(definition.as_json()) == definition
    with pytest.raises(ValueError, match="freshness"):
        answer(session, definition, now=NOON)


def test_nobody_is_looked_for_among_everybody_who_finished(session, halton, course):
    """SQLite searches what is materialized row by row, which took seconds of an authority of 5,000."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    tallies(session, Question(halton.id, course.course_id, TODAY, None), by=By.UNIT)
    event.remove(session.get_bind(), "before_cursor_execute", note)
    (asked,) = [one for one in statements if "last_finished" in one]
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    assert ("last_finished AS MATERIALIZED" in asked) is is_postgresql
