"""What a portion of a count shows. Pure: no session."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why two ways of counting say different things; the value is stored."""

    JOB = "job"
    ASKED = "asked"
    FINISHED = "finished"
    EXEMPT = "exempt"


CAUSE_WORDS = {
    Cause.JOB: "what is stored of a job does not follow from its history",
    Cause.ASKED: "a rule says something else of a job in the database than outside it",
    Cause.FINISHED: "figures and explanations differ about who has finished",
    Cause.EXEMPT: "figures and explanations differ about who is exempt",
}


@dataclass(frozen=True)
class Found:
    """How many people and how many questions were looked at, and each difference: its cause, and a sentence."""

    people: int
    compared: int
    differences: tuple[tuple[str, str], ...]
