"""Local wording: each authority's own words for the tokens in courses. Every change is a new row."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Date, ForeignKey, Index, String, Table, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.append_only import keep_append_only
from kernel.database import Base, UTCDateTime
from people.jobs.employment import Employment
from people.jobs.reading import order_of_jobs
from people.jobs.terms import EmploymentTerms
from people.organisations import Organisation


class LocalWording(Base):
    """What one token says in one organisation from ``changed_at`` on; an empty text brings the default back."""

    __tablename__ = "local_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    token: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(2000))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "organisation_id", "token", "id"),)


keep_append_only(cast(Table, LocalWording.__table__))


@dataclass(frozen=True)
class LocalWordingSource:
    """Whose local wording a learner reads: their employer on that day, and the newest change of its wording.

    Everything is empty for somebody without a job, who reads the defaults. ``example_set`` is what they picked.
    """

    organisation_id: int | None
    slug: str | None
    revision: int
    example_set: str | None = None


# Who employs the person ``person_id`` on the day ``on``, as people.jobs.reading.find_main_employment says.
EMPLOYER_ID = (
    select(Employment.organisation_id)
    .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
    .where(Employment.person_id == bindparam("person_id"))
    .order_by(*order_of_jobs(bindparam("on", type_=Date)))
    .limit(1)
    .scalar_subquery()
)
LOCAL_WORDING_COLUMNS = (
    Organisation.id,
    Organisation.slug,
    select(func.max(LocalWording.id))
    .where(LocalWording.organisation_id == Organisation.id)
    .correlate(Organisation)
    .scalar_subquery(),
)
_SOURCE = select(*LOCAL_WORDING_COLUMNS).where(Organisation.id == EMPLOYER_ID)


def local_wording_source_from(
    organisation_id: int | None, slug: str | None, revision: int | None, example_set: str | None = None
) -> LocalWordingSource:
    """The source that a row of ``LOCAL_WORDING_COLUMNS`` tells."""
    return LocalWordingSource(organisation_id, slug, revision or 0, example_set)


def local_wording_source_of(session: Session, *, person_id: int, on: date) -> LocalWordingSource:
    """Whose local wording a person reads on a day."""
    row = session.execute(_SOURCE, {"person_id": person_id, "on": on}).one_or_none()
    return local_wording_source_from(*row) if row else local_wording_source_from(None, None, None)


def local_wording_of(session: Session, *, organisation_id: int) -> dict[str, str]:
    """The organisation's own wording by token; tokens left at their default are absent."""
    rows = session.execute(
        select(LocalWording.token, LocalWording.text)
        .where(LocalWording.organisation_id == organisation_id)
        .order_by(LocalWording.id)
    )
    return {token: text for token, text in dict(rows.all()).items() if text}


def hold_local_wording(session: Session, *, organisation_id: int) -> dict[str, str]:
    """As ``local_wording_of``, to change it: whoever else would change it waits until this transaction ends."""
    held = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    session.execute(held)
    return local_wording_of(session, organisation_id=organisation_id)


def change_local_wording(
    session: Session, *, organisation_id: int, token: str, text: str, account_id: int, now: datetime
) -> bool:
    """Set a token's text for an organisation; says whether anything changed."""
    if local_wording_of(session, organisation_id=organisation_id).get(token, "") == text:
        return False
    session.add(
        LocalWording(
            organisation_id=organisation_id, token=token, text=text, changed_at=now, changed_by_account_id=account_id
        )
    )
    session.flush()
    return True
