"""A learner tells the authors something, without a name; and takes a prompt along to their team meeting."""

from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.versions import PublishOutcome
from courses.reflection.comments import MAX_COMMENT, CourseComment
from kernel.clock import local_day, utc_now
from people.accounts import Account
from people.roles import Role
from tests.builders.region import FIRST as FIRST_MODULE
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

COURSE = "/courses/test-course"
HERE, NEXT = f"{COURSE}/first-steps/1", f"{COURSE}/first-steps/2"
SEND, FILE = "Send my comment", "Put it in my calendar (ICS)"
TITLE = "# Your comment {#TC-M1-S8}\n\n::: comment TC-COMMENT\nWhat would you change?\n:::\n\n"
PROMPT = "# A meeting {#TC-M1-S9}\n\n::: meeting Who is left out?\nBring one form to {{authority_name}}.\n:::\n\n"
READING = "/manage/courses/test-course/versions/1/comments"


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    before, first, rest = FIRST_MODULE.partition("\n# ")
    found = a_course(session, first=f"{before}\n{TITLE}{PROMPT}# {rest}")
    assert first
    return found


@pytest.fixture
def staff(session: Session, course: PublishOutcome) -> Account:
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    session.commit()
    return account


@pytest.fixture
def learner(browser: Browser, staff: Account) -> Browser:
    browser.enter_as(staff)
    browser.submit(COURSE, "Start this course")
    return browser


def comments(session: Session, course: PublishOutcome, texts: list[str]) -> None:
    """Each from somebody else, a minute apart."""
    for number, text in enumerate(texts):
        session.add(
            CourseComment(
                person_id=a_person(session).id,
                course_version_id=course.version_id,
                comment_id="TC-COMMENT",
                text=text,
                said_at=NOON + timedelta(minutes=number),
            )
        )
    session.commit()


def test_the_box_says_who_reads_it_and_asks_for_no_names(learner: Browser) -> None:
    page = learner.open(HERE)
    assert "What would you change?" in page.text
    assert "Do not name anybody." in page.text
    assert "The authors of this course can read it, and nobody else." in page.text
    assert "only 10 at a time, without names, dates, authorities or teams" in page.text
    assert "Until 10 people have written, they see none." in page.text


def test_nobody_has_to_write_anything(learner: Browser, session: Session) -> None:
    assert learner.submit(HERE, "Continue").heading == "A meeting"
    assert session.scalar(select(func.count()).select_from(CourseComment)) == 0


def test_a_comment_is_kept_changed_and_taken_back(learner: Browser, session: Session) -> None:
    page = learner.submit(HERE, SEND, text="  Shorter,\nand <b>warmer</b>  ")
    assert "Your comment is sent." in page.text
    assert page.form("Save changes")[1]["text"].strip() == "Shorter,\nand <b>warmer</b>"
    learner.submit(HERE, "Save changes", text="Longer")
    assert session.scalars(select(CourseComment.text)).all() == ["Longer"]
    page = learner.submit(HERE, "Save changes", text="  ")
    assert "There is no comment of yours." in page.text
    assert session.scalar(select(func.count()).select_from(CourseComment)) == 0
    assert "There is no comment of yours." in learner.submit(HERE, SEND, text="").text


def test_a_comment_that_is_too_long_comes_back_whole(learner: Browser, session: Session) -> None:
    page = learner.submit(HERE, SEND, text="é" * (MAX_COMMENT + 1))
    assert page.status == 422
    assert page.errors == [f"Your comment must be {MAX_COMMENT:,} characters or fewer. It has {MAX_COMMENT + 1:,}"]
    assert page.form(SEND)[1]["text"].strip() == "é" * (MAX_COMMENT + 1)
    assert session.scalar(select(func.count()).select_from(CourseComment)) == 0


def test_a_comment_that_no_screen_asks_for_is_not_found(learner: Browser) -> None:
    token = learner.open(HERE).form(SEND)[1]["csrf_token"]
    assert learner.post(f"{HERE}/comments/TC-OTHER", {"csrf_token": token, "text": "No"}).status == 404
    assert learner.open(f"{HERE}/comments/TC-COMMENT").heading == "Your comment"


def read_as(browser: Browser, session: Session, *roles: Role) -> Page:
    account = an_account(session, a_person(session), *roles)
    session.commit()
    return browser.enter_as(account).open(READING)


@pytest.mark.parametrize("roles", [(), (Role.ADMIN,)])
def test_only_authors_read_comments(
    browser: Browser, session: Session, course: PublishOutcome, roles: tuple[Role, ...]
) -> None:
    comments(session, course, [f"Comment {number}" for number in range(10)])
    assert read_as(browser, session, *roles).status == 404


def test_nine_comments_are_not_shown(browser: Browser, session: Session, course: PublishOutcome) -> None:
    comments(session, course, [f"Comment {number}" for number in range(9)])
    page = read_as(browser, session, Role.AUTHOR)
    assert "Fewer than 10 people have written, so there is nothing to read yet." in page.text
    assert "Comment 1" not in page.text


def test_ten_comments_are_shown_with_nothing_about_their_writers(
    browser: Browser, session: Session, course: PublishOutcome
) -> None:
    comments(session, course, [f"Comment {letter}" for letter in "jihgfedcbak"])
    page = read_as(browser, session, Role.AUTHOR)
    listed = [item.get_text() for item in page.soup.find("ul", class_="cg-comments").find_all("li")]
    assert listed == [f"Comment {letter}" for letter in "abcdefghij"]
    assert "10 comments, each from somebody else" in page.text
    assert "12:0" not in page.text


def test_the_page_of_a_version_leads_authors_to_its_comments(
    browser: Browser, session: Session, course: PublishOutcome
) -> None:
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    page = browser.enter_as(account).open(READING.removesuffix("/comments"))
    assert browser.open(page.links["Read what learners told you"]).heading == "What learners told you"


def test_an_admin_is_led_to_no_comments(browser: Browser, session: Session, course: PublishOutcome) -> None:
    account = an_account(session, a_person(session), Role.ADMIN)
    session.commit()
    page = browser.enter_as(account).open(READING.removesuffix("/comments"))
    assert "Read what learners told you" not in page.links


def test_a_version_that_asks_for_none_says_so(browser: Browser, session: Session) -> None:
    a_course(session)
    assert "This version does not ask for comments." in read_as(browser, session, Role.AUTHOR).text


def in_a_week() -> list[str]:
    day = local_day(utc_now()) + timedelta(days=7)
    return [str(day.day), str(day.month), str(day.year)]


def test_a_prompt_for_a_meeting_is_a_calendar_file_and_nothing_is_kept(learner: Browser) -> None:
    learner.submit(HERE, "Continue")
    page = learner.submit(NEXT, FILE, day=in_a_week())
    assert page.response.mimetype == "text/calendar"
    assert page.response.headers["Content-Disposition"] == "attachment; filename=team-meeting.ics"
    (event,) = Calendar.from_ical(page.response.get_data()).events
    assert event.start == local_day(utc_now()) + timedelta(days=7)
    assert (event["summary"], event["class"]) == ("Who is left out?", "PRIVATE")
    assert str(event["description"]).startswith("Bring one form to ")
    assert "{{" not in str(event["description"])


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (["", "", ""], "Enter the day of your next team meeting"),
        (["31", "2", "2030"], "The day of the meeting must be a real date"),
        (["1", "", "2030"], "The day of the meeting must include a month"),
        (["1", "1", "2020"], "The day of the meeting must be today or in the future"),
    ],
)
def test_a_day_that_is_none_is_said_beside_its_boxes(learner: Browser, day: list[str], words: str) -> None:
    learner.submit(HERE, "Continue")
    page = learner.submit(NEXT, FILE, day=day)
    assert (page.status, page.errors) == (422, [words])
    assert learner.open(f"{NEXT}/meeting").heading == "A meeting"


def test_a_screen_without_a_prompt_gives_no_file(learner: Browser) -> None:
    token = learner.open(HERE).form(SEND)[1]["csrf_token"]
    assert learner.post(f"{HERE}/meeting", {"csrf_token": token}).status == 404


def test_paper_and_previews_show_both_and_send_nothing(learner: Browser, session: Session) -> None:
    paper = learner.open(f"{COURSE}/first-steps/print").text
    assert "What would you change?" in paper
    assert "Bring one form to" in paper
    author = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    learner.enter_as(author)
    for number, words in ((1, "What would you change?"), (2, "Bring one form to")):
        page = learner.open(f"/manage/courses/test-course/versions/1/preview/first-steps/{number}")
        assert words in page.text
        assert {SEND, FILE} & set(page.buttons) == set()


def test_the_warning_is_on_the_page_about_privacy(browser: Browser) -> None:
    assert "A comment that you send to the authors of a course" in browser.open("/privacy").text


def test_no_other_part_of_the_code_reads_who_wrote_a_comment() -> None:
    root = Path(__file__).resolve().parents[4]
    rooms = ("app", "assignments", "certificates", "courses", "people", "reports")
    users = {
        str(file.relative_to(root))
        for room in rooms
        for file in (root / room).rglob("*.py")
        if "CourseComment" in file.read_text(encoding="utf-8")
    }
    assert users == {"courses/reflection/comments.py", "reports/comments.py"}
    assert "person_id" not in (root / "reports" / "comments.py").read_text(encoding="utf-8")
