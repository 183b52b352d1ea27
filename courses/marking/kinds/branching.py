"""A story whose next moment depends on what was chosen: the response is the path that was taken to one of its ends."""

from courses.marking.protocol import InvalidResponse, Mark, Note, QuestionKey, Response, Shape
from courses.marking.question import Question, StoryChoice, StoryEnding
from courses.marking.story_faults import story_faults
from courses.marking.story_paths import place_after, steps_along

TO_AN_END = "Follow the story to one of its ends before you continue"
VERDICT_WORDS = {True: "A good choice", None: "A fair choice", False: "Not quite"}


class Branching:
    """Each node on the way is a point: the best choices get it, an acceptable one half of it.

    Where somebody chose twice at one node, the later choice counts: finding a better way is what the story is for.
    """

    key = "branching"
    version = 1
    label = "Branching story"
    shape: Shape = "path"
    keys: tuple[QuestionKey, ...] = ("nodes", "endings")
    keeps_order = False

    def mark(self, question: Question, response: Response) -> Mark:
        """Points out of the nodes on the way; a note for each choice, in the order in which they were made.

        Raises ``InvalidResponse`` for a path that ends before an ending does: only whole stories are marked.
        """
        story = question.branching
        if story is None or not story.nodes or not isinstance(response, list):
            raise InvalidResponse(TO_AN_END)
        if not isinstance(place_after(story, response), StoryEnding):
            raise InvalidResponse(TO_AN_END)
        steps = steps_along(story, response)
        last = {node.id: choice for node, choice in steps}
        points = sum(_points(choice) for choice in last.values())
        notes = tuple(Note(choice.id, verdict(choice), choice.feedback) for _, choice in steps)
        return Mark(points, len(last), points == len(last), notes)

    def check(self, question: Question) -> list[str]:
        """Every node can be reached and left, and has a best choice."""
        return [sentence for _, sentence in story_faults(question)]


def verdict(choice: StoryChoice) -> bool | None:
    """Whether a choice is among the best; ``None`` for an acceptable one."""
    return True if choice.is_best else None if choice.is_acceptable else False


def _points(choice: StoryChoice) -> float:
    return 1 if choice.is_best else 0.5 if choice.is_acceptable else 0
