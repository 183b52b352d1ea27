"""How the demo’s people fare with each question: some are easy, some hard, and a few mislead those who know most."""

from dataclasses import dataclass
from random import Random

_MISLEADING, _COMMON_MIX_UP = 0.05, 0.3


@dataclass(frozen=True)
class Habit:
    """The share who get a question right, which way ability pulls, the usual time (as a logarithm of seconds), and how
    those who are wrong spread over not sure, fairly sure and very sure."""

    ease: float
    pull: float
    pace: float
    sureness_when_wrong: tuple[int, int, int]

    @classmethod
    def drawn(cls, random: Random) -> "Habit":
        """The habit of one question."""
        is_misleading, is_mix_up = random.random() < _MISLEADING, random.random() < _COMMON_MIX_UP
        return cls(
            ease=random.triangular(0.3, 0.97, 0.8),
            pull=-1.0 if is_misleading else 1.0,
            pace=random.uniform(2.6, 3.8),
            sureness_when_wrong=(1, 2, 4) if is_mix_up else (4, 3, 1),
        )

    def chance(self, able: float) -> float:
        """The chance that somebody who is so able (about -0.3 to 0.3) gets it right."""
        return min(0.98, max(0.02, self.ease + self.pull * able))
