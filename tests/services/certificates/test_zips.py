"""A zip with real workers: killed in the middle of it, taken over, and one zip in the end; or cancelled, and none."""

from datetime import timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from app.jobs.housekeeping import PATIENCE, run_housekeeping
from app.platform.queue import ring
from app.platform.storage import FolderStore
from app.platform.work import unit_of_work
from certificates.record.audiences import Audience
from certificates.zips.making import mark_archive_ready
from certificates.zips.requests import (
    MAKE_ARCHIVES,
    ZIPS,
    CertificateArchive,
    ask_for_archive,
    cancel_archive,
)
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from kernel.files import StoredFile
from kernel.tasks.claims import Claim, ClaimLost
from kernel.tasks.kinds import TaskState
from tests.builders.certificate_batches import with_files
from tests.builders.region import TODAY, a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import in_hand
from tests.services.conftest import OwnRedis, Site, let_time_pass, wait_until
from tests.services.test_at_once import all_at_once

pytestmark = pytest.mark.slow
MANY = 1000  # five batches


def with_certificates(site: Site, number: int) -> tuple[Audience, int]:
    """An authority with so many certificates, and the account of somebody who may ask for them."""
    with site.session() as session:
        course, unit = a_course(session), a_unit(session, an_organisation(session))
        with_files(session, FolderStore(site.files), course, unit, number)
        account_id = an_account(session, a_person(session)).id
        return Audience(course.course_id, unit.organisation_id, on=TODAY), account_id


def ask(site: Site, audience: Audience, account_id: int) -> None:
    """Somebody asks for the zip; nobody rings."""
    with site.app.app_context(), unit_of_work() as work:
        ask_for_archive(work.session, audience, wanted=MANY, account_id=account_id, now=utc_now())


def cancel(site: Site) -> None:
    found = the_archive(site)
    with site.app.app_context(), unit_of_work() as work:
        about = {"archive_id": found.id, "account_id": found.asked_by_account_id}
        cancel_archive(work.session, now=utc_now(), **about)


def the_archive(site: Site) -> CertificateArchive:
    """The newest."""
    with site.session() as session:
        found = session.scalars(select(CertificateArchive).order_by(CertificateArchive.id.desc())).first()
        assert found is not None
        return found


def test_a_worker_killed_in_the_middle_of_a_zip_is_replaced(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    ask(site, *with_certificates(site, MANY))
    with site.app.app_context():
        ring(MAKE_ARCHIVES)
    worker = site.start("worker")
    wait_until(lambda: the_archive(site).done > 0, "the first batch", within=60, every=0.002)
    worker.kill()
    assert the_archive(site).state is TaskState.WORKING
    let_time_pass(site, PATIENCE * 2)
    assert ZIPS.lease <= timedelta(minutes=1)  # and housekeeping looks once a minute
    with site.session() as session:
        session.execute(update(CertificateArchive).values(claimed_at=utc_now() - ZIPS.lease - timedelta(seconds=1)))
    site.start("worker")
    with site.app.app_context():
        run_housekeeping()
    wait_until(lambda: the_archive(site).state is TaskState.DONE, "the zip", within=60)
    found = the_archive(site)
    assert (found.claims, found.done, found.missing) == (2, MANY, 0)
    with ZipFile(site.files / found.storage_key) as archive:
        assert len(archive.namelist()) == MANY + 2
        assert archive.testzip() is None
    assert len(list((site.files / "certificate-archives").iterdir())) == 1


def test_a_worker_in_the_middle_of_a_zip_that_is_cancelled_leaves_nothing(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    ask(site, *with_certificates(site, MANY))
    with site.app.app_context():
        ring(MAKE_ARCHIVES)
    site.start("worker")
    wait_until(lambda: the_archive(site).done > 0, "the first batch", within=60, every=0.002)
    cancel(site)
    wait_until(lambda: is_idle(own_redis), "the end of the job", within=60)
    found = the_archive(site)
    assert (found.state, found.sha256) == (TaskState.CANCELLED, None)
    assert found.done < MANY
    assert not list((site.files / "certificate-archives").glob("*"))


def is_idle(own_redis: OwnRedis) -> bool:
    """No job waits and none is being worked on."""
    client = own_redis.client()
    busy = [key for key in client.keys("rq:wip:*") if client.zcard(key)]
    return not busy and not any(client.llen(key) for key in client.keys("rq:queue:*"))


def test_a_cancellation_and_the_last_step_at_the_same_moment_agree(site: Site) -> None:
    audience, account_id = with_certificates(site, 1)
    for _ in range(5):
        ask(site, audience, account_id)
        with site.app.app_context(), unit_of_work() as work:
            claimed = in_hand(work.session, ZIPS, now=utc_now())
            key = claimed.rows[0].storage_key

        def act(place: int, claimed: Claim[CertificateArchive] = claimed, key: str = key) -> str:
            try:
                if place % 2:
                    cancel(site)
                else:
                    with site.app.app_context(), unit_of_work() as work:
                        file = StoredFile(key, "0" * 64, 1)
                        mark_archive_ready(work.session, claimed, file=file, included=1, missing=0, now=utc_now())
            except (ClaimLost, RuleBroken) as refusal:
                return type(refusal).__name__
            return "done"

        said = all_at_once(act)
        state = the_archive(site).state
        assert said.count("done") == 1
        assert state is (TaskState.DONE if said.index("done") % 2 == 0 else TaskState.CANCELLED)
