"""Team talks: which cards there are in which month, and a tick that says nothing else."""

from datetime import date

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle, read_folder
from courses.marking.question import Option
from courses.teams.team_talks import CARDS, TeamTalk, is_done, month_of, team_cards, three_of, tick, untick
from tests.builders.region import NOON, a_person, a_unit, an_organisation
from tests.courses.library.texts import LIBRARY

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def publish_shipped(session: Session, *folders: str) -> None:
    for folder in folders:
        document = read_bundle(read_folder(LIBRARY / folder)).document
        assert document is not None
        publish(session, document=document, account_id=None, now=NOON)


def test_there_are_five_cards_with_three_choices_and_each_month_begins_with_another(session: Session) -> None:
    publish_shipped(session, "race-equality-essentials", "inclusive-recruitment")
    cards = team_cards(session, month=NOVEMBER)
    assert {card.question.id for card in cards} == {question_id for _, question_id in CARDS}
    assert {len(card.choices) for card in cards} == {3}
    assert all(any(choice.is_best for choice in card.choices) for card in cards)
    firsts = [team_cards(session, month=date(2027, number, 1))[0].question.id for number in range(1, 6)]
    assert len(set(firsts)) == 5


def test_a_card_whose_course_is_not_published_is_left_out(session: Session) -> None:
    assert team_cards(session, month=NOVEMBER) == ()
    publish_shipped(session, "inclusive-recruitment")
    assert [card.question.id for card in team_cards(session, month=NOVEMBER)] == ["IR-X1"]


def test_the_choices_keep_their_order_and_the_best_is_among_them() -> None:
    options = [Option(id=name, text=name, is_best=name == "d") for name in "abcd"]
    assert [option.id for option in three_of(options)] == ["a", "b", "d"]


def test_a_month_is_ticked_once_and_can_be_taken_back(session: Session) -> None:
    person = a_person(session, a_unit(session, an_organisation(session)))
    tick(session, person_id=person.id, month=NOVEMBER)
    tick(session, person_id=person.id, month=NOVEMBER)
    assert is_done(session, person_id=person.id, month=NOVEMBER)
    assert not is_done(session, person_id=person.id, month=DECEMBER)
    untick(session, person_id=person.id, month=NOVEMBER)
    assert not is_done(session, person_id=person.id, month=NOVEMBER)


def test_the_tick_of_one_manager_says_nothing_about_another(session: Session) -> None:
    unit = a_unit(session, an_organisation(session))
    one, other = a_person(session, unit, "王芳"), a_person(session, unit, "محمد")
    tick(session, person_id=one.id, month=NOVEMBER)
    assert not is_done(session, person_id=other.id, month=NOVEMBER)


def test_only_the_manager_and_the_month_are_kept() -> None:
    assert {column.key for column in inspect(TeamTalk).columns} == {"id", "person_id", "month"}
    assert month_of(date(2026, 11, 21)) == NOVEMBER
