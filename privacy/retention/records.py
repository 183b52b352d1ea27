"""What each kind of record is, how much of it has passed its time, and letting it go in portions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from certificates.record.links import CertificateLink
from courses.history.forgetting import empty_evidence, evidence_before
from courses.quizzes.adjustments import RetryRequest
from kernel.clock import day_bounds
from kernel.database import Base
from kernel.tasks.background import want
from people.accounts import Account
from people.feed.runs.forgetting import files_over, forget_births, forget_files
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.persons import ERASED_NAME, Person
from people.roles import RoleGrant
from privacy.erasing.erasure import ErasureReason, erase_person
from privacy.erasing.files import ERASED_FILES
from privacy.erasing.files import HR_FILES as HR_FILES_SUBJECT
from privacy.held.rows import holdings_of, is_of, owners_of
from privacy.register.entries import Fate, Holding, Section
from privacy.retention.rules import RecordKind

Ids = Callable[[date], Select[int]]


@dataclass(frozen=True)
class KeptRecord:
    """A kind of record. ``ids`` finds the rows or people whose time passed before a day; ``what`` are they."""

    kind: RecordKind
    title: str
    says: str
    what: tuple[str, str]
    ids: Ids


def _left_before(day: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions on a person who had a job, whose last job ended before a day, and who holds no role."""
    has_had_one = exists().where(Employment.person_id == Person.id)
    is_later = EmploymentTerms.ends_on.is_(None) | (EmploymentTerms.ends_on >= day)
    goes_on = exists().where(
        Employment.person_id == Person.id, EmploymentTerms.employment_id == Employment.id, is_later
    )
    has_role = exists().where(
        Account.person_id == Person.id, RoleGrant.account_id == Account.id, RoleGrant.revoked_at.is_(None)
    )
    return has_had_one, ~goes_on, ~has_role


def _leavers(day: date) -> Select[int]:
    return select(Person.id).where(*_left_before(day), Person.chosen_name != ERASED_NAME)


def _writers(day: date) -> Select[int]:
    wrote = or_(*(Person.id.in_(owners_of(one)) for one in holdings_of(Section.WORDS)))
    return select(Person.id).where(*_left_before(day), wrote)


def _written_to(day: date) -> Select[int]:
    wrote = or_(*(Person.id.in_(owners_of(one)) for one in holdings_of(Section.MESSAGES)))
    return select(Person.id).where(*_left_before(day), wrote)


def _learners(day: date) -> Select[int]:
    began = or_(*(Person.id.in_(owners_of(one)) for one in _of_attempts()))
    return select(Person.id).where(*_left_before(day), began)


def _of_attempts() -> tuple[Holding, ...]:
    """How far people were in courses and what they answered: the tables whose rows go when somebody is erased."""
    of_learning = (*holdings_of(Section.LEARNING), *holdings_of(Section.ANSWERS))
    return tuple(one for one in of_learning if one.fate is Fate.DELETED)


def _requests(day: date) -> Select[int]:
    return select(RetryRequest.id).where(RetryRequest.answered_at < day_bounds(day)[0], RetryRequest.reason != "")


def _links(day: date) -> Select[int]:
    ended_at = func.coalesce(CertificateLink.withdrawn_at, CertificateLink.ends_at)
    return select(CertificateLink.id).where(ended_at < day_bounds(day)[0])


RECORDS: Mapping[RecordKind, KeptRecord] = {
    one.kind: one
    for one in (
        KeptRecord(
            RecordKind.LEAVERS,
            "People who have left",
            "They are erased so long after the last day of their last job: their completions stay without a name",
            ("person", "people"),
            _leavers,
        ),
        KeptRecord(
            RecordKind.OWN_WORDS,
            "Own words of people who have left",
            "Notes, plans, ratings and comments are deleted so long after the last day of their last job",
            ("person", "people"),
            _writers,
        ),
        KeptRecord(
            RecordKind.REQUESTS,
            "Reasons for more tries at a quiz",
            "What people gave as a reason is emptied so long after they were answered",
            ("reason", "reasons"),
            _requests,
        ),
        KeptRecord(
            RecordKind.LINKS,
            "Links to certificates that have ended",
            "They are deleted with their notes so long after their end",
            ("link", "links"),
            _links,
        ),
        KeptRecord(
            RecordKind.MESSAGES,
            "Messages to people who have left",
            "They are deleted so long after the last day of their last job",
            ("person", "people"),
            _written_to,
        ),
        KeptRecord(
            RecordKind.ATTEMPTS,
            "Answers of people who have left",
            "What they answered and how far they were is deleted so long after the last day of their last job."
            " That they began a course, completions and certificates stay",
            ("person", "people"),
            _learners,
        ),
        KeptRecord(
            RecordKind.EVIDENCE,
            "Past learning that belongs to nobody",
            "What such a row of a file says is emptied so long after the file was applied: it can be matched no more",
            ("row", "rows"),
            evidence_before,
        ),
        KeptRecord(
            RecordKind.HR_FILES,
            "HR files",
            "The file is deleted so long after its run cannot be undone any more, with the names in rows that belong to"
            " no job. What the run did stays",
            ("HR file", "HR files"),
            files_over,
        ),
    )
}


def count_past(session: Session, kind: RecordKind, *, before: date) -> int:
    """How many rows or people of a kind have passed their time before a day."""
    return session.scalar(select(func.count()).select_from(RECORDS[kind].ids(before).subquery())) or 0


def let_go(session: Session, kind: RecordKind, *, before: date, on: date, now: datetime, most: int) -> int:
    """Let the next ones of a kind go, ``most`` at the most; returns how many. Fewer than ``most``: those were all."""
    first = RECORDS[kind].ids(before).limit(most)
    ids = list(session.scalars(first.order_by(first.selected_columns[0])))
    match kind:
        case RecordKind.LEAVERS:
            for person_id in ids:
                erase_person(session, person_id=person_id, reason=ErasureReason.TIME_IS_OVER, by=None, on=on, now=now)
        case RecordKind.OWN_WORDS:
            for person_id in ids:
                _delete_rows(session, holdings_of(Section.WORDS), person_id)
        case RecordKind.REQUESTS:
            session.execute(update(RetryRequest).where(RetryRequest.id.in_(ids)).values(reason=""))
        case RecordKind.MESSAGES:
            for person_id in ids:
                _delete_rows(session, holdings_of(Section.MESSAGES), person_id)
        case RecordKind.ATTEMPTS:
            for person_id in ids:
                _delete_rows(session, _of_attempts(), person_id)
        case RecordKind.EVIDENCE:
            empty_evidence(session, row_ids=ids)
        case RecordKind.HR_FILES:
            forget_files(session, run_ids=ids, now=now)
            forget_births(session, before=before)
            if ids:
                want(session, ERASED_FILES, subject=HR_FILES_SUBJECT, now=now)
        case RecordKind.LINKS:
            session.execute(delete(CertificateLink).where(CertificateLink.id.in_(ids)))
    return len(ids)


def _delete_rows(session: Session, holdings: Sequence[Holding], person_id: int) -> None:
    """The rows that others lead to go last."""
    by_table = {one.table: one for one in holdings}
    for kind in reversed(Base.metadata.sorted_tables):
        if kind.name in by_table:
            session.execute(kind.delete().where(is_of(by_table[kind.name], person_id)))
