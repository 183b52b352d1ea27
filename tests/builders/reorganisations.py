"""A short way to a reorganisation that is decided and can be undone."""

from datetime import date

from sqlalchemy.orm import Session

from people.organisations import Organisation, Unit
from people.reorganisation.applying import decide
from people.reorganisation.planning import Wanted, preview
from people.reorganisation.record import Reorganisation
from people.reorganisation.steps import Rename, Step
from tests.builders.region import NOON


def reorganised(session: Session, unit: Unit, *steps: Step, on: date = date(2999, 4, 1)) -> Reorganisation:
    """One that renames the unit, or does these steps."""
    organisation = session.get_one(Organisation, unit.organisation_id)
    wanted = Wanted("One team", on, steps or (Rename(unit.id, "Adults"),))
    seen = preview(session, organisation=organisation, wanted=wanted, now=NOON)
    assert seen.findings == ()
    return decide(session, organisation=organisation, wanted=wanted, fingerprint=seen.fingerprint, by=None, now=NOON)
