"""The document of an evidence pack, made of its facts alone: equal facts give an equal document. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from courses.content.model.personal import Moment
from courses.reflection.rating_comparison import MOMENT_WORDS
from people.counting import RULE
from people.reorganisation.sentences import day_in_words
from reports.evidence.collecting import CourseFacts, EvidenceFacts, ItemFacts, RatingFacts, VersionFacts
from reports.paper.parts import NOT_SHOWN, Words, document, heading, listed, paragraph, paragraphs, table

TITLE = "Evidence for the public sector equality duty"
_NO_POLICY = "The authority had not worded its policy here by that day."
_STATES = {"open": "Open", "late": "Open, past its day", "done": "Done", "dropped": "Dropped"}


def running_words(facts: EvidenceFacts) -> str:
    """What stands at the foot of every page."""
    return f"{facts['number']}. {facts['authority']}, {_said(facts['on'])}"


def evidence_html(facts: EvidenceFacts, *, address: str) -> str:
    """The whole document. ``address`` is where anybody may check it."""
    return document(f"{TITLE}: {facts['authority']}, {_said(facts['on'])}", _body(facts, address))


def _body(facts: EvidenceFacts, address: str) -> Iterator[str]:
    yield heading(TITLE, 1)
    yield paragraph(f"{facts['authority']}, as at {_said(facts['on'])}", "subtitle")
    yield paragraph(f"Number {facts['number']}", "number")
    yield paragraph(
        "The Equality Act 2010, section 149, asks public authorities to have due regard to equality. This pack shows "
        "what the authority asks of its people, what they learn, how many have finished, what they say of it, how "
        "fresh it is, and what was decided. It holds no name and nobody’s answer."
    )
    yield paragraph(f"Whether a file is this pack, unchanged, can be checked by anybody at {address}")
    yield from _policy(facts)
    for course in facts["courses"]:
        yield from _course(course)
    if not facts["courses"]:
        yield heading("Courses")
        yield paragraph("The authority asked for no course on that day, or there are no figures of that day.")
    yield from _effect(facts)
    yield from _actions(facts)
    yield heading("How this was counted")
    yield listed([RULE, *dict.fromkeys(rule for one in facts["courses"] for rule in one["rules"])])


def _policy(facts: EvidenceFacts) -> Iterator[str]:
    yield heading("Policy")
    if not facts["policy"]:
        yield paragraph(_NO_POLICY)
        return
    yield paragraphs(facts["policy"])
    yield paragraph(f"Version {facts['policy_version']}, worded on {_said(facts['policy_on'])}.")


def _course(course: CourseFacts) -> Iterator[str]:
    yield heading(course["title"])
    yield paragraph(course["asked"])
    yield heading("Reach", 3)
    yield paragraph(course["answer"], "answer")
    rows = [[name, *map(_shown, counts)] for name, *counts in course["rows"]]
    yield table("People and who has finished, by part", ("Part", "People", "Finished", "Share finished"), rows, share=3)
    yield table("Who is not counted, and why", ("Reason", "People"), _pairs(course["left_out"]))
    yield heading("Freshness", 3)
    if course["freshness"]:
        yield table("When people last finished", ("When", "People"), _pairs(course["freshness"]))
    else:
        yield paragraph("How long ago people finished is not shown of so few.")
    if course["seen"]:
        seen = [[words, _shown(people), " ".join(changes) or "–"] for words, people, changes in course["seen"]]
        yield table("Which version people saw", ("Version", "People", "What the newest has otherwise"), seen)
    yield heading("Exemptions", 3)
    yield paragraph(f"As at {_said(course['exempt_on'])}.")
    exempt = [(one["reason"], one["people"]) for one in course["exempt"]]
    yield table("People who are exempt, by reason", ("Reason", "People"), _pairs(exempt))
    yield from _outlines(course)
    for _, items in course["items"]:
        yield from _items(items)


def _outlines(course: CourseFacts) -> Iterator[str]:
    if not any(versions for _, versions in course["outlines"]):
        yield paragraph("No version had been published here by that day.")
    for _, versions in course["outlines"]:
        for one in versions:
            yield heading(f"Outline: {one['title']}, version {one['number']}", 3)
            yield from _outline(one)


def _outline(one: VersionFacts) -> Iterator[str]:
    yield paragraph(
        f"Published on {_said(one['published_on'])}. {one['minutes']} minutes, {one['questions']} questions."
    )
    if one["outcomes"]:
        yield paragraph("Afterwards people can:")
        yield listed(one["outcomes"])
    yield table("Modules", ("Module", "Minutes"), one["modules"])


def _items(items: Sequence[ItemFacts]) -> Iterator[str]:
    if items:
        yield heading("How its questions work", 3)
        yield paragraph("Share of people who were right at the first try, over the people of every authority.")
        head = ("Version", "Questions", "Lowest", "Middle", "Highest", "Counted on")
        rows: list[list[Words]] = [
            [
                f"Version {one['version']}",
                one["questions"],
                f"{one['lowest']}%",
                f"{one['middle']}%",
                f"{one['highest']}%",
                _said(one["counted_on"]),
            ]
            for one in items
        ]
        yield table("Right at the first try", head, rows)


def _effect(facts: EvidenceFacts) -> Iterator[str]:
    yield heading("Effect: what learners say of themselves")
    if not facts["ratings"]:
        yield paragraph("Fewer than ten people have answered, so nothing is shown.")
        return
    yield paragraph(
        f"As answered by {_said(facts['counted_on'])}, in whole groups of people. “Later” is weeks after the "
        "course, in its follow-up."
    )
    for one in facts["ratings"]:
        yield from _rating(one)


def _rating(one: RatingFacts) -> Iterator[str]:
    yield heading(one["title"], 3)
    answered = [[_moment(moment), _shown(some), _shown(asked)] for moment, some, asked in one["answered"]]
    yield table("Who answered", ("When", "Answered", "Of those asked"), answered)
    for row in one["rows"]:
        shares: list[list[Words]] = [[_moment(moment), people, share] for moment, people, share in row["shares"]]
        yield table(row["statement"], ("When", "People", "Share who agree"), shares, share=2)


def _actions(facts: EvidenceFacts) -> Iterator[str]:
    yield heading("Actions")
    if not facts["actions"]:
        yield paragraph("No action was on the list by that day.")
        return
    rows: list[list[Words]] = []
    for one in facts["actions"]:
        ended = f" on {_said(one['ended_on'])}. {one['end_words']}" if one["ended_on"] else ""
        rows.append([one["words"], _said(one["decided_on"]), _said(one["due_on"]), f"{_STATES[one['state']]}{ended}"])
    yield table("What was decided", ("Action", "Decided", "By when", "How it stands"), rows)


def _pairs(pairs: Sequence[tuple[str, int | None]]) -> list[list[Words]]:
    return [[words, _shown(people)] for words, people in pairs]


def _shown(people: int | None) -> Words:
    return NOT_SHOWN if people is None else people


def _moment(value: str) -> str:
    return MOMENT_WORDS[Moment(value)]


def _said(day: str) -> str:
    return day_in_words(date.fromisoformat(day))
