"""The audit trail in plain words: by kind, person and day, in pages and as a table."""

import csv
import io
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry, record
from people.accounts import Account
from people.roles import Role
from tests.builders.region import NOON, a_course, a_person, an_account, an_organisation
from tests.reading import Browser

URL, TABLE = "/manage/audit", "Audit entries, newest first"


@pytest.fixture
def account(session: Session) -> Account:
    account = an_account(session, a_person(session, name="Siân Nguyễn"), Role.ADMIN)
    session.commit()
    return account


@pytest.fixture
def admin(browser: Browser, account: Account) -> Browser:
    return browser.enter_as(account)


def note(session: Session, account: Account | None, action: str = "password-set", **more: object) -> None:
    values = {"subject_type": "account", "subject_id": account.id if account else 0, "now": NOON, **more}
    record(session, action=action, actor_account_id=account.id if account else None, **values)
    session.commit()


def test_an_entry_says_who_did_what_about_whom_in_plain_words(
    admin: Browser, session: Session, account: Account
) -> None:
    course = a_course(session)
    note(
        session,
        account,
        "course-published",
        subject_type="course",
        subject_id=course.course_id,
        detail={"version": 3, "upload": 7},
    )
    note(session, None, "something-new-happened", subject_type="new-thing", subject_id="9")
    newest, older = admin.open(URL).table(TABLE)
    assert (newest["Who"], newest["What"]) == ("The platform", "something new happened: new thing 9")
    assert older["Who"] == "Siân Nguyễn"
    assert older["What"] == "published version 3 of Test course upload 7"
    assert older["When"].startswith("21 November 2026")


def test_it_is_chosen_by_kind_person_and_day(admin: Browser, session: Session, account: Account) -> None:
    other = an_account(session, a_person(session, name="Ольга Иванова"))
    note(session, account, "password-set", subject_id=other.id)
    note(session, other, "password-changed", now=datetime.fromisoformat("2026-03-29T23:30:00+00:00"))
    assert len(admin.open(f"{URL}?kind=password-set").table(TABLE)) == 1
    assert len(admin.open(f"{URL}?name=иванова").table(TABLE)) == 2
    assert len(admin.open(f"{URL}?name=nguyen").table(TABLE)) == 1
    # Half past eleven in UTC is the next day where the clocks went forward.
    assert len(admin.open(f"{URL}?day=2026-03-30").table(TABLE)) == 1
    assert "Nothing like that" in admin.open(f"{URL}?day=2026-03-29").text
    assert "Nothing like that" in admin.open(f"{URL}?name=nobody").text


def test_a_day_that_is_none_is_an_error_and_hides_nothing(admin: Browser, session: Session, account: Account) -> None:
    note(session, account)
    page = admin.open(f"{URL}?day=tomorrow")
    assert page.errors == ["Enter a day as it is written here: 2026-11-29"]
    assert len(page.table(TABLE)) == 1


def test_a_long_trail_comes_in_pages_of_fifty(admin: Browser, session: Session, account: Account) -> None:
    for _ in range(51):
        note(session, account)
    assert len(admin.open(URL).table(TABLE)) == 50
    assert len(admin.open(f"{URL}?page=2").table(TABLE)) == 1
    assert admin.open(f"{URL}?page=3").status == 404


def test_the_table_holds_what_the_page_shows_and_is_itself_written_down(
    admin: Browser, session: Session, account: Account
) -> None:
    for number in range(600):
        record(
            session,
            action="=cmd" if number else "password-set",
            subject_type="account",
            subject_id=account.id,
            actor_account_id=account.id,
            now=NOON,
        )
    session.commit()
    with admin.client.get(f"{URL}.csv") as response:
        rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
        assert response.headers["Content-Length"] == str(len(response.data))
    assert rows[0] == ["When", "Who", "What", "Details", "Entry", "Content", "Seal before", "Seal"]
    assert len(rows) == 602
    assert rows[1][2] == "downloaded the audit trail"
    assert rows[2][2].startswith("'=cmd")
    with admin.client.get(f"{URL}.csv?kind=password-set") as response:
        assert len(response.data.decode().splitlines()) == 2


def test_authorities_are_named_and_not_numbered(admin: Browser, session: Session, account: Account) -> None:
    halton = an_organisation(session)
    detail = {"organisations": [halton.id], "due_on": "2027-03-31"}
    course = a_course(session).course_id
    note(session, account, "course-asked-for", subject_type="course", subject_id=course, detail=detail)
    [row] = admin.open(URL).table(TABLE)
    assert row["What"] == "asked for Test course at Halton Borough Council, by 31 March 2027"


@pytest.mark.parametrize("role", [None, Role.AUTHOR])
def test_nobody_else_reads_it(app: Flask, session: Session, role: Role | None) -> None:
    other = an_account(session, a_person(session), *([role] if role else []))
    session.commit()
    browser = Browser(app).enter_as(other)
    assert browser.open(URL).status == 404
    assert browser.open(f"{URL}.csv").status == 404


def test_what_is_stored_is_never_changed_by_reading_it(admin: Browser, session: Session, account: Account) -> None:
    note(session, account)
    admin.open(URL)
    session.expire_all()
    assert session.query(AuditEntry).count() == 1


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_all_hold_nothing(admin: Browser, day: str) -> None:
    assert "Nothing like that" in admin.open(f"{URL}?day={day}").text
    with admin.client.get(f"{URL}.csv?day={day}") as table:
        assert table.status_code == 200
