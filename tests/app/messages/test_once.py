"""Whatever happens in whatever order, nobody gets a message twice for the same step."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.jobs import housekeeping, messages
from app.jobs.housekeeping import run_housekeeping
from app.platform.mail.transport import MailRefused, MailUnavailable
from certificates.making.announcing import announce_when_ready
from certificates.record.issuing import Certificate
from kernel.tasks.control import retry
from messages.choices import Choices, Frequency, choose, stop_follow_ups
from messages.sending import MAIL
from people.persons import Person
from tests.builders.certificates import issued_to, make_file
from tests.builders.mail_transport import RememberingTransport, give_address, send
from tests.builders.region import NOON, a_course, a_follow_up, a_person, a_unit, an_organisation
from tests.conftest import ListeningBell

TROUBLES = {
    "send": lambda _: None,
    "send-passing": lambda _: MailRefused("451", is_permanent=False),
    "send-final": lambda _: MailRefused("550", is_permanent=True),
    "send-away": lambda _: MailUnavailable("no answer"),
}
ACTS = (*TROUBLES, "keep-house", "announce", "retry", "daily", "at-once", "stop", "name")
STEPS = st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.sampled_from([0, 1, 11, 600, 3000, 8000]))
ONE_MAIL = [("announce", 0, 0), ("keep-house", 0, 0), ("send", 0, 0)]


class World:
    """Four people who completed a course that a follow-up follows, with certificates that are ready."""

    def __init__(self, app: Flask, session: Session, transport: RememberingTransport) -> None:
        self.app, self.session, self.transport = app, session, transport
        self.now = NOON
        unit = a_unit(session, an_organisation(session))
        a_course(session)
        a_follow_up(session)
        self.people: list[Person] = []
        for number in range(4):
            person = give_address(session, a_person(session, unit), f"p{number}@halton.example")
            issued_to(session, person.id)
            self.people.append(person)
        self.certificates = session.query(Certificate).order_by(Certificate.id).all()
        for certificate in self.certificates:
            make_file(certificate)
        session.commit()

    def act(self, act: str, who: int, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        person, session, now = self.people[who], self.session, self.now
        if act in TROUBLES:
            self.transport.trouble = TROUBLES[act]
            send(self.app)
        elif act == "keep-house":
            with self.app.app_context():
                run_housekeeping()
        elif act == "announce":
            announce_when_ready(session, certificate_ids=[one.id for one in self.certificates[: who + 1]], now=now)
        elif act == "retry":
            retry(session, MAIL, now=now)
        elif act == "stop":
            stop_follow_ups(session, person_id=person.id, now=now)
        elif act == "name":
            person.chosen_name = f"{person.chosen_name}\nBcc: x"
        else:
            choose(session, person_id=person.id, choices=Choices(Frequency(act), who != 1), now=now)
        session.commit()

    def clock(self) -> datetime:
        return self.now


@pytest.mark.slow
def test_nobody_gets_more_than_one_message_for_a_step(
    app: Flask, session: Session, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = RememberingTransport()
    monkeypatch.setitem(app.extensions, "common-ground-mail", transport)
    world = World(app, session, transport)
    for module in (messages, housekeeping):
        monkeypatch.setattr(module, "utc_now", world.clock)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=st.lists(STEPS, min_size=5, max_size=25))
    @example(steps=ONE_MAIL)  # else all news may be too old before a mail server answers for the first time
    def live(steps: list[tuple[str, int, int]]) -> None:
        for act, who, minutes in steps:
            world.act(act, who, minutes)
        told = Counter((str(mail["To"].addresses[0].addr_spec), str(mail["Subject"])) for mail in transport.mails)
        assert max(told.values(), default=1) == 1
        assert all(mail["Bcc"] is None for mail in transport.mails)

    live()
    assert transport.mails
