"""Mail that comes back marks an address, is tried again, or changes nothing; HR sees which addresses do not work."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.imports import bounces
from app.jobs.imports.bounces import read_bounces
from app.jobs.messages import send_waiting
from app.platform.mail.bounce_boxes import BoxUnavailable, MailFolderBox
from app.platform.mail.message_ids import message_id_of
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from messages.bounces.record import Bounce, find_dead_address
from messages.ledger import DropReason, Message, note_message
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from tests.builders.delivery_reports import an_automatic_reply, from_exchange, from_postfix
from tests.builders.mail_transport import RememberingTransport, give_address
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

ADDRESS = "sian@council.example"


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    monkeypatch.setattr(bounces, "find_bounce_box", lambda: MailFolderBox(tmp_path))
    return tmp_path


@pytest.fixture
def person(session: Session) -> Person:
    found = a_person(session, a_unit(session, an_organisation(session)), "Siân Nguyễn")
    give_address(session, found, ADDRESS)
    session.commit()
    return found


@pytest.fixture
def message(app: Flask, session: Session, person: Person) -> Message:
    """A message that was sent an hour ago."""
    at = utc_now() - timedelta(hours=1)
    note_message(session, person_id=person.id, kind="nudge", subject_id=1, now=at, due_at=at)
    found = session.scalars(select(Message)).one()
    found.state, found.sent_at = TaskState.DONE, at
    session.commit()
    return found


def comes_back(
    app: Flask, box: Path, message: Message, name: str = "1", shape: Callable[..., bytes] = from_exchange, **more: str
) -> None:
    with app.app_context():
        (box / "new" / name).write_bytes(shape(message_id_of(message, "localhost"), more.pop("to", ADDRESS), **more))
        read_bounces()


def test_a_mailbox_that_is_none_gets_no_more_mail_until_somebody_tries_again(
    app: Flask,
    browser: Browser,
    session: Session,
    box: Path,
    person: Person,
    message: Message,
    transport: RememberingTransport,
) -> None:
    comes_back(app, box, message)
    assert [path.name for path in (box / "cur").iterdir()] == ["1:2,S"]
    note_message(session, person_id=person.id, kind="nudge", subject_id=2, now=utc_now(), due_at=utc_now())
    session.commit()
    with app.app_context():
        send_waiting()
    session.expire_all()
    newest = session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert newest is not None
    assert newest.failure_reason == DropReason.ADDRESS_DEAD
    assert transport.mails == []
    unit = a_unit(session, session.scalars(select(Organisation)).one(), "Other")
    lead = an_account(session, a_person(session, unit, "A lead"), Role.HR_LEAD, unit=unit)
    session.commit()
    hr = browser.enter_as(lead)
    page = hr.open(hr.open("/people").links["Addresses and numbers that did not work"])
    assert "Siân Nguyễn" in page.text
    assert "There is no such mailbox" in page.text
    record = hr.open(f"/people/{person.id}")
    assert "Mail to their address came back" in record.text
    assert "Mail goes there again" in hr.submit(f"/people/{person.id}", "Try this address again").text
    session.expire_all()
    assert find_dead_address(session, person_id=person.id) is None
    assert "No address or number" in hr.open("/people/addresses").text


@pytest.mark.parametrize(
    ("address", "reported"),
    [("sian@môn.example", "sian@xn--mn-8ja.example"), ("siân@council.example", "SIÂN@council.example")],
)
def test_an_address_is_the_same_however_servers_write_it(
    app: Flask, session: Session, box: Path, person: Person, message: Message, address: str, reported: str
) -> None:
    person.email = address
    session.commit()
    comes_back(app, box, message, to=reported)
    assert find_dead_address(session, person_id=person.id) is not None


def test_a_full_mailbox_is_tried_again_and_gives_up_after_three_times(
    app: Flask, session: Session, box: Path, person: Person, message: Message
) -> None:
    full = {"status": "5.2.2", "words": "552 5.2.2 Mailbox full"}
    for day in range(3):
        message.state = TaskState.DONE
        session.commit()
        comes_back(app, box, message, str(day), from_postfix, **full, action="failed" if day else "failed ")
        session.refresh(message)
        assert message.state is (TaskState.DONE if day == 2 else TaskState.PENDING)
        full["words"] += "!"
    dead = find_dead_address(session, person_id=person.id)
    assert dead is not None
    assert dead.words == "The mailbox is full, several times"


def test_a_report_that_is_read_twice_counts_once(app: Flask, session: Session, box: Path, message: Message) -> None:
    comes_back(app, box, message, "1")
    comes_back(app, box, message, "2")
    assert len(session.scalars(select(Bounce.id)).all()) == 1


def test_what_is_forged_late_or_no_report_changes_nothing(
    app: Flask, session: Session, box: Path, person: Person, message: Message
) -> None:
    with app.app_context():
        forged = message_id_of(message, "localhost").replace(f"nudge-{message.id}", f"nudge-{message.id + 1}")
        unsealed = f"<nudge-{message.id}-{int(message.noted_at.timestamp())}@localhost>"
        for number, key in enumerate((forged, unsealed, "<a@b>")):
            (box / "new" / str(number)).write_bytes(from_exchange(key, ADDRESS))
        (box / "new" / "9").write_bytes(an_automatic_reply(message_id_of(message, "localhost"), ADDRESS))
        read_bounces()
    comes_back(app, box, message, "other", to="somebody.else@council.example")
    comes_back(app, box, message, "delay", from_postfix, action="delayed")
    message.sent_at = utc_now() - timedelta(days=40)
    session.commit()
    comes_back(app, box, message, "late")
    assert session.scalars(select(Bounce.id)).all() == []
    assert list((box / "new").iterdir()) == []


def test_an_address_that_was_corrected_works(
    app: Flask, session: Session, box: Path, person: Person, message: Message
) -> None:
    comes_back(app, box, message)
    assert find_dead_address(session, person_id=person.id) is not None
    give_address(session, person, "sian.nguyen@council.example")
    session.flush()
    assert find_dead_address(session, person_id=person.id) is None


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(BoxUnavailable, match="needs the folders new, cur and tmp"), MailFolderBox(tmp_path).open():
        pass
