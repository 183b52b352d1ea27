"""An authority's look: the rules for it, its versions, and certificates that keep the one they were issued with."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from certificates.looks.brand_rules import is_colour, problems_of, tidy_colour
from certificates.looks.branding import DEFAULT_BRANDING, Branding, Colours, Design, Signatory, Wording, contrast, mixed
from certificates.looks.branding_versions import (
    CertificatePicture,
    branding_of,
    find_current,
    get_version,
    save_branding,
    versions_of,
)
from certificates.making.rendering import CERTIFICATE_FILES, facts_of, facts_of_claim
from kernel.audit import entries_for
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation
from tests.builders.certificates import issued_to
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import in_hand
from tests.certificates.pictures_for_tests import a_logo, a_signature

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
FULL = Branding(
    design=Design.FRAME,
    colours=Colours("#103050", "#702030", "#ffcc00"),
    wording=Wording("Certificate", "We certify that", "took part in", "Thank you."),
    second_language="cy",
    second_wording=Wording("Tystysgrif", "Mae hyn yn tystio bod", "wedi cymryd rhan"),
    signatories=(Signatory("Siân Nguyễn", "Chief Executive", a_signature()), Signatory("محمد", "Director")),
    logo=a_logo(),
)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


def save(session: Session, organisation: Organisation, branding: Branding, *, seen: int = 0):
    account = an_account(session, a_person(session))
    return save_branding(
        session, organisation_id=organisation.id, branding=branding, seen=seen, account_id=account.id, now=NOON
    )


@pytest.mark.parametrize(("first", "second", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_that_of_the_guidelines(first: str, second: str, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.005)


@given(colours, colours)
def test_contrast_is_the_same_either_way_and_never_out_of_range(first: str, second: str) -> None:
    assert 1 <= contrast(first, second) == contrast(second, first) <= 21


@given(colours, colours, st.floats(0, 1))
def test_a_mixture_of_colours_is_a_colour(first: str, second: str, share: float) -> None:
    assert is_colour(mixed(first, second, share))


def test_the_safe_defaults_and_a_full_look_break_no_rule() -> None:
    assert problems_of(DEFAULT_BRANDING) == {}
    assert problems_of(FULL) == {}


def test_a_main_colour_that_is_hard_to_read_is_refused_with_its_figure() -> None:
    problems = problems_of(Branding(colours=Colours(main="#8ab4c8")))
    assert problems == {
        "main": "Main colour is too light to read: its contrast with white is 2.2 to 1, and words need at least "
        "4.5 to 1. Choose a darker one"
    }


@pytest.mark.parametrize("colour", ["red", "red;}body{display:none", "#12", "#12345g", "", "#123456 ", "url(x)"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    problems = problems_of(Branding(colours=Colours(accent=colour)))
    assert problems == {"accent": "Accent colour must be a # and six digits or letters from a to f, like #12524f"}


def test_colours_may_be_typed_in_the_usual_ways() -> None:
    assert [tidy_colour(typed) for typed in ("12524F", " #ABC ", "#12524f")] == ["#12524f", "#aabbcc", "#12524f"]


def test_every_other_rule_says_what_to_do() -> None:
    branding = Branding(
        wording=Wording("", "x" * 81, "completed", "x" * 201),
        second_wording=Wording("Tystysgrif", "", "wedi cwblhau"),
        signatories=(Signatory("", "Director"), Signatory("x" * 81, "")),
    )
    assert problems_of(branding) == {
        "title": "Enter the title",
        "certifies": "Words before the name must be 80 characters or fewer",
        "statement": "Closing sentence must be 200 characters or fewer",
        "second_certifies": "Enter the words before the name in the second language",
        "second_language": "Select the language of the second wording, or leave its fields empty",
        "name_1": "Enter the name of person 1 who signs",
        "name_2": "Name of person 2 must be 80 characters or fewer",
        "job_title_2": "Enter the job title of person 2 who signs",
    }


def test_a_look_comes_back_as_it_was_saved(session: Session, halton: Organisation) -> None:
    outcome = save(session, halton, FULL)
    session.expire_all()
    found = find_current(session, organisation_id=halton.id)
    assert found is not None
    assert (found.id, found.number) == (outcome.branding_id, 1)
    assert branding_of(session, found.document) == FULL
    entries = entries_for(session, subject_type="organisation", subject_id=halton.id)
    assert [(entry.action, entry.detail) for entry in entries] == [("certificate-look-saved", {"version": 1})]


def test_every_save_is_a_version_and_the_same_again_is_none(session: Session, halton: Organisation) -> None:
    save(session, halton, FULL)
    assert not save(session, halton, FULL, seen=1).is_new
    assert save(session, halton, DEFAULT_BRANDING, seen=1).number == 2
    assert [version.number for version in versions_of(session, organisation_id=halton.id)] == [2, 1]
    assert branding_of(session, get_version(session, organisation_id=halton.id, version_number=1).document) == FULL
    assert session.query(CertificatePicture).count() == 2
    with pytest.raises(NotFound):
        get_version(session, organisation_id=halton.id, version_number=3)


def test_what_somebody_else_saved_meanwhile_is_not_undone(session: Session, halton: Organisation) -> None:
    save(session, halton, FULL)
    with pytest.raises(RuleBroken, match="Somebody else changed this look"):
        save(session, halton, DEFAULT_BRANDING, seen=0)


def test_a_look_that_breaks_a_rule_is_not_saved(session: Session, halton: Organisation) -> None:
    with pytest.raises(RuleBroken, match="too light") as refusal:
        save(session, halton, Branding(colours=Colours(main="#ffffff")))
    assert refusal.value.field == "main"
    assert versions_of(session, organisation_id=halton.id) == []


@pytest.mark.parametrize("statement", ["UPDATE certificate_branding SET number = 9", "DELETE FROM certificate_picture"])
def test_versions_and_pictures_are_never_changed(session: Session, halton: Organisation, statement: str) -> None:
    save(session, halton, FULL)
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(statement))


def test_a_certificate_keeps_the_look_of_the_day_of_issue(session: Session, halton: Organisation) -> None:
    person = a_person(session, a_unit(session, halton))
    save(session, halton, FULL)
    certificate = issued_to(session, person.id)
    save(session, halton, replace(FULL, design=Design.HORIZON), seen=1)
    claimed = in_hand(session, CERTIFICATE_FILES, certificate.id)
    facts = facts_of_claim(session, claimed, verify_url=str)[certificate.id]
    assert facts.branding == FULL
    assert facts_of(session, certificate, str) == facts
