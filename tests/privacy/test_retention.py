"""Records go when their time has passed, by a rule that somebody has set, and nothing goes before."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.jobs.housekeeping import keep_house
from app.jobs.privacy.retention import apply_retention
from certificates.record.links import CertificateLink
from courses.quizzes.adjustments import RetryRequest
from courses.reflection.plans import Plan
from courses.reflection.reflections import Reflection
from kernel.audit import entries_for
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from kernel.tasks.background import BackgroundTask
from people.organisations import Unit
from people.persons import ERASED_NAME, Person
from people.roles import RoleGrant
from privacy.retention.applying import APPLY_RETENTION, want_daily
from privacy.retention.records import count_past
from privacy.retention.rules import LONGEST_MONTHS, RecordKind, day_months_before, set_rule, time_kept
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.privacy.everything import everything_about

LEFT_ON = local_day(utc_now()) - timedelta(days=400)
DAY_AFTER = LEFT_ON + timedelta(days=1)


@pytest.fixture(autouse=True)
def in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def leaver(session: Session, unit: Unit) -> int:
    """Somebody who has left and wrote much."""
    account = an_account(session, a_person(session, unit, "Has Left", ends_on=LEFT_ON))
    everything_about(session, account, words="words of my own")
    session.execute(update(RoleGrant).values(revoked_at=NOON))
    stayer = an_account(session, a_person(session, unit, "Still Here"))
    everything_about(session, stayer, words="words of another")
    session.commit()
    return account.person_id


def set_months(session: Session, kind: RecordKind, months: int | None) -> None:
    set_rule(session, kind=kind, time=months, by=None, now=utc_now())
    session.commit()


def apply(session: Session) -> None:
    assert want_daily(session, now=utc_now() + timedelta(days=1))
    session.commit()
    apply_retention()
    session.expire_all()


def name_of(session: Session, person_id: int) -> str:
    return session.get_one(Person, person_id).chosen_name


def test_without_a_rule_nothing_goes(session: Session, leaver: int) -> None:
    kept = time_kept(session)
    assert {kind for kind, time in kept.items() if time is not None} == {RecordKind.HR_FILES}
    assert [count_past(session, kind, before=LEFT_ON) for kind in kept if kind is not RecordKind.HR_FILES] == [0] * 7
    set_months(session, RecordKind.HR_FILES, None)
    assert not want_daily(session, now=utc_now())


def test_the_newest_rule_of_a_kind_holds(session: Session) -> None:
    for months in (24, None, 12):
        set_months(session, RecordKind.LINKS, months)
    assert time_kept(session)[RecordKind.LINKS] == 12
    entries = entries_for(session, subject_type="retention", subject_id="links")
    assert [one.detail["months"] for one in entries] == [24, "kept", 12]
    for wrong in (0, -1, LONGEST_MONTHS + 1):
        with pytest.raises(RuleBroken):
            set_rule(session, kind=RecordKind.LINKS, time=wrong, by=None, now=NOON)


@pytest.mark.parametrize("kind", [RecordKind.LEAVERS, RecordKind.OWN_WORDS])
def test_time_begins_on_the_day_after_the_last_job(session: Session, leaver: int, kind: RecordKind) -> None:
    assert count_past(session, kind, before=LEFT_ON) == 0
    assert count_past(session, kind, before=DAY_AFTER) == 1


def test_people_who_have_left_are_erased_and_others_stay(session: Session, leaver: int) -> None:
    session.get_one(Person, leaver).born_on = date(1980, 5, 17)
    set_months(session, RecordKind.LEAVERS, 14)
    apply(session)
    assert name_of(session, leaver) == "Has Left"
    assert session.get_one(Person, leaver).born_on == date(1980, 5, 17)
    set_months(session, RecordKind.LEAVERS, 12)
    session.execute(delete(BackgroundTask))
    apply(session)
    assert name_of(session, leaver) == ERASED_NAME
    assert session.get_one(Person, leaver).born_on is None
    assert "Still Here" in session.scalars(select(Person.chosen_name)).all()
    [*_, last] = entries_for(session, subject_type="retention", subject_id="leavers")
    assert (last.action, last.detail) == ("retention-applied", {"count": 1, "months": 12})


def test_own_words_of_leavers_go_and_the_rest_stays(session: Session, leaver: int) -> None:
    set_months(session, RecordKind.OWN_WORDS, 1)
    apply(session)
    assert name_of(session, leaver) == "Has Left"
    assert session.scalar(select(func.count()).select_from(Plan).where(Plan.person_id == leaver)) == 0
    assert set(session.scalars(select(Reflection.text))) == {"words of another"}


def test_reasons_and_links_go_by_their_own_time(session: Session, leaver: int) -> None:
    session.execute(update(RetryRequest).values(answered_at=NOON - timedelta(days=800)))
    session.execute(update(CertificateLink).values(ends_at=NOON - timedelta(days=800)))
    session.commit()
    set_months(session, RecordKind.REQUESTS, 24)
    set_months(session, RecordKind.LINKS, 600)
    apply(session)
    assert set(session.scalars(select(RetryRequest.reason))) == {""}
    assert session.scalar(select(func.count()).select_from(CertificateLink)) == 2


def test_housekeeping_rings_once_a_day(session: Session, bell: ListeningBell) -> None:
    set_months(session, RecordKind.LINKS, 12)
    keep_house()
    assert bell.rung.count(APPLY_RETENTION) == 1
    apply_retention()
    bell.rung.clear()
    keep_house()
    assert APPLY_RETENTION not in bell.rung


@given(st.dates(min_value=date(1950, 1, 1)), st.integers(min_value=1, max_value=LONGEST_MONTHS))
def test_months_before_a_day_are_whole_months(day: date, months: int) -> None:
    before = day_months_before(day, months)
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day == day.day or (before.day < day.day and (before + timedelta(days=1)).day == 1)
