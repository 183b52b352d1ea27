"""What an entry of the audit trail says: a sentence, and its details in words."""

import pytest
from sqlalchemy.orm import Session

from app.platform.audit.lines import lines_of
from kernel.audit import AuditFilter, entries_page, record
from people.accounts import Account
from tests.builders.programmes import a_programme
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation


@pytest.fixture
def ann(session: Session) -> Account:
    return an_account(session, a_person(session, name="Ann Roberts"))


def told(session: Session, actor: Account, action: str, subject: tuple[str, object], **detail: object) -> str:
    subject_type, subject_id = subject
    record(
        session,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        actor_account_id=actor.id,
        now=NOON,
        detail=detail,
    )
    session.flush()
    [line] = lines_of(session, entries_page(session, AuditFilter(), page=1, size=1))
    return f"{line.actor} {line.did}" + (f" ({line.more})" if line.more else "")


def test_a_list_of_names_says_whose_names_they_were(session: Session, ann: Account) -> None:
    sefton = an_organisation(session, "sefton", "Sefton Council")
    unit = a_unit(session, sefton, "Libraries")
    a_course(session)
    detail = {"authority": "sefton", "course": "test-course", "state": "not-started", "unit": unit.id, "page": 1}
    said = told(session, ann, "names-listed", ("list-of-names", "people"), **detail, is_search="yes", people=50)
    assert said == (
        "Ann Roberts opened names in the list of people "
        "(Sefton Council, Test course, who have not started, unit Libraries, page 1, searched for by name, 50 people)"
    )
    said = told(session, ann, "names-listed", ("list-of-names", "search"), count=1)
    assert said == "Ann Roberts opened the names that a search for people found (1 in all)"


def test_a_date_that_changed_is_told_with_the_one_from_before(session: Session, ann: Account) -> None:
    sefton, course = an_organisation(session, "sefton", "Sefton Council"), a_course(session)
    about = ("course", course.course_id)
    days = {"before": "2026-12-15", "due_on": "no date"}
    said = told(session, ann, "requirement-changed", about, organisation_id=sefton.id, **days)
    assert said == (
        "Ann Roberts changed by when Sefton Council asks for Test course (instead of 15 December 2026, with no date)"
    )
    days = {"before": "no date", "due_on": "2027-01-31"}
    said = told(session, ann, "requirement-changed", about, organisation_id=sefton.id, **days)
    assert said.endswith("(instead of no date, by 31 January 2027)")


def test_a_programme_is_called_by_its_name(session: Session, ann: Account) -> None:
    sefton, course = an_organisation(session, "sefton", "Sefton Council"), a_course(session)
    key = a_programme(session, sefton, (course.course_id,), name="Fair to everybody")
    said = told(session, ann, "exemption-ended", ("person", ann.person_id), organisation_id=sefton.id, course=key)
    assert "from Fair to everybody" in said


def test_a_run_of_certificates_names_its_course_and_its_authority(session: Session, ann: Account) -> None:
    sefton, course = an_organisation(session, "sefton", "Sefton Council"), a_course(session)
    detail = {"kind": "issue", "mail": "at-once", "course": course.course_id, "organisation": sefton.id}
    said = told(session, ann, "certificate-run-started", ("certificate-run", 4), **detail, wanted=20, issued=0)
    assert said == (
        "Ann Roberts started run 4 "
        "(first certificates, mail as each is ready, Test course, Sefton Council, 20 wanted, 0 issued)"
    )


def test_who_does_something_to_themselves_is_not_named_twice(session: Session, ann: Account) -> None:
    own, other = ("account", ann.id), an_account(session, a_person(session, name="Bo Evans"))
    assert told(session, ann, "password-set", own) == "Ann Roberts set a new password for their own account"
    assert told(session, ann, "password-changed", own) == "Ann Roberts changed their own password"
    assert told(session, ann, "person-opened", ("person", ann.person_id)) == "Ann Roberts opened their own record"
    assert told(session, ann, "password-set", ("account", other.id)) == "Ann Roberts set a new password for Bo Evans"


@pytest.mark.parametrize("value", ["", "someday", "-1", "٣"])
def test_a_detail_that_is_not_what_it_should_be_is_told_as_it_stands(
    session: Session, ann: Account, value: str
) -> None:
    keys = ("days", "due_on", "before", "people", "course", "organisation", "unit", "kind", "mail", "state")
    assert told(session, ann, "password-set", ("account", ann.id), **dict.fromkeys(keys, value)).startswith("Ann")
