"""The rules as they are stored, and the one that holds on a day. Rows are only ever added.

A rule holds from a day on, never from one that is past: the figure of a past day goes by the rule of that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, SQLColumnExpression, and_, exists, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from kernel.append_only import keep_append_only
from kernel.audit import record
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime, enum_by_value, table_of
from kernel.errors import RuleBroken
from people.jobs.reading import Day

LONGEST_MONTHS = 600


class Accepts(StrEnum):
    """What of earlier training counts. The last one is for a course alone: it goes by the rule for every course."""

    ALL = "all"
    NO_OLDER = "no-older-than"
    NONE = "none"
    AS_FOR_ALL = "as-for-all"


class EarlierTrainingRule(Base):
    """From ``holds_from`` on an authority accepts this of what people completed elsewhere before they joined it.

    It is about one course, or about every course that has no rule of its own. ``months`` is how old training may be on
    somebody's first day.
    """

    __tablename__ = "earlier_training_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    accepts: Mapped[Accepts] = mapped_column(enum_by_value(Accepts))
    months: Mapped[int | None]
    holds_from: Mapped[date]
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    set_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "organisation_id", "course_id"),)


keep_append_only(table_of(EarlierTrainingRule))


@dataclass(frozen=True)
class NewRule:
    """A rule that somebody wants: for one course, or for every course that has none of its own."""

    organisation_id: int
    course_id: int | None
    accepts: Accepts
    months: int | None
    holds_from: date


def set_rule(session: Session, rule: NewRule, *, by: int | None, now: datetime) -> EarlierTrainingRule:
    """Let a rule hold from a day on. Raises ``RuleBroken``, also where it would change nothing."""
    check_rule(rule, on=local_day(now))
    held = find_rule(session, organisation_id=rule.organisation_id, course_id=rule.course_id, on=rule.holds_from)
    before = (held.accepts, held.months) if held else (_FIRST[rule.course_id is None], None)
    if before == (rule.accepts, rule.months):
        raise RuleBroken("That is the rule already on that day", field="accepts")
    row = EarlierTrainingRule(**vars(rule), set_at=now, set_by_account_id=by)
    session.add(row)
    session.flush()
    record(
        session,
        action="earlier-training-rule-set",
        subject_type="organisation",
        subject_id=rule.organisation_id,
        actor_account_id=by,
        now=now,
        detail={
            "accepts": rule.accepts.value,
            **({"months": rule.months} if rule.months else {}),
            **({"course": rule.course_id} if rule.course_id else {}),
            "since": rule.holds_from.isoformat(),
        },
    )
    return row


# What holds until somebody says otherwise: of every course, and of one course.
_FIRST = {True: Accepts.ALL, False: Accepts.AS_FOR_ALL}


def check_rule(rule: NewRule, *, on: date) -> None:
    """Raises ``RuleBroken`` that names the field for months that are none, and for a day that is past."""
    if (rule.months is None) is (rule.accepts is Accepts.NO_OLDER) or (
        rule.months is not None and not 1 <= rule.months <= LONGEST_MONTHS
    ):
        raise RuleBroken(f"Enter a whole number of months from 1 to {LONGEST_MONTHS}", field="months")
    if rule.course_id is None and rule.accepts is Accepts.AS_FOR_ALL:
        raise RuleBroken("Select what counts of earlier training", field="accepts")
    if rule.holds_from < on:
        raise RuleBroken("The first day must be today or later: figures of past days stay as they are", field="since")


def find_rule(session: Session, *, organisation_id: int, course_id: int | None, on: date) -> EarlierTrainingRule | None:
    """What was set for exactly this course, or with ``None`` for every course, and holds on a day."""
    return session.scalar(
        select(EarlierTrainingRule)
        .where(
            EarlierTrainingRule.organisation_id == organisation_id,
            EarlierTrainingRule.course_id.is_not_distinct_from(course_id),
            EarlierTrainingRule.holds_from <= on,
        )
        .order_by(EarlierTrainingRule.holds_from.desc(), EarlierTrainingRule.id.desc())
        .limit(1)
    )


def rules_of(session: Session, *, organisation_id: int) -> Sequence[EarlierTrainingRule]:
    """Everything that an authority ever set, what holds from the latest day first."""
    return session.scalars(
        select(EarlierTrainingRule)
        .where(EarlierTrainingRule.organisation_id == organisation_id)
        .order_by(EarlierTrainingRule.holds_from.desc(), EarlierTrainingRule.id.desc())
    ).all()


def is_in_force(
    rule: type[EarlierTrainingRule], *, course_id: SQLColumnExpression[Any] | int, on: Day
) -> ColumnElement[bool]:
    """The condition on a rule that it is the one by which a course goes on a day at its authority; at most one does."""
    own = aliased(EarlierTrainingRule)
    has_own = exists().where(
        own.organisation_id == rule.organisation_id,
        own.course_id == course_id,
        own.accepts != Accepts.AS_FOR_ALL,
        _is_newest(own, on),
    )
    is_for_it = or_(rule.course_id == course_id, and_(rule.course_id.is_(None), ~has_own))
    return and_(rule.accepts != Accepts.AS_FOR_ALL, is_for_it, _is_newest(rule, on))


def _is_newest(rule: type[EarlierTrainingRule], on: Day) -> ColumnElement[bool]:
    later = aliased(EarlierTrainingRule)
    is_later = or_(later.holds_from > rule.holds_from, and_(later.holds_from == rule.holds_from, later.id > rule.id))
    overruled = exists().where(
        later.organisation_id == rule.organisation_id,
        later.course_id.is_not_distinct_from(rule.course_id),
        later.holds_from <= on,
        is_later,
    )
    return and_(rule.holds_from <= on, ~overruled)
