"""Month’s ends are counted in the background, and held each night against a full count that names what differs."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.doctor.records import check_kept_counts
from app.jobs.asked import kept_counts
from app.jobs.asked.kept_counts import keep_counts
from app.platform.work import unit_of_work
from assignments.requirements import require_course
from kernel.clock import LOCAL
from people.persons import Person
from people.roles import Role
from reports.kept.record import ClosedDays, KeptCount
from reports.month_ends import due
from reports.month_ends.due import MONTHS, want_kept
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation, change_job, job_of
from tests.reading import Browser
from tests.reports.taken_course import people_in

MORNING = datetime(2026, 11, 21, 9, tzinfo=LOCAL)
LONG_AGO = NOON - timedelta(days=800)
DAY = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment at which workers work; the last one counts."""
    moments = [MORNING]
    monkeypatch.setattr(kept_counts, "utc_now", lambda: moments[-1])
    return moments


@pytest.fixture
def staff(session: Session) -> list[Person]:
    halton = an_organisation(session)
    care = a_unit(session, halton)
    course = a_course(session)
    people = people_in(session, care, 12, course=course, complete=7, at=LONG_AGO)
    require_course(session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=LONG_AGO)
    session.execute(update(Person).values(created_at=LONG_AGO))
    session.commit()
    return people


def work(app: Flask, now: datetime) -> bool:
    with app.app_context():
        with unit_of_work() as one:
            wanted = want_kept(one.session, now=now)
        if wanted:
            keep_counts()
    return wanted


def test_a_year_is_counted_once_and_what_changes_is_counted_anew(
    app: Flask, session: Session, staff: list[Person], clock: list[datetime]
) -> None:
    assert work(app, MORNING)
    rows = session.scalars(select(KeptCount).order_by(KeptCount.of_day.desc())).all()
    assert [row.of_day for row in rows][:2] == [date(2026, 10, 31), date(2026, 9, 30)]
    assert len(rows) == MONTHS
    assert {(row.people, row.complete) for row in rows} == {(12, 7)}
    later = MORNING + timedelta(hours=1)
    assert not work(app, later), "nothing has changed"
    # Three people left in October, we hear.
    for person in staff[:3]:
        change_job(session, job_of(session, person), date(2026, 10, 10), now=later, held=False)
    session.commit()
    clock.append(later)
    assert not work(app, MORNING + timedelta(minutes=20)), "it was done just now"
    assert work(app, later)
    session.expire_all()
    found = dict(session.execute(select(KeptCount.of_day, KeptCount.people)).all())
    assert (found.pop(date(2026, 10, 31)), set(found.values())) == (9, {12})
    assert check_kept_counts(session, now=later).is_ok


def test_each_night_a_full_count_names_what_differs_and_mends_it(
    app: Flask, session: Session, staff: list[Person], clock: list[datetime], browser: Browser
) -> None:
    unit = a_unit(session, an_organisation(session, "sefton", "Sefton"))
    admin = an_account(session, a_person(session, unit, "Ada Admin"), Role.ADMIN)
    session.commit()
    work(app, MORNING)
    # As nobody can write it who leaves a mark.
    session.execute(update(KeptCount).where(KeptCount.of_day == date(2026, 9, 30)).values(complete=8))
    session.commit()
    night = datetime(2026, 11, 22, 3, 1, tzinfo=LOCAL)
    assert not work(app, night - timedelta(minutes=2)), "the night’s check begins at three"
    clock.append(night)
    assert work(app, night)
    session.expire_all()
    assert {row.complete for row in session.scalars(select(KeptCount))} == {7}
    found = check_kept_counts(session, now=night)
    assert not found.is_ok
    said = "Test course, 30 September 2026: 12 people and 8 finished were kept, 12 and 7 are counted."
    assert said in found.message
    assert said in browser.enter_as(admin).open("/manage/counts").text
    assert "1 count of a month’s end was not what a full count says." in browser.open("/manage").text
    # The next night it is as it should be.
    clock.append(night + DAY)
    assert work(app, night + DAY)
    session.expire_all()
    assert check_kept_counts(session, now=night + DAY).is_ok


def test_in_the_first_night_of_a_month_the_old_one_is_closed_at_three(
    app: Flask, session: Session, staff, clock
) -> None:
    first = datetime(2026, 12, 1, 0, 30, tzinfo=LOCAL)
    assert due.day_to_close(first) is None
    assert due.day_to_close(first + timedelta(hours=3)) == date(2026, 11, 30)
    work(app, MORNING)
    assert session.scalars(select(ClosedDays.until_on)).all() == [date(2026, 10, 31)]
