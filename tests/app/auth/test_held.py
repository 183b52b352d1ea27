"""What is held about somebody: all of it, in words and as a file, for themselves alone."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.auth.held_words import SECTIONS
from courses.catalogue.versions import CourseVersion
from courses.records.attempts import Attempt
from kernel.audit import record
from kernel.database import Base
from people.accounts import Account
from people.organisations import Unit
from people.roles import Role
from privacy.held.readable import COURSE_CODES, LEFT_OUT, purpose_sentence, said_to_you
from privacy.held.rows import KEPT_BACK, columns_of_all, is_of, newest_rows
from privacy.register.entries import Section
from privacy.register.whole import REGISTER
from tests.builders.certificates import issued_to
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
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
def test_no_page_shows_the_name_of_a_column_or_a_bare_code(
    own: Browser, session: Session, account: Account, section: Section
) -> None:
    text = own.open(f"/account/held/{section}").text
    columns = {name for names in columns_of_all().values() for name in names if "_" in name}
    assert sorted(one for one in columns if one in text) == []
    values = [
        (column in COURSE_CODES | LEFT_OUT.get(one.table, frozenset()), value)
        for one in REGISTER.values()
        if one.section is section
        for row in newest_rows(session, one, person_id=account.person_id, most=10)
        for column, value in row.items()
        if isinstance(value, str) and len(value) > 2 and not value.isdigit()
    ]
    codes = {value for is_code, value in values if is_code} - {value for is_code, value in values if not is_code}
    assert sorted(one for one in codes if one in text) == []
    assert KEPT_BACK not in text
    assert "the person" not in text.lower()


def test_what_is_left_out_of_the_pages_is_in_the_tables() -> None:
    for name, left_out in LEFT_OUT.items():
        assert left_out <= set(REGISTER[name].columns), name
    assert all(any(code in one.columns for one in REGISTER.values()) for code in COURSE_CODES)


def test_purposes_are_sentences_to_the_one_whom_they_are_about() -> None:
    for one in REGISTER.values():
        if one.is_about_people:
            purpose, said = purpose_sentence(one.purpose), f"{said_to_you(one.kept)} {said_to_you(one.seen_by)}"
            assert purpose.startswith(("We hold this to ", "We hold this for "))
            assert not re.search(r"\b([Tt]he person|their|erased, by hand)\b(?! others)", said) or one.table == "person"


def test_a_part_of_a_course_stands_with_its_title_and_an_answer_in_words(
    app: Flask, session: Session, unit: Unit
) -> None:
    account = an_account(session, a_person(session, unit, NAME))
    course = a_course(session)
    attempt = Attempt(
        person_id=account.person_id,
        course_id=course.course_id,
        course_version_id=course.version_id,
        cycle=1,
        started_at=NOON,
        last_seen_at=NOON,
        at_module="",
        at_screen=1,
    )
    session.add(attempt)
    session.flush()
    document = session.get_one(CourseVersion, course.version_id).document
    question, code = next((one, key) for key, one in document["questions"].items() if one.get("options"))
    option = question["options"][0]
    table = Base.metadata.tables
    session.execute(
        insert(table["answer"]).values(
            attempt_id=attempt.id,
            question_id=code,
            try_number=1,
            response=option["id"],
            points=1.0,
            out_of=1,
            is_right=True,
            marking_version=1,
            answered_at=NOON,
        )
    )
    session.commit()
    page = Browser(app).enter_as(account).open("/account/held/answers")
    assert f"Question {question['stem']}" in page.text
    assert f"What you answered {option['text']}" in page.text
    assert f"In which course {document['title']}" in page.text
    assert "Points 1 Out of 1" in page.text
    assert code not in page.text


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
