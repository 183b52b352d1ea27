"""Branching stories: every step as it was taken, and where somebody is in a story.

A story becomes an answer when it reaches an ending, and only then: answers are whole and marked, and everything that
counts them (progress, scores, completion) stays as simple as it is. What comes before is kept here, step by step, going
back included; that is what makes it possible to go on with a story on another device.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.marking import InvalidResponse
from courses.marking.question import BranchingStory, StoryEnding, StoryNode
from courses.marking.story_paths import one_node_back, place_after
from courses.records.answers import Answer, latest_answers
from courses.records.completion import CourseCompleted
from courses.taking.answering import GivenTry, submit_answer
from courses.taking.progression import note_place
from courses.taking.screens import OpenScreen
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound


class Move(StrEnum):
    """What somebody does in a story."""

    CHOOSE = "choose"
    BACK = "back"
    AGAIN = "again"


class StoryStep(Base):
    """One move in a story, the ``position``-th (from 1) of its try. ``choice_id`` is empty unless something was chosen.

    Only ever added to. ``try_number`` is that of the answer which the story becomes at its ending.
    """

    __tablename__ = "story_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question_id: Mapped[str] = mapped_column(String(40))
    try_number: Mapped[int]
    position: Mapped[int]
    move: Mapped[Move] = mapped_column(enum_by_value(Move))
    choice_id: Mapped[str | None] = mapped_column(String(60))
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("attempt_id", "question_id", "try_number", "position"),)


@dataclass(frozen=True)
class StoryPlace:
    """Where somebody is in a story: the path of choices that counts, and which move would be the next."""

    path: tuple[str, ...]
    at: StoryNode | StoryEnding
    try_number: int
    position: int

    @property
    def is_at_end(self) -> bool:
        """Whether the story is over."""
        return isinstance(self.at, StoryEnding)


@dataclass(frozen=True)
class Step:
    """A move as a form sends it: which of which try it was printed for, and what was chosen, if anything was."""

    try_number: int
    position: int
    move: Move
    choice_id: str | None = None


@dataclass(frozen=True)
class StepOutcome:
    """What became of a step. ``is_replay``: the form was not for the next step, and nothing was changed.

    ``is_set_aside``: it was another step than the one that was taken there.
    """

    is_replay: bool
    events: tuple[CourseCompleted, ...] = ()
    is_set_aside: bool = False


# Built once, as for answers: every screen with a story runs it.
_STEPS = (
    select(StoryStep)
    .where(StoryStep.attempt_id == bindparam("attempt_id"), StoryStep.question_id.in_(bindparam("ids", expanding=True)))
    .order_by(StoryStep.question_id, StoryStep.try_number, StoryStep.position)
)


def places_in_stories(
    session: Session, *, attempt_id: int, stories: Mapping[str, BranchingStory], answers: Mapping[str, Answer]
) -> dict[str, StoryPlace]:
    """Where an attempt is in each of these stories, by question id. ``answers`` are its newest ones."""
    if not stories:
        return {}
    rows = list(session.scalars(_STEPS, {"attempt_id": attempt_id, "ids": tuple(stories)}))
    return {
        key: _place(story, answers.get(key), [row for row in rows if row.question_id == key])
        for key, story in stories.items()
    }


def take_step(session: Session, here: OpenScreen, question_id: str, step: Step, *, now: datetime) -> StepOutcome:
    """Store one move in a story; at an ending the story becomes an answer, with all that an answer may finish.

    A form that was printed for another step than the next one, sent again or from a second tab, changes nothing.
    Raises ``NotFound``, and ``InvalidResponse`` when nothing was chosen that can be chosen there.
    """
    question, attempt_id = here.question(question_id), here.attempt.id
    story = question.branching
    if story is None:
        raise NotFound(f"story {question_id} on {here.address}")
    place = _current(session, attempt_id, question_id, story)
    if (step.try_number, step.position) != (place.try_number, place.position):
        return StepOutcome(is_replay=True, is_set_aside=not _was_taken(session, attempt_id, question_id, step))
    path = _after(story, place.path, step.move, step.choice_id)
    session.add(
        StoryStep(
            attempt_id=attempt_id,
            question_id=question_id,
            try_number=place.try_number,
            position=place.position,
            move=step.move,
            choice_id=step.choice_id if step.move is Move.CHOOSE else None,
            taken_at=now,
        )
    )
    session.flush()
    if not isinstance(place_after(story, path), StoryEnding):
        note_place(session, here, here.address.screen_number)
        return StepOutcome(is_replay=False)
    outcome = submit_answer(session, here, question, GivenTry(step.try_number, list(path)), now=now)
    return StepOutcome(is_replay=False, events=outcome.events)


def _was_taken(session: Session, attempt_id: int, question_id: str, step: Step) -> bool:
    """Whether this very step is on record, as when a form is sent twice."""
    taken = select(StoryStep.id).where(
        StoryStep.attempt_id == attempt_id,
        StoryStep.question_id == question_id,
        StoryStep.try_number == step.try_number,
        StoryStep.position == step.position,
        StoryStep.move == step.move,
        StoryStep.choice_id == (step.choice_id if step.move is Move.CHOOSE else None),
    )
    return session.scalar(taken) is not None


def _current(session: Session, attempt_id: int, question_id: str, story: BranchingStory) -> StoryPlace:
    answers = latest_answers(session, attempt_id=attempt_id, question_ids=(question_id,))
    places = places_in_stories(session, attempt_id=attempt_id, stories={question_id: story}, answers=answers)
    return places[question_id]


def _place(story: BranchingStory, answer: Answer | None, steps: Sequence[StoryStep]) -> StoryPlace:
    try_number = answer.try_number + 1 if answer else 1
    taken = [step for step in steps if step.try_number == try_number]
    path = _known(story, answer.response if answer else ())
    for step in taken:
        try:
            path = _after(story, path, step.move, step.choice_id)
        except InvalidResponse:
            continue
    return StoryPlace(path, place_after(story, path), try_number, taken[-1].position + 1 if taken else 1)


def _known(story: BranchingStory, path: Sequence[str]) -> tuple[str, ...]:
    # A corrected course may have other choices than the one in which the path was taken.
    try:
        place_after(story, path)
    except InvalidResponse:
        return ()
    return tuple(path)


def _after(story: BranchingStory, path: tuple[str, ...], move: Move, choice_id: str | None) -> tuple[str, ...]:
    """The path after one more move. Raises ``InvalidResponse`` when that choice is not at the place of the path."""
    if move is Move.AGAIN:
        return ()
    if move is Move.BACK:
        return one_node_back(story, path)
    if choice_id is None:
        raise InvalidResponse("Select an answer")
    longer = (*path, choice_id)
    place_after(story, longer)
    return longer
