"""Texts through GOV.UK Notify's own client and a server that speaks as Notify does: once, one a day, by day."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.telling import texts
from kernel.tasks.kinds import TaskState
from messages.by_text.numbers import give_own_mobile
from messages.by_text.record import Delivery, TextMessage, find_dead_number, try_number_again
from messages.choices import Choices, Frequency, TextUse, choose
from messages.ledger import Message
from messages.password_links import PASSWORD_LINK
from people.persons import Person
from tests.app.texts.conftest import MORNING, owe, send, stored
from tests.builders.mail_transport import RememberingTransport, give_address
from tests.builders.mail_transport import send as send_mail
from tests.builders.servers.notify import AWAY, NO_NUMBER, TEAM_ONLY, TOO_MANY, Notify

pytestmark = pytest.mark.usefixtures("carried", "at")
At = Callable[[datetime], None]


def the_text(session: Session) -> TextMessage:
    session.expire_all()
    return session.scalars(select(TextMessage)).one()


def test_somebody_without_email_gets_a_text(app: Flask, session: Session, notify: Notify, people: list[Person]) -> None:
    owe(session, people[0], 7)
    send(app)
    send(app)
    assert notify.numbers() == ["+447700900000"]
    (words,) = notify.words()
    assert words.startswith(
        "Common Ground: Finish course 7. http://localhost/courses/7 To stop texts: http://localhost/t/"
    )
    (message,) = stored(session)
    assert (message.state, message.text_id, message.sent_at) == (TaskState.DONE, the_text(session).id, MORNING)


def test_somebody_with_email_gets_mail_unless_they_chose_texts(
    app: Flask, session: Session, notify: Notify, people: list[Person], transport: RememberingTransport
) -> None:
    for number, person in enumerate(people):
        give_address(session, person, f"p{number}@council.example")
        owe(session, person)
    choose(session, person_id=people[1].id, choices=Choices(Frequency.AT_ONCE, texts=TextUse.ALWAYS), now=MORNING)
    session.commit()
    send(app)
    send_mail(app)
    assert notify.numbers() == ["+447700900001"]
    assert sorted(str(one["To"]).split("<")[1] for one in transport.mails) == [
        "p0@council.example>",
        "p2@council.example>",
    ]


def test_the_persons_own_number_goes_before_that_of_the_work_phone(
    app: Flask, session: Session, notify: Notify, people: list[Person]
) -> None:
    give_own_mobile(
        session, person_id=people[0].id, written="07700 900 555", has_agreed=True, account_id=None, now=MORNING
    )
    owe(session, people[0])
    send(app)
    assert notify.numbers() == ["+447700900555"]


def test_all_that_is_due_goes_in_one_text_a_day(
    app: Flask, session: Session, notify: Notify, people: list[Person], at: At
) -> None:
    owe(session, people[0], 1)
    owe(session, people[0], 2)
    send(app)
    assert len(notify.texts) == 1
    assert "Finish course 1, and 1 more message. http://localhost/learning " in notify.words()[0]
    owe(session, people[0], 3)
    send(app)
    assert len(notify.texts) == 1
    at(MORNING + timedelta(days=1))
    send(app)
    assert "Finish course 3." in notify.words()[1]
    assert {message.state for message in stored(session)} == {TaskState.DONE}


@pytest.mark.parametrize("hour", [0, 7, 18, 23])
def test_no_text_goes_at_night(
    app: Flask, session: Session, notify: Notify, people: list[Person], at: At, hour: int
) -> None:
    owe(session, people[0])
    at(MORNING.replace(hour=hour) + timedelta(days=1))
    send(app)
    assert notify.texts == []
    at(MORNING + timedelta(days=2))
    send(app)
    assert len(notify.texts) == 1


def test_a_way_into_an_account_never_goes_to_a_phone(
    app: Flask, session: Session, notify: Notify, people: list[Person]
) -> None:
    owe(session, people[0], kind=PASSWORD_LINK)
    send(app)
    assert notify.texts == []


def test_a_worker_that_died_after_notify_took_a_text_sends_it_no_second_time(
    app: Flask, session: Session, notify: Notify, people: list[Person], at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    owe(session, people[0])
    with monkeypatch.context() as patch:
        patch.setattr(texts, "mark_handed", die)
        with pytest.raises(Killed):
            send(app)
    send(app)
    assert len(notify.texts) == 1
    # The lease is over: also on another day, when another text might begin.
    for later in (timedelta(minutes=11), timedelta(days=1)):
        at(MORNING + later)
        send(app)
        assert len(notify.texts) == 1
    assert [message.state for message in stored(session)] == [TaskState.DONE]


def test_a_line_that_breaks_after_notify_took_a_text_sends_it_no_second_time(
    app: Flask, session: Session, notify: Notify, people: list[Person], at: At
) -> None:
    owe(session, people[0])
    notify.hangs_up = True
    send(app)
    (message,) = stored(session)
    assert (message.state, len(notify.texts)) == (TaskState.FAILED, 1)
    notify.hangs_up = False
    at(MORNING + timedelta(minutes=2))
    send(app)
    assert [message.state for message in stored(session)] == [TaskState.DONE]
    assert len(notify.texts) == 1


@pytest.mark.parametrize("trouble", [AWAY, TOO_MANY])
def test_a_service_that_is_away_loses_nothing_and_is_tried_less_and_less_often(
    app: Flask, session: Session, notify: Notify, people: list[Person], at: At, trouble: tuple[int, object]
) -> None:
    for person in people:
        owe(session, person)
    tried: list[str] = []

    def is_away(number: str) -> tuple[int, object]:
        tried.append(number)
        return trouble

    notify.trouble = is_away
    send(app)
    send(app)  # within the same minute nobody waits for it again
    assert len(tried) == 1
    pauses = []
    for _ in range(3):
        first = stored(session)[0]
        assert first.retry_at is not None
        at(first.retry_at)
        before = first.retry_at
        send(app)
        after = stored(session)[0].retry_at
        assert after is not None
        pauses.append(after - before)
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1]
    notify.trouble = lambda _: None
    at(MORNING + timedelta(days=1))
    for _ in range(3):
        send(app)
    assert sorted(notify.numbers()) == ["+447700900000", "+447700900001", "+447700900002"]


def test_a_number_that_notify_refuses_is_dead_and_keeps_nobody_else_from_theirs(
    app: Flask, session: Session, notify: Notify, people: list[Person]
) -> None:
    notify.trouble = lambda number: NO_NUMBER if number.endswith("0") else None
    for person in people[:2]:
        owe(session, person)
    send(app)
    assert notify.numbers() == ["+447700900001"]
    refused = stored(session)[0]
    assert (refused.state, refused.failure_reason) == (
        TaskState.PARKED,
        "GOV.UK Notify says that this is no number for texts",
    )
    dead = find_dead_number(session, person_id=people[0].id)
    assert dead is not None
    assert dead.words == "No phone has this number, or it takes no texts"


def test_a_key_for_the_team_alone_parks_the_message_and_spares_the_number(
    app: Flask, session: Session, notify: Notify, people: list[Person]
) -> None:
    notify.trouble = lambda _: TEAM_ONLY
    owe(session, people[0])
    send(app)
    assert stored(session)[0].state is TaskState.PARKED
    assert "team-only" in (stored(session)[0].failure_reason or "")
    assert find_dead_number(session, person_id=people[0].id) is None


def test_what_became_of_a_text_is_asked_for(
    app: Flask, session: Session, notify: Notify, people: list[Person], at: At
) -> None:
    owe(session, people[0])
    notify.status = "sending"
    send(app)
    at(MORNING + timedelta(minutes=6))
    send(app)
    text = the_text(session)
    assert text.delivery is Delivery.ON_ITS_WAY
    assert text.look_at is not None
    at(text.look_at)
    notify.status = "delivered"
    send(app)
    assert (the_text(session).delivery, the_text(session).look_at) == (Delivery.ARRIVED, None)


def test_a_number_that_is_none_gets_no_more_texts_until_somebody_tries_again(
    app: Flask, session: Session, notify: Notify, people: list[Person], at: At, transport: RememberingTransport
) -> None:
    owe(session, people[0], 1)
    notify.status = "permanent-failure"
    send(app)
    at(MORNING + timedelta(minutes=6))
    send(app)
    assert find_dead_number(session, person_id=people[0].id) is not None
    at(MORNING + timedelta(days=1))
    owe(session, people[0], 2)
    send(app)
    assert len(notify.texts) == 1
    try_number_again(session, person_id=people[0].id, account_id=None, now=MORNING)
    session.commit()
    send(app)
    assert len(notify.texts) == 2
    assert transport.mails == []


def test_another_number_works_at_once(
    app: Flask, session: Session, notify: Notify, people: list[Person], at: At
) -> None:
    owe(session, people[0])
    notify.status = "permanent-failure"
    send(app)
    at(MORNING + timedelta(minutes=6))
    send(app)
    people[0].work_mobile = "+447700900777"
    session.flush()
    assert find_dead_number(session, person_id=people[0].id) is None


def test_a_phone_that_is_away_is_tried_three_days_and_then_given_up(
    app: Flask, session: Session, notify: Notify, people: list[Person], at: At
) -> None:
    owe(session, people[0])
    notify.status = "temporary-failure"
    for day in range(5):
        at(MORNING + timedelta(days=day * 2))
        send(app)
        at(MORNING + timedelta(days=day * 2, minutes=6))
        send(app)
    assert len(notify.texts) == 3
    assert find_dead_number(session, person_id=people[0].id) is not None
    assert len(session.scalars(select(Message)).all()) == 1


def test_where_no_mail_is_sent_texts_go_to_people_with_an_address_too(
    app: Flask, session: Session, notify: Notify, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "common-ground-mail", None)
    give_address(session, people[0])
    owe(session, people[0])
    send(app)
    assert len(notify.texts) == 1
