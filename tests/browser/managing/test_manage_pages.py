"""An administrator puts a course right, looks at it, publishes it, and watches over certificates."""

import io
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.region import EDITED, SHIPPED, small_course
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, Visitor
from tests.builders.region import bundle_files


def a_zip(**changes: str) -> dict[str, object]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in bundle_files(**changes).items():
            archive.writestr(name, data)
    return {"name": "test-course.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}


def upload(admin: Visitor, file: dict[str, object]) -> None:
    admin.page.locator("input[type=file]").set_input_files(file)
    admin.press("Upload and check")


@pytest.mark.smoke(str(DESKTOP))
@pytest.mark.parametrize("device", [PHONE, DESKTOP, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_course_is_put_right_looked_at_and_published(visit, site, device):
    admin = visit(device, username="admin")
    admin.open("/manage/courses")
    assert admin.heading == "Courses"
    admin.press("Upload a course")
    admin.press("Upload and check")
    assert admin.errors == ["Select a course bundle"]
    files = small_course("EC", EDITED, "Edited course")
    upload(admin, a_zip(**{**files, "questions": files["questions"].replace("right: true, ", "")}))
    assert admin.heading == "Put this right and upload it again"
    assert admin.errors == ["questions/all.yaml: 2 things to put right"]
    admin.press("Upload it again")
    greeting = f"Good to see you on a {device}"
    upload(admin, a_zip(**{**files, "first": files["first"].replace("Welcome", greeting)}))
    look_at_it(admin, greeting)
    publish_it(admin)


def look_at_it(admin: Visitor, greeting: str) -> None:
    assert admin.heading == "Edited course"
    admin.sees("1 screen changed")
    admin.follow("Preview it from the first screen")
    admin.sees(greeting)
    admin.sees("Preview: nothing is saved")
    admin.follow("Next")
    admin.sees("Which answer is right?")
    admin.fits(320)
    admin.page.go_back()
    admin.page.go_back()


def publish_it(admin: Visitor) -> None:
    button = admin.page.get_by_role("button", name="Publish as version")
    number = int(button.inner_text().rpartition(" ")[2])
    assert number > 1
    admin.press("Publish as version")
    assert admin.errors == ["Select yes if it puts an earlier version right"]
    admin.fits(320)
    admin.choose("No, people midway stay on the version they began")
    admin.press("Publish as version")
    admin.sees(f"version {number} is published")
    admin.sees(f"New starters get version {number}.")
    admin.follow("Version 1")
    admin.sees("An older version.")
    admin.follow("Preview it from the first screen")
    admin.sees("Welcome to")


def test_the_other_pages_of_an_administrator(visit):
    admin = visit(PHONE, username="admin")
    admin.open("/manage")
    admin.fits(320)
    admin.follow("Certificate queue")
    assert admin.heading == "Certificate queue"
    admin.follow("Administration", within=admin.page.locator("body"))
    admin.follow("Local wording")
    admin.follow("Halton Borough Council")
    admin.press("Save the wording")
    admin.open(f"/manage/courses/{EDITED}")
    admin.fits(320)


def test_the_first_publication_asks_who_is_asked(visit):
    author = visit(PHONE, username="author")
    author.open("/manage/courses/upload")
    upload(author, a_zip(**small_course("NC", "new-course", "New course")))
    author.press("Publish as version 1")
    assert author.errors == ["Select who is asked to take it"]
    author.choose("Nobody yet")
    expect(author.page.get_by_role("button", name="Publish as version 1")).to_be_enabled()


def test_staff_do_not_find_these_pages(visit, site):
    staff = visit(DESKTOP, username=site.a_learner())
    staff.open("/manage/courses", status=404)
    staff.open("/manage/certificates", status=404)


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)
def test_an_author_sees_which_facts_are_due_and_meets_them_in_the_preview(visit, device):
    author = visit(device, username="author")
    author.open("/manage/facts")
    author.sees("due within 90 days")
    author.fits(320)
    author.open("/manage/facts?page=3")
    author.fits(320)
    author.open(f"/manage/courses/{SHIPPED}/versions/1/preview/why-race-equality-matters-here/3")
    author.sees("fact RE-F-FIRST-SHIP, review by")
    author.fits(320)
