"""Branching stories: what their template gets, one node at a time, or how a story went when it is over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.course_pages.rendering import ReadyCourse
from app.platform.pages.templating import when
from courses.marking import Question
from courses.marking.display import mixed
from courses.marking.kinds.branching import VERDICT_WORDS, verdict
from courses.marking.question import BranchingStory, StoryEnding, StoryNode
from courses.marking.story_paths import Step, how_far, one_node_back, steps_along
from courses.records.answers import Answer
from courses.taking.stories import StoryPlace, places_in_stories


@dataclass(frozen=True)
class StoryChoiceView:
    """One thing to do; ``aside`` stands below it, outside its label."""

    id: str
    text: Markup
    is_chosen: bool
    aside: Markup


@dataclass(frozen=True)
class StepView:
    """A step that was taken: what its node is called, what was chosen, and what that led to."""

    heading: str
    chosen: Markup
    note: Markup
    is_right: bool | None
    verdict: str


@dataclass(frozen=True)
class StoryView:
    """A story for ``components/story.html``.

    ``last`` is the step that led here. At an ending there are no ``options``, and ``steps`` are all that were taken.
    """

    id: str
    heading: str
    progress: str
    text: Markup
    legend: Markup
    options: tuple[StoryChoiceView, ...]
    last: StepView | None
    steps: tuple[StepView, ...]
    can_go_back: bool
    is_at_end: bool
    is_begun: bool
    is_answered: bool
    saved_at: str | None
    action_url: str
    try_number: int
    position: int
    error: str | None = None
    shape: str = "path"
    field: None = None


def story_places(
    session: Session, *, attempt_id: int, questions: Mapping[str, Question], answers: Mapping[str, Answer]
) -> dict[str, StoryPlace]:
    """Where an attempt is in those of these questions that are branching stories."""
    stories = {key: question.branching for key, question in questions.items() if question.branching is not None}
    return places_in_stories(session, attempt_id=attempt_id, stories=stories, answers=answers)


def story_view(
    course: ReadyCourse,
    question: Question,
    place: StoryPlace,
    *,
    seed: str,
    answer: Answer | None,
    action_url: str,
) -> StoryView:
    """A story where somebody is in it, with what led there."""
    story = question.branching or BranchingStory(nodes=(), endings=())
    node = place.at if isinstance(place.at, StoryNode) else None
    steps = [_step(course, step) for step in steps_along(story, place.path)]
    return StoryView(
        id=question.id,
        heading=course.words(place.at.heading),
        progress=_progress(story, place),
        text=_text(course, place.at),
        legend=course.inline(node.stem or question.stem) if node else Markup(""),
        options=_choices(course, question, node, seed) if node else (),
        last=steps[-1] if steps else None,
        steps=tuple(steps) if place.is_at_end else (),
        can_go_back=one_node_back(story, place.path) != place.path,
        is_at_end=place.is_at_end,
        is_begun=place.position > 1,
        is_answered=answer is not None,
        saved_at=when(answer.saved_at) if answer and place.is_at_end else None,
        action_url=action_url,
        try_number=place.try_number,
        position=place.position,
    )


def refused(view: StoryView, message: str, chosen: str) -> StoryView:
    """The story with what has to be put right."""
    options = tuple(replace(option, is_chosen=option.id == chosen) for option in view.options)
    return replace(view, error=message, options=options)


def _progress(story: BranchingStory, place: StoryPlace) -> str:
    step, about = how_far(story, place.path)
    if place.is_at_end:
        return "The end of the story"
    return f"Step {step} of about {about}" if about > 1 else f"Step {step}"


def _text(course: ReadyCourse, at: StoryNode | StoryEnding) -> Markup:
    text = course.markdown(at.text)
    return text + course.player(at.media) if isinstance(at, StoryNode) and at.media else text


def _choices(course: ReadyCourse, question: Question, node: StoryNode, seed: str) -> tuple[StoryChoiceView, ...]:
    return tuple(
        StoryChoiceView(choice.id, course.inline(choice.text), False, course.aside(choice.text))
        for choice in mixed(node.choices, question.id + seed)
    )


def _step(course: ReadyCourse, step: Step) -> StepView:
    node, choice = step
    return StepView(
        heading=course.words(node.heading),
        chosen=course.inline(choice.text),
        note=course.inline(choice.feedback),
        is_right=verdict(choice),
        verdict=VERDICT_WORDS[verdict(choice)],
    )
