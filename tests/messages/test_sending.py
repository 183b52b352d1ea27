"""The ledger of messages: once each, at a pace, tried again with growing pauses, and never lost."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from kernel.tasks.control import counts_by_state, is_any_due, retry
from kernel.tasks.kinds import TaskState
from messages.choices import Choices, Frequency, choices_of, choose, next_daytime, next_morning, stop_follow_ups
from messages.ledger import Message, messages_to, note_message
from messages.sending import (
    GIVE_UP_AFTER,
    MAIL,
    NEWS_FOR,
    claim_next,
    mark_failed,
    mark_sent,
    tidy,
)
from people.persons import Person
from tests.builders.region import NOON, a_person

KIND = "certificate-ready"


@pytest.fixture
def person(session: Session) -> Person:
    return a_person(session)


def note(session: Session, person: Person, *subjects: int, due_at: datetime | None = NOON) -> list[Message]:
    for subject in subjects:
        assert note_message(session, person_id=person.id, kind=KIND, subject_id=subject, now=NOON, due_at=due_at)
    return list(session.query(Message).order_by(Message.id))


def claim(session: Session, now: datetime = NOON, per_minute: int = 60) -> list[int]:
    claimed = claim_next(session, now=now, per_minute=per_minute)
    return list(claimed.ids) if claimed else []


def fail(session: Session, message: Message, now: datetime, *, is_permanent: bool = False) -> None:
    claimed = claim_next(session, now=now, per_minute=60)
    mark_failed(session, claimed, reason="451 later", is_permanent=is_permanent, now=now)
    session.expire_all()


def test_a_message_is_owed_once_however_often_it_is_noted(session: Session, person: Person) -> None:
    note(session, person, 1)
    assert not note_message(session, person_id=person.id, kind=KIND, subject_id=1, now=NOON, due_at=NOON)
    assert note_message(session, person_id=person.id, kind=KIND, subject_id=1, step="second", now=NOON, due_at=NOON)


def test_what_has_not_happened_yet_is_not_due(session: Session, person: Person) -> None:
    note(session, person, 1, due_at=None)
    note(session, person, 2, due_at=NOON + timedelta(seconds=1))
    assert not is_any_due(session, MAIL, now=NOON)
    assert claim(session) == []
    assert is_any_due(session, MAIL, now=NOON + timedelta(seconds=1))


def test_one_message_is_taken_at_a_time_and_by_one_worker(session: Session, person: Person) -> None:
    first, second = note(session, person, 1, 2)
    assert [claim(session), claim(session), claim(session)] == [[first.id], [second.id], []]


def test_no_more_are_taken_in_a_minute_than_the_settings_allow(session: Session, person: Person) -> None:
    note(session, person, 1, 2, 3)
    assert [len(claim(session, per_minute=2)) for _ in range(3)] == [1, 1, 0]
    assert len(claim(session, NOON + timedelta(seconds=61), per_minute=2)) == 1


def test_nobody_waits_for_a_server_that_was_away_a_moment_ago(session: Session, person: Person) -> None:
    first, second = note(session, person, 1, 2)
    claimed = claim_next(session, now=NOON, per_minute=60)
    assert claimed.ids == (first.id,)
    mark_failed(session, claimed, reason="away", is_permanent=False, is_held_up=True, now=NOON)
    assert claim(session, NOON + timedelta(seconds=59)) == []
    retry(session, MAIL, now=NOON)  # somebody who has mended it need not wait
    session.expire_all()
    assert [claim(session), claim(session)] == [[first.id], [second.id]]


def test_what_belongs_in_a_digest_goes_together_and_only_for_one_person(session: Session, person: Person) -> None:
    mine = note(session, person, 1, 2)
    everybody = note(session, a_person(session), 3)
    for message in everybody:
        message.is_in_digest = True
    assert claim(session) == [message.id for message in mine]
    assert claim(session) == [everybody[-1].id]


def test_a_failed_message_is_tried_again_after_growing_pauses(session: Session, person: Person) -> None:
    (message,) = note(session, person, 1)
    now, pauses = NOON, []
    for _ in range(6):
        fail(session, message, now)
        assert message.state is TaskState.FAILED
        assert message.retry_at is not None
        pauses.append(message.retry_at - now)
        now = message.retry_at
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(minutes=1), timedelta(hours=6))
    assert claim(session, now - timedelta(seconds=1)) == []


def test_a_message_is_given_up_after_five_days_and_waits_for_somebody(session: Session, person: Person) -> None:
    (message,) = note(session, person, 1)
    fail(session, message, NOON)
    later = NOON + GIVE_UP_AFTER + timedelta(minutes=1)
    fail(session, message, later)
    assert (message.state, message.retry_at, message.failure_reason) == (TaskState.PARKED, None, "451 later")
    retry(session, MAIL, which=Message.id == message.id, now=later)
    session.refresh(message)
    assert (message.state, message.failure_reason) == (TaskState.FAILED, "451 later")
    assert claim(session, later) == [message.id]


def test_a_permanent_failure_parks_the_message_at_once(session: Session, person: Person) -> None:
    (message,) = note(session, person, 1)
    fail(session, message, NOON, is_permanent=True)
    assert message.state is TaskState.PARKED
    assert claim(session, NOON + timedelta(days=1)) == []
    assert retry(session, MAIL, now=NOON) == 1
    assert retry(session, MAIL, which=Message.id == message.id + 1, now=NOON) == 0


def test_a_message_that_was_sent_is_never_sent_again(session: Session, person: Person) -> None:
    (message,) = note(session, person, 1)
    slow = claim_next(session, now=NOON, per_minute=60)
    mark_sent(session, claim_next(session, now=NOON + 2 * MAIL.lease, per_minute=60), now=NOON)
    session.expire_all()
    # A worker that was thought dead fails late: the other one's success stands.
    mark_failed(session, slow, reason="late", is_permanent=True, now=NOON)
    assert message.state is TaskState.DONE
    assert claim(session, NOON + timedelta(days=9)) == []
    assert retry(session, MAIL, now=NOON) == 0
    assert [found.id for found in messages_to(session, person_id=person.id, limit=5)] == [message.id]


def test_a_worker_that_died_leaves_its_message_to_another_and_then_to_somebody(
    session: Session, person: Person
) -> None:
    (message,) = note(session, person, 1)
    now = NOON
    for _ in range(MAIL.most_claims):
        assert claim(session, now) == [message.id]
        assert claim(session, now + MAIL.lease - timedelta(seconds=1)) == []
        now += MAIL.lease + timedelta(seconds=1)
    assert claim(session, now) == []
    assert tidy(session, now=now) == 1
    session.refresh(message)
    assert message.state is TaskState.PARKED
    assert "worker died" in (message.failure_reason or "")


def test_what_has_waited_for_two_weeks_is_no_news(session: Session, person: Person) -> None:
    (message,) = note(session, person, 1)
    assert tidy(session, now=NOON + NEWS_FOR) == 0
    assert tidy(session, now=NOON + NEWS_FOR + timedelta(seconds=1)) == 1
    session.refresh(message)
    assert (message.state, message.dropped_words) == (TaskState.CANCELLED, "it had waited too long to be news")
    assert counts_by_state(session, MAIL)[TaskState.CANCELLED] == 1


def test_nobody_has_to_choose_and_a_choice_stays(session: Session, person: Person) -> None:
    ids = [person.id]
    assert choices_of(session, person_ids=ids)[person.id] == Choices(Frequency.AT_ONCE, has_follow_ups=True)
    choose(session, person_id=person.id, choices=Choices(Frequency.DAILY), now=NOON)
    stop_follow_ups(session, person_id=person.id, now=NOON)
    assert choices_of(session, person_ids=ids)[person.id] == Choices(Frequency.DAILY, has_follow_ups=False)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-21T07:59:59", "2026-11-21T08:00:00"),
        ("2026-11-21T08:00:00", "2026-11-22T08:00:00"),
        ("2026-11-21T23:59:59", "2026-11-22T08:00:00"),
        ("2026-11-22T00:00:00", "2026-11-22T08:00:00"),
        # The clocks go forward in the night to 28 March 2027, and back in the night to 31 October 2027.
        ("2027-03-27T12:00:00", "2027-03-28T07:00:00"),
        ("2027-10-30T12:00:00", "2027-10-31T08:00:00"),
        ("2027-10-30T23:30:00", "2027-10-31T08:00:00"),
    ],
)
def test_the_next_morning_is_eight_oclock_in_the_city_region(now: str, morning: str) -> None:
    found = next_morning(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(morning).replace(tzinfo=UTC)


def test_nobody_is_written_to_at_night(session: Session) -> None:
    for hour in range(24):
        found = next_daytime(NOON.replace(hour=hour))
        assert found == (NOON.replace(hour=hour) if 8 <= hour < 18 else next_morning(NOON.replace(hour=hour)))
