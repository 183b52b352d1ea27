"""Whoever is meant is found, on both databases as by the rule alone."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kernel.typed import is_named, search_words
from people.names.person_words import PersonWord, make_rest_searchable, make_searchable
from people.names.search import MOST_FOUND, people_named
from people.persons import Person
from tests.builders.region import NOON, a_person

LETTERS = st.text(st.sampled_from(" -'’.abzÀßﬁøЖ王芳\u0301\ud7ff\ue000\U0010ffffع1"), min_size=1, max_size=12)


@pytest.fixture
def nobody(session: Session) -> Iterator[Session]:
    yield session
    session.rollback()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=4), LETTERS, st.booleans())
@example([("a" * 80, "b"), ("a" * 70 + "b", "c")], "a" * 75, True)
@example([("O’Brien", "Mary-Jane Ọláyínká")], "obrien maryjane", True)
def test_the_database_finds_just_those_whom_the_rule_means(
    nobody: Session, names: list[tuple[str, str]], typed: str, is_stored: bool
) -> None:
    with nobody.begin_nested() as undone:
        people = [Person(chosen_name=chosen, called=called, created_at=NOON) for chosen, called in names]
        nobody.add_all(people)
        nobody.flush()
        if is_stored:
            make_searchable(nobody, person_ids=[one.id for one in people])
        words = search_words(typed)
        meant = {
            one.id
            for one, bears in zip(people, names, strict=True)
            if words and all(any(is_named(name, (word,)) for name in bears) for word in words)
        }
        assert set(people_named(nobody, words).person_ids) == meant
        undone.rollback()
    nobody.expunge_all()


def test_a_person_is_found_by_each_name_they_bear(session: Session) -> None:
    person = a_person(session, name="Nguyễn Thị Minh Khai")
    person.called, person.sorting_name = "Kay", "Nguyễn, Khai"
    make_searchable(session, person_ids=[person.id])
    for typed in ("nguyen", "kay", "minh kay", "Khai Nguyễn"):
        assert people_named(session, search_words(typed)).person_ids == (person.id,), typed
    assert people_named(session, search_words("nguyen anna")).person_ids == ()


def test_a_name_that_was_changed_is_found_at_once_and_its_words_come_later(session: Session) -> None:
    person = a_person(session, name="Siân Hughes")
    make_searchable(session, person_ids=[person.id])
    person.chosen_name = "Siân Okafor"
    session.flush()
    assert person.search_text is None
    assert people_named(session, ("okafor",)).person_ids == (person.id,)
    assert make_rest_searchable(session, most=10) == 1
    assert make_rest_searchable(session, most=10) == 0
    assert people_named(session, ("okafor",)).person_ids == (person.id,)
    assert people_named(session, ("hughes",)).person_ids == ()


def test_lists_go_by_the_sorting_name(session: Session) -> None:
    ada = a_person(session, name="Zoë Kim")
    bo = a_person(session, name="Bo Kim")
    ada.sorting_name = "Aa"
    assert people_named(session, ("kim",)).person_ids == (ada.id, bo.id)


def test_of_too_many_those_come_first_who_bear_the_whole_word(session: Session) -> None:
    people = [Person(chosen_name=f"Lilian {number:03}", created_at=NOON) for number in range(MOST_FOUND)]
    session.add_all(people)
    whole = a_person(session, name="Zhang Li")
    make_searchable(session, person_ids=[*(one.id for one in people), whole.id])
    found = people_named(session, ("li",))
    assert found.is_cut
    assert len(found.person_ids) == MOST_FOUND
    assert found.person_ids[-1] == whole.id  # by name among those who are listed


def test_only_some_people_are_looked_at(session: Session) -> None:
    one, other = a_person(session, name="Kim One"), a_person(session, name="Kim Two")
    make_searchable(session, person_ids=[one.id])
    for wanted in (one, other):
        assert people_named(session, ("kim",), only=(Person.id == wanted.id,)).person_ids == (wanted.id,)


def test_words_go_with_the_names(session: Session) -> None:
    person = a_person(session, name="Ann Ann")
    make_searchable(session, person_ids=[person.id])
    words = set(session.scalars(select(PersonWord.word).where(PersonWord.person_id == person.id)))
    assert words == {"ann", "nn", "n", "annann"}
    session.execute(delete(PersonWord))
