"""A rule as it is kept: JSON that a person can read. What cannot be a rule is refused in words. Pure: no session."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from assignments.audiences.rules import (
    AllOf,
    AnyOf,
    HasCompleted,
    InAuthorities,
    InUnit,
    IsNamed,
    Manages,
    Not,
    OfKind,
    OnContract,
    OnGrade,
    Rule,
    Started,
    TitleHas,
    WithHours,
)
from kernel.database import JsonObject
from kernel.errors import RuleBroken
from people.jobs.terms import EmploymentKind

_Value = TypeVar("_Value", date, Decimal)
DEEPEST, MOST_PARTS, MOST_VALUES, LONGEST = 8, 100, 2000, 200


def written(rule: Rule) -> JsonObject:
    """The JSON of a rule; ``read_rule`` makes the same rule of it."""
    match rule:
        case AllOf(parts):
            return {"all": [written(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [written(part) for part in parts]}
        case Not(part):
            return {"not": written(part)}
        case InAuthorities(values):
            return {"authority": list(values)}
        case InUnit(unit_id, is_with_below):
            return {"unit": unit_id, "below": is_with_below}
        case Manages():
            return {"manager": True}
        case HasCompleted(course_id):
            return {"completed": course_id}
        case WithHours(at_least, below):
            return {"hours": _span(("at_least", at_least), ("below", below))}
        case Started(since, before):
            return {"started": _span(("since", since), ("before", before))}
    return _lists(rule)


def _lists(rule: TitleHas | OnGrade | OnContract | OfKind | IsNamed) -> JsonObject:
    match rule:
        case TitleHas(values):
            return {"title": list(values)}
        case OnGrade(values):
            return {"grade": list(values)}
        case OnContract(values):
            return {"contract": list(values)}
        case OfKind(kinds):
            return {"kind": [one.value for one in kinds]}
        case IsNamed(values):
            return {"payroll": list(values)}


def _span(*ends: tuple[str, date | Decimal | None]) -> JsonObject:
    return {name: str(value) for name, value in ends if value is not None}


def read_rule(given: object, *, depth: int = 0) -> Rule:
    """The rule that JSON stands for. Raises ``RuleBroken`` with words for what cannot be one."""
    if depth > DEEPEST:
        raise RuleBroken(f"A rule may hold rules inside each other {DEEPEST} deep, and not deeper")
    if not isinstance(given, dict) or not given:
        raise RuleBroken("Each part of a rule is an object such as {“grade”: [“G7”]}")
    name = next(iter(given))
    if name not in _READERS:
        known = ", ".join(f"“{one}”" for one in _READERS)
        raise RuleBroken(f"A rule knows no part “{str(name)[:LONGEST]}”. It knows {known}")
    allowed = {name, "below"} if name == "unit" else {name}
    if extra := sorted(str(one)[:LONGEST] for one in given.keys() - allowed):
        raise RuleBroken(f"“{extra[0]}” cannot stand beside “{name}”. Put both into {{“all”: […]}}")
    return _READERS[name](given, depth)


def _parts(given: JsonObject, name: str, depth: int) -> tuple[Rule, ...]:
    parts = given[name]
    if not isinstance(parts, list) or len(parts) > MOST_PARTS:
        raise RuleBroken(f"“{name}” is a list of at most {MOST_PARTS} parts")
    return tuple(read_rule(part, depth=depth + 1) for part in parts)


def _texts(given: JsonObject, name: str) -> tuple[str, ...]:
    values = given[name]
    is_list = isinstance(values, list) and 0 < len(values) <= MOST_VALUES
    if not is_list or not all(isinstance(one, str) and 0 < len(one.strip()) <= LONGEST for one in values):
        raise RuleBroken(f"“{name}” is a list of 1 to {MOST_VALUES:,} texts, none of them empty")
    return tuple(dict.fromkeys(one.strip() for one in values))


def _id(value: object, name: str) -> int:
    if type(value) is not int or not 0 < value < 2**31:
        raise RuleBroken(f"“{name}” is the number of a record")
    return value


def _ids(given: JsonObject, name: str) -> tuple[int, ...]:
    values = given[name]
    if not isinstance(values, list) or not 0 < len(values) <= MOST_VALUES:
        raise RuleBroken(f"“{name}” is a list of numbers of records")
    return tuple(dict.fromkeys(_id(one, name) for one in values))


def _unit(given: JsonObject, _depth: int) -> Rule:
    below = given.get("below", True)
    if type(below) is not bool:
        raise RuleBroken("“below” is true or false: whether units below it are meant too")
    return InUnit(_id(given["unit"], "unit"), below)


def _manager(given: JsonObject, _depth: int) -> Rule:
    if type(given["manager"]) is not bool:
        raise RuleBroken("“manager” is true or false")
    return Manages() if given["manager"] else Not(Manages())


def _kinds(given: JsonObject, _depth: int) -> Rule:
    try:
        return OfKind(tuple(EmploymentKind(one) for one in _texts(given, "kind")))
    except ValueError:
        raise RuleBroken(f"“kind” is one or more of {', '.join(EmploymentKind)}") from None


def _ends(
    given: JsonObject, name: str, keys: tuple[str, str], read: Callable[[Any], _Value]
) -> tuple[_Value | None, _Value | None]:
    span, (low, high) = given[name], keys
    if not isinstance(span, dict) or not span or not span.keys() <= set(keys):
        raise RuleBroken(f"“{name}” has “{low}”, “{high}” or both")
    try:
        first, last = (read(span[key]) if key in span else None for key in keys)
    except (TypeError, ValueError, InvalidOperation):
        raise RuleBroken(f"“{name}” has an end that cannot be read") from None
    if first is not None and last is not None and first >= last:
        raise RuleBroken(f"“{name}” ends before it begins: nobody fits")
    return first, last


def _hours_of(value: object) -> Decimal:
    hours = Decimal(str(value))
    if not 0 <= hours <= 168:
        raise ValueError(value)
    return hours


def _hours(given: JsonObject, _depth: int) -> Rule:
    return WithHours(*_ends(given, "hours", ("at_least", "below"), _hours_of))


def _started(given: JsonObject, _depth: int) -> Rule:
    return Started(*_ends(given, "started", ("since", "before"), date.fromisoformat))


_READERS: dict[str, Callable[[JsonObject, int], Rule]] = {
    "all": lambda given, depth: AllOf(_parts(given, "all", depth)),
    "any": lambda given, depth: AnyOf(_parts(given, "any", depth)),
    "not": lambda given, depth: Not(read_rule(given["not"], depth=depth + 1)),
    "authority": lambda given, _: InAuthorities(_ids(given, "authority")),
    "unit": _unit,
    "title": lambda given, _: TitleHas(_texts(given, "title")),
    "grade": lambda given, _: OnGrade(_texts(given, "grade")),
    "contract": lambda given, _: OnContract(_texts(given, "contract")),
    "kind": _kinds,
    "hours": _hours,
    "manager": _manager,
    "started": _started,
    "completed": lambda given, _: HasCompleted(_id(given["completed"], "completed")),
    "payroll": lambda given, _: IsNamed(_texts(given, "payroll")),
}
