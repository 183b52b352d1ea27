"""A manager's team: who is in it, what it says, and the nudge."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.platform.pages.opened_names import LISTED
from assignments.requests.asking import NewRequest, ask
from assignments.requests.record import RequestKind
from assignments.requirements import require_course
from courses.catalogue.versions import Course, PublishOutcome
from kernel.audit import AuditEntry
from kernel.clock import LOCAL, local_day, utc_now
from messages.ledger import Message
from people.organisations import Organisation, Unit
from people.persons import Person
from people.roles import Role
from tests.app.platform.test_query_counts import counted
from tests.builders.mail_transport import give_address
from tests.builders.programmes import a_programme, another_course, ask_for
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation, job_of
from tests.reading import Browser, Page
from tests.reports.taken_course import finish

pytestmark = pytest.mark.usefixtures("transport")

LATE = local_day(utc_now()) - timedelta(days=3)


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def course(session: Session, unit: Unit) -> PublishOutcome:
    published = a_course(session)
    require_course(
        session,
        course_id=published.course_id,
        organisation_ids=[unit.organisation_id],
        account_id=None,
        now=NOON - timedelta(days=400),
        due_on=LATE,
    )
    return published


@pytest.fixture
def boss(session: Session, app: Flask, unit: Unit, course: PublishOutcome) -> Browser:
    """Somebody to whom two jobs report, one of whose holders has finished, without a role."""
    boss = a_person(session, unit, "Boss Ó Briain")
    job = job_of(session, boss).id
    give_address(session, a_person(session, unit, "Nadia Haddad", manager_id=job), "nadia@halton.example")
    a_person(session, unit, "Kwame Asante-Reid", manager_id=job)
    finish(session, course, a_person(session, unit, "Hassan Mirza", manager_id=job), unit, at=NOON)
    a_person(session, unit, "Stranger Jones")
    account = an_account(session, boss)
    session.commit()
    return Browser(app).enter_as(account)


def messages_of(session: Session) -> Sequence[Message]:
    session.expire_all()
    return session.scalars(select(Message).order_by(Message.id)).all()


def nudge(browser: Browser, session: Session, name: str, slug: str = "halton") -> Page:
    person_id = session.scalars(select(Person.id).where(Person.chosen_name == name)).one()
    token = str(browser.open("/account").soup.select_one("input[name=csrf_token]")["value"])
    return browser.post(f"/team/{slug}/{person_id}/test-course/nudge", {"csrf_token": token})


def listed(page: Page, words: str) -> list[tuple[str, str, str]]:
    """The rows below a heading: the name, what stands below it, and what is or was done."""
    found = []
    for row in page.soup.select(f'ul[aria-label="{words}"] > li'):
        action = " ".join(one.get_text(" ", strip=True) for one in row.find_all(recursive=False)[1:])
        below = row.select_one(".cg-team__sub").get_text(" ", strip=True)
        found.append((row.b.get_text(" ", strip=True), below, action))
    return found


def asks(session: Session, name: str, *, days: int = 9) -> None:
    """Somebody of the team asks for more time."""
    person_id = session.scalars(select(Person.id).where(Person.chosen_name == name)).one()
    course_id = session.scalars(select(Course.id)).one()
    new = NewRequest(RequestKind.MORE_TIME, "I am on nights", local_day(utc_now()) + timedelta(days=days))
    ask(session, new, person_id=person_id, course_id=course_id, by=None, now=utc_now())
    session.commit()


def test_the_team_is_told_in_words_first_and_by_name(boss: Browser, session: Session) -> None:
    page = boss.open(boss.open("/learning").links["My team"])
    assert page.heading == "My team"
    assert "1 of your 3 people has finished Test course. 2 are past a date." in page.text
    rows = listed(page, "Past their date")
    assert [name for name, *_ in rows] == ["Kwame Asante-Reid", "Nadia Haddad"]
    assert rows[0][2] == "No message reaches them"
    assert rows[1][1].endswith(", 3 days ago")
    assert [name for name, *_ in listed(page, "Finished")] == ["Hassan Mirza"]
    assert "Your HR team can exempt them." in page.text
    assert "Stranger Jones" not in page.text
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == LISTED).order_by(AuditEntry.id.desc())
    ).first()
    assert entry is not None
    assert (entry.subject_id, entry.detail["people"]) == ("team", 3)


def test_one_click_sends_one_message_and_says_so_in_its_place(boss: Browser, session: Session) -> None:
    page = nudge(boss, session, "Nadia Haddad")
    assert "Nadia Haddad gets one message" in page.text
    assert [(one.kind, one.step != "") for one in messages_of(session)] == [("nudge", True)]
    local = utc_now().astimezone(LOCAL)
    assert listed(page, "Past their date")[1][2] in {
        f"Nudged {local - timedelta(minutes=ago):%H:%M} by Boss Ó Briain" for ago in (0, 1)
    }


def test_a_second_manager_is_told_who_was_first(boss: Browser, app: Flask, session: Session, unit: Unit) -> None:
    other = an_account(session, a_person(session, name="Other Lee"), Role.MANAGER, unit=unit)
    session.commit()
    both = Browser(app).enter_as(other)
    form = both.open("/team")
    nudge(boss, session, "Nadia Haddad")
    assert "Nudge Nadia Haddad about Test course" in form.buttons
    page = nudge(both, session, "Nadia Haddad")
    assert "Nadia Haddad was nudged by Boss Ó Briain on " in page.text
    assert len(messages_of(session)) == 1


def test_whoever_finished_or_is_not_in_the_team_is_not_nudged(boss: Browser, session: Session) -> None:
    page = nudge(boss, session, "Hassan Mirza")
    assert "Hassan Mirza has finished Test course, so there is nothing to nudge about" in page.text
    assert nudge(boss, session, "Stranger Jones").status == 404
    assert nudge(boss, session, "Nadia Haddad", "sefton").status == 404
    assert messages_of(session) == []


def test_whoever_manages_nobody_has_no_such_page(app: Flask, session: Session, unit: Unit) -> None:
    account = an_account(session, a_person(session, unit))
    session.commit()
    learner = Browser(app).enter_as(account)
    assert "My team" not in learner.open("/learning").links
    assert learner.open("/team").status == 404
    assert learner.open("/team/printed").status == 404


def test_the_list_for_paper_holds_who_has_still_to_finish(boss: Browser) -> None:
    rows = boss.open("/team/printed").table("Still to finish")
    assert [(row["Name"], row["Reminders"]) for row in rows] == [
        ("Kwame Asante-Reid", "No message reaches them"),
        ("Nadia Haddad", "Gets messages"),
    ]


def test_a_request_comes_first_with_its_day_on_the_button(
    app: Flask, boss: Browser, session: Session, unit: Unit
) -> None:
    account = an_account(session, a_person(session, name="Manager Day"), Role.MANAGER, unit=unit)
    asks(session, "Nadia Haddad", days=12)
    asks(session, "Kwame Asante-Reid")
    manager = Browser(app).enter_as(account)
    page = manager.open("/team")
    assert "Nadia Haddad asks for more time" in page.text
    assert "“I am on nights”" in page.text
    assert "1 more request waits" in page.links
    assert "Asks for an answer" in [said for *_, said in listed(page, "Past their date")]
    until = local_day(utc_now()) + timedelta(days=12)
    target, values = page.form(f"Give until {until.day} {until:%B %Y}")
    done = manager.post(target, values)
    assert done.url == "/team"
    assert "They are told" in done.text
    assert "Kwame Asante-Reid asks for more time" in done.text
    year = "" if until.year == local_day(utc_now()).year else f" {until.year}"
    assert [row[:2] for row in listed(done, "Still in time")] == [("Nadia Haddad", f"By {until.day} {until:%B}{year}")]
    assert "asks for more time" not in boss.open("/team").text


def test_a_larger_team_asks_no_more_of_the_database(
    boss: Browser, session: Session, connection: Connection, unit: Unit
) -> None:
    with counted(connection) as few:
        boss.open("/team")
    job = session.scalars(select(Person).where(Person.chosen_name == "Boss Ó Briain")).one()
    manager = job_of(session, job).id
    for _ in range(60):
        a_person(session, unit, manager_id=manager)
    session.commit()
    with counted(connection) as many:
        page = boss.open("/team")
    assert len(many) == len(few)
    assert "page 1 of 2" in page.title


def test_a_unit_manager_sees_the_unit_with_what_is_below_it(
    app: Flask, session: Session, unit: Unit, course: PublishOutcome
) -> None:
    assert course
    below = a_unit(session, session.get_one(Organisation, unit.organisation_id), "Nights", parent=unit)
    a_person(session, below, "Somebody Nights")
    a_person(session, below, "Somebody Away", away_from=NOON.date() - timedelta(days=30))
    account = an_account(session, a_person(session, name="Manager Day"), Role.MANAGER, unit=unit)
    session.commit()
    page = Browser(app).enter_as(account).open("/team")
    assert [name for name, *_ in listed(page, "Past their date")] == ["Somebody Nights"]
    assert [name for name, *_ in listed(page, "On leave")] == ["Somebody Away"]


def test_a_programme_stands_in_the_list_and_not_how_far_somebody_is(
    boss: Browser, session: Session, unit: Unit
) -> None:
    halton = session.get_one(Organisation, unit.organisation_id)
    key = a_programme(session, halton, (a_course(session).course_id,), (another_course(session, "LA", "Law"),))
    ask_for(session, halton, key)
    session.commit()
    said = boss.open("/team").text
    assert "First weeks (programme of 2 steps)" in said
    assert "step 2 of 2" not in said
