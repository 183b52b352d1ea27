"""The ledger of reminders: one row for each person, course that an authority asks for, date and step."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assignments.reminders.steps import Given, Step
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime, enum_by_value


class WhyNot(StrEnum):
    """Why nobody was sent a reminder. None of them is an error."""

    NO_ADDRESS = "no-address"
    NO_MAIL = "no-mail"
    NO_MANAGER = "no-manager"
    FINISHED = "finished"
    NOT_ASKED = "not-asked"
    AWAY = "away"
    MOVED = "moved"
    BEGUN = "begun"


WHY_NOT_WORDS: Mapping[WhyNot, str] = {
    WhyNot.NO_ADDRESS: "neither email nor a text reaches them: on the printed list and their own page",
    WhyNot.NO_MAIL: "no messages are sent here: on the printed list and their own page",
    WhyNot.NO_MANAGER: "no manager on record",
    WhyNot.FINISHED: "not needed: they have finished",
    WhyNot.NOT_ASKED: "not needed: it is not asked of them any more",
    WhyNot.AWAY: "not needed: they are on leave",
    WhyNot.MOVED: "not needed: their date has moved",
    WhyNot.BEGUN: "not needed: they have begun, and are in time",
}


class Reminder(Base):
    """That somebody is to be reminded of ``due_on``, once for each step.

    ``digest_on`` is the day of the one message that holds it, empty where none is sent: ``reason`` then says why. A row
    whose message is not sent after all ends with a reason too. ``employment_id`` is the job of the manager who is told.
    """

    __tablename__ = "reminder"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    step: Mapped[Step] = mapped_column(enum_by_value(Step))
    due_on: Mapped[date]
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    digest_on: Mapped[date | None]
    employment_id: Mapped[int | None] = mapped_column(ForeignKey("employment.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (
        # A requirement that is changed is another row, so it is known by who asks for what.
        UniqueConstraint("person_id", "organisation_id", "course_id", "step", "due_on"),
        Index(None, "employment_id", "digest_on"),
    )


ONCE = ("person_id", "organisation_id", "course_id", "step", "due_on")


def given_to(
    session: Session, *, organisation_id: int, person_ids: Collection[int]
) -> dict[tuple[int, int], list[Given]]:
    """What was noted before for these people, by person and course."""
    rows = session.execute(
        select(Reminder.person_id, Reminder.course_id, Reminder.step, Reminder.due_on, Reminder.noted_at).where(
            Reminder.organisation_id == organisation_id, Reminder.person_id.in_(person_ids)
        )
    )
    found: dict[tuple[int, int], list[Given]] = {}
    for person_id, course_id, step, due_on, noted_at in rows:
        found.setdefault((person_id, course_id), []).append(Given(step, due_on, local_day(noted_at)))
    return found
