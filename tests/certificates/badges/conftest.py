"""A signer with a key of its own, and no network."""

import socket
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from certificates.badges.addresses import Addresses
from certificates.badges.keys import checked_key, new_key
from certificates.badges.making import BadgeFacts
from certificates.badges.signing import BadgeSigner
from certificates.record.issuing import Certificate
from kernel.tasks.kinds import TaskState
from people.persons import Person
from tests.builders.region import NOON, an_account

SITE = "https://learn.example.org"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks for a host fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def facts() -> BadgeFacts:
    """A badge that holds for a long time."""
    return BadgeFacts(
        badge_id=1,
        secret="Qm9vsecret",
        salt="pepper",
        status_list=1,
        status_index=77,
        number="RE-7K4M-29QX-C",
        email=None,
        organisation_name="Halton Borough Council",
        achievement="RE-3",
        course_title="Race equality essentials",
        course_version=3,
        summary="What race equality means at work.",
        outcomes=("Say what the law asks", "Notice <b>bias</b>"),
        language="en-GB",
        issued_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
        valid_until=date(2999, 6, 30),
    )


@pytest.fixture
def signer() -> BadgeSigner:
    """A signer whose issuer is its key, so that nothing need be fetched."""
    return BadgeSigner(checked_key(new_key()), Addresses("http://localhost"))


@pytest.fixture
def certificate(session: Session, issued: Certificate) -> Certificate:
    """A ready certificate."""
    issued.state, issued.ready_at, issued.storage_key = TaskState.DONE, NOON, "certificates/none.pdf"
    issued.sha256, issued.size_bytes = "0" * 64, 60_000
    session.flush()
    return issued


@pytest.fixture
def account_id(session: Session, certificate: Certificate) -> int:
    """The holder's account."""
    return an_account(session, session.get_one(Person, certificate.person_id)).id
