"""Ways through a branching story that the demo's people may have taken."""

from collections.abc import Callable, Sequence

from courses.marking import Question
from courses.marking.question import StoryChoice, StoryNode
from courses.marking.story_paths import node_of

MOST_STEPS = 12


def ways_through(question: Question) -> Sequence[list[str]]:
    """Paths of the best choices, and of the first choice that is not the best at each node, as far as they end."""
    story = question.branching
    if story is None:
        return []

    def walk(choose: Callable[[StoryNode], StoryChoice]) -> list[str]:
        path: list[str] = []
        node: StoryNode | None = story.nodes[0]
        while node is not None and len(path) < MOST_STEPS:
            choice = choose(node)
            path.append(choice.id)
            node = node_of(story, choice.leads_to)
        return path

    def first_best(node: StoryNode) -> StoryChoice:
        return next(choice for choice in node.choices if choice.is_best)

    def last_best(node: StoryNode) -> StoryChoice:
        return [choice for choice in node.choices if choice.is_best][-1]

    def another(node: StoryNode) -> StoryChoice:
        others = [choice for choice in node.choices if not choice.is_best and choice.leads_to != node.id]
        return others[0] if others else first_best(node)

    return [walk(first_best), walk(last_best), walk(another)]
