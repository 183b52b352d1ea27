"""A member of staff takes the small test course from sign-in to certificate, on a phone and a desktop."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.region import LONGEST_NAME, SMALL
from tests.browser.visiting import (
    DESKTOP,
    DESKTOP_WITHOUT_SCRIPTS,
    PHONE,
    PHONE_WITHOUT_SCRIPTS,
    Visitor,
)

EVERY_DEVICE = pytest.mark.parametrize(
    "device", [PHONE, DESKTOP, PHONE_WITHOUT_SCRIPTS, DESKTOP_WITHOUT_SCRIPTS], ids=str
)
FIRST, SECOND = "TC-M1-Q1", "TC-M2-Q1"
TRY_AGAIN = "Not this one. Read the question once more and try again."
WORDS = "I would ask who we do not reach.\nThen I would listen."


@EVERY_DEVICE
def test_staff_sign_in_after_putting_right_what_was_wrong(visit, site, device):
    username = site.a_learner()
    staff = visit(device)
    staff.open("/")
    assert staff.heading == "Sign in"
    staff.press("Sign in")
    assert staff.errors == ["Enter your username", "Enter your password"]
    staff.write("Username", username)
    staff.write("Password", "not this one")
    staff.press("Sign in")
    assert staff.errors == ["Check your username and password. One of them does not match our records"]
    staff.write("Password", "a long demo password")
    staff.press("Sign in")
    assert staff.heading == "My learning"
    staff.sign_out()
    staff.open("/learning")
    assert staff.heading == "Sign in"


@pytest.mark.smoke(str(DESKTOP))
@EVERY_DEVICE
def test_staff_take_a_course_and_get_its_certificate(visit, site, device, tmp_path):
    staff = visit(device, username=site.a_learner(LONGEST_NAME))
    begin(staff)
    answer_the_first_question(staff)
    reflect(staff)
    staff.press("Finish this module")
    assert staff.heading == "Test course"
    staff.press("Continue")
    answer_the_last_question(staff)
    staff.press("Finish this module")
    assert staff.heading == "You have finished Test course"
    number = wait_for_the_certificate(staff)
    words = words_of(download(staff, tmp_path / "certificate.pdf"))
    assert "Featherstonehaugh" in words
    assert number in words
    look_at_what_is_done(staff, number)
    check_the_number(visit(device), number)


def begin(staff: Visitor) -> None:
    staff.follow("Test course")
    staff.press("Start this course")
    assert staff.heading == "Hello"
    staff.sees("Welcome to")
    staff.press("Continue")
    assert staff.heading == "A first question"


def answer_the_first_question(staff: Visitor) -> None:
    staff.press("Check my answer")
    assert staff.errors == ["Select an answer"]
    if staff.device.has_scripts:
        expect(staff.page.get_by_role("alert").locator("..")).to_be_focused()
    staff.choose("The second")
    staff.press("Check my answer")
    assert_note_stands_by(staff, "The second", "Not quite. Not this one. Read the question once more and try again.")
    staff.choose("The first")
    staff.press("Try another answer")
    assert_note_stands_by(staff, "The first", "Right. This is the one that the test course asks for.")
    assert "Not this one" not in staff.text
    staff.press("Continue")


def assert_note_stands_by(staff: Visitor, label: str, words: str) -> None:
    """The feedback stands right below its option and before the next, is tied to it, and holds the focus."""
    option = staff.page.get_by_label(label, exact=True)
    expect(option).to_have_accessible_description(words)
    note = staff.page.locator(f'[id="{option.get_attribute("aria-describedby")}"]')
    above, below = option.bounding_box(), note.bounding_box()
    assert above is not None
    assert below is not None
    distance = below["y"] - (above["y"] + above["height"])
    assert 0 <= distance < 60, f"The feedback stands {distance} pixels below its option"
    if staff.device.has_scripts:
        staff.has_focus_on(f"{FIRST}-feedback")
        expect(note).to_be_in_viewport()


def reflect(staff: Visitor) -> None:
    assert staff.heading == "A thought"
    field = staff.page.get_by_label("For you alone", exact=True)
    if staff.device.has_scripts:
        field.press_sequentially(WORDS)
        expect(staff.page.get_by_role("status")).to_contain_text("Saved at")
    else:
        field.fill(WORDS)
        staff.press("Save my words")
        staff.sees("Saved at")
    staff.reload()
    expect(field).to_have_value(WORDS)


def answer_the_last_question(staff: Visitor) -> None:
    assert staff.heading == "A last question"
    staff.choose("One")
    staff.choose("Three")
    staff.press("Check my answer")
    if staff.device.has_scripts:
        staff.has_focus_on(f"{SECOND}-feedback")
    staff.sees("This one does not belong here.")
    staff.sees("This one belongs too.")
    staff.choose("Two")
    staff.page.get_by_label("Three", exact=True).uncheck()
    staff.press("Try another answer")
    staff.sees("All of that is right.")


def wait_for_the_certificate(staff: Visitor) -> str:
    """With scripts the waiting page changes by itself; without, a reload shows what is new.

    It takes a second or two, and a minute and a half when the bell was lost and housekeeping has to ring.
    """
    link = staff.page.get_by_role("link", name="Download your certificate (PDF")
    if staff.device.has_scripts:
        staff.page.evaluate("window.isStillHere = true")
        expect(link).to_be_visible(timeout=110_000)
        assert staff.page.evaluate("window.isStillHere"), "The page was loaded again"
        staff.look()
    else:
        staff.reload_until("Download your certificate (PDF")
    expect(link).to_be_visible()
    number = re.search(r"Its number is (TC-[0-9A-Z-]+)\.", staff.text)
    assert number is not None, staff.text
    return number[1]


def download(staff: Visitor, path: Path) -> Path:
    with staff.page.expect_download() as started:
        staff.page.get_by_role("link", name="Download your certificate (PDF").click()
    started.value.save_as(path)
    return path


def words_of(path: Path) -> str:
    assert path.read_bytes().startswith(b"%PDF-")
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, text=True)
    return done.stdout


def look_at_what_is_done(staff: Visitor, number: str) -> None:
    staff.open("/certificates")
    staff.sees(number)
    staff.follow("Test course")
    staff.sees("Your certificate is ready.")
    staff.open(f"/courses/{SMALL}")
    staff.sees("You finished this on")
    staff.open("/learning")
    staff.sees("Complete Test course")


def check_the_number(anybody: Visitor, number: str) -> None:
    anybody.open("/verify")
    anybody.write("Certificate number", f" {number.lower().replace('-', ' ')}")
    anybody.press("Check this number")
    assert anybody.heading == "This certificate is valid"
    anybody.sees("Sefton Council")
    assert "Featherstonehaugh" not in anybody.text


def test_a_course_goes_on_at_the_same_place_on_another_device(visit, site):
    username = site.a_learner()
    phone = visit(PHONE, username=username)
    begin(phone)
    answer_the_first_question(phone)
    reflect(phone)
    desktop = visit(DESKTOP, username=username)
    desktop.sees("Pick up where you stopped.")
    desktop.press("Continue Test course")
    assert desktop.heading == "A thought"
    expect(desktop.page.get_by_label("For you alone", exact=True)).to_have_value(WORDS)


def test_words_written_before_the_script_that_saves_them_came_are_saved(visit, site):
    staff = visit(PHONE, username=site.a_learner())
    begin(staff)
    late: list[Route] = []
    staff.page.route("**/autosave.js", lambda route: late.append(route))
    with staff.page.expect_request("**/autosave.js"):
        answer_the_first_question(staff)
    field = staff.page.get_by_label("For you alone", exact=True)
    field.fill(WORDS)
    late.pop().continue_()
    expect(staff.page.get_by_role("status")).to_contain_text("Saved at")
    staff.reload()
    expect(field).to_have_value(WORDS)


def test_words_that_could_not_be_saved_say_so_and_stay(visit, site):
    staff = visit(PHONE, username=site.a_learner())
    begin(staff)
    answer_the_first_question(staff)
    staff.page.route("**/reflections/*", lambda route: route.abort("internetdisconnected"))
    staff.page.get_by_label("For you alone", exact=True).fill("Only here")
    staff.sees("Your words stay here; we will try again.")
    staff.page.unroute("**/reflections/*")
    staff.faults.clear()
    expect(staff.page.get_by_role("status")).to_contain_text("Saved at", timeout=20_000)
