"""One row beside one job: what the row would do to it. Checked before; here every row can be used."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from people.feed.planning.plan import Act, PlanItem, Step
from people.feed.planning.spans import away_differently, begins_later, begun_differently, ended_differently, merged
from people.feed.planning.state import JobNow
from people.feed.planning.values import (
    OF_THE_JOB,
    OF_THE_PERSON,
    as_json,
    in_words,
    is_said,
    is_same,
    said_value,
    value_of,
)
from people.feed.rows import FeedField, FeedRow

PersonValues = dict[str, tuple[str | None, str | None]]
Shown = dict[str, tuple[str, str]]


def joined(row: FeedRow, on: date, *, same_person_as: str | None = None, job: JobNow | None = None) -> PlanItem:
    """A job that begins. ``job`` is one that was never held, because the file that added it was undone."""
    values = {key: as_json(said_value(row, field)) for field, (key, _) in OF_THE_JOB.items() if is_said(row, field)}
    begins = row.starts_on or row.effective_on
    steps = [Step(begins, {"held": True, **values}), *_end(row, begins or on), *away_differently(row, None, on)[0]]
    person, renamed = _person(row, job) if job else (_new_person(row), {})
    return PlanItem(
        Act.JOIN,
        row.payroll_number,
        row.full_name,
        row.row_number,
        employment_id=job.employment_id if job else None,
        steps=tuple(merged(steps)),
        shown={FeedField.UNIT.value: ("", in_words(row.unit)), **renamed},
        person=person,
        same_person_as=same_person_as,
    )


def returned(row: FeedRow, job: JobNow, on: date) -> PlanItem:
    """A job that had ended and is held again, from the day that the row says."""
    values, shown = _changed(row, job)
    again = row.starts_on if row.starts_on and job.ends_on and row.starts_on > job.ends_on else row.effective_on
    if again is not None and job.ends_on is not None and again <= job.ends_on:
        again = None
    steps = [Step(again, {"held": True, **values}), *_end(row, again or on), *away_differently(row, job, on)[0]]
    return _item(Act.RETURN, row, job, steps, shown)


def changed(row: FeedRow, job: JobNow, on: date) -> PlanItem | None:
    """What is different of a job that is held or to come; ``None`` for nothing at all. It may end by it."""
    values, shown = _changed(row, job)
    from_day = row.effective_on
    # A job that begins later has its values from its first day, and one that goes on from the day of its row.
    if from_day is None and job.is_to_come(on):
        from_day = job.starts_on
    elif from_day is None and begins_later(row, job, on):
        from_day = row.starts_on
    steps = [Step(from_day, values)] if values else []
    for more, words in (begun_differently(row, job, on), ended_differently(row, job), away_differently(row, job, on)):
        steps += more
        shown |= words
    ends = FeedField.ENDS_ON.value in shown and row.ends_on is not None
    item = _item(Act.LEAVE if ends else Act.CHANGE, row, job, steps, shown)
    return item if item.steps or item.person else None


def left(job: JobNow) -> PlanItem:
    """A job that ends because a file that holds everybody does not name it: yesterday was its last day.

    One that began today was then held on no day, as if the file that added it had never said so.
    """
    shown = {FeedField.UNIT.value: (in_words(job.unit), "")}
    steps = (Step(None, {"held": False}),)
    return PlanItem(Act.LEAVE, job.payroll_number, job.full_name, None, job.employment_id, steps, shown)


def withdrawn(job: JobNow) -> PlanItem:
    """A job to come that never begins, because a file that holds everybody named it once and does so no more."""
    shown = {
        FeedField.UNIT.value: (in_words(job.unit), ""),
        FeedField.STARTS_ON.value: (in_words(job.starts_on), ""),
    }
    steps = (Step(job.starts_on, {"held": False}),)
    return PlanItem(Act.LEAVE, job.payroll_number, job.full_name, None, job.employment_id, steps, shown)


def _item(act: Act, row: FeedRow, job: JobNow, steps: list[Step], shown: Shown) -> PlanItem:
    person, renamed = _person(row, job)
    name = row.full_name if renamed else job.full_name
    found = {**shown, **renamed}
    return PlanItem(
        act, row.payroll_number, name, row.row_number, job.employment_id, tuple(merged(steps)), found, person
    )


def _changed(row: FeedRow, job: JobNow) -> tuple[Mapping[str, Any], Shown]:
    values, shown = {}, {}
    for field, (key, _) in OF_THE_JOB.items():
        if not is_said(row, field):
            continue
        before, after = value_of(job, field), said_value(row, field)
        if not is_same(field, before, after):
            values[key] = as_json(after)
            shown[field.value] = (in_words(before), in_words(after))
    return values, shown


def _new_person(row: FeedRow) -> PersonValues:
    return {key: (None, as_json(getattr(row, key))) for key in OF_THE_PERSON.values() if getattr(row, key)}


def _person(row: FeedRow, job: JobNow) -> tuple[PersonValues, Shown]:
    values: PersonValues = {}
    shown: Shown = {}
    for field, key in OF_THE_PERSON.items():
        before, after = getattr(job, key), getattr(row, key)
        # What somebody asks to be called is theirs to say; a file only says it of those who have said nothing.
        if field is FeedField.CALLED and (before or not after):
            continue
        if (field is FeedField.FULL_NAME or is_said(row, field)) and not is_same(field, before, after):
            values[key] = (as_json(before), as_json(after))
            shown[field.value] = (
                _births(before, after) if field is FeedField.BORN_ON else (in_words(before), in_words(after))
            )
    return values, shown


def _births(before: date | None, after: date | None) -> tuple[str, str]:
    """What a plan shows of a date of birth: never the day itself."""
    return "a date" if before else "", ("another date" if before else "a date") if after else ""


def _end(row: FeedRow, begins: date) -> list[Step]:
    if row.ends_on is None or row.ends_on < begins:
        return []
    return ended_differently(row, JobNow(0, 0, row.payroll_number, row.full_name, starts_on=begins))[0]
