"""A rule as a condition in SQL on jobs and their terms, so that thousands are asked in one statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select, true
from sqlalchemy.orm import Session, aliased

from assignments.audiences.rules import (
    AllOf,
    AnyOf,
    HasCompleted,
    InAuthorities,
    InUnit,
    IsNamed,
    Leaf,
    Manages,
    Not,
    OfKind,
    OnContract,
    OnGrade,
    Rule,
    Started,
    TitleHas,
    WithHours,
    leaves_of,
)
from courses.records.completion import Completion, is_standing
from kernel.clock import LOCAL
from kernel.typed import searchable
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms
from people.reorganisation.periods import units_on


def end_of(day: date) -> datetime:
    """The moment at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, LOCAL)


@dataclass(frozen=True)
class Known:
    """What has to be looked up before a rule can be asked: the units below others that day, and titles by word."""

    on: date
    units_below: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def look_up(session: Session, rules: Iterable[Rule], *, organisation_id: int, on: date) -> Known:
    """What these rules need: no statement for most, one for words in titles, one for units with what is below."""
    leaves = [leaf for rule in rules for leaf in leaves_of(rule)]
    units = {leaf.unit_id for leaf in leaves if isinstance(leaf, InUnit) and leaf.is_with_below}
    words = {word for leaf in leaves if isinstance(leaf, TitleHas) for word in leaf.words}
    below = _units_below(session, units, organisation_id, on) if units else {}
    return Known(on, below, _titles(session, words, organisation_id) if words else {})


def _units_below(session: Session, wanted: set[int], organisation_id: int, on: date) -> dict[int, tuple[int, ...]]:
    inside = {unit_id: {unit_id} for unit_id in wanted}
    for unit in units_on(session, organisation_id=organisation_id, on=on):  # a parent comes before its children
        for within in inside.values():
            if unit.parent_id in within:
                within.add(unit.id)
    return {unit_id: tuple(sorted(within)) for unit_id, within in inside.items()}


def _titles(session: Session, words: set[str], organisation_id: int) -> dict[str, tuple[str, ...]]:
    # Here and not in the database: each of the two would compare capitals and accents by another alphabet.
    rows = session.scalars(
        select(EmploymentTerms.job_title)
        .join(Employment, Employment.id == EmploymentTerms.employment_id)
        .where(Employment.organisation_id == organisation_id)
        .distinct()
    )
    titles = [(searchable(title), title) for title in rows]
    return {word: tuple(sorted(title for key, title in titles if searchable(word) in key)) for word in words}


def condition(rule: Rule, known: Known) -> ColumnElement[bool]:
    """The condition on ``Employment`` joined with its terms that the rule holds. Never null, so that "not" is safe."""
    match rule:
        case AllOf(parts):
            return and_(true(), *(condition(part, known) for part in parts))
        case AnyOf(parts):
            return or_(false(), *(condition(part, known) for part in parts))
        case Not(part):
            return not_(condition(part, known))
        case _:
            return leaf_condition(rule, known)


def leaf_condition(leaf: Leaf, known: Known) -> ColumnElement[bool]:
    """The same for a single condition."""
    match leaf:
        case InAuthorities(ids):
            return Employment.organisation_id.in_(ids)
        case InUnit(unit_id, is_with_below):
            return EmploymentTerms.unit_id.in_(known.units_below[unit_id] if is_with_below else (unit_id,))
        case TitleHas(words):
            return EmploymentTerms.job_title.in_({title for word in words for title in known.titles[word]})
        case OnGrade(values):
            return EmploymentTerms.grade.in_(values)
        case OnContract(values):
            return EmploymentTerms.contract.in_(values)
        case OfKind(kinds):
            return EmploymentTerms.kind.in_(kinds)
        case WithHours(at_least, below):
            hours = EmploymentTerms.hours_per_week
            low = hours >= float(at_least) if at_least is not None else true()
            return and_(hours.is_not(None), low, hours < float(below) if below is not None else true())
        case Manages():
            return Employment.id.in_(_managers(known.on))
        case Started(since, before):
            low = Employment.starts_on >= since if since is not None else true()
            return and_(low, Employment.starts_on < before if before is not None else true())
        case HasCompleted(course_id):
            return Employment.person_id.in_(completed_by(course_id, known.on))
        case IsNamed(values):
            return Employment.payroll_number.in_(values)


def completed_by(course_id: int, on: date) -> Select[int]:
    """Who had completed a course by the end of a day."""
    return select(Completion.person_id).where(
        Completion.course_id == course_id, Completion.completed_at < end_of(on), is_standing()
    )


def _managers(on: date) -> Select[int | None]:
    terms = aliased(EmploymentTerms)
    held = and_(terms.starts_on <= on, or_(terms.ends_on.is_(None), terms.ends_on >= on))
    return select(terms.manager_id).where(terms.manager_id.is_not(None), held)


def people_in(rule: Rule, known: Known, *, organisation_id: int) -> Select[int]:
    """The ids of the people in an audience on the day: a job that they hold at the authority then fits the rule."""
    return (
        select(Employment.person_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.organisation_id == organisation_id, is_held(known.on), condition(rule, known))
    )
