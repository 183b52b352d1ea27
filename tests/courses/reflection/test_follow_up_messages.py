"""Who hears of a follow-up, once, and is reminded once; and who does not. Plans travel to their writers alone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from courses.records.completion import Completion, CompletionSource, record_completion
from courses.reflection.follow_up_messages import (
    FOLLOW_UP_OPEN,
    FOLLOW_UP_REMINDER,
    LONGEST_MESSAGE,
    compose_follow_up,
    note_follow_ups,
)
from courses.reflection.plan_messages import ask_for_plan, compose_plan
from courses.reflection.plans import PlanWords, withdraw_plan, write_plan
from kernel.errors import NotFound, RuleBroken
from messages.choices import stop_follow_ups
from messages.ledger import DropReason, Message, MessageContent
from messages.sending import claim_next, mark_sent
from messages.ways import EVERY_WAY
from people.persons import Person
from tests.builders.region import (
    COURSE,
    FIRST,
    NOON,
    QUESTIONS,
    SECOND,
    TODAY,
    a_course,
    a_follow_up,
    a_person,
    a_unit,
    change_job,
    job_of,
)
from tests.builders.region import an_organisation as an_authority

OPENS_ON = NOON.replace(hour=0) + timedelta(days=14)
MORNING = OPENS_ON.replace(hour=8)


@pytest.fixture
def person(session: Session) -> Person:
    """Somebody who completed the test course at noon; a follow-up opens two weeks later."""
    person = a_person(session, a_unit(session, an_authority(session)))
    person.email = "sian@halton.example"
    course = a_course(session)
    a_follow_up(session)
    finish(session, person, course.course_id, course.version_id, NOON)
    return person


def finish(session: Session, person: Person, course_id: int, version_id: int, now: datetime) -> None:
    record_completion(session, person_id=person.id, course_id=course_id, cycle=1, course_version_id=version_id, now=now)


def noted(session: Session, now: datetime = MORNING) -> list[tuple[str, datetime]]:
    note_follow_ups(session, ways=EVERY_WAY, now=now)
    return [(m.kind, m.due_at) for m in session.query(Message).order_by(Message.id) if m.due_at]


def sent(session: Session, now: datetime) -> Message:
    note_follow_ups(session, ways=EVERY_WAY, now=now)
    message = session.query(Message).order_by(Message.id.desc()).first()
    assert message is not None
    mark_sent(session, claim_next(session, now=now, per_minute=60), now=now)
    session.expire_all()
    return message


@pytest.mark.usefixtures("person")
def test_nobody_hears_of_it_before_its_day(session: Session) -> None:
    assert noted(session, OPENS_ON - timedelta(seconds=1)) == []


@pytest.mark.usefixtures("person")
def test_it_is_owed_from_midnight_sent_in_the_morning_and_once(session: Session) -> None:
    assert noted(session, OPENS_ON) == [(FOLLOW_UP_OPEN, MORNING)]
    assert note_follow_ups(session, ways=EVERY_WAY, now=MORNING) == 0


@pytest.mark.usefixtures("person")
def test_a_site_that_begins_to_send_mail_writes_about_no_old_matter(session: Session) -> None:
    assert noted(session, OPENS_ON + timedelta(days=14)) == []


def test_one_reminder_follows_after_five_days_and_then_no_more(session: Session, person: Person) -> None:
    sent(session, MORNING)
    later = MORNING + timedelta(days=5)
    assert note_follow_ups(session, ways=EVERY_WAY, now=later - timedelta(seconds=1)) == 0
    assert sent(session, later).kind == FOLLOW_UP_REMINDER
    assert [note_follow_ups(session, ways=EVERY_WAY, now=later + timedelta(days=days)) for days in (1, 5, 20, 400)] == [
        0
    ] * 4


def test_whoever_has_taken_it_is_not_reminded(session: Session, person: Person) -> None:
    message = sent(session, MORNING)
    follow_up = a_follow_up(session)
    note_follow_ups(session, ways=EVERY_WAY, now=MORNING + timedelta(days=5))
    finish(session, person, follow_up.course_id, follow_up.version_id, MORNING + timedelta(days=5))
    assert note_follow_ups(session, ways=EVERY_WAY, now=MORNING + timedelta(days=6)) == 0
    # Taken between the note and its sending: the reminder is dropped.
    reminder = session.query(Message).filter(Message.id != message.id).one()
    composed = compose_follow_up(session, [reminder], now=MORNING + timedelta(days=5))
    assert (composed.content, composed.dropped) == (None, {reminder.id: DropReason.NOT_TRUE_ANY_MORE})


def test_whoever_switched_it_off_hears_nothing_even_at_the_last_moment(session: Session, person: Person) -> None:
    note_follow_ups(session, ways=EVERY_WAY, now=OPENS_ON)
    stop_follow_ups(session, person_id=person.id, now=OPENS_ON)
    (message,) = session.query(Message)
    assert compose_follow_up(session, [message], now=MORNING).dropped == {message.id: DropReason.NOT_WANTED}
    session.delete(message)
    session.flush()
    assert noted(session) == []


@pytest.mark.parametrize(
    "job",
    [
        [(4, {"held": False})],
        [(0, {"away": "long-leave"})],
        [(0, {"away": "long-leave"}), (15, {"away": None})],
    ],
)
def test_whoever_has_left_or_is_away_is_left_in_peace(
    session: Session, person: Person, job: list[tuple[int, dict[str, object]]]
) -> None:
    note_follow_ups(session, ways=EVERY_WAY, now=OPENS_ON)
    (message,) = session.query(Message)
    for days, values in job:
        change_job(session, job_of(session, person), TODAY + timedelta(days=days), **values)
    assert compose_follow_up(session, [message], now=MORNING).dropped == {message.id: DropReason.AWAY}
    session.delete(message)
    session.flush()
    assert noted(session) == []


def test_nobody_without_an_address_and_no_imported_history_is_written_about(session: Session, person: Person) -> None:
    course = a_course(session)
    other = a_person(session, a_unit(session, an_authority(session, "sefton", "Sefton Council")))
    other.email = "other@sefton.example"
    mine = session.query(Completion).one()
    session.add(
        Completion(
            person_id=other.id, course_id=course.course_id, cycle=1, course_version_id=course.version_id,
            organisation_id=mine.organisation_id, unit_path=mine.unit_path, grade=mine.grade,
            completed_at=NOON, source=CompletionSource.IMPORTED,
        )
    )  # fmt: skip
    person.email = None
    session.flush()
    assert noted(session) == []


def test_a_second_time_through_the_course_opens_nothing_anew(session: Session, person: Person) -> None:
    sent(session, MORNING)
    course = a_course(session)
    again = NOON + timedelta(days=400)
    record_completion(
        session, person_id=person.id, course_id=course.course_id, cycle=2,
        course_version_id=course.version_id, now=again,
    )  # fmt: skip
    assert note_follow_ups(session, ways=EVERY_WAY, now=again + timedelta(days=14)) == 0


def content_of(session: Session, message: Message, now: datetime) -> MessageContent:
    content = compose_follow_up(session, [message], now=now).content
    assert content is not None
    return content


@pytest.mark.parametrize("title", ["Look back", "T" * 200, "Two weeks on: look back"])
def test_both_messages_are_short_and_blame_nobody(session: Session, person: Person, title: str) -> None:
    follows = "follows: {course: test-course, weeks: 2}\ncertificate: false\norder:"
    course = COURSE.replace("id: TC", "id: FU").replace("slug: test-course", "slug: look-back-fu")
    course = course.replace("Test course", f'"{title}"').replace("order:", follows)
    parts = {"first": FIRST, "second": SECOND, "questions": QUESTIONS}
    a_course(session, course=course, **{name: text.replace("TC-", "FU-") for name, text in parts.items()})
    first = sent(session, MORNING)
    second = sent(session, MORNING + timedelta(days=5))
    for message in (first, second):
        content = content_of(session, message, MORNING)
        words = " ".join((*content.paragraphs, content.link_words, "https://learning.example.org", content.link_path))
        assert len(words) < LONGEST_MESSAGE
        assert "fail" not in words
        assert "It takes about 10 minutes" in words
        assert content.can_stop
    words = content_of(session, first, MORNING).paragraphs[0]
    assert words.count("Two weeks on") == 1
    assert words.startswith(("Two weeks on. “", "“Two weeks on: "))


PLAN = PlanWords("a name is new to me", "ask and write it down", TODAY)


def test_a_plan_is_sent_as_it_stands_and_once_a_day_while_its_words_stay(session: Session, person: Person) -> None:
    write_plan(session, person_id=person.id, form_id="P", words=PLAN, is_new=False, now=NOON)
    ask_for_plan(session, person_id=person.id, form_id="P", now=NOON)
    (message,) = session.query(Message)
    content = compose_plan(session, [message], now=NOON).content
    assert content is not None
    assert "If a name is new to me, then I will ask and write it down, from 21 November 2026." in content.paragraphs
    assert "name is new" not in content.subject
    with pytest.raises(RuleBroken, match="already"):
        ask_for_plan(session, person_id=person.id, form_id="P", now=NOON + timedelta(hours=1))
    ask_for_plan(session, person_id=person.id, form_id="P", now=NOON + timedelta(days=1))
    changed = PlanWords("I hear a joke", "say: let us stick to the work")
    write_plan(session, person_id=person.id, form_id="P", words=changed, is_new=False, now=NOON + timedelta(hours=2))
    ask_for_plan(session, person_id=person.id, form_id="P", now=NOON + timedelta(hours=2))
    assert session.query(Message).count() == 3


def test_a_plan_that_was_withdrawn_in_the_meantime_stays_private(session: Session, person: Person) -> None:
    write_plan(session, person_id=person.id, form_id="P", words=PLAN, is_new=False, now=NOON)
    ask_for_plan(session, person_id=person.id, form_id="P", now=NOON)
    withdraw_plan(session, person_id=person.id, form_id="P", now=NOON)
    session.flush()
    (message,) = session.query(Message)
    assert compose_plan(session, [message], now=NOON).content is None


def test_a_plan_goes_to_nobody_who_has_none_or_no_address(session: Session, person: Person) -> None:
    with pytest.raises(NotFound):
        ask_for_plan(session, person_id=person.id, form_id="P", now=NOON)
    write_plan(session, person_id=person.id, form_id="P", words=PLAN, is_new=False, now=NOON)
    person.email = None
    with pytest.raises(RuleBroken, match="no email address"):
        ask_for_plan(session, person_id=person.id, form_id="P", now=NOON)
