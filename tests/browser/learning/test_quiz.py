"""Somebody takes a quiz on a phone and on a large screen, asks for another try, and an administrator answers."""

from collections.abc import Callable

import pytest

from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle
from kernel.clock import utc_now
from tests.browser.live_site import LiveSite
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE, Device, Visitor
from tests.builders.quizzes import MIDDLE, quiz_files

MORE = """
- id: TC-B7
  kind: order
  about: policy
  tags: [more]
  stem: Somebody tells you that a colleague made fun of their name. What comes first?
  items: ["Listen to what they say", "Ask what they would like to happen", "Act on it together"]
  feedback: {right: "That is the order that works.", wrong: "Begin by listening to the person."}
- id: TC-B8
  kind: match
  about: law
  tags: [more]
  stem: Which word fits?
  rows:
    - {item: "A rule for all that burdens some", answer: "Indirect discrimination"}
    - {item: "Treated worse because of race", answer: "Direct discrimination"}
  feedback: {right: "Both words fit.", wrong: "Read the two lines again."}
- id: TC-B9
  kind: number
  about: fact
  tags: [more]
  stem: What share of people is it?
  answer: 12
  tolerance: 0.5
  unit: "%"
  feedback: {right: "Yes, about one in eight.", wrong: "Read the table again."}
"""
RULES = """
  mode: check
  attempts: 1
  pause: 2 hours
  certainty: true
  pre_test_for: [TC-M1, TC-M2]
"""


@pytest.fixture
def course(site: LiveSite) -> str:
    """The address of a course that begins with a check, which lets people skip what they know."""
    files = quiz_files(RULES, middle=MIDDLE, first=True)
    files["quizzes/all.yaml"] = files["quizzes/all.yaml"].replace(b"count: 2}", b"count: 1}, {tag: more, count: 3}")
    files["questions/all.yaml"] += MORE.encode()
    files = {name: text.replace(b"TC-", b"QC-") for name, text in files.items()}
    files["course.yaml"] = files["course.yaml"].replace(b"id: TC", b"id: QC").replace(b"test-course", b"quiz-course")
    document = read_bundle(files).document
    assert document is not None
    with site.session() as session:
        publish(session, document=document, account_id=None, now=utc_now())
        session.commit()
    return "/courses/quiz-course"


def answer(visitor: Visitor, *, right: bool) -> None:
    """Fill in whatever kind of question is shown."""
    main = visitor.page.locator("main")
    stem = main.get_by_role("heading", level=2).first.inner_text()
    if "What comes first" in stem:
        for place, item in enumerate(("Listen to", "Ask what", "Act on"), start=1):
            # With scripts the list is hidden behind buttons, which have journeys of their own.
            listed = main.locator(f"li[data-cg-item^='{item}'] select")
            listed.evaluate("(list, value) => { list.value = value }", str(place if right else 4 - place))
    elif "Which word fits" in stem:
        for row, word in (("A rule for", "Indirect"), ("Treated", "Direct")):
            main.get_by_label(row, exact=False).select_option(label=f"{word if right else 'Direct'} discrimination")
    elif "What share" in stem:
        visitor.page.get_by_label("What share", exact=False).fill("12" if right else "40")
    elif "Select all" in stem:
        for word in ("One", "Two") if right else ("Three",):
            visitor.choose(word)
    else:
        visitor.choose("True" if right else "False")


def take(visitor: Visitor, *, right: bool) -> None:
    for number in range(1, 6):
        visitor.sees(f"Question {number} of 5")
        answer(visitor, right=right)
        visitor.choose("Very sure")
        visitor.press("Save and go on")


@pytest.mark.smoke(str(DESKTOP))
@pytest.mark.parametrize("device", [PHONE, DESKTOP, DESKTOP_WITHOUT_SCRIPTS], ids=str)
def test_a_quiz_is_taken_missed_asked_for_again_and_passed(
    visit: Callable[..., Visitor], site: LiveSite, course: str, device: Device
) -> None:
    name = f"Nguyễn on a {device}"
    staff = visit(device, username=site.a_learner(name))
    staff.open(course)
    staff.press("Start this course")
    staff.press("Continue")
    staff.sees("It has 5 questions, and no time limit.")
    staff.press("Start the quiz")
    staff.press("Save and go on")
    assert staff.errors[-1] == "Select how sure you are"
    staff.follow("See all questions")
    staff.press("Hand in")
    assert len(staff.errors) == 5
    staff.follow("Question 1", within=staff.page.locator("ol"))
    take(staff, right=False)
    assert staff.heading == "Look through your answers"
    staff.press("Hand in")
    assert staff.heading == "Not passed yet"
    staff.sees("this is a common mix-up")
    staff.fits(320)
    staff.follow("Ask for another try")
    staff.press("Send")
    assert staff.errors == ["Write why you would like another try"]
    staff.write("Why would another try help?", "A call came in the middle of it.")
    staff.press("Send")
    staff.sees("Nobody has answered yet.")
    give(visit(device, username="admin"), name)
    staff.open(f"{course}/look-back/2")
    staff.sees("You were given 1 more try, without the pause: “Of course.”")
    staff.press("Take it again")
    take(staff, right=True)
    staff.press("Hand in")
    assert staff.heading == "You passed"
    staff.choose("First steps")
    staff.press("Skip these modules")
    staff.sees("You showed that you know this. You can still read it.")


def give(admin: Visitor, name: str) -> None:
    admin.open("/manage/quiz-tries")
    admin.fits(320)
    admin.follow(f"Answer {name}")
    admin.press("Give this")
    assert admin.errors == ["Write a reason"]
    admin.choose("Leave out the pause before the next try")
    admin.write("Why?", "Of course.")
    admin.press("Give this")
    admin.sees(f"{name} can read your answer now")


def test_an_author_looks_at_a_quiz_before_it_is_taken(visit: Callable[..., Visitor], course: str) -> None:
    author = visit(PHONE, username="author")
    author.open("/manage/courses/quiz-course/versions/1/preview/look-back/2")
    author.sees("One sitting, as an example")
    author.follow("Show another draw")
    author.fits(320)
