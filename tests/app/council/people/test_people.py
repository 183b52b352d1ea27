"""The list of people: who is on it for whom, how it is searched, and that each opening is on record."""

from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.platform.pages.opened_names import LISTED
from assignments.requirements import require_course
from courses.catalogue.versions import PublishOutcome
from kernel.audit import AuditEntry
from people.accounts import Account
from people.organisations import Organisation, Unit, UnitKind
from people.roles import Role, grant
from tests.app.platform.test_query_counts import counted
from tests.builders.certificate_batches import completed
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page
from tests.reports.taken_course import begin, finish

LONG_AGO = datetime(2023, 5, 4, 12, tzinfo=UTC)
PEOPLE = "/council/halton/people"


@pytest.fixture
def course(session: Session, unit: Unit) -> PublishOutcome:
    published = a_course(session)
    require_course(
        session,
        course_id=published.course_id,
        organisation_ids=[unit.organisation_id],
        account_id=None,
        now=LONG_AGO,
        due_on=date(2024, 2, 29),
    )
    session.commit()
    return published


@pytest.fixture
def three(session: Session, unit: Unit, course: PublishOutcome) -> Unit:
    """Somebody who has finished, somebody who has begun and somebody who has not; far fewer than ten."""
    finish(session, course, a_person(session, unit, "Siân Nguyễn"), unit, at=LONG_AGO)
    begin(session, course, a_person(session, unit, "Ọláyínká Adé"), at=LONG_AGO)
    a_person(session, unit, "王芳")
    session.commit()
    return unit


def names(page: Page, caption: str = "People, Test course") -> list[str]:
    return [row["Name"] for row in page.table(caption)]


def of_manager(session: Session, app: Flask, unit: Unit) -> Browser:
    account = an_account(session, a_person(session, name="Manager Ó Briain"), Role.MANAGER, unit=unit)
    session.commit()
    return Browser(app).enter_as(account)


def test_an_hr_lead_sees_who_has_started_and_finished_whatever_the_size(
    lead: Browser, lead_account: Account, three: Unit
) -> None:
    page = lead.open(lead.open("/council/halton").links["People"])
    found = {row["Name"]: (row["State"], row["Finished on"]) for row in page.table("People, Test course")}
    assert found.pop("Lead Okafor") == ("Not started past the date", "")
    assert found == {
        "Siân Nguyễn": ("Finished", "4 May 2023"),
        "Ọláyínká Adé": ("In progress past the date", ""),
        "王芳": ("Not started past the date", ""),
    }
    assert "Everybody is asked to finish by Thursday 29 February 2024, which has gone by." in page.text


@pytest.mark.parametrize(
    ("state", "expected", "words"),
    [
        ("finished", ["Siân Nguyễn"], "1 person has finished"),
        ("started", ["Ọláyínká Adé"], "1 person has started and not finished"),
        ("not-started", ["Lead Okafor", "王芳"], "2 people have not started"),
        ("not-finished", ["Lead Okafor", "Ọláyínká Adé", "王芳"], "3 people have not finished yet"),
        ("past-date", ["Lead Okafor", "Ọláyínká Adé", "王芳"], "3 people are past the date"),
    ],
)
def test_the_list_is_narrowed_down_by_state(
    lead: Browser, three: Unit, state: str, expected: list[str], words: str
) -> None:
    page = lead.open(f"{PEOPLE}?state={state}")
    assert names(page) == expected
    assert words in page.text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sian", "Siân Nguyễn"),
        ("NGUYEN si", "Siân Nguyễn"),
        ("Nguye\u0302\u0303n", "Siân Nguyễn"),
        ("olayinka", "Ọláyínká Adé"),
        ("芳", "王芳"),
        ("\uff33\uff29\uff21\uff2e", "Siân Nguyễn"),
    ],
)
def test_a_name_is_found_in_every_script_and_form(lead: Browser, three: Unit, typed: str, expected: str) -> None:
    assert names(lead.open(f"{PEOPLE}?{urlencode({'name': typed})}")) == [expected]


@pytest.mark.parametrize("typed", ["O'Brien", "O’Brien", "obrien", "o brien", "OʼBRIEN", "anne marie", "annemarie"])
def test_apostrophes_and_hyphens_do_not_matter(lead: Browser, session: Session, three: Unit, typed: str) -> None:
    a_person(session, three, "Anne-Marie O’Brien")
    session.commit()
    assert names(lead.open(f"{PEOPLE}?{urlencode({'name': typed})}")) == ["Anne-Marie O’Brien"]


def test_nobody_found_is_said_plainly_and_strange_words_do_no_harm(lead: Browser, three: Unit) -> None:
    for typed in ("%", "_", "'", "\x00", "zzz", "x" * 300):
        page = lead.open(f"{PEOPLE}?{urlencode({'name': typed})}")
        assert page.status == 200
    assert "Nobody is found" in lead.open(f"{PEOPLE}?name=zzz").text
    assert "You typed more than 100 characters" in lead.open(f"{PEOPLE}?name={'x' * 10_000}").text
    assert "This unit is not here any more" in lead.open(f"{PEOPLE}?unit=999999").text
    for address in ("state=asleep", "unit=999999", "unit=x", f"unit={2**63}", "course=no-such"):
        assert lead.open(f"{PEOPLE}?{address}").status == 404


def test_the_order_is_chosen_in_the_head_and_stays_with_the_filter(
    lead: Browser, session: Session, three: Unit
) -> None:
    page = lead.open(f"{PEOPLE}?state=not-finished")
    assert page.soup.select_one("th[aria-sort=ascending]").get_text(strip=True) == "Name"
    falling = lead.open(page.links["Name"])
    assert names(falling) == ["王芳", "Ọláyínká Adé", "Lead Okafor"]
    by_state = lead.open(falling.links["State"])
    assert names(by_state) == ["Lead Okafor", "王芳", "Ọláyínká Adé"]
    assert by_state.soup.select_one("th[aria-sort]").get_text(strip=True) == "State"
    assert "state=not-finished" in by_state.links["State"]
    assert "sort=-state" in by_state.links["State"]


def test_a_manager_sees_their_own_team_and_not_who_has_started(
    app: Flask, session: Session, three: Unit, course: PublishOutcome
) -> None:
    halton = session.get_one(Organisation, three.organisation_id)
    team = a_unit(session, halton, "Night shift", parent=three, kind=UnitKind.TEAM)
    a_person(session, team, "Zebedee Night")
    begin(session, course, a_person(session, team, "Yolanda Night"), at=LONG_AGO)
    manager = of_manager(session, app, team)
    page = manager.open(PEOPLE)
    assert page.heading == "People"
    rows = page.table("People, Test course")
    assert [(row["Name"], row["State"]) for row in rows] == [
        ("Yolanda Night", "Not finished yet past the date"),
        ("Zebedee Night", "Not finished yet past the date"),
    ]
    assert page.text.count("29 February 2024") == 1
    assert [link.get_text(strip=True) for link in page.soup.select("a[aria-current=page]")] == ["Figures", "People"]
    assert "In progress" not in page.text
    for state in ("started", "not-started"):
        assert manager.open(f"{PEOPLE}?state={state}").status == 404
    assert manager.open(f"{PEOPLE}?unit={three.id}").status == 404


def test_a_manager_of_two_teams_sees_both_and_looks_at_each(
    app: Flask, session: Session, three: Unit, course: PublishOutcome
) -> None:
    halton = session.get_one(Organisation, three.organisation_id)
    teams = [a_unit(session, halton, name, parent=three, kind=UnitKind.TEAM) for name in ("Days", "Nights")]
    for team in teams:
        a_person(session, team, f"Somebody {team.name}")
    account = an_account(session, a_person(session), Role.MANAGER, unit=teams[0])
    scope = {"organisation_id": halton.id, "unit_id": teams[1].id}
    grant(session, account_id=account.id, role=Role.MANAGER, now=NOON, **scope)
    session.commit()
    manager = Browser(app).enter_as(account)
    assert names(manager.open(PEOPLE), "People, Test course") == ["Somebody Days", "Somebody Nights"]
    assert names(manager.open(f"{PEOPLE}?unit={teams[1].id}"), "People, Test course") == ["Somebody Nights"]


@pytest.mark.parametrize("role", [None, Role.AUTHOR])
def test_names_do_not_exist_for_other_roles(app: Flask, session: Session, three: Unit, role: Role | None) -> None:
    account = an_account(session, a_person(session), *([role] if role else []))
    session.commit()
    assert Browser(app).enter_as(account).open(PEOPLE).status == 404


def test_names_of_another_authority_do_not_exist(app: Flask, session: Session, three: Unit) -> None:
    other = a_unit(session, an_organisation(session, "wirral", "Wirral Council"))
    account = an_account(session, a_person(session, other), Role.HR_LEAD, unit=other)
    session.commit()
    wirral = Browser(app).enter_as(account)
    assert wirral.open(PEOPLE).status == 404
    assert wirral.open(f"/council/wirral/people?unit={three.id}&course=test-course").status == 404


def test_each_opening_is_on_record_and_no_name_is(
    lead: Browser, lead_account: Account, session: Session, three: Unit
) -> None:
    lead.open(f"{PEOPLE}?name=Siân&state=finished&unit={three.id}")
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == LISTED)).all()
    assert (entry.actor_account_id, entry.subject_id) == (lead_account.id, "people")
    assert entry.detail == {
        "authority": "halton",
        "course": "test-course",
        "state": "finished",
        "unit": three.id,
        "is_search": "yes",
        "page": 1,
        "people": 1,
    }


def test_a_long_list_comes_in_pages_at_the_same_cost(
    lead: Browser, session: Session, three: Unit, course: PublishOutcome, connection: Connection
) -> None:
    costs = []
    # How many a nudge would reach stands on the button up to five hundred people.
    for more in (60, 300, 300):
        completed(session, course, three, more)
        session.commit()
        with counted(connection) as seen:
            page = lead.open(f"{PEOPLE}?page=2")
        costs.append(len(seen))
    assert len(names(page)) == 25
    assert page.title.startswith("People (page 2 of 27)")
    assert costs[0] == costs[1] > costs[2]
    for beyond in ("28", "0", "-1", "99999"):
        assert lead.open(f"{PEOPLE}?page={beyond}").status == 404
