"""What people do on the small site, by its own forms: learn, look after others, bring files."""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from bs4 import Tag
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import utc_now
from people.accounts import Account
from people.organisations import Unit
from people.password_resets import make_code
from tests.app.everywhere.whole_course import whole_files
from tests.builders.bundles import as_file, zipped
from tests.builders.mail_transport import give_address
from tests.builders.region import NOON, a_person
from tests.reading import Browser, untouched

LEARN = "/courses/test-course"
A_PLAN = {"situation": "a name is new", "action": "ask", "acts_on": ["1", "2", str(utc_now().year + 1)]}
A_SOURCE = {
    "name": "iTrent", "host": "127.0.0.1", "port": "1", "username": "drop", "secret": "x", "folder": "/out",
    "pattern": "staff-*.csv", "everybody": "no", "after": "waits",
}  # fmt: skip


def filled_in(form: Tag) -> dict[str, Any]:
    """What a form would send as it stands, with the first choice where one has to be made."""
    fields = untouched(form)
    for choice in form.find_all("input", type="radio"):
        fields.setdefault(str(choice["name"]), choice["value"])
    return fields


def press(browser: Browser, page: str, target: str | None = None, **fields: Any) -> None:
    """Fill in the form of a page that goes to ``target``, whatever its button says, and send it."""
    target = target or page
    found = browser.open(page)
    for form in found.soup.find_all("form", method="post"):
        if urlsplit(str(form.get("action") or found.url)).path == urlsplit(target).path:
            sent = browser.post(target, {**filled_in(form), **fields})
            assert (sent.status, sent.errors) == (200, []), f"{target}: {sent.heading}, {sent.text[:300]}"
            return
    raise AssertionError(f"No form of {page} goes to {target}: {found.heading}, {found.text[:300]}")


def learn(learner: Browser) -> str:
    """Returns the id of the first question that the quiz asks."""
    press(learner, LEARN, f"{LEARN}/begin")
    press(learner, f"{LEARN}/thought/1", f"{LEARN}/thought/1/reflections/TC-M1-R1", text="A thought")
    press(learner, f"{LEARN}/statements/1", f"{LEARN}/statements/1/statements/TC-C/before", C1="2")
    press(learner, f"{LEARN}/plan/1", f"{LEARN}/plan/1/plans/TC-PLAN", **A_PLAN)
    press(learner, f"{LEARN}/comment/1", f"{LEARN}/comment/1/comments/TC-COMMENT", text="More of this")
    press(learner, f"{LEARN}/quiz/1", f"{LEARN}/quiz/1/quiz")
    press(learner, "/learning/plan", "/learning/plan/TC-PLAN/mail")
    return _answers_at(learner, f"{LEARN}/quiz/1/quiz/1/1").rsplit("/", 1)[1]


def use_the_only_try(learner: Browser) -> None:
    quiz = f"{LEARN}/quiz/1/quiz"
    press(learner, LEARN, f"{LEARN}/begin")
    press(learner, f"{LEARN}/quiz/1", quiz)
    for position in (1, 2):
        page = f"{quiz}/1/{position}"
        press(learner, page, _answers_at(learner, page), answer="b")
    press(learner, f"{quiz}/1")
    press(learner, f"{quiz}/another-try", reason="The bell rang")


def _answers_at(learner: Browser, page: str) -> str:
    """Where the question on a page of a quiz is answered: which one it is was drawn by chance."""
    forms = learner.open(page).soup.find_all("form")
    return next(str(form["action"]) for form in forms if "/answers/" in form["action"])


def hold(learner: Browser, number: str) -> None:
    own = f"/certificates/{number}"
    press(learner, f"{own}/links")
    press(learner, f"{own}/badge")
    press(learner, own, f"{own}/large-print")


def look_after(browsers: dict[str, Browser], session: Session, accounts: dict[str, Account]) -> None:
    lead, admin = browsers["hr-lead"], browsers["admin"]
    certificates = "/council/halton/certificates"
    press(lead, f"{certificates}/zips/new?course=")
    press(lead, f"{certificates}/issue?course=test-course")
    press(lead, "/live-session", "/live-session/file")
    _bring_past_learning(lead)
    press(admin, "/council/halton/feed/sources/new/sftp", **A_SOURCE)
    press(admin, "/manage/certificate-looks/halton", action="pdf")
    press(admin, "/manage/courses/upload", bundle=as_file(zipped(whole_files(valid_for_months=12))))
    press(admin, "/manage/courses/test-course/items", "/manage/courses/test-course/count-items")
    first = "/council/halton/first-sign-in"
    accounts["learner"].last_signed_in_at = NOON
    give_address(session, a_person(session, session.scalars(select(Unit)).one(), "Somebody New"))
    session.commit()
    press(lead, f"{first}/choice", way="invitation", usernames="words", prefix="hal")
    press(lead, f"{first}/new", way="invitation")
    press(lead, f"{first}/new", way="card")
    make_code(session, account_id=accounts["learner"].id, made_by_account_id=accounts["admin"].id, now=utc_now())


def _bring_past_learning(lead: Browser) -> None:
    """A file that is applied, with a row that belongs to nobody, and one that is only planned."""
    rows = b"Name,Course,Date completed\r\nA learner,Lifting,31/03/2024\r\n"
    for _ in range(2):
        press(lead, "/council/halton/history/new", file=(BytesIO(rows), "records.csv"), source="Training records")
    first = min(
        address for address in lead.open("/council/halton/history").links.values() if "/history/files/" in address
    )
    press(lead, first, f"{first}/apply")
