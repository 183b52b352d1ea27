"""What a person has completed, line by line, and how it was put right."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from courses.amending.record import Fault, amendments_about
from courses.catalogue.versions import titles_of
from courses.records.completion import Completion, is_standing
from kernel.clock import local_day
from kernel.errors import NotFound
from people.accounts import Account
from people.organisations import Organisation
from people.persons import Person


@dataclass(frozen=True)
class DoneLine:
    """One completion. ``can_amend`` says that it counts, and that the one who reads it may put it right."""

    completion_id: int
    course_id: int
    title: str
    completed_on: date
    organisation_name: str
    is_imported: bool
    counts: bool
    can_amend: bool


@dataclass(frozen=True)
class AmendedLine:
    """One amendment, in what people read: whose it was and is, both days, who did it, and why.

    ``reason`` is empty where it was written at another authority.
    """

    id: int
    title: str
    fault: Fault
    reason: str
    before_name: str
    before_on: date
    after_name: str
    after_on: date | None
    amended_at: datetime
    amended_by: str
    undone_at: datetime | None
    can_undo: bool


def done_lines(session: Session, *, person_id: int, organisation_ids: frozenset[int] | None) -> tuple[DoneLine, ...]:
    """Everything that they have completed, the newest first. ``organisation_ids`` are where it may be put right."""
    standing = aliased(Completion)
    counts = select(standing.id).where(standing.person_id == person_id, is_standing(standing))
    rows = session.execute(
        select(Completion, Organisation.name, Completion.id.in_(counts))
        .join(Organisation, Organisation.id == Completion.organisation_id)
        .where(Completion.person_id == person_id)
        .order_by(Completion.completed_at.desc(), Completion.id.desc())
    ).all()
    titles = titles_of(session, course_ids={row.course_id for row, *_ in rows})
    return tuple(
        DoneLine(
            completion_id=row.id,
            course_id=row.course_id,
            title=titles[row.course_id],
            completed_on=local_day(row.completed_at),
            organisation_name=name,
            is_imported=row.is_imported,
            counts=bool(stands),
            can_amend=bool(stands) and _is_within(row, organisation_ids),
        )
        for row, name, stands in rows
    )


def get_completion_to_amend(
    session: Session, *, completion_id: int, person_id: int, organisation_ids: frozenset[int] | None
) -> Completion:
    """One that counts and may be put right. Raises ``NotFound``."""
    found = session.scalar(
        select(Completion).where(Completion.id == completion_id, Completion.person_id == person_id, is_standing())
    )
    if found is None or not _is_within(found, organisation_ids):
        raise NotFound(f"completion {completion_id} of person {person_id}")
    return found


def _is_within(completion: Completion, organisation_ids: frozenset[int] | None) -> bool:
    return organisation_ids is None or completion.organisation_id in organisation_ids


def amended_lines(
    session: Session, *, person_id: int, organisation_ids: frozenset[int] | None
) -> tuple[AmendedLine, ...]:
    """How that was put right, the newest first. Of somebody at another authority no name is said."""
    found = amendments_about(session, person_id=person_id)
    ids = {key for one in found for key in (one.completion_id, one.replacement_id) if key is not None}
    done = {one.id: one for one in session.scalars(select(Completion).where(Completion.id.in_(ids)))}
    titles = titles_of(session, course_ids={one.course_id for one in done.values()})
    names = _names(session, {one.person_id for one in done.values()})
    doers = _doers(session, {one.amended_by_account_id for one in found if one.amended_by_account_id is not None})
    lines = []
    for one in found:
        before, after = done[one.completion_id], done.get(one.replacement_id or 0)

        def name_of(whose: Completion | None) -> str:
            if whose is None:
                return ""
            is_seen = whose.person_id == person_id or _is_within(whose, organisation_ids)
            return names[whose.person_id] if is_seen else "somebody at another authority"

        # Whoever looks after neither side reads that it was put right, and no words or names of another authority.
        is_theirs = any(whose and _is_within(whose, organisation_ids) for whose in (before, after))
        lines.append(
            AmendedLine(
                id=one.id,
                title=titles[before.course_id],
                fault=one.fault,
                reason=one.reason if is_theirs else "",
                before_name=name_of(before),
                before_on=local_day(before.completed_at),
                after_name=name_of(after),
                after_on=local_day(after.completed_at) if after else None,
                amended_at=one.amended_at,
                amended_by=doers.get(one.amended_by_account_id or 0, "Somebody")
                if is_theirs
                else "Somebody at another authority",
                undone_at=one.undone_at,
                can_undo=one.undone_at is None and _is_within(before, organisation_ids),
            )
        )
    return tuple(lines)


def _names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(Person.id, Person.chosen_name).where(Person.id.in_(person_ids)))
    return dict(rows.all())


def _doers(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(
        select(Account.id, Person.chosen_name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_(account_ids))
    )
    return dict(rows.all())
