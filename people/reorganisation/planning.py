"""A reorganisation before it is decided: what it would do, in sentences, and what stands against it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kernel.clock import local_day
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.organisations import Organisation
from people.reorganisation.periods import UnitOnDay, units_on
from people.reorganisation.record import find_latest
from people.reorganisation.sentences import Holder, day_in_words, sentences_for
from people.reorganisation.steps import Reshaped, Split, Step, reshape
from people.roles import RoleGrant

NO_STEP = "Name at least one step"
_EARLIEST, _FARTHEST_AHEAD = date(1900, 1, 1), timedelta(days=731)


@dataclass(frozen=True)
class Wanted:
    """A reorganisation as somebody wants it: from which day on, and its steps in order."""

    title: str
    effective_on: date
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class JobMove:
    """From a day on, a job is in another unit. Ids of units that are not stored yet are negative."""

    employment_id: int
    effective_on: date
    unit_id: int


@dataclass(frozen=True)
class Preview:
    """What would happen. ``fingerprint`` is another one as soon as anything of it has changed meanwhile.

    With ``findings`` nothing can be done; they say what to put right, and ``of_step`` in which step, 0 in all of them.
    ``moving`` are the persons whose jobs move: fewer than the jobs where somebody has two.
    """

    findings: tuple[str, ...]
    of_step: tuple[int, ...]
    sentences: tuple[str, ...]
    fingerprint: str
    before: tuple[UnitOnDay, ...]
    after: Reshaped
    moves: tuple[JobMove, ...]
    moving: frozenset[int] = frozenset()

    @property
    def moving_words(self) -> str:
        """How many jobs move, and of how many people where that is another number; empty where none does."""
        jobs, people = len({one.employment_id for one in self.moves}), len(self.moving)
        if not jobs:
            return ""
        whose = "" if jobs == people else f" of {people:,} {'person' if people == 1 else 'people'}"
        return f"{jobs:,} job{'' if jobs == 1 else 's'}{whose} move{'s' if jobs == 1 else ''}"


@dataclass(frozen=True)
class Held:
    """Terms that hold on the day of a reorganisation, or after it."""

    employment_id: int
    person_id: int
    payroll_number: str
    unit_id: int
    starts_on: date


def preview(session: Session, *, organisation: Organisation, wanted: Wanted, now: datetime) -> Preview:
    """What a reorganisation would do to the units and the people of an authority, as things stand. Changes nothing."""
    day = wanted.effective_on
    before = units_on(session, organisation_id=organisation.id, on=day)
    after = reshape(before, wanted.steps)
    held = held_from(session, organisation.id, day)
    moves = moves_from(held, after.merged, after.taken_out, day)
    found = (
        *((0, words) for words in _against_the_day(session, organisation, wanted)),
        *zip(after.of_step, after.findings, strict=True),
        *((0, words) for words in _not_there(after, held, before, day)),
        *_still_there(after, held, moves, before),
    )
    holders: dict[int, set[Holder]] = defaultdict(set)
    for one in held:
        if one.starts_on <= day:
            holders[one.unit_id].add((one.employment_id, one.person_id))
    sentences = sentences_for(wanted.steps, before, after, holders, day=day, today=local_day(now))
    return Preview(
        findings=tuple(words for _, words in found),
        of_step=tuple(number for number, _ in found),
        sentences=(*sentences, *_managers(session, after)),
        fingerprint=_fingerprint(organisation, wanted, before, moves),
        before=before,
        after=after,
        moves=moves,
        moving=frozenset(one.person_id for one in held if one.employment_id in {move.employment_id for move in moves}),
    )


def held_from(session: Session, organisation_id: int, day: date) -> Sequence[Held]:
    """The terms of an authority's jobs that hold on a day or after it."""
    terms = EmploymentTerms
    rows = session.execute(
        select(terms.employment_id, Employment.person_id, Employment.payroll_number, terms.unit_id, terms.starts_on)
        .join(Employment, Employment.id == terms.employment_id)
        .where(Employment.organisation_id == organisation_id, or_(terms.ends_on.is_(None), terms.ends_on >= day))
    )
    return [Held(*row) for row in rows]


def moves_from(
    held: Iterable[Held], merged: Mapping[int, int], taken_out: Mapping[int, Split], day: date
) -> tuple[JobMove, ...]:
    """Who goes where, in a stable order: out of a unit by payroll number, and from a unit that ends into the other."""
    by_number = {(split.unit_id, number): new for new, split in taken_out.items() for number in split.payroll_numbers}
    targets = [(one, by_number.get((one.unit_id, one.payroll_number), merged.get(one.unit_id))) for one in held]
    moves = [JobMove(one.employment_id, max(day, one.starts_on), to) for one, to in targets if to is not None]
    return tuple(sorted(moves, key=lambda one: (one.employment_id, one.effective_on)))


def why_not_on(session: Session, *, organisation: Organisation, day: date, today: date) -> str | None:
    """Why nothing can hold from a day on: before an authority’s first job, or more than two years ahead."""
    jobs = select(func.min(EmploymentTerms.starts_on)).join(Employment, Employment.id == EmploymentTerms.employment_id)
    first = session.scalar(jobs.where(Employment.organisation_id == organisation.id)) or _EARLIEST
    if day < first:
        return f"The day must not be before {day_in_words(first)}: the record of {organisation.name} begins there"
    if day > today + _FARTHEST_AHEAD:
        return "The day must not be more than two years ahead"
    return None


def _against_the_day(session: Session, organisation: Organisation, wanted: Wanted) -> Iterator[str]:
    if not wanted.steps:
        yield NO_STEP
    latest = find_latest(session, organisation_id=organisation.id)
    if latest is not None and latest.effective_on >= wanted.effective_on:
        yield (
            f"“{latest.title}” is of {day_in_words(latest.effective_on)}. "
            "Choose a later day, because each reorganisation builds on the one before"
        )


def _not_there(after: Reshaped, held: Sequence[Held], before: Sequence[UnitOnDay], day: date) -> Iterator[str]:
    """People who are to go into a new unit, and do not work in the one that it comes from."""
    there = {(one.unit_id, one.payroll_number) for one in held if one.starts_on <= day}
    paths = {one.id: one.path for one in before}
    for split in after.taken_out.values():
        for number in split.payroll_numbers:
            if (split.unit_id, number) not in there:
                yield (
                    f"Nobody with the payroll number {number} works in “{paths.get(split.unit_id, 'that unit')}” on "
                    f"{day_in_words(day)}. Leave the number out, or name another unit"
                )


def _still_there(
    after: Reshaped, held: Sequence[Held], moves: Sequence[JobMove], before: Sequence[UnitOnDay]
) -> Iterator[tuple[int, str]]:
    """Units that are to close, while people work there on the day or will."""
    paths, moved = {one.id: one.path for one in before}, {one.employment_id for one in moves}
    for unit_id, number in after.closed.items():
        people = len({one.person_id for one in held if one.unit_id == unit_id and one.employment_id not in moved})
        if people:
            work = "1 person works" if people == 1 else f"{people} people work"
            yield number, f"{work} in “{paths[unit_id]}”. Merge it into another unit, which takes them in"


def _managers(session: Session, after: Reshaped) -> Iterator[str]:
    grants = select(RoleGrant.id).where(
        RoleGrant.unit_id.in_((*after.merged, *after.closed)), RoleGrant.revoked_at.is_(None)
    )
    count = len(session.scalars(grants).all())
    if count:
        who = "Somebody is manager" if count == 1 else f"{count} people are managers"
        yield f"{who} of a unit that ends. The role does not move: give it anew for the unit that stays."


def _fingerprint(
    organisation: Organisation, wanted: Wanted, before: Sequence[UnitOnDay], moves: Sequence[JobMove]
) -> str:
    facts = [organisation.id, kept_steps(wanted.steps), *([asdict(one) for one in some] for some in (before, moves))]
    text = json.dumps([wanted.effective_on, *facts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def kept_steps(steps: Iterable[Step]) -> list[dict[str, object]]:
    """Steps as a row keeps them."""
    return [{"do": type(one).__name__.lower(), **asdict(one)} for one in steps]
