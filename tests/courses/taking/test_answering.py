"""Taking a course: answers, order, resuming, finishing."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.versions import publish
from courses.marking import Response
from courses.records.answers import Answer, questions_answered
from courses.records.attempts import Attempt, find_attempt, get_attempt
from courses.records.completion import Completion, CourseCompleted
from courses.reflection.reflections import reflections_of, save_reflection
from courses.taking.answering import AnswerOutcome, GivenTry, submit_answer
from courses.taking.progress import State, course_status, place_to_resume, why_incomplete
from courses.taking.progression import begin_course, finish_screen
from courses.taking.screens import NotOpen
from kernel.errors import NotFound, RuleBroken
from tests.builders.region import FIRST, NOON, a_course, a_document, a_person, a_unit, an_organisation
from tests.builders.screens import at_screen

RIGHT = "a"
NOT_RIGHT = "b"
BOTH = ["a", "b"]


@pytest.fixture
def learner(session: Session) -> int:
    """A person with a job who has begun the test course."""
    a_course(session)
    person = a_person(session, a_unit(session, an_organisation(session)))
    begin_course(session, person_id=person.id, slug="test-course", now=NOON)
    return person.id


def answer(
    session: Session,
    learner: int,
    response: Response,
    *,
    place: tuple[str, int] = ("first-steps", 2),
    question: str = "TC-M1-Q1",
    try_number: int = 1,
) -> AnswerOutcome:
    here = at_screen(session, learner, *place)
    return submit_answer(session, here, here.question(question), GivenTry(try_number, response), now=NOON)


def move_on(session: Session, learner: int, module: str, screen: int) -> int | None:
    return finish_screen(session, at_screen(session, learner, module, screen), now=NOON).next_screen


def finish_first_module(session: Session, learner: int, response: str = RIGHT) -> None:
    move_on(session, learner, "first-steps", 1)
    answer(session, learner, response)
    move_on(session, learner, "first-steps", 2)
    move_on(session, learner, "first-steps", 3)


def last_answer(session: Session, learner: int, response: Response, try_number: int = 1) -> AnswerOutcome:
    return answer(session, learner, response, place=("second-steps", 1), question="TC-M2-Q1", try_number=try_number)


def how_many(session: Session, thing: type) -> int:
    return session.scalar(select(func.count()).select_from(thing)) or 0


def test_beginning_twice_begins_once(session: Session, learner: int) -> None:
    begin_course(session, person_id=learner, slug="test-course", now=NOON + timedelta(hours=1))
    assert how_many(session, Attempt) == 1


def test_a_person_without_a_job_cannot_begin(session: Session) -> None:
    a_course(session)
    visitor = a_person(session)
    with pytest.raises(RuleBroken, match="shows no job"):
        begin_course(session, person_id=visitor.id, slug="test-course", now=NOON)


def test_an_answer_is_marked_and_kept(session: Session, learner: int) -> None:
    move_on(session, learner, "first-steps", 1)
    assert not answer(session, learner, NOT_RIGHT).is_right
    assert answer(session, learner, RIGHT, try_number=2).is_right
    assert how_many(session, Answer) == 2


def test_a_replayed_form_changes_nothing(session: Session, learner: int) -> None:
    move_on(session, learner, "first-steps", 1)
    answer(session, learner, RIGHT)
    replay = answer(session, learner, NOT_RIGHT)
    assert replay.is_replay
    assert replay.is_right
    assert how_many(session, Answer) == 1


def test_an_option_that_does_not_exist_is_refused(session: Session, learner: int) -> None:
    move_on(session, learner, "first-steps", 1)
    with pytest.raises(RuleBroken):
        answer(session, learner, "zebra")
    assert how_many(session, Answer) == 0


def test_a_question_of_another_screen_is_not_found(session: Session, learner: int) -> None:
    with pytest.raises(NotFound):
        answer(session, learner, RIGHT, place=("first-steps", 1))


def test_a_later_screen_is_not_open(session: Session, learner: int) -> None:
    with pytest.raises(NotOpen):
        answer(session, learner, RIGHT)


def test_a_later_module_is_not_open(session: Session, learner: int) -> None:
    with pytest.raises(NotOpen):
        last_answer(session, learner, BOTH)


def test_a_screen_with_an_open_question_cannot_be_left(session: Session, learner: int) -> None:
    move_on(session, learner, "first-steps", 1)
    with pytest.raises(RuleBroken, match="Answer the question"):
        move_on(session, learner, "first-steps", 2)


def test_the_last_answer_completes_the_course_in_that_request(session: Session, learner: int) -> None:
    finish_first_module(session, learner)
    events = last_answer(session, learner, BOTH).events
    assert [type(event) for event in events] == [CourseCompleted]


def test_finishing_again_completes_nothing_more(session: Session, learner: int) -> None:
    finish_first_module(session, learner)
    last_answer(session, learner, BOTH)
    assert last_answer(session, learner, BOTH, try_number=2).events == ()
    move_on(session, learner, "second-steps", 1)
    assert how_many(session, Completion) == 1


def test_too_few_right_answers_do_not_finish_but_a_later_try_does(session: Session, learner: int) -> None:
    finish_first_module(session, learner)
    assert last_answer(session, learner, ["c"]).events == ()
    attempt = get_attempt(session, person_id=learner, slug="test-course")
    document = attempt.document(session)
    missing = why_incomplete(
        document,
        course_status(document, attempt, is_completed=False),
        questions_answered(session, attempt_id=attempt.id),
    )
    assert missing is not None
    assert "1 of 2 questions are right so far: get 1 more question right" in missing
    assert len(last_answer(session, learner, BOTH, try_number=2).events) == 1


def test_a_completion_keeps_unit_grade_and_version_as_they_were(session: Session, learner: int) -> None:
    finish_first_module(session, learner)
    last_answer(session, learner, BOTH)
    completion = session.scalars(select(Completion)).one()
    assert (completion.unit_path, completion.grade) == ("Adult Social Care", "G5")
    assert completion.completed_at == NOON


def test_a_learner_midway_stays_on_the_version_they_began(session: Session, learner: int) -> None:
    publish(session, document=a_document(first=FIRST.replace("Hello", "Welcome")), account_id=None, now=NOON)
    attempt = get_attempt(session, person_id=learner, slug="test-course")
    assert attempt.version_number == 1
    assert attempt.document(session).modules[0].screens[0].title == "Hello"


def test_resuming_leads_to_the_screen_where_they_stopped(session: Session, learner: int) -> None:
    move_on(session, learner, "first-steps", 1)
    attempt = get_attempt(session, person_id=learner, slug="test-course")
    assert place_to_resume(attempt.document(session), attempt) == ("first-steps", 2)


def test_resuming_after_a_module_leads_to_the_next(session: Session, learner: int) -> None:
    finish_first_module(session, learner)
    attempt = get_attempt(session, person_id=learner, slug="test-course")
    assert place_to_resume(attempt.document(session), attempt) == ("second-steps", 1)


def test_the_status_counts_modules_and_minutes_left(session: Session, learner: int) -> None:
    finish_first_module(session, learner)
    attempt = find_attempt(session, person_id=learner, slug="test-course")
    assert attempt is not None
    status = course_status(attempt.document(session), attempt, is_completed=False)
    assert [module.state for module in status.modules] == [State.COMPLETE, State.NOT_STARTED]
    assert (status.modules_done, status.minutes_left) == (1, 6)


def test_a_reflection_is_kept_changed_and_cleared(session: Session, learner: int) -> None:
    move_on(session, learner, "first-steps", 1)
    answer(session, learner, RIGHT)
    for text in ("My words", "Other words 🌱 محمد", ""):
        here = at_screen(session, learner, "first-steps", 3)
        save_reflection(session, here, reflection_id="TC-M1-R1", text=text, now=NOON)
        attempt = get_attempt(session, person_id=learner, slug="test-course")
        session.expire_all()
        assert reflections_of(session, attempt_id=attempt.id)["TC-M1-R1"].text == text


def test_a_reflection_that_is_too_long_is_refused_with_its_length(session: Session, learner: int) -> None:
    move_on(session, learner, "first-steps", 1)
    answer(session, learner, RIGHT)
    here = at_screen(session, learner, "first-steps", 3)
    with pytest.raises(RuleBroken, match="It has 5,001"):
        save_reflection(session, here, reflection_id="TC-M1-R1", text="x" * 5_001, now=NOON)


def test_a_question_whose_kind_is_not_installed_holds_nobody_up(
    session: Session, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("courses.taking.screens.kind_of", lambda key: None if key == "single" else key)
    move_on(session, learner, "first-steps", 1)
    assert move_on(session, learner, "first-steps", 2) == 3
