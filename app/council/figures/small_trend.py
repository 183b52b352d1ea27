"""How the share grew, drawn small beside the first sentence of the overview: month’s ends that are kept, and today."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from reports.answers.over_months import kept_months
from reports.completion import CompletionFigures
from reports.figures.definition import By

# The drawing, in its own units: a phone shows it a little larger. The line stands between these edges.
WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 8, 312, 28, 116


@dataclass(frozen=True)
class SmallPoint:
    """A share with its place; ``is_today`` is exact, where month’s ends are rounded."""

    on: date
    percent: int
    x: int
    y: int
    is_today: bool = False


@dataclass(frozen=True)
class SmallTrend:
    """Two points or more, the oldest first."""

    points: tuple[SmallPoint, ...]
    target: int | None
    target_y: int | None

    @property
    def line(self) -> str:
        """The points as an SVG path has them."""
        return "M" + "L".join(f"{one.x} {one.y}" for one in self.points)


def small_trend(
    session: Session, figures: CompletionFigures, *, target: int | None, now: datetime, smallest_shown: int
) -> SmallTrend | None:
    """Of everybody or of a unit, as far back as shares are shown without a gap; ``None`` where there is no line, or
    where a month has to be counted first: its own page does that."""
    counts = figures.total.counts
    if figures.is_of_earlier_day or figures.cut.by is not By.UNIT or counts is None or counts.complete_percent is None:
        return None
    months = kept_months(session, figures.definition, now=now, smallest_shown=smallest_shown)
    shares: list[tuple[date, int]] = []
    for one in months:
        shares = [] if one.percent is None else [*shares, (one.on, one.percent)]
    if not shares:
        return None
    first, days = shares[0][0], (figures.on - shares[0][0]).days
    points = [
        SmallPoint(on, percent, LEFT + (RIGHT - LEFT) * (on - first).days // days, y_of(percent))
        for on, percent in shares
    ]
    today = SmallPoint(figures.on, counts.complete_percent, RIGHT, y_of(counts.complete_percent), is_today=True)
    return SmallTrend((*points, today), target, None if target is None else y_of(target))


def y_of(percent: int) -> int:
    """How far down a share stands."""
    return BOTTOM - (BOTTOM - TOP) * percent // 100
