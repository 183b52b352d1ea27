"""An authority with two directorates, a service in each, and teams."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from people.organisations import Organisation, Unit, UnitKind
from people.reorganisation.applying import decide
from people.reorganisation.planning import Preview, Wanted, preview
from people.reorganisation.record import Reorganisation
from tests.builders.region import NOON, a_unit, an_organisation


@dataclass(frozen=True)
class Tree:
    """Units by what they are called."""

    session: Session
    halton: Organisation
    care: Unit
    home: Unit
    day: Unit
    night: Unit
    places: Unit
    parks: Unit

    def see(self, on, *steps, title="The new shape") -> Preview:
        wanted = Wanted(title, on, steps)
        return preview(self.session, organisation=self.halton, wanted=wanted, now=NOON)

    def decide(self, on, *steps, title="The new shape", now=NOON) -> Reorganisation:
        wanted = Wanted(title, on, steps)
        seen = preview(self.session, organisation=self.halton, wanted=wanted, now=now)
        return decide(
            self.session, organisation=self.halton, wanted=wanted, fingerprint=seen.fingerprint, by=None, now=now
        )


@pytest.fixture
def tree(session) -> Tree:
    halton = an_organisation(session)
    care, places = a_unit(session, halton, "Care"), a_unit(session, halton, "Places")
    home = a_unit(session, halton, "Home care", parent=care, kind=UnitKind.SERVICE)
    parks = a_unit(session, halton, "Parks", parent=places, kind=UnitKind.SERVICE)
    day = a_unit(session, halton, "Day", parent=home, kind=UnitKind.TEAM)
    night = a_unit(session, halton, "Night", parent=home, kind=UnitKind.TEAM)
    return Tree(session, halton, care, home, day, night, places, parks)
