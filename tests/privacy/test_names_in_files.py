"""Names in files that an authority sent: they go when their person is erased, and when their time has passed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.jobs.privacy.erased_files import delete_erased_files
from app.jobs.privacy.retention import apply_retention
from app.platform.storage import file_store
from courses.history.evidence import evidence_page
from courses.history.plan import Outcome
from courses.history.runs import counts_of
from courses.history.stored import HistoryRow, HistoryRun, Stage
from courses.records.answers import Answer
from courses.records.attempts import Attempt
from courses.records.completion import Completion
from kernel.clock import utc_now
from kernel.tasks.background import BackgroundTask
from kernel.tasks.kinds import TaskState
from messages.ledger import Message
from people.feed.runs.deciding import decide
from people.feed.runs.record import Choice, FeedItem, FeedRun
from people.organisations import Organisation, Unit
from people.persons import Person
from people.roles import RoleGrant
from privacy.erasing.erasure import ErasureReason, erase_person, preview_erasure
from privacy.retention.applying import want_daily
from privacy.retention.records import count_past
from privacy.retention.rules import RecordKind, set_rule
from tests.builders.hr_files import plan_staff
from tests.builders.region import TODAY, a_course, a_person, a_unit, an_account, an_organisation
from tests.clock import today
from tests.courses.history.files import applied
from tests.privacy.everything import everything_about

NAME = "Siân Ọláyínká"


@pytest.fixture(autouse=True)
def in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def unit(session: Session, halton: Organisation) -> Unit:
    return a_unit(session, halton)


@pytest.fixture
def leaver(session: Session, unit: Unit) -> Person:
    return a_person(session, unit, NAME, payroll_number="0007", ends_on=today(-500))


def over(session: Session, run: FeedRun, *, days_ago: int = 0) -> FeedRun:
    """A run that nobody let go on, some days ago."""
    at = utc_now() - timedelta(days=days_ago)
    session.execute(update(FeedRun).where(FeedRun.id == run.id).values(state=TaskState.CANCELLED, ended_at=at))
    session.commit()
    session.expire_all()
    return run


def erase(session: Session, person: Person) -> None:
    erase_person(session, person_id=person.id, reason=ErasureReason.ASKED, by=None, on=today(), now=utc_now())
    session.commit()
    delete_erased_files()
    session.expire_all()


def everything_said(session: Session, kind: type[FeedItem] | type[HistoryRow]) -> str:
    return repr([dict(row) for row in session.execute(select(kind.__table__)).mappings()])


def test_erasing_empties_rows_of_hr_files_that_belong_to_no_job_and_deletes_the_files(
    session: Session, halton: Organisation, unit: Unit, leaver: Person
) -> None:
    rows = (f"0099,{NAME},Adult Social Care,Officer", "0098,Kim Lee,Adult Social Care,Officer", "0007,,,")
    run = over(session, plan_staff(session, halton, *rows))
    key, counts, before = run.file_key, (run.row_count, run.item_count), dict(run.plan)
    assert file_store().exists(key)
    assert preview_erasure(session, person_id=leaver.id, by=None, on=TODAY).hr_files == 1
    erase(session, leaver)
    said = everything_said(session, FeedItem)
    # With the file go all names in its rows that belong to no job.
    for trace in (NAME, "0007", "0099", "Kim Lee"):
        assert trace not in said
    assert not file_store().exists(key)
    run = session.get_one(FeedRun, run.id)
    assert (run.file_key, (run.row_count, run.item_count), run.plan) == ("", counts, before)


def test_a_file_that_waits_for_a_decision_is_kept_and_said(
    session: Session, halton: Organisation, unit: Unit, leaver: Person
) -> None:
    run = plan_staff(session, halton, "0098,Kim Lee,Adult Social Care,Officer")
    found = preview_erasure(session, person_id=leaver.id, by=None, on=TODAY)
    assert (found.hr_files, found.open_hr_files) == (0, 1)
    erase(session, leaver)
    assert file_store().exists(session.get_one(FeedRun, run.id).file_key)


def test_erasing_empties_past_learning_that_nobody_matched(
    session: Session, halton: Organisation, unit: Unit, leaver: Person
) -> None:
    a_course(session)
    other = a_person(session, unit, "Kim Lee")
    run = applied(
        session, halton, f",{NAME},,Unknown course,31/03/2024,Register 7", "0050,Somebody Else,,TC,31/03/2024,"
    )
    rows = session.scalars(select(HistoryRow).order_by(HistoryRow.id)).all()
    assert {row.outcome for row in rows} == {Outcome.UNMATCHED}
    rows[1].suggested = [leaver.id, other.id]
    session.flush()
    counts = counts_of(session, run_ids=[run.id])[run.id]
    erase(session, leaver)
    assert NAME not in everything_said(session, HistoryRow)
    rows = session.scalars(select(HistoryRow).order_by(HistoryRow.id)).all()
    assert [(row.is_forgotten, row.suggested) for row in rows] == [(True, []), (False, [other.id])]
    assert rows[1].said["name"] == "Somebody Else"
    assert counts_of(session, run_ids=[run.id])[run.id] == counts
    # What says nothing any more waits for nobody.
    assert [row.id for row in evidence_page(session, organisation_id=halton.id, page=1, size=9).rows] == [rows[1].id]


def apply(session: Session, kind: RecordKind, time: int) -> None:
    set_rule(session, kind=kind, time=time, by=None, now=utc_now())
    want_daily(session, now=utc_now() + timedelta(days=1))
    session.commit()
    apply_retention()
    delete_erased_files()
    session.expire_all()


def test_hr_files_go_fourteen_days_after_they_are_over_unless_a_rule_says_otherwise(
    session: Session, halton: Organisation, unit: Unit
) -> None:
    old = over(session, plan_staff(session, halton, "0098,Kim Lee,Adult Social Care,Officer"), days_ago=20)
    new = over(session, plan_staff(session, halton, "0097,Lee Kim,Adult Social Care,Officer"), days_ago=10)
    keys = old.file_key, new.file_key
    assert count_past(session, RecordKind.HR_FILES, before=today(-14)) == 1
    want_daily(session, now=utc_now())
    session.commit()
    apply_retention()
    delete_erased_files()
    session.expire_all()
    assert [file_store().exists(key) for key in keys] == [False, True]
    assert "Kim Lee" not in everything_said(session, FeedItem)
    apply(session, RecordKind.HR_FILES, 5)
    assert not file_store().exists(keys[1])


def test_an_applied_file_is_kept_while_it_can_be_undone(session: Session, halton: Organisation, unit: Unit) -> None:
    run = plan_staff(session, halton, "0098,Kim Lee,Adult Social Care,Officer")
    decide(session, run_id=run.id, choice=Choice.ALL, by=None, now=utc_now())
    applies_on = today(-20)
    values = {"state": TaskState.DONE, "applies_on": applies_on, "ended_at": utc_now() - timedelta(days=20)}
    session.execute(update(FeedRun).where(FeedRun.id == run.id).values(**values))
    # Undone until the sixth day before today; then fourteen days more.
    assert count_past(session, RecordKind.HR_FILES, before=today(-14)) == 0
    assert count_past(session, RecordKind.HR_FILES, before=today(-5)) == 1


def test_evidence_goes_by_its_own_time(session: Session, halton: Organisation, unit: Unit) -> None:
    a_course(session)
    applied(session, halton, "0050,Somebody Else,,TC,31/03/2024,")
    session.execute(update(HistoryRun).values(applied_at=utc_now() - timedelta(days=100)))
    session.commit()
    apply(session, RecordKind.EVIDENCE, 12)
    assert "Somebody Else" in everything_said(session, HistoryRow)
    apply_again(session, RecordKind.EVIDENCE, 1)
    assert "Somebody Else" not in everything_said(session, HistoryRow)
    assert session.scalars(select(HistoryRun.stage)).all() == [Stage.APPLIED]


def apply_again(session: Session, kind: RecordKind, time: int) -> None:
    session.query(BackgroundTask).delete()
    apply(session, kind, time)


@pytest.mark.parametrize(("kind", "gone"), [(RecordKind.MESSAGES, Message), (RecordKind.ATTEMPTS, Answer)])
def test_messages_and_answers_of_people_long_gone_go_and_completions_stay(
    session: Session, unit: Unit, kind: RecordKind, gone: type[Message] | type[Answer]
) -> None:
    for name, days in (("Has Left", {"ends_on": today(-400)}), ("Still Here", {})):
        account = an_account(session, a_person(session, unit, name, **days))
        everything_about(session, account, words=name)
    session.execute(update(RoleGrant).values(revoked_at=utc_now()))
    session.commit()
    before = len(session.scalars(select(gone)).all())
    stays = len(session.scalars(select(Completion)).all()), len(session.scalars(select(Attempt)).all())
    apply(session, kind, 12)
    assert len(session.scalars(select(gone)).all()) == before // 2
    assert stays == (len(session.scalars(select(Completion)).all()), len(session.scalars(select(Attempt)).all()))
    assert count_past(session, kind, before=today()) == 0
