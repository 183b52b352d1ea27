"""What is asked on the small site: an audience with a change that waits to be approved."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assignments.audiences.rules import OnGrade
from assignments.audiences.saved import SavedAudience, add_audience, propose_rule
from assignments.requirements import require_course
from tests.builders.region import NOON

ADDRESSES = {
    "requirements.requirement_preview": "?course=test-course&since=asked&count=30",
    "requirements.requirement_ended": "?course=test-course",
}


def ask_for(session: Session, course_id: int, organisation_id: int) -> None:
    """Ask everybody there to take the course."""
    require_course(session, course_id=course_id, organisation_ids=[organisation_id], account_id=None, now=NOON)


def save_audience(session: Session, organisation_id: int) -> None:
    """Save it, and propose another rule."""
    key = add_audience(
        session, organisation_id=organisation_id, name="Grade 5", rule=OnGrade(("G5",)), account_id=None, now=NOON
    )
    propose_rule(session, audience_id=key, rule=OnGrade(("G7",)), account_id=None, now=NOON)


def of_what_is_asked(session: Session) -> dict[str, Any]:
    """What stands in the addresses of its pages."""
    newest = session.scalar(select(func.max(SavedAudience.id)))
    return {"requirements slug": "halton", "audience_id": newest, "decision": "approve"}
