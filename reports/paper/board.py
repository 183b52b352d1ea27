"""The report for a board or a scrutiny committee: what it says, as plain values, and the document made of them.

The same figures give the same values, and the same values the same document: no clock is in either.
"""

from collections.abc import Iterator
from typing import TypedDict, cast

from assignments.plans import Plan
from people.counting import RULE
from reports.chart import FAMILY, completion_chart
from reports.completion import CompletionFigures
from reports.figures.definition import By
from reports.groups import Group, Level
from reports.paper.notes import Made, rounding_rule, small_groups_rule
from reports.paper.parts import NOT_SHOWN, Words, document, heading, listed, paragraph, picture, table
from reports.paper.sentences import answer, by_when, chart_words, gap_sentence, whose_what_when
from reports.suppression import OTHERS
from reports.target.standing import Line, Standing

TITLE = "How far our people are"
_BELOW = {Level.AUTHORITY: "directorate", Level.DIRECTORATE: "service", Level.SERVICE: "team"}
_PICTURE_WIDTH = 900


class BoardRow(TypedDict):
    """One part. Nothing is said where it is not shown."""

    name: str
    people: int | None
    complete: int | None
    percent: int | None
    missing: int | None
    late: int | None


class BoardFacts(TypedDict):
    """Everything that stands in the report."""

    head: list[str]
    answer: str
    due: str
    gap: str
    tiles: list[tuple[int, str]]
    by: str
    more: str
    has_late: bool
    rows: list[BoardRow]
    chart: str
    chart_words: str
    left_out: list[tuple[str, int | None]]
    notes: list[str]


def board_facts(
    figures: CompletionFigures, standing: Standing, made: Made, *, plan: Plan | None, rule: str
) -> BoardFacts:
    """What a report says of these figures. ``rule`` says by when people are asked to finish; who made it is not in it,
    so that it is the same for whoever asks."""
    return {
        "head": list(whose_what_when(figures)),
        "answer": answer(figures, is_asked=plan is not None),
        "due": by_when(figures, standing, plan=plan, rule=rule),
        "gap": gap_sentence(standing.gap, standing.percent),
        "tiles": _tiles(figures, standing),
        "by": _below(figures),
        "more": f"More to reach {standing.percent}%" if standing.percent < 100 else "Not finished",
        "has_late": standing.late is not None,
        "rows": [_row(line, has_late=standing.late is not None) for line in standing.lines],
        "chart": _chart(figures),
        "chart_words": chart_words(figures),
        "left_out": [(one.words, one.people) for one in figures.left_out.reasons],
        "notes": [
            RULE,
            small_groups_rule(figures),
            rounding_rule(figures),
            f"Version {figures.course_version} of “{figures.course_title}”.",
            f"The same figures: {made.address}",
            *(f"Published as {number}." for number in made.published),
        ],
    }


def _below(figures: CompletionFigures) -> str:
    by = figures.cut.by
    return by.value if by is not By.UNIT else _BELOW.get(figures.total.level, "team")


def _tiles(figures: CompletionFigures, standing: Standing) -> list[tuple[int, str]]:
    counts = figures.total.counts
    if counts is None or not counts.people:
        return []
    tiles = [(counts.complete, "finished")]
    if figures.shows_started:
        tiles += [(counts.in_progress, "in progress"), (counts.not_started, "not started")]
    else:
        tiles.append((counts.not_finished, "not finished yet"))
    return tiles if standing.late is None else [*tiles, (standing.late, "past their date")]


def _row(line: Line, *, has_late: bool) -> BoardRow:
    group, counts = line.group, line.group.counts
    return {
        "name": _name(group),
        "people": counts.people if counts else None,
        "complete": counts.complete if counts else None,
        "percent": counts.complete_percent if counts else None,
        "missing": line.missing if counts else None,
        "late": line.late if counts and has_late else None,
    }


def _name(group: Group) -> str:
    return group.name if group.key != OTHERS else f"{group.name}, each too small to be named"


def _chart(figures: CompletionFigures) -> str:
    """The picture of the page; none where there would be nothing to see."""
    total = figures.total
    if total.counts is None or not total.counts.people or not total.children:
        return ""
    drawn = completion_chart(
        total, description=chart_words(figures), width=_PICTURE_WIDTH, shows_started=figures.shows_started
    )
    return drawn.decode()


def running_words(facts: BoardFacts) -> str:
    """What stands at the foot of every page."""
    return ". ".join(facts["head"])


def board_html(facts: BoardFacts, *, family: str) -> str:
    """The whole document. ``family`` draws the letters in its picture, as everywhere else in it."""
    return document(f"{TITLE}: {'. '.join(facts['head'])}", _body(facts, family))


def _body(facts: BoardFacts, family: str) -> Iterator[str]:
    whose, what = facts["head"]
    yield heading(f"{TITLE}: {whose}", 1)
    yield paragraph(what, "subtitle")
    yield paragraph(facts["answer"], "answer")
    yield paragraph(facts["due"])
    if facts["tiles"]:
        yield listed(f"{count:,} {words}" for count, words in facts["tiles"]).replace("<ul>", '<ul class="tiles">')
    if facts["rows"]:
        yield heading(f"By {facts['by']}")
        yield paragraph(facts["gap"])
        yield _units(facts)
    if facts["chart"]:
        yield heading("As a picture")
        yield picture(facts["chart"].replace(FAMILY, f'"{family}"').encode(), facts["chart_words"])
    yield heading("Who is counted, and who is not")
    if facts["left_out"]:
        rows = [(why, NOT_SHOWN if people is None else people) for why, people in facts["left_out"]]
        yield table("People who are not counted, and why", ("Reason", "People"), rows)
    else:
        yield paragraph("Everybody with a job here is counted.")
    yield listed(facts["notes"])


def _units(facts: BoardFacts) -> str:
    head = [facts["by"].capitalize(), "People", "Finished", "Share finished", facts["more"]]
    keys = ["name", "people", "complete", "percent", "missing"]
    if facts["has_late"]:
        head, keys = [*head, "Past their date"], [*keys, "late"]
    rows = [_cells(row, keys) for row in facts["rows"]]
    return table(f"Share finished by {facts['by']}", head, rows, share=3)


def _cells(row: BoardRow, keys: list[str]) -> list[Words]:
    if row["people"] is None:
        return [row["name"], *(NOT_SHOWN,) * (len(keys) - 1)]
    values = cast(dict[str, Words], row)
    return [values[key] for key in keys]
