"""A number of one's own is used once a code that went there came back: three tries, a quarter of an hour, few texts."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.jobs.housekeeping import run_housekeeping
from app.jobs.telling import codes as code_job
from app.learn.own_words import mobile
from app.learn.own_words.mobile import OVER
from kernel.tasks.kinds import TaskState
from messages.by_text.numbers import OwnMobile
from messages.by_text.proving import MobileCode
from messages.by_text.record import find_number
from people.persons import Person
from tests.app.texts.codes import send_code
from tests.app.texts.conftest import MORNING
from tests.builders.region import an_account
from tests.builders.servers.notify import Notify
from tests.reading import Browser, Page

pytestmark = pytest.mark.usefixtures("carried", "at", "transport")

ASK, TYPE = "/messages/mobile", "/messages/mobile/code"


@pytest.fixture
def me(browser: Browser, session: Session, people: list[Person]) -> Browser:
    account = an_account(session, people[0])
    session.commit()
    return browser.enter_as(account)


@pytest.fixture
def set_time(monkeypatch: pytest.MonkeyPatch):
    """Let it be another time for whoever asks and for what sends."""

    def set_to(now: datetime) -> None:
        for module in (mobile, code_job):
            monkeypatch.setattr(module, "utc_now", lambda: now)

    return set_to


def ask(browser: Browser, number: str = "07700 900 555") -> Page:
    return browser.submit(ASK, "Send me a code", number=number, agree="y")


def type_in(browser: Browser, code: str) -> Page:
    return browser.submit(TYPE, "This is the code", code=code)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_three_wrong_codes_end_it_and_what_is_no_code_is_no_try(
    me: Browser, app: Flask, session: Session, notify: Notify, people: list[Person]
) -> None:
    ask(me)
    code = send_code(app, notify)
    for nothing in ("", "12345", "1234567", "\u0661" * 6, "abcdef"):
        assert type_in(me, nothing).status == 422
    assert "You have 2 tries left" in type_in(me, another(code)).text
    assert "You have 1 try left" in type_in(me, another(code)).text
    token = me.open(TYPE).form("This is the code")[1]["csrf_token"]
    over = type_in(me, another(code))
    assert (over.heading, OVER in over.text) == ("Your own mobile number", True)
    in_another_tab = me.post(TYPE, {"csrf_token": token, "code": "12345"})
    assert (in_another_tab.heading, OVER in in_another_tab.text) == ("Your own mobile number", True)
    assert me.open(TYPE).heading == "Your own mobile number"
    assert find_number(session, person_id=people[0].id) == "+447700900000"
    assert session.scalars(select(OwnMobile)).all() == []


def test_a_code_works_for_a_quarter_of_an_hour_from_when_it_was_sent(
    me: Browser, app: Flask, session: Session, notify: Notify, people: list[Person], set_time
) -> None:
    set_time(MORNING)
    ask(me)
    set_time(MORNING + timedelta(minutes=5))
    code = send_code(app, notify)
    set_time(MORNING + timedelta(minutes=20))
    assert OVER not in me.open(TYPE).text
    assert me.open(TYPE).heading == "Your own mobile number"
    set_time(MORNING + timedelta(minutes=19))
    assert "Your number is saved" in type_in(me, f"{code[:3]} {code[3:]}").text
    assert find_number(session, person_id=people[0].id) == "+447700900555"


def test_the_newest_code_alone_works_and_none_before_it_has_come(me: Browser, app: Flask, notify: Notify) -> None:
    ask(me)
    early = type_in(me, "123456")
    assert early.errors == ["The code is still on its way. Wait until it has come"]
    first = send_code(app, notify)
    ask(me)
    second = send_code(app, notify)
    if first != second:
        assert "You have 2 tries left" in type_in(me, first).text
    assert "Your number is saved" in type_in(me, second).text


def test_a_code_of_somebody_else_is_none(
    me: Browser, app: Flask, session: Session, notify: Notify, people: list[Person]
) -> None:
    ask(me)
    code = send_code(app, notify)
    other = Browser(app).enter_as(an_account(session, people[1]))
    session.commit()
    assert other.open(TYPE).heading == "Your own mobile number"
    assert f"{code} is your code. It works for 15 minutes." in notify.words()[-1]
    row = session.scalars(select(MobileCode)).one()
    assert code not in str(row.code_sha256)


def test_nobody_is_bombed_with_codes(
    me: Browser, app: Flask, session: Session, notify: Notify, people: list[Person], set_time
) -> None:
    for number in ("07700 900 555", "07700 900 556", "07700 900 557"):
        set_time(MORNING)
        assert ask(me, number).status == 200
    assert ask(me, "07700 900 558").errors == ["You have asked for several codes. Try again in an hour"]
    set_time(MORNING + timedelta(hours=2))
    assert ask(me).status == 200
    others = []
    for place in (1, 2):
        account = an_account(session, people[place])
        session.commit()
        others.append(Browser(app).enter_as(account))
    assert ask(others[0]).status == 200
    (refused,) = ask(others[1]).errors
    assert refused.startswith("Several codes have gone to this number today")
    assert session.scalar(select(func.count()).select_from(MobileCode)) == 5
    set_time(MORNING + timedelta(days=1, hours=3))
    assert ask(others[1]).status == 200


def test_what_was_asked_for_long_ago_is_not_sent_and_after_a_day_forgotten(
    me: Browser, app: Flask, session: Session, notify: Notify, set_time
) -> None:
    set_time(MORNING)
    ask(me)
    set_time(MORNING + timedelta(minutes=16))
    with app.app_context():
        code_job.send_mobile_codes()
    assert notify.texts == []
    assert session.scalars(select(MobileCode.state)).all() == [TaskState.CANCELLED]
    session.execute(update(MobileCode).values(asked_at=MORNING - timedelta(days=2)))
    session.commit()
    with app.app_context():
        run_housekeeping()
    session.expire_all()
    assert session.scalars(select(MobileCode)).all() == []


def test_where_no_texts_are_sent_no_number_can_be_proven(
    me: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "common-ground-texts", None)
    assert ask(me).errors == ["This site sends no texts at the moment, so no number can be proven"]


def test_a_number_of_the_time_before_gets_nothing_until_it_is_proven(
    me: Browser, session: Session, people: list[Person]
) -> None:
    session.add(OwnMobile(person_id=people[0].id, number="+447700900555", agreed_at=MORNING))
    session.commit()
    assert find_number(session, person_id=people[0].id) == "+447700900000"
    assert "It is not proven yet, so nothing goes there" in me.open(ASK).text
