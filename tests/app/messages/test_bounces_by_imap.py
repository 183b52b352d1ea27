"""Mail that came back is read from a real IMAP server: what was read, what breaks, and what cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doctor.check import Check
from app.doctor.mail import check_bounces
from app.jobs.imports import bounces
from app.jobs.imports.bounces import read_bounces
from app.manage.platform import messages as page
from app.platform.extensions import db
from app.platform.mail.bounce_boxes import ImapBox, MailFolderBox, OpenImapBox, make_bounce_box
from app.platform.mail.message_ids import message_id_of
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from messages.bounces.looks import BounceLook, find_look
from messages.bounces.record import Bounce, find_dead_address
from messages.ledger import Message, note_message
from people.persons import Person
from people.roles import Role
from tests.builders.delivery_reports import an_automatic_reply, from_exchange
from tests.builders.mail_transport import give_address
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.builders.servers.imap import PASSWORD, USER, MailboxOnDisk, a_certificate, a_line_that_breaks, running_imap
from tests.conftest import settings_for
from tests.reading import Browser


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return a_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def mailbox(tmp_path: Path) -> MailboxOnDisk:
    return MailboxOnDisk(tmp_path)


@pytest.fixture
def port(mailbox: MailboxOnDisk, certificate: tuple[Path, Path]) -> Iterator[int]:
    with running_imap(mailbox, certificate) as port:
        yield port


@pytest.fixture
def people(session: Session) -> list[Person]:
    unit = a_unit(session, an_organisation(session))
    found = [a_person(session, unit, f"Person {number}") for number in range(3)]
    for number, person in enumerate(found):
        give_address(session, person, f"p{number}@council.example")
    session.commit()
    return found


@pytest.fixture
def reports(app: Flask, session: Session, people: list[Person]) -> list[bytes]:
    """A report about a message to each of them."""
    at = utc_now() - timedelta(hours=1)
    for number, person in enumerate(people):
        note_message(session, person_id=person.id, kind="nudge", subject_id=number, now=at, due_at=at)
    found = session.scalars(select(Message).order_by(Message.id)).all()
    for message in found:
        message.state, message.sent_at = TaskState.DONE, at
    session.commit()
    with app.app_context():
        return [
            from_exchange(message_id_of(message, "localhost"), f"p{number}@council.example")
            for number, message in enumerate(found)
        ]


def a_box(port: int, certificate: tuple[Path, Path], password: str = PASSWORD) -> ImapBox:
    settings = settings_for(
        "sqlite:///none",
        Path("files"),
        bounces_url=f"imap://{USER}@127.0.0.1:{port}/INBOX",
        bounces_password=password,
        mail_ca_file=str(certificate[0]),
    )
    box = make_bounce_box(settings)
    assert isinstance(box, ImapBox)
    return box


def read(app: Flask, monkeypatch: pytest.MonkeyPatch, box: ImapBox | MailFolderBox) -> BounceLook:
    """Look once, and what is written down of it."""
    monkeypatch.setattr(bounces, "find_bounce_box", lambda: box)
    with app.app_context():
        read_bounces()
        look = find_look(db.session(), place=box.place)
        assert look is not None
        db.session().expunge(look)
        return look


def dead(session: Session, people: list[Person]) -> list[bool]:
    session.expire_all()
    return [find_dead_address(session, person_id=person.id) is not None for person in people]


def test_reports_are_read_once_and_marked_as_seen(
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    mailbox: MailboxOnDisk,
    port: int,
    certificate: tuple[Path, Path],
    people: list[Person],
    reports: list[bytes],
) -> None:
    for name, report in zip("abc", reports, strict=True):
        mailbox.deliver(name, report)
    mailbox.deliver("d", an_automatic_reply("<a@b>", "p0@council.example"))
    box = a_box(port, certificate)
    first = read(app, monkeypatch, box)
    assert (first.read, first.unreadable, first.problem) == (4, 0, None)
    assert dead(session, people) == [True, True, True]
    assert mailbox.seen() == ["a", "b", "c", "d"]
    assert read(app, monkeypatch, box).read == 0


def test_what_somebody_has_read_already_is_left_alone(
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    mailbox: MailboxOnDisk,
    port: int,
    certificate: tuple[Path, Path],
    people: list[Person],
    reports: list[bytes],
) -> None:
    (mailbox.box / "cur" / "a.1.host:2,S").write_bytes(reports[0])
    mailbox.deliver("b", reports[1])
    assert read(app, monkeypatch, a_box(port, certificate)).read == 1
    assert dead(session, people) == [False, True, False]


def test_a_line_that_breaks_loses_nothing_and_counts_nothing_twice(
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    mailbox: MailboxOnDisk,
    port: int,
    certificate: tuple[Path, Path],
    people: list[Person],
    reports: list[bytes],
) -> None:
    # The whole mail is in a report, with its pictures: the first fits through the line, the second does not.
    for name, report in zip("abc", reports, strict=True):
        mailbox.deliver(name, report + b"\r\n" * 50_000)
    with a_line_that_breaks(port, after_bytes=75_000) as broken:
        look = read(app, monkeypatch, a_box(broken, certificate))
    assert look.problem
    assert (look.read, len(mailbox.seen()), sum(dead(session, people))) == (1, 1, 1)
    look = read(app, monkeypatch, a_box(port, certificate))
    assert (look.read, look.problem) == (2, None)
    assert dead(session, people) == [True, True, True]
    assert len(session.scalars(select(Bounce.id)).all()) == 3


def test_a_mail_that_the_server_cannot_read_holds_up_no_other(
    app: Flask,
    browser: Browser,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    mailbox: MailboxOnDisk,
    port: int,
    certificate: tuple[Path, Path],
    people: list[Person],
    reports: list[bytes],
) -> None:
    for name, report in zip("abc", reports, strict=True):
        mailbox.deliver(name, report)
    box = a_box(port, certificate)
    with box.open():
        pass  # the server takes the new mails into its list
    whole = box.open

    @contextmanager
    def spoiled() -> Iterator[OpenImapBox]:
        with whole() as opened:
            (file,) = mailbox.files("b")
            file.unlink()
            file.mkdir()
            yield opened

    with monkeypatch.context() as patch:
        patch.setattr(box, "open", spoiled)
        look = read(app, monkeypatch, box)
    assert (look.read, look.unreadable) == (2, 1)
    assert dead(session, people) == [True, False, True]
    _is_shown(app, browser, session, monkeypatch, box)


def test_a_file_of_the_folder_that_cannot_be_read_holds_up_no_other(
    app: Flask,
    browser: Browser,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    mailbox: MailboxOnDisk,
    people: list[Person],
    reports: list[bytes],
) -> None:
    mailbox.deliver("a", reports[0])
    (mailbox.box / "new" / "b.1.host").mkdir()
    (mailbox.box / "new" / "c.1.host").touch()
    mailbox.deliver("d", reports[2])
    box = MailFolderBox(mailbox.box)
    look = read(app, monkeypatch, box)
    assert (look.read, look.unreadable) == (2, 2)
    assert dead(session, people) == [True, False, True]
    (mailbox.box / "new" / "c.1.host").unlink()
    assert read(app, monkeypatch, box).unreadable == 1
    _is_shown(app, browser, session, monkeypatch, box)


def _is_shown(
    app: Flask, browser: Browser, session: Session, monkeypatch: pytest.MonkeyPatch, box: ImapBox | MailFolderBox
) -> None:
    """On the page of the administration, and by ``doctor``."""
    monkeypatch.setattr(page, "find_bounce_box", lambda: box)
    admin = an_account(session, a_person(session, a_unit(session, an_organisation(session, "Other"))), Role.ADMIN)
    session.commit()
    assert f"1 mail in {box.place} could not be read" in browser.enter_as(admin).open("/manage/messages").text
    found: Check = check_bounces(box, find_look(session, place=box.place))
    assert not found.is_ok
    assert f"1 mail in {box.place} could not be read" in found.message


def test_a_mail_that_nobody_foresaw_stays_unread_and_holds_up_no_other(
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    mailbox: MailboxOnDisk,
    people: list[Person],
    reports: list[bytes],
) -> None:
    mailbox.deliver("a", b"A shape of tomorrow")
    mailbox.deliver("b", reports[1])
    whole = bounces.reports_in

    def fails(data: bytes) -> object:
        if data.startswith(b"A shape"):
            raise LookupError("unknown encoding")
        return whole(data)

    monkeypatch.setattr(bounces, "reports_in", fails)
    look = read(app, monkeypatch, MailFolderBox(mailbox.box))
    assert (look.read, look.unreadable) == (1, 1)
    assert dead(session, people) == [False, True, False]
    assert [path.name for path in (mailbox.box / "new").iterdir()] == ["a.1.host"]


def test_a_wrong_password_is_written_down_and_changes_nothing(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    mailbox: MailboxOnDisk,
    port: int,
    certificate: tuple[Path, Path],
    reports: list[bytes],
) -> None:
    mailbox.deliver("a", reports[0])
    look = read(app, monkeypatch, a_box(port, certificate, password="another"))
    assert "AUTHENTICATIONFAILED" in (look.problem or "")
    assert mailbox.seen() == []
