"""Paths through a branching story: where the choices of one lead, the way back, and how far it still is."""

from collections.abc import Sequence

from courses.marking.protocol import InvalidResponse
from courses.marking.question import BranchingStory, StoryChoice, StoryEnding, StoryNode

Step = tuple[StoryNode, StoryChoice]


def node_of(story: BranchingStory, identity: str) -> StoryNode | None:
    """The node with this id; ``None`` when it is an ending, or nothing at all."""
    return next((node for node in story.nodes if node.id == identity), None)


def ending_of(story: BranchingStory, identity: str) -> StoryEnding | None:
    """The ending with this id; ``None`` when there is none."""
    return next((ending for ending in story.endings if ending.id == identity), None)


def steps_along(story: BranchingStory, path: Sequence[str]) -> tuple[Step, ...]:
    """Each choice of a path with the node at which it was made. Raises ``InvalidResponse`` for a path that the story
    does not have."""
    steps: list[Step] = []
    at: StoryNode | None = story.nodes[0]
    for identity in path:
        choice = next((one for one in at.choices if one.id == identity), None) if at else None
        if at is None or choice is None:
            raise InvalidResponse("Select an answer")
        steps.append((at, choice))
        at = node_of(story, choice.leads_to)
    return tuple(steps)


def place_after(story: BranchingStory, path: Sequence[str]) -> StoryNode | StoryEnding:
    """Where a path leads. Raises ``InvalidResponse`` for a path that the story does not have."""
    steps = steps_along(story, path)
    if not steps:
        return story.nodes[0]
    target = steps[-1][1].leads_to
    place = node_of(story, target) or ending_of(story, target)
    if place is None:
        raise InvalidResponse("This story cannot go on from here. Go back, and choose another way")
    return place


def one_node_back(story: BranchingStory, path: Sequence[str]) -> tuple[str, ...]:
    """The path up to the node before the place that it leads to, without what was chosen there; the same path when
    there is no earlier node."""
    steps = steps_along(story, path)
    here = place_after(story, path).id
    for number in range(len(steps) - 1, -1, -1):
        if steps[number][0].id != here:
            return tuple(path[:number])
    return tuple(path)


def how_far(story: BranchingStory, path: Sequence[str]) -> tuple[int, int]:
    """Which step this is, from 1, and about how many there are: those so far, and from here the best way to an end."""
    here = place_after(story, path)
    visited = [node.id for node, _ in steps_along(story, path)] + [here.id]
    step = sum(1 for before, after in zip([None, *visited], visited, strict=False) if before != after)
    return step, step - 1 + _steps_left(story, here.id)


def _steps_left(story: BranchingStory, identity: str) -> int:
    return distance(story, identity, best_only=True) or distance(story, identity, best_only=False) or 0


def distance(story: BranchingStory, identity: str, *, best_only: bool) -> int | None:
    """How many choices the shortest way from a node to an ending has, by the best choices alone or by any; ``None``
    when no way leads there."""
    endings = {ending.id for ending in story.endings}
    reached, seen, choices = {identity}, {identity}, 0
    while reached:
        if reached & endings:
            return choices
        nodes = [node for node in story.nodes if node.id in reached]
        reached = {c.leads_to for node in nodes for c in node.choices if c.is_best or not best_only} - seen
        seen |= reached
        choices += 1
    return None
