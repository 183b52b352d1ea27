"""A plan: what each usable row would do, which rows cannot be used, and whose e-mail address would go to whom."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Any

from people.feed.planning.missing import Missing, rows_lost
from people.feed.planning.state import UnitPath, digest_of
from people.feed.rows import FeedField, ReportLine, UnusableRow

MOVED_UNIT, NEW_NAME, FIRST_DAY = FeedField.UNIT.value, FeedField.FULL_NAME.value, FeedField.STARTS_ON.value


class Act(StrEnum):
    """What happens to a job: begun, taken up again, ended, or changed in some of its values."""

    JOIN = "join"
    RETURN = "return"
    LEAVE = "leave"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Step:
    """What is stated of a job from a day on; ``None`` is the day on which the file is applied.

    ``values`` are those of the record of employment, ready for JSON: but the unit is its path, and the manager their
    payroll number, because both may be new too.
    """

    on: date | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlanItem:
    """What one row does to one job. ``shown`` is each value before and after, in words, by its field; ``person`` the
    values of the person, before and after. ``same_person_as`` is the payroll number of another job of the person.
    """

    act: Act
    payroll_number: str
    name: str
    row_number: int | None = None
    employment_id: int | None = None
    steps: tuple[Step, ...] = ()
    shown: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    person: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    same_person_as: str | None = None

    @property
    def is_move(self) -> bool:
        """Whether somebody who stays works in another unit afterwards."""
        return self.act is Act.CHANGE and MOVED_UNIT in self.shown

    @property
    def is_withdrawn(self) -> bool:
        """Whether a job to come never begins."""
        return self.act is Act.LEAVE and self.shown.get(FIRST_DAY, ("", "kept"))[1] == ""

    @property
    def is_rename(self) -> bool:
        """Whether the person has another name afterwards."""
        return self.act in (Act.CHANGE, Act.RETURN) and NEW_NAME in self.shown


class RoleEffect(StrEnum):
    """What a file does to somebody with a role; each value begins what the sentence about it is called."""

    EMAIL = "role-email"
    NAME = "role-name"
    LEAVE = "role-leave"


@dataclass(frozen=True, slots=True)
class RoleChange:
    """One person with a role to whom a file does something. ``place`` is that of the item, counted from 1."""

    effect: RoleEffect
    role: str
    place: int
    is_for_admins: bool

    @property
    def about(self) -> str:
        """What the sentence is called that speaks of it: of those who leave there is one for each role."""
        return f"{self.effect}-{self.role}" if self.effect is RoleEffect.LEAVE else self.effect.value


@dataclass(frozen=True)
class Counts:
    """How many of each thing the items of a plan do. ``leaves`` holds those that are ``withdrawn`` too.

    ``targets`` counts by the directorate to which they go those that move, and ``fields`` what changes by its field;
    ``others`` are changes of something else than a name.
    """

    joins: int
    returns: int
    leaves: int
    withdrawn: int
    moves: int
    renames: int
    changes: int
    others: int
    targets: Mapping[str, int]
    fields: Mapping[str, int]


def counts_of(items: Iterable[PlanItem]) -> Counts:
    """What these items do, counted."""
    acts: Counter[Act] = Counter()
    targets: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    withdrawn = renames = others = 0
    for item in items:
        acts[item.act] += 1
        withdrawn += item.is_withdrawn
        renames += item.is_rename
        if item.is_move:
            targets[item.shown[MOVED_UNIT][1].split(" / ")[0]] += 1
        elif item.act is Act.CHANGE:
            fields = [name for name in item.shown if name != NEW_NAME]
            others += bool(fields)
            changed.update(fields)
    moves = targets.total()
    return Counts(
        joins=acts[Act.JOIN],
        returns=acts[Act.RETURN],
        leaves=acts[Act.LEAVE],
        withdrawn=withdrawn,
        moves=moves,
        renames=renames,
        changes=acts[Act.CHANGE] - moves,
        others=others,
        targets=targets,
        fields=changed,
    )


@dataclass(frozen=True)
class Plan:
    """What a file would do on a day. ``people`` hold ``jobs`` jobs then: the whole of which the brakes take shares.

    ``moved_emails`` are addresses that one person has and another would get; ``shared_emails`` counts people who
    would get a new one that the file gives to others too. ``swapped`` counts rows of people whose numbers are each
    the other’s. ``other_owners`` counts rows whose payroll number is somebody else's here, or whose name has no word
    in common with the one that is known. ``new_numbers`` holds the old and the new one of people who would leave
    under one and join under another. ``unknown_managers`` counts rows that name a manager whom nobody knows.
    ``later_first_days`` counts rows with a later first day of a job that is held since before. ``former_names`` are
    units as they were called before a reorganisation, each with in how many rows, and the unit of today;
    ``coming_names`` the same of planned ones, and ``early_units`` units that are not there yet, each with in how many
    rows, and the first day. ``lost_units`` are units whose people all leave and that no row names, each with how many
    they are. ``role_changes`` are about people with a role, ``missing`` about jobs that no row names. ``report_lines``
    are lines of the report itself, which are nobody’s rows; ``short_years`` counts rows with a year of two figures,
    ``bad_mobiles`` those whose mobile number is none.
    """

    authority: str
    on: date
    everybody: bool
    rows: int
    people: int
    jobs: int
    items: Sequence[PlanItem] = ()
    unusable: Sequence[UnusableRow] = ()
    new_units: tuple[UnitPath, ...] = ()
    unchanged: int = 0
    moved_emails: tuple[str, ...] = ()
    shared_emails: int = 0
    other_owners: int = 0
    swapped: int = 0
    new_numbers: tuple[tuple[str, str], ...] = ()
    unknown_managers: int = 0
    later_first_days: int = 0
    former_names: tuple[tuple[UnitPath, int, UnitPath], ...] = ()
    coming_names: tuple[tuple[UnitPath, int, UnitPath], ...] = ()
    early_units: tuple[tuple[UnitPath, int, date], ...] = ()
    lost_units: tuple[tuple[UnitPath, int], ...] = ()
    role_changes: tuple[RoleChange, ...] = ()
    missing: Missing = field(default_factory=Missing)
    report_lines: tuple[ReportLine, ...] = ()
    short_years: int = 0
    bad_mobiles: int = 0

    @property
    def is_short(self) -> bool:
        """Whether the file says at its end that it has more rows than were read."""
        return rows_lost(self.report_lines) > 0

    @cached_property
    def counts(self) -> "Counts":
        """What the items do, counted in one go: there may be very many."""
        return counts_of(self.items)

    @property
    def digest(self) -> str:
        """The same as long as the very same would happen."""
        unusable = digest_of(row.row_number for row in self.unusable)
        unread = (self.missing.unread, self.missing.lost) if self.missing.is_unsure else ()
        return digest_of(chain(self.items, (self.new_units, unusable, self.role_changes, *unread)))
