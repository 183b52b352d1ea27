"""A question as it was asked, and what was done with it since. Rows are only ever added; the newest text holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assignments.due.calendar import after_working_days_anywhere
from kernel.append_only import keep_append_only
from kernel.audit import record
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime, enum_by_value, table_of
from kernel.errors import NotFound, RuleBroken

# Public authorities answer within twenty working days of a request: Freedom of Information Act 2000, section 10.
FOI_WORKING_DAYS = 20
LONGEST_QUESTION, LONGEST_ANSWER = 5_000, 30_000
FARTHEST = timedelta(days=731)


class AskerKind(StrEnum):
    """Who asks."""

    COUNCILLOR = "councillor"
    FOI = "foi"
    SCRUTINY = "scrutiny"
    TRIBUNAL = "tribunal"


ASKERS = {
    AskerKind.COUNCILLOR: "A councillor",
    AskerKind.FOI: "Somebody under the Freedom of Information Act",
    AskerKind.SCRUTINY: "A scrutiny committee",
    AskerKind.TRIBUNAL: "A tribunal, or somebody for it",
}


class EnquiryAct(StrEnum):
    """What is done with a question."""

    FIGURE_ADDED = "figure-added"
    FIGURE_REMOVED = "figure-removed"
    DRAFTED = "drafted"
    EDITED = "edited"
    SENT = "sent"


class Enquiry(Base):
    """A question. ``reference`` is that of the authority, such as FOI 2027/113; nobody's name is wanted here."""

    __tablename__ = "enquiry"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[AskerKind] = mapped_column(enum_by_value(AskerKind))
    reference: Mapped[str] = mapped_column(String(60))
    question: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    due_on: Mapped[date | None]
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "organisation_id"),)


class EnquiryEvent(Base):
    """One act: the number of a figure, the whole text of an answer, or the day on which it was sent."""

    __tablename__ = "enquiry_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id"))
    act: Mapped[EnquiryAct] = mapped_column(enum_by_value(EnquiryAct))
    figure_number: Mapped[str | None] = mapped_column(String(30))
    words: Mapped[str | None] = mapped_column(Text)
    sent_on: Mapped[date | None]
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "enquiry_id"),)


keep_append_only(table_of(Enquiry))
keep_append_only(table_of(EnquiryEvent))


@dataclass(frozen=True)
class NewEnquiry:
    """A question as it is noted. ``due_on`` is worked out for a request under the Act, whatever is given."""

    organisation_id: int
    kind: AskerKind
    reference: str
    question: str
    received_on: date
    due_on: date | None = None


@dataclass(frozen=True)
class NewAct:
    """What is done, with the number of a figure, the whole text of the answer, or the day on which it was sent."""

    act: EnquiryAct
    figure_number: str | None = None
    words: str | None = None
    sent_on: date | None = None


@dataclass(frozen=True)
class EnquiryState:
    """Where a question stands: its figures, the newest answer with the number of the act that wrote it, and sending."""

    enquiry: Enquiry
    events: tuple[EnquiryEvent, ...] = ()

    @property
    def figures(self) -> tuple[str, ...]:
        """The numbers of the figures that answer it, in the order in which they were added."""
        found: dict[str, None] = {}
        for one in self.events:
            if one.figure_number and one.act is EnquiryAct.FIGURE_ADDED:
                found[one.figure_number] = None
            elif one.figure_number and one.act is EnquiryAct.FIGURE_REMOVED:
                found.pop(one.figure_number, None)
        return tuple(found)

    @property
    def answer(self) -> str:
        """The newest text."""
        return next((one.words for one in reversed(self.events) if one.words is not None), "")

    @property
    def version(self) -> int:
        """The number of the act that wrote the text; 0 for none."""
        return next((one.id for one in reversed(self.events) if one.words is not None), 0)

    @property
    def sent_on(self) -> date | None:
        """The day on which the answer was sent first."""
        return next((one.sent_on for one in self.events if one.act is EnquiryAct.SENT), None)

    def is_late(self, on: date) -> bool:
        """Whether it is past its date and not sent, or was sent after it."""
        return self.enquiry.due_on is not None and (self.sent_on or on) > self.enquiry.due_on


def due_date(kind: AskerKind, received_on: date, given: date | None) -> date | None:
    """By when it is to be answered: of a request under the Act, twenty working days after it came, and a bank
    holiday of any part of the United Kingdom is none."""
    return after_working_days_anywhere(received_on, FOI_WORKING_DAYS) if kind is AskerKind.FOI else given


def note_enquiry(session: Session, new: NewEnquiry, *, account_id: int, now: datetime) -> Enquiry:
    """Write a question down. Raises ``RuleBroken`` for days that cannot be, with their field."""
    today = local_day(now)
    if not today - FARTHEST <= new.received_on <= today:
        raise RuleBroken("The day on which it came must be today or earlier, and within two years", field="received_on")
    due_on = due_date(new.kind, new.received_on, new.due_on)
    if due_on is not None and due_on < new.received_on:
        raise RuleBroken("The day by which to answer must not be before it came", field="due_on")
    found = Enquiry(
        organisation_id=new.organisation_id,
        kind=new.kind,
        reference=new.reference,
        question=new.question,
        received_on=new.received_on,
        due_on=due_on,
        noted_at=now,
        noted_by_account_id=account_id,
    )
    session.add(found)
    session.flush()
    _note(session, "enquiry-noted", found, account_id, now)
    return found


def get_enquiry(session: Session, *, enquiry_id: int, organisation_id: int) -> EnquiryState:
    """A question of this authority with its history. Raises ``NotFound``."""
    found = session.get(Enquiry, enquiry_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound(f"enquiry {enquiry_id}")
    return EnquiryState(found, _events(session, [enquiry_id]))


def enquiries_page(
    session: Session, *, organisation_id: int, is_sent: bool, page: int, size: int
) -> tuple[int, Sequence[EnquiryState]]:
    """How many there are, and one page: open ones by the day by which to answer, those that were sent newest first."""
    sent = select(EnquiryEvent.enquiry_id).where(EnquiryEvent.act == EnquiryAct.SENT)
    which = Enquiry.id.in_(sent) if is_sent else Enquiry.id.not_in(sent)
    wanted = (Enquiry.organisation_id == organisation_id, which)
    order = [Enquiry.id.desc()] if is_sent else [Enquiry.due_on.is_(None), Enquiry.due_on, Enquiry.id]
    found = session.scalar(select(func.count()).select_from(Enquiry).where(*wanted)) or 0
    rows = session.scalars(select(Enquiry).where(*wanted).order_by(*order).offset((page - 1) * size).limit(size)).all()
    events = _events(session, [one.id for one in rows])
    return found, [EnquiryState(one, tuple(e for e in events if e.enquiry_id == one.id)) for one in rows]


def add_event(session: Session, state: EnquiryState, new: NewAct, *, account_id: int, now: datetime) -> EnquiryEvent:
    """Put an act on record. Raises ``RuleBroken`` for what cannot be done, with its field."""
    _check(state, new, local_day(now))
    event = EnquiryEvent(
        enquiry_id=state.enquiry.id,
        act=new.act,
        figure_number=new.figure_number,
        words=new.words,
        sent_on=new.sent_on,
        happened_at=now,
        actor_account_id=account_id,
    )
    session.add(event)
    session.flush()
    if new.act is EnquiryAct.SENT:
        _note(session, "enquiry-answered", state.enquiry, account_id, now)
    return event


def _check(state: EnquiryState, new: NewAct, today: date) -> None:
    sent_on = new.sent_on
    if new.act is EnquiryAct.FIGURE_ADDED and new.figure_number in state.figures:
        raise RuleBroken("This figure is in the list already", field="number")
    if new.act is EnquiryAct.FIGURE_REMOVED and new.figure_number not in state.figures:
        raise NotFound(f"figure {new.figure_number} of enquiry {state.enquiry.id}")
    if new.act is EnquiryAct.SENT:
        if not state.answer:
            raise RuleBroken("Write the answer first", field="sent_on")
        if state.sent_on is not None:
            raise RuleBroken("It is marked as sent already", field="sent_on")
        if sent_on is None or not state.enquiry.received_on <= sent_on <= today:
            raise RuleBroken("The day must be between the day on which the question came and today", field="sent_on")


def _events(session: Session, enquiry_ids: Sequence[int]) -> tuple[EnquiryEvent, ...]:
    query = select(EnquiryEvent).where(EnquiryEvent.enquiry_id.in_(enquiry_ids)).order_by(EnquiryEvent.id)
    return tuple(session.scalars(query))


def _note(session: Session, action: str, enquiry: Enquiry, account_id: int, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="organisation",
        subject_id=enquiry.organisation_id,
        actor_account_id=account_id,
        now=now,
        detail={"enquiry": enquiry.id, "reference": enquiry.reference},
    )
