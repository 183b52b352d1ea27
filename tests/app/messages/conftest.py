"""Somebody who completes a course, and is to hear of the certificate."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.platform.work import unit_of_work
from app.wiring import ensure_certificate
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from people.persons import Person
from tests.builders.certificates import completed_by
from tests.builders.mail_transport import give_address
from tests.builders.region import a_person, a_unit, an_organisation


@pytest.fixture
def person(session: Session) -> Person:
    """Somebody who has just completed the course, with the certificate promised and not made."""
    unit = a_unit(session, an_organisation(session))
    return give_address(session, a_person(session, unit))


@pytest.fixture
def complete(app: Flask, session: Session, person: Person) -> Callable[..., Certificate]:
    """Complete a cycle of the course; the certificate is promised."""

    def once(cycle: int = 1) -> Certificate:
        completion_id = completed_by(session, person.id, cycle=cycle)
        session.commit()
        with app.app_context(), unit_of_work() as work:
            ensure_certificate(completion_id, work, now=utc_now())
        session.expire_all()
        return session.query(Certificate).filter_by(completion_id=completion_id).one()

    return once
