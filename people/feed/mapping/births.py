"""Whether dates of birth are anything that an authority asks for: where no mapping reads them, nobody types one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.feed.mapping.stored import mappings_of
from people.feed.mapping.uses import ColumnUse
from people.jobs.employment import Employment
from people.persons import Person
from people.visibility import PeopleScope


def has_birth_to_correct(session: Session, *, person: Person, scope: PeopleScope) -> bool:
    """Whether a person has a date of birth, or a mapping of an authority of theirs reads it as it is kept today.

    Only authorities count whose people somebody with this scope looks after.
    """
    if person.born_on is not None:
        return True
    theirs = select(Employment.organisation_id).where(Employment.person_id == person.id).distinct()
    if scope.organisation_ids is not None:
        theirs = theirs.where(Employment.organisation_id.in_(scope.organisation_ids))
    return any(
        one.mapping.column_for(ColumnUse.BORN_ON) is not None
        for organisation_id in session.scalars(theirs).all()
        for one in mappings_of(session, organisation_id=organisation_id)
    )
