"""Several workers send at the same moment, on a database that really commits: nobody hears anything twice."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Lock

import pytest
from sqlalchemy.orm import Session

from app.jobs.messages import send_waiting
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from messages.ledger import ComposedMessage, Message, MessageContent, note_message
from messages.sending import claim_next
from people.persons import Person
from tests.builders.mail_transport import RememberingTransport
from tests.builders.region import a_person
from tests.services.conftest import Site

pytestmark = pytest.mark.slow
WORKERS, PEOPLE = 4, 12


class SharedTransport(RememberingTransport):
    """The same for several threads."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()

    def send(self, mail) -> None:  # type: ignore[no-untyped-def]
        with self._lock:
            super().send(mail)


@pytest.fixture
def transport(site: Site, monkeypatch: pytest.MonkeyPatch) -> SharedTransport:
    found = SharedTransport()
    monkeypatch.setitem(site.app.extensions, "common-ground-mail", found)
    return found


def note_plans(site: Site, number: int, *, is_in_digest: bool = False) -> None:
    """That many people are owed two messages each."""
    with site.session() as session:
        for place in range(number):
            person: Person = a_person(session, name=f"Person {place}")
            person.email = f"person-{place}@halton.example"
            for step in ("a", "b"):
                now = utc_now() - timedelta(seconds=1)
                note_message(session, person_id=person.id, kind="test", subject_id=1, step=step, now=now, due_at=now)
        session.flush()
        session.query(Message).update({"is_in_digest": is_in_digest})


def compose(_session: Session, _messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    return ComposedMessage(MessageContent("Words", (f"It is {now}.",), "Open it", "/", "Because of a test."))


def together(site: Site, act) -> list:  # type: ignore[no-untyped-def, type-arg]
    gate = Barrier(WORKERS)

    def run(_: int) -> object:
        with site.app.app_context():
            gate.wait()
            return act()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


def test_workers_at_the_same_moment_send_each_message_once(
    site: Site, transport: SharedTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_plans(site, PEOPLE)
    monkeypatch.setattr("app.jobs.messages.COMPOSERS", {"test": compose})
    together(site, send_waiting)
    assert Counter(str(mail["Message-ID"]) for mail in transport.mails).most_common(1)[0][1] == 1
    assert len(transport.mails) == 2 * PEOPLE
    with site.session() as session:
        assert {message.state for message in session.query(Message)} == {TaskState.DONE}


def test_workers_at_the_same_moment_keep_a_digest_whole_and_the_pace(site: Site) -> None:
    note_plans(site, PEOPLE, is_in_digest=True)

    def claim() -> list[tuple[int, ...]]:
        found = []
        for _ in range(PEOPLE):
            with unit_of_work() as work:
                claimed = claim_next(work.session, now=utc_now(), per_minute=10)
                found.append(tuple(message.person_id for message in claimed.rows) if claimed else ())
        return found

    batches = [batch for worker in together(site, claim) for batch in worker if batch]
    assert [len(batch) for batch in batches] == [2] * 5
    assert len({batch[0] for batch in batches}) == 5
