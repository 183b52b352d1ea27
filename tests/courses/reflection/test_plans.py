"""A plan belongs to its owner: one is current, earlier ones are kept, and all of it can go."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from courses.catalogue.versions import PublishOutcome
from courses.content.model.plans import Obstacle, PlanForm
from courses.reflection.plan_calendar import calendar_for, meeting_prompt
from courses.reflection.plans import (
    MAX_WORDS,
    ByOrFrom,
    Ending,
    Going,
    Plan,
    PlanWords,
    Said,
    Tell,
    check_plan,
    checks_of,
    delete_plan,
    find_plan,
    plans_of,
    sentence,
    withdraw_plan,
    write_plan,
)
from kernel.errors import NotFound, RuleBroken
from people.persons import Person
from tests.builders.region import NOON, a_course, a_person, a_unit, an_organisation

LATER = NOON + timedelta(weeks=12)
WORDS = PlanWords("a name is new to me", "ask Nguyễn or محمد how to say it", date(2026, 12, 3))
FORM = PlanForm(title="My plan", obstacles=(Obstacle(id="time", text="Time", tip="Make it smaller."),))


@pytest.fixture
def person(session: Session) -> Person:
    return a_person(session, a_unit(session, an_organisation(session)))


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


def write(session: Session, person: Person, words: PlanWords = WORDS, *, is_new: bool = False) -> Plan:
    return write_plan(session, person_id=person.id, form_id="RE-PLAN", words=words, is_new=is_new, now=NOON)


def say(session: Session, plan: Plan, course: PublishOutcome, going: str, obstacle: str | None = None) -> None:
    check_plan(session, plan=plan, course_id=course.course_id, form=FORM, said=Said(going, obstacle), now=LATER)


def test_a_plan_is_kept_as_it_was_written(session: Session, person: Person) -> None:
    plan = write(session, person)
    assert (plan.situation, plan.action, plan.acts_on) == (WORDS.situation, WORDS.action, WORDS.acts_on)
    assert (plan.by_or_from, plan.tell, plan.written_at) == (ByOrFrom.FROM, Tell.NOBODY, NOON)


def test_a_change_keeps_one_plan_and_a_new_one_keeps_both(session: Session, person: Person) -> None:
    write(session, person)
    write(session, person, PlanWords("it rains", "take a coat"))
    assert [one.situation for one in plans_of(session, person_id=person.id)] == ["it rains"]
    write(session, person, PlanWords("it snows", "stay in"), is_new=True)
    assert [(one.situation, one.ending) for one in plans_of(session, person_id=person.id)] == [
        ("it snows", None),
        ("it rains", Ending.RENEWED),
    ]


@pytest.mark.parametrize(
    ("words", "field", "message"),
    [
        (PlanWords("", "act"), "situation", "Enter a moment: when will you act?"),
        (PlanWords("it rains", " \n "), "action", "Enter what you will say or do"),
        (PlanWords("x" * 1301, "act"), "situation", "The moment must be 300 characters or fewer. It has 1,301"),
        (PlanWords("it rains", "x" * 301), "action", "What you will do must be 300 characters or fewer. It has 301"),
    ],
)
def test_words_that_are_missing_or_too_many_are_named(
    session: Session, person: Person, words: PlanWords, field: str, message: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        write(session, person, words)
    assert (refused.value.field, refused.value.message) == (field, message)


def test_the_longest_plan_is_kept_whole(session: Session, person: Person) -> None:
    assert len(write(session, person, PlanWords("x" * MAX_WORDS, "y" * MAX_WORDS)).action) == MAX_WORDS


@pytest.mark.parametrize(
    ("situation", "action", "expected"),
    [
        ("it rains", "take a coat", "If it rains, then I will take a coat"),
        ("If it rains,", "then I will take a coat.", "If it rains, then I will take a coat"),
        ("IF it rains", "I will take a coat", "If it rains, then I will take a coat"),
        ("iffy weather comes", "thenceforth rest", "If iffy weather comes, then I will thenceforth rest"),
    ],
)
def test_a_plan_reads_as_a_sentence_however_it_was_typed(situation: str, action: str, expected: str) -> None:
    assert sentence(PlanWords(situation, action)) == expected


def test_a_withdrawn_plan_is_not_current_and_can_be_deleted(session: Session, person: Person) -> None:
    plan = write(session, person)
    with pytest.raises(NotFound):
        delete_plan(session, person_id=person.id, plan_id=plan.id)
    withdraw_plan(session, person_id=person.id, form_id="RE-PLAN", now=NOON)
    session.flush()
    assert find_plan(session, person_id=person.id, form_id="RE-PLAN") is None
    with pytest.raises(NotFound):
        withdraw_plan(session, person_id=person.id, form_id="RE-PLAN", now=NOON)
    delete_plan(session, person_id=person.id, plan_id=plan.id)
    assert plans_of(session, person_id=person.id) == []


def test_nobody_touches_the_plan_of_somebody_else(session: Session, person: Person) -> None:
    plan, other = write(session, person), a_person(session)
    withdraw_plan(session, person_id=person.id, form_id="RE-PLAN", now=NOON)
    with pytest.raises(NotFound):
        delete_plan(session, person_id=other.id, plan_id=plan.id)
    assert plans_of(session, person_id=other.id) == []


def test_each_course_asks_once_and_its_last_answer_counts(
    session: Session, person: Person, course: PublishOutcome
) -> None:
    plan = write(session, person)
    say(session, plan, course, "not-yet", "time")
    (check,) = checks_of(session, plan_ids=[plan.id])
    assert (check.going, check.obstacle, check.said_at) == (Going.NOT_YET, "time", LATER)
    say(session, plan, course, "done", "time")
    (check,) = checks_of(session, plan_ids=[plan.id])
    assert (check.going, check.obstacle) == (Going.DONE, None)


@pytest.mark.parametrize(("going", "obstacle"), [("", None), ("perhaps", None), ("not-yet", "rain")])
def test_an_answer_that_is_not_on_the_list_is_refused(
    session: Session, person: Person, course: PublishOutcome, going: str, obstacle: str | None
) -> None:
    plan = write(session, person)
    with pytest.raises(RuleBroken):
        say(session, plan, course, going, obstacle)
    assert checks_of(session, plan_ids=[plan.id]) == []


def test_a_plan_with_answers_can_be_deleted(session: Session, person: Person, course: PublishOutcome) -> None:
    plan = write(session, person)
    say(session, plan, course, "done")
    write(session, person, is_new=True)
    delete_plan(session, person_id=person.id, plan_id=plan.id)
    assert len(plans_of(session, person_id=person.id)) == 1


def test_the_day_of_a_plan_goes_into_a_calendar(session: Session, person: Person) -> None:
    plan = write(session, person)
    (event,) = Calendar.from_ical(calendar_for(plan, host="learn.example", page_url="https://learn.example/p")).events
    assert event["uid"] == f"plan-{plan.id}@learn.example"
    assert (event.start, event.end) == (date(2026, 12, 3), date(2026, 12, 4))
    assert "ask Nguyễn or محمد how to say it" in event["description"]
    assert event["class"] == "PRIVATE"


def test_a_plan_without_a_day_has_no_calendar_file(session: Session, person: Person) -> None:
    with pytest.raises(ValueError, match="has no day"):
        calendar_for(write(session, person, PlanWords("it rains", "rest")), host="x", page_url="")


def test_a_prompt_for_a_meeting_goes_into_a_calendar_and_names_nobody() -> None:
    written = meeting_prompt(
        name="a1", host="learn.example", day=date(2026, 12, 31), title="Who is left out?", text="Ask, then", now=NOON
    )
    (event,) = Calendar.from_ical(written).events
    assert (event["uid"], event["summary"], event["description"]) == (
        "meeting-a1@learn.example",
        "Who is left out?",
        "Ask, then",
    )
    assert (event.start, event.end, event["class"]) == (date(2026, 12, 31), date(2027, 1, 1), "PRIVATE")
    assert [alarm["action"] for alarm in event.walk("VALARM")] == ["DISPLAY"]
    assert not {"attendee", "organizer", "url"} & {key.lower() for key in event}
