"""From what was said of a job to what it was on each day. Pure: the same changes give the same history in any order."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar

from kernel.database import JsonObject
from people.jobs.absences import AbsenceKind
from people.jobs.values import Terms, terms_from

_DAY = timedelta(days=1)
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class StatedChange:
    """Fields that have these values from a day on, as ``kept_values`` writes them, and when the source said so."""

    effective_on: date
    stated_at: datetime
    values: JsonObject


@dataclass(frozen=True)
class TermsSpan:
    """The days on which a job has the same terms, both included; without an end they go on."""

    starts_on: date
    ends_on: date | None
    terms: Terms


@dataclass(frozen=True)
class AbsenceSpan:
    """The days on which the holder of a job is on long leave, both included."""

    starts_on: date
    ends_on: date | None
    kind: AbsenceKind


def history_of(changes: Iterable[StatedChange]) -> tuple[tuple[TermsSpan, ...], tuple[AbsenceSpan, ...]]:
    """What a job was on each day. A field keeps its value until a change of it from a later day.

    Of two values from the same day the one stated later holds, and of two stated at once the one that sorts last.
    """
    in_order = sorted(
        changes, key=lambda one: (one.effective_on, one.stated_at, json.dumps(one.values, sort_keys=True))
    )
    known: JsonObject = {}
    terms: list[tuple[date, Terms | None]] = []
    away: list[tuple[date, AbsenceKind | None]] = []
    for day, said in groupby(in_order, key=lambda one: one.effective_on):
        for change in said:
            known |= change.values
        now = terms_from(known)
        terms.append((day, now))
        away.append((day, AbsenceKind(known["away"]) if now and known.get("away") else None))
    return (
        tuple(TermsSpan(*span) for span in _spans(terms)),
        tuple(AbsenceSpan(*span) for span in _spans(away)),
    )


def _spans(days: list[tuple[date, _Value | None]]) -> Iterator[tuple[date, date | None, _Value]]:
    """From what holds from each day on to spans of the same, without the days on which nothing holds."""
    turns = [one for place, one in enumerate(days) if place == 0 or days[place - 1][1] != one[1]]
    for place, (day, value) in enumerate(turns):
        if value is not None:
            ends_on = turns[place + 1][0] - _DAY if place + 1 < len(turns) else None
            yield day, ends_on, value
