"""What may be said of a job, and the form in which the ledger keeps it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel.database import JsonObject
from people.jobs.absences import AbsenceKind
from people.jobs.terms import EmploymentKind


@dataclass(frozen=True)
class Terms:
    """What a job is on a day; equal terms of two days in a row are one span."""

    unit_id: int
    job_title: str = ""
    grade: str = ""
    kind: EmploymentKind = EmploymentKind.EMPLOYEE
    hours_per_week: Decimal | None = None
    contract: str = ""
    site: str = ""
    manager_id: int | None = None
    is_main: bool = True


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not the id of a row")
    return value


def _truth(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a text")
    return str(value)


def _hours(value: object) -> str:
    hours = Decimal(str(value))
    if not 0 <= hours < 1000:
        raise ValueError(f"{value!r} are not the hours of a week")
    # One way to write a number: the ledger compares texts.
    return f"{hours.quantize(Decimal('0.01')):f}"


def _or_none(kept: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda value: None if value is None else kept(value)


# ``held`` begins and ends a job, ``away`` says why its holder is on long leave; the others are those of ``Terms``.
_KEPT: dict[str, Callable[[object], Any]] = {
    "held": _truth,
    "away": _or_none(lambda value: AbsenceKind(_words(value)).value),
    "unit_id": _whole,
    "job_title": _words,
    "grade": _words,
    "kind": lambda value: EmploymentKind(_words(value)).value,
    "hours_per_week": _or_none(_hours),
    "contract": _words,
    "site": _words,
    "manager_id": _or_none(_whole),
    "is_main": _truth,
}
FIELDS = tuple(_KEPT)


def kept_values(values: Mapping[str, object]) -> JsonObject:
    """These fields as the ledger keeps them. Raises ``ValueError`` for a field or a value that a job cannot have."""
    if not values or not values.keys() <= _KEPT.keys():
        raise ValueError(
            f"A change is about one or more of {', '.join(FIELDS)}, and not {', '.join(values) or 'nothing'}"
        )
    return {name: _KEPT[name](values[name]) for name in FIELDS if name in values}


def terms_from(kept: Mapping[str, Any]) -> Terms | None:
    """The terms that kept values make; ``None`` while nobody holds the job, or nobody has said where it is."""
    if not kept.get("held") or "unit_id" not in kept:
        return None
    said = {name: value for name, value in kept.items() if name not in ("held", "away")}
    if "kind" in said:
        said["kind"] = EmploymentKind(said["kind"])
    if said.get("hours_per_week") is not None:
        said["hours_per_week"] = Decimal(said["hours_per_week"])
    return Terms(**said)
