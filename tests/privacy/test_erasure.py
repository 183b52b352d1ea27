"""Erasing a person: nothing says any more who it was, and every figure stays as it was."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.jobs.privacy.erased_files import delete_erased_files
from app.platform.storage import FolderStore
from certificates.changes.reissuing import reissue
from certificates.record.history import Reason
from certificates.record.issuing import Certificate
from certificates.verification import verify
from kernel.audit import entries_for
from kernel.database import Base
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.kinds import TaskState
from people.accounts import Account, find_account
from people.organisations import Unit
from people.persons import ERASED_NAME, Person
from people.roles import Role, RoleGrant
from privacy.erasing.erasure import ErasureReason, erase_person, preview_erasure
from privacy.held.rows import is_of
from privacy.register.entries import Fate
from privacy.register.whole import REGISTER
from tests.builders.region import NOON, TODAY, a_person, a_unit, an_account, an_employment, an_organisation
from tests.privacy.everything import everything_about

LEFT_ON = date(2026, 1, 31)
NAME = "Siân Ọláyínká"


@pytest.fixture(autouse=True)
def in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def account(session: Session, unit: Unit) -> Account:
    """The account of somebody who has left, and of whom every table holds something."""
    person = a_person(session, unit, NAME, ends_on=LEFT_ON, payroll_number="HAL-4711", job_title="Lamplighter")
    person.email = "sian@halton.example"
    account = an_account(session, person)
    everything_about(session, account, words="words of my own")
    session.execute(update(RoleGrant).where(RoleGrant.account_id == account.id).values(revoked_at=NOON))
    other = an_account(session, a_person(session, unit, "محمد O’Brien"))
    everything_about(session, other, words="words of another")
    session.commit()
    return account


def erase(session: Session, account: Account, by: int | None = None) -> Any:
    return erase_person(session, person_id=account.person_id, reason=ErasureReason.ASKED, by=by, on=TODAY, now=NOON)


def rows_of(session: Session, person_id: int) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            dict(row)
            for row in session.execute(select(Base.metadata.tables[name]).where(is_of(one, person_id))).mappings()
        ]
        for name, one in REGISTER.items()
        if one.is_about_people
    }


def test_each_table_becomes_what_the_register_says(session: Session, account: Account) -> None:
    before = rows_of(session, account.person_id)
    assert [name for name, rows in before.items() if not rows] == []
    preview = preview_erasure(session, person_id=account.person_id, by=None, on=TODAY)
    assert preview.refusal is None
    assert erase(session, account) == preview.rows
    after = rows_of(session, account.person_id)
    for name, rows in after.items():
        fate = REGISTER[name].fate
        assert len(rows) == (0 if fate is Fate.DELETED else len(before[name])), name
        if fate is Fate.KEPT:
            assert rows == before[name], name


def test_nothing_that_is_left_tells_who_it_was(session: Session, account: Account) -> None:
    kept, username = {one.table for one in REGISTER.values() if one.fate is Fate.KEPT}, account.username
    erase(session, account)
    left = repr({name: rows for name, rows in rows_of(session, account.person_id).items() if name not in kept})
    for trace in (NAME, "Siân", "HAL-4711", "Lamplighter", "sian@halton.example", "words of my own", username):
        assert trace not in left
    old = session.execute(text("SELECT job_title, grade FROM employment WHERE payroll_number LIKE 'erased-%'")).all()
    assert {tuple(row) for row in old} == {(None, None)}


def test_the_rows_of_everybody_else_are_untouched(session: Session, account: Account) -> None:
    other = session.scalars(select(Account).where(Account.id != account.id)).one()
    before = rows_of(session, other.person_id)
    erase(session, account)
    assert rows_of(session, other.person_id) == before


def test_a_completion_still_counts_and_its_certificate_can_still_be_checked(session: Session, account: Account) -> None:
    certificate = session.scalars(select(Certificate).where(Certificate.person_id == account.person_id)).one()
    number, sha256 = certificate.number, certificate.sha256
    completions = rows_of(session, account.person_id)["completion"]
    erase(session, account)
    assert rows_of(session, account.person_id)["completion"] == completions
    found = verify(session, certificate_number=number, now=NOON)
    assert found is not None
    assert found.name == ERASED_NAME
    assert session.get_one(Certificate, certificate.id).sha256 == sha256
    with pytest.raises(RuleBroken, match="was erased"):
        reissue(session, certificate_number=number, reason=Reason.TEMPLATE_FAULT, words="", account_id=None, now=NOON)


def test_nobody_signs_in_with_the_account_and_its_username_is_free(session: Session, account: Account) -> None:
    username, account_id = account.username, account.id
    erase(session, account)
    assert find_account(session, username=username) is None
    gone = session.get_one(Account, account_id)
    assert (gone.is_active, gone.username) == (False, f"erased-{account_id}")


def test_the_files_go_in_the_queue_and_are_not_taken_for_lost(
    app: Flask, session: Session, account: Account, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path)
    monkeypatch.setitem(app.extensions, "common-ground-files", store)
    certificate = session.scalars(select(Certificate).where(Certificate.person_id == account.person_id)).one()
    certificate.storage_key = "certificates/AA/BB/one.pdf"
    store.put(certificate.storage_key, b"%PDF")
    erase(session, account)
    session.commit()
    delete_erased_files()
    session.expire_all()
    assert not store.exists("certificates/AA/BB/one.pdf")
    assert (certificate.state, certificate.storage_key) == (TaskState.EXPIRED, None)
    delete_erased_files()


def test_it_stands_in_the_audit_trail_with_counts_and_without_a_name(session: Session, account: Account) -> None:
    admin = an_account(session, a_person(session), Role.ADMIN)
    rows = erase(session, account, by=admin.id)
    [*_, entry] = entries_for(session, subject_type="person", subject_id=account.person_id)
    assert (entry.action, entry.actor_account_id) == ("person-erased", admin.id)
    assert entry.detail == {"reason": "asked", **{fate.value: rows[fate] for fate in Fate}, "files": 1}


def test_somebody_with_a_job_a_role_or_no_record_is_not_erased(session: Session, account: Account, unit: Unit) -> None:
    person_id = account.person_id
    with pytest.raises(RuleBroken, match="You cannot erase yourself"):
        erase(session, account, by=account.id)
    erased = session.get_one(Person, person_id)
    an_employment(session, erased, unit, ends_on=None, starts_on=date(2027, 1, 1))
    with pytest.raises(RuleBroken, match="has a job that has not ended"):
        erase(session, account)
    leader = an_account(session, a_person(session, name="Leader"), Role.ADMIN)
    with pytest.raises(RuleBroken, match="Take it back first"):
        erase(session, leader)
    with pytest.raises(NotFound):
        preview_erasure(session, person_id=999_999, by=None, on=TODAY)


def test_nobody_is_erased_twice(session: Session, account: Account) -> None:
    erase(session, account)
    with pytest.raises(RuleBroken, match="is erased already"):
        erase(session, account)
