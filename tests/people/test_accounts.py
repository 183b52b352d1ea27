"""How passwords are kept."""

import unicodedata
from dataclasses import replace

import pytest
from argon2 import PasswordHasher, Type
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import RuleBroken
from people import accounts
from people.accounts import Account, create_account, find_account, hash_password, set_password, sign_in
from people.jobs.terms import EmploymentTerms
from people.manual_setup import NewPerson, add_person
from people.password_rules import check_guessing
from people.persons import Person
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation

PASSWORD = "a long enough secret"
# As Windows and phones send it, and as a Mac does; then with the space of another keyboard.
COMPOSED = "Siân’s pässwörd ﬁne"
FORMS = [COMPOSED, unicodedata.normalize("NFD", COMPOSED), COMPOSED.replace(" ", "\u00a0")]


def known_as(session: Session, username: str, password_hash: str) -> Account:
    account = an_account(session, a_person(session))
    account.username, account.password_hash = username, password_hash
    session.flush()
    return account


def test_passwords_are_hashed_as_owasp_advises(real_hasher: PasswordHasher) -> None:
    found = (real_hasher.type, real_hasher.memory_cost, real_hasher.time_cost, real_hasher.parallelism)
    assert found == (Type.ID, 19 * 1024, 2, 1)
    assert hash_password(PASSWORD).startswith("$argon2id$")


# In turn: what argon2-cffi ships, which was used here before, and something weaker.
@pytest.mark.parametrize("before", [PasswordHasher(), PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)])
def test_a_hash_with_other_parameters_is_made_anew_at_the_next_signing_in(
    session: Session, before: PasswordHasher
) -> None:
    account = an_account(session, a_person(session))
    account.username = "siân"
    account.password_hash = old = before.hash(PASSWORD)
    assert sign_in(session, username="siân", password="something else", now=NOON) is None
    assert account.password_hash == old
    assert sign_in(session, username="siân", password=PASSWORD, now=NOON) is account
    assert account.password_hash != old
    again = account.password_hash
    assert sign_in(session, username="siân", password=PASSWORD, now=NOON) is account
    assert account.password_hash == again


@pytest.mark.parametrize("set_as", FORMS)
@pytest.mark.parametrize("typed", FORMS)
def test_a_password_opens_in_every_form_in_which_it_may_be_sent(session: Session, set_as: str, typed: str) -> None:
    account = known_as(session, "siân", "none")
    set_password(session, username="siân", password=set_as, now=NOON)
    assert sign_in(session, username="siân", password=typed, now=NOON) is account
    assert sign_in(session, username="siân", password=typed.lower(), now=NOON) is None
    assert sign_in(session, username="siân", password=f"{typed} ", now=NOON) is None


@pytest.mark.parametrize("hashed_as", FORMS)
@pytest.mark.parametrize("normal_form", ["NFC", "NFD"])
def test_a_hash_from_before_still_opens_and_is_made_anew(session: Session, hashed_as: str, normal_form: str) -> None:
    account = known_as(session, "siân", accounts._hasher.hash(hashed_as))
    typed = unicodedata.normalize(normal_form, hashed_as)
    assert sign_in(session, username="siân", password=typed, now=NOON) is account
    for other in FORMS:
        assert sign_in(session, username="siân", password=other, now=NOON) is account


def test_an_unknown_name_takes_as_many_hashes_as_a_wrong_password(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_as(session, "siân", hash_password(PASSWORD))
    for password, times in (("only plain letters", 1), (FORMS[1], 2)):
        costs = []
        for username in ("siân", "nobody"):
            tried: list[str] = []

            def fits(form: str, _stored_hash: str, tried: list[str] = tried) -> bool:
                tried.append(form)
                return False

            monkeypatch.setattr(accounts, "fits", fits)
            assert sign_in(session, username=username, password=password, now=NOON) is None
            costs.append(len(tried))
        assert costs == [times, times]


@pytest.mark.parametrize("stored", ["siân.hughes", unicodedata.normalize("NFD", "siân.hughes")])
@pytest.mark.parametrize("typed", ["SIA\u0302N.HUGHES", " ｓｉâｎ.hughes ", "siân\u200b.hughes", "Siân.Hughes\x00"])
def test_a_username_is_found_in_every_form_also_where_an_older_one_is_stored(
    session: Session, stored: str, typed: str
) -> None:
    account = known_as(session, stored, hash_password(PASSWORD))
    assert find_account(session, username=typed) is account
    assert sign_in(session, username=typed, password=PASSWORD, now=NOON) is account
    assert find_account(session, username="sian.hughes") is None


def test_a_new_account_is_stored_in_the_form_in_which_it_is_looked_for(session: Session) -> None:
    account = create_account(session, person_id=a_person(session).id, username=" SIA\u0302N ", password_hash="none")
    assert account.username == "siân"


def test_the_length_of_a_password_is_that_of_its_letters_and_not_of_their_accents() -> None:
    check_guessing("éàüñ ôçèï êâ", names=())
    with pytest.raises(RuleBroken, match="at least 12"):
        check_guessing("e\u0301" * 11, names=())


def test_a_unit_typed_on_a_mac_is_the_unit_that_is_there(session: Session) -> None:
    unit = a_unit(session, an_organisation(session), "Café and Catering")
    person = NewPerson(
        name="Sia\u0302n Hughes", username="sia\u0302n", password=PASSWORD, organisation_slug="halton",
        unit_path=" cafe\u0301  and catering ", payroll_number="7", job_title="", role=None,
    )  # fmt: skip
    account = add_person(session, person=person, now=NOON)
    assert session.get_one(Person, account.person_id).chosen_name == "Siân Hughes"
    assert session.scalars(select(EmploymentTerms.unit_id)).all() == [unit.id]
    with pytest.raises(RuleBroken, match="The username siân is taken"):
        add_person(session, person=replace(person, username="SIÂN", payroll_number="8"), now=NOON)
