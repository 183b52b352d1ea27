"""The values of a job that a file speaks about: where they stand, how they are compared, said and kept as JSON."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kernel.spooling.lookup import SeenKeys
from kernel.typed import folded, search_words
from people.feed.planning.state import JobNow, StateNow, unit_key
from people.feed.rows import FeedField, FeedRow
from people.jobs.terms import EmploymentKind

ONE_DAY = timedelta(days=1)
# The key in the record of employment, and the attribute in which rows and jobs hold it.
OF_THE_JOB: Mapping[FeedField, tuple[str, str]] = {
    FeedField.UNIT: ("unit", "unit"),
    FeedField.JOB_TITLE: ("job_title", "job_title"),
    FeedField.GRADE: ("grade", "grade"),
    FeedField.KIND: ("kind", "kind"),
    FeedField.HOURS_PER_WEEK: ("hours_per_week", "hours_per_week"),
    FeedField.CONTRACT: ("contract", "contract"),
    FeedField.SITE: ("site", "site"),
    FeedField.MANAGER: ("manager", "manager_payroll_number"),
    FeedField.IS_MAIN: ("is_main", "is_main"),
}
OF_THE_PERSON: Mapping[FeedField, str] = {
    FeedField.FULL_NAME: "full_name",
    FeedField.CALLED: "called",
    FeedField.EMAIL: "email",
    FeedField.WORK_MOBILE: "work_mobile",
    FeedField.BORN_ON: "born_on",
}
# What these are without a value; the others are empty then.
_EMPTY: Mapping[FeedField, Any] = {
    FeedField.JOB_TITLE: "",
    FeedField.GRADE: "",
    FeedField.KIND: EmploymentKind.EMPLOYEE,
    FeedField.CONTRACT: "",
    FeedField.SITE: "",
    FeedField.IS_MAIN: True,
}
# These are never cleared: an empty cell in their column says nothing.
_ALWAYS_THERE = frozenset({FeedField.UNIT, FeedField.KIND, FeedField.IS_MAIN, FeedField.FULL_NAME})


def said_value(row: FeedRow, field: FeedField) -> Any:
    """What a row says a job has, or has no more."""
    value = getattr(row, OF_THE_JOB[field][1])
    return _EMPTY.get(field) if value in (None, ()) else value


def value_of(job: JobNow, field: FeedField) -> Any:
    """What a job has."""
    return getattr(job, OF_THE_JOB[field][1])


def is_said(row: FeedRow, field: FeedField) -> bool:
    """Whether a row speaks about a value, so that it is not to be kept as it is."""
    if field not in row.said:
        return False
    return field not in _ALWAYS_THERE or getattr(row, OF_THE_JOB[field][1], None) not in (None, ())


def is_same(field: FeedField, before: Any, after: Any) -> bool:
    """Whether two values are one: neither capitals nor spaces to spare make another name, address or unit."""
    if before == after:
        return True
    if field is FeedField.UNIT:
        return unit_key(before) == unit_key(after)
    if field in (FeedField.EMAIL, FeedField.FULL_NAME) and before and after:
        return folded(before) == folded(after)
    # No word and an empty one are the same.
    return before in (None, "") and after in (None, "")


def as_json(value: Any) -> Any:
    """A value as the record keeps it."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | EmploymentKind) else value


def in_words(value: Any) -> str:
    """A value as a plan shows it; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " / ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return day(value) if isinstance(value, date) else str(value)


def day(on: date) -> str:
    """A day as a plan says it: 27 November 2026."""
    return f"{on.day} {on:%B %Y}"


def is_same_person(row: FeedRow, job: JobNow) -> bool:
    """Whether a row may speak of the person whose job it is: a word of the name, the address or the first day fits.

    With another given name, neither address nor first day may be another one. The family name alone proves nothing.
    """
    if is_same(FeedField.FULL_NAME, job.full_name, row.full_name):
        return True
    has_both = bool(row.email and job.email)
    has_address = has_both and is_same(FeedField.EMAIL, job.email, row.email)
    began = row.starts_on is not None and row.starts_on == job.starts_on
    is_other = (has_both and not has_address) or (None not in (row.starts_on, job.starts_on) and not began)
    if is_other and not _is_given_name_kept(row.full_name, job.full_name):
        return False
    return has_address or began or are_names_alike(row.full_name, job.full_name)


def may_be_one_person(row: FeedRow, other: FeedRow) -> bool:
    """Whether two rows with one number of a person may be of one: with another given name, not by two addresses."""
    has_both = bool(row.email and other.email)
    is_other = has_both and not is_same(FeedField.EMAIL, row.email, other.email)
    if is_other and not _is_given_name_kept(row.full_name, other.full_name):
        return False
    return are_names_alike(row.full_name, other.full_name)


def _is_given_name_kept(one: str, other: str) -> bool:
    """Whether the first word of one name is one of the other: after a marriage, or with fewer given names."""
    words, others = search_words(one), search_words(other)
    return bool(words and others) and (words[0] in others or others[0] in words)


def are_names_alike(one: str, other: str) -> bool:
    """Whether two names have a word in common: one is then another form of the other, or follows a marriage."""
    return not name_words(one).isdisjoint(name_words(other)) or folded(one) == folded(other)


def name_words(name: str) -> set[str]:
    """The words by which two names can be alike."""
    # An initial is no name; a single sign of another script may be one.
    return {word for word in search_words(name) if len(word) > 1 or not word.isascii()}


def swaps_in(rows: Iterable[FeedRow], state: StateNow) -> dict[int, JobNow]:
    """The job of the other one, by the row of each of two people who have swapped their numbers."""

    def renamed() -> Iterator[tuple[int, JobNow, str, str]]:
        for row in rows:
            job = state.jobs.get(row.payroll_number)
            if job is not None and not is_same(FeedField.FULL_NAME, job.full_name, row.full_name):
                yield row.row_number, job, folded(job.full_name), folded(row.full_name)

    names = SeenKeys((before, after) for _, _, before, after in renamed())
    likely = [one for one in renamed() if (one[3], one[2]) in names] if names else []
    by_names = {(before, after): job for _, job, before, after in likely}
    found = {}
    for row_number, job, before, after in likely:
        other = by_names.get((after, before))
        if other is not None and other.person_id != job.person_id:
            found[row_number] = other
    return found
