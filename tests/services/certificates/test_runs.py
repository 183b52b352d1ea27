"""Thousands of certificates with real workers: killed in the middle, two at once, and with the bell lost."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.jobs.housekeeping import run_housekeeping
from app.platform.queue import ring
from app.platform.work import unit_of_work
from certificates.batches.bulk_issuing import start_issue
from certificates.batches.bulk_preview import preview_issue
from certificates.making.rendering import CERTIFICATE_FILES
from certificates.record.audiences import Audience
from certificates.record.issuing import Certificate
from certificates.record.runs import RUNS, WORK_OFF_RUNS, CertificateRun, RunMail
from courses.records.completion import CompletionSource
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from messages.ledger import Message
from tests.builders.certificate_batches import completed
from tests.builders.region import TODAY, a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import count_open
from tests.services.conftest import OwnRedis, Site, let_time_pass, wait_until

pytestmark = pytest.mark.slow
MANY = 1400  # seven batches


def start_run(site: Site) -> None:
    """So many people whose completion was imported are to get a certificate; nobody rings."""
    with site.session() as session:
        course, unit = a_course(session), a_unit(session, an_organisation(session))
        completed(session, course, unit, MANY, source=CompletionSource.IMPORTED)
        account_id = an_account(session, a_person(session)).id
        audience = Audience(course.course_id, unit.organisation_id, on=TODAY)
    with site.app.app_context(), unit_of_work() as work:
        seen = preview_issue(work.session, audience, takes_imported=True).stamp
        about = {"takes_imported": True, "mail": RunMail.AT_ONCE, "account_id": account_id}
        start_issue(work.session, audience, seen=seen, now=utc_now(), **about)


def run_of(site: Site) -> CertificateRun:
    with site.session() as session:
        return session.scalars(select(CertificateRun)).one()


def check_each_has_one(site: Site) -> None:
    """One certificate, one promise and one message for each completion; the run counted them right."""
    with site.session() as session:
        issued = session.scalar(select(func.count()).select_from(Certificate))
        holders = session.scalar(select(func.count(Certificate.completion_id.distinct())))
        told = session.scalar(select(func.count()).select_from(Message))
        files = session.scalar(select(func.count()).where(Certificate.storage_key.is_not(None)))
        assert (issued, holders, told, run_of(site).issued) == (MANY, MANY, MANY, MANY)
        assert MANY - (files or 0) >= count_open(session, CERTIFICATE_FILES)


def is_done(site: Site) -> bool:
    return run_of(site).state is TaskState.DONE


def test_a_worker_killed_in_the_middle_of_a_run_loses_and_doubles_nothing(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    start_run(site)
    with site.app.app_context():
        ring(WORK_OFF_RUNS)
    worker = site.start("worker")
    wait_until(lambda: run_of(site).issued > 0, "the first batch", within=60, every=0.002)
    worker.kill()
    assert 0 < run_of(site).issued < MANY
    let_time_pass(site, RUNS.lease + timedelta(seconds=5))
    site.start("worker")
    with site.app.app_context():
        run_housekeeping()
    wait_until(lambda: is_done(site), "the end of the run", within=60)
    check_each_has_one(site)


def test_two_workers_work_off_one_run_once(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    start_run(site)
    with site.app.app_context():
        ring(WORK_OFF_RUNS)
        ring(WORK_OFF_RUNS)
    site.start("worker")
    site.start("worker")
    wait_until(lambda: is_done(site), "the end of the run", within=60)
    check_each_has_one(site)
