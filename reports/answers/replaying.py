"""A published figure asked for again: whether the record would answer the same today, and if not, what has come since.

Both answers are rounded, so no difference tells of fewer people than a step; and what came since is named by its kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from assignments.exemptions.record import Exemption
from courses.history.stored import HistoryRun
from courses.records.completion import Completion
from courses.records.completion_events import CompletionEvent
from kernel.errors import NotFound, RuleBroken
from people.jobs.changes import EmploymentChange
from people.jobs.employment import Employment
from people.merging.records import PersonMerge
from people.organisations import get_organisation
from people.reorganisation.record import Reorganisation
from reports.answers.answering import answer
from reports.answers.plain import PlainGroup, plain
from reports.answers.published import Published


@dataclass(frozen=True)
class Difference:
    """One number of one group: what was published, and what the record says today; ``None`` is not shown."""

    group: str
    figure: str
    published: int | None
    today: int | None


@dataclass(frozen=True)
class Replay:
    """``refusal`` says why there is no answer any more. ``since`` are the kinds of things that came since and say
    something about the day, where anything differs."""

    differences: tuple[Difference, ...]
    since: tuple[str, ...]
    refusal: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether the record still answers as it did."""
        return not self.differences and not self.refusal


def replay(session: Session, published: Published, *, now: datetime) -> Replay:
    """The same question, asked of the record of today."""
    definition = replace(published.definition, authority=published.authority)
    try:
        figures = answer(session, definition, now=now, smallest_shown=published.result["smallest_shown"])
    except NotFound:
        return Replay((), (), "What it is of is not in the record of that day any more.")
    except RuleBroken as refused:
        return Replay((), (), refused.message)
    found = tuple(_differences(published.result["groups"], plain(figures)["groups"]))
    return Replay(found, tuple(_since(session, published)) if found else ())


def _differences(before: list[PlainGroup], after: list[PlainGroup]) -> Iterator[Difference]:
    then, today = _numbers(before), _numbers(after)
    for key in dict.fromkeys([*then, *today]):
        if then.get(key) != today.get(key):
            name, figure = key
            yield Difference(name, figure, then.get(key), today.get(key))


def _numbers(groups: list[PlainGroup]) -> dict[tuple[str, str], int | None]:
    """By the full name of a group and what is counted in it. Names of a day that is over do not change."""
    found: dict[tuple[str, str], int | None] = {}
    for one in groups:
        name = " / ".join(one["path"]) or one["name"]
        found |= {(name, "people"): one["people"], (name, "complete"): one["complete"]}
    return found


def _since(session: Session, published: Published) -> Iterator[str]:
    """What was recorded after the publication, kind by kind."""
    organisation_id = get_organisation(session, slug=published.authority).id
    for words, conditions in _kinds(organisation_id, published.published_at, published.definition.on):
        if session.scalar(select(exists().where(*conditions))):
            yield words


def _kinds(organisation_id: int, since: datetime, on: date) -> Iterator[tuple[str, tuple[ColumnElement[bool], ...]]]:
    """Each kind of change in words, with the conditions on its rows."""
    here = select(Employment.person_id).where(Employment.organisation_id == organisation_id)
    theirs = select(Completion.id).where(Completion.person_id.in_(here))
    yield (
        "Completions were withdrawn or put right.",
        (CompletionEvent.happened_at > since, CompletionEvent.completion_id.in_(theirs)),
    )
    yield (
        "A file of past learning was applied or undone.",
        (
            HistoryRun.organisation_id == organisation_id,
            or_(HistoryRun.applied_at > since, HistoryRun.undone_at > since),
        ),
    )
    jobs = select(Employment.id).where(Employment.organisation_id == organisation_id)
    yield (
        "The record of employment was changed for days up to it.",
        (
            EmploymentChange.employment_id.in_(jobs),
            EmploymentChange.effective_on <= on,
            or_(EmploymentChange.recorded_at > since, EmploymentChange.undone_at > since),
        ),
    )
    yield (
        "Units were reorganised from a day before it.",
        (
            Reorganisation.organisation_id == organisation_id,
            Reorganisation.effective_on <= on,
            or_(Reorganisation.recorded_at > since, Reorganisation.undone_at > since),
        ),
    )
    yield (
        "Records of one person were merged or separated.",
        (
            or_(PersonMerge.merged_at > since, PersonMerge.separated_at > since),
            or_(PersonMerge.kept_person_id.in_(here), PersonMerge.merged_person_id.in_(here)),
        ),
    )
    yield (
        "Exemptions were given for days up to it.",
        (Exemption.organisation_id == organisation_id, Exemption.given_at > since, Exemption.starts_on <= on),
    )
