"""What was asked on a day, ready to be held against people: each requirement with the rules by which it ever asked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import end_of, look_up, people_in
from assignments.audiences.rules import EVERYBODY, NOBODY, Rule, courses_needed
from assignments.audiences.saved import AudienceVersion, SavedAudience
from assignments.audiences.written import read_rule
from assignments.due.rules import DueRule
from assignments.periods.reckoning import RuleInForce
from assignments.periods.rules import PeriodRule
from assignments.programmes.reckoning import Days, VersionInForce, programme_completions
from assignments.programmes.refreshers import Refresher, RefresherInForce, renewed_days
from assignments.requirements import Requirement, holds_on
from courses.catalogue.programmes import StepsFrom, versions_of_programmes
from kernel.clock import local_day


@dataclass(frozen=True)
class Stage:
    """From this day on, these people were asked."""

    from_on: date
    rule: Rule


@dataclass(frozen=True)
class Plan:
    """A requirement as it was on a day. ``stages`` are its rules, the newest first; the first of them holds.

    ``audience_name`` is ``None`` where everybody is asked. ``periods`` are the rules for how long completions are
    valid, the oldest first and the last of them the one that holds; there are none where they are valid for ever.
    ``programme`` are the versions of a programme, the last of them the one that holds; there are none of a course.
    ``refreshers`` are the rules for what is enough in a new period, the oldest first.
    """

    requirement_id: int
    organisation_id: int
    course_id: int
    asked_on: date
    due: DueRule
    stages: tuple[Stage, ...]
    audience_id: int | None = None
    audience_name: str | None = None
    periods: tuple[RuleInForce, ...] = ()
    programme: tuple[VersionInForce, ...] = ()
    refreshers: tuple[RefresherInForce, ...] = ()

    @property
    def is_simple(self) -> bool:
        """Whether one course alone decides who has finished: it is no programme, and has no refresher."""
        return not self.programme and not self.refreshers

    @property
    def steps(self) -> tuple[tuple[int, ...], ...]:
        """The steps of the programme as they are, each with the courses of which one is enough; none of a course."""
        return self.programme[-1].steps if self.programme else ()

    @property
    def refresher(self) -> Refresher | None:
        """The shorter course that is enough in a new period; ``None`` where it is the whole course."""
        held = self.refreshers[-1] if self.refreshers else None
        return held.rule if held and held.before is None else None

    @property
    def counted(self) -> frozenset[int]:
        """The courses whose completions lead to one by this plan."""
        routes = {course for version in self.programme for step in version.steps for course in step}
        return frozenset(routes or {self.course_id, *(one.rule.course_id for one in self.refreshers)})

    def completed_on(self, days: Days) -> tuple[date, ...]:
        """The days on which somebody completed what is asked, the oldest first, from those of ``counted``."""
        if self.programme:
            return programme_completions(self.programme, days)
        if self.refreshers:
            return renewed_days(self.course_id, self.refreshers, days)
        return tuple(sorted(days.get(self.course_id, ())))

    @property
    def period(self) -> PeriodRule | None:
        """For how long a completion is valid; ``None`` for ever."""
        return self.periods[-1].rule if self.periods else None

    @property
    def rule(self) -> Rule:
        """Who is asked."""
        return self.stages[0].rule

    @property
    def courses(self) -> frozenset[int]:
        """Every course of which a completion matters: the one that is asked for, and those that rules speak of."""
        more = {self.due.course_id} if self.due.course_id is not None else set()
        return frozenset({self.course_id, *more, *courses_needed(self.rule)})


def plans_on(session: Session, *only: ColumnElement[bool], on: date) -> tuple[Plan, ...]:
    """What was asked at the end of a day, in the order of asking; ``only`` are conditions on requirements.

    Five statements at most: one more for what was changed, two for programmes, and one for audiences.
    """
    held = session.scalars(
        select(Requirement).where(holds_on(on), *only).order_by(Requirement.asked_at, Requirement.id)
    ).all()
    return as_plans(session, held, on=on)


def find_plan(session: Session, *, organisation_id: int, course_id: int, on: date) -> Plan | None:
    """What an authority asked for at the end of a day of one course; ``None`` where it did not ask for it."""
    only = (Requirement.organisation_id == organisation_id, Requirement.course_id == course_id)
    return next(iter(plans_on(session, *only, on=on)), None)


def people_asked(session: Session, plan: Plan, *, on: date) -> Select[int] | None:
    """The ids of the people whom a plan asks on a day; ``None`` for everybody at the authority."""
    if plan.rule == EVERYBODY:
        return None
    known = look_up(session, [plan.rule], organisation_id=plan.organisation_id, on=on)
    return people_in(plan.rule, known, organisation_id=plan.organisation_id)


def as_plans(session: Session, held: Sequence[Requirement], *, on: date) -> tuple[Plan, ...]:
    """The same for rows that are in hand."""
    rows_before = _earlier_rows(session, held)
    lines = {one.id: _of_this_asking(one, rows_before[one.id]) for one in held}
    used = {row.audience_id for rows in lines.values() for row in rows if row.audience_id is not None}
    versions, names = _versions(session, used, on)
    programmes = programmes_in_force(session, {one.course_id for one in held if one.programme_id is not None}, on)
    return tuple(
        Plan(
            requirement_id=row.id,
            organisation_id=row.organisation_id,
            course_id=row.course_id,
            asked_on=local_day(row.asked_at),
            due=row.rule,
            stages=tuple(_stages(lines[row.id], versions)) or (Stage(local_day(row.asked_at), NOBODY),),
            audience_id=row.audience_id,
            audience_name=names[row.audience_id] if row.audience_id is not None else None,
            periods=tuple(_periods(row, rows_before[row.id])),
            programme=programmes.get(row.course_id, ()),
            refreshers=tuple(_refreshers(row, rows_before[row.id])),
        )
        for row in held
    )


def _earlier_rows(session: Session, held: Sequence[Requirement]) -> dict[int, list[Requirement]]:
    """Each row with those of its course before it, the newest first; alone where none of them matters."""
    changed = [one for one in held if one.begins_at not in (None, one.asked_at) or one.period_rule is not None]
    if not changed:
        return {one.id: [one] for one in held}
    earlier = session.scalars(
        select(Requirement)
        .where(
            Requirement.organisation_id.in_({one.organisation_id for one in changed}),
            Requirement.course_id.in_({one.course_id for one in changed}),
        )
        .order_by(Requirement.id.desc())
    ).all()
    return {
        one.id: [
            row
            for row in earlier
            if (row.organisation_id, row.course_id) == (one.organisation_id, one.course_id) and row.id <= one.id
        ]
        for one in held
    } | {one.id: [one] for one in held if one not in changed}


def _of_this_asking(held: Requirement, rows: Iterable[Requirement]) -> list[Requirement]:
    """Those since it was first asked for without a break."""
    return [row for row in rows if row.asked_at == held.asked_at]


def _periods(held: Requirement, rows: Sequence[Requirement]) -> Iterable[RuleInForce]:
    """For how long completions were valid by each row, the oldest first; nothing where they are valid for ever."""
    if held.period_rule is not None:
        for row, begins, ended in _from_to(held, rows):
            if ended is None or begins < ended:  # else it held at the end of no day
                yield RuleInForce(begins, ended, row.period)


def _refreshers(held: Requirement, rows: Sequence[Requirement]) -> Iterable[RefresherInForce]:
    """What was enough in a new period by each row that says so, the oldest first."""
    if held.period_rule is not None:
        # Also one that held for some hours of a day: what renewed a completion then has renewed it.
        for row, begins, ended in _from_to(held, rows):
            if row.refresher is not None:
                yield RefresherInForce(begins, ended, row.refresher)


def _from_to(held: Requirement, rows: Sequence[Requirement]) -> Iterable[tuple[Requirement, date, date | None]]:
    """Each row with the day on which it began to hold and the one on which it ended, the oldest first."""
    for row in reversed(rows):
        begins = local_day(row.begins_at or row.asked_at)
        ended = None if row.id == held.id or row.withdrawn_at is None else local_day(row.withdrawn_at)
        yield row, begins, ended


def programmes_in_force(
    session: Session, course_ids: Collection[int], on: date
) -> dict[int, tuple[VersionInForce, ...]]:
    """The versions of the programmes among these up to the end of a day, by the id by which they are asked for.

    Without those that nobody was ever asked for, because another took their place before.
    """
    found = versions_of_programmes(session, course_ids=course_ids)
    if not found:
        return {}
    asked = select(Requirement.course_id, func.min(Requirement.asked_at)).where(Requirement.course_id.in_(found))
    first_asked = dict(session.execute(asked.group_by(Requirement.course_id)).all())
    return {key: _in_force(versions, first_asked.get(key), on) for key, versions in found.items()}


def _in_force(versions: Sequence[StepsFrom], asked_at: datetime | None, on: date) -> tuple[VersionInForce, ...]:
    """Versions as they followed each other, up to the end of a day. The first was there before.

    Those of one day stand side by side: whoever had finished by one was told so, though another followed it by noon.
    """
    known = [one for one in versions if local_day(one.made_at) <= on] or list(versions[:1])
    held = [one for one, other in pairwise(known) if asked_at is not None and asked_at < other.made_at] + known[-1:]
    days = [local_day(one.made_at) for one in held]
    following = zip(held, days, [*days[1:], None], strict=True)
    return tuple(VersionInForce(day, before, one.name, one.steps) for one, day, before in following)


def _versions(
    session: Session, audience_ids: Collection[int], on: date
) -> tuple[dict[int, list[AudienceVersion]], dict[int, str]]:
    """What was approved of each by the end of a day, the newest first; and the names of all."""
    if not audience_ids:
        return {}, {}
    rows = session.execute(
        select(AudienceVersion, SavedAudience.name)
        .join(SavedAudience, SavedAudience.id == AudienceVersion.audience_id)
        .where(AudienceVersion.audience_id.in_(audience_ids), AudienceVersion.approved_at < end_of(on))
        .order_by(AudienceVersion.audience_id, AudienceVersion.number.desc())
    ).all()
    found: dict[int, list[AudienceVersion]] = {}
    for version, _ in rows:
        found.setdefault(version.audience_id, []).append(version)
    return found, {version.audience_id: name for version, name in rows}


def _stages(rows: Sequence[Requirement], versions: dict[int, list[AudienceVersion]]) -> Iterable[Stage]:
    until = date.max
    for row in rows:
        begins = local_day(row.begins_at or row.asked_at)
        if row.audience_id is None:
            yield Stage(begins, EVERYBODY)
        else:
            for version in versions.get(row.audience_id, ()):
                approved = local_day(version.approved_at) if version.approved_at else begins
                if approved > until:
                    continue
                yield Stage(max(approved, begins), read_rule(version.rule))
                if approved <= begins:
                    break
        until = begins
