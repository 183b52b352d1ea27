"""The database restarts, is busy or refuses a value: people read what happened, and it is never a fault of ours."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from redis.exceptions import ConnectionError as RedisGone
from sqlalchemy import select, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.orm import Session

from app.platform import access
from app.platform.access import public
from app.platform.extensions import db, limiter
from people.accounts import Account, hash_password
from people.persons import Person
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.databases import postgresql_only
from tests.reading import Browser

PASSWORD = "a long enough secret"
COURSE = "/courses/test-course"
REFUSED = OperationalError("SELECT 1", None, Exception("connection refused"))
ENDED = OperationalError("SELECT 1", None, Exception("terminated by an administrator"), connection_invalidated=True)
CLOSED = InterfaceError("SELECT 1", None, Exception("the connection is closed"))
BUSY = NoFreeConnection("no connection within 30 seconds")
Fail = Callable[..., None]


@pytest.fixture(autouse=True)
def as_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)


@pytest.fixture
def account(session: Session) -> Account:
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    account.username, account.password_hash = "p0", hash_password(PASSWORD)
    a_course(session)
    session.commit()
    return account


@pytest.fixture
def learner(browser: Browser, account: Account) -> Browser:
    learner = browser.enter_as(account)
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    return learner


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> "Database":
    return Database(monkeypatch)


class Database:
    """The database of the application, which can be made to answer with an error."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def fails_with(self, problem: Exception) -> None:
        """From now on nobody can find out who is signed in, and no work can be kept."""

        def fail(*_: Any, **__: Any) -> None:
            raise problem

        self._patch.setattr(access, "find_signed_in", fail)
        for place in ("app.auth.password.check_credentials", "courses.taking.screens.find_attempt"):
            module, name = place.rsplit(".", 1)
            self._patch.setattr(f"{module}.{name}", fail, raising=False)


def check_is_resting(answer: Any, *, is_unsaved: bool) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Common Ground is resting for a moment" in answer.text
    assert ("Your answer was not saved" in answer.text) is is_unsaved


@pytest.mark.parametrize("problem", [REFUSED, ENDED, CLOSED, BUSY], ids=["refused", "ended", "closed", "busy"])
def test_a_page_says_that_the_database_is_away(learner: Browser, database: Database, problem: Exception) -> None:
    database.fails_with(problem)
    check_is_resting(learner.client.get(f"{COURSE}/first-steps/2"), is_unsaved=False)
    check_is_resting(learner.client.get("/support"), is_unsaved=False)


@pytest.mark.parametrize("problem", [REFUSED, ENDED, CLOSED, BUSY], ids=["refused", "ended", "closed", "busy"])
def test_whoever_answers_meanwhile_reads_that_it_was_not_saved(
    learner: Browser, database: Database, problem: Exception
) -> None:
    target, values = learner.open(f"{COURSE}/first-steps/2").form("Check my answer")
    database.fails_with(problem)
    check_is_resting(learner.client.post(target, data={**values, "answer": "a"}), is_unsaved=True)


def test_whoever_signs_in_meanwhile_is_asked_to_try_again(
    browser: Browser, account: Account, database: Database
) -> None:
    target, values = browser.open("/sign-in").form("Sign in")
    database.fails_with(REFUSED)
    typed = {"username": account.username, "password": PASSWORD}
    check_is_resting(browser.client.post(target, data={**values, **typed}), is_unsaved=True)


def test_the_same_answer_is_saved_once_the_database_is_back(
    learner: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, values = learner.open(f"{COURSE}/first-steps/2").form("Check my answer")
    with monkeypatch.context() as patch:
        Database(patch).fails_with(ENDED)
        assert learner.client.post(target, data={**values, "answer": "a"}).status_code == 503
    assert learner.post(target, {**values, "answer": "a"}).status == 200


def test_a_mistake_in_a_statement_stays_a_fault_of_ours(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite3.connect(":memory:") as memory, pytest.raises(sqlite3.OperationalError) as mistake:
        memory.execute("SELECT nothing FROM nowhere")
    memory.close()

    @public
    def wrong() -> str:
        raise OperationalError("SELECT nothing FROM nowhere", None, mistake.value)

    monkeypatch.setitem(app.view_functions, "public.support", wrong)
    answer = browser.client.get("/support")
    assert (answer.status_code, "Retry-After" in answer.headers) == (500, False)


@pytest.mark.parametrize(
    "value", ["a\x00b", "\ud800", 2**63, 10**40], ids=["NUL", "half of a pair", "2^63", "40 digits"]
)
def test_a_value_that_got_past_every_reading_is_no_fault_of_ours(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch, value: str | int
) -> None:
    column = Person.chosen_name if isinstance(value, str) else Person.id

    @public
    def naive() -> str:
        db.session().execute(select(Person.id).where(column == value))
        return "nobody"

    monkeypatch.setitem(app.view_functions, "public.support", naive)
    monkeypatch.setitem(app.view_functions, "auth.sign_out", naive)
    is_refused = isinstance(value, int) or "\x00" not in value or db_is_postgresql(app)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    answers = [browser.client.get("/support"), browser.client.post("/sign-out")]
    assert [answer.status_code for answer in answers] == ([404, 422] if is_refused else [200, 200])


def db_is_postgresql(app: Flask) -> bool:
    with app.app_context():
        return db.engine.dialect.name == "postgresql"


def test_whoever_finds_out_second_that_redis_is_gone_gets_a_page(
    browser: Browser, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> bool:
        monkeypatch.setattr(limiter, "_storage_dead", True)  # somebody else was first, and noted it
        raise RedisGone("gone")

    monkeypatch.setattr(limiter, "_storage_dead", False)
    for count in ("hit", "test", "get_window_stats"):
        monkeypatch.setattr(limiter._limiter, count, gone)
    monkeypatch.setattr(limiter._storage, "check", lambda: False)
    page = browser.submit("/sign-in", "Sign in", username=account.username, password="not this one")
    assert page.status == 422
    assert browser.open("/verify/TC-0000-0000-0").status == 404


def test_a_failure_that_nobody_can_count_is_answered_as_usual(
    browser: Browser, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> bool:
        raise RedisGone("gone")

    monkeypatch.setattr(limiter, "_storage_dead", False)
    monkeypatch.setattr(limiter._limiter, "test", lambda *_, **__: True)
    monkeypatch.setattr(limiter._limiter, "hit", gone)
    page = browser.submit("/sign-in", "Sign in", username=account.username, password="not this one")
    assert page.status == 422


@postgresql_only
def test_no_statement_waits_for_machine_code(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as first:
        first.rollback()
        assert first.scalar(text("SHOW jit")) == "off"
