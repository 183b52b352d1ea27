"""From published figures to an answer in plain sentences. Pure: only what was shown is there, and nothing small."""

from collections.abc import Iterator, Sequence
from datetime import date

from people.counting import RULE
from people.reorganisation.sentences import day_in_words
from reports.answers.plain import PlainFigures, PlainGroup
from reports.answers.published import Published
from reports.earlier_days import smallest_shown_earlier
from reports.enquiries.record import AskerKind
from reports.figures.definition import By

_WHY_HIDDEN = {
    AskerKind.FOI: (
        "Figures of small groups are not given, nor figures from which they could be worked out: members of staff "
        "could be recognised in them. They are personal data, and are withheld under section 40 of the Freedom of "
        "Information Act 2000 (personal information)."
    )
}
_WHY_HIDDEN_ELSE = (
    "Figures of small groups are not given, nor figures from which they could be worked out, because members of staff "
    "could be recognised in them."
)
_BY = {
    By.CONTRACT: "kind of contract",
    By.ROUTE: "way of finishing",
    By.MANAGER: "whether they manage others",
    By.EMAIL: "whether they have a work email",
}


def draft(kind: AskerKind, figures: Sequence[Published]) -> str:
    """The answer: each figure, who is counted, who is left out, what is not given and why, and where figures stand."""
    return "\n\n".join(_paragraphs(kind, figures))


def _paragraphs(kind: AskerKind, figures: Sequence[Published]) -> Iterator[str]:
    for one in figures:
        yield _figure(one)
    yield f"Who is counted. {RULE}"
    for words in dict.fromkeys(_left_out(one.result) for one in figures):
        if words:
            yield words
    yield " ".join((_WHY_HIDDEN.get(kind, _WHY_HIDDEN_ELSE), *dict.fromkeys(_limits(one.result) for one in figures)))
    numbers = ", ".join(one.number for one in figures)
    yield f"These figures are kept as they were published, under these numbers: {numbers}."


def _figure(one: Published) -> str:
    total, *parts = one.result["groups"]
    lines = [_sentence(one.result, total)]
    nearest = _nearest(parts)
    shown = [part for part in nearest if part["people"] is not None]
    word = _word(one.definition.cut.by, nearest)
    if shown:
        lines += ["", f"Finished, by {word}:"]
        lines += [f"- {_line(one.result, part)}" for part in shown]
    hidden = len(nearest) - len(shown)
    if hidden:
        lines.append(f"- {hidden} more {'is' if hidden == 1 else 'are'} not given, because they are small.")
    if shown and len(parts) > len(nearest):
        lines += ["", f"The units below are counted in each {word}, and are not listed here."]
    return "\n".join(lines)


def _nearest(parts: Sequence[PlainGroup]) -> list[PlainGroup]:
    """Those of one level, right below the total: listed with what is below them, people would be read twice."""
    depth = min((len(part["path"]) for part in parts), default=0)
    return [part for part in parts if len(part["path"]) == depth]


def _word(by: By, parts: Sequence[PlainGroup]) -> str:
    levels = {part["level"] for part in parts}
    return levels.pop() if by is By.UNIT and len(levels) == 1 else _BY.get(by, by.value)


def _sentence(result: PlainFigures, group: PlainGroup) -> str:
    whose = group["name"] if group["name"] == result["authority"] else f"{group['name']}, {result['authority']}"
    begins = f"On {day_in_words(date.fromisoformat(group['on']))}, at {whose},"
    if group["people"] is None or group["complete"] is None:
        return f"{begins} too few people counted for a figure to be given."
    about = "about " if result["rounded_to"] > 1 else ""
    return (
        f"{begins} {about}{group['people']:,} people were counted for the course “{result['course']}”. "
        f"{about.capitalize()}{group['complete']:,} of them{_share(group)} had finished it."
    )


def _line(result: PlainFigures, group: PlainGroup) -> str:
    about = "about " if result["rounded_to"] > 1 else ""
    name = " / ".join(group["path"]) or group["name"]
    day = "" if group["on"] == result["on"] else f", on {day_in_words(date.fromisoformat(group['on']))}"
    return f"{name}: {about}{group['complete']:,} of {about}{group['people']:,} people{_share(group)}{day}"


def _share(group: PlainGroup) -> str:
    return "" if group["complete_percent"] is None else f" ({group['complete_percent']}%)"


def _left_out(result: PlainFigures) -> str:
    said = [
        f"{one['why']} ({one['people']:,} people)" if one["people"] else one["why"]
        for one in result["left_out"]
        if one["people"] != 0
    ]
    return f"Who is left out. {'; '.join(said)}." if said else ""


def _limits(result: PlainFigures) -> str:
    step = result["rounded_to"]
    if step > 1:
        smallest = smallest_shown_earlier(step)
        return f"All numbers are rounded to the nearest {step}; groups of fewer than {smallest} people are not given."
    return f"Groups of fewer than {result['smallest_shown']} people are not given."
