"""A completion, its certificate and no template yet, for the tests of this room."""

from functools import lru_cache

import pytest
from sqlalchemy.orm import Session

from certificates.drawing import reuse
from certificates.drawing.reuse.filled_pdf import PdfTemplate
from certificates.record.issuing import Certificate
from tests.builders.certificates import completed_by, issued_for
from tests.builders.region import a_person, a_unit, an_organisation


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
def no_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """No kind was asked for yet: what other tests have drawn decides nothing here."""
    monkeypatch.setattr(reuse, "_kind_of", lru_cache(reuse._kind_of.__wrapped__))


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The holders whose certificates were filled in."""
    found, fill = [], PdfTemplate.fill

    def noted(self, fields, qr_code, space=None):
        data = fill(self, fields, qr_code, space)
        found.append(fields.holder)
        return data

    monkeypatch.setattr(PdfTemplate, "fill", noted)
    return found
