"""A person’s own ratings side by side: then and now, statement by statement. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from courses.content.model.personal import PREFER_NOT, Instrument, Moment, Statement
from courses.reflection.ratings import Rating

MOMENT_WORDS = {
    Moment.BEFORE: "Before",
    Moment.LOOKING_BACK: "Before, looking back",
    Moment.AFTER: "After",
    Moment.LATER: "12 weeks later",
}


@dataclass(frozen=True)
class RatingInWords:
    """What was said at one moment: in words, and as a point from 1 to 5 where it is one."""

    words: str
    point: int | None


@dataclass(frozen=True)
class ComparisonRow:
    """One statement with what was said at each of the moments of its table; ``None`` where nothing was."""

    text: str
    said: tuple[RatingInWords | None, ...]
    words: str


@dataclass(frozen=True)
class RatingComparison:
    """A table of somebody’s own ratings. ``moments`` are those at which they said anything."""

    instrument_id: str
    title: str
    moments: tuple[Moment, ...]
    rows: tuple[ComparisonRow, ...]

    @property
    def rose(self) -> int:
        """How many statements went up from the first to the last moment."""
        return sum(row.words.startswith("Up") for row in self.rows)

    @property
    def is_comparison(self) -> bool:
        """Whether there is a then and a now."""
        return len(self.moments) > 1


def compare_ratings(
    instrument_id: str, instrument: Instrument, ratings: Mapping[tuple[str, Moment], Mapping[str, Rating]]
) -> RatingComparison:
    """What ``ratings`` say about the statements of ``instrument``; statements without any are left out."""
    moments = tuple(moment for moment in MOMENT_WORDS if ratings.get((instrument_id, moment)))
    rows = []
    for statement in instrument.statements:
        said = tuple(_said(statement, ratings[instrument_id, moment].get(statement.id)) for moment in moments)
        if any(said):
            rows.append(ComparisonRow(statement.text, said, _difference(moments, said)))
    return RatingComparison(instrument_id, instrument.title, moments, tuple(rows))


def _said(statement: Statement, rating: Rating | None) -> RatingInWords | None:
    if rating is None:
        return None
    words = next((choice.text for choice in statement.answers if choice.id == rating.value), rating.value)
    is_point = statement.is_agreement and rating.value != PREFER_NOT.id
    return RatingInWords(words, int(rating.value) if is_point else None)


def _difference(moments: tuple[Moment, ...], said: tuple[RatingInWords | None, ...]) -> str:
    """ "Up 2", "Down 1" or "The same", from what was said before to what was said last; empty without both."""
    points = [
        one.point
        for moment, one in zip(moments, said, strict=True)
        if one and one.point and moment is not Moment.LOOKING_BACK
    ]
    if len(points) < 2:
        return ""
    steps = points[-1] - points[0]
    return "The same" if steps == 0 else f"Up {steps}" if steps > 0 else f"Down {-steps}"
