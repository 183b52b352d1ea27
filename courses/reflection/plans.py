"""If-then plans: a learner’s own, kept over courses. No page or export but the learner’s own reads these tables."""

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.content.model.plans import PlanForm
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound, RuleBroken
from kernel.seen import marks_of, names_to_write

MAX_WORDS = 300  # characters of each half


class ByOrFrom(StrEnum):
    """What the day of a plan means."""

    BY = "by"
    FROM = "from"


class Tell(StrEnum):
    """Whom somebody means to tell. It is a note to themselves: nothing is sent to anybody."""

    NOBODY = "nobody"
    BUDDY = "buddy"
    MANAGER = "manager"
    TEAM = "team"


class Ending(StrEnum):
    """Why a plan is not the current one any more."""

    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"


class Going(StrEnum):
    """How a plan is going, when a follow-up asks."""

    DONE = "done"
    IN_PROGRESS = "in-progress"
    NOT_YET = "not-yet"
    CHANGED_MY_MIND = "changed-my-mind"


TELL_WORDS = {Tell.NOBODY: "Nobody", Tell.BUDDY: "A buddy", Tell.MANAGER: "My manager", Tell.TEAM: "My team"}
GOING_WORDS = {
    Going.DONE: "Done",
    Going.IN_PROGRESS: "In progress",
    Going.NOT_YET: "Not yet",
    Going.CHANGED_MY_MIND: "I changed my mind",
}
_IS_CURRENT = text("ended_at IS NULL")


class Plan(Base):
    """One plan in its owner’s words. ``form_id`` is the id that courses give it; one of each is current."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    form_id: Mapped[str] = mapped_column(String(80))
    situation: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    acts_on: Mapped[date | None]
    by_or_from: Mapped[ByOrFrom] = mapped_column(enum_by_value(ByOrFrom))
    tell: Mapped[Tell] = mapped_column(enum_by_value(Tell))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ending: Mapped[Ending | None] = mapped_column(enum_by_value(Ending))

    __table_args__ = (
        Index(
            "uq_plan_current", "person_id", "form_id", unique=True,
            sqlite_where=_IS_CURRENT, postgresql_where=_IS_CURRENT,
        ),
    )  # fmt: skip


class PlanCheck(Base):
    """How a plan was going when a course asked, and what got in the way."""

    __tablename__ = "plan_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_row_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    going: Mapped[Going] = mapped_column(enum_by_value(Going))
    obstacle: Mapped[str | None] = mapped_column(String(60))
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("plan_row_id", "course_id"),)


@dataclass(frozen=True)
class PlanWords:
    """What somebody writes: “If ``situation``, then I will ``action``”, a day, and whom they mean to tell."""

    situation: str
    action: str
    acts_on: date | None = None
    by_or_from: ByOrFrom = ByOrFrom.FROM
    tell: Tell = Tell.NOBODY


@dataclass(frozen=True)
class Said:
    """How somebody says that their plan is going, what got in the way, and what the form carries."""

    going: str
    obstacle: str | None = None
    seen: str | None = None


def plans_of(session: Session, *, person_id: int) -> Sequence[Plan]:
    """A person’s own plans, current and earlier, newest first."""
    return session.scalars(
        select(Plan).where(Plan.person_id == person_id).order_by(Plan.written_at.desc(), Plan.id.desc())
    ).all()


def find_plan(session: Session, *, person_id: int, form_id: str) -> Plan | None:
    """A person’s current plan, or ``None``."""
    return session.scalar(_current(person_id, form_id))


def _current(person_id: int, form_id: str) -> Select[Plan]:
    return select(Plan).where(Plan.person_id == person_id, Plan.form_id == form_id, Plan.ended_at.is_(None))


def checks_of(session: Session, *, plan_ids: Sequence[int]) -> Sequence[PlanCheck]:
    """What was said about these plans, oldest first."""
    if not plan_ids:
        return ()
    return session.scalars(
        select(PlanCheck).where(PlanCheck.plan_row_id.in_(plan_ids)).order_by(PlanCheck.said_at, PlanCheck.id)
    ).all()


def words_of(plan: Plan) -> PlanWords:
    """What its owner wrote."""
    return PlanWords(plan.situation, plan.action, plan.acts_on, plan.by_or_from, plan.tell)


def marks_of_plan(form_id: str, plan: Plan | None) -> str:
    """What the form of a plan carries."""
    return marks_of({form_id: astuple(words_of(plan)) if plan else None})


def marks_of_check(check: PlanCheck | None) -> str:
    """What the question about a plan carries."""
    return marks_of({"going": (check.going, check.obstacle) if check else None})


def write_plan(
    session: Session,
    *,
    person_id: int,
    form_id: str,
    words: PlanWords,
    is_new: bool,
    now: datetime,
    seen: str | None = None,
) -> Plan | None:
    """Keep a plan: change the current one, or with ``is_new`` end it and begin another.

    ``seen`` is what the form carries; comes back ``None`` when nothing was changed in it and there is no plan by now.
    Raises ``RuleBroken`` with the field that is empty or too long, and ``ChangedMeanwhile`` when there is a newer plan
    than the form held.
    """
    for field, message in problems_in(words).items():
        raise RuleBroken(message, field=field)
    words = replace(words, situation=words.situation.strip(), action=words.action.strip())
    current = session.scalar(_current(person_id, form_id).with_for_update().execution_options(populate_existing=True))
    stored = {form_id: astuple(words_of(current)) if current else None}
    if not is_new and not names_to_write(seen, stored=stored, typed={form_id: astuple(words)}):
        return current
    if current is not None and is_new:
        current.ended_at, current.ending = now, Ending.RENEWED
        session.flush()
        current = None
    if current is not None:
        _put(current, words, now)
        session.flush()
        return current
    plan = Plan(person_id=person_id, form_id=form_id, written_at=now)
    _put(plan, words, now)
    try:
        with session.begin_nested():
            session.add(plan)
    except IntegrityError:  # written in another tab at the same moment; the unique index decides
        return write_plan(session, person_id=person_id, form_id=form_id, words=words, is_new=False, now=now, seen=seen)
    return plan


def _put(plan: Plan, words: PlanWords, now: datetime) -> None:
    plan.situation, plan.action = words.situation, words.action
    plan.acts_on, plan.by_or_from, plan.tell = words.acts_on, words.by_or_from, words.tell
    plan.changed_at = now


def sentence(plan: Plan | PlanWords) -> str:
    """The plan as one sentence: "If a name is new to me, then I will ask and write it down"."""
    situation = re.sub(r"^\s*if\s+", "", plan.situation, flags=re.IGNORECASE).rstrip(" .,;")
    action = re.sub(r"^\s*(then\s+)?(I\s+will\s+)?", "", plan.action, flags=re.IGNORECASE).rstrip(" .,;")
    return f"If {situation}, then I will {action}"


def problems_in(words: PlanWords) -> dict[str, str]:
    """What has to be put right before a plan can be kept, by field; empty when nothing has."""
    halves = (
        ("situation", words.situation, "Enter a moment: when will you act?", "The moment"),
        ("action", words.action, "Enter what you will say or do", "What you will do"),
    )
    found: dict[str, str] = {}
    for field, written, empty, name in halves:
        length = len(written.strip())
        if not length:
            found[field] = empty
        elif length > MAX_WORDS:
            found[field] = f"{name} must be {MAX_WORDS} characters or fewer. It has {length:,}"
    return found


def withdraw_plan(session: Session, *, person_id: int, form_id: str, now: datetime) -> None:
    """End the current plan; follow-ups do not ask about it any more. Raises ``NotFound``."""
    plan = find_plan(session, person_id=person_id, form_id=form_id)
    if plan is None:
        raise NotFound(f"a plan {form_id} of person {person_id}")
    plan.ended_at, plan.ending = now, Ending.WITHDRAWN


def delete_plan(session: Session, *, person_id: int, plan_id: int) -> None:
    """Remove an earlier plan for good, with all that was said about it. Raises ``NotFound``."""
    plan = session.get(Plan, plan_id)
    if plan is None or plan.person_id != person_id or plan.ended_at is None:
        raise NotFound(f"an earlier plan {plan_id} of person {person_id}")
    session.execute(delete(PlanCheck).where(PlanCheck.plan_row_id == plan.id))
    session.delete(plan)


def check_plan(session: Session, *, plan: Plan, course_id: int, form: PlanForm, said: Said, now: datetime) -> None:
    """Keep how the plan is going; asked again by the same course, the answer takes the old one’s place.

    Raises ``RuleBroken`` for an answer that is not on the list, and ``ChangedMeanwhile`` when something else was said
    by now than the form held.
    """
    going, obstacle = said.going, said.obstacle
    if going not in list(Going):
        raise RuleBroken("Select how your plan is going, or go on without", field="going")
    is_held_up = going == Going.NOT_YET and bool(obstacle)
    if is_held_up and obstacle not in {one.id for one in form.obstacles}:
        raise RuleBroken("Select what got in the way, or leave it out", field="obstacle")
    session.execute(select(Plan.id).where(Plan.id == plan.id).with_for_update())
    check = session.scalar(
        select(PlanCheck).filter_by(plan_row_id=plan.id, course_id=course_id).execution_options(populate_existing=True)
    )
    stored = {"going": (check.going, check.obstacle) if check else None}
    typed = {"going": (going, obstacle if is_held_up else None)}
    if not names_to_write(said.seen, stored=stored, typed=typed, field="going"):
        return
    if check is None:
        check = PlanCheck(plan_row_id=plan.id, course_id=course_id)
        session.add(check)
    check.going, check.obstacle, check.said_at = Going(going), obstacle if is_held_up else None, now
    session.flush()
