"""Erasing one person: what it would take, and doing it. Which rows go and which are emptied says the register.

Completions, the course and the days of jobs stay, so that no figure of a past day changes. Names, addresses, payroll
numbers, answers and every word of the person go, and so do the files of their certificates; the hash of each file
stays, so that a certificate in somebody's hand can still be told from a forged one.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, column, exists, func, select, table, update
from sqlalchemy.orm import Session

from certificates.badges.making import end_badges
from certificates.badges.records import Badge, Ending
from certificates.record.issuing import Certificate
from courses.history.forgetting import empty_evidence_about
from kernel.audit import record
from kernel.database import Base, table_of
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.background import want
from people.accounts import Account
from people.feed.runs.forgetting import count_open_files, empty_rows_about, files_of_authorities, forget_files
from people.jobs.changes import EmploymentChange
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.persons import ERASED_NAME, Person
from people.roles import RoleGrant
from privacy.erasing.files import ERASED_FILES, HR_FILES
from privacy.held.rows import count_rows, is_of, table_named
from privacy.register.entries import Fate, Holding
from privacy.register.whole import REGISTER

# What the ledger of a job says that could tell whose it was, and what stands there afterwards.
_LEDGER = {"job_title": "", "grade": "", "contract": "", "site": "", "manager_id": None, "hours_per_week": None}
_NAMES = select(Person.chosen_name, Person.called, Person.sorting_name).where(Person.id == bindparam("person_id"))


class ErasureReason(StrEnum):
    """Why somebody is erased."""

    ASKED = "asked"
    TIME_IS_OVER = "time-is-over"
    MISTAKE = "mistake"


@dataclass(frozen=True)
class ErasurePreview:
    """What erasing would take: rows by what becomes of them, and files. ``refusal`` says why it cannot be done."""

    person_id: int
    name: str
    refusal: str | None
    rows: Mapping[Fate, int]
    by_table: Mapping[str, int]
    files: int
    hr_files: int
    open_hr_files: int


def preview_erasure(session: Session, *, person_id: int, by: int | None, on: date) -> ErasurePreview:
    """What erasing somebody would take today. Raises ``NotFound``."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound(f"person {person_id}")
    counts = count_rows(session, _about_people(), person_id=person_id)
    rows = {fate: sum(counts[one.table] for one in _about_people() if one.fate is fate) for fate in Fate}
    files = session.scalar(
        select(func.count())
        .select_from(Certificate)
        .where(Certificate.person_id == person_id, Certificate.storage_key.is_not(None))
    )
    employers = _numbers(session, person_id)
    return ErasurePreview(
        person_id,
        person.chosen_name,
        _refusal(session, person, by, on),
        rows,
        counts,
        files or 0,
        len(files_of_authorities(session, organisation_ids=employers)),
        count_open_files(session, organisation_ids=employers),
    )


def erase_person(
    session: Session, *, person_id: int, reason: ErasureReason, by: int | None, on: date, now: datetime
) -> Mapping[Fate, int]:
    """Erase somebody; returns how many rows were deleted, emptied and kept. ``by`` is nobody’s for the platform.

    The files of their certificates are wanted to go: a worker deletes them. Raises ``NotFound`` and ``RuleBroken``.
    """
    session.scalar(select(Person.id).where(Person.id == person_id).with_for_update())
    found = preview_erasure(session, person_id=person_id, by=by, on=on)
    if found.refusal is not None:
        raise RuleBroken(found.refusal)
    _forget_files(session, person_id, now)
    _end_badges(session, person_id, now)
    # The rows that others lead to come last.
    for kind in reversed(Base.metadata.sorted_tables):
        holding = REGISTER[kind.name]
        if holding.fate is Fate.DELETED:
            session.execute(kind.delete().where(is_of(holding, person_id)))
        elif holding.fate is Fate.EMPTIED:
            _empty(session, holding, person_id)
    _empty_ledger(session, person_id)
    session.expire_all()
    want(session, ERASED_FILES, subject=str(person_id), now=now)
    counts = {fate.value: found.rows[fate] for fate in Fate}
    record(
        session,
        action="person-erased",
        subject_type="person",
        subject_id=person_id,
        actor_account_id=by,
        now=now,
        detail={"reason": reason.value, **counts, "files": found.files},
    )
    return found.rows


def _forget_files(session: Session, person_id: int, now: datetime) -> None:
    """Let the kept files of their employers go, and what rows that belong to nobody say of them."""
    numbers = _numbers(session, person_id)
    names = [one for one in session.execute(_NAMES, {"person_id": person_id}).one() if one]
    empty_rows_about(session, numbers=numbers, names=names)
    empty_evidence_about(session, person_id=person_id, numbers=numbers, names=names)
    files = files_of_authorities(session, organisation_ids=numbers)
    if files:
        forget_files(session, run_ids=files, now=now)
        want(session, ERASED_FILES, subject=HR_FILES, now=now)


def _numbers(session: Session, person_id: int) -> Mapping[int, set[str]]:
    """The payroll numbers of somebody by authority."""
    jobs = select(Employment.organisation_id, Employment.payroll_number).where(Employment.person_id == person_id)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for organisation_id, number in session.execute(jobs):
        found[organisation_id].add(number)
    return dict(found)


def _about_people() -> tuple[Holding, ...]:
    return tuple(one for one in REGISTER.values() if one.is_about_people)


def _refusal(session: Session, person: Person, by: int | None, on: date) -> str | None:
    if person.chosen_name == ERASED_NAME and person.email is None:
        return "This person is erased already"
    accounts = session.scalars(select(Account.id).where(Account.person_id == person.id)).all()
    if by in accounts:
        return "You cannot erase yourself. Ask another admin"
    is_not_over = EmploymentTerms.ends_on.is_(None) | (EmploymentTerms.ends_on >= on)
    has_job = exists().where(
        Employment.person_id == person.id, EmploymentTerms.employment_id == Employment.id, is_not_over
    )
    if session.scalar(select(has_job)):
        return "This person has a job that has not ended. An employer needs the record of its staff: end the job first"
    held = select(RoleGrant.id).where(RoleGrant.account_id.in_(accounts), RoleGrant.revoked_at.is_(None)).limit(1)
    if session.scalar(held) is not None:
        return "This person has a role. Take it back first"
    return None


def _end_badges(session: Session, person_id: int, now: datetime) -> None:
    open_ones = (
        select(Badge.certificate_id)
        .join(Certificate, Certificate.id == Badge.certificate_id)
        .where(Certificate.person_id == person_id, Badge.ended_at.is_(None))
    )
    for certificate_id in session.scalars(open_ones).all():
        end_badges(session, certificate_id=certificate_id, ending=Ending.WITHDRAWN, now=now)
    session.flush()


def _empty(session: Session, holding: Holding, person_id: int) -> None:
    kind = table_named(holding.table)
    numbered = {name for name, value in holding.emptied.items() if isinstance(value, str) and "{id}" in value}
    values = {name: value for name, value in holding.emptied.items() if name not in numbered}
    theirs = is_of(holding, person_id)
    if values:
        session.execute(update(kind).where(theirs).values(**values))
    if numbered:
        for row_id in session.scalars(select(kind.c.id).where(theirs)).all():
            named = {name: str(holding.emptied[name]).format(id=row_id) for name in numbered}
            session.execute(update(kind).where(kind.c.id == row_id).values(**named))


def _empty_ledger(session: Session, person_id: int) -> None:
    jobs = session.scalars(select(Employment.id).where(Employment.person_id == person_id)).all()
    ledger = table_of(EmploymentChange)
    said = session.execute(select(ledger.c.id, ledger.c["values"]).where(ledger.c.employment_id.in_(jobs))).all()
    for row_id, values in said:
        less: dict[str, Any] = {key: _LEDGER.get(key, value) for key, value in values.items()}
        session.execute(update(ledger).where(ledger.c.id == row_id).values(values=less))
    # Columns of the release before, which nothing of ours reads; the next release drops them.
    before = table("employment", column("id"), column("job_title"), column("grade"))
    session.execute(update(before).where(before.c.id.in_(jobs)).values(job_title=None, grade=None))
