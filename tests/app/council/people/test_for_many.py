"""Something for everybody whom a filter finds, or for those who are chosen: previewed, decided, taken back."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.jobs.asked.acts_for_many import work_off_acts
from assignments.exemptions.record import Exemption, ExemptionEnd
from assignments.for_many import doing
from assignments.for_many.record import ActForMany, PersonOfAct
from assignments.reminders.nudges import Nudge
from assignments.requests.record import TimeGiven
from kernel.audit import AuditEntry
from kernel.tasks.kinds import TaskState
from messages.ledger import Message
from people.organisations import Unit
from people.persons import Person
from people.roles import Role
from tests.app.council.people.deciding import DAY, NEW, PEOPLE, decide, give_time
from tests.builders.region import a_person, an_account
from tests.reading import Browser, Page

pytestmark = pytest.mark.usefixtures("transport")


def audited(session: Session, action: str) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def count(session: Session, of: type) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(of)) or 0


def nudge_two(lead: Browser) -> Page:
    return decide(lead, lead.open(f"{NEW}/nudge?name=person"), "Nudge 2 people")


@pytest.mark.usefixtures("four")
def test_a_nudge_says_on_its_button_how_many_get_it_and_why_others_do_not(lead: Browser, session: Session) -> None:
    listed = lead.open(f"{PEOPLE}?name=person")
    assert "Why 2 get no message" in listed.text
    page = lead.open(listed.links["Nudge 2 people"])
    assert "2 people get one message. Nothing is sent yet." in page.text
    assert "1 is reached neither by email nor by a text" in page.text
    assert "1 has finished" in page.text
    assert count(session, Message) == 0
    done = nudge_two(lead)
    assert "2 people get one message. 2 people were left out." in done.text
    assert count(session, Message) == 2
    (entry,) = audited(session, "people-nudged")
    assert (entry.detail["people"], entry.detail["left_out"]) == (2, 2)
    assert count(session, PersonOfAct) == 4
    again = lead.open(f"{NEW}/nudge?name=person")
    assert "0 people get one message" in again.text
    assert "2 were nudged in the last 7 days" in again.text


@pytest.mark.usefixtures("four")
def test_nudges_that_have_not_gone_are_taken_back_in_one_step(lead: Browser, session: Session) -> None:
    done = nudge_two(lead)
    first = session.scalars(select(Message.id).order_by(Message.id)).first()
    session.execute(update(Message).where(Message.id == first).values(state=TaskState.DONE))
    session.commit()
    back = lead.submit(done.url, "Take it back for everybody")
    assert "Taken back for 1 person. It stays for 1 person, who had been written to already." in back.text
    assert count(session, Nudge) == 1
    assert [one.detail["people"] for one in audited(session, "people-act-taken-back")] == [2]
    assert "Take it back for everybody" not in back.buttons
    assert "1 person: taken back for the others" in lead.open(f"{PEOPLE}/for-many").text


@pytest.mark.usefixtures("four")
def test_more_time_is_one_decision_and_moves_each_date(lead: Browser, session: Session) -> None:
    page = give_time(lead)
    assert "3 people have more time. 1 person was left out." in page.text
    assert "0 people are past the date" in lead.open(f"{PEOPLE}?name=person&state=past-date").text
    assert count(session, TimeGiven) == 3
    assert len(audited(session, "people-given-more-time")) == 1
    lead.submit(page.url, "Take it back for everybody")
    assert "3 people are past the date" in lead.open(f"{PEOPLE}?name=person&state=past-date").text
    assert "Nobody: taken back" in lead.open(f"{PEOPLE}/for-many").text


@pytest.mark.usefixtures("four")
def test_all_that_is_wrong_is_said_at_once(lead: Browser, session: Session) -> None:
    page = lead.submit(f"{NEW}/exempt?name=person", "See who that is", ends_on=["1", "1", "2024"])
    assert page.status == 422
    for words in ("Select why they are exempt", "Enter what it rests on", "The last day must"):
        assert words in page.text
    for day in (["31", "2", "2027"], ["1", "1", "9999"], ["\x00", "x", "-1"]):
        assert lead.submit(f"{NEW}/more-time", "See who that is", ends_on=day).status == 422
    assert count(session, ActForMany) == 0


def test_those_who_are_chosen_one_by_one_are_exempted(lead: Browser, session: Session, four: list[Person]) -> None:
    listed = lead.open(lead.open(f"{PEOPLE}?name=person").links["Choose one by one"])
    assert len(listed.soup.select("input[name=person]")) == 4
    nobody = lead.open(f"{NEW}/exempt?name=person&choose=yes")
    assert "Choose at least one person" in nobody.text
    address = f"{NEW}/exempt?{urlencode({'choose': 'yes', 'person': [four[0].id, four[3].id, 10**30]}, doseq=True)}"
    looked = lead.submit(address, "See who that is", reason="other", evidence="A list", **DAY)
    assert "1 person is exempt from" in looked.text
    assert "1 has finished" in looked.text
    assert "3 people, chosen one by one. 1 of them is not on this list any more." in looked.text
    done = decide(lead, looked, "Check again")
    assert "1 person is exempt." in done.text
    assert session.scalars(select(Exemption.person_id)).all() == [four[0].id]
    back = lead.submit(done.url, "Take it back for everybody")
    assert "No message had gone about it, and none goes now." in back.text
    assert count(session, ExemptionEnd) == 1


@pytest.mark.usefixtures("four")
def test_a_large_selection_goes_into_the_queue_with_progress(
    lead: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doing, "AT_ONCE", 1)
    page = give_time(lead)
    assert "0 people have more time. 3 to come." in page.text
    assert lead.client.get(f"{page.url}/status").status_code == 202
    with lead.client.application.app_context():
        work_off_acts()
    assert "3 people have more time." in lead.open(page.url).text
    assert lead.client.get(f"{page.url}/status").status_code == 200
    with lead.client.application.app_context():
        work_off_acts()
    assert count(session, TimeGiven) == 3


@pytest.mark.usefixtures("four")
def test_what_changed_meanwhile_is_looked_at_again(lead: Browser, session: Session) -> None:
    page = decide(lead, lead.open(f"{NEW}/nudge?name=person"), "Nudge 2 people", seen="an old look")
    assert (page.status, "The numbers have changed since you looked" in page.text) == (422, True)
    assert count(session, ActForMany) == 0


@pytest.mark.usefixtures("four")
def test_managers_and_other_authorities_have_no_such_pages(session: Session, unit: Unit, lead: Browser) -> None:
    act = give_time(lead).url
    account = an_account(session, a_person(session, name="Manager Ó Briain"), Role.MANAGER, unit=unit)
    session.commit()
    manager = Browser(lead.client.application).enter_as(account)
    assert "Choose one by one" not in manager.open(PEOPLE).links
    for address in (f"{NEW}/nudge", f"{PEOPLE}/for-many", act):
        assert manager.open(address).status == 404
    assert lead.open(f"{NEW}/dance").status == 404
    assert lead.open(f"{PEOPLE}/for-many/999999").status == 404
