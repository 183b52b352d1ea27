"""What is held about somebody: all of it, in words and as a file, for themselves alone."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.auth.held_words import SECTIONS
from kernel.audit import record
from kernel.database import Base
from people.accounts import Account
from people.organisations import Unit
from people.roles import Role
from privacy.held.rows import KEPT_BACK, is_of
from privacy.register.entries import Section
from privacy.register.whole import REGISTER
from tests.builders.certificates import issued_to
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.privacy.everything import everything_about
from tests.reading import Browser

NAME, OTHER = "Siân Nguyễn", "محمد O’Brien"
LOOKS = "What was done with your record, newest first"


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def account(session: Session, unit: Unit) -> Account:
    account = an_account(session, a_person(session, unit, NAME), Role.MANAGER, unit=unit)
    everything_about(session, account, words="words of my own")
    other = an_account(session, a_person(session, unit, OTHER), Role.ADMIN)
    everything_about(session, other, words="words of another")
    session.commit()
    return account


@pytest.fixture
def own(app: Flask, account: Account) -> Browser:
    return Browser(app).enter_as(account)


def downloaded(browser: Browser) -> dict[str, Any]:
    with browser.client.get("/account/held.json") as response:
        assert response.headers["Content-Length"] == str(len(response.data))
        assert response.headers["Content-Disposition"].startswith("attachment; filename=what-is-held-about-me-")
        found: dict[str, Any] = json.loads(response.data)
        return found


def test_the_file_holds_every_table_with_rows_of_the_person_and_of_nobody_else(
    own: Browser, session: Session, account: Account
) -> None:
    found = downloaded(own)
    about_people = {one.table for one in REGISTER.values() if one.is_about_people}
    assert set(found["tables"]) == about_people
    assert [name for name, table in found["tables"].items() if not table["rows"]] == []
    for name, held in found["tables"].items():
        table = Base.metadata.tables[name]
        wanted = session.execute(select(*table.primary_key.columns).where(is_of(REGISTER[name], account.person_id)))
        keys = [[column.name for column in table.primary_key.columns]] * len(held["rows"])
        assert [[row[key] for key in columns] for row, columns in zip(held["rows"], keys, strict=True)] == [
            list(row) for row in wanted
        ], name
        assert set(held["rows"][0]) == set(table.c.keys())
        assert all(held[fact] for fact in ("what", "what_for", "kept", "who_sees_it"))
    whole = json.dumps(found, ensure_ascii=False)
    assert "words of my own" in whole
    assert NAME in whole
    assert "words of another" not in whole


def test_what_opens_something_is_kept_back(own: Browser) -> None:
    tables = downloaded(own)["tables"]
    for name, holding in REGISTER.items():
        for column in holding.secret:
            if name in tables:
                assert {row[column] for row in tables[name]["rows"]} <= {KEPT_BACK, None, 0, ""}, (name, column)


def test_what_somebody_did_at_work_is_told_without_what_is_of_others(
    own: Browser, session: Session, account: Account, unit: Unit
) -> None:
    other = session.scalar(select(Account).where(Account.id != account.id))
    assert other is not None
    certificate = issued_to(session, a_person(session, unit, "Somebody Else").id)
    session.execute(
        insert(Base.metadata.tables["certificate_event"]).values(
            certificate_id=certificate.id,
            kind="revoked",
            reason="other",
            words="about somebody else",
            actor_account_id=account.id,
            happened_at=NOON,
        )
    )
    session.commit()
    found = downloaded(own)
    acts = found["what_you_did_at_work"]["certificate_event.actor_account_id"]["rows"]
    assert NOON.isoformat() in [row["happened_at"] for row in acts]
    assert all(set(row) == {"id", "happened_at"} for row in acts)
    assert "about somebody else" not in json.dumps(found)


@pytest.mark.parametrize("section", Section)
def test_each_heading_shows_its_tables_in_words(own: Browser, section: Section) -> None:
    start = own.open("/account/held")
    assert start.heading == "What is held about you"
    page = own.open(f"/account/held/{section}")
    assert page.heading == SECTIONS[section].title
    titles = [one.title for one in REGISTER.values() if one.section is section]
    assert all(title in page.text for title in titles)
    assert "words of another" not in page.text
    assert OTHER not in page.text or section in (Section.ANSWERS, Section.CERTIFICATES, Section.LEARNING)


def test_own_words_stand_on_the_page_as_they_were_written(own: Browser) -> None:
    assert own.open("/account/held/words").text.count("words of my own") >= 4


def test_a_heading_that_is_none_is_not_found(own: Browser) -> None:
    assert own.open("/account/held/everything").status == 404


def test_somebody_reads_who_opened_their_record_and_what_for(own: Browser, session: Session, account: Account) -> None:
    other = session.scalar(select(Account).where(Account.id != account.id))
    assert other is not None
    for action, about in (("person-opened", account.person_id), ("person-opened", other.person_id)):
        record(
            session,
            action=action,
            subject_type="person",
            subject_id=about,
            actor_account_id=other.id,
            now=NOON,
            detail={"reason": "to-help-with-signing-in"},
        )
    session.commit()
    rows = own.open("/account/held/looks").table(LOOKS)
    assert [(row["Who"], row["What"]) for row in rows] == [
        (OTHER, f"opened the record of {NAME} because of: to help with signing in")
    ]
    downloaded(own)
    page = own.open("/account/held/looks")
    assert page.table(LOOKS)[0]["What"] == "downloaded what is held about themselves"
    assert own.open("/account/held/looks?page=2").status == 404


def test_nobody_comes_here_without_signing_in(app: Flask) -> None:
    for page in ("", "/words", "/looks", ".json"):
        assert "/sign-in" in Browser(app).open(f"/account/held{page}", follow=False).location


def test_the_account_leads_here(own: Browser) -> None:
    assert own.open("/account").links["What is held about you"] == "/account/held"
