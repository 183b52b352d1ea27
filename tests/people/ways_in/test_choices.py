"""What an authority chooses, and the usernames that come of it."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kernel.columns import length_of
from kernel.errors import RuleBroken
from people.accounts import Account, normal_username
from people.jobs.employment import Employment
from people.ways_in.choices import ChosenWay, FirstWay, UsernameStyle, choose_way, find_choice, suggested_prefix
from people.ways_in.usernames import WORDS, usernames_like
from tests.builders.region import NOON, an_organisation
from tests.people.ways_in.conftest import CARDS, Council


def test_a_choice_is_kept_and_changed(session: Session, council: Council) -> None:
    organisation_id = council.care.organisation_id
    assert find_choice(session, organisation_id=organisation_id) == CARDS
    other = ChosenWay(FirstWay.INVITATION, UsernameStyle.WORDS, " HAL2 ")
    choose_way(session, organisation_id=organisation_id, choice=other, by=council.lead.id, now=NOON)
    assert find_choice(session, organisation_id=organisation_id) == ChosenWay(
        FirstWay.INVITATION, UsernameStyle.WORDS, "hal2"
    )


@pytest.mark.parametrize("prefix", ["", "h", "1ab", "ha-l", "hâl", "x" * 11, "ha l"])
def test_a_prefix_is_a_short_word(session: Session, council: Council, prefix: str) -> None:
    choice = ChosenWay(FirstWay.CARD, UsernameStyle.WORDS, prefix)
    with pytest.raises(RuleBroken) as refusal:
        choose_way(session, organisation_id=council.care.organisation_id, choice=choice, by=council.lead.id, now=NOON)
    assert refusal.value.field == "prefix"


def test_two_authorities_cannot_have_the_same_prefix(session: Session, council: Council) -> None:
    other = an_organisation(session, "sefton", "Sefton Council")
    with pytest.raises(RuleBroken, match="Another authority uses hal"):
        choose_way(session, organisation_id=other.id, choice=CARDS, by=council.lead.id, now=NOON)
    assert find_choice(session, organisation_id=other.id) is None


def test_an_authority_is_offered_the_beginning_of_its_name() -> None:
    assert [suggested_prefix(slug) for slug in ("st-helens", "knowsley-metropolitan")] == ["sthelens", "knowsleyme"]


@given(st.text(min_size=1, max_size=length_of(Employment.payroll_number)))
def test_usernames_are_stored_as_they_are_typed(number: str) -> None:
    for name in islice(usernames_like(CARDS, payroll_number=number), 3):
        assert normal_username(name) == name
        assert " " not in name


@pytest.mark.parametrize("number", ["004512", " 00 4512", "００４５１２"])
def test_a_payroll_number_keeps_its_zeros_behind_the_prefix(number: str) -> None:
    assert list(islice(usernames_like(CARDS, payroll_number=number), 2)) == ["hal-004512", "hal-004512-2"]


def test_words_are_easy_to_say_and_there_are_enough_of_them() -> None:
    choice = ChosenWay(FirstWay.CARD, UsernameStyle.WORDS, "hal")
    assert len(set(WORDS)) == len(WORDS) > 120
    assert all(word.isascii() and word.islower() and 4 <= len(word) <= 10 for word in WORDS)
    names = set(islice(usernames_like(choice, payroll_number="1"), 1_000))
    assert len(names) > 980
    assert all(len(name) <= length_of(Account.username) for name in names)
