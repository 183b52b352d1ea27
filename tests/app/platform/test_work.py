"""One place commits: outside a unit of work nothing can be changed, by whatever way somebody tries."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.orm import Session

from app.platform.extensions import WriteOutsideWork, db
from app.platform.work import long_reading, unit_of_work
from kernel.database import table_of
from people.organisations import Organisation

WORDS = {"slug": "stray", "name": "Siân’s 王芳 Council"}
Act = Callable[[Session], object]
THROUGH_SESSION: dict[str, Act] = {
    "insert": lambda session: session.execute(insert(Organisation).values(**WORDS)),
    "past the ORM": lambda session: session.execute(insert(table_of(Organisation)), WORDS),
    "update": lambda session: session.execute(update(Organisation).values(name="Another")),
    "flush": lambda session: (session.add(Organisation(**WORDS)), session.flush()),
}
PAST_SESSION: dict[str, Act] = {
    "from the connection": lambda session: session.connection().execute(insert(table_of(Organisation)), WORDS),
}


def stored() -> int:
    return db.session.scalar(select(func.count()).select_from(Organisation)) or 0


@pytest.mark.parametrize("act", (THROUGH_SESSION | PAST_SESSION).values(), ids=THROUGH_SESSION | PAST_SESSION)
def test_nothing_is_changed_outside_a_unit_of_work(app: Flask, act: Act) -> None:
    with app.app_context():
        with pytest.raises(WriteOutsideWork):
            act(db.session())
        db.session.rollback()
        assert stored() == 0


@pytest.mark.parametrize("act", THROUGH_SESSION.values(), ids=THROUGH_SESSION)
def test_nor_on_the_connection_that_the_tests_share(app: Flask, connection: Connection, act: Act) -> None:
    assert connection.in_transaction()
    with app.app_context(), pytest.raises(WriteOutsideWork):
        act(db.session())


def test_a_long_reading_changes_nothing_either(app: Flask) -> None:
    with app.app_context(), pytest.raises(WriteOutsideWork), long_reading() as session:
        session.execute(insert(Organisation).values(**WORDS))
    with app.app_context():
        assert stored() == 0


def test_after_a_unit_of_work_pages_only_read_again(app: Flask) -> None:
    with app.app_context():
        with suppress(ZeroDivisionError), unit_of_work() as work:
            work.session.add(Organisation(**WORDS))
            work.session.flush()
            assert stored() == 1
            raise ZeroDivisionError
        assert stored() == 0
        with pytest.raises(WriteOutsideWork):
            db.session.execute(insert(Organisation).values(**WORDS))
