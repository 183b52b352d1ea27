"""A completion, its certificate and an empty shelf of moulds, for the tests of this room."""

import pytest
from sqlalchemy.orm import Session

from certificates import pdf
from certificates.issuing import Certificate
from certificates.moulds import Mould, Shelf
from tests.builders import a_person, a_unit, an_organisation
from tests.certified import completed_by, issued_for


@pytest.fixture
def completion(session: Session) -> int:
    """A completion made on the platform."""
    person = a_person(session, a_unit(session, an_organisation(session)), "Ọláyínká Nguyễn-Siân")
    return completed_by(session, person.id)


@pytest.fixture
def issued(session: Session, completion: int) -> Certificate:
    """A certificate whose file is wanted."""
    return issued_for(session, completion)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """An empty one: what other tests have drawn decides nothing here."""
    monkeypatch.setattr(pdf, "_shelf", Shelf())
    return pdf._shelf


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The holders whose certificates came from a mould."""
    found, fill = [], Mould.fill

    def noted(self, blanks, code, room=None):
        data = fill(self, blanks, code, room)
        found.append(blanks.holder)
        return data

    monkeypatch.setattr(Mould, "fill", noted)
    return found
