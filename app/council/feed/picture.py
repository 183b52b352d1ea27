"""The jobs of each directorate before and after a file, as a table with bars. Small directorates are not told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kernel.rounding import whole_percent
from reports.suppression import hidden_among


@dataclass(frozen=True)
class PictureRow:
    """One directorate; without numbers where it is too small to be shown. The bars are in per cent of the longest."""

    name: str
    before: int | None
    after: int | None
    before_percent: int = 0
    after_percent: int = 0

    @property
    def change(self) -> str:
        """The difference in words."""
        if self.before is None or self.after is None:
            return ""
        more = self.after - self.before
        return "the same" if not more else f"{abs(more):,} {'more' if more > 0 else 'fewer'}"


def picture_rows(picture: Sequence[dict[str, Any]], *, smallest_shown: int) -> tuple[PictureRow, ...]:
    """A row for each directorate, the greatest change first, and the sum of all.

    A directorate that is small before or after is hidden in both, with others where it could be worked out from the
    sum; so is one of which a few people come or go from nothing.
    """
    hidden: set[int] = set()
    for key in ("before", "after"):
        hidden |= hidden_among([one[key] for one in picture], smallest_shown)
    longest = max((max(one["before"], one["after"]) for one in picture), default=0)
    rows = [
        PictureRow(one["name"], None, None)
        if place in hidden
        else PictureRow(
            one["name"],
            one["before"],
            one["after"],
            whole_percent(one["before"], longest),
            whole_percent(one["after"], longest),
        )
        for place, one in enumerate(picture)
    ]
    rows.sort(key=lambda row: row.before is None)
    before, after = (sum(one[key] for one in picture) for key in ("before", "after"))
    return (*rows, PictureRow("All of them", before, after))
