"""The catalogue: versions are numbered, never change, and equal content never makes a second one."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from courses.catalogue import versions
from courses.catalogue.versions import (
    Course,
    CourseVersion,
    current_versions,
    document_of,
    fingerprint_of,
    get_course,
    get_current_version,
    get_version,
    publish,
    versions_of,
)
from kernel.errors import NotFound, RuleBroken
from tests.builders.region import COURSE, FIRST, NOON, a_course, a_document

CHANGED = FIRST.replace("Welcome to", "You are welcome at")


def test_versions_are_numbered_from_one_and_stay(session: Session) -> None:
    first, second = a_course(session), a_course(session, first=CHANGED)
    assert (first.number, second.number) == (1, 2)
    assert first.course_id == second.course_id
    assert [version.number for version in versions_of(session, course_id=first.course_id)] == [2, 1]
    assert get_current_version(session, course_id=first.course_id).number == 2
    old = get_version(session, course_id=first.course_id, version_number=1)
    assert document_of(session, version_id=old.id, fingerprint=old.fingerprint) == a_document()


def test_the_same_content_again_makes_no_version(session: Session) -> None:
    first, again = a_course(session), a_course(session)
    assert again.version_id == first.version_id
    assert not again.is_new


def test_older_content_may_come_back_as_a_new_version(session: Session) -> None:
    a_course(session)
    a_course(session, first=CHANGED)
    third = a_course(session)
    assert (third.number, third.is_new) == (3, True)


def test_two_equal_documents_have_one_fingerprint_and_any_change_another() -> None:
    assert fingerprint_of(a_document()) == fingerprint_of(a_document())
    assert fingerprint_of(a_document()) != fingerprint_of(a_document(first=CHANGED))


@pytest.mark.parametrize(
    "statement",
    [update(CourseVersion).values(title="Something else"), delete(CourseVersion)],
    ids=["changed", "removed"],
)
def test_a_version_is_never_changed_or_removed(session: Session, statement: object) -> None:
    a_course(session)
    with pytest.raises(DatabaseError, match="course_version is append-only"), session.begin_nested():
        session.execute(statement)  # type: ignore[call-overload]


def test_the_constraint_decides_when_two_publish_at_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    a_course(session)
    monkeypatch.setattr(versions, "versions_of", lambda *_, **__: [])  # what the slower one saw before
    with pytest.raises(IntegrityError), session.begin_nested():
        publish(session, document=a_document(first=CHANGED), account_id=None, now=NOON)
    monkeypatch.undo()
    assert len(versions_of(session, course_id=get_course(session, slug="test-course").id)) == 1


@pytest.mark.parametrize(("old", "new"), [("slug: test-course", "slug: another-course"), ("id: TC\n", "id: TCX\n")])
def test_an_id_and_an_address_belong_together(session: Session, old: str, new: str) -> None:
    a_course(session)
    document = a_document().model_copy(update=dict([new.strip().split(": ")]))
    assert old in COURSE
    with pytest.raises(RuleBroken, match="Another course already uses"):
        publish(session, document=document, account_id=None, now=NOON)


def test_two_halves_of_two_courses_make_no_third(session: Session) -> None:
    a_course(session)
    other = a_document().model_copy(update={"id": "OC", "slug": "other-course"})
    publish(session, document=other, account_id=None, now=NOON)
    mixed = a_document().model_copy(update={"slug": "other-course"})
    with pytest.raises(RuleBroken, match="Another course already uses the id TC or the address other-course"):
        publish(session, document=mixed, account_id=None, now=NOON)


def test_current_versions_are_the_newest_of_each_course_by_title(session: Session) -> None:
    a_course(session)
    a_course(session, first=CHANGED)
    other = a_document().model_copy(update={"id": "AC", "slug": "a-course", "title": "A course"})
    publish(session, document=other, account_id=None, now=NOON)
    found = [(course.code, version.number) for course, version in current_versions(session)]
    assert found == [("AC", 1), ("TC", 2)]


def test_what_does_not_exist_is_not_found(session: Session) -> None:
    course = Course(code="EM", slug="empty")
    session.add(course)
    session.flush()
    with pytest.raises(NotFound):
        get_course(session, slug="nowhere")
    with pytest.raises(NotFound):
        get_current_version(session, course_id=course.id)
    with pytest.raises(NotFound):
        get_version(session, course_id=course.id, version_number=1)
    with pytest.raises(NotFound):
        document_of(session, version_id=99_999, fingerprint="never seen")


def test_the_cache_keeps_a_bounded_number_of_documents(session: Session) -> None:
    outcome = a_course(session)
    for number in range(versions._CACHE_SIZE + 5):
        document_of(session, version_id=outcome.version_id, fingerprint=f"fingerprint {number}")
    assert len(versions._cache) == versions._CACHE_SIZE
    versions._cache.clear()
