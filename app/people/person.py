"""One person: who they are, what their account may do, and help with signing in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.people.asked import AskCard, answer_of, ask_cards
from app.people.explained import employers_to_exempt_at
from app.people.helping.acting import Act, acts_of
from app.platform.access import allow, unused_for, who
from app.platform.audit.lines import AuditLine, lines_of
from app.platform.extensions import db
from app.platform.work import unit_of_work
from certificates.record.issuing import Certificate, certificates_for
from kernel.audit import record
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from messages.bounces.record import DeadAddress, find_dead_address
from messages.by_text.record import DeadNumber, find_dead_number
from people.account_care import sign_out_everywhere, switch_off, switch_on, take_role
from people.accounts import Account
from people.directory import (
    TAKE_BACK_DAYS,
    find_account_of,
    get_person,
    get_person_to_take_back,
    is_looked_after,
    record_entries,
)
from people.job_care import HandChange, JobRecord, hand_changes, job_records
from people.merging.records import PersonMerge, find_merge_of, merges_into
from people.organisations import Organisation, unit_names
from people.password_resets import why_no_code
from people.persons import Person
from people.roles import HeldRole, Role, roles_of
from people.sessions import open_sessions_of
from people.visibility import PeopleScope, people_scope
from reports.person_learning import CourseLearning, learning_of

MOST_ENTRIES = 20
ONE_DAY = timedelta(days=1)
TERM_WORDS = {
    "job_title": "job title",
    "unit_id": "unit",
    "grade": "grade",
    "kind": "kind of job",
    "hours_per_week": "hours a week",
    "contract": "contract",
    "site": "place of work",
    "manager_id": "payroll number of the manager",
}
# Where the record holds an id: the attribute of a span that people read.
SHOWN_BY = {"unit_id": "unit_path", "manager_id": "manager_payroll_number"}
ROLE_WORDS = {Role.HR_LEAD: "HR lead", Role.MANAGER: "Manager", Role.AUTHOR: "Author", Role.ADMIN: "Admin"}


@dataclass(frozen=True)
class SaidChange:
    """A change of a job that was made by hand, in words."""

    id: int
    effective_on: date
    words: str
    reason: str


@dataclass(frozen=True)
class PersonPage:
    """Everything that the page of a person shows. ``no_code`` says why there is no button for a code."""

    person: Person
    account: Account | None
    scope: PeopleScope
    jobs: tuple[JobRecord, ...]
    hand_changes: tuple[SaidChange, ...]
    answer: tuple[str, str]
    asks: tuple[AskCard, ...]
    learning: tuple[CourseLearning, ...]
    certificates: Sequence[Certificate]
    roles: tuple[HeldRole, ...]
    no_code: str | None
    session_count: int
    merges: tuple[PersonMerge, ...]
    merged_into: int | None
    log: tuple[AuditLine, ...]
    exempting: Sequence[Organisation]
    acts: tuple[Act, ...]
    dead_address: DeadAddress | None
    dead_number: DeadNumber | None


@allow(Role.ADMIN, Role.HR_LEAD)
def person(person_id: int) -> str:
    """State, sign-in help, roles, jobs, and what was done."""
    page = _page_of(db.session(), person_id)
    with unit_of_work() as work:
        record(
            work.session,
            action="person-opened",
            subject_type="person",
            subject_id=person_id,
            actor_account_id=who().account_id,
            now=utc_now(),
        )
    today = local_day(utc_now())
    is_here = is_looked_after(db.session(), person_id=person_id, scope=page.scope, on=today)
    return render_template(
        "people/person.html",
        page=page,
        role_words=ROLE_WORDS,
        is_oneself=person_id == who().person_id,
        today=today,
        is_here=is_here,
        days=TAKE_BACK_DAYS,
    )


def _page_of(session: Session, person_id: int) -> PersonPage:
    now, scope = utc_now(), people_scope(who())
    today = local_day(now)
    found = get_person_to_take_back(session, person_id=person_id, scope=scope, on=today)
    account = find_account_of(session, person_id=person_id)
    roles = roles_of(session, account_id=account.id, on=today) if account else ()
    browsers = open_sessions_of(session, account_id=account.id, now=now, unused_for=unused_for()) if account else ()
    gone = find_merge_of(session, person_id=person_id)
    learning = learning_of(session, person_id=person_id)
    jobs = job_records(session, person_id=person_id, scope=scope)
    employers = employers_to_exempt_at(session, person_id, today)
    asks = ask_cards(session, person_id=person_id, learning=learning, scope=scope, on=today)
    return PersonPage(
        person=found,
        account=account,
        scope=scope,
        jobs=jobs,
        hand_changes=_said(session, hand_changes(session, person_id=person_id, scope=scope), jobs),
        answer=answer_of(found.addressed_as, asks, today),
        asks=asks,
        learning=learning,
        certificates=certificates_for(session, person_id=person_id),
        roles=roles if scope.is_admin else (),
        no_code=why_no_code(scope, roles, account) if account else None,
        session_count=len(browsers),
        merges=merges_into(session, person_id=person_id) if scope.is_admin else (),
        merged_into=gone.kept_person_id if gone else None,
        log=_log_of(session, person_id, scope),
        dead_address=find_dead_address(session, person_id=person_id),
        dead_number=find_dead_number(session, person_id=person_id),
        exempting=employers,
        acts=()
        if gone or person_id == who().person_id
        else acts_of(session, person_id=person_id, cards=asks, employers=employers),
    )


def _said(session: Session, changes: Sequence[HandChange], jobs: Sequence[JobRecord]) -> tuple[SaidChange, ...]:
    """What each change says, before and after, with the names of units."""
    by_id = {job.employment_id: job for job in jobs}
    units = [one.values["unit_id"] for one in changes if "unit_id" in one.values]
    names = unit_names(session, unit_ids=units)
    return tuple(
        SaidChange(one.id, one.effective_on, _change_words(one, by_id.get(one.employment_id), names), one.reason)
        for one in changes
    )


def _change_words(change: HandChange, job: JobRecord | None, names: Mapping[int, str]) -> str:
    values = change.values
    if values.get("held") is False:
        return "the job has ended"
    if values.get("held"):
        return "the job was added" if len(values) > 1 else "the job goes on"
    spans = job.spans if job else ()
    before = next((span for span in spans if span.ends_on == change.effective_on - ONE_DAY), None)
    managers = {span.manager_id: span.manager_payroll_number for span in spans if span.manager_id is not None}
    known: Mapping[str, Mapping[int, str]] = {"unit_id": names, "manager_id": managers}
    told = []
    for key, word in TERM_WORDS.items():
        if key in values:
            was = "" if before is None else _in_words(getattr(before, SHOWN_BY.get(key, key)))
            after = known[key].get(values[key], "") if key in known else _in_words(values[key])
            told.append(f"{word} {f'“{was}” → ' if was else ''}“{after or 'nothing'}”")
    return ", ".join(told) or "details of the job"


def _in_words(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _log_of(session: Session, person_id: int, scope: PeopleScope) -> tuple[AuditLine, ...]:
    lines = lines_of(session, record_entries(session, person_id=person_id, scope=scope, most=MOST_ENTRIES))
    # The details of an act name roles and authorities: an account may have been added with its first role.
    return lines if scope.is_admin else tuple(replace(line, more="") for line in lines)


def account_of(session: Session, person_id: int) -> Account:
    """The account of a person whom the one at the keyboard may look after. Raises ``NotFound``."""
    today = local_day(utc_now())
    get_person(session, person_id=person_id, scope=people_scope(who()), on=today)
    account = find_account_of(session, person_id=person_id)
    if account is None:
        raise NotFound(f"account of person {person_id}")
    return account


def _done(person_id: int, act: Callable[[Session, int], object], words: str) -> Response:
    """Do something to an account, say so, and go back to its page."""
    account_id = account_of(db.session(), person_id).id
    try:
        with unit_of_work() as work:
            act(work.session, account_id)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash(words)
    return redirect(url_for("people.person", person_id=person_id))


@allow(Role.ADMIN)
def person_role_taken(person_id: int, grant_id: int) -> Response:
    """Take one role back."""
    by, now = who().account_id, utc_now()
    return _done(
        person_id,
        lambda session, account_id: take_role(session, account_id=account_id, grant_id=grant_id, by=by, now=now),
        "The role is taken back. It ends at once",
    )


@allow(Role.ADMIN)
def person_signed_out(person_id: int) -> Response:
    """End all their sessions."""
    by, now = who().account_id, utc_now()
    return _done(
        person_id,
        lambda session, account_id: sign_out_everywhere(session, account_id=account_id, by=by, now=now),
        "They are signed out everywhere",
    )


@allow(Role.ADMIN)
def person_switched_off(person_id: int) -> str | Response:
    """Ask first; then let nobody sign in with the account."""
    by, now = who().account_id, utc_now()
    if request.method == "GET":
        account_of(db.session(), person_id)
        found = get_person(db.session(), person_id=person_id, scope=people_scope(who()), on=local_day(now))
        return render_template("people/person_switched_off.html", person=found)
    return _done(
        person_id,
        lambda session, account_id: switch_off(session, account_id=account_id, by=by, now=now),
        "The account is switched off. Nobody can sign in with it, and what they learned stays",
    )


@allow(Role.ADMIN)
def person_switched_on(person_id: int) -> Response:
    """Let its person sign in again."""
    by, now = who().account_id, utc_now()
    return _done(
        person_id,
        lambda session, account_id: switch_on(session, account_id=account_id, by=by, now=now),
        "The account is switched on. Its person can sign in with the password from before",
    )
