"""Acts for many people as their pages show them: how far each is, and what became of each person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assignments.for_many.record import ActForMany, PersonOfAct, PersonOutcome, Why
from people.persons import Person


@dataclass(frozen=True)
class Progress:
    """How many people of an act stand how."""

    by_outcome: Mapping[PersonOutcome, int]
    left_out: Mapping[Why, int]

    def of(self, *outcomes: PersonOutcome) -> int:
        """How many stand in one of these ways."""
        return sum(self.by_outcome.get(one, 0) for one in outcomes)


@dataclass(frozen=True)
class ListedPerson:
    """One person of an act."""

    person_id: int
    name: str
    outcome: PersonOutcome
    why: Why | None


def progress_of(session: Session, *, act_id: int) -> Progress:
    """How far an act is."""
    rows = session.execute(
        select(PersonOfAct.outcome, PersonOfAct.why, func.count())
        .where(PersonOfAct.act_id == act_id)
        .group_by(PersonOfAct.outcome, PersonOfAct.why)
    ).all()
    by_outcome: dict[PersonOutcome, int] = {}
    reasons: dict[Why, int] = {}
    for outcome, why, count in rows:
        by_outcome[outcome] = by_outcome.get(outcome, 0) + count
        if why is not None:
            reasons[why] = reasons.get(why, 0) + count
    return Progress(by_outcome, dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))))


def people_of_act(
    session: Session, *, act_id: int, outcome: PersonOutcome | None, page: int, size: int
) -> tuple[int, Sequence[ListedPerson]]:
    """How many there are, and one page of them by name, counted from 1."""
    only = [PersonOfAct.act_id == act_id, *([PersonOfAct.outcome == outcome] if outcome else [])]
    found = session.scalar(select(func.count()).select_from(PersonOfAct).where(*only)) or 0
    rows = session.execute(
        select(Person.id, Person.chosen_name, PersonOfAct.outcome, PersonOfAct.why)
        .join(Person, Person.id == PersonOfAct.person_id)
        .where(*only)
        .order_by(func.coalesce(Person.sorting_name, Person.chosen_name), Person.id)
        .offset((page - 1) * size)
        .limit(size)
    )
    return found, [ListedPerson(*row) for row in rows]


def acts_page(session: Session, *, organisation_id: int, page: int, size: int) -> tuple[int, Sequence[ActForMany]]:
    """How many acts there were at an authority, and one page of them, the newest first."""
    here = ActForMany.organisation_id == organisation_id
    found = session.scalar(select(func.count()).select_from(ActForMany).where(here)) or 0
    acts = session.scalars(
        select(ActForMany).where(here).order_by(ActForMany.id.desc()).offset((page - 1) * size).limit(size)
    ).all()
    return found, acts


def holds_for(session: Session, *, act_ids: Collection[int]) -> Mapping[int, int]:
    """For how many people each act holds: done and not taken back, or gone before it could be."""
    rows = session.execute(
        select(PersonOfAct.act_id, func.count())
        .where(PersonOfAct.act_id.in_(act_ids), PersonOfAct.outcome.in_((PersonOutcome.DONE, PersonOutcome.STAYED)))
        .group_by(PersonOfAct.act_id)
    )
    return dict(rows.all())
