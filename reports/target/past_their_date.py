"""How many people of each unit are past their own date, and how many finished lately: counted on today's people.

More time that was given, absences and dates by rule are in it, as on the page of each person. Nothing is hidden here:
a count is shown only where its group is.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, and_, func, not_, select
from sqlalchemy.orm import Session

from assignments.due.rules import Since
from assignments.plans import Plan
from assignments.standing.finished import who_finished
from courses.records.completion import Completion
from people.counting import who_count
from reports.figures.population import completion_counts, population
from reports.groups import Group
from reports.listing.people_states import ListOfPeople, people_past_their_date, portions
from reports.target.pace import window


@dataclass(frozen=True)
class LateCounts:
    """People past their date by unit, those directly in it. Empty where nobody can be late yet."""

    by_unit: Mapping[int, int]

    def of(self, group: Group) -> int:
        """How many there are in a group and everything below it."""
        return sum(self.by_unit.get(unit_id, 0) for unit_id in {one.unit_id for one in group.walk()} if unit_id)

    def directly_in(self, unit_id: int) -> int:
        """How many there are in a unit itself and in none of its parts."""
        return self.by_unit.get(unit_id, 0)


def late_counts(session: Session, of: ListOfPeople, group: Group) -> LateCounts | None:
    """Who of a group is past their date on the day of the list, by unit; ``None`` where no date is named or could be
    over. Of a unit, its own branch alone is read."""
    if of.plan is None or not _can_be_late(of.plan, of.on):
        return None
    who = population(session, of.question)
    not_finished = and_(who.left_out.is_(None), not_(who.has_finished))
    if group.unit_id is not None:
        branch = {one.unit_id for one in group.walk() if one.unit_id}
        not_finished = and_(not_finished, who.people.c.unit_id.in_(branch))
    rows = session.execute(select(who.people.c.person_id, who.people.c.unit_id).where(not_finished)).all()
    ids = [person_id for person_id, _ in rows]
    late = {one for portion in portions(ids) for one in people_past_their_date(session, of, portion)}
    return LateCounts(Counter(unit_id for person_id, unit_id in rows if person_id in late))


def _can_be_late(plan: Plan, on: date) -> bool:
    return plan.due.is_past(on) if plan.due.since is Since.DAY else True


def finished_lately(session: Session, of: ListOfPeople, *, unit_id: int | None = None) -> int:
    """How many of today's people finished in the last whole weeks, as far as what they finished counts."""
    before_them, last = window(of.on)
    who = population(session, of.question)
    finished, before = (who.people.c.person_id.in_(_finished_by(session, of, day)) for day in (last, before_them))
    condition = and_(who_count(who.people, unit_id=unit_id), who.left_out.is_(None), finished, not_(before))
    return session.scalar(select(func.count()).select_from(who.people).where(condition)) or 0


def _finished_by(session: Session, of: ListOfPeople, day: date) -> Select[int]:
    """Who had finished at the end of a day, wherever they worked then."""
    if of.plan is not None and not of.plan.is_simple:
        return who_finished(session, of.plan, on=day).finished
    return select(Completion.person_id).where(completion_counts(session, replace(of.question, on=day)))
