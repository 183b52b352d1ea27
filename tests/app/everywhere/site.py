"""A small site on which everything has happened once, so that every address leads somewhere for somebody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.jobs.badges import publish_status, sign_badges
from app.jobs.certificate_archives import make_archives
from app.jobs.certificates import render_waiting
from app.jobs.derived_files import make_derived_files
from app.jobs.imports.past_learning import work_off_history
from app.jobs.imports.sources import fetch_feeds
from app.jobs.item_counts import count_waiting
from app.jobs.papers.making import make_papers
from app.jobs.session_packs import make_waiting
from app.jobs.ways_in.making import begin_rounds, make_ways_in
from app.jobs.ways_in.zipping import zip_sheets
from app.platform.badge_settings import write_key
from app.platform.extensions import db
from app.platform.mail.rendering import stop_token
from app.platform.storage import FolderStore
from assignments.for_many.record import ActForMany
from certificates.badges.keys import new_key
from certificates.badges.records import Badge
from certificates.making.derived_files import DerivedFile, DerivedKind
from certificates.record.issuing import Certificate
from certificates.record.links import CertificateLink
from certificates.record.runs import CertificateRun
from certificates.zips.requests import CertificateArchive
from courses.catalogue.uploads import CourseUpload, media_key
from courses.catalogue.versions import publish
from courses.records.attempts import Attempt
from courses.records.completion import Completion
from courses.reflection.plans import Plan
from messages.ledger import Message
from messages.sending import MAIL
from people.accounts import Account
from people.feed.runs.record import FeedRun
from people.jobs.changes import EmploymentChange
from people.jobs.employment import Employment
from people.organisations import Organisation, Unit
from people.password_leaves import PasswordReset, ResetKind
from people.password_resets import give_token
from people.persons import Person
from people.reorganisation.record import Reorganisation
from people.roles import Role, RoleGrant
from people.sessions import SignInSession
from people.ways_in.rounds import WayInBatch
from people.ways_in.zips import WayInZip
from tests.app.everywhere import acting, asked
from tests.app.everywhere.files import ask_for_a_zip_of_sheets, keep_a_mapping, of_files
from tests.app.everywhere.whole_course import the_whole_course
from tests.builders.certificate_batches import completed
from tests.builders.certificates import issued_to
from tests.builders.hr_files import plan_staff
from tests.builders.mail_transport import RememberingTransport, give_address
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.builders.reorganisations import reorganised
from tests.reading import Browser

NOBODY = "nobody"
ROLES = (NOBODY, "learner", *(role.value for role in Role))
# Which screen the address of a view stands on, where it is not the first.
SCREEN_OF = {
    "answer": "statement", "reflect": "thought", "story_step": "story", "rate": "statements", "comment": "comment",
    "write_on_screen": "plan", "check_on_screen": "check", "meeting": "meeting", "quiz_start": "quiz",
    "quiz_ask": "quiz", "quiz_skip": "quiz", "quiz_sitting": "quiz", "quiz_question": "quiz", "quiz_answer": "quiz",
}  # fmt: skip


OF_AN_AUTHORITY = (
    "local_text", "certificate_look", "certificate_look_region", "certificate_look_restore", "certificate_sample",
    "certificate_sample_status", "certificate_sample_file",
)  # fmt: skip
JOBS = (
    render_waiting, make_derived_files, sign_badges, publish_status, make_archives, make_waiting, count_waiting,
    work_off_history, begin_rounds, make_ways_in, zip_sheets, fetch_feeds,
    make_papers,
)  # fmt: skip
OF_HR_FILES = (
    "feed_run", "feed_run_status", "feed_decide", "feed_undo", "feed_unusable_file", "feed_record_file",
    "feed_items",
)  # fmt: skip
QUERIES = {
    "council.feed_decide": "?choice=nothing",
    "council.feed_mapping": "?before=Staff",
    **asked.ADDRESSES,
    "learn.certificate_colours": "?main=103050&second=103050&accent=103050",
}


@dataclass(frozen=True)
class FoundForm:
    """A form that somebody finds on a page: where it goes, what it sends when it is filled in, what tells it apart."""

    address: str
    fields: dict[str, Any]
    key: tuple[str, ...]


@dataclass
class WholeSite:
    """The site, how each role enters it, and what may stand in each argument of an address."""

    app: Flask
    connection: Connection
    cookies: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    forms: dict[str, list[FoundForm]] = field(default_factory=dict)

    def argument(self, rule: Rule, name: str) -> Any:
        """Something real for an argument: said for this view, for its audience, or for all."""
        audience, _, view = rule.endpoint.partition(".")
        if name == "module_slug" and audience == "learn":
            return SCREEN_OF.get(view, "welcome")
        for key in (f"{rule.endpoint} {name}", f"{audience} {name}", name):
            if key in self.arguments:
                return self.arguments[key]
        raise AssertionError(f"{rule.rule} is new: say in {__name__} what its “{name}” may be")

    def address(self, rule: Rule) -> str:
        """A real address of this rule."""
        values = {name: self.argument(rule, name) for name in rule.arguments}
        built = rule.build(values, append_unknown=False)
        assert built is not None
        return str(built[1]) + QUERIES.get(rule.endpoint, "")

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Whatever is done inside has not happened afterwards."""
        # Not SQLAlchemy's own: it leaves a savepoint open that was rolled back, and thousands lie inside one another.
        self.connection.exec_driver_sql("SAVEPOINT one_request")
        try:
            yield
        finally:
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT one_request")
            self.connection.exec_driver_sql("RELEASE SAVEPOINT one_request")


def build_site(app: Flask, connection: Connection, folder: Path) -> WholeSite:
    """Let everything happen once."""
    site = WholeSite(app, connection)
    key = folder / "badges.pem"
    write_key(key, new_key())
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(
        update={"badge_key_file": str(key), "public_url": "https://learn.example.org"}
    )
    app.extensions["common-ground-files"] = store = FolderStore(folder)
    app.extensions["common-ground-mail"] = RememberingTransport()
    with Session(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        document = the_whole_course().document
        assert document is not None
        for name, media in document.media.items():
            store.put(media_key(media.sha256), the_whole_course().media[name])
            site.arguments["sha256"] = media.sha256
        course = publish(session, document=document, account_id=None, now=NOON)
        later = the_whole_course(valid_for_months=6).document
        unit = a_unit(session, an_organisation(session))
        accounts = {
            role.value: an_account(session, a_person(session, unit, f"A {role}"), role, unit=unit) for role in Role
        }
        learner = accounts["learner"] = an_account(session, give_address(session, a_person(session, unit)))
        completed(session, course, unit, 12)
        asked.ask_for(session, course.course_id, unit.organisation_id)
        session.commit()
        browsers = {role: Browser(app).enter_as(account) for role, account in accounts.items()}
        site.arguments["learn.quiz_answer question_id"] = acting.learn(browsers["learner"])
        acting.use_the_only_try(browsers["manager"])
        certificate = issued_to(session, learner.person_id, course)
        session.commit()
        assert later is not None
        publish(session, document=later, account_id=None, now=NOON)
        session.commit()
        _work(app)
        acting.hold(browsers["learner"], certificate.number)
        keep_a_mapping(session, unit.organisation_id)
        acting.look_after(browsers, session, accounts)
        _work(app)
        ask_for_a_zip_of_sheets(app)
        _work(app)
        with app.app_context():
            plan_staff(session, session.scalars(select(Organisation)).one(), "1,Bo Li,Care,Carer", "2,,Care,Carer")
            reorganised(session, unit)
            asked.have_exceptions(session, unit.organisation_id)
            site.arguments |= _arguments(session, certificate, learner) | of_files(session)
            site.arguments |= asked.of_what_is_asked(session, store)
        session.commit()
    site.cookies = {role: _cookie(browser) for role, browser in browsers.items()} | {NOBODY: ""}
    return site


def _work(app: Flask) -> None:
    """What workers do, all of it."""
    with app.app_context():
        for job in JOBS:
            job()
        db.session.remove()


def _arguments(session: Session, certificate: Certificate, learner: Account) -> dict[str, Any]:
    def newest(column: Any, *where: Any) -> Any:
        return session.scalar(select(func.max(column)).where(*where))

    return {
        "slug": "test-course",
        "council slug": "halton",
        **{f"manage.{view} slug": "halton" for view in OF_AN_AUTHORITY},
        "module_slug": "welcome",
        "question_id": "TC-M2-Q1",
        "learn.story_step question_id": "TC-M1-X1",
        "reflection_id": "TC-M1-R1",
        "instrument_id": "TC-C",
        "moment": "before",
        "plan_id": "TC-PLAN",
        "form_id": "TC-PLAN",
        "learn.delete_plan plan_id": newest(Plan.id),
        "comment_id": "TC-COMMENT",
        "kind_name": MAIL.name,
        "manage.retention_rule kind_name": "links",
        "task_id": newest(Message.id),
        "quiz_id": "TC-QUIZ-1",
        **dict.fromkeys(("screen_number", "version_number", "list_number", "sitting", "position"), 1),
        "certificate_number": certificate.number,
        "kind": "picture",
        "section": "you",
        "link_id": newest(CertificateLink.id),
        "secret": newest(Badge.secret),
        "public.verify_holder secret": "nobody-knows",
        "manage.version_differences version_number": 2,
        "organisation_slug": "halton",
        **_of_a_person(learner.person_id, newest),
        "name": newest(Badge.achievement),
        "act": "revoke",
        "council.certificate_run_change act": "pause",
        "run_id": newest(CertificateRun.id),
        **{f"council.{view} run_id": newest(FeedRun.id) for view in OF_HR_FILES},
        "about": "join",
        "archive_id": newest(CertificateArchive.id),
        **{"unit_id": newest(Unit.id), "reorganisation_id": newest(Reorganisation.id)},
        "attempt_id": newest(Attempt.id, Attempt.person_id == learner.person_id),
        "upload_id": newest(CourseUpload.id),
        "message_id": newest(Message.id),
        "preview_id": newest(DerivedFile.id, DerivedFile.kind == DerivedKind.PREVIEW),
        **of_files(session),
        **_of_leaves(session),
        "public.stop_messages token": stop_token(learner.person_id),
        "filename": "favicon.svg",
    }


def _of_a_person(person_id: int, newest: Callable[..., Any]) -> dict[str, Any]:
    """What stands in the addresses of a record of a person."""
    return {
        "person_id": person_id,
        "council.people_act_new kind": "more-time",
        "act_id": newest(ActForMany.id),
        "employment_id": newest(Employment.id, Employment.person_id == person_id),
        "change_id": newest(EmploymentChange.id),
        "other_id": newest(Person.id),
        "completion_id": newest(Completion.id, Completion.person_id == person_id),
        "amendment_id": 1,
        "merge_id": 1,
        "rest": str(person_id),
        "grant_id": newest(RoleGrant.id),
        "session_id": newest(SignInSession.id),
    }


def _of_leaves(session: Session) -> dict[str, Any]:
    reset = session.scalars(select(PasswordReset).where(PasswordReset.batch_id.is_(None))).one()
    of_batch = PasswordReset.batch_id.is_not(None)
    invited = session.scalars(select(PasswordReset).where(of_batch, PasswordReset.kind == ResetKind.LINK)).one()
    sheet = session.scalars(select(WayInBatch).where(WayInBatch.sha256.is_not(None))).first()
    assert sheet is not None
    return {
        "token": give_token(reset),
        "auth.invitation token": give_token(invited),
        "batch_id": sheet.id,
        "round_id": sheet.round_id,
        "zip_id": session.scalar(select(func.max(WayInZip.id))),
    }


def _cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("common-ground")
    assert found is not None
    return f"common-ground={found.value}"
