"""Whose account is closed or opened by what happens to jobs: whoever holds none any more, and has none to come."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from people.accounts import Account
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.ways_in.closing import close_accounts, reopen_accounts

# So long after a last day that lay ahead when it was said, the account is still looked for: nobody may have kept house.
LOOKS_BACK = timedelta(days=31)


def settle_accounts(
    session: Session, *, person_ids: Collection[int], on: date, by: int | None, now: datetime, is_undone: bool = False
) -> None:
    """Close the accounts of those of these people who have no job on a day and none to come; open those of the others.

    Whoever never had a job here, such as an admin from elsewhere, keeps theirs: no job of theirs has ended.
    ``is_undone``: a closing by mistake is taken back, so that roles stay too.
    """
    session.flush()
    working = set(_with_a_job(session, person_ids, on))
    gone = _with_any_job(session, set(person_ids) - working)
    close_accounts(session, person_ids=gone, by=by, now=now)
    reopen_accounts(session, person_ids=working, by=by, now=now, keeps_roles=is_undone)


def close_after_last_days(session: Session, *, on: date, now: datetime) -> int:
    """Close the accounts of people whose last day, which was said before it came, is past; returns how many.

    Said by a file or by hand: jobs that were only brought into the ledger leave accounts as they are.
    """
    was_said = select(EmploymentChange.employment_id).where(
        EmploymentChange.origin.in_((ChangeOrigin.FEED, ChangeOrigin.HAND)), EmploymentChange.undone_at.is_(None)
    )
    query = (
        select(Employment.person_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .join(Account, Account.person_id == Employment.person_id)
        .where(
            Account.is_active,
            EmploymentTerms.ends_on < on,
            EmploymentTerms.ends_on >= on - LOOKS_BACK,
            Employment.id.in_(was_said),
        )
        .distinct()
    )
    people = set(session.scalars(query))
    if not people:
        return 0
    gone = people - set(_with_a_job(session, people, on))
    return len(close_accounts(session, person_ids=gone, by=None, now=now).account_ids) if gone else 0


def _with_any_job(session: Session, person_ids: Collection[int]) -> set[int]:
    """Those who have a job here in the record, though it may be over."""
    found: set[int] = set()
    for some in _parts(person_ids):
        found |= set(session.scalars(select(Employment.person_id).where(Employment.person_id.in_(some)).distinct()))
    return found


def _with_a_job(session: Session, person_ids: Collection[int], on: date) -> set[int]:
    goes_on: ColumnElement[bool] = or_(EmploymentTerms.ends_on.is_(None), EmploymentTerms.ends_on >= on)
    found: set[int] = set()
    for some in _parts(person_ids):
        found |= set(
            session.scalars(
                select(Employment.person_id)
                .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
                .where(Employment.person_id.in_(some), goes_on)
                .distinct()
            )
        )
    return found


def _parts(person_ids: Collection[int]) -> Iterator[Sequence[int]]:
    wanted = sorted(person_ids)
    return (wanted[start : start + 1_000] for start in range(0, len(wanted), 1_000))
