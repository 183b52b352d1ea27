"""Which records were merged, and every row that moved, so that all of it can go back."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, JsonObject, UTCDateTime


class PersonMerge(Base):
    """The rows of ``merged_person_id`` went to ``kept_person_id``. ``moved`` holds their keys by table.

    ``account_switched_off`` is the account that can no longer be signed in to, because the kept person has one.
    """

    __tablename__ = "person_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    moved: Mapped[JsonObject] = mapped_column(JSON)
    account_switched_off: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    merged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    merged_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    separated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    separated_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "kept_person_id"), Index(None, "merged_person_id"))


def merges_into(session: Session, *, person_id: int) -> tuple[PersonMerge, ...]:
    """The merges that brought rows to this person and still stand, the newest first: only that one can be undone."""
    found = select(PersonMerge).where(PersonMerge.kept_person_id == person_id, PersonMerge.separated_at.is_(None))
    return tuple(session.scalars(found.order_by(PersonMerge.id.desc())))


def find_merge_of(session: Session, *, person_id: int) -> PersonMerge | None:
    """The merge by which this record went to another one, if it stands."""
    return session.scalar(
        select(PersonMerge).where(PersonMerge.merged_person_id == person_id, PersonMerge.separated_at.is_(None))
    )
