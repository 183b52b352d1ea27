"""Another try for one person, and modules that they may skip."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from courses.content.model.quiz import Quiz
from courses.quizzes.adjustments import Adjustment, adjust, decline, find_retry_request, request_retry
from courses.quizzes.skipping import modules_to_skip, skip_modules
from courses.records.attempts import get_attempt
from courses.records.completion import CourseCompleted
from courses.taking.completion_rule import score
from courses.taking.progress import State, course_status
from courses.taking.progression import finish_screen
from kernel.audit import AuditEntry
from kernel.errors import NotFound, RuleBroken
from tests.builders.quizzes import at_quiz
from tests.builders.region import NOON
from tests.builders.screens import at_screen
from tests.courses.quizzes.test_sittings import begun, sit, start
from tests.courses.taking.test_answering import answer, move_on

LIMITED = "  mode: check\n  attempts: 1\n  pause: 2 hours\n"
PRE_TEST = "  pre_test_for: [TC-M1, TC-M2]\n"


def attempt_of(session: Session, person: int) -> tuple[int, Quiz]:
    attempt = get_attempt(session, person_id=person, slug="test-course")
    return attempt.id, attempt.document(session).quizzes["TC-QUIZ-1"]


def ask(session: Session, person: int, reason: str = "The network went away.") -> None:
    attempt_id, quiz = attempt_of(session, person)
    request_retry(session, attempt_id=attempt_id, quiz=quiz, reason=reason, now=NOON)


def give(session: Session, person: int, extra: int = 1, *, waive: bool = True, reason: str = "Of course.") -> None:
    adjustment = Adjustment(extra, waive, reason)
    adjust(
        session,
        attempt_id=attempt_of(session, person)[0],
        quiz_id="TC-QUIZ-1",
        adjustment=adjustment,
        account_id=None,
        now=NOON,
    )


def test_another_try_can_be_asked_for_and_given(session: Session) -> None:
    person = begun(session, LIMITED)
    sit(session, person, right=False)
    with pytest.raises(RuleBroken):
        start(session, person, 2)
    ask(session, person)
    ask(session, person, "The network went away, and came back.")
    give(session, person)
    request = find_retry_request(session, attempt_id=attempt_of(session, person)[0], quiz_id="TC-QUIZ-1")
    assert request is not None
    assert (request.reason, request.answered, request.answer) == (
        "The network went away, and came back.",
        "given",
        "Of course.",
    )
    with pytest.raises(RuleBroken, match="nothing to ask for"):
        ask(session, person, "One more, to be sure.")
    assert sit(session, person, 2).is_passed


def test_tries_alone_do_not_shorten_the_pause(session: Session) -> None:
    person = begun(session, LIMITED)
    sit(session, person, right=False)
    give(session, person, waive=False)
    with pytest.raises(RuleBroken, match="not open yet"):
        start(session, person, 2)


def test_what_is_given_is_audited_without_answers_and_never_changed(session: Session) -> None:
    person = begun(session, LIMITED)
    sit(session, person, right=False)
    give(session, person)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "quiz-adjusted")).one()
    assert entry.detail == {"quiz": "TC-QUIZ-1", "extra_attempts": 1, "waives_pause": True}
    with pytest.raises(DBAPIError):
        session.execute(text("UPDATE quiz_adjustment SET extra_attempts = 9"))


def test_a_request_can_be_declined_with_a_reason_and_asked_again(session: Session) -> None:
    person = begun(session, LIMITED)
    sit(session, person, right=False)
    ask(session, person)
    attempt_id, _ = attempt_of(session, person)
    decline(session, attempt_id=attempt_id, quiz_id="TC-QUIZ-1", reason="Talk to me first.", account_id=None, now=NOON)
    with pytest.raises(NotFound):
        decline(session, attempt_id=attempt_id, quiz_id="TC-QUIZ-1", reason="Again.", account_id=None, now=NOON)
    ask(session, person, "We have talked.")
    request = find_retry_request(session, attempt_id=attempt_id, quiz_id="TC-QUIZ-1")
    assert request is not None
    assert request.answered is None


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_request_needs_a_reason_of_some_length(session: Session, reason: str) -> None:
    person = begun(session, LIMITED)
    sit(session, person, right=False)
    with pytest.raises(RuleBroken):
        ask(session, person, reason)


def test_there_is_nothing_to_ask_for_without_limits_or_before_the_first_try(session: Session) -> None:
    person = begun(session)
    sit(session, person)
    with pytest.raises(RuleBroken, match="nothing to ask for"):
        ask(session, person)


@pytest.mark.parametrize(("extra", "waive"), [(0, False), (-1, True), (11, True)])
def test_nothing_too_little_and_too_much_are_refused(session: Session, extra: int, waive: bool) -> None:
    person = begun(session, LIMITED)
    with pytest.raises(RuleBroken):
        give(session, person, extra, waive=waive)


def skip(session: Session, person: int, *modules: str) -> tuple[CourseCompleted, ...]:
    return skip_modules(session, at_quiz(session, person), module_ids=modules, now=NOON)


def test_passing_a_pre_test_lets_people_skip_what_they_know(session: Session) -> None:
    person = begun(session, PRE_TEST, first=True, order="in-order")
    sit(session, person)
    attempt = get_attempt(session, person_id=person, slug="test-course")
    document = attempt.document(session)
    assert [m.id for m in modules_to_skip(document, attempt, document.quizzes["TC-QUIZ-1"])] == ["TC-M1", "TC-M2"]
    assert skip(session, person, "TC-M1") == ()
    attempt = get_attempt(session, person_id=person, slug="test-course")
    status = course_status(document, attempt, is_completed=False)
    assert [module.state for module in status.modules] == [State.COMPLETE, State.COMPLETE, State.NOT_STARTED]
    assert [module.is_skipped for module in status.modules] == [False, True, False]
    assert score(document, {}, attempt.skipped_modules).out_of == 1


def test_skipping_everything_that_is_left_completes_the_course(session: Session) -> None:
    person = begun(session, PRE_TEST, first=True)
    sit(session, person)
    assert [type(event) for event in skip(session, person, "TC-M1", "TC-M2")] == [CourseCompleted]
    assert skip(session, person, "TC-M1", "TC-M2") == ()


def test_a_skipped_module_stays_open_and_complete_while_it_is_read(session: Session) -> None:
    person = begun(session, PRE_TEST, first=True)
    sit(session, person)
    skip(session, person, "TC-M1")
    finish_screen(session, at_screen(session, person, "first-steps", 1), now=NOON)
    attempt = get_attempt(session, person_id=person, slug="test-course")
    assert "TC-M1" in attempt.completed_modules
    answer(session, person, "a")
    move_on(session, person, "first-steps", 3)
    attempt = get_attempt(session, person_id=person, slug="test-course")
    assert not course_status(attempt.document(session), attempt, is_completed=False).modules[1].is_skipped


def test_nobody_skips_without_passing_or_what_the_pre_test_is_not_for(session: Session) -> None:
    person = begun(session, "  pre_test_for: [TC-M1]\n", first=True)
    sit(session, person, right=False)
    with pytest.raises(RuleBroken, match="when you have passed"):
        skip(session, person, "TC-M1")
    sit(session, person, 2)
    with pytest.raises(NotFound):
        skip(session, person, "TC-M2")
    with pytest.raises(RuleBroken, match="Select the modules"):
        skip(session, person)
