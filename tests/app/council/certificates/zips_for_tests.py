"""What the tests of zips share: certificates with files, somebody who asks, and a worker that is rung for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.certificate_archives import make_archives
from app.platform.storage import FolderStore
from certificates.record.issuing import Certificate
from certificates.zips.requests import CertificateArchive
from people.organisations import Unit
from tests.builders.certificate_batches import with_files
from tests.builders.region import a_course
from tests.reading import Browser, Page

CERTIFICATES = "/council/halton/certificates"
NEW = f"{CERTIFICATES}/zips/new?course="


def ready(session: Session, store: FolderStore, unit: Unit, number: int) -> list[Certificate]:
    """So many certificates with a stored file, one for each name in turn."""
    found = with_files(session, store, a_course(session), unit, number)
    session.commit()
    session.expire_all()
    return [session.get_one(Certificate, certificate_id) for certificate_id in found]


def work(lead: Browser) -> None:
    """What a worker does when the bell rings."""
    with lead.client.application.app_context():
        make_archives()


def ask(lead: Browser, url: str = NEW) -> Page:
    return lead.submit(url, "Make the zip")


def the_archive(session: Session) -> CertificateArchive:
    session.expire_all()
    return session.scalars(select(CertificateArchive)).one()
