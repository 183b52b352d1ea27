"""A branching story as a person meets it: one node at a time, back, to an end, and another way."""

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from courses.taking.stories import StoryStep
from people.accounts import Account
from people.roles import Role
from tests.app.platform.test_query_counts import counted
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.stories import IN_COURSE
from tests.reading import Browser, Page

COURSE = "/courses/test-course"
STORY = f"{COURSE}/first-steps/3"
CHOOSE = "Make this choice"


@pytest.fixture
def staff(session: Session) -> Account:
    a_course(session, **IN_COURSE)
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session)), "Siân Nguyễn"))
    session.commit()
    return account


@pytest.fixture
def learner(browser: Browser, staff: Account) -> Browser:
    """A member of staff on the screen with the story."""
    browser.enter_as(staff)
    browser.submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/first-steps/1", "Continue")
    browser.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="a")
    browser.submit(f"{COURSE}/first-steps/2", "Continue")
    return browser


def choose(learner: Browser, *choices: str) -> Page:
    for choice in choices:
        page = learner.submit(STORY, CHOOSE, answer=choice)
    return page


def headings(page: Page) -> list[str]:
    return [" ".join(heading.get_text(" ").split()) for heading in page.soup.main.find_all(["h2", "h3"])]


def test_a_story_begins_at_its_first_node_and_shows_no_feedback(learner: Browser) -> None:
    page = learner.open(STORY)
    assert headings(page)[:2] == ["Step 1 of about 2 In the meeting", "What do you do?"]
    assert "joke about a name at your organisation" in page.text
    assert CHOOSE in page.buttons
    assert "Back to the step before" not in page.buttons
    assert all(words not in page.text for words in ("He does it again", "After the meeting", "Nothing changed"))


def test_a_choice_leads_to_the_next_node_and_says_what_happened(learner: Browser) -> None:
    page = choose(learner, "meeting-a")
    assert headings(page)[:2] == ["Step 2 of about 3 After the meeting", "What now?"]
    assert "You chose: Laugh along Not quite. He does it again." in page.text
    assert "Your steps are saved. Nobody else can see them." in page.text


def test_the_address_after_a_step_is_the_heading_of_the_new_node(learner: Browser) -> None:
    target, fields = learner.open(STORY).form(CHOOSE)
    answered = learner.post(target, {**fields, "answer": "meeting-a"}, follow=False)
    assert answered.location == f"{STORY}#TC-M1-X1-now"
    heading = learner.open(STORY).soup.find(id="TC-M1-X1-now")
    assert (heading.name, heading["tabindex"]) == ("h2", "-1")


def test_back_leads_to_the_earlier_node(learner: Browser) -> None:
    choose(learner, "meeting-a")
    page = learner.submit(STORY, "Back to the step before")
    assert headings(page)[0] == "Step 1 of about 2 In the meeting"
    assert headings(choose(learner, "meeting-b"))[0] == "Step 2 of about 2 A call"


def test_at_the_end_all_steps_are_listed_with_what_was_said(learner: Browser) -> None:
    page = choose(learner, "meeting-a", "afterwards-b", "afterwards-a", "farida-a")
    assert headings(page)[:2] == ["The end of the story A good way", "Your way through the story"]
    for words in (
        "He does it again.",
        "She has not.",
        "She is surprised.",
        "She keeps control.",
        "There were several.",
    ):
        assert words in page.text
    assert "Saved at" in page.text
    assert CHOOSE not in page.buttons
    assert learner.submit(STORY, "Continue").heading == "A thought"


def test_another_way_starts_again_and_the_end_can_be_reached_anew(learner: Browser) -> None:
    choose(learner, "meeting-c", "farida-b")
    page = learner.submit(STORY, "Try another way")
    assert headings(page)[0] == "Step 1 of about 2 In the meeting"
    assert headings(choose(learner, "meeting-b", "farida-a"))[0] == "The end of the story A good way"


def test_a_story_goes_on_where_it_stopped_on_another_device(learner: Browser, staff: Account) -> None:
    choose(learner, "meeting-b")
    other = Browser(learner.client.application).enter_as(staff)
    assert headings(other.open(STORY))[0] == "Step 2 of about 2 A call"


def test_an_old_form_changes_nothing(learner: Browser, session: Session) -> None:
    target, fields = learner.open(STORY).form(CHOOSE)
    for answer in ("meeting-b", "meeting-a", "meeting-b"):
        page = learner.post(target, {**fields, "answer": answer})
    assert headings(page)[0] == "Step 2 of about 2 A call"
    assert len(session.scalars(select(StoryStep)).all()) == 1


@pytest.mark.parametrize("answer", ["", "farida-a", "<script>", "x" * 5000, "محمد"])
def test_a_choice_that_is_missing_is_named_in_the_summary(learner: Browser, answer: str) -> None:
    target, fields = learner.open(STORY).form(CHOOSE)
    page = learner.post(target, {**fields, "answer": answer})
    assert (page.status, page.errors) == (422, ["Select an answer"])
    summary = page.soup.find(class_="govuk-error-summary")
    assert page.soup.find(id=summary.a["href"].removeprefix("#"))["type"] == "radio"


@pytest.mark.parametrize(
    "fields", [{"position": "x"}, {"position": "-1"}, {"try_number": "9" * 50}, {"move": "fly"}, {}]
)
def test_a_form_that_was_tampered_with_never_breaks_the_page(learner: Browser, fields: dict[str, str]) -> None:
    target, whole = learner.open(STORY).form(CHOOSE)
    assert learner.post(target, {**whole, "answer": "meeting-a", **fields}).status in (200, 422)
    bare = learner.post(target, {"csrf_token": whole["csrf_token"]})
    assert bare.status in (200, 422)


def test_nobody_goes_on_in_the_middle_of_a_story(learner: Browser) -> None:
    choose(learner, "meeting-b")
    page = learner.submit(STORY, "Continue")
    assert (page.status, page.errors) == (422, ["Follow the story to one of its ends before you continue"])


def test_a_whole_story_cannot_be_posted_as_one_answer(learner: Browser) -> None:
    _, fields = learner.open(STORY).form(CHOOSE)
    page = learner.post(f"{STORY}/answers/TC-M1-X1", {**fields, "answer": ["meeting-b", "farida-a"]})
    assert page.errors == ["Follow the story to one of its ends before you continue"]


def test_somebody_who_has_not_begun_finds_no_story(learner: Browser, session: Session) -> None:
    person = a_person(session, a_unit(session, an_organisation(session, "sefton", "Sefton Council")), "王芳")
    account = an_account(session, person)
    session.commit()
    target, fields = learner.open(STORY).form(CHOOSE)
    other = Browser(learner.client.application).enter_as(account)
    token = other.open(COURSE).form("Start this course")[1]["csrf_token"]
    assert other.post(target, {**fields, "csrf_token": token, "answer": "meeting-a"}).status == 404


def test_on_paper_every_step_says_where_to_go_on_and_the_feedback_stands_at_the_end(learner: Browser) -> None:
    text = learner.open(f"{COURSE}/first-steps/print").text
    assert "Begin at step 1. Tick one choice, and go on where it says." in text
    assert "Laugh along Go to step 2." in text
    assert "Hope that she forgot Then choose again." in text
    assert "Respect her wish Go to ending 1." in text
    assert "Ending 2: Left as it is Nothing changed." in text
    story, answers = text.split("Answers", maxsplit=1)
    assert "He does it again" not in story
    assert "Not quite. He does it again." in answers


def test_authors_see_every_node_with_where_each_choice_leads(browser: Browser, session: Session) -> None:
    a_course(session, **IN_COURSE)
    author = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    page = browser.enter_as(author).open("/manage/courses/test-course/versions/1/preview/first-steps/3")
    assert "Step 1 In the meeting" in headings(page)
    assert "A Laugh along Go to step 2. Not quite. He does it again." in page.text
    assert "C Message her later Go to step 3. A fair choice. She is glad." in page.text
    assert "Ending 2 Left as it is" in headings(page)
    assert "Branching story, about behaviour" in page.text
    assert not any(form.get("method") == "post" and "story" in form.get("action", "") for form in page.soup("form"))


def test_a_long_way_through_a_story_costs_no_more_statements(learner: Browser, connection: Connection) -> None:
    def cost() -> int:
        learner.open(STORY)
        with counted(connection) as seen:
            learner.open(STORY)
        return len(seen)

    learner.open(f"{COURSE}/first-steps/2")
    with counted(connection) as plain:
        learner.open(f"{COURSE}/first-steps/2")
    choose(learner, "meeting-a")
    first = cost()
    choose(learner, *["afterwards-b"] * 4, "afterwards-a", "farida-a")
    assert cost() == first == len(plain) + 1
