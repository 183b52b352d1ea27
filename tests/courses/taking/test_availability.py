"""A course that follows another opens to each person so many weeks after they completed that one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.versions import CourseVersion, current_versions, get_course, get_current_version
from courses.records.completion import Completion, completions_for, record_completion
from courses.taking.availability import ALWAYS, Opening, opening_for, openings, opens_at, weeks_in_words
from courses.taking.progression import begin_course
from kernel.errors import RuleBroken
from tests.builders.region import NOON, a_course, a_follow_up, a_person, a_unit, an_organisation

DAY = timedelta(days=1)
FOLLOW_UP = "look-back-fu"


@pytest.fixture
def person(session: Session) -> int:
    """A person with a job, in a place where the test course is published."""
    a_course(session)
    return a_person(session, a_unit(session, an_organisation(session))).id


def complete(session: Session, person: int, *, at: datetime = NOON, cycle: int = 1) -> None:
    course = get_course(session, slug="test-course")
    version = get_current_version(session, course_id=course.id)
    record_completion(session, person_id=person, course_id=course.id, cycle=cycle, course_version_id=version.id, now=at)


def opening_of(session: Session, person: int, *, now: datetime, slug: str = FOLLOW_UP) -> Opening:
    """As both ways of asking say it: for one course, and for all of them at once."""
    course = get_course(session, slug=slug)
    version = get_current_version(session, course_id=course.id)
    one = opening_for(session, person_id=person, version=version, now=now)
    completions = completions_for(session, person_id=person)
    assert openings(current_versions(session), completions=completions, now=now)[course.id] == one
    return one


@pytest.mark.parametrize(
    ("completed_at", "weeks", "opens"),
    [
        (NOON, 2, datetime(2026, 12, 5, tzinfo=UTC)),
        (NOON, 0, datetime(2026, 11, 21, tzinfo=UTC)),
        (datetime(2027, 3, 27, 23, 30, tzinfo=UTC), 1, datetime(2027, 4, 2, 23, 0, tzinfo=UTC)),  # summer time by then
        (datetime(2027, 6, 30, 23, 30, tzinfo=UTC), 2, datetime(2027, 7, 14, 23, 0, tzinfo=UTC)),  # 1 July over here
    ],
)
def test_a_follow_up_opens_as_its_day_begins(completed_at: datetime, weeks: int, opens: datetime) -> None:
    assert opens_at(completed_at=completed_at, weeks=weeks) == opens


def test_what_was_never_completed_opens_nothing() -> None:
    assert opens_at(completed_at=None, weeks=0) is None


def test_a_course_that_follows_none_is_always_open(session: Session, person: int) -> None:
    assert opening_of(session, person, now=NOON, slug="test-course") == ALWAYS


def test_the_version_says_what_it_follows_without_its_document(session: Session, person: int) -> None:
    a_follow_up(session)
    columns = (CourseVersion.follows_slug, CourseVersion.follows_weeks, CourseVersion.gives_certificate)
    assert session.execute(select(*columns).order_by(CourseVersion.id)).all() == [
        (None, None, True),
        ("test-course", 2, False),
    ]


@pytest.mark.parametrize(
    ("weeks", "sentence"),
    [
        (0, "This opens when you have finished Test course."),
        (1, "This opens one week after you finish Test course."),
        (6, "This opens six weeks after you finish Test course."),
        (26, "This opens 26 weeks after you finish Test course."),
    ],
)
def test_before_the_other_course_it_is_not_open(session: Session, person: int, weeks: int, sentence: str) -> None:
    a_follow_up(session, weeks=weeks)
    assert opening_of(session, person, now=NOON) == Opening(False, None, sentence)


def test_it_waits_for_its_day_and_then_opens(session: Session, person: int) -> None:
    a_follow_up(session)
    complete(session, person)
    sentence = "This opens on 5 December 2026, two weeks after you finished Test course."
    fifth = date(2026, 12, 5)
    assert opening_of(session, person, now=datetime(2026, 12, 4, 23, 59, tzinfo=UTC)) == Opening(False, fifth, sentence)
    assert opening_of(session, person, now=datetime(2026, 12, 5, 0, 0, tzinfo=UTC)) == Opening(True, fifth)


def test_no_weeks_means_at_once(session: Session, person: int) -> None:
    a_follow_up(session, weeks=0)
    complete(session, person)
    assert opening_of(session, person, now=NOON).is_open


def test_what_has_opened_stays_open_when_the_other_course_is_taken_again(session: Session, person: int) -> None:
    a_follow_up(session)
    complete(session, person)
    complete(session, person, at=NOON + 400 * DAY, cycle=2)
    assert opening_of(session, person, now=NOON + 401 * DAY).is_open


def test_somebody_elses_completion_opens_nothing(session: Session, person: int) -> None:
    a_follow_up(session)
    complete(session, person)
    unit = a_unit(session, an_organisation(session, "sefton", "Sefton Council"))
    assert opening_of(session, a_person(session, unit).id, now=NOON + 100 * DAY).opens_on is None


def test_a_course_that_is_not_published_opens_nothing_until_it_is(session: Session) -> None:
    person = a_person(session, a_unit(session, an_organisation(session))).id
    a_follow_up(session)
    refusal = "This follows a course that is not published yet, so it is not open."
    assert opening_of(session, person, now=NOON) == Opening(False, None, refusal)
    a_course(session)
    complete(session, person)
    assert opening_of(session, person, now=NOON + 14 * DAY).is_open


def test_a_course_is_refused_before_it_opens_and_begun_after(session: Session, person: int) -> None:
    a_follow_up(session)
    with pytest.raises(RuleBroken, match="This opens two weeks after you finish Test course"):
        begin_course(session, person_id=person, slug=FOLLOW_UP, now=NOON)
    complete(session, person)
    with pytest.raises(RuleBroken, match="This opens on 5 December 2026, two weeks after you finished Test course"):
        begin_course(session, person_id=person, slug=FOLLOW_UP, now=NOON + 13 * DAY)
    assert begin_course(session, person_id=person, slug=FOLLOW_UP, now=NOON + 14 * DAY).version_number == 1


def test_whoever_has_begun_goes_on_when_a_later_version_waits_longer(session: Session, person: int) -> None:
    a_follow_up(session, weeks=0)
    complete(session, person)
    begun = begin_course(session, person_id=person, slug=FOLLOW_UP, now=NOON)
    a_follow_up(session, weeks=50)
    assert begin_course(session, person_id=person, slug=FOLLOW_UP, now=NOON) == begun


def test_a_completion_knows_whether_its_own_version_gives_a_certificate(session: Session, person: int) -> None:
    outcome = a_follow_up(session)
    complete(session, person)
    record_completion(
        session,
        person_id=person,
        course_id=outcome.course_id,
        cycle=1,
        course_version_id=outcome.version_id,
        now=NOON + DAY,
    )
    session.expire_all()
    found = session.scalars(select(Completion).join(CourseVersion).order_by(Completion.id)).all()
    assert [completion.gives_certificate for completion in found] == [True, False]


@pytest.mark.parametrize(("weeks", "words"), [(1, "one week"), (12, "twelve weeks"), (13, "13 weeks")])
def test_weeks_are_put_into_words(weeks: int, words: str) -> None:
    assert weeks_in_words(weeks) == words
