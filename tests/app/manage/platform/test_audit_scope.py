"""HR leads read what was done about the people of their authorities; and a trail can be checked elsewhere."""

import csv
import io
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs.audit_seals import seal_trail
from config import ROOT
from kernel.audit import record
from people.accounts import Account
from people.organisations import Unit
from people.roles import Role
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

URL, TABLE = "/manage/audit", "Audit entries, newest first"


@pytest.fixture
def sefton(session: Session) -> Unit:
    return a_unit(session, an_organisation(session, "sefton", "Sefton Council"), "Libraries")


@pytest.fixture
def halton(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def lead(app: Flask, session: Session, halton: Unit) -> Browser:
    account = an_account(session, a_person(session, halton, "Lead Okafor"), Role.HR_LEAD, unit=halton)
    session.commit()
    return Browser(app).enter_as(account)


@pytest.fixture
def admin(app: Flask, session: Session) -> Account:
    account = an_account(session, a_person(session, name="Ada Admin"), Role.ADMIN)
    session.commit()
    return account


def note(session: Session, actor: Account | None, action: str, about: Account, kind: str = "account") -> None:
    record(
        session,
        action=action,
        subject_type=kind,
        subject_id=about.id if kind == "account" else about.person_id,
        actor_account_id=actor.id if actor else None,
        now=NOON,
        detail={"reason": "a secret of admins"},
    )


def rows(browser: Browser, query: str = "") -> list[tuple[str, str]]:
    page = browser.open(URL + query)
    return [(row["Who"], row["What"]) for row in page.table(TABLE)] if "Nothing like that" not in page.text else []


def test_an_hr_lead_reads_what_was_done_about_their_own_people(
    lead: Browser, session: Session, halton: Unit, sefton: Unit, admin: Account
) -> None:
    own = an_account(session, a_person(session, halton, "Amina Khan"))
    other = an_account(session, a_person(session, sefton, "Ben Sefton"))
    gone = an_account(session, a_person(session, halton, "Gone Long", ends_on=date(2026, 1, 31)))
    note(session, admin, "password-set", own)
    note(session, None, "password-code-made", own)
    note(session, own, "password-changed", own)
    note(session, admin, "person-opened", own, "person")
    note(session, admin, "role-given", own)
    note(session, other, "person-opened", own, "person")
    note(session, admin, "password-set", other)
    note(session, admin, "password-set", gone)
    session.commit()
    assert rows(lead) == [
        ("Ada Admin", "opened the record of Amina Khan"),
        ("Amina Khan", "changed their own password"),
        ("The platform", "made a one-time code for Amina Khan"),
        ("Ada Admin", "set a new password for Amina Khan"),
    ]
    assert rows(lead, "?name=ben") == []
    assert rows(lead, "?kind=role-given") == []
    page = lead.open(URL)
    assert "Role given" not in page.text
    assert "a secret of admins" not in page.text
    assert "people who work in your authority today" in page.text


def test_the_table_of_an_hr_lead_holds_no_more_than_the_page(
    lead: Browser, session: Session, halton: Unit, admin: Account
) -> None:
    own = an_account(session, a_person(session, halton, "Amina Khan"))
    note(session, admin, "password-set", own)
    note(session, admin, "role-given", own)
    session.commit()
    with lead.client.get(f"{URL}.csv") as response:
        text = response.data.decode("utf-8-sig")
    assert "a secret of admins" not in text
    assert [row["What"] for row in csv.DictReader(io.StringIO(text))] == ["set a new password for Amina Khan"]


def test_the_link_stands_beside_sign_in_help(lead: Browser) -> None:
    page = lead.open("/manage/people")
    assert page.links["What was done with the records of your people, and by whom"].endswith(URL)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUTHOR])
def test_for_others_there_is_no_trail(app: Flask, session: Session, halton: Unit, role: Role) -> None:
    other = an_account(session, a_person(session, halton), role, unit=halton)
    session.commit()
    browser = Browser(app).enter_as(other)
    assert browser.open(URL).status == 404
    assert browser.open(f"{URL}.csv").status == 404


def checked(folder: Path, text: str, *words: str) -> str:
    """What the script of the document says about a table."""
    shown = (ROOT / "docs" / "audit-trail.md").read_text(encoding="utf-8")
    script = re.search(r"^```python\n(.*?)^```$", shown, re.MULTILINE | re.DOTALL)
    assert script is not None
    (folder / "check.py").write_text(script[1], encoding="utf-8")
    (folder / "trail.csv").write_text(text, encoding="utf-8-sig", newline="")
    ran = subprocess.run(
        [sys.executable, "check.py", "trail.csv", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    return (ran.stdout + ran.stderr).strip()


def test_an_exported_trail_can_be_checked_elsewhere(
    app: Flask, session: Session, admin: Account, tmp_path: Path
) -> None:
    own = an_account(session, a_person(session, name="Siân 王芳"))
    for _ in range(3):
        note(session, admin, "password-set", own)
    session.commit()
    with app.app_context():
        seal_trail()
    with Browser(app).enter_as(admin).client.get(f"{URL}.csv") as response:
        text = response.data.decode("utf-8-sig")
    assert checked(tmp_path, text, "--whole") == "Every entry is as it was sealed"
    newest, second, third, first = csv.DictReader(io.StringIO(text))
    assert (newest["Seal"], first["Seal before"]) == ("", "0" * 64)
    assert checked(tmp_path, text.replace("a secret of", "no secret of"))[:6] == "Entry "
    [line] = [one for one in text.splitlines(keepends=True) if f',{third["Entry"]},"' in one]
    assert checked(tmp_path, text.replace(line, "")) == "Every entry is as it was sealed"
    named = checked(tmp_path, text.replace(line, ""), "--whole")
    assert named == f"Entry {first['Entry']} is not as it was sealed"
    assert second["Seal before"] == third["Seal"]
