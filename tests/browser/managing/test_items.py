"""An author asks how the questions of a course work, waits for the count, and looks at one question."""

import pytest

from courses.catalogue.versions import publish
from courses.content.bundle.reading import read_bundle
from kernel.clock import utc_now
from tests.browser.region import small_course
from tests.browser.visiting import DESKTOP, DESKTOP_WITHOUT_SCRIPTS, PHONE
from tests.builders.region import bundle_files
from tests.reports.items.answering import an_attempt, give

SLUG, QUESTION = "counted-course", "IC-M1-Q1"
ITEMS = f"/manage/courses/{SLUG}/items"
OPTIONS = ("محمد يسأل أولاً", "Ọláyínká 👩🏾‍🦽 asks " + "at length " * 12)


# Once for the site, not once for this module: with `--dist worksteal` a process may leave a module and come back to it.
@pytest.fixture(scope="session")
def answered(site):
    """A course that twenty people have answered: eight of them wrongly at first."""
    files = small_course("IC", SLUG, "Counted course")
    for old, new in zip(("The first", "The second"), OPTIONS, strict=True):
        files["questions"] = files["questions"].replace(old, new)
    document = read_bundle(bundle_files(**files)).document
    assert document is not None
    with site.session() as session:
        course = publish(session, document=document, account_id=None, now=utc_now())
        for place in range(20):
            attempt = an_attempt(session, course)
            responses = ("b", "a") if place < 8 else ("a",)
            give(session, course, attempt, QUESTION, *responses, seconds=20 + place)
        session.commit()


@pytest.mark.parametrize("device", [PHONE, DESKTOP, DESKTOP_WITHOUT_SCRIPTS], ids=str)
@pytest.mark.usefixtures("answered")
def test_an_author_sees_what_people_choose_first(visit, device):
    author = visit(device, username="author")
    author.open(ITEMS)
    ask_for_a_count(author)
    author.open(f"{ITEMS}?order=course")
    author.sees("60%")
    author.fits(320)
    author.follow("Which answer is right?")
    assert author.heading == f"Question {QUESTION}"
    author.sees("4 in 10 choose")
    author.sees(OPTIONS[0])
    author.fits(320)
    author.open("/manage/courses/test-course/items")


def ask_for_a_count(author):
    """Housekeeping may have asked already; either way a worker counts, and without scripts people look again."""
    if author.page.get_by_role("button", name="Count").count():
        author.press("Count")
    author.reload_until("Counted on")
