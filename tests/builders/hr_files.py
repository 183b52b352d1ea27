"""HR files as an authority sends them, planned by what their headings suggest."""

from dataclasses import replace
from io import BytesIO

from sqlalchemy.orm import Session

from app.platform.feeds import ChosenMapping, plan_file
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.reading.opening import open_table
from people.feed.runs.record import FeedRun
from people.organisations import Organisation

HEADINGS = "Employee Number,Full Name,Department,Job Title"


def plan_staff(
    session: Session, organisation: Organisation, *rows: str, everybody: bool = False, by: int | None = None
) -> FeedRun:
    """A file with these rows under ``HEADINGS``, planned. Needs an application context."""
    session.commit()
    file = BytesIO("\n".join((HEADINGS, *rows, "")).encode())
    mapping = suggest_mapping(open_table(file)).mapping
    mapping = replace(mapping, coverage=replace(mapping.coverage, everybody=everybody))
    file.seek(0)
    chosen = ChosenMapping(mapping)
    run_id = plan_file(file, name="staff.csv", organisation_id=organisation.id, chosen=chosen, by=by)
    session.expire_all()
    return session.get_one(FeedRun, run_id)
