"""How many people finished lately: counted on today's people."""

from dataclasses import replace
from datetime import date

from sqlalchemy import Select, and_, func, not_, select
from sqlalchemy.orm import Session

from assignments.standing.finished import who_finished
from courses.records.completion import Completion
from people.counting import who_count
from reports.figures.population import completion_counts, population
from reports.listing.wanted import ListOfPeople
from reports.target.pace import window


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
