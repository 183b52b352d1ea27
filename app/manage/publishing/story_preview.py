"""A branching story as its author checks it: every node with every choice, where it leads, and what it says."""

from dataclasses import dataclass

from markupsafe import Markup

from app.course_pages.paper_stories import paper_nodes, story_answers
from app.course_pages.rendering import ReadyCourse
from courses.marking import Question
from courses.marking.kinds.branching import verdict


@dataclass(frozen=True)
class ChoicePreview:
    """A choice with its letter, where it leads, its verdict in words and as a truth value, and its feedback."""

    letter: str
    text: Markup
    way_on: str
    verdict: str
    is_right: bool | None
    note: Markup


@dataclass(frozen=True)
class NodePreview:
    """A node or an ending, by its name and its id; an ending has no choices."""

    name: str
    id: str
    heading: str
    text: Markup
    legend: Markup
    choices: tuple[ChoicePreview, ...]


def node_previews(course: ReadyCourse, question: Question) -> tuple[NodePreview, ...]:
    """Everything that a story holds, as it was written; nothing for any other question."""
    story = question.branching
    if story is None:
        return ()
    said = iter(story_answers(course, question, seed=None))
    # In this order, zip() takes nothing from the two iterators once the choices of a node are done.
    verdicts = iter([verdict(choice) for node in story.nodes for choice in node.choices])
    return tuple(
        NodePreview(
            node.name,
            part.id,
            node.heading,
            node.text,
            node.legend,
            tuple(
                ChoicePreview(letter, text, way_on, one.verdict, is_right, one.note)
                for (letter, text, way_on), one, is_right in zip(node.choices, said, verdicts, strict=False)
            ),
        )
        for part, node in zip(story.parts, paper_nodes(course, question, seed=None), strict=True)
    )
