"""Local text: the newest words of an authority speak, and what was said before stays on record."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from courses.catalogue.local_wording import (
    LocalWording,
    LocalWordingSource,
    change_local_wording,
    local_wording_of,
    local_wording_source_of,
)
from people.organisations import Organisation
from tests.builders.region import NOON, TODAY, a_person, a_unit, an_account, an_organisation


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


def say(session: Session, organisation: Organisation, token: str, text: str) -> bool:
    author = session.info.setdefault("author", an_account(session, a_person(session)).id)
    return change_local_wording(
        session, organisation_id=organisation.id, token=token, text=text, account_id=author, now=NOON
    )


def test_the_newest_words_speak_and_the_old_ones_stay(session: Session, halton: Organisation) -> None:
    assert say(session, halton, "staff_network", "Together")
    assert say(session, halton, "staff_network", "Together at Halton")
    assert local_wording_of(session, organisation_id=halton.id) == {"staff_network": "Together at Halton"}
    assert session.scalars(select(LocalWording.text).order_by(LocalWording.id)).all() == [
        "Together",
        "Together at Halton",
    ]


def test_saying_the_same_again_changes_nothing(session: Session, halton: Organisation) -> None:
    say(session, halton, "eia_route", "Form E4")
    assert not say(session, halton, "eia_route", "Form E4")
    assert not say(session, halton, "police_force", "")


def test_an_empty_text_brings_the_default_back(session: Session, halton: Organisation) -> None:
    say(session, halton, "eia_route", "Form E4")
    assert say(session, halton, "eia_route", "")
    assert local_wording_of(session, organisation_id=halton.id) == {}


def test_one_authority_does_not_speak_for_another(session: Session, halton: Organisation) -> None:
    wirral = an_organisation(session, "wirral", "Wirral Council")
    say(session, halton, "eia_route", "Form E4")
    assert local_wording_of(session, organisation_id=wirral.id) == {}


def test_words_are_never_changed_in_place(session: Session, halton: Organisation) -> None:
    say(session, halton, "eia_route", "Form E4")
    with pytest.raises(DatabaseError, match="local_text is append-only"), session.begin_nested():
        session.execute(update(LocalWording).values(text="Form E5"))


def test_a_learner_s_locality_is_the_main_employer_and_changes_with_its_words(
    session: Session, halton: Organisation
) -> None:
    person = a_person(session, a_unit(session, halton))
    before = local_wording_source_of(session, person_id=person.id, on=TODAY)
    assert (before.organisation_id, before.slug, before.revision) == (halton.id, "halton", 0)
    say(session, halton, "eia_route", "Form E4")
    first = local_wording_source_of(session, person_id=person.id, on=TODAY).revision
    say(session, halton, "eia_route", "")
    assert 0 < first < local_wording_source_of(session, person_id=person.id, on=TODAY).revision


def test_somebody_without_a_job_reads_the_defaults(session: Session) -> None:
    person = a_person(session)
    assert local_wording_source_of(session, person_id=person.id, on=TODAY) == LocalWordingSource(None, None, 0)
