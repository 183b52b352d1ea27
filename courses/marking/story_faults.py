"""What an author has to put right in a branching story, each fault with its place inside the question."""

from collections.abc import Iterator, Sequence

from courses.marking.question import BranchingStory, OverallFeedback, Question, StoryNode
from courses.marking.story_paths import distance
from kernel.typed import folded

Where = tuple[str | int, ...]
Fault = tuple[Where, str]

MOST_CHOICES = 8


def story_faults(question: Question) -> Iterator[Fault]:
    """Each fault as the path of the key at which it stands, such as ``("nodes", 2, "choices")``, and a sentence."""
    story = question.branching
    if question.story:
        yield ("story",), "The texts of a branching story stand in its nodes. Move this one into the first node."
    if question.media is not None:
        yield ("media",), "The recordings of a branching story stand in its nodes. Move this one into a node."
    if question.feedback != OverallFeedback():
        yield ("feedback",), "Every choice of a branching story has feedback of its own. Remove this one."
    if story is None or not story.nodes:
        yield (), "A branching story has “nodes”: write at least one, each with its choices."
        return
    yield from _twice(story)
    for number, node in enumerate(story.nodes):
        yield from _node_faults(story, ("nodes", number), node)
    if not story.endings:
        yield (), "A branching story has “endings”: write at least one, and let a choice lead to it with “next”."
        return
    known = {part.id for part in story.parts}
    if all(choice.leads_to in known for node in story.nodes for choice in node.choices):
        yield from _way_faults(story)


def _places(story: BranchingStory) -> list[Where]:
    nodes: list[Where] = [("nodes", number) for number in range(len(story.nodes))]
    return nodes + [("endings", number) for number in range(len(story.endings))]


def _twice(story: BranchingStory) -> Iterator[Fault]:
    places = _places(story)
    ids: set[str] = set()
    headings: set[str] = set()
    texts: set[str] = set()
    for place, part in zip(places, story.parts, strict=True):
        if part.id in ids:
            yield (*place, "id"), f"There are two parts of this story with the id “{part.id}”. Choose another."
        if folded(part.heading) in headings:
            yield (*place, "heading"), "Two parts of this story have the same heading. Say what is new in this one."
        if folded(part.text) in texts:
            yield (*place, "text"), "Two parts of this story have the same words. Let choices lead to one of them."
        ids.add(part.id)
        headings.add(folded(part.heading))
        texts.add(folded(part.text))


def _node_faults(story: BranchingStory, place: Where, node: StoryNode) -> Iterator[Fault]:
    if not node.choices:
        yield place, f"The node “{node.id}” has no choices. Write some, or make it one of the “endings”."
        return
    if len(node.choices) == 1:
        yield (*place, "choices"), f"The node “{node.id}” has one choice only. Write another."
    if len(node.choices) > MOST_CHOICES:
        yield (*place, "choices"), f"The node “{node.id}” has more than {MOST_CHOICES} choices. Remove some."
    if not any(choice.is_best for choice in node.choices):
        yield (*place, "choices"), f"The node “{node.id}” has no best choice. Put “best: true” under at least one."
    texts: set[str] = set()
    known = {part.id for part in story.parts}
    for number, choice in enumerate(node.choices):
        at = (*place, "choices", number)
        if folded(choice.text) in texts:
            yield (*at, "text"), f"Two choices of the node “{node.id}” have the same words. Change or remove one."
        texts.add(folded(choice.text))
        if choice.is_best and choice.is_acceptable:
            yield at, "A choice is either best or acceptable. Remove one of the two words."
        if choice.leads_to not in known:
            yield (*at, "next"), f"This leads to “{choice.leads_to[:40]}”, which is no node or ending of this story."


def _way_faults(story: BranchingStory) -> Iterator[Fault]:
    reached = _reached(story)
    for place, part in zip(_places(story), story.parts, strict=True):
        if part.id not in reached:
            yield (
                place,
                f"No choice leads to “{part.id}”. Name it in a “next”, or remove it. The story begins at the first "
                "node.",
            )
    for number, node in enumerate(story.nodes):
        if not node.choices or node.id not in reached:
            continue
        if distance(story, node.id, best_only=False) is None:
            yield (
                ("nodes", number),
                f"From “{node.id}” no choice leads on to an ending: people would go round and round. "
                "Let a choice lead to an ending.",
            )
        elif any(choice.is_best for choice in node.choices) and distance(story, node.id, best_only=True) is None:
            yield (
                ("nodes", number),
                f"From “{node.id}” the best choices alone never lead to an ending. Change a “next” or a “best”.",
            )


def _reached(story: BranchingStory) -> set[str]:
    reached: set[str] = set()
    following: Sequence[str] = [story.nodes[0].id]
    while following:
        reached.update(following)
        nodes = [node for node in story.nodes if node.id in following]
        following = sorted({choice.leads_to for node in nodes for choice in node.choices} - reached)
    return reached
