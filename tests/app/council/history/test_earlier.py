"""The rule for earlier training is chosen, previewed and set; the person reads why, and takes the course again."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from courses.acceptance.rules import Accepts, EarlierTrainingRule, NewRule, set_rule
from courses.catalogue.versions import get_course
from courses.records.completion import Completion
from kernel.audit import AuditEntry
from kernel.clock import utc_now
from people.accounts import Account
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from reports.completion import completion_figures
from tests.builders.region import (
    a_course,
    a_person,
    a_unit,
    an_account,
    an_employment,
    an_organisation,
    change_job,
    job_of,
)
from tests.builders.screens import take_course
from tests.clock import today
from tests.reading import Browser, Page

EARLIER = "/council/sefton/history/earlier"
SHOW, SET = "See what this would do", "Set this rule"
COURSE = "/courses/test-course"
DONE = utc_now() - timedelta(days=400)


@dataclass(frozen=True)
class Newcomer:
    """Somebody who finished the course at Halton and joined Sefton a month ago."""

    account: Account
    sefton: Organisation
    course_id: int


@pytest.fixture
def newcomer(session: Session) -> Newcomer:
    halton, sefton = an_organisation(session), an_organisation(session, "sefton", "Sefton Council")
    care, libraries = a_unit(session, halton), a_unit(session, sefton, "Libraries")
    course = a_course(session)
    require_course(session, course_id=course.course_id, organisation_ids=[sefton.id], account_id=None, now=DONE)
    person = a_person(session, care, "Ọláyínká Siân")
    take_course(session, person.id, DONE)
    change_job(session, job_of(session, person), today(-30), held=False)
    an_employment(session, person, libraries, starts_on=today(-30))
    for number in range(20):
        a_person(session, libraries, f"Somebody {number}")
    account = an_account(session, person)
    session.commit()
    return Newcomer(account, sefton, course.course_id)


@pytest.fixture
def lead(app: Flask, session: Session, newcomer: Newcomer) -> Browser:
    libraries = a_unit(session, newcomer.sefton, "HR")
    account = an_account(session, a_person(session, libraries, "Lead Okafor"), Role.HR_LEAD, unit=libraries)
    session.commit()
    return Browser(app).enter_as(account)


@pytest.fixture
def learner(app: Flask, newcomer: Newcomer) -> Browser:
    return Browser(app).enter_as(newcomer.account)


def said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def parts(day: date) -> list[str]:
    return [str(day.day), str(day.month), str(day.year)]


def choose(lead: Browser, course: str = "every-course", **fields: object) -> Page:
    """Choose, look, and set."""
    fields.setdefault("since", parts(today()))
    target, values = lead.open(f"{EARLIER}/{course}").form(SHOW)
    previewed = lead.post(target, {**values, **fields})
    if previewed.errors:
        return previewed
    target, values = previewed.form(SET)
    return lead.post(target, {**values, **fields})


def figures(session: Session, newcomer: Newcomer, on: date | None = None) -> tuple[int, int, int]:
    session.expire_all()
    course = get_course(session, slug="test-course")
    found = completion_figures(session, organisation=newcomer.sefton, course=course, on=on or today(), now=utc_now())
    assert found.total.counts is not None
    counts = found.total.counts
    return counts.people, counts.complete, counts.in_progress


def test_a_rule_is_previewed_then_set_and_every_rule_stays_on_the_page(
    lead: Browser, session: Session, newcomer: Newcomer
) -> None:
    assert "Today all earlier training counts." in lead.open(EARLIER).text
    target, values = lead.open(f"{EARLIER}/every-course").form(SHOW)
    wanted = {**values, "accepts": "no-older-than", "months": "12", "since": parts(today())}
    page = lead.post(target, wanted)
    few = "fewer than 10"
    assert f"Of {few} people who came from elsewhere, {few} would be asked to take it again." in page.text
    assert session.scalars(select(EarlierTrainingRule)).all() == []
    # Whoever changes the choice and sets it unseen is shown what that would do first.
    wanted["previewed"] = page.form(SET)[1]["previewed"]
    assert SET in lead.post(target, {**wanted, "months": "24"}).buttons
    assert session.scalars(select(EarlierTrainingRule)).all() == []
    page = lead.post(target, wanted)
    assert "Today earlier training counts that was no older than 12 months on somebody’s first day." in page.text
    [line] = page.table("Rules in the order of their days, the latest first")
    assert line["For"] == "Every course"
    assert "Lead Okafor" in line["Set by"]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "earlier-training-rule-set")).one()
    assert entry.detail == {"accepts": "no-older-than", "months": 12, "since": today().isoformat()}


def test_a_course_may_have_a_rule_of_its_own_and_give_it_up(
    lead: Browser, newcomer: Newcomer, session: Session
) -> None:
    choose(lead, accepts="none")
    page = choose(lead, "test-course", accepts="all")
    [line] = page.table("What of earlier training counts for each course")
    assert line["Today"] == "All earlier training counts"
    assert figures(session, newcomer)[1] == 1
    page = choose(lead, "test-course", accepts="as-for-all")
    assert page.table("What of earlier training counts for each course")[0]["Today"] == "As for every course"
    assert figures(session, newcomer)[1] == 0


@pytest.mark.parametrize("months", ["", "0", "x", "99999", "²", "12.5"])
def test_months_that_are_none_are_named(lead: Browser, months: str) -> None:
    page = choose(lead, accepts="no-older-than", months=months)
    assert page.errors == ["Enter a whole number of months from 1 to 600"]


def test_no_rule_begins_in_the_past(lead: Browser) -> None:
    page = choose(lead, accepts="none", since=parts(today(-1)))
    assert page.errors == ["The first day must be today or later: figures of past days stay as they are"]


def test_the_rule_that_holds_already_is_no_new_one(lead: Browser, session: Session) -> None:
    assert choose(lead, accepts="all").errors == ["That is the rule already on that day"]


def test_somebody_elsewhere_and_a_course_that_is_none_do_not_exist(lead: Browser) -> None:
    assert lead.open("/council/halton/history/earlier").status == 404
    assert lead.open("/council/halton/history/earlier/every-course").status == 404
    assert lead.open(f"{EARLIER}/no-such-course").status == 404


def test_the_person_reads_why_and_takes_the_course_again(
    lead: Browser, learner: Browser, session: Session, newcomer: Newcomer
) -> None:
    assert "That was before you joined Sefton Council, which accepts it." in learner.open("/learning").text
    choose(lead, accepts="none")
    words = (
        f"before you joined Sefton Council on {said(today(-30))}. Sefton Council does not accept training from before"
        f" somebody joined it. So since {said(today())} it does not count there, and you are asked to take the course"
        " again. What you completed stays in your record, with its certificate."
    )
    assert words in learner.open("/learning").text
    assert words in learner.open(COURSE).text
    # They have not begun again, whatever they did before.
    assert figures(session, newcomer)[1:] == (0, 0)
    learner.submit(COURSE, "Take this course again")
    learner.submit(COURSE, "Start again Test course", follow=False)
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    assert figures(session, newcomer)[1:] == (0, 1)
    assert "1 of 2 modules" not in learner.open(COURSE).text
    take_again(learner)
    assert figures(session, newcomer)[1:] == (1, 0)
    assert "Everything asked of you is done." in learner.open("/learning").text
    rows = session.scalars(select(Completion).order_by(Completion.cycle)).all()
    assert [row.cycle for row in rows] == [1, 2]


def take_again(learner: Browser) -> None:
    learner.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="a")
    learner.submit(f"{COURSE}/first-steps/2", "Continue")
    learner.submit(f"{COURSE}/first-steps/3", "Finish this module")
    learner.submit(f"{COURSE}/second-steps/1", "Check my answer", answer=["a", "b"])


def test_the_figures_of_past_days_stay(lead: Browser, session: Session, newcomer: Newcomer) -> None:
    choose(lead, accepts="none")
    assert figures(session, newcomer, today(-1))[1] == 1
    assert figures(session, newcomer)[1] == 0


def test_a_rule_from_a_day_to_come_changes_nothing_until_then(
    lead: Browser, learner: Browser, session: Session, newcomer: Newcomer
) -> None:
    day = today(40)
    choose(lead, accepts="none", since=parts(day))
    assert figures(session, newcomer)[1] == 1
    assert "which accepts it" in learner.open("/learning").text
    assert figures(session, newcomer, day)[1] == 0


def test_somebody_whom_the_rule_does_not_touch_cannot_begin_again(learner: Browser, session: Session) -> None:
    learner.post(f"{COURSE}/begin", {**learner.open("/learning").form("Sign out")[1]})
    assert session.scalars(select(Completion)).all()[0].cycle == 1
    assert "You finished this on" in learner.open(COURSE).text


def test_a_person_of_two_employers_is_asked_by_the_one_that_refuses(
    learner: Browser, session: Session, newcomer: Newcomer
) -> None:
    third = an_organisation(session, "wirral", "Wirral Council")
    require_course(session, course_id=newcomer.course_id, organisation_ids=[third.id], account_id=None, now=utc_now())
    unit = a_unit(session, third, "Parks")
    an_employment(
        session, session.get_one(Person, newcomer.account.person_id), unit, starts_on=today(-30), is_main=False
    )
    set_rule(session, NewRule(third.id, None, Accepts.NONE, None, today()), by=None, now=utc_now())
    session.commit()
    assert "Wirral Council does not accept training" in learner.open("/learning").text
