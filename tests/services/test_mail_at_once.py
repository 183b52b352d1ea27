"""Several workers send at the same moment, on a database that really commits: nobody hears anything twice."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Lock

import pytest
from sqlalchemy.orm import Session

from app.jobs.messages import send_waiting
from app.work import unit_of_work
from kernel.clock import utc_now
from people.message_sending import claim_next
from people.messages import Composed, Letter, Message, MessageState, note_message
from people.persons import Person
from tests.builders import a_person
from tests.mail_room import RememberingOffice
from tests.services.conftest import Site

pytestmark = pytest.mark.slow
WORKERS, PEOPLE = 4, 12


class SharedOffice(RememberingOffice):
    """The same for several threads."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()

    def send(self, mail) -> None:  # type: ignore[no-untyped-def]
        with self._lock:
            super().send(mail)


@pytest.fixture
def office(site: Site, monkeypatch: pytest.MonkeyPatch) -> SharedOffice:
    found = SharedOffice()
    monkeypatch.setitem(site.app.extensions, "common-ground-mail", found)
    return found


def owe_plans(site: Site, number: int, *, is_in_digest: bool = False) -> None:
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


def compose(_session: Session, _messages: Sequence[Message], *, now: datetime) -> Composed:
    return Composed(Letter("Words", (f"It is {now}.",), "Open it", "/", "Because of a test."))


def together(site: Site, act) -> list:  # type: ignore[no-untyped-def, type-arg]
    gate = Barrier(WORKERS)

    def run(_: int) -> object:
        with site.app.app_context():
            gate.wait()
            return act()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


def test_workers_at_the_same_moment_send_each_message_once(
    site: Site, office: SharedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe_plans(site, PEOPLE)
    monkeypatch.setattr("app.jobs.messages.COMPOSERS", {"test": compose})
    together(site, send_waiting)
    assert Counter(str(mail["Message-ID"]) for mail in office.mails).most_common(1)[0][1] == 1
    assert len(office.mails) == 2 * PEOPLE
    with site.session() as session:
        assert {message.state for message in session.query(Message)} == {MessageState.SENT}


def test_workers_at_the_same_moment_keep_a_digest_whole_and_the_pace(site: Site) -> None:
    owe_plans(site, PEOPLE, is_in_digest=True)

    def claim() -> list[tuple[int, ...]]:
        found = []
        for _ in range(PEOPLE):
            with unit_of_work() as work:
                found.append(tuple(m.person_id for m in claim_next(work.session, now=utc_now(), per_minute=10)))
        return found

    parcels = [parcel for worker in together(site, claim) for parcel in worker if parcel]
    assert [len(parcel) for parcel in parcels] == [2] * 5
    assert len({parcel[0] for parcel in parcels}) == 5
