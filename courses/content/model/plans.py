"""If-then plans: what helps somebody to write one, and where a screen asks for it."""

from typing import Literal

from courses.marking.question import Choice, Frozen


class PlanIdea(Frozen):
    """A plan to borrow: “If ``situation``, then I will ``action``”. Plain text."""

    situation: str
    action: str


class IdeasFor(Frozen):
    """Ideas for one role, such as “Managers”."""

    role: str
    ideas: tuple[PlanIdea, ...]


class Obstacle(Choice):
    """What can get in the way of a plan, with a tip in Markdown; it may be empty."""

    tip: str = ""


class PlanForm(Frozen):
    """Everything around a plan. ``checks`` are questions that make one stronger."""

    title: str
    ideas: tuple[IdeasFor, ...] = ()
    checks: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()

    def idea(self, name: str) -> PlanIdea | None:
        """The idea called ``2-1``: the first of the second role; ``None`` for any other name."""
        for row, group in enumerate(self.ideas, start=1):
            for column, idea in enumerate(group.ideas, start=1):
                if name == f"{row}-{column}":
                    return idea
        return None


class PlanBlock(Frozen):
    """Where learners write their plan, change it, or make a new one. It may always be left alone."""

    type: Literal["plan"] = "plan"
    plan_id: str

    @property
    def key(self) -> str:
        """What it is called on its page."""
        return self.plan_id


class PlanCheckBlock(Frozen):
    """Where a follow-up asks how the learner’s plan is going."""

    type: Literal["plan-check"] = "plan-check"
    plan_id: str

    @property
    def key(self) -> str:
        """What it is called on its page."""
        return f"{self.plan_id}-check"


class MyPlanBlock(Frozen):
    """The learner’s own plan in their words."""

    type: Literal["my-plan"] = "my-plan"
    plan_id: str

    @property
    def key(self) -> str:
        """What it is called on its page."""
        return f"{self.plan_id}-words"
