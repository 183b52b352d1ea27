"""Marks can be replayed: the same answer under the same rules wins the same points, for every kind."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from courses import marking
from courses.analysis.given_answers import given_answers
from courses.analysis.replaying import differences
from courses.content.files.gaps import read_gaps
from courses.marking import BUILT_IN, InvalidResponse, Mark, Question, Response, mark, mark_by, marking_version
from courses.marking.kinds.single import Single
from courses.records.answers import Answer
from courses.records.quiz_records import QuizAnswer
from tests.builders.stories import the_story
from tests.courses.marking.questions import (
    a_number,
    chosen_from,
    in_order,
    in_words,
    matching,
    true_or_false,
)
from tests.courses.quizzes.test_sittings import begun, save, start
from tests.courses.taking.test_answering import answer as answer_inline
from tests.courses.taking.test_answering import move_on

OF_EACH_KIND = {
    "single": chosen_from("single", right=[1]),
    "multiple": chosen_from("multiple", right=[0, 2]),
    "truefalse": true_or_false(right=True),
    "order": in_order("One", "Two", "Three"),
    "match": matching({"One": "A", "Two": "B"}, "C"),
    "scenario": chosen_from("scenario", best=0, acceptable=[1]),
    "number": a_number("12", tolerance="0.5", unit="%"),
    "short": in_words("Equality duty", near={"Equality Act": "No."}),
    "cloze": Question(
        id="RE-Q8", kind="cloze", about="fact", stem="Fill.", cloze=read_gaps("A [[one|two]] and [[three|*four]].", ())
    ),
    "branching": the_story(),
}
words = st.one_of(
    st.text(max_size=12), st.sampled_from(["12", "12,4 %", "equality duty", "Equality Act"]), st.sampled_from("abcde")
)


def responses(question: Question) -> st.SearchStrategy[Response]:
    ids = [thing.id for thing in (*question.options, *question.items, *question.choices)] or ["a"]
    lines = [row.id for row in question.rows] + [item.id for item in question.items]
    gaps = {gap.id: [choice.id for choice in gap.choices] for gap in question.cloze.gaps} if question.cloze else {}
    filled = st.fixed_dictionaries({key: st.sampled_from(choices) for key, choices in gaps.items()})
    paired = st.fixed_dictionaries({line: st.sampled_from([*ids, "1", "2", "3"]) for line in lines})
    walked = st.sampled_from([["meeting-b", "farida-a"], ["meeting-a", "afterwards-a", "farida-b"], ["meeting-a"]])
    path = walked if question.branching else st.nothing()
    return st.one_of(words, st.sampled_from(ids), st.lists(st.sampled_from(ids), max_size=5), filled, paired, path)


def outcome(question: Question, response: Response) -> Mark | str:
    try:
        return mark(question, response)
    except InvalidResponse as refusal:
        return refusal.message


def test_every_built_in_kind_is_replayed_here() -> None:
    assert set(OF_EACH_KIND) == {kind.key for kind in BUILT_IN}
    assert all(kind.version >= 1 for kind in BUILT_IN)


@pytest.mark.parametrize("kind", sorted(OF_EACH_KIND))
@given(data=st.data())
def test_what_is_stored_and_read_back_is_marked_the_same(kind: str, data: st.DataObject) -> None:
    question = OF_EACH_KIND[kind]
    response = data.draw(responses(question))
    stored = Question.model_validate(json.loads(json.dumps(question.model_dump(mode="json"))))
    first = outcome(question, response)
    assert outcome(question, response) == first
    assert outcome(stored, json.loads(json.dumps(response))) == first
    if isinstance(first, Mark):
        assert mark_by(stored, response, version=marking_version(stored)) == first
        assert 0 <= first.points <= first.out_of
        assert first.is_right == (first.points == first.out_of)


@pytest.fixture
def learner(session: Session) -> int:
    """Somebody with two answers on a screen and three in a quiz that is not handed in."""
    person = begun(session)
    move_on(session, person, "first-steps", 1)
    answer_inline(session, person, "b")
    answer_inline(session, person, "a", try_number=2)
    start(session, person)
    save(session, person, "TC-M2-Q1", ["a", "b"])
    return person


def test_stored_answers_are_all_there_in_one_shape(session: Session, learner: int) -> None:
    found = list(given_answers(session))
    assert [(one.place.rpartition(" ")[0], one.try_number, one.is_right, one.is_final) for one in found] == [
        ("answer", 1, False, True),
        ("answer", 2, True, True),
        ("quiz answer", 1, True, False),
    ]
    assert {one.version_number for one in found} == {1}
    assert [one.seconds for one in found] == [None, None, 12]
    assert {one.learner for one in found} == {found[0].learner}
    assert list(given_answers(session, course_id=999)) == []


def test_replaying_what_is_stored_changes_nothing(session: Session, learner: int) -> None:
    assert list(differences(session)) == [None, None, None]


def test_a_row_that_was_tampered_with_is_named(session: Session, learner: int) -> None:
    session.execute(update(Answer).where(Answer.try_number == 1).values(points=1, is_right=True))
    found = [one for one in differences(session) if one]
    assert [(one.answer.question_id, one.reason) for one in found] == [("TC-M1-Q1", "1 of 1 then, 0 of 1 now")]


def test_an_answer_to_a_question_that_is_gone_is_named(session: Session, learner: int) -> None:
    session.execute(update(QuizAnswer).values(question_id="TC-M9-Q9"))
    assert [one.reason for one in differences(session) if one] == ["its question is not in its version"]


def test_answers_are_replayed_by_the_rules_that_marked_them(
    session: Session, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Single, "version", 2)
    reasons = [one.reason for one in differences(session) if one]
    assert reasons == ["the rules that marked it are not installed any more"] * 2
    old = Single().mark
    monkeypatch.setattr(Single, "earlier", {1: old}, raising=False)
    monkeypatch.setattr(Single, "mark", lambda *_: Mark(0, 1, False, ()))
    assert list(differences(session)) == [None, None, None]


def test_an_answer_of_a_kind_that_is_gone_is_named(
    session: Session, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "kind_of", lambda _key: None)
    assert {one.reason for one in differences(session) if one} == {
        "the rules that marked it are not installed any more"
    }
