"""Figures as lines of text."""

from collections.abc import Iterator, Mapping
from typing import Any

from kernel.clock import local_day
from reports.answers.plain import PlainFigures, PlainGroup
from reports.answers.published import Published
from reports.answers.replaying import Replay

_WIDEST = 60
NOT_SHOWN = "not shown"


def figures_lines(found: PlainFigures) -> Iterator[str]:
    """The figures as a table, with what holds of all of them."""
    yield f"{found['authority']}: {found['course']} (version {found['course_version']}), {found['on']}."
    if found["rounded_to"] > 1:
        step = found["rounded_to"]
        yield f"To the nearest {step}. Groups of fewer than {5 * step} are not shown."
    width = min(_WIDEST, max(len(_name(one)) for one in found["groups"]))
    yield f"{'':{width}}  {'people':>9}  {'complete':>9}  {'share':>6}"
    for group in found["groups"]:
        yield _line(group, width, found["on"])
    for reason in found["left_out"]:
        people = reason["people"]
        yield f"Left out: {reason['why']}: {NOT_SHOWN if people is None else f'{people:,}'}."


def freshness_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """How long ago people finished, as a table, and which version."""
    yield f"{found['authority']}: {found['course']}, {found['on']}. People who last finished within so many months."
    if found["rounded_to"] > 1:
        yield f"To the nearest {found['rounded_to']}. Groups of fewer than {5 * found['rounded_to']} are not shown."
    spans = list(found["groups"][0]["within"])
    heads = ["people", *spans, "ever"]
    yield " " * _WIDEST + "".join(f"{one:>9}" for one in heads)
    for group in found["groups"]:
        name = f"{'  ' * len(group['path'])}{group['name']}"[:_WIDEST]
        if group["people"] is None:
            yield f"{name:{_WIDEST}}{NOT_SHOWN:>9}"
        else:
            numbers = [group["people"], *(group["within"][one]["people"] for one in spans), group["finished"]]
            yield f"{name:{_WIDEST}}" + "".join(f"{one:>9,}" for one in numbers)
    for version, people in zip(found["versions"], found["groups"][0]["by_version"] or [], strict=False):
        yield " ".join([f"{version['words']}: finished last by {people:,}.", *version["changed_since"]])


def _name(group: PlainGroup) -> str:
    return "  " * len(group["path"]) + group["name"]


def _line(group: PlainGroup, width: int, on: str) -> str:
    people, complete, share = group["people"], group["complete"], group["complete_percent"]
    if people is None or complete is None:
        return f"{_name(group):{width}}  {NOT_SHOWN:>9}"
    said = "" if share is None else f"{share}%"
    line = f"{_name(group):{width}}  {people:>9,}  {complete:>9,}  {said:>6}"
    if "past_their_date" in group:
        line = f"{line}  {group['past_their_date']:>9,} past their date"
    return line if group["on"] == on else f"{line}  as at {group['on']}"


def published_line(published: Published) -> str:
    """What was published, when, and who may open it."""
    asked = published.definition
    part = f" {asked.cut.part}" if asked.cut.part else ""
    who = "for everybody" if published.is_public else "for who sees these figures"
    return (
        f"{published.number}  {published.result['course']}, {asked.on.isoformat()}, by {asked.cut.by.value}{part}; "
        f"published on {local_day(published.published_at).isoformat()}, {who}"
    )


def replay_lines(published: Published, found: Replay) -> Iterator[str]:
    """Whether the record answers the same, or what differs, and why."""
    about = f"{published.number}, {published.result['authority']}, {published.definition.on.isoformat()}"
    if found.is_equal:
        yield f"{about}: the record answers the same today."
        return
    if found.refusal:
        yield f"{about}: the record does not answer any more. {found.refusal}"
        return
    yield f"{about}: the record answers differently today. What was published stays as it was."
    for one in found.differences:
        was, becomes = (NOT_SHOWN if value is None else f"{value:,}" for value in (one.published, one.today))
        yield f"  {one.group}, {one.figure}: published {was}, today {becomes}."
    for words in found.since or ("No kind of change explains it that is looked for here.",):
        yield f"  Since then: {words}"
