"""Comments are read in whole steps of ten or more, in an order that tells nothing."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from courses.catalogue.versions import PublishOutcome
from courses.reflection.comments import CourseComment
from reports import comments as module
from reports.comments import Comments, comments_on
from tests.builders.region import NOON, a_course, a_person


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


def say(session: Session, course: PublishOutcome, numbers: range, comment_id: str = "TC-C") -> list[CourseComment]:
    found = [
        CourseComment(
            person_id=a_person(session).id,
            course_version_id=course.version_id,
            comment_id=comment_id,
            text=f"Number {number:02d}",
            said_at=NOON + timedelta(minutes=number),
        )
        for number in numbers
    ]
    session.add_all(found)
    session.flush()
    return found


def read(session: Session, course: PublishOutcome, smallest: int = 10) -> Comments:
    (found,) = comments_on(session, version_id=course.version_id, comment_ids=["TC-C"], smallest_shown=smallest)
    return found


@pytest.mark.parametrize(("written", "shown"), [(0, 0), (9, 0), (10, 10), (19, 10), (20, 20), (21, 20)])
def test_comments_grow_in_steps_of_ten(session: Session, course: PublishOutcome, written: int, shown: int) -> None:
    say(session, course, range(written))
    found = read(session, course)
    assert found.shown == len(found.texts) == shown
    assert found.texts == tuple(f"Number {number:02d}" for number in range(shown))


def test_a_changed_comment_waits_with_the_new_ones(session: Session, course: PublishOutcome) -> None:
    first = say(session, course, range(11))[0]
    first.text, first.said_at = "Changed", NOON + timedelta(days=1)
    session.flush()
    assert "Changed" not in read(session, course).texts


def test_a_comment_that_was_taken_back_takes_its_step_with_it(session: Session, course: PublishOutcome) -> None:
    session.delete(say(session, course, range(10))[3])
    session.flush()
    assert read(session, course) == Comments("TC-C", 0, ())


def test_places_are_not_added_up_and_neither_are_versions(session: Session, course: PublishOutcome) -> None:
    say(session, course, range(9))
    say(session, course, range(9), "TC-D")
    found = comments_on(session, version_id=course.version_id, comment_ids=["TC-D", "TC-C"], smallest_shown=10)
    assert [(one.comment_id, one.shown) for one in found] == [("TC-D", 0), ("TC-C", 0)]
    (other,) = comments_on(session, version_id=course.version_id + 1, comment_ids=["TC-C"], smallest_shown=10)
    assert other.shown == 0


def test_an_authority_may_ask_for_larger_steps_and_never_for_smaller(session: Session, course: PublishOutcome) -> None:
    say(session, course, range(10))
    assert read(session, course, 12).shown == 0
    with pytest.raises(ValueError, match="at least 10"):
        read(session, course, 9)


def test_of_very_many_the_newest_steps_are_read(
    session: Session, course: PublishOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_SHOWN", 10)
    say(session, course, range(25))
    found = read(session, course)
    assert found.shown == 20
    assert found.texts == tuple(f"Number {number}" for number in range(10, 20))
