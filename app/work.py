"""The application's unit of work: the web's session, the wiring's handlers, the queue's bell. And its long readings."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.extensions import SQLITE_BEGIN, STREAMS, WRITES, db
from app.queue import ring
from app.wiring import EVENT_HANDLERS
from kernel import unit_of_work as kernel_work
from kernel.unit_of_work import UnitOfWork


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """Commit everything the block did, or nothing; then wake the queues. Views, jobs and commands all use this one."""
    session = db.session()
    session.info[WRITES] = True
    if not session.bind:
        # What was read so far stays outside: a transaction that began by reading cannot turn into a writing one on
        # SQLite while somebody else writes (it is refused at once instead of waiting), so each says so from the start.
        session.rollback()
        if session.get_bind().dialect.name == "sqlite":
            session.connection(execution_options={SQLITE_BEGIN: "IMMEDIATE"})
    try:
        with kernel_work.unit_of_work(session, EVENT_HANDLERS, ring) as work:
            yield work
    finally:
        del session.info[WRITES]


@contextmanager
def long_reading() -> Iterator[Session]:
    """A session for what fetches its rows in portions (``yield_per``), and changes nothing.

    PostgreSQL keeps a cursor open only within a transaction; on SQLite nobody is kept waiting by one that only reads.
    """
    session = db.session()
    session.info[STREAMS] = True
    if not session.bind:
        session.rollback()
    try:
        yield session
    finally:
        del session.info[STREAMS]
        if not session.bind:
            session.rollback()
