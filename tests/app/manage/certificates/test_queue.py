"""The certificate queue: how many wait, why some failed, and trying them again. It shows no names."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.manage.certificates.queue import age_in_words
from certificates.making.queue_status import minutes_left
from certificates.making.rendering import CERTIFICATE_FILES, RENDER_CERTIFICATES
from certificates.record.issuing import Certificate, issue_for_completion
from courses.catalogue.versions import CourseVersion
from courses.records.completion import Completion, CompletionSource, record_completion
from kernel.audit import entries_for
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from people.organisations import Unit
from people.roles import Role
from tests.app.platform.test_query_counts import counted
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import failed, in_hand
from tests.conftest import ListeningBell
from tests.reading import Browser

URL = "/manage/certificates"


@pytest.fixture
def admin(session: Session, browser: Browser) -> Browser:
    account = an_account(session, a_person(session), Role.ADMIN)
    session.commit()
    return browser.enter_as(account)


def certificates(session: Session, count: int, *, hours: int = 3) -> list[Certificate]:
    """So many issued certificates without a file, the first of them some hours old."""
    unit, course = a_unit(session, an_organisation(session)), a_course(session)
    issued = []
    for position in range(count):
        completion = Completion(
            person_id=a_person(session, unit, "Someone Private").id,
            course_id=course.course_id,
            cycle=1,
            course_version_id=course.version_id,
            organisation_id=unit.organisation_id,
            unit_path=unit.path,
            grade="G5",
            completed_at=NOON,
            source=CompletionSource.PLATFORM,
        )
        session.add(completion)
        session.flush()
        now = utc_now() - timedelta(hours=hours) + timedelta(seconds=position)
        outcome = issue_for_completion(session, completion_id=completion.id, now=now)
        issued.append(session.get_one(Certificate, outcome.certificate_id))
    session.commit()
    return issued


def fail(session: Session, certificate: Certificate, reason: str) -> None:
    failed(session, CERTIFICATE_FILES, certificate.id, reason, now=utc_now())
    session.commit()


def test_an_empty_queue_says_so(admin: Browser) -> None:
    assert "Every certificate is made. None has been earned yet." in admin.open(URL).text


def test_the_queue_counts_by_state_and_says_how_long_the_oldest_waits(admin: Browser, session: Session) -> None:
    first, *_ = certificates(session, 3)
    fail(session, first, "No space left on device")
    page = admin.open(URL)
    assert "3 certificates have no file yet. The oldest has waited 3 hours." in page.text
    assert "1 failed and waits for its next try." in page.text
    rows = page.table("Certificates without a file")
    assert [row["State"] for row in rows] == ["Failed", "Waiting", "Waiting"]
    assert rows[0]["Number"] == first.number
    assert rows[0]["Why"].startswith("No space left on device. Next try:")
    assert "Test course, Halton Borough Council" in rows[0]["Course and authority"]


def test_the_queue_shows_no_names(admin: Browser, session: Session) -> None:
    certificates(session, 1)
    assert "Private" not in admin.open(URL).text


def test_a_failed_certificate_is_tried_again_at_once_and_that_is_on_record(
    admin: Browser, session: Session, bell: ListeningBell
) -> None:
    (certificate,) = certificates(session, 1)
    fail(session, certificate, "No space left on device")
    page = admin.submit(URL, f"Try again {certificate.number}")
    assert f"{certificate.number} will be tried again now" in page.text
    assert bell.rung == [RENDER_CERTIFICATES]
    session.expire_all()
    assert in_hand(session, CERTIFICATE_FILES, now=utc_now()).ids == (certificate.id,)
    entries = entries_for(session, subject_type="certificate", subject_id=certificate.number)
    assert [entry.action for entry in entries] == ["certificate-retried"]


def test_a_parked_certificate_stays_until_somebody_tries_again(admin: Browser, session: Session) -> None:
    (certificate,) = certificates(session, 1)
    failed(session, CERTIFICATE_FILES, certificate.id, times=3, now=utc_now())
    session.commit()
    page = admin.open(URL)
    assert "1 is parked until somebody tries again." in page.text
    (row,) = page.table("Certificates without a file")
    assert row["State"] == "Parked"
    assert row["Why"].startswith("No such font. Nobody tries again until you do.")
    admin.submit(URL, f"Try again {certificate.number}")
    session.expire_all()
    assert in_hand(session, CERTIFICATE_FILES, now=utc_now()).ids == (certificate.id,)


def test_all_that_failed_are_tried_again_together(admin: Browser, session: Session, bell: ListeningBell) -> None:
    for certificate in certificates(session, 3)[:2]:
        failed(session, CERTIFICATE_FILES, certificate.id, now=utc_now())
    session.commit()
    target, values = admin.open(URL).form("Try all failed and parked ones again")
    assert "2 certificates will be tried again now" in admin.post(target, values).text
    assert bell.rung == [RENDER_CERTIFICATES]
    session.expire_all()
    assert len(in_hand(session, CERTIFICATE_FILES, now=utc_now()).ids) == 3
    (entry,) = entries_for(session, subject_type="certificate", subject_id="all")
    assert (entry.action, entry.detail) == ("certificates-retried", {"count": 2})
    assert "No certificate has failed" in admin.post(target, values).text


def test_the_queue_says_how_fast_it_goes_and_how_long_it_will_take(admin: Browser, session: Session) -> None:
    waiting = certificates(session, 6)
    assert "None was made in the last five minutes" in admin.open(URL).text
    for certificate in waiting[:4]:
        certificate.state, certificate.storage_key, certificate.sha256 = TaskState.DONE, "x", "0" * 64
        certificate.ready_at = utc_now() - timedelta(seconds=230)
    session.commit()
    assert "At the present rate of 1 a minute, about 2 minutes are left." in admin.open(URL).text


def test_the_list_can_be_had_by_state_course_and_authority(admin: Browser, session: Session) -> None:
    first, second = certificates(session, 2)
    first.state, first.storage_key, first.sha256, first.ready_at = TaskState.DONE, "x", "0" * 64, utc_now()
    session.commit()

    def listed(query: str) -> list[str]:
        page = admin.open(f"{URL}?{query}")
        return [row["Number"] for row in page.table("Certificates")] if "Number" in page.soup.get_text() else []

    assert listed("state=ready") == [first.number]
    assert listed("state=every&course=test-course&authority=halton") == [second.number, first.number]
    assert "No certificate is like that." in admin.open(f"{URL}?state=parked&course=test-course").text
    assert [row["Number"] for row in admin.open(f"{URL}?state=nonsense").table("Certificates without a file")] == [
        second.number
    ]


@pytest.mark.parametrize("typed", [str, str.lower, lambda number: number.replace("-", " ")])
def test_a_certificate_is_found_by_its_number(admin: Browser, session: Session, typed: Callable[[str], str]) -> None:
    (certificate,) = certificates(session, 1)
    page = admin.open(f"{URL}?number={typed(certificate.number)}")
    assert page.heading == f"Certificate {certificate.number}"


def test_a_second_press_finds_nothing_to_do(admin: Browser, session: Session, bell: ListeningBell) -> None:
    (certificate,) = certificates(session, 1)
    fail(session, certificate, "No space left on device")
    target, values = admin.open(URL).form(f"Try again {certificate.number}")
    certificate = session.scalars(select(Certificate)).one()
    certificate.state = TaskState.PENDING
    session.commit()
    page = admin.post(target, values)
    assert "has not failed, or is being tried again already" in page.text
    assert bell.rung == []


def test_a_number_that_nobody_holds_changes_nothing(admin: Browser, session: Session, bell: ListeningBell) -> None:
    token = admin.open(URL).form("Sign out")[1]["csrf_token"]
    page = admin.post(f"{URL}/RE-NONE-NONE-X/retry", {"csrf_token": token})
    assert "RE-NONE-NONE-X has not failed" in page.text
    assert bell.rung == []


def test_a_long_queue_comes_in_pages_of_25(admin: Browser, session: Session) -> None:
    certificates(session, 27)
    assert len(admin.open(URL).table("Certificates without a file")) == 25
    assert len(admin.open(f"{URL}?page=2").table("Certificates without a file")) == 2
    assert [admin.open(f"{URL}?page={page}").status for page in (0, 3, -1)] == [404, 404, 404]
    assert admin.open(f"{URL}?page=two").status == 200


def test_a_queue_that_cannot_be_reached_is_no_reason_to_worry(admin: Browser, bell: ListeningBell) -> None:
    bell.is_connected = False
    assert "The queue cannot be reached at the moment. Nothing is lost" in admin.open(URL).text


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=2, hours=5), "2 days"),
        (timedelta(seconds=-5), "less than a minute"),
    ],
)
def test_ages_are_told_in_the_largest_unit_that_fits(age: timedelta, words: str) -> None:
    assert age_in_words(NOON, NOON + age) == words


@pytest.mark.parametrize(
    ("waiting", "per_minute", "left"), [(0, 10.0, 0), (1, 10.0, 1), (22_000, 6_000.0, 4), (5, 0.5, 10), (5, 0.0, None)]
)
def test_the_forecast_rounds_up_and_needs_a_pace(waiting: int, per_minute: float, left: int | None) -> None:
    assert minutes_left(waiting, per_minute) == left


def test_the_queue_costs_the_same_however_much_is_in_it(
    admin: Browser, session: Session, connection: Connection
) -> None:
    def cost() -> int:
        with counted(connection) as seen:
            admin.open(URL)
        return len(seen)

    certificates(session, 1)
    admin.open(URL)
    before = cost()
    unit = session.scalars(select(Unit)).first()
    course = session.scalars(select(CourseVersion)).one()
    assert unit is not None
    for _ in range(20):
        person = a_person(session, unit)
        (event,) = record_completion(
            session,
            person_id=person.id,
            course_id=course.course_id,
            cycle=1,
            course_version_id=course.id,
            now=NOON,
        )
        issue_for_completion(session, completion_id=event.completion_id, now=NOON)
    session.commit()
    assert cost() == before <= 12
