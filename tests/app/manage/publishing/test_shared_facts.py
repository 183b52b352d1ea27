"""One edit of a shared fact reaches every shipped course that holds it, and no version that is published already."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.platform.storage import file_store
from courses.catalogue.shipped import LIBRARY, ShippedCourse, publish_library
from courses.catalogue.versions import get_version
from courses.content.model.course import CourseDocument
from tests.builders.region import NOON


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LIBRARY, tmp_path / "library"))


def published(app: Flask, session: Session, library: Path) -> dict[str, ShippedCourse]:
    with app.app_context():
        shipped = publish_library(session, store=file_store(), now=NOON, library=library)
    return {course.document.id: course for course in shipped}


def stored(session: Session, course: ShippedCourse) -> CourseDocument:
    version = get_version(session, course_id=course.course_id, version_number=course.number)
    return CourseDocument.model_validate(version.document)


def test_one_edit_of_a_shared_fact_reaches_every_course_that_holds_it_and_no_earlier_version(
    app: Flask, session: Session, library: Path
) -> None:
    before = published(app, session, library)
    assert all(course.is_new for course in before.values())
    file = library / "shared-facts.yaml"
    words = file.read_text(encoding="utf-8")
    assert words.count("text: nearly 3,200\n") == 1
    file.write_text(words.replace("text: nearly 3,200\n", "text: nearly 4,000\n"), encoding="utf-8")
    after = published(app, session, library)
    assert {key for key, course in after.items() if course.is_new} == {"RE", "IR"}
    for key in ("RE", "IR"):
        assert stored(session, after[key]).facts["ALL-F-CV-JOBS"].text == "nearly 4,000"
        assert stored(session, before[key]).facts["ALL-F-CV-JOBS"].text == "nearly 3,200"
