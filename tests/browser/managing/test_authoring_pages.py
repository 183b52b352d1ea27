"""Authors and admins on every page for files, versions, requirements, people and the audit trail: looked at by axe."""

import pytest

from tests.browser.managing.test_manage_pages import a_zip, upload
from tests.browser.region import EDITED, SHIPPED, small_course
from tests.browser.visiting import DESKTOP, PHONE, Visitor

BOTH = pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=str)


@BOTH
def test_an_author_begins_with_the_guide_and_sees_each_fault_once(visit, device):
    author = visit(device, username="author")
    author.open("/manage/courses/upload")
    author.fits(320)
    author.follow("How to write a course")
    author.sees("A course is a folder of text files.")
    author.fits(320)
    author.open("/manage/courses/upload")
    files = small_course("EC", EDITED, "Edited course")
    broken = {**files, "questions": files["questions"].replace("right: true, ", "")}
    upload(author, a_zip(**broken))
    assert author.heading == "Put this right and upload it again"
    assert all("to put right" in error for error in author.errors)
    author.fits(320)


@BOTH
def test_an_author_copies_a_version_and_compares_two(visit, device):
    author = visit(device, username="author")
    author.open(f"/manage/courses/{SHIPPED}/versions/1")
    author.fits(320)
    author.follow("Make a copy under a new id")
    author.press("Make the copy")
    assert author.errors == ["Enter a title", "Enter an id", "Enter a part of the web address"]
    author.fits(320)
    files = small_course("EC", EDITED, "Edited course")
    other = (
        files["questions"]
        .replace("right: true, ", "", 1)
        .replace("{text: The second,", "{text: The second, right: true,")
    )
    author.open("/manage/courses/upload")
    upload(author, a_zip(**{**files, "questions": other, "first": files["first"].replace("Welcome", "Good day")}))
    author.sees("Another answer is right in")
    author.follow("See every change in words")
    author.sees("Another answer counts as right now.")
    author.fits(320)


@BOTH
def test_an_author_sees_what_asking_means_before_it_happens(visit, device):
    author = visit(device, username="author")
    author.open(f"/manage/courses/{EDITED}/requirements?authority=halton&due=2099-03-31")
    author.sees("Nothing has changed yet.")
    author.fits(320)
    author.open(f"/manage/courses/{SHIPPED}/requirements/sefton")
    author.fits(320)
    author.press("Change the date")
    author.open(f"/manage/courses/{SHIPPED}/requirements/sefton/withdraw")
    author.sees("Completions and certificates stay, all of them.")
    author.fits(320)


@BOTH
def test_an_admin_finds_somebody_and_helps_them_to_sign_in(visit, device):
    admin = visit(device, username="admin")
    admin.open("/people?name=a")
    admin.fits(320)
    admin.follow("", within=admin.page.locator("main table"))
    admin.sees("What was done with this record")
    admin.fits(320)
    admin.follow("Give a role")
    admin.press("Continue")
    assert admin.errors == ["Select a role"]
    admin.fits(320)
    admin.open("/people/add")
    admin.press("Continue")
    assert admin.errors == ["Select an authority"]
    admin.open("/people/add?authority=sefton")
    admin.press("Add this person")
    assert "Enter a name" in admin.errors
    assert "Select a unit" in admin.errors
    admin.fits(320)
    admin.open("/manage/audit")
    admin.sees("Entries are only ever added.")
    admin.fits(320)


@BOTH
def test_an_hr_lead_prints_a_one_time_code(visit, site, device):
    lead: Visitor = visit(device, username="hr")
    lead.open(f"/people?name={site.a_learner()}")
    lead.fits(320)
    lead.follow("", within=lead.page.locator("main table"))
    lead.press("Make a one-time code")
    lead.sees("Common Ground does not show this code again.")
    lead.fits(320)
