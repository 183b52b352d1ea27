"""For whom something is done to certificates by the thousand: a course, an authority, a part of it."""

from dataclasses import KW_ONLY, dataclass
from datetime import date

from sqlalchemy import ColumnElement, Subquery, and_, select
from sqlalchemy.orm import Session

from courses.acceptance.refusing import counts_at
from courses.records.completion import Completion, is_standing
from people.counting import people_of, who_count
from people.organisations import Unit

# What a row from before units were kept by their id stands for when its unit has another name by now: nobody.
NO_UNIT = 0


@dataclass(frozen=True)
class Audience:
    """Whose completions are meant: of one course, by those who count on a day in one authority or one of its units.

    ``course_id`` ``None`` means every course. ``organisation_id`` ``None`` means every authority: then everybody is
    meant, also who has left. A unit is meant with everything below it. Where somebody worked when they completed the
    course plays no part but for the rule by which the authority accepts earlier training: figures go by the same.
    """

    course_id: int | None
    organisation_id: int | None = None
    unit_id: int | None = None
    _: KW_ONLY
    on: date

    @property
    def key(self) -> str:
        """The same words for the same audience, whatever the day."""
        return f"{self.course_id or 'every'}/{self.organisation_id or 'every'}/{self.unit_id or ''}"

    def people(self) -> Subquery:
        """Where everybody works who has a job with the authority, as ``people_of``; to be joined, or left out."""
        return people_of(organisation_id=self.organisation_id, on=self.on)

    def is_meant(self) -> ColumnElement[bool]:
        """The condition on ``Completion`` that it makes."""
        conditions: list[ColumnElement[bool]] = []
        if self.course_id is not None:
            conditions.append(Completion.course_id == self.course_id)
        if self.organisation_id is not None:
            people = self.people()
            counted = select(people.c.person_id).where(who_count(people, unit_id=self.unit_id))
            conditions.append(Completion.person_id.in_(counted))
            conditions.append(counts_at(self.on, organisation_id=self.organisation_id, course_id=self.course_id))
        else:
            conditions.append(is_standing())
        return and_(*conditions)

    def unit_path(self, session: Session) -> str | None:
        """The full name of the unit, as it is called now; ``None`` for a whole authority."""
        return session.get_one(Unit, self.unit_id).path if self.unit_id else None


def unit_of(unit_id: int | None, unit_path: str | None) -> int | None:
    """The unit that a stored run or zip is for. Never a whole authority where it was for a part."""
    return NO_UNIT if unit_id is None and unit_path is not None else unit_id
