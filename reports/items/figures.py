"""The figures of a version’s questions, as they are stored and shown: counts of many people, and nothing smaller."""

from dataclasses import dataclass, field
from datetime import datetime

from kernel.rounding import rounded, whole_percent


@dataclass(frozen=True)
class PartFigures:
    """How often each choice was made at the first try in one part, by the choice’s id, of the ``people`` who met it.

    In a group that is shown every choice is shown, also one that nobody made: with no names, units or days beside it,
    "2 of 400" says nothing about anybody.
    """

    people: int
    counts: dict[str, int]

    def percent(self, choice: str) -> int:
        """The share in whole per cent; 100 is everybody and 0 is nobody, never nearly."""
        return whole_percent(self.counts.get(choice, 0), self.people)


@dataclass(frozen=True)
class SureFigures:
    """Of ``people`` who said how sure they were: how many were very sure and won less than half of the points.

    ``part`` and ``choice`` are what most of those chose, where it was wrong; empty where that is not known.
    """

    people: int
    wrong: int
    part: str = ""
    choice: str = ""

    @property
    def percent(self) -> int:
        """The share in whole per cent."""
        return whole_percent(self.wrong, self.people)


@dataclass(frozen=True)
class ItemFigures:
    """One question in one place: on its screen (``quiz_id`` is ``None``) or in a quiz.

    ``people`` are those who count, always a whole number of groups; 0 where there are too few, and then nothing else
    is there. ``right`` got it right at the first try; ``score`` is the average share of the points, so that partly
    right counts in part. ``later_right`` is how many got it right at a later try, in whole groups, so at least so
    many. ``discrimination`` is explained in ``tallies``. ``seconds`` are the lower quartile, the median and the upper.
    """

    question_id: str
    quiz_id: str | None
    people: int = 0
    right: int = 0
    score: float = 0.0
    later_right: int = 0
    discrimination: float | None = None
    parts: dict[str, PartFigures] = field(default_factory=dict)
    sure: SureFigures | None = None
    seconds: tuple[float, float, float] | None = None

    @property
    def is_shown(self) -> bool:
        """Whether enough people answered."""
        return self.people > 0

    @property
    def right_percent(self) -> int:
        """The share who got it right at the first try, in whole per cent."""
        return whole_percent(self.right, self.people)

    @property
    def score_percent(self) -> int:
        """The average share of the points at the first try, in whole per cent."""
        return rounded(100 * self.score)


@dataclass(frozen=True)
class VersionFigures:
    """All questions of one version in the order of the course, then by quiz. ``counted_at``: read at that moment."""

    counted_at: datetime
    smallest_shown: int
    items: tuple[ItemFigures, ...]

    @property
    def has_figures(self) -> bool:
        """Whether any question has enough answers."""
        return any(item.is_shown for item in self.items)
