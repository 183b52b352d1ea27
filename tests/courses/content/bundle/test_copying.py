"""A course copied under a new id needs no change by hand before it checks."""

from io import BytesIO
from pathlib import Path

import pytest

from courses.content.bundle.copying import NewIdentity, copied
from courses.content.bundle.packing import packed
from courses.content.bundle.reading import BundleOutcome, read_bundle, read_folder, read_upload
from courses.content.export.bundle_writing import files_of
from tests.builders.region import bundle_files
from tests.courses.library.shipped import shipped
from tests.courses.library.texts import LIBRARY

EXAMPLE = LIBRARY.parent / "example"
SHIPPED = sorted(path.parent for path in LIBRARY.glob("*/course.yaml"))
NEW = NewIdentity("ZZ9", "a-copy", 'A "copy": with marks')


def errors(bundle: BundleOutcome) -> list[str]:
    return [finding.message for finding in bundle.findings if finding.severity == "error"]


def ids_in(bundle: BundleOutcome) -> set[str]:
    document = bundle.document
    assert document is not None
    screens = {screen.id for _, screen in document.screens()}
    return screens | {module.id for module in document.modules} | {*document.questions, *document.quizzes}


@pytest.mark.parametrize("folder", [*SHIPPED, EXAMPLE], ids=lambda folder: folder.name)
def test_a_copy_of_a_shipped_course_checks_without_an_error(folder: Path) -> None:
    source = read_bundle(read_folder(folder))
    assert source.document is not None
    copy = read_bundle(copied(read_folder(folder), source.document, NEW))
    assert errors(copy) == []
    assert copy.document is not None
    assert (copy.document.id, copy.document.slug, copy.document.title) == ("ZZ9", "a-copy", NEW.title)
    assert len(copy.findings) == len(source.findings)
    assert all(one.startswith("ZZ9-") for one in ids_in(copy))


@pytest.mark.parametrize("name", [path.name for path in SHIPPED])
def test_a_copy_of_files_that_were_written_again_checks_without_an_error(name: str) -> None:
    source = shipped(name)
    assert source.document is not None
    copy = read_bundle(copied(files_of(source.document, source.media), source.document, NEW))
    assert errors(copy) == []


def copy_of(files: dict[str, bytes]) -> dict[str, str]:
    document = read_bundle(files).document
    assert document is not None
    return {name: data.decode() for name, data in copied(files, document, NEW).items()}


def test_what_only_looks_like_an_id_stays() -> None:
    first = bundle_files()["modules/first.md"].decode()
    words = "The TC-CLASS boat, XTC-M1, TC-M1-S1X, TC and tc-m1 stay."
    copy = copy_of(bundle_files(first=first.replace("Welcome to", f"{words} Welcome to")))
    assert words in copy["modules/first.md"]
    assert "{#ZZ9-M1-S1}" in copy["modules/first.md"]


def test_notes_of_authors_stay_and_name_the_new_ids() -> None:
    course = f"# TC-M7 is free.\n{bundle_files()['course.yaml'].decode().strip()}\n"
    copy = copy_of(bundle_files(course=course.replace("id: TC", "id: TC  # two letters")))
    assert copy["course.yaml"].startswith("# ZZ9-M7 is free.\n")
    assert "id: ZZ9  # two letters" in copy["course.yaml"]


@pytest.mark.parametrize("title", ['title: "Test course"', "title: >-\n  Test\n  course\n", "title: Test\n  course"])
def test_a_title_is_replaced_however_it_is_written(title: str) -> None:
    course = bundle_files()["course.yaml"].decode().replace("title: Test course", title)
    copy = read_bundle({name: text.encode() for name, text in copy_of(bundle_files(course=course)).items()})
    assert copy.document is not None, copy.findings
    assert copy.document.title == NEW.title
    assert copy.document.summary == "A small course for tests."


def test_windows_line_ends_and_a_byte_order_mark_are_no_obstacle() -> None:
    files = {name: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") for name, data in bundle_files().items()}
    copy = {name: text.encode() for name, text in copy_of(files).items()}
    assert errors(read_bundle(copy)) == []


def test_links_to_the_courses_own_page_follow_it() -> None:
    first = bundle_files()["modules/first.md"].decode()
    links = "[here](/courses/test-course), [there](/courses/test-course-two) and"
    copy = copy_of(bundle_files(first=first.replace("Welcome to", f"{links} Welcome to")))
    assert "[here](/courses/a-copy), [there](/courses/test-course-two)" in copy["modules/first.md"]


def test_the_same_files_always_make_the_same_zip() -> None:
    files = bundle_files()
    assert packed(files) == packed(dict(reversed(files.items())))
    assert read_upload(BytesIO(packed(files))) == read_bundle(files)
