"""Files that come on time by themselves: fetched once, applied where that was said, and missed where none comes."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.jobs import messages as mail_job
from app.jobs.imports.sources import care_for_sources
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from messages.hr_files import FILE_MISSING, FILE_WAITS, no_file_since, note_hr_files
from messages.ledger import Message
from people.accounts import Account
from people.feed.runs.record import Choice, FeedRun
from people.feed.sources.record import FeedFetch, FeedSource, Outcome, Wish
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from tests.app.council.feed.sources.conftest import (
    a_list,
    confirmed,
    due,
    fetch,
    files,
    half_a_minute_later,
    keep_house,
    looks,
    plan,
    the_source,
)
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.builders.sftp_server import Server
from tests.reading import Browser


@pytest.fixture
def source(app: Flask, session: Session, admin: Browser, drop: Server) -> FeedSource:
    """A source that works, with nothing due yet."""
    confirmed(app, admin, drop, weekdays=[])
    fetch(app)
    return the_source(session)


def scheduled(session: Session) -> list[FeedFetch]:
    return [one for one in looks(session) if one.wish is Wish.SCHEDULE]


def a_day_passes(session: Session) -> None:
    """What was due was due yesterday."""
    for one in looks(session):
        one.due_at -= timedelta(days=1)
    session.commit()


def arrives(app: Flask, session: Session, drop: Server, name: str, data: bytes) -> None:
    """A file is left there, and everything is done that follows."""
    (drop.folder / name).write_bytes(data)
    for step in (keep_house, fetch):
        step(app)
    half_a_minute_later(session)
    fetch(app)
    plan(app)
    keep_house(app)
    plan(app)


def told(session: Session, kind: str) -> set[str]:
    """Who is told of it."""
    wanted = select(Person.chosen_name).join(Message, Message.person_id == Person.id).where(Message.kind == kind)
    return set(session.scalars(wanted))


def mail(app: Flask, session: Session, kind: str) -> tuple[str, str] | None:
    """The subject and the words of a message of this kind; none when it is not true any more."""
    message = session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id.desc())).first()
    assert message is not None
    with app.app_context():
        composed = mail_job.COMPOSERS[kind](session, [message], now=utc_now())
    content = composed.content
    return None if content is None else (content.subject, " ".join(content.paragraphs))


def test_what_is_due_is_looked_at_once_however_often_the_scheduler_asks(
    app: Flask, session: Session, source: FeedSource, drop: Server
) -> None:
    due(session)
    arrives(app, session, drop, "staff-1.csv", a_list(42))
    keep_house(app)
    assert [one.outcome for one in scheduled(session)] == [Outcome.FETCHED]
    (run,) = files(session)
    assert run.is_planned
    assert run.plan["summary"].startswith("Adds 2 people")


def test_what_was_due_before_it_was_set_up_or_while_it_was_off_is_not_made_up_for(
    app: Flask, session: Session, source: FeedSource
) -> None:
    moment = due(session)
    session.execute(update(FeedSource).values(scheduled_from=moment + timedelta(seconds=90)))
    session.commit()
    keep_house(app)
    assert scheduled(session) == []
    due(session)
    session.execute(update(FeedSource).values(is_on=False))
    session.commit()
    keep_house(app)
    assert scheduled(session) == []


def test_a_file_that_does_not_come_is_tried_again_and_the_next_day_takes_over(
    app: Flask, session: Session, source: FeedSource
) -> None:
    due(session)
    keep_house(app)
    waits = []
    for _ in range(8):
        fetch(app)
        (look,) = scheduled(session)
        assert look.state is TaskState.FAILED
        assert look.retry_at is not None
        waits.append(round((look.retry_at - utc_now()).total_seconds() / 60))
        session.execute(update(FeedFetch).values(retry_at=utc_now() - timedelta(seconds=1)))
        session.commit()
    assert waits == [1, 5, 15, 30, 60, 120, 120, 120]
    assert "No file there is called “staff*.csv”. The folder is empty." in (look.failure_reason or "")
    a_day_passes(session)
    keep_house(app)
    before, now = scheduled(session)
    assert (before.state, before.outcome, bool(before.failure_reason)) == (TaskState.CANCELLED, Outcome.FAILED, True)
    assert now.state is TaskState.PENDING


def test_a_plan_that_nothing_stops_is_applied_by_itself_where_the_source_says_so(
    app: Flask, session: Session, source: FeedSource, drop: Server, bringer: Browser
) -> None:
    session.execute(update(FeedSource).values(applies_itself=True))
    due(session)
    arrives(app, session, drop, "staff-1.csv", a_list(42))
    (run,) = files(session)
    assert (run.is_applied, run.choice, run.decided_by_account_id) == (True, Choice.ALL, None)
    assert bringer.open(f"/council/sefton/feed/{run.id}").heading == "What this file did"
    assert told(session, FILE_WAITS) == set()


def test_a_plan_that_is_stopped_waits_for_a_person_who_is_told(
    app: Flask, session: Session, source: FeedSource, drop: Server
) -> None:
    session.execute(update(FeedSource).values(applies_itself=True, holds_everybody=True))
    due(session)
    arrives(app, session, drop, "staff-1.csv", a_list(20))
    (run,) = files(session)
    assert (run.is_planned, run.is_stopped) == (True, True)
    with app.app_context(), unit_of_work() as work:
        note_hr_files(work.session, now=utc_now())
        assert note_hr_files(work.session, now=utc_now()) == 0
    assert told(session, FILE_WAITS) == {"Ada Admin", "Kofi Darko"}
    found = mail(app, session, FILE_WAITS)
    assert found is not None
    assert found[0] == "Sefton: an HR file waits for you"
    assert "Stopped" in found[1] or "would end 20 of the 40 jobs" in found[1]


def test_a_row_that_cannot_be_used_keeps_a_plan_from_going_on_by_itself(
    app: Flask, session: Session, source: FeedSource, drop: Server
) -> None:
    session.execute(update(FeedSource).values(applies_itself=True))
    due(session)
    arrives(app, session, drop, "staff-1.csv", a_list(42) + b"00100,,Adult Social Care,Carer\n")
    assert files(session)[0].is_planned


def test_a_file_that_cannot_be_read_is_told_of(app: Flask, session: Session, source: FeedSource, drop: Server) -> None:
    due(session)
    with pytest.raises(Exception, match="failed"):
        arrives(app, session, drop, "staff-1.csv", a_list(42).replace(b"Job Title", b"Post"))
    (run,) = files(session)
    assert (run.state, run.is_to_plan) == (TaskState.PARKED, True)
    with app.app_context(), unit_of_work() as work:
        note_hr_files(work.session, now=utc_now())
    found = mail(app, session, FILE_WAITS)
    assert found is not None
    assert "The column “Job Title” is missing." in found[1]


def test_a_newer_file_takes_the_place_of_one_that_nobody_has_decided_about(
    app: Flask, session: Session, source: FeedSource, drop: Server, bringer: Browser
) -> None:
    due(session)
    arrives(app, session, drop, "staff-1.csv", a_list(42))
    a_day_passes(session)
    arrives(app, session, drop, "staff-2.csv", a_list(43))
    older, newer = files(session)
    assert (older.state, older.replaced_by_id) == (TaskState.CANCELLED, newer.id)
    assert newer.is_planned
    assert "A newer file has come from the same source" in bringer.open(f"/council/sefton/feed/{older.id}").text


def test_those_in_charge_are_told_once_when_no_file_came_and_not_when_it_came_late(
    app: Flask, session: Session, source: FeedSource, drop: Server, mapped: Organisation
) -> None:
    halton = an_organisation(session)
    an_account(session, a_person(session, name="Of Halton"), Role.HR_LEAD, unit=a_unit(session, halton))
    due(session, ago=timedelta(hours=1))
    keep_house(app)
    fetch(app)
    with app.app_context(), unit_of_work() as work:
        assert note_hr_files(work.session, now=utc_now()) == 0
        later = utc_now() + timedelta(hours=1, minutes=5)
        assert note_hr_files(work.session, now=later) == 2
        assert note_hr_files(work.session, now=later) == 0
    assert told(session, FILE_MISSING) == {"Ada Admin", "Kofi Darko"}
    found = mail(app, session, FILE_MISSING)
    assert found is not None
    assert found[0] == "Sefton: no HR file has come yet"
    assert "No file there is called “staff*.csv”" in found[1]
    session.execute(update(FeedFetch).values(retry_at=utc_now() - timedelta(seconds=1)))
    session.commit()
    (drop.folder / "staff-1.csv").write_bytes(a_list(42))
    fetch(app)
    half_a_minute_later(session)
    fetch(app)
    assert mail(app, session, FILE_MISSING) is None


def test_what_only_a_person_can_put_right_is_told_at_once(
    app: Flask, session: Session, source: FeedSource, admin: Browser
) -> None:
    session.execute(update(FeedSource).values(mapping_name="Gone"))
    due(session)
    keep_house(app)
    fetch(app)
    (look,) = scheduled(session)
    assert look.state is TaskState.PARKED
    with app.app_context(), unit_of_work() as work:
        assert note_hr_files(work.session, now=utc_now()) == 2
    found = mail(app, session, FILE_MISSING)
    assert found is not None
    assert "There is no mapping “Gone” any more." in found[1]
    assert "not tried again until somebody has put this right" in found[1]
    assert "There is no mapping “Gone”" in admin.open("/manage/parked").text


def test_it_is_said_since_when_no_file_came() -> None:
    assert no_file_since(NOON - timedelta(days=2), now=NOON).startswith("no HR file since ")
    assert no_file_since(NOON - timedelta(days=20), now=NOON)[-4:] == f"{(NOON - timedelta(days=20)).year}"


def test_two_files_at_once_wait_for_each_other(
    app: Flask, session: Session, source: FeedSource, drop: Server, sefton: Organisation, kofi: Account
) -> None:
    session.execute(update(FeedSource).values(applies_itself=True))
    due(session)
    other = session.scalars(select(FeedRun)).first()
    assert other is not None
    session.execute(update(FeedRun).where(FeedRun.id == other.id).values(open_key=f"feed/{sefton.id}"))
    session.commit()
    arrives(app, session, drop, "staff-1.csv", a_list(42))
    assert files(session)[0].is_planned
    session.execute(update(FeedRun).where(FeedRun.id == other.id).values(open_key=None))
    session.commit()
    with app.app_context(), unit_of_work() as work:
        care_for_sources(work, now=utc_now())
    plan(app)
    assert files(session)[0].is_applied
