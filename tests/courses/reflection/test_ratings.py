"""What people say about themselves is kept for them, moment by moment."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from courses.catalogue.versions import document_of, get_course, get_current_version
from courses.content.model.personal import Instrument, Moment, StatementsBlock
from courses.reflection.rating_comparison import compare_ratings
from courses.reflection.ratings import forget_ratings, ratings_of, save_ratings
from courses.taking.progression import begin_course, finish_screen
from kernel.errors import NotFound, RuleBroken
from people.persons import Person
from tests.builders.own_words import a_course_about_oneself
from tests.builders.region import NOON, a_person, a_unit, an_organisation
from tests.builders.screens import at_screen

SLUG = "test-course"


@pytest.fixture
def person(session: Session) -> Person:
    """Somebody who has begun the course."""
    person = a_person(session, a_unit(session, an_organisation(session)), name="Ọláyínká 王芳")
    a_course_about_oneself(session)
    begin_course(session, person_id=person.id, slug=SLUG, now=NOON)
    return person


def say(
    session: Session, person: Person, moment: Moment, screen: int = 1, instrument: str = "TC-C", **values: str
) -> None:
    place = StatementsBlock(instrument_id=instrument, moment=moment)
    here = at_screen(session, person.id, "first-steps", screen)
    save_ratings(session, here, place=place, values=values, now=NOON)


def values_of(session: Session, person: Person, moment: Moment, instrument: str = "TC-C") -> dict[str, str]:
    return {key: one.value for key, one in ratings_of(session, person_id=person.id)[instrument, moment].items()}


def move_on(session: Session, person: Person) -> None:
    finish_screen(session, at_screen(session, person.id, "first-steps", 1), now=NOON)


def instrument_of(session: Session, instrument_id: str = "TC-C") -> Instrument:
    version = get_current_version(session, course_id=get_course(session, slug=SLUG).id)
    return document_of(session, version_id=version.id, fingerprint=version.fingerprint).instruments[instrument_id]


def test_what_is_said_is_kept_with_the_employer_of_the_day(session: Session, person: Person) -> None:
    say(session, person, Moment.BEFORE, C1="2")
    rating = ratings_of(session, person_id=person.id)["TC-C", Moment.BEFORE]["C1"]
    assert (rating.value, rating.first_said_at, rating.said_at) == ("2", NOON, NOON)
    assert rating.organisation_id is not None


def test_a_statement_that_is_left_out_stays_as_it_was(session: Session, person: Person) -> None:
    say(session, person, Moment.BEFORE, C1="2")
    say(session, person, Moment.BEFORE, C2="prefer-not-to-say")
    assert values_of(session, person, Moment.BEFORE) == {"C1": "2", "C2": "prefer-not-to-say"}


def test_what_is_said_can_be_changed_and_keeps_its_first_day(session: Session, person: Person) -> None:
    say(session, person, Moment.BEFORE, C1="2")
    place = StatementsBlock(instrument_id="TC-C", moment=Moment.BEFORE)
    later = NOON + timedelta(days=1)
    save_ratings(session, at_screen(session, person.id, "first-steps", 1), place=place, values={"C1": "5"}, now=later)
    rating = ratings_of(session, person_id=person.id)["TC-C", Moment.BEFORE]["C1"]
    assert (rating.value, rating.first_said_at, rating.said_at) == ("5", NOON, later)


def test_nothing_has_to_be_said_to_go_on(session: Session, person: Person) -> None:
    move_on(session, person)
    assert ratings_of(session, person_id=person.id) == {}


@pytest.mark.parametrize("values", [{"C1": "6"}, {"C1": "did"}, {"C9": "1"}, {"C1": ""}])
def test_an_answer_that_is_not_on_the_scale_is_refused(
    session: Session, person: Person, values: dict[str, str]
) -> None:
    with pytest.raises(RuleBroken, match="Select one of the answers"):
        say(session, person, Moment.BEFORE, **values)
    assert ratings_of(session, person_id=person.id) == {}


def test_only_statements_that_look_back_are_asked_when_people_look_back(session: Session, person: Person) -> None:
    move_on(session, person)
    say(session, person, Moment.LOOKING_BACK, screen=2, C2="1")
    with pytest.raises(RuleBroken):
        say(session, person, Moment.LOOKING_BACK, screen=2, C1="1")


def test_what_a_screen_does_not_ask_is_not_there(session: Session, person: Person) -> None:
    with pytest.raises(NotFound):
        say(session, person, Moment.AFTER, C1="3")
    with pytest.raises(NotFound):
        say(session, person, Moment.BEFORE, instrument="TC-X", C1="3")


def test_answers_in_words_are_kept_by_their_id(session: Session, person: Person) -> None:
    move_on(session, person)
    say(session, person, Moment.LATER, screen=2, instrument="TC-D", D1="did-not")
    assert values_of(session, person, Moment.LATER, "TC-D") == {"D1": "did-not"}


def test_a_person_sees_then_and_now(session: Session, person: Person) -> None:
    say(session, person, Moment.BEFORE, C1="2", C2="4")
    move_on(session, person)
    say(session, person, Moment.AFTER, screen=2, C1="4", C2="prefer-not-to-say")
    say(session, person, Moment.LOOKING_BACK, screen=2, C2="3")
    change = compare_ratings("TC-C", instrument_of(session), ratings_of(session, person_id=person.id))
    assert change.moments == (Moment.BEFORE, Moment.LOOKING_BACK, Moment.AFTER)
    assert [one.words if one else None for one in change.rows[0].said] == ["Disagree", None, "Agree"]
    assert [row.words for row in change.rows] == ["Up 2", ""]
    assert [one.point if one else None for one in change.rows[1].said] == [4, 3, None]
    assert (change.rose, change.is_comparison) == (1, True)


def test_a_person_can_take_it_all_back(session: Session, person: Person) -> None:
    say(session, person, Moment.BEFORE, C1="2")
    forget_ratings(session, person_id=person.id, instrument_id="TC-X")
    assert ratings_of(session, person_id=person.id)
    forget_ratings(session, person_id=person.id, instrument_id="TC-C")
    assert ratings_of(session, person_id=person.id) == {}
