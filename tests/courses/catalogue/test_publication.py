"""What publishing would do, told before it is done, and always what it then does."""

from sqlalchemy.orm import Session

from courses.catalogue.publication import compare, plan_publication
from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle
from courses.content.model.course import CourseDocument
from tests.builders.bundles import PICTURE
from tests.builders.quizzes import a_quiz_document
from tests.builders.region import FIRST, NOON, QUESTIONS, a_course, a_document, bundle_files

CHANGED = FIRST.replace("Welcome to", "You are welcome at")
WITH_PICTURE = FIRST.replace("Welcome to", "![A grey point](media/point.png)\n\nWelcome to")


def test_a_course_nobody_knows_would_be_version_one(session: Session) -> None:
    plan = plan_publication(session, document=a_document())
    assert (plan.number, plan.is_new, plan.is_first, plan.comparison) == (1, True, True, None)


def test_the_plan_and_the_publication_agree(session: Session) -> None:
    for document in (a_document(), a_document(), a_document(first=CHANGED), a_document()):
        plan = plan_publication(session, document=document)
        outcome = publish(session, document=document, account_id=None, now=NOON)
        assert (plan.number, plan.is_new) == (outcome.number, outcome.is_new)


def test_a_refusal_is_told_before(session: Session) -> None:
    a_course(session)
    plan = plan_publication(session, document=a_document().model_copy(update={"slug": "other"}))
    assert plan.refusal is not None
    assert plan.refusal.startswith("Another course already uses the id TC or the address other.")
    assert not plan.is_new


def test_what_came_went_and_changed_is_named(session: Session) -> None:
    a_course(session)
    first = CHANGED.replace("{#TC-M1-S3}", "{#TC-M1-S4}")
    questions = QUESTIONS.replace("The second", "The other one")
    plan = plan_publication(session, document=a_document(first=first, questions=questions))
    assert plan.comparison is not None
    screens, answers = plan.comparison.screens, plan.comparison.questions
    assert (screens.added, screens.removed, screens.changed) == (("TC-M1-S4",), ("TC-M1-S3",), ("TC-M1-S1",))
    assert (answers.added, answers.removed, answers.changed) == ((), (), ("TC-M1-Q1",))


def with_picture(data: bytes) -> CourseDocument:
    document = read_bundle({**bundle_files(first=WITH_PICTURE), "media/point.png": data}).document
    assert document is not None
    return document


def test_a_new_picture_changes_the_screen_that_shows_it() -> None:
    before = with_picture(PICTURE)
    media = before.media["media/point.png"].model_copy(update={"sha256": "0" * 64})
    after = before.model_copy(update={"media": {"media/point.png": media}})
    assert compare(before, after).screens.changed == ("TC-M1-S1",)


def test_a_new_title_of_the_course_changes_no_screen() -> None:
    after = a_document().model_copy(update={"title": "Another title"})
    comparison = compare(a_document(), after)
    assert comparison.screens.is_empty
    assert comparison.questions.is_empty


def test_another_rule_of_a_quiz_changes_its_screen() -> None:
    comparison = compare(a_quiz_document(), a_quiz_document("  attempts: 2\n"))
    assert comparison.screens.changed == ("TC-MQ-S2",)
    assert comparison.questions.is_empty
