"""The requests of an authority's learners as HR leads and managers see them, page by page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from assignments.requests.record import LearnerRequest
from courses.catalogue.versions import titles_of
from kernel.errors import NotFound
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms
from people.organisations import units_within
from people.persons import Person


@dataclass(frozen=True)
class RequestsScope:
    """Whose requests: of an authority, or of those who work in ``unit_ids`` and below, where there are any, on a
    day."""

    organisation_id: int
    unit_ids: Collection[int]
    on: date


@dataclass(frozen=True)
class ListedRequest:
    """One request, with whose it is and about which course."""

    row: LearnerRequest
    name: str
    course_title: str


@dataclass(frozen=True)
class RequestPage:
    """One page of a list, and how many there are on all of them."""

    found: int
    lines: tuple[ListedRequest, ...]


def requests_page(session: Session, scope: RequestsScope, *, is_open: bool, page: int, size: int) -> RequestPage:
    """Those that are open, the oldest first; or those that are decided, the newest first. From page 1 on."""
    state = LearnerRequest.decided_at.is_(None) if is_open else LearnerRequest.decided_at.is_not(None)
    only = (state, _within(scope))
    order = (
        (LearnerRequest.asked_at, LearnerRequest.id)
        if is_open
        else (LearnerRequest.decided_at.desc(), LearnerRequest.id.desc())
    )
    found = session.scalar(select(func.count()).select_from(LearnerRequest).where(*only)) or 0
    rows = session.execute(_rows(*only).order_by(*order).offset((page - 1) * size).limit(size)).all()
    return RequestPage(found, _listed(session, rows))


def count_open(session: Session, scope: RequestsScope) -> int:
    """How many wait for an answer."""
    only = (LearnerRequest.decided_at.is_(None), _within(scope))
    return session.scalar(select(func.count()).select_from(LearnerRequest).where(*only)) or 0


def waiting_of(session: Session, scope: RequestsScope, *, person_ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """Which of these people wait for an answer, and about which course."""
    rows = session.execute(
        select(LearnerRequest.person_id, LearnerRequest.course_id).where(
            LearnerRequest.decided_at.is_(None), LearnerRequest.person_id.in_(person_ids), _within(scope)
        )
    )
    return frozenset((person_id, course_id) for person_id, course_id in rows)


def open_requests_of(
    session: Session, *, person_id: int, organisation_ids: Collection[int], course_id: int | None = None
) -> tuple[LearnerRequest, ...]:
    """What somebody waits for an answer to, the oldest first; about one course, or about any."""
    only = [] if course_id is None else [LearnerRequest.course_id == course_id]
    rows = session.scalars(
        select(LearnerRequest)
        .where(
            LearnerRequest.person_id == person_id,
            LearnerRequest.organisation_id.in_(organisation_ids),
            LearnerRequest.decided_at.is_(None),
            *only,
        )
        .order_by(LearnerRequest.asked_at, LearnerRequest.id)
    )
    return tuple(rows)


def get_request(session: Session, scope: RequestsScope, *, request_id: int) -> ListedRequest:
    """One of them, open or not. Raises ``NotFound``."""
    found = _listed(session, session.execute(_rows(LearnerRequest.id == request_id, _within(scope))).all())
    if not found:
        raise NotFound(f"request {request_id}")
    return found[0]


def _within(scope: RequestsScope) -> ColumnElement[bool]:
    here = LearnerRequest.organisation_id == scope.organisation_id
    return here & (_works_in(scope) if scope.unit_ids else true())


def _works_in(scope: RequestsScope) -> ColumnElement[bool]:
    units = or_(*(EmploymentTerms.unit_id.in_(units_within(one)) for one in scope.unit_ids))
    held = (
        select(Employment.person_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.organisation_id == scope.organisation_id, is_held(scope.on), units)
    )
    return LearnerRequest.person_id.in_(held)


def _rows(*only: ColumnElement[bool]) -> Any:
    return select(LearnerRequest, Person.chosen_name).join(Person, Person.id == LearnerRequest.person_id).where(*only)


def _listed(session: Session, rows: Any) -> tuple[ListedRequest, ...]:
    titles = titles_of(session, course_ids={row.course_id for row, _ in rows})
    return tuple(ListedRequest(row, name, titles[row.course_id]) for row, name in rows)
