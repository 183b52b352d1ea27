"""Columns that keep their promises, rows that never change, and one place that commits."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry, entries_for, record
from kernel.events import Event
from kernel.unit_of_work import UnitOfWork, unit_of_work
from people.organisations import Organisation, UnitKind
from people.persons import Person
from tests.builders.region import NOON, a_person, a_unit, an_organisation


def test_a_moment_comes_back_aware_and_in_utc(session: Session) -> None:
    summer = timezone(timedelta(hours=1))
    person = a_person(session)
    person.created_at = datetime(2026, 6, 1, 9, 30, tzinfo=summer)
    session.flush()
    session.expire_all()
    assert session.get_one(Person, person.id).created_at == datetime(2026, 6, 1, 8, 30, tzinfo=UTC)


def test_a_moment_without_zone_is_refused(session: Session) -> None:
    session.add(Person(chosen_name="Nobody", created_at=datetime(2026, 6, 1)))  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"):
        session.flush()


def test_an_enum_is_stored_by_value(session: Session) -> None:
    a_unit(session, an_organisation(session), kind=UnitKind.TEAM)
    assert session.scalar(text("SELECT kind FROM unit")) == "team"


def test_an_audit_entry_can_be_added_but_not_changed(session: Session) -> None:
    record(session, action="course-published", subject_type="course", subject_id=1, actor_account_id=None, now=NOON)
    session.flush()
    assert [entry.action for entry in entries_for(session, subject_type="course", subject_id=1)] == ["course-published"]
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(update(AuditEntry).values(action="never happened"))


class Happened(Event):
    """An event for these tests."""


def _react(event: Happened, work: UnitOfWork) -> None:
    work.session.add(Organisation(slug="reaction", name="A reaction"))
    work.ring_after_commit("react")
    work.ring_after_commit("react")


def test_bells_ring_once_and_only_after_the_commit(session: Session) -> None:
    heard: list[str] = []
    with unit_of_work(session, {Happened: (_react,)}, heard.append) as work:
        work.publish([Happened()])
        assert heard == []
    assert heard == ["react"]
    assert session.scalar(select(Organisation.name).where(Organisation.slug == "reaction")) == "A reaction"


def test_a_failing_unit_of_work_leaves_nothing_and_rings_nobody(session: Session) -> None:
    heard: list[str] = []

    def fail_midway() -> None:
        with unit_of_work(session, {Happened: (_react,)}, heard.append) as work:
            work.publish([Happened()])
            work.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    assert heard == []
    assert session.scalar(select(Organisation).where(Organisation.slug == "reaction")) is None
