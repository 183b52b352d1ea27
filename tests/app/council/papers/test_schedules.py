"""Reports by email: set up, made once for each period, told by a link, and ended with the right to see them."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.tasks.kinds import TaskState
from messages.ledger import Message
from people.roles import Role, RoleGrant
from reports.paper.record import Paper
from reports.schedules.periods import rhythm_in_words
from reports.schedules.record import ReportSchedule, StopReason, want_reports
from reports.schedules.telling import REPORT_READY, compose_report
from tests.builders.region import a_person, an_account
from tests.reading import Browser

REPORTS = "/council/halton/reports"
YESTERDAY = timedelta(days=1)


def given(account, **changes):
    today = local_day(utc_now())
    fields = {
        "file": "board-report",
        "rhythm": "weekly",
        "day": str(today.isoweekday()),
        "recipients": [str(account.id)],
    }
    return {**fields, **changes}


@pytest.fixture
def schedule(session, lead, account):
    answer = lead.submit(REPORTS, "Set it up", **given(account))
    assert "The report is scheduled" in answer.text
    return began_earlier(session)


def began_earlier(session):
    session.execute(update(ReportSchedule).values(made_at=utc_now() - timedelta(days=20)))
    session.commit()
    session.expire_all()
    return session.query(ReportSchedule).one()


def want(app):
    with app.app_context(), unit_of_work() as unit:
        return want_reports(unit.session, now=utc_now())


def made(session, app, work):
    assert want(app) == 1
    work()
    session.expire_all()
    return session.query(Paper).one()


def test_a_report_is_made_once_for_each_period_and_told_by_a_link(session, app, lead, schedule, work):
    paper = made(session, app, work)
    assert want(app) == 0
    assert (paper.state, paper.subject_id) == (TaskState.DONE, schedule.id)
    (message,) = session.query(Message).filter_by(kind=REPORT_READY).all()
    content = compose_report(session, [message], now=utc_now()).content
    assert content is not None
    assert content.link_path == f"{REPORTS}/files/{paper.id}"
    assert content.subject == "Report for a board: Halton Borough Council"
    with lead.client.get(content.link_path) as response:
        assert response.get_data().startswith(b"%PDF")


def test_it_begins_on_the_next_day_and_not_at_once(app, session, lead, account, care):
    lead.submit(REPORTS, "Set it up", **given(account))
    assert want(app) == 0


def test_the_figures_come_as_a_workbook_with_notes(session, app, lead, account, work):
    lead.submit(REPORTS, "Set it up", **given(account, file="figures"))
    began_earlier(session)
    paper = made(session, app, work)
    with lead.client.get(f"{REPORTS}/files/{paper.id}") as response:
        book = load_workbook(BytesIO(response.get_data()))
    notes = dict(book["Notes"].iter_rows(values_only=True))
    assert notes["Made by"] == "A schedule of Ayọ̀ Lead"
    assert notes["People who are counted"] == 126


def test_who_lost_the_right_gets_no_more_and_their_schedule_stops(session, app, lead, account, schedule, work):
    paper = made(session, app, work)
    session.execute(update(RoleGrant).where(RoleGrant.account_id == account.id).values(revoked_at=utc_now()))
    session.commit()
    (message,) = session.query(Message).filter_by(kind=REPORT_READY).all()
    assert compose_report(session, [message], now=utc_now()).content is None
    assert lead.client.get(f"{REPORTS}/files/{paper.id}").status_code in (302, 403, 404)
    session.query(Paper).delete()
    session.commit()
    assert want(app) == 0
    session.expire_all()
    assert schedule.stop_reason is StopReason.RIGHT_LOST


def test_a_right_that_is_lost_before_a_worker_comes_leaves_nothing(session, app, account, schedule, work):
    assert want(app) == 1
    session.execute(update(RoleGrant).where(RoleGrant.account_id == account.id).values(revoked_at=utc_now()))
    session.commit()
    work()
    session.expire_all()
    paper = session.query(Paper).one()
    assert (paper.state, paper.facts, paper.sha256) == (TaskState.CANCELLED, None, None)
    assert session.query(Message).filter_by(kind=REPORT_READY).count() == 0


def test_another_lead_who_was_not_told_does_not_open_it(session, app, care, schedule, work):
    paper = made(session, app, work)
    other = Browser(app).enter_as(an_account(session, a_person(session), Role.HR_LEAD, unit=care))
    assert other.client.get(f"{REPORTS}/files/{paper.id}").status_code == 404


def test_a_schedule_that_is_stopped_makes_no_more(session, app, lead, schedule):
    button = f"Stop the report {rhythm_in_words(schedule.rhythm, schedule.day)} of Test course"
    target, values = lead.open(REPORTS).form(button)
    assert "Stopped" in lead.post(target, values).text
    assert want(app) == 0
    assert "This schedule was stopped already" in lead.post(target, values).text
    assert lead.post(f"{REPORTS}/999999/stop", values).status == 404


def test_all_that_is_missing_is_said_at_once(lead):
    answer = lead.submit(REPORTS, "Set it up", day="40", recipients=[])
    assert answer.status == 422
    for said in ("Select which file", "Select how often", "Enter a whole number from 1 to 28", "Select who is told"):
        assert said in answer.text


def test_nobody_is_told_who_may_not_see_the_figures(session, lead, account):
    learner = an_account(session, a_person(session))
    session.commit()
    for typed in (str(learner.id), "-1", "9" * 40, "\x00"):
        assert lead.submit(REPORTS, "Set it up", **given(account, recipients=[typed])).status == 422
    assert lead.submit(REPORTS, "Set it up", **given(account, rhythm="weekly", day="8")).status == 422
