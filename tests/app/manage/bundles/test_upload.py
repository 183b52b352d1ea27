"""Uploading a course: what is good is kept for a look, what is not is named, and nothing of it is stored."""

import io
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.uploads import CourseUpload
from people.roles import Role
from tests.builders.bundles import PICTURE, Upload, a_bundle, a_bundle_with, as_file, zipped
from tests.builders.region import COURSE, FIRST, QUESTIONS, a_person, an_account, bundle_files
from tests.reading import Browser, Page

UPLOAD = "/manage/courses/upload"
BUTTON = "Upload and check"


@pytest.fixture
def author(session: Session, browser: Browser) -> Browser:
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    return browser.enter_as(account)


def send(browser: Browser, upload: Upload) -> Page:
    return browser.submit(UPLOAD, BUTTON, bundle=upload)


def findings(page: Page) -> list[str]:
    """What is to be put right, as it is read: "course.yaml Line 3 “titel” is not a key …"."""
    return [
        " ".join(f"{part.h3.get_text()} {item.get_text(' ')}".split())
        for part in page.soup.main.find_all("section", id=re.compile("^error-"))
        for item in part.find_all("li")
    ]


def uploads(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(CourseUpload)) or 0


@pytest.fixture
def empty_store(app: Flask) -> None:
    """No picture is there: what earlier tests stored stays on the disk when their rows are taken back."""
    shutil.rmtree(Path(app.config["SETTINGS"].storage_url) / "media", ignore_errors=True)


def stored_files(app: Flask) -> list[Path]:
    root = Path(app.config["SETTINGS"].storage_url)
    return sorted(path for path in root.glob("media/**/*") if path.is_file())


def test_a_good_bundle_becomes_an_upload_that_waits(author: Browser, session: Session) -> None:
    page = send(author, a_bundle())
    assert page.status == 200
    assert page.heading == "Test course"
    assert "This would be a new course." in page.text
    assert uploads(session) == 1
    assert author.open("/manage/courses").table("Uploads that wait")[0]["Course"] == "Test course"


@pytest.mark.usefixtures("empty_store")
def test_pictures_are_stored_and_shown_from_their_own_address(author: Browser, session: Session, app: Flask) -> None:
    first = FIRST.replace("Welcome to", "![A grey point](media/point.png)\n\nWelcome to")
    page = send(author, a_bundle_with({"media/point.png": PICTURE}, first=first))
    assert page.heading == "Test course"
    assert len(stored_files(app)) == 1
    preview = author.open(page.links["Preview it from the first screen"])
    picture = preview.soup.main.find("img")
    with author.client.get(picture["src"]) as response:
        assert response.data == PICTURE


def test_no_file_is_asked_for(author: Browser) -> None:
    page = author.submit(UPLOAD, BUTTON)
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.errors == ["Select a course bundle"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The selected file is empty"),
        (b"Dear colleagues", "This is not a zip file. Zip the folder of the course and upload that."),
        (
            zipped(bundle_files())[:-40],
            "This zip file is damaged: its end is missing. Upload it again, or make it again.",
        ),
        (zipped({}), "This zip file is empty. Put the course’s files in it."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_bundle_at_all_is_an_error_of_the_field(
    author: Browser, session: Session, data: bytes, message: str
) -> None:
    page = send(author, as_file(data))
    assert (page.status, page.errors) == (422, [message])
    assert uploads(session) == 0


def bad_bundles() -> dict[str, tuple[Upload, str]]:
    no_right = QUESTIONS.replace("The first, right: true,", "The first,")
    return {
        "a name that leads out": (
            a_bundle_with({"../../etc/passwd": b"root"}),
            "../../etc/passwd This name leads out of the bundle with “..”. Remove the file and make the zip again.",
        ),
        "broken YAML": (a_bundle(course="format: 1\nid: [TC\n"), "course.yaml Line"),
        "an unknown key": (a_bundle(course="format: 1\ncolour: red\n"), "course.yaml Line 2 "),
        "a missing picture": (
            a_bundle(first=FIRST.replace("Welcome to", "![A map](media/map.png)\n\nWelcome to")),
            "modules/first.md Line 10 ",
        ),
        "no alternative text": (
            a_bundle_with(
                {"media/p.png": PICTURE}, first=FIRST.replace("Welcome to", "![](media/p.png)\n\nWelcome to")
            ),
            "modules/first.md Line 10 ",
        ),
        "no right answer": (a_bundle(questions=no_right), "questions/all.yaml Line "),
        "another encoding": (
            as_file(zipped({**bundle_files(), "modules/first.md": FIRST.replace("Hello", "Café").encode("latin-1")})),
            "modules/first.md Line 8 ",
        ),
        "an unknown question": (
            a_bundle(first=FIRST.replace("question TC-M1-Q1", "question TC-M1-Q9")),
            "modules/first.md Line 14 ",
        ),
        "a token nobody knows": (
            a_bundle(first=FIRST.replace("authority_name", "authority_nam")),
            "modules/first.md Line 10 ",
        ),
    }


@pytest.mark.parametrize("kind", bad_bundles())
def test_what_is_wrong_is_named_with_file_and_line_and_nothing_is_stored(
    author: Browser, session: Session, app: Flask, kind: str
) -> None:
    before = stored_files(app)
    upload, beginning = bad_bundles()[kind]
    page = send(author, upload)
    assert page.status == 422
    assert page.title.startswith("Error: ")
    found = findings(page)
    assert [one for one in found if one.startswith(beginning)], found
    assert all(one.endswith(".") for one in found)
    assert sum(int(error.split(": ")[1].split()[0]) for error in page.errors) == len(found)
    assert uploads(session) == 0
    assert stored_files(app) == before


def test_one_misspelt_key_does_not_make_every_token_unknown(author: Browser) -> None:
    course = COURSE.replace("minutes: 10", "minuets: 10") + "tokens:\n  area: {default: everywhere}\n"
    page = send(author, a_bundle(course=course, first=FIRST.replace("Welcome", "In {{area}}, welcome")))
    assert page.errors == ["course.yaml: 2 things to put right"]
    assert len(findings(page)) == 2


def test_a_summary_that_the_catalogue_cannot_hold_is_named(author: Browser) -> None:
    page = send(author, a_bundle(course=COURSE.replace("A small course", "Word " * 210)))
    assert findings(page) == ["course.yaml Line 6 “summary” is too long: it may have up to 1,000 characters."]


def test_a_bomb_is_refused_without_unpacking_it(author: Browser, session: Session) -> None:
    page = send(author, a_bundle_with({"media/big.png": b"\0" * 60_000_000}))
    assert page.status == 422
    assert "unpacks to" in page.text
    assert uploads(session) == 0


def test_each_finding_stands_there_once_under_its_file_to_which_the_summary_leads(author: Browser) -> None:
    broken = a_bundle(
        course=COURSE.replace("minutes: 10", "minutes: ten"),
        first=FIRST.replace("question TC-M1-Q1", "question TC-M1-Q9"),
    )
    page = send(author, broken)
    assert [one.split(" Line")[0] for one in findings(page)] == [
        "course.yaml",
        "modules/first.md",
        "questions/all.yaml",
    ]
    for one in findings(page):
        assert page.text.count(one.split(maxsplit=3)[3]) == 1
    for error in page.errors:
        assert page.soup.find(id=page.links[error].removeprefix("#")).h3.get_text() == error.split(": ")[0]


def test_many_findings_are_counted_and_what_is_not_shown_is_said(author: Browser) -> None:
    links = "\n\n".join(f"![Map {n}](media/map-{n}.png)" for n in range(260))
    page = send(author, a_bundle(first=FIRST.replace("Welcome to", f"{links}\n\nWelcome to")))
    assert page.text.count("260 things in course.zip must be put right") == 1
    assert len(findings(page)) == 200
    assert page.errors == ["modules/first.md: 260 things to put right"]
    assert "60 more in this file are not shown. Put right what is shown" in page.text


def test_a_file_of_which_nothing_is_shown_is_named_all_the_same(author: Browser) -> None:
    links = "\n\n".join(f"![Map {n}](media/map-{n}.png)" for n in range(200))
    page = send(author, a_bundle(first=FIRST.replace("Welcome to", f"{links}\n\nWelcome to"), questions="[a"))
    assert page.errors[-1] == "questions/all.yaml: 1 thing to put right"
    assert "1 thing in this file is not shown." in page.text


def test_a_hostile_file_name_is_only_ever_text(author: Browser, session: Session) -> None:
    page = send(author, as_file(zipped(bundle_files()), "../../<b>evil.zip"))
    assert "<b>evil.zip, uploaded" in page.text
    assert session.scalars(select(CourseUpload.file_name)).one() == "<b>evil.zip"


class Unread(io.RawIOBase):
    """A body that nobody should touch."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise AssertionError("the body was read")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(author: Browser) -> None:
    response = author.client.post(
        UPLOAD,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": Unread(), "CONTENT_LENGTH": str(900 * 1024 * 1024)},
    )
    page = Page(response, UPLOAD)
    assert page.status == 413
    assert page.heading == "That file is too large"
    assert "A file can be up to 2 MB." in page.text
