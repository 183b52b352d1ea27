"""Signed-in people for the load: learners midway, with cookies and form tokens of the application's own make."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from app.platform.access import KEPT_AT
from app.platform.extensions import db
from app.platform.work import unit_of_work
from courses.records.attempts import Attempt
from courses.records.completion import Completion
from courses.taking.progression import begin_course, finish_screen
from courses.taking.screens import ScreenAddress, open_screen
from kernel.clock import utc_now
from people.accounts import Account, create_account
from people.jobs.employment import Employment
from people.sessions import begin_session

COURSE = "race-equality-essentials"
FIRST_MODULE = "welcome"
MODULE = "why-race-equality-matters-here"
PAGE = f"/courses/{COURSE}/{MODULE}/1"
QUESTION_MODULE = "RE-M1"
QUESTION = f"/courses/{COURSE}/{MODULE}/2/answers/RE-M1-Q1"


@dataclass(frozen=True)
class SignedIn:
    """A browser that is signed in: its cookie, and the token for its forms."""

    cookie: str
    csrf_token: str


def sign_in(app: Flask, account_id: int) -> SignedIn:
    """The session of an account, signed with the application's key, as it stands after the first page."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    now = utc_now()
    with app.test_request_context():
        token = generate_csrf()
        with unit_of_work() as work:
            begun = begin_session(
                work.session, account_id=account_id, device="A bench", now=now, longest=timedelta(days=1)
            )
        content = {
            "_permanent": True,
            "_user_id": begun.secret,
            "_fresh": True,
            "csrf_token": session["csrf_token"],
            KEPT_AT: int(now.timestamp()),
        }
    return SignedIn(f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(content)}", token)


def sign_in_as(app: Flask, username: str) -> SignedIn:
    """The session of one of the demo's accounts."""
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.username == username)).one()
        account_id = account.id
    return sign_in(app, account_id)


def learners_midway(app: Flask, how_many: int) -> list[SignedIn]:
    """People who have finished the welcome and the first screen of the first module, and now face its question."""
    with app.app_context():
        person_ids = db.session.scalars(
            select(Employment.person_id)
            .where(
                Employment.person_id.not_in(select(Completion.person_id)),
                Employment.person_id.not_in(select(Attempt.person_id)),
                Employment.person_id.not_in(select(Account.person_id)),
            )
            .distinct()
            .order_by(Employment.person_id)
            .limit(how_many)
        ).all()
        account_ids = [_bring_midway(person_id) for person_id in person_ids]
    return [sign_in(app, account_id) for account_id in account_ids]


def _bring_midway(person_id: int) -> int:
    now = utc_now()
    with unit_of_work() as work:
        account = create_account(
            work.session,
            person_id=person_id,
            username=f"bench-{person_id}",
            password_hash="none",  # noqa: S106
        )
        attempt = begin_course(work.session, person_id=person_id, slug=COURSE, now=now)
        welcome = attempt.document(work.session).module(FIRST_MODULE)
        places = [(FIRST_MODULE, number) for number in range(1, len(welcome.screens) + 1)] + [(MODULE, 1)]
        for module_slug, screen in places:
            here = open_screen(work.session, ScreenAddress(COURSE, module_slug, screen), person_id=person_id, now=now)
            finish_screen(work.session, here, now=now)
        return account.id


def write_for_load(sessions: list[SignedIn], path: Path) -> None:
    """The sessions as bench/people.lua reads them: a cookie and a token on each line."""
    path.write_text("".join(f"{one.cookie}\t{one.csrf_token}\n" for one in sessions), encoding="utf-8")
