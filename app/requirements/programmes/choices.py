"""The programmes of an authority where somebody chooses what is asked for."""

from sqlalchemy.orm import Session

from app.platform.forms import SelectChoice
from courses.catalogue.programmes import programmes_of
from courses.catalogue.versions import courses_by_id


def programme_choices(session: Session, organisation_id: int) -> list[SelectChoice]:
    """Each by its address, and named as what it is."""
    found = programmes_of(session, organisation_id)
    rows = courses_by_id(session, course_ids=[one.course_id for one in found]) if found else {}
    return [SelectChoice(rows[one.course_id].slug, f"Programme: {one.name}") for one in found]


def is_programme_slug(slug: str) -> bool:
    """Whether an address is one of a programme. No course has such an address."""
    return slug.startswith("programme.")
