"""Two people who change one certificate at the same moment: one change counts, the other is refused in plain words."""

from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

import pytest
from sqlalchemy import func, select

from app import create_app
from app.platform.work import unit_of_work
from app.wiring import promise_file
from certificates.batches.bulk_reissuing import count_reissuable, start_reissue
from certificates.changes.reissuing import correct_own_name, reissue
from certificates.changes.revoking import revoke
from certificates.file_care.consistency import consistency
from certificates.record.audiences import Audience
from certificates.record.history import CertificateEvent, EventKind, Explanation, Reason
from certificates.record.issuing import Certificate
from certificates.record.runs import RunMail
from config import Settings
from courses.catalogue.versions import Course
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from messages.ledger import Message
from people.persons import Person
from people.roles import Role
from tests.builders.certificate_batches import one_batch
from tests.builders.region import TODAY, a_person, an_account
from tests.reading import Browser
from tests.services.conftest import Site, promise_many
from tests.services.test_at_once import TABS, all_at_once, another_tab

pytestmark = pytest.mark.slow
ROUNDS = 4
REFUSED_AFTER_REISSUE = "This certificate was replaced already. Open "
REFUSALS = (
    "This certificate was replaced already",
    "Another certificate has replaced this one. Revoke that one",
    "This certificate is revoked. Restore it first",
    "This certificate is revoked already",
)


def an_admin_id(site: Site) -> int:
    with site.session() as session:
        return an_account(session, a_person(session), Role.ADMIN).id


def attempt(settings: Settings | Site, do: Callable[..., object], number: str, reason: Reason, account_id: int) -> str:
    """What came of it: "done", or the words of the refusal."""
    app = settings.app if isinstance(settings, Site) else create_app(settings)
    try:
        with app.app_context(), unit_of_work() as work:
            outcome = do(
                work.session, certificate_number=number, reason=reason, words="", account_id=account_id, now=utc_now()
            )
            if do is reissue:
                promise_file(outcome, work, now=utc_now())
    except RuleBroken as refusal:
        return refusal.message
    return "done"


def try_reissue_elsewhere(settings: Settings, number: str, account_id: int, gate: Barrier, found: object) -> None:
    """In a process of its own, at the same moment as the other one."""
    create_app(settings)
    gate.wait(60)
    found.put(attempt(settings, reissue, number, Reason.TEMPLATE_FAULT, account_id))


def check_replaced_once(site: Site, number: str) -> None:
    """One new edition, one event, one message about the new one."""
    with site.session() as session:
        old = session.scalars(select(Certificate).where(Certificate.number == number)).one()
        editions = session.scalars(
            select(Certificate).where(Certificate.completion_id == old.completion_id).order_by(Certificate.edition)
        ).all()
        assert [one.edition for one in editions] == [1, 2]
        assert editions[1].supersedes_number == number
        events = session.scalars(select(CertificateEvent).where(CertificateEvent.certificate_id == old.id)).all()
        assert [event.kind for event in events] == [EventKind.SUPERSEDED]
        about_new = select(func.count()).select_from(Message).where(Message.subject_id == editions[1].id)
        assert session.scalar(about_new) == 1


def test_of_several_admins_who_replace_one_certificate_one_does(site: Site) -> None:
    promise_many(site, ROUNDS)
    with site.session() as session:
        account = an_account(session, a_person(session), Role.ADMIN)
    admin = site.browser(account)
    for certificate in site.certificates():
        target = f"/manage/certificates/{certificate.number}/reissue"
        _, values = admin.open(target).form("Issue anew")
        pages = all_at_once(lambda _, to=target, sent=values: post(admin, to, {**sent, "reason": "template-fault"}))
        assert Counter(status for status, _ in pages) == {302: 1, 422: TABS - 1}
        assert all(REFUSED_AFTER_REISSUE in text for status, text in pages if status == 422)
        check_replaced_once(site, certificate.number)


def post(admin: Browser, target: str, values: dict) -> tuple[int, str]:
    answer = another_tab(admin).post(target, data=values)
    return answer.status_code, answer.get_data(as_text=True)


def test_two_processes_replace_one_certificate_once(site: Site) -> None:
    promise_many(site, 1)
    (certificate,) = site.certificates()
    account_id = an_admin_id(site)
    spawn = get_context("spawn")
    gate, found = spawn.Barrier(2), spawn.Queue()
    about = (site.settings, certificate.number, account_id, gate, found)
    processes = [spawn.Process(target=try_reissue_elsewhere, args=about) for _ in range(2)]
    for process in processes:
        process.start()
    said = sorted(found.get(timeout=90) for _ in processes)
    for process in processes:
        process.join(30)
    assert said[0].startswith(REFUSED_AFTER_REISSUE)
    assert said[1] == "done"
    check_replaced_once(site, certificate.number)


def test_of_a_revocation_and_a_replacement_at_the_same_moment_one_counts(site: Site) -> None:
    promise_many(site, ROUNDS)
    account_id = an_admin_id(site)
    acts = ((revoke, Reason.WRONG_PERSON), (reissue, Reason.TEMPLATE_FAULT))
    for certificate in site.certificates():

        def act(place: int, number: str = certificate.number) -> str:
            do, reason = acts[place % 2]
            return attempt(site, do, number, reason, account_id)

        said = all_at_once(act)
        assert said.count("done") == 1
        assert all(words.startswith(REFUSALS) for words in said if words != "done")
        with site.session() as session:
            events = session.scalars(
                select(CertificateEvent).where(CertificateEvent.certificate_id == certificate.id)
            ).all()
            newer = session.scalar(select(func.count()).where(Certificate.supersedes_number == certificate.number))
        assert len(events) == 1
        assert newer == (events[0].kind is EventKind.SUPERSEDED)


def test_a_run_that_replaces_and_people_who_change_single_ones_leave_one_newest_each(site: Site) -> None:
    promise_many(site, 12)
    account_id = an_admin_id(site)
    first, second, third, *_ = site.certificates()
    with site.session(is_writing=True) as session:
        session.get_one(Person, third.person_id).chosen_name = "Another Name"
        audience = Audience(session.scalars(select(Course.id)).one(), on=TODAY)
        seen = count_reissuable(session, audience).stamp
        about = {"why": Explanation(Reason.TEMPLATE_FAULT), "mail": RunMail.AT_ONCE, "seen": seen}
        run_id = start_reissue(session, audience, account_id=account_id, now=utc_now(), **about).id

    def work_off() -> str:
        with site.app.app_context(), unit_of_work() as work:
            batch = one_batch(work.session, run_id, limit=100, now=utc_now())
            assert batch is not None
            return f"issued {batch.issued}"

    def correct() -> str:
        try:
            with site.app.app_context(), unit_of_work() as work:
                about = {"certificate_number": third.number, "person_id": third.person_id, "account_id": account_id}
                promise_file(correct_own_name(work.session, now=utc_now(), **about), work, now=utc_now())
        except RuleBroken as refusal:
            return refusal.message
        return "done"

    acts = (
        work_off,
        lambda: attempt(site, reissue, first.number, Reason.TEMPLATE_FAULT, account_id),
        lambda: attempt(site, revoke, second.number, Reason.WRONG_PERSON, account_id),
        correct,
    )
    issued, *said = all_at_once(lambda place: acts[place]())
    assert all(words == "done" or words.startswith(REFUSALS) for words in said)
    assert issued == f"issued {12 - said.count('done')}"
    with site.session() as session:
        editions = session.execute(
            select(Certificate.completion_id, func.count(), func.max(Certificate.edition)).group_by(
                Certificate.completion_id
            )
        ).all()
        assert all(count == newest <= 2 for _, count, newest in editions)
        told = session.execute(select(Message.subject_id, func.count()).group_by(Message.subject_id)).all()
        assert {count for _, count in told} == {1}
        assert consistency(session).is_whole
