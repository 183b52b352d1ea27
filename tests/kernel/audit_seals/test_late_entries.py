"""Two people who write at once, on a real server: an entry with a lower number that comes later is still sealed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.audit_seals.horizon import Horizon, look_ahead, who_still_writes
from kernel.audit_seals.sealing import seal_up_to
from kernel.audit_seals.verifying import verify_trail
from kernel.database import Base
from tests.builders.region import NOON
from tests.conftest import NewDatabase
from tests.databases import postgresql_only

pytestmark = [pytest.mark.services, postgresql_only]


@pytest.fixture
def engine(a_database: NewDatabase, tmp_path: Path) -> Iterator[Engine]:
    with a_database(tmp_path) as url:
        own = create_engine(url)
        Base.metadata.create_all(own)
        yield own
        own.dispose()


def note(session: Session) -> None:
    record(session, action="role-given", subject_type="account", subject_id=1, actor_account_id=None, now=NOON)
    session.flush()


def look(engine: Engine) -> tuple[Horizon, frozenset[str]]:
    with Session(engine) as session:
        horizon = look_ahead(session)
    with Session(engine) as session:
        return horizon, who_still_writes(session, horizon)


def seal(engine: Engine, horizon: Horizon) -> int:
    with Session(engine) as session, session.begin():
        return seal_up_to(session, entry_id=horizon.entry_id, at_once=100, now=NOON)


def test_an_entry_whose_transaction_is_open_is_waited_for(engine: Engine) -> None:
    with Session(engine) as slow, Session(engine) as quick:
        note(slow)
        note(quick)
        quick.commit()
        horizon, writing = look(engine)
        assert (horizon.entry_id, len(writing)) == (2, 1)
        # Nobody who begins after the look is waited for: their entries come after the horizon.
        with Session(engine) as later:
            note(later)
            with Session(engine) as session:
                assert who_still_writes(session, horizon) == writing
            slow.commit()
            with Session(engine) as session:
                assert who_still_writes(session, horizon) == frozenset()
            assert seal(engine, horizon) == 2
            later.commit()
    horizon, _ = look(engine)
    assert seal(engine, horizon) == 1
    with Session(engine) as session:
        assert verify_trail(session).broken is None


def test_a_number_that_was_drawn_and_not_written_yet_counts_too(engine: Engine) -> None:
    with Session(engine) as slow:
        slow.execute(text("LOCK TABLE audit_entry IN ROW EXCLUSIVE MODE"))
        slow.execute(text("SELECT nextval('audit_entry_id_seq')"))
        horizon, writing = look(engine)
        assert (horizon.entry_id, len(writing)) == (1, 1)
        slow.rollback()
    assert look(engine)[1] == frozenset()


def test_what_was_rolled_back_leaves_no_hole_in_the_chain(engine: Engine) -> None:
    with Session(engine) as session:
        note(session)
        session.rollback()
        note(session)
        session.commit()
    assert seal(engine, look(engine)[0]) == 1
    with Session(engine) as session:
        found = verify_trail(session)
    assert (found.sealed, found.last_entry_id, found.broken) == (1, 2, None)


def test_two_who_seal_at_once_take_turns(engine: Engine) -> None:
    with Session(engine) as session:
        for _ in range(3):
            note(session)
        session.commit()
    horizon, _ = look(engine)
    with Session(engine) as one, Session(engine) as other:
        assert seal_up_to(one, entry_id=horizon.entry_id, at_once=100, now=NOON) == 3
        other.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(Exception, match="lock timeout"):
            seal_up_to(other, entry_id=horizon.entry_id, at_once=100, now=NOON)
        other.rollback()
        one.commit()
        assert seal_up_to(other, entry_id=horizon.entry_id, at_once=100, now=NOON) == 0
