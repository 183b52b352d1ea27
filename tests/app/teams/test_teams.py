"""Learning together: the pack for a live session and its file, the cards for team talks and a manager's tick."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.session_packs import make_waiting
from courses.teams.team_talks import TeamTalk
from kernel.tasks.background import open_subjects
from people.organisations import Unit
from people.roles import Role
from reports.session_pack import MAKE_SESSION_PACKS, SESSION_PACKS
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.courses.teams.test_team_talks import publish_shipped
from tests.reading import Browser

PACK, TALKS = "/live-session", "/team-talks"


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


def enter(session: Session, browser: Browser, unit: Unit, *roles: Role) -> Browser:
    account = an_account(session, a_person(session, unit), *roles, unit=unit)
    session.commit()
    return browser.enter_as(account)


def test_an_hr_lead_reads_the_pack_in_the_words_of_their_authority(
    session: Session, browser: Browser, unit: Unit
) -> None:
    page = enter(session, browser, unit, Role.HR_LEAD).open(PACK)
    assert page.heading == "From knowing to doing"
    assert "In the words of Halton Borough Council" in page.text
    assert "Cheshire Constabulary" in page.text
    for words in ("Difficult moments", "Pocket cards", "The computer booking", "My plan", "Where to get support"):
        assert words in page.text


def test_the_pdf_is_asked_for_made_and_downloaded(
    app: Flask, session: Session, browser: Browser, unit: Unit, bell: ListeningBell
) -> None:
    hr = enter(session, browser, unit, Role.HR_LEAD)
    assert hr.open("/live-session/file").status == 404
    waiting = hr.submit(PACK, "Prepare the PDF")
    assert "We are preparing the PDF" in waiting.text
    assert hr.client.get("/live-session/status").status_code == 202
    assert bell.rung == [MAKE_SESSION_PACKS]
    with app.app_context():
        make_waiting()
    assert open_subjects(session, SESSION_PACKS) == []
    ready = hr.open(PACK)
    file = hr.client.get(ready.links["Download the pack (PDF)"])
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert file.get_data().startswith(b"%PDF")
    file.close()


def test_asking_twice_owes_one_file(session: Session, browser: Browser, unit: Unit, bell: ListeningBell) -> None:
    author = enter(session, browser, unit, Role.AUTHOR)
    target, values = author.open(PACK).form("Prepare the PDF")
    author.post(target, values)
    author.post(target, values)
    assert len(open_subjects(session, SESSION_PACKS)) == len(bell.rung)
    assert len(open_subjects(session, SESSION_PACKS)) <= 1


@pytest.mark.parametrize("address", [PACK, "/live-session/file", "/live-session/status"])
@pytest.mark.parametrize("role", [Role.MANAGER, None])
def test_the_pack_is_for_those_who_prepare_sessions(
    session: Session, browser: Browser, unit: Unit, address: str, role: Role | None
) -> None:
    assert enter(session, browser, unit, *([role] if role else [])).open(address).status == 404


def test_a_manager_finds_this_months_card_and_ticks_it(session: Session, browser: Browser, unit: Unit) -> None:
    publish_shipped(session, "race-equality-essentials", "inclusive-recruitment")
    manager = enter(session, browser, unit, Role.MANAGER)
    page = manager.open(TALKS)
    assert page.text.count("What would we do here?") == 5
    assert "This month" in page.text
    done = manager.submit(TALKS, "Yes, it is done")
    assert "Ticked for this month." in done.text
    assert len(session.scalars(select(TeamTalk)).all()) == 1
    back = manager.submit(TALKS, "Take the tick back")
    assert "Yes, it is done" in back.buttons
    session.expire_all()
    assert session.scalars(select(TeamTalk)).all() == []


def test_hr_leads_see_the_cards_and_no_ticks(session: Session, browser: Browser, unit: Unit) -> None:
    publish_shipped(session, "inclusive-recruitment")
    hr = enter(session, browser, unit, Role.HR_LEAD)
    page = hr.open(TALKS)
    assert "What would we do here?" in page.text
    assert "Yes, it is done" not in page.buttons
    token = hr.open("/learning").soup.find("input", {"name": "csrf_token"})
    values = {"done": "yes", **({"csrf_token": token["value"]} if token else {})}
    assert hr.post("/team-talks/done", values).status == 404


def test_cards_wait_for_their_courses(session: Session, browser: Browser, unit: Unit) -> None:
    assert "No cards yet" in enter(session, browser, unit, Role.MANAGER).open(TALKS).text


def test_a_tick_says_yes_or_no(session: Session, browser: Browser, unit: Unit) -> None:
    publish_shipped(session, "inclusive-recruitment")
    manager = enter(session, browser, unit, Role.MANAGER)
    target, values = manager.open(TALKS).form("Yes, it is done")
    assert manager.post(target, {**values, "done": "perhaps"}).status == 400


def test_staff_find_nothing_here(session: Session, browser: Browser, unit: Unit) -> None:
    assert enter(session, browser, unit).open(TALKS).status == 404
