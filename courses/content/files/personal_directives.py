"""The directives for what learners say: about themselves, about their plan, to the authors, and at a meeting."""

from courses.content.format.authoring import is_part_id
from courses.content.format.draft import Passage
from courses.content.model.personal import (
    ChangeBlock,
    CommentBlock,
    MeetingBlock,
    Moment,
    PersonalBlock,
    StatementsBlock,
)
from courses.content.model.plans import MyPlanBlock, PlanBlock, PlanCheckBlock
from courses.content.source.findings import Findings, Place

MOMENTS = ", ".join(moment.value for moment in Moment if moment is not Moment.LOOKING_BACK)
EXAMPLES = {
    "statements": "RE-C before",
    "change": "RE-C",
    "plan": "RE-PLAN",
    "plan-check": "RE-PLAN",
    "my-plan": "RE-PLAN",
}
PERSONAL_NAMES = tuple(EXAMPLES)
WORDED_NAMES = ("comment", "meeting")
LONGEST_CHOICE = 100


def personal_block(name: str, argument: str, text: str, place: Place, findings: Findings) -> PersonalBlock | None:
    """The block that one of these directives stands for, or ``None`` with a finding."""
    if text:
        findings.error(place.down(1), f"“::: {name}” holds no text. Move this text out of it.")
    identity, _, moment = argument.partition(" ")
    moment = moment.strip()
    if not is_part_id(identity) or (moment and name != "statements"):
        findings.error(place, f"Write the id after “::: {name}”, such as “::: {name} {EXAMPLES[name]}”.")
        return None
    if name == "change":
        return ChangeBlock(instrument_id=identity)
    if name == "plan":
        return PlanBlock(plan_id=identity)
    if name == "plan-check":
        return PlanCheckBlock(plan_id=identity)
    if name == "my-plan":
        return MyPlanBlock(plan_id=identity)
    if moment not in list(Moment):
        findings.error(
            place, f"Say when after the id: {MOMENTS} or looking-back, such as “::: statements {identity} before”."
        )
        return None
    return StatementsBlock(instrument_id=identity, moment=Moment(moment))


def worded_block(
    name: str, argument: str, text: str, place: Place, text_place: Place, findings: Findings
) -> tuple[CommentBlock | MeetingBlock, list[Passage]] | None:
    """The block of one of ``WORDED_NAMES`` with its texts, or ``None`` with a finding."""
    if not text:
        findings.error(place, f"“::: {name}” is empty. Write its text before the closing “:::”.")
        return None
    if name == "comment":
        if not is_part_id(argument):
            findings.error(place, "Write the id after “::: comment”, such as “::: comment RE-COMMENT”.")
            return None
        return CommentBlock(id=argument, prompt=text), [Passage(text_place, text, "blocks")]
    if not argument:
        findings.error(place, "Write what the meeting is about, after “::: meeting”.")
        return None
    return MeetingBlock(title=argument, text=text), [
        Passage(place, argument, "plain"),
        Passage(text_place, text, "plain"),
    ]


def read_choices(text: str, place: Place, findings: Findings) -> tuple[str, tuple[str, ...]]:
    """The prompt of a reflection, and its choices: the lines that begin with “( )”."""
    prompt: list[str] = []
    choices: list[str] = []
    for number, line in enumerate(text.split("\n")):
        written = line.removeprefix("( )").strip()
        if not line.startswith("( )"):
            prompt.append(line)
        elif not written or len(written) > LONGEST_CHOICE or written in choices:
            findings.error(
                place.down(number),
                f"Write a choice of its own after “( )”, in up to {LONGEST_CHOICE} characters.",
            )
        else:
            choices.append(written)
    if len(choices) == 1:
        findings.error(place, "A reflection has two choices or more, or none. Add one, or remove “( )”.")
    return "\n".join(prompt).strip(), tuple(choices)
