"""The target of an authority for a course: setting it, what the overview says of it, and taking it away."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.targets import Target, find_target, set_target
from kernel.audit import AuditEntry
from kernel.clock import local_day, utc_now
from people.roles import Role
from tests.app.council.figures.test_figures import staff
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser
from tests.reports.taken_course import people_in

PAGE = "/council/halton/target"


def in_a_year() -> date:
    return local_day(utc_now()) + timedelta(days=364)


def sent(day: date, percent: str = "90") -> dict[str, object]:
    return {"percent": percent, "by_on": [str(day.day), str(day.month), str(day.year)]}


def test_a_target_is_set_and_the_overview_says_how_far_it_is(session: Session, lead: Browser, halton, care, course):
    staff(session, care, 100, course, complete=60)
    staff(session, a_unit(session, halton, "Parks"), 20, course, complete=18)
    day = in_a_year()
    page = lead.submit(PAGE, "Keep the target", **sent(day))
    assert f"You want 90% by {day.day} {day:%B %Y}. Fewer than 5 people finished in the last 4 weeks" in page.text
    assert "To be in time, 1 a week need to finish." in page.text
    rows = {row["Directorate"]: row for row in page.table("Completion by directorate")}
    assert {name: row["More to reach 90%"] for name, row in rows.items()} == {"Adult Social Care": "30", "Parks": "0"}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "target-set")).one()
    assert entry.detail["percent"] == 90


def test_it_is_taken_away_again(session: Session, lead: Browser, halton, care, course):
    staff(session, care, 100, course, complete=60)
    lead.submit(PAGE, "Keep the target", **sent(in_a_year()))
    page = lead.submit(PAGE, "Have no target")
    assert "You want" not in page.text
    assert find_target(session, organisation_id=halton.id, course_id=course.course_id) is None


@pytest.mark.parametrize("percent", ["", "0", "101", "ninety", "9" * 10_000, "٩٠"])
def test_a_share_that_is_none_is_refused_beside_its_field(lead: Browser, halton, care, course, percent: str):
    page = lead.submit(PAGE, "Keep the target", **sent(in_a_year(), percent))
    assert (page.status, "Enter a whole number from 1 to 100, such as 90" in page.text) == (422, True)


def test_a_day_that_is_over_is_refused(lead: Browser, halton, care, course):
    page = lead.submit(PAGE, "Keep the target", **sent(date(2024, 2, 29)))
    assert (page.status, "By when must be today or later" in page.text) == (422, True)


@pytest.mark.parametrize("role", [None, Role.MANAGER, Role.AUTHOR])
def test_nobody_else_sets_one(session: Session, browser: Browser, halton, care, course, role: Role | None):
    account = an_account(session, a_person(session, care), *([role] if role else []), unit=care)
    session.commit()
    assert browser.enter_as(account).open(PAGE).status == 404


def test_another_authority_has_none(session: Session, lead: Browser, halton, care, course):
    an_organisation(session, "sefton", "Sefton Council")
    session.commit()
    assert lead.open("/council/sefton/target").status == 404


def test_the_same_target_again_is_no_change(session: Session, halton, care, course):
    account = an_account(session, a_person(session, care))
    held = Target(80, date(2027, 3, 31))

    def keep(target: Target | None) -> bool:
        return set_target(
            session,
            organisation_id=halton.id,
            course_id=course.course_id,
            target=target,
            account_id=account.id,
            now=utc_now(),
        )

    assert [keep(held), keep(held), keep(Target(85, held.by_on)), keep(None), keep(None)] == [1, 0, 1, 1, 0]


def test_whoever_finished_in_the_last_whole_weeks_makes_the_pace(session: Session, lead: Browser, halton, care, course):
    today = utc_now()
    staff(session, care, 100, course, complete=40)
    people_in(session, care, 40, course=course, complete=40, at=today - timedelta(days=15))
    people_in(session, care, 9, course=course, complete=9, at=today)
    page = lead.submit(PAGE, "Keep the target", **sent(in_a_year()))
    assert "At the pace of the last 4 weeks, about 10 a week, you reach 90% in" in page.text
