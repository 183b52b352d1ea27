"""Each authority's own words for the tokens in courses. Every change is a new row, so the newest one speaks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Date, ForeignKey, Index, String, Table, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.append_only import keep_append_only
from kernel.database import Base, UTCDateTime
from people.organisations import Organisation
from people.persons import Employment, order_of_jobs


class LocalText(Base):
    """What one token says in one organisation from ``changed_at`` on; an empty text brings the default back."""

    __tablename__ = "local_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    token: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(2000))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "organisation_id", "token", "id"),)


keep_append_only(cast(Table, LocalText.__table__))


@dataclass(frozen=True)
class Locality:
    """Whose words a learner reads: their employer on that day, and how often it has changed its texts.

    Everything is empty for somebody without a job, who reads the defaults. ``example_set`` is what they picked.
    """

    organisation_id: int | None
    slug: str | None
    revision: int
    example_set: str | None = None


# Who employs the person ``person_id`` on the day ``on``, by the order of jobs of people.persons.find_main_employment.
EMPLOYER_ID = (
    select(Employment.organisation_id)
    .where(Employment.person_id == bindparam("person_id"))
    .order_by(*order_of_jobs(bindparam("on", type_=Date)))
    .limit(1)
    .scalar_subquery()
)
LOCALITY_COLUMNS = (
    Organisation.id,
    Organisation.slug,
    select(func.max(LocalText.id))
    .where(LocalText.organisation_id == Organisation.id)
    .correlate(Organisation)
    .scalar_subquery(),
)
_LOCALITY = select(*LOCALITY_COLUMNS).where(Organisation.id == EMPLOYER_ID)


def locality_from(
    organisation_id: int | None, slug: str | None, revision: int | None, example_set: str | None = None
) -> Locality:
    """The locality that a row of ``LOCALITY_COLUMNS`` tells."""
    return Locality(organisation_id, slug, revision or 0, example_set)


def locality_of(session: Session, *, person_id: int, on: date) -> Locality:
    """The locality of a person on a day."""
    row = session.execute(_LOCALITY, {"person_id": person_id, "on": on}).one_or_none()
    return locality_from(*row) if row else locality_from(None, None, None)


def overrides_of(session: Session, *, organisation_id: int) -> dict[str, str]:
    """The organisation's own texts by token; tokens left at their default are absent."""
    rows = session.execute(
        select(LocalText.token, LocalText.text)
        .where(LocalText.organisation_id == organisation_id)
        .order_by(LocalText.id)
    )
    return {token: text for token, text in dict(rows.all()).items() if text}


def change_text(
    session: Session, *, organisation_id: int, token: str, text: str, account_id: int, now: datetime
) -> bool:
    """Set a token's text for an organisation; says whether anything changed."""
    if overrides_of(session, organisation_id=organisation_id).get(token, "") == text:
        return False
    session.add(
        LocalText(
            organisation_id=organisation_id, token=token, text=text, changed_at=now, changed_by_account_id=account_id
        )
    )
    session.flush()
    return True
