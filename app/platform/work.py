"""The application's unit of work: the web's session, the wiring's handlers, the queue's bell. And its long readings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.platform.extensions import WRITES, WebSession, db, streaming, writing
from app.platform.input.requests import is_head
from app.platform.queue import ring
from app.wiring import EVENT_HANDLERS
from kernel import unit_of_work as kernel_work
from kernel.unit_of_work import UnitOfWork


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """Commit everything the block did, or nothing; then wake the queues. Views, jobs and commands all use this one.

    Who asks for the head of a page alone (HEAD) is shown nothing, so nothing is put on record and nothing changes.
    """
    session = cast(WebSession, db.session())
    session.info[WRITES] = True
    try:
        with _on(session, writing(db.engine)), kernel_work.unit_of_work(session, EVENT_HANDLERS, ring) as work:
            yield work
            if is_head():
                session.rollback()
    finally:
        del session.info[WRITES]


@contextmanager
def long_reading() -> Iterator[Session]:
    """A session for what fetches its rows in portions (``yield_per``), and changes nothing.

    PostgreSQL keeps a cursor open only within a transaction; on SQLite nobody is kept waiting by one that only reads.
    """
    session = cast(WebSession, db.session())
    with _on(session, streaming(db.engine)):
        if not session.is_bound and session.get_bind().dialect.name == "postgresql":
            # It thinks that a tenth of a cursor is fetched, and takes the way that begins soonest: minutes for all.
            session.execute(text("SET LOCAL cursor_tuple_fraction = 1"))
        yield session


@contextmanager
def reading_of_one_moment() -> Iterator[Session]:
    """A long reading in which all tables are as they were at its beginning, however long it lasts."""
    with long_reading() as session:
        if not cast(WebSession, session).is_bound and session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))  # allowed after a SET
        yield session


@contextmanager
def _on(session: WebSession, engine: Engine) -> Iterator[None]:
    """Let the session work on an engine for a while, in a transaction of its own.

    What was read so far stays outside: a transaction that began by reading cannot turn into a writing one on SQLite
    while somebody else writes (it is refused at once instead of waiting), so each says so from the start.
    """
    if session.is_bound:
        yield
        return
    session.rollback()
    before, session.bind = session.bind, engine
    try:
        yield
    finally:
        session.rollback()
        session.bind = before
