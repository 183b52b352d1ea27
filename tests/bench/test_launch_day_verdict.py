"""The verdict of the launch day: what people were told against what is in the tables."""

import random
from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.launch_day.answers import AnswerKey
from bench.launch_day.learner import Learner
from bench.launch_day.verdict import differences
from bench.launch_day.visitor import Timings, Visitor
from courses.records.answers import Answer
from courses.records.attempts import Attempt
from tests.builders.certificates import issued_to, make_file
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.reports.taken_course import begin

QUESTION = "TC-M1-Q1"
ADDRESS = f"/courses/test-course/first-steps/1/answers/{QUESTION}"


def somebody(*, sent: int, acknowledged: int, has_finished: bool) -> Learner:
    """What a learner was told: so many tries at one question, and perhaps the end of the course."""
    visitor = Visitor(None, "http://127.0.0.1", Timings())  # type: ignore[arg-type]  # it asks for nothing here
    visitor.sent, visitor.acknowledged = Counter({ADDRESS: sent}), Counter({ADDRESS: acknowledged})
    one = Learner("launch-1", "x", "test-course", AnswerKey({}), visitor, random.Random(1), print)  # noqa: S311
    one.has_finished, one.certificate_bytes = has_finished, 60_000 if has_finished else 0
    return one


@pytest.fixture
def person_id(session: Session) -> int:
    """Somebody with one answer, who has finished and whose certificate is made."""
    course, unit = a_course(session), a_unit(session, an_organisation(session))
    person = a_person(session, unit)
    an_account(session, person).username = "launch-1"
    begin(session, course, person, NOON)
    session.add(
        Answer(
            attempt_id=session.scalars(select(Attempt.id)).one(),
            question_id=QUESTION,
            try_number=1,
            response="a",
            points=1,
            out_of=1,
            is_right=True,
            marking_version=1,
            answered_at=NOON,
        )
    )
    make_file(issued_to(session, person.id, course))
    session.flush()
    return person.id


@pytest.mark.usefixtures("person_id")
@pytest.mark.parametrize("acknowledged", [1, 0])
def test_nothing_is_said_where_all_is_there_also_what_arrived_unheard(session: Session, acknowledged: int) -> None:
    one = somebody(sent=1, acknowledged=acknowledged, has_finished=True)
    assert differences(session.connection(), [one], course="test-course") == []


@pytest.mark.usefixtures("person_id")
@pytest.mark.parametrize(
    ("sent", "acknowledged", "rows"),
    [(2, 2, "sent TC-M1-Q1 2 times and was told 2 times that it is saved, and has 1 rows"),
     (0, 0, "sent TC-M1-Q1 0 times and was told 0 times that it is saved, and has 1 rows")],
)  # fmt: skip
def test_an_answer_that_is_lost_or_came_twice_is_named(
    session: Session, sent: int, acknowledged: int, rows: str
) -> None:
    one = somebody(sent=sent, acknowledged=acknowledged, has_finished=True)
    assert differences(session.connection(), [one], course="test-course") == [f"launch-1 {rows}"]


@pytest.mark.usefixtures("person_id")
def test_a_completion_of_which_nobody_was_told_is_named_and_so_is_its_certificate(session: Session) -> None:
    one = somebody(sent=1, acknowledged=1, has_finished=False)
    assert differences(session.connection(), [one], course="test-course") == [
        "launch-1 has 1 completions and was told of 0",
        "launch-1 has 1 certificates, 1 of them made; 0 is right",
    ]
