"""The course command: checking and publishing without a browser."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assignments.requirements import requiring_organisations
from courses.catalogue.uploads import CourseUpload
from courses.catalogue.versions import Course, CourseVersion
from courses.records.quiz_records import QuizAnswer
from tests.builders.bundles import zipped
from tests.builders.region import COURSE, FIRST, QUESTIONS, a_course, an_organisation, bundle_files
from tests.courses.quizzes.test_sittings import begun, save, start

pytestmark = pytest.mark.usefixtures("connection")


def folder_of(root: Path, **changes: str) -> Path:
    for name, data in bundle_files(**changes).items():
        path = root / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root / "course"


def run(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=["course", *map(str, words)])


def versions(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(CourseVersion)) or 0


def test_a_good_folder_can_be_published(app: Flask, tmp_path: Path) -> None:
    result = run(app, "check", folder_of(tmp_path))
    assert (result.exit_code, result.output) == (0, "Test course can be published: 2 modules.\n")


def test_every_finding_is_a_line_with_file_line_and_words(app: Flask, tmp_path: Path) -> None:
    first = FIRST.replace("Welcome to", "![](media/a.png)\n\nWelcome to")
    result = run(app, "check", folder_of(tmp_path, first=first, questions=QUESTIONS.replace("right: true, ", "")))
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert [line for line in lines if line.startswith("modules/first.md:10: error: ")]
    assert [line for line in lines if line.startswith("questions/all.yaml:")]
    assert lines[-1].endswith("errors. Nothing was published.")


def test_following_a_course_that_is_not_published_is_a_warning(app: Flask, tmp_path: Path, session: Session) -> None:
    course = COURSE.replace("order:", "follows: {course: another-course, weeks: 2}\norder:")
    result = run(app, "publish", folder_of(tmp_path, course=course))
    assert result.exit_code == 0
    assert "course.yaml:10: warning: No course with the slug another-course is published" in result.output
    assert versions(session) == 1


def test_a_zip_is_checked_as_the_page_would(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(zipped({**bundle_files(), "../../evil": b"x"}))
    result = run(app, "check", path)
    assert result.exit_code == 1
    assert result.output.startswith("../../evil:1: error: This name leads out of the bundle")


def test_a_path_that_is_not_there_is_said(app: Flask, tmp_path: Path) -> None:
    result = run(app, "check", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "does not exist" in result.output


def test_publishing_makes_versions_and_only_when_something_changed(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path)
    assert run(app, "publish", folder).output == "Test course: version 1 is published.\n"
    assert "version 1 is published already, and nothing has changed." in run(app, "publish", folder).output
    folder_of(tmp_path, first=FIRST.replace("Welcome to", "You are welcome at"))
    assert run(app, "publish", folder).output == "Test course: version 2 is published.\n"
    assert versions(session) == 2
    assert session.scalar(select(func.count()).select_from(CourseUpload)) == 2


def test_everyone_can_be_asked_at_once(app: Flask, session: Session, tmp_path: Path) -> None:
    for slug in ("halton", "wirral"):
        an_organisation(session, slug, slug.capitalize())
    session.commit()
    folder = folder_of(tmp_path)
    assert "2 more authorities ask for it now." in run(app, "publish", folder, "--ask-everyone").output
    assert "0 more authorities ask for it now." in run(app, "publish", folder, "--ask-everyone").output
    course = session.scalars(select(Course)).one()
    asking = requiring_organisations(session, course_ids=[course.id])[course.id]
    assert [one.organisation_name for one in asking] == ["Halton", "Wirral"]


def test_a_course_with_errors_is_not_published(app: Flask, session: Session, tmp_path: Path) -> None:
    result = run(app, "publish", folder_of(tmp_path, course=COURSE.replace("minutes: 10", "minutes: soon")))
    assert result.exit_code == 1
    assert "course.yaml:" in result.output
    assert versions(session) == 0


def test_an_address_that_is_taken_is_a_plain_sentence(app: Flask, session: Session, tmp_path: Path) -> None:
    a_course(session)
    session.commit()
    result = run(app, "publish", folder_of(tmp_path, course=COURSE.replace("slug: test-course", "slug: other")))
    assert result.exit_code == 1
    assert "Another course already uses the id TC" in result.output
    assert versions(session) == 1


def test_marks_are_replayed_and_what_differs_is_named(app: Flask, session: Session) -> None:
    person = begun(session)
    start(session, person)
    save(session, person, "TC-M2-Q1", ["a", "b"])
    session.commit()
    result = run(app, "replay-marks")
    assert (result.exit_code, result.output) == (0, "1 answer marked again, 0 otherwise than before.\n")
    session.execute(update(QuizAnswer).values(points=0, is_right=False))
    session.commit()
    result = run(app, "replay-marks", "--course", "test-course")
    assert result.exit_code == 1
    assert "TC-M2-Q1 of version 1: 0 of 1 then, 1 of 1 now" in result.output
    assert "There is no course" in run(app, "replay-marks", "--course", "none").output
