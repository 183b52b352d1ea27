"""Branching stories on paper: numbered steps with “go to step 2”, endings, and what is said about each choice."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from app.course_pages.rendering import ReadyCourse
from courses.marking import Question
from courses.marking.display import mixed
from courses.marking.kinds.branching import VERDICT_WORDS, verdict
from courses.marking.question import BranchingStory, StoryChoice, StoryNode

SEED = "paper"


@dataclass(frozen=True)
class PaperNode:
    """A step of a story with its lettered choices and where each goes on; an ending has no question and no choices."""

    name: str
    heading: str
    text: Markup
    legend: Markup
    choices: tuple[tuple[str, Markup, str], ...]


@dataclass(frozen=True)
class StoryAnswer:
    """What is said about one choice: "Step 1, A", whether it was a good one, and the feedback."""

    label: str
    verdict: str
    note: Markup


def paper_nodes(course: ReadyCourse, question: Question, *, seed: str | None = SEED) -> tuple[PaperNode, ...]:
    """The steps and endings of a story, in the order of its author; none for any other question.

    Choices stand in the order that ``seed`` gives; without a seed, as they were written.
    """
    story = question.branching
    if story is None:
        return ()
    names = _names(story)
    steps = [
        PaperNode(
            names[node.id],
            course.words(node.heading),
            course.markdown(node.text) + (course.player(node.media) if node.media else Markup("")),
            course.inline(node.stem or question.stem),
            tuple(
                (mark, course.inline(choice.text) + course.aside(choice.text), _way_on(names, choice, node))
                for mark, choice in _lettered(question, node, seed)
            ),
        )
        for node in story.nodes
    ]
    endings = [
        PaperNode(names[one.id], course.words(one.heading), course.markdown(one.text), Markup(""), ())
        for one in story.endings
    ]
    return (*steps, *endings)


def story_answers(course: ReadyCourse, question: Question, *, seed: str | None = SEED) -> Iterator[StoryAnswer]:
    """What is said about every choice, step by step."""
    story = question.branching
    for node in story.nodes if story else ():
        for mark, choice in _lettered(question, node, seed):
            name = _names(story)[node.id] if story else ""
            yield StoryAnswer(f"{name}, {mark}", VERDICT_WORDS[verdict(choice)], course.inline(choice.feedback))


def _names(story: BranchingStory) -> dict[str, str]:
    names = {node.id: f"Step {number}" for number, node in enumerate(story.nodes, start=1)}
    if len(story.endings) == 1:
        return names | {story.endings[0].id: "The end"}
    return names | {one.id: f"Ending {number}" for number, one in enumerate(story.endings, start=1)}


def _lettered(question: Question, node: StoryNode, seed: str | None) -> Iterator[tuple[str, StoryChoice]]:
    choices = node.choices if seed is None else mixed(node.choices, question.id + seed)
    return ((chr(ord("A") + place), choice) for place, choice in enumerate(choices))


def _way_on(names: dict[str, str], choice: StoryChoice, node: StoryNode) -> str:
    if choice.leads_to == node.id:
        return "Then choose again"
    name = names.get(choice.leads_to, choice.leads_to)
    return f"Go to {name[0].lower()}{name[1:]}"
