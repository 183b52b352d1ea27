"""For whom something is done to certificates by the thousand: a course, an authority, a part of it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, true

from courses.completion import Completion

BETWEEN_UNITS = " / "


@dataclass(frozen=True)
class Audience:
    """Whose completions are meant: of one course, in one authority, in one of its units with everything below it.

    ``course_id`` ``None`` means every course, ``organisation_id`` ``None`` every authority. ``unit_path`` is the unit
    as it was printed on the day of each completion.
    """

    course_id: int | None
    organisation_id: int | None = None
    unit_path: str | None = None

    @property
    def key(self) -> str:
        """The same words for the same audience."""
        return f"{self.course_id or 'every'}/{self.organisation_id or 'every'}/{self.unit_path or ''}"

    def part_of(self, unit_path: str) -> str:
        """The part that a unit belongs to: a directorate of an authority, a service of a directorate."""
        if self.unit_path is None:
            return unit_path.split(BETWEEN_UNITS, 1)[0]
        below = unit_path.removeprefix(self.unit_path).removeprefix(BETWEEN_UNITS)
        return below.split(BETWEEN_UNITS, 1)[0] if below else self.unit_path.rsplit(BETWEEN_UNITS, 1)[-1]

    def is_meant(self) -> ColumnElement[bool]:
        """The condition on ``Completion`` that it makes."""
        conditions: list[ColumnElement[bool]] = [true()]
        if self.course_id is not None:
            conditions.append(Completion.course_id == self.course_id)
        if self.organisation_id is not None:
            conditions.append(Completion.organisation_id == self.organisation_id)
        if self.unit_path is not None:
            below = self.unit_path + BETWEEN_UNITS
            # Not LIKE: SQLite's ignores capitals, and a name may hold its signs.
            is_below = func.substr(Completion.unit_path, 1, len(below)) == below
            conditions.append((Completion.unit_path == self.unit_path) | is_below)
        return and_(*conditions)
