"""Taking a branching story: every step is kept as it was given, and a whole story is an answer."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.marking import InvalidResponse
from courses.records.answers import Answer, latest_answers
from courses.records.attempts import get_attempt
from courses.records.completion import CourseCompleted
from courses.taking.answering import GivenTry, submit_answer
from courses.taking.progression import begin_course, finish_screen
from courses.taking.screens import NotOpen
from courses.taking.stories import Move, Step, StepOutcome, StoryPlace, StoryStep, places_in_stories, take_step
from kernel.errors import NotFound, RuleBroken
from tests.builders.region import NOON, QUESTIONS, SECOND, a_course, a_person, a_unit, an_organisation
from tests.builders.screens import at_screen
from tests.builders.stories import IN_COURSE, STORY, the_story


@pytest.fixture
def learner(session: Session) -> int:
    """A person who has come to the screen with the story."""
    a_course(session, **IN_COURSE)
    person = a_person(session, a_unit(session, an_organisation(session)), "Ọláyínká")
    begin_course(session, person_id=person.id, slug="test-course", now=NOON)
    move_on(session, person.id, 1)
    answer_first(session, person.id)
    return person.id


def answer_first(session: Session, learner: int) -> None:
    here = at_screen(session, learner, "first-steps", 2)
    submit_answer(session, here, here.question("TC-M1-Q1"), GivenTry(1, "a"), now=NOON)
    move_on(session, learner, 2)


def move_on(session: Session, learner: int, screen: int) -> int | None:
    return finish_screen(session, at_screen(session, learner, "first-steps", screen), now=NOON).next_screen


def place(session: Session, learner: int) -> StoryPlace:
    """Where the learner is, as any device would find it."""
    attempt = get_attempt(session, person_id=learner, slug="test-course")
    story = the_story().branching
    assert story is not None
    answers = latest_answers(session, attempt_id=attempt.id, question_ids=("TC-M1-X1",))
    return places_in_stories(session, attempt_id=attempt.id, stories={"TC-M1-X1": story}, answers=answers)["TC-M1-X1"]


def step(
    session: Session,
    learner: int,
    choice: str | None,
    move: Move = Move.CHOOSE,
    *,
    at: tuple[int, int] | None = None,
    screen: int = 3,
    module: str = "first-steps",
    question: str = "TC-M1-X1",
) -> StepOutcome:
    now = place(session, learner)
    try_number, position = at or (now.try_number, now.position)
    moment = NOON + timedelta(minutes=position)
    here = at_screen(session, learner, module, screen, now=moment)
    return take_step(session, here, question, Step(try_number, position, move, choice), now=moment)


def stored(session: Session) -> list[tuple[int, int, str, str | None]]:
    rows = session.scalars(select(StoryStep).order_by(StoryStep.id))
    return [(row.try_number, row.position, str(row.move), row.choice_id) for row in rows]


def story_answers(session: Session) -> list[Answer]:
    return list(session.scalars(select(Answer).where(Answer.question_id == "TC-M1-X1").order_by(Answer.try_number)))


def test_each_step_is_kept_and_only_a_whole_story_is_an_answer(session: Session, learner: int) -> None:
    step(session, learner, "meeting-a")
    step(session, learner, "afterwards-a")
    assert stored(session) == [(1, 1, "choose", "meeting-a"), (1, 2, "choose", "afterwards-a")]
    assert place(session, learner).at.id == "farida"
    assert story_answers(session) == []
    step(session, learner, "farida-a")
    (answer,) = story_answers(session)
    assert answer.response == ["meeting-a", "afterwards-a", "farida-a"]
    assert (answer.points, answer.out_of, answer.is_right, answer.marking_version) == (2, 3, False, 1)
    assert place(session, learner).is_at_end


def test_nobody_goes_on_before_an_end_and_everybody_after_one(session: Session, learner: int) -> None:
    for choice in (None, "meeting-b"):
        if choice:
            step(session, learner, choice)
        with pytest.raises(RuleBroken, match="Follow the story to one of its ends before you continue") as refusal:
            move_on(session, learner, 3)
        assert refusal.value.field == "TC-M1-X1"
    step(session, learner, "farida-b")
    assert move_on(session, learner, 3) == 4


def test_a_form_that_is_sent_again_or_from_a_second_tab_changes_nothing(session: Session, learner: int) -> None:
    assert not step(session, learner, "meeting-a", at=(1, 1)).is_replay
    assert step(session, learner, "meeting-a", at=(1, 1)).is_replay
    assert step(session, learner, "meeting-b", at=(1, 1)).is_replay
    assert step(session, learner, None, Move.BACK, at=(1, 7)).is_replay
    assert place(session, learner).at.id == "afterwards"
    step(session, learner, "afterwards-a")
    step(session, learner, "farida-a")
    assert step(session, learner, "farida-b", at=(1, 3)).is_replay
    assert len(story_answers(session)) == 1
    assert len(stored(session)) == 3


def test_going_back_keeps_the_record_and_lets_people_choose_again(session: Session, learner: int) -> None:
    step(session, learner, "meeting-a")
    step(session, learner, "afterwards-b")
    assert place(session, learner).at.id == "afterwards"
    step(session, learner, None, Move.BACK)
    assert place(session, learner).path == ()
    step(session, learner, "meeting-b")
    step(session, learner, "farida-a")
    assert [move for _, _, move, _ in stored(session)] == ["choose", "choose", "back", "choose", "choose"]
    (answer,) = story_answers(session)
    assert answer.response == ["meeting-b", "farida-a"]
    assert answer.is_right


def test_another_way_is_another_try_and_the_screen_stays_done(session: Session, learner: int) -> None:
    for choice in ("meeting-c", "farida-b"):
        step(session, learner, choice)
    step(session, learner, None, Move.AGAIN)
    assert place(session, learner).path == ()
    assert (place(session, learner).try_number, place(session, learner).position) == (2, 2)
    assert move_on(session, learner, 3) == 4
    for choice in ("meeting-b", "farida-a"):
        step(session, learner, choice)
    assert [(one.try_number, one.is_right) for one in story_answers(session)] == [(1, False), (2, True)]


def test_back_from_an_end_is_another_try_with_the_same_way_up_to_there(session: Session, learner: int) -> None:
    for choice in ("meeting-c", "farida-b"):
        step(session, learner, choice)
    step(session, learner, None, Move.BACK)
    assert place(session, learner).path == ("meeting-c",)
    step(session, learner, "farida-a")
    assert [one.response for one in story_answers(session)] == [["meeting-c", "farida-b"], ["meeting-c", "farida-a"]]


@pytest.mark.parametrize("choice", [None, "", "farida-a", "meeting-z", "<b>", "🙂"])
def test_what_cannot_be_chosen_there_is_refused_and_not_kept(
    session: Session, learner: int, choice: str | None
) -> None:
    with pytest.raises(InvalidResponse, match="Select an answer"):
        step(session, learner, choice)
    assert stored(session) == []


def test_a_story_is_found_only_on_its_screen_and_only_when_that_is_open(session: Session, learner: int) -> None:
    with pytest.raises(NotFound):
        step(session, learner, "meeting-a", screen=1)
    with pytest.raises(NotFound):
        step(session, learner, "a", screen=2, question="TC-M1-Q1")
    with pytest.raises(NotOpen):
        step(session, learner, "meeting-a", screen=4)
    other = a_person(session, a_unit(session, an_organisation(session, "sefton", "Sefton Council")), "王芳")
    with pytest.raises(NotFound):
        at_screen(session, other.id, "first-steps", 3)


def test_steps_that_a_corrected_story_no_longer_has_are_passed_over(session: Session, learner: int) -> None:
    step(session, learner, "meeting-b")
    session.add(
        StoryStep(
            attempt_id=get_attempt(session, person_id=learner, slug="test-course").id,
            question_id="TC-M1-X1",
            try_number=1,
            position=2,
            move=Move.CHOOSE,
            choice_id="gone-a",
            taken_at=NOON,
        )
    )
    session.flush()
    here = place(session, learner)
    assert (here.path, here.position) == (("meeting-b",), 3)
    assert session.scalar(select(func.count()).select_from(Answer)) == 1


def test_the_end_of_a_story_completes_the_course_when_nothing_else_is_missing(session: Session) -> None:
    at_the_end = SECOND.replace("TC-M2-Q1", "TC-M1-X1")
    questions = STORY.replace("scored: false", "scored: true")
    a_course(session, second=at_the_end, questions=QUESTIONS.split("- id: TC-M2-Q1")[0] + questions)
    person = a_person(session, a_unit(session, an_organisation(session)), "محمد")
    begin_course(session, person_id=person.id, slug="test-course", now=NOON)
    move_on(session, person.id, 1)
    answer_first(session, person.id)
    move_on(session, person.id, 3)
    where = {"module": "second-steps", "screen": 1}
    for choice in ("meeting-c", "farida-a"):
        assert step(session, person.id, choice, **where).events == ()  # a fair way is not all right yet
    step(session, person.id, None, Move.AGAIN, **where)
    assert step(session, person.id, "meeting-b", **where).events == ()
    (event,) = step(session, person.id, "farida-a", **where).events
    assert isinstance(event, CourseCompleted)
    step(session, person.id, None, Move.AGAIN, **where)
    step(session, person.id, "meeting-b", **where)
    assert step(session, person.id, "farida-a", **where).events == ()
