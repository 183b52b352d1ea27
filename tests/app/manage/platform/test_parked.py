"""Work that has stopped, of every kind: listed with its reason, and tried again when an admin says so."""

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.doctor import records
from app.manage.platform.parked_words import WORDS
from app.platform.task_kinds import KINDS
from certificates.badges.status import STATUS_LISTS
from certificates.batches.bulk_issuing import start_issue
from certificates.batches.bulk_preview import preview_issue
from certificates.file_care.file_checks import FILE_CHECKS, ask_for_check
from certificates.file_care.lost_files import RECREATIONS, want_recreation
from certificates.making.derived_files import DERIVED_FILES, DerivedFile, DerivedKind
from certificates.making.rendering import CERTIFICATE_FILES
from certificates.record.audiences import Audience
from certificates.record.runs import RUNS, RunMail
from certificates.zips.requests import ZIPS, ask_for_archive
from courses.corrections.declaring import MOVES
from courses.records.moves import CourseCorrection
from kernel.audit import entries_for
from kernel.tasks.background import want
from kernel.tasks.claims import fail
from kernel.tasks.kinds import TaskKind
from messages.ledger import Message, note_message
from messages.sending import MAIL
from people.accounts import Account
from people.organisations import Unit
from people.roles import Role
from reports.items.snapshots import ITEM_COUNTS
from reports.session_pack import SESSION_PACKS
from tests.app.platform.test_query_counts import counted
from tests.builders.certificate_batches import completed
from tests.builders.certificates import issued_to
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import failed, in_hand
from tests.conftest import ListeningBell
from tests.reading import Browser

PARKED = "/manage/parked"
OF_FILES = (FILE_CHECKS, RECREATIONS)


@pytest.fixture
def unit(session: Session) -> Unit:
    """A unit of Halton."""
    return a_unit(session, an_organisation(session))


@pytest.fixture
def admin(session: Session, unit: Unit, browser: Browser) -> Browser:
    """An administrator's browser."""
    account = an_account(session, a_person(session, unit), Role.ADMIN)
    session.commit()
    return browser.enter_as(account)


def park_all(session: Session, kind: TaskKind, reason: str) -> None:
    """Whatever is on its way of a kind fails once too often."""
    for row_id in session.scalars(select(kind.table.id).where(kind.is_due(NOON))).all():
        failed(session, kind, row_id, reason, times=kind.most_failures)
    session.commit()


def certificates(session: Session, unit: Unit, number: int, reason: str = "No such font") -> list[str]:
    """So many certificates that could not be made; their numbers."""
    found = [issued_to(session, a_person(session, unit).id).number for _ in range(number)]
    park_all(session, CERTIFICATE_FILES, reason)
    return found


def test_nothing_stopped_is_said_in_a_sentence(admin: Browser) -> None:
    assert "Nothing has stopped." in admin.open(PARKED).text
    assert "waits for somebody to look" not in admin.open("/manage").text


def test_what_stopped_is_listed_with_its_reason_and_tried_again(
    admin: Browser, session: Session, unit: Unit, bell: ListeningBell
) -> None:
    (number,) = certificates(session, unit, 1)
    assert "1 certificate could not be made" in admin.open("/manage").text
    page = admin.open(PARKED)
    (row,) = page.table("Certificates")
    assert (row["What"], row["Tried"]) == (number, "3 times")
    assert row["Why"].startswith("No such font")
    page = admin.submit(PARKED, f"Try again {number}")
    assert "It will be tried again now" in page.text
    assert "Nothing has stopped." in page.text
    assert bell.rung == [CERTIFICATE_FILES.name]
    assert "had task render-certificates/" in admin.open("/manage/audit").text


def test_all_of_one_kind_are_tried_again_and_no_other(admin: Browser, session: Session, unit: Unit) -> None:
    certificates(session, unit, 3)
    want(session, SESSION_PACKS, subject="halton/1", now=NOON)
    park_all(session, SESSION_PACKS, "No such picture")
    page = admin.submit(PARKED, "Try all 3 again of Certificates")
    assert "Certificates: 3 will be tried again now" in page.text
    assert [row["What"] for row in page.table("Packs for live sessions")] == ["Halton Borough Council"]
    (entry,) = entries_for(session, subject_type="task", subject_id="render-certificates/all")
    assert (entry.action, entry.detail["count"]) == ("parked-tasks-retried", 3)


def test_a_second_click_and_what_is_not_there_do_no_harm(admin: Browser, session: Session, unit: Unit) -> None:
    (number,) = certificates(session, unit, 1)
    target, values = admin.open(PARKED).form(f"Try again {number}")
    admin.post(target, values)
    assert "It has not stopped, or is being tried again already" in admin.post(target, values).text
    token = {"csrf_token": values["csrf_token"]}
    assert "none has stopped" in admin.post(f"{PARKED}/sign-badges/retry-all", token).text
    assert admin.post(f"{PARKED}/no-such-kind/retry-all", token).status == 404
    assert admin.post(f"{PARKED}/no-such-kind/1/retry", token).status == 404
    assert admin.client.post(target).status_code == 400


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.HR_LEAD, Role.MANAGER])
def test_only_admins_see_and_retry_what_stopped(browser: Browser, session: Session, unit: Unit, role: Role) -> None:
    account = an_account(session, a_person(session, unit), role, unit=unit)
    session.commit()
    browser.enter_as(account)
    assert browser.open(PARKED).status == 404
    _, values = browser.open("/").form("Sign out")
    assert browser.post(f"{PARKED}/sign-badges/retry-all", values).status == 404


def every_kind(session: Session, unit: Unit, account: Account) -> None:
    """One parked task of each kind that can be made without a key."""
    course = a_course(session)
    person = a_person(session, unit)
    certificate = issued_to(session, person.id)
    large = {"kind": DerivedKind.LARGE_PRINT, "certificate_id": certificate.id}
    session.add(DerivedFile(**large, asked_by_account_id=account.id, asked_at=NOON))
    note_message(session, person_id=person.id, kind="own-plan", subject_id=1, now=NOON, due_at=NOON)
    correction = CourseCorrection(
        course_version_id=course.version_id, corrects_version_id=course.version_id, made_at=NOON
    )
    session.add(correction)
    session.flush()
    want(session, MOVES, subject=str(correction.id), now=NOON)
    for kind, subject in ((STATUS_LISTS, "1"), (SESSION_PACKS, "general/1"), (ITEM_COUNTS, str(course.version_id))):
        want(session, kind, subject=subject, now=NOON)
    ask_for_check(session, account_id=account.id, now=NOON)
    want_recreation(session, now=NOON)
    completed(session, course, unit, 1)
    audience = Audience(course.course_id, unit.organisation_id, on=TODAY)
    seen = preview_issue(session, audience, takes_imported=False).stamp
    about = {"takes_imported": False, "mail": RunMail.NONE, "account_id": account.id, "now": NOON}
    start_issue(session, audience, seen=seen, **about)
    ask_for_archive(session, Audience(None, None, on=TODAY), wanted=1, account_id=account.id, now=NOON)
    message = session.scalars(select(Message.id)).first()
    fail(session, in_hand(session, MAIL, message), reason=f"Cause of {MAIL.name}", now=NOON, is_final=True)
    for kind in (
        CERTIFICATE_FILES,
        DERIVED_FILES,
        STATUS_LISTS,
        SESSION_PACKS,
        ITEM_COUNTS,
        MOVES,
        RUNS,
        ZIPS,
        *OF_FILES,
    ):
        park_all(session, kind, f"Cause of {kind.name}")


def test_every_kind_has_its_words_and_says_what_it_is_about(admin: Browser, session: Session, unit: Unit) -> None:
    assert set(WORDS) == set(KINDS)
    every_kind(session, unit, an_account(session, a_person(session, unit)))
    page = admin.open(PARKED)
    about = {words: page.table(words)[0]["What"] for words, _ in WORDS.values() if words in page.text}
    assert about["Large prints and previews"].startswith("Large print of TC-")
    assert about["Lists of badges that have ended"] == "List 1"
    assert about["Packs for live sessions"] == "For every authority"
    assert about["Counts of how questions work"] == about["Corrections of courses"] == "Test course, version 1"
    assert about["Certificates for many people at once"] == "Issue: Test course, Halton Borough Council"
    assert about["Checks of stored files"] == about["Lost files to be made again"] == "Files of certificates"
    assert about["Zips of certificates"] == "Every course, every authority"
    for words, link in page.links.items():
        if link.startswith(("/manage/certificates/", "/council/", "/manage/courses")):
            assert admin.open(link).status == 200, words


def test_doctor_lists_everything_that_is_parked_with_the_reasons(session: Session, unit: Unit) -> None:
    assert records.check_parked(session).is_ok
    every_kind(session, unit, an_account(session, a_person(session, unit)))
    found = records.check_parked(session)
    assert not found.is_ok
    for kind in (CERTIFICATE_FILES, DERIVED_FILES, MAIL, RUNS, ZIPS, ITEM_COUNTS):
        assert f"1 of {kind.name}: Cause of {kind.name}" in found.message


def test_a_long_list_turns_its_pages_and_costs_the_same(
    admin: Browser, session: Session, unit: Unit, connection: Connection
) -> None:
    costs: list[int] = []
    for number in (2, 26):
        certificates(session, unit, number)
        with counted(connection) as seen:
            admin.open(PARKED)
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert len(admin.open(PARKED).table("Certificates")) == 25
    assert len(admin.open(f"{PARKED}?page=2").table("Certificates")) == 3
    assert "Certificates: 28" in admin.open(f"{PARKED}?page=2").text
    assert admin.open(f"{PARKED}?page=3").status == 404
