"""A zip with real workers: killed in the middle of it, taken over, and one zip in the end."""

from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from app.jobs.housekeeping import PATIENCE, keep_house
from app.queue import ring
from app.storage import FolderStore
from app.work import unit_of_work
from certificates.archives import LEASE, MAKE_ARCHIVES, ArchiveState, CertificateArchive, ask_for_archive
from certificates.audiences import Audience
from kernel.clock import utc_now
from tests.builders import a_course, a_person, a_unit, an_account, an_organisation
from tests.services.conftest import OwnRedis, Site, let_time_pass, wait_until
from tests.thousands import with_files

pytestmark = pytest.mark.slow
MANY = 1000  # five batches


def ask(site: Site) -> None:
    """Somebody asks for the zip of an authority; nobody rings."""
    with site.session() as session:
        course, unit = a_course(session), a_unit(session, an_organisation(session))
        with_files(session, FolderStore(site.files), course, unit, MANY)
        account_id = an_account(session, a_person(session)).id
        audience = Audience(course.course_id, unit.organisation_id)
    with site.app.app_context(), unit_of_work() as work:
        ask_for_archive(work.session, audience, wanted=MANY, account_id=account_id, now=utc_now())


def the_archive(site: Site) -> CertificateArchive:
    with site.session() as session:
        return session.scalars(select(CertificateArchive)).one()


def test_a_worker_killed_in_the_middle_of_a_zip_is_replaced(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    ask(site)
    with site.app.app_context():
        ring(MAKE_ARCHIVES)
    worker = site.start("worker")
    wait_until(lambda: the_archive(site).done > 0, "the first batch", within=60, every=0.002)
    worker.kill()
    assert the_archive(site).state is ArchiveState.MAKING
    let_time_pass(site, PATIENCE * 2)
    with site.session() as session:
        session.execute(update(CertificateArchive).values(claimed_at=utc_now() - LEASE * 2))
    site.start("worker")
    with site.app.app_context():
        keep_house()
    wait_until(lambda: the_archive(site).state is ArchiveState.READY, "the zip", within=60)
    found = the_archive(site)
    assert (found.tries, found.done, found.missing) == (2, MANY, 0)
    with ZipFile(site.files / found.storage_key) as archive:
        assert len(archive.namelist()) == MANY + 2
        assert archive.testzip() is None
    assert len(list((site.files / "certificate-archives").iterdir())) == 1
