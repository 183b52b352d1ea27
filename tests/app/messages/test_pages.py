"""The pages around messages: what people choose, the link that stops them, and what admins see of them."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.platform.mail.rendering import stop_token
from courses.reflection.plans import PlanWords, write_plan
from kernel.audit import AuditEntry
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from messages.choices import Choices, Frequency, choices_of
from messages.ledger import SEND_MESSAGES, Message, note_message
from messages.sending import claim_next, mark_failed
from people.accounts import Account
from people.persons import Person
from people.roles import Role
from tests.builders.mail_server import text_of
from tests.builders.mail_transport import RememberingTransport, give_address, send, stored
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser

QUEUE = "Messages that could not be sent"
WORDS = PlanWords("a name is new to me", "ask and write it down")


@pytest.fixture
def staff(session: Session) -> Account:
    person = give_address(session, a_person(session, a_unit(session, an_organisation(session))))
    account = an_account(session, person)
    session.commit()
    return account


@pytest.fixture
def learner(browser: Browser, staff: Account) -> Browser:
    return browser.enter_as(staff)


@pytest.fixture
def admin(browser: Browser, session: Session) -> Browser:
    account = an_account(session, a_person(session, name="Ann Admin"), Role.ADMIN)
    session.commit()
    return browser.enter_as(account)


def chosen(session: Session, staff: Account) -> Choices:
    session.expire_all()
    return choices_of(session, person_ids=[staff.person_id])[staff.person_id]


@pytest.mark.usefixtures("transport")
def test_a_person_chooses_what_they_are_sent(learner: Browser, session: Session, staff: Account) -> None:
    page = learner.open("/messages")
    assert "sian@halton.example" in page.text
    page = learner.submit("/messages", "Save", certificates="daily", follow_ups="no")
    assert "Your choices are saved" in page.text
    assert chosen(session, staff) == Choices(Frequency.DAILY, has_follow_ups=False)
    assert learner.open("/messages").form("Save")[1]["certificates"] == ["daily"]


@pytest.mark.usefixtures("transport")
def test_a_choice_that_nobody_offered_is_an_error_beside_its_field(learner: Browser) -> None:
    page = learner.submit("/messages", "Save", certificates="never", follow_ups="perhaps")
    assert page.status == 422
    assert page.errors == ["Select when to tell you about certificates", "Select whether to tell you about follow-ups"]


def test_the_page_says_where_no_mail_is_sent(learner: Browser) -> None:
    assert "No messages are sent from here" in learner.open("/messages").text


@pytest.mark.usefixtures("transport")
def test_the_page_says_to_somebody_without_an_address_that_they_miss_nothing(
    learner: Browser, session: Session, staff: Account
) -> None:
    give_address(session, session.get_one(Person, staff.person_id), None)
    session.commit()
    assert "You miss nothing either" in learner.open("/messages").text


def test_the_link_in_a_message_asks_first_and_needs_nobody_to_sign_in(
    app: Flask, browser: Browser, session: Session, staff: Account
) -> None:
    with app.app_context():
        address = f"/messages/stop/{stop_token(staff.person_id)}"
    assert browser.open(address).heading == "Stop messages about follow-ups"
    assert chosen(session, staff).has_follow_ups
    page = browser.submit(address, "Stop these messages")
    assert page.heading == "We will not write to you about follow-ups any more"
    assert chosen(session, staff) == Choices(Frequency.AT_ONCE, has_follow_ups=False)
    assert "Siân" not in page.text


ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_the_button_of_a_mail_program_stops_messages_with_one_click(
    app: Flask, browser: Browser, session: Session, staff: Account, content_type: str
) -> None:
    with app.app_context():
        address = f"/messages/stop/{stop_token(staff.person_id)}"
    answer = browser.client.post(address, data=ONE_CLICK, content_type=content_type)
    assert answer.status_code == 200
    assert chosen(session, staff) == Choices(Frequency.AT_ONCE, has_follow_ups=False)
    assert browser.client.post(address, data=ONE_CLICK).status_code == 200  # and twice does no harm


@pytest.mark.parametrize("posted", [{}, {"List-Unsubscribe": "Two-Clicks"}, {"csrf_token": "forged"}])
def test_anything_else_that_is_posted_needs_the_token_of_its_form(
    app: Flask, browser: Browser, session: Session, staff: Account, posted: dict[str, str]
) -> None:
    with app.app_context():
        address = f"/messages/stop/{stop_token(staff.person_id)}"
    assert browser.client.post(address, data=posted).status_code == 400
    assert chosen(session, staff).has_follow_ups


@pytest.mark.parametrize("token", ["1", "MQ.forged", "a" * 900])
def test_a_link_that_is_not_ours_leads_nowhere(browser: Browser, token: str) -> None:
    assert browser.open(f"/messages/stop/{token}").status == 404
    assert browser.client.post(f"/messages/stop/{token}", data=ONE_CLICK).status_code == 404


def test_a_plan_is_mailed_to_its_writer_when_they_ask_for_it(
    app: Flask, learner: Browser, session: Session, staff: Account, transport: RememberingTransport, bell: ListeningBell
) -> None:
    write_plan(session, person_id=staff.person_id, form_id="P", words=WORDS, is_new=False, now=utc_now())
    session.commit()
    page = learner.submit("/learning/plan", "Mail it to me")
    assert "Your plan is on its way" in page.text
    assert bell.rung == [SEND_MESSAGES]
    send(app)
    assert [mail["To"].addresses[0].addr_spec for mail in transport.mails] == ["sian@halton.example"]
    assert "If a name is new to me, then I will ask and write it down." in text_of(transport.mails[0])
    assert "sent to you today already" in learner.submit("/learning/plan", "Mail it to me").text
    assert "Your plan, which you asked for" in learner.open("/messages").text


def test_nobody_else_can_have_a_plan_mailed(
    learner: Browser, session: Session, staff: Account, transport: RememberingTransport
) -> None:
    target, values = learner.open("/messages").form("Save")
    assert target
    other = a_person(session)
    write_plan(session, person_id=other.id, form_id="P", words=WORDS, is_new=False, now=NOON)
    session.commit()
    assert learner.post("/learning/plan/P/mail", {"csrf_token": values["csrf_token"]}).status == 404
    assert stored(session) == []


def test_without_mail_no_plan_offers_to_be_mailed(learner: Browser, session: Session, staff: Account) -> None:
    write_plan(session, person_id=staff.person_id, form_id="P", words=WORDS, is_new=False, now=NOON)
    session.commit()
    assert "Mail it to me" not in learner.open("/learning/plan").buttons


def park(session: Session, staff: Account) -> Message:
    note_message(session, person_id=staff.person_id, kind="certificate-ready", subject_id=1, now=NOON, due_at=NOON)
    claimed = claim_next(session, now=NOON, per_minute=5)
    mark_failed(session, claimed, reason="550 the address", is_permanent=True, now=NOON)
    session.commit()
    return session.get_one(Message, claimed.id)


@pytest.mark.usefixtures("transport")
def test_an_admin_sees_what_could_not_be_sent_without_a_name_and_sends_it_again(
    admin: Browser, session: Session, staff: Account, bell: ListeningBell
) -> None:
    message = park(session, staff)
    page = admin.open("/manage/messages")
    (row,) = page.table(QUEUE)
    assert (row["Message"], row["State"]) == ("A certificate is ready", "Parked")
    assert row["Record"].startswith("Halton Borough Council, payroll number P")
    assert "550 the address" in row["Why"]
    assert "Nguyễn" not in page.text
    assert "sian@" not in page.text
    bell.rung.clear()
    page = admin.submit("/manage/messages", f"Send again message {message.id}")
    assert "The message will be sent again now" in page.text
    assert bell.rung == [SEND_MESSAGES]
    assert [found.state for found in stored(session)] == [TaskState.FAILED]
    assert session.query(AuditEntry).filter_by(action="message-retried").count() == 1


@pytest.mark.usefixtures("transport")
def test_an_admin_sends_all_again_or_learns_that_there_is_nothing(
    admin: Browser, session: Session, staff: Account
) -> None:
    assert "No message has failed." in admin.open("/manage/messages").text
    park(session, staff)
    target, values = admin.open("/manage/messages").form("Send all of them again")
    assert "1 message will be sent again now" in admin.post(target, values).text
    session.query(Message).delete()
    session.commit()
    assert "nothing to send again" in admin.post(target, values).text
    assert "being sent again already" in admin.post("/manage/messages/7/retry", values).text


def test_an_admin_reads_that_no_mail_is_set_up(admin: Browser) -> None:
    assert "COMMON_GROUND_MAIL_URL is not set" in admin.open("/manage/messages").text


def test_nobody_else_sees_how_messages_stand(learner: Browser) -> None:
    assert learner.open("/manage/messages").status == 404
