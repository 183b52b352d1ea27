"""The exemptions of an authority as a list shows them, page by page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from assignments.exemptions.record import Exemption, ExemptionEnd, ExemptionReason
from courses.catalogue.versions import titles_of
from kernel.errors import NotFound
from people.accounts import Account
from people.persons import Person


@dataclass(frozen=True)
class ListedExemption:
    """One exemption. ``ends_on`` is its last day, also where it ended early; ``end_reason`` is then why.

    ``approved_by`` is a name, empty where the platform itself did it.
    """

    id: int
    person_id: int
    name: str
    course_title: str
    reason: ExemptionReason
    evidence: str
    starts_on: date
    ends_on: date
    approved_by: str
    end_reason: str
    is_over: bool


@dataclass(frozen=True)
class ExemptionPage:
    """One page of a list, and how many there are on all of them."""

    found: int
    lines: tuple[ListedExemption, ...]


def exemptions_page(
    session: Session, *, organisation_id: int, is_over: bool, on: date, page: int, size: int
) -> ExemptionPage:
    """Those that hold or are to come, which end first first; or those that are over, the last first. From page 1 on."""
    ended = ExemptionEnd.from_on.is_not(None)
    over = or_(ended, Exemption.ends_on < on)
    chosen = _rows().where(Exemption.organisation_id == organisation_id, over if is_over else ~over)
    found = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    order = (Exemption.ends_on.desc(), Exemption.id.desc()) if is_over else (Exemption.ends_on, Exemption.id)
    rows = session.execute(chosen.order_by(*order).offset((page - 1) * size).limit(size)).all()
    return ExemptionPage(found, _listed(session, rows, on))


def get_listed(session: Session, *, exemption_id: int, organisation_id: int, on: date) -> ListedExemption:
    """One exemption of an authority. Raises ``NotFound``."""
    only = (Exemption.id == exemption_id, Exemption.organisation_id == organisation_id)
    found = _listed(session, session.execute(_rows().where(*only)).all(), on)
    if not found:
        raise NotFound(f"exemption {exemption_id}")
    return found[0]


def _rows() -> Any:
    approver = aliased(Person)
    return (
        select(
            Exemption,
            Person.chosen_name.label("name"),
            approver.chosen_name.label("approved_by"),
            ExemptionEnd.from_on.label("from_on"),
            ExemptionEnd.reason.label("end_reason"),
        )
        .join(Person, Person.id == Exemption.person_id)
        .outerjoin(ExemptionEnd, ExemptionEnd.exemption_id == Exemption.id)
        .outerjoin(Account, Account.id == Exemption.given_by_account_id)
        .outerjoin(approver, approver.id == Account.person_id)
    )


def _listed(session: Session, rows: Any, on: date) -> tuple[ListedExemption, ...]:
    titles = titles_of(session, course_ids={row.Exemption.course_id for row in rows})
    return tuple(
        ListedExemption(
            row.Exemption.id,
            row.Exemption.person_id,
            row.name,
            titles[row.Exemption.course_id],
            row.Exemption.reason,
            row.Exemption.evidence,
            row.Exemption.starts_on,
            row.from_on - timedelta(days=1) if row.from_on else row.Exemption.ends_on,
            row.approved_by or "",
            row.end_reason or "",
            row.from_on is not None or row.Exemption.ends_on < on,
        )
        for row in rows
    )
