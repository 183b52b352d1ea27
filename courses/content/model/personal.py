"""What learners say about themselves: statements that they rate, plans that they make, and where a screen asks."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from courses.content.model.plans import MyPlanBlock, PlanBlock, PlanCheckBlock
from courses.marking.question import Choice, Frozen


class Moment(StrEnum):
    """When somebody is asked. ``looking-back`` asks afterwards how it was before."""

    BEFORE = "before"
    AFTER = "after"
    LATER = "later"
    LOOKING_BACK = "looking-back"


PREFER_NOT = Choice(id="prefer-not-to-say", text="Prefer not to say")
AGREEMENT = (
    Choice(id="1", text="Strongly disagree"),
    Choice(id="2", text="Disagree"),
    Choice(id="3", text="Neither agree nor disagree"),
    Choice(id="4", text="Agree"),
    Choice(id="5", text="Strongly agree"),
)


class Statement(Frozen):
    """One thing to rate. Without ``choices`` of its own it is rated by agreement, from 1 to 5."""

    id: str
    text: str
    looks_back: bool = False
    choices: tuple[Choice, ...] = ()

    @property
    def is_agreement(self) -> bool:
        """Whether ratings are points from 1 to 5, which have an average."""
        return not self.choices

    @property
    def scale(self) -> tuple[Choice, ...]:
        """What may be chosen, without “prefer not to say”."""
        return self.choices or AGREEMENT

    @property
    def answers(self) -> tuple[Choice, ...]:
        """Everything that may be chosen."""
        return (*self.scale, PREFER_NOT)


class Instrument(Frozen):
    """Statements that belong together. ``looking_back`` is the question that takes the stem’s place afterwards."""

    title: str
    stem: str
    looking_back: str = ""
    statements: tuple[Statement, ...]

    def asked_at(self, moment: Moment) -> tuple[Statement, ...]:
        """The statements of one moment, in order."""
        return tuple(one for one in self.statements if moment is not Moment.LOOKING_BACK or one.looks_back)

    def stem_at(self, moment: Moment) -> str:
        """The question above the statements."""
        return self.looking_back if moment is Moment.LOOKING_BACK else self.stem


class StatementsBlock(Frozen):
    """The place of an instrument at one moment. Nothing in it has to be answered."""

    type: Literal["statements"] = "statements"
    instrument_id: str
    moment: Moment

    @property
    def key(self) -> str:
        """What it is called on its page."""
        return f"{self.instrument_id}-{self.moment}"


class ChangeBlock(Frozen):
    """A learner’s own ratings of an instrument, side by side."""

    type: Literal["change"] = "change"
    instrument_id: str

    @property
    def key(self) -> str:
        """What it is called on its page."""
        return f"{self.instrument_id}-change"


class CommentBlock(Frozen):
    """A comment that a learner may send to the authors, with its prompt in Markdown. Nobody has to write one."""

    type: Literal["comment"] = "comment"
    id: str
    prompt: str

    @property
    def key(self) -> str:
        """What it is called on its page."""
        return self.id


class MeetingBlock(Frozen):
    """A prompt for the learner’s next team meeting, as a calendar file. ``title`` and ``text`` are plain."""

    type: Literal["meeting"] = "meeting"
    title: str
    text: str

    @property
    def key(self) -> str:
        """What it is called on its page: a course has one."""
        return "meeting"


FiledBlock = StatementsBlock | ChangeBlock | PlanBlock | PlanCheckBlock | MyPlanBlock
PersonalBlock = FiledBlock | CommentBlock | MeetingBlock
FILED_BLOCKS = (StatementsBlock, ChangeBlock, PlanBlock, PlanCheckBlock, MyPlanBlock)
PERSONAL_BLOCKS = (*FILED_BLOCKS, CommentBlock, MeetingBlock)


def personal_blocks(blocks: Iterable[object]) -> tuple[PersonalBlock, ...]:
    """Those of a screen’s blocks in which learners say or see something about themselves."""
    return tuple(block for block in blocks if isinstance(block, PERSONAL_BLOCKS))


def named_by(block: FiledBlock) -> str:
    """The id of the instrument or plan that a block names."""
    return block.instrument_id if isinstance(block, StatementsBlock | ChangeBlock) else block.plan_id


def file_of(block: FiledBlock) -> str:
    """The file in which that id stands."""
    return "statements.yaml" if isinstance(block, StatementsBlock | ChangeBlock) else "plans.yaml"
