"""A person's own certificates: on their way, ready to download, delayed, replaced or revoked, with the reason."""

from flask import render_template
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.certificate_file import certificate_pdf
from app.extensions import db
from app.learn.large_print import beside
from certificates.announcing import mailed_times
from certificates.history import WHAT_NOW
from certificates.issuing import Certificate, CertificateState, certificates_for, get_certificate
from certificates.standing import chain_of
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound


@signed_in
def certificates() -> str:
    """All of them, newest first."""
    found = certificates_for(db.session(), person_id=who().person_id)
    return render_template("learn/certificates.html", certificates=found, today=local_day(utc_now()))


def _own(number: str) -> Certificate:
    return get_certificate(db.session(), number=number, person_id=who().person_id)


@signed_in
def certificate(number: str) -> str:
    """One certificate; while it is being made the page says so, and a reload shows the download."""
    found = _own(number)
    chain = chain_of(db.session(), found, today=local_day(utc_now()))
    return render_template(
        "learn/certificate.html",
        certificate=found,
        chain=chain,
        mailed_at=mailed_times(db.session(), certificate_ids=[found.id]).get(found.id),
        what_now=WHAT_NOW,
        **beside(found),
    )


@signed_in
def certificate_status(number: str) -> tuple[str, int]:
    """The part of the page that changes, for the script that waits: 202 until there is news."""
    found = _own(number)
    is_waiting = found.state in (CertificateState.PENDING, CertificateState.RENDERING)
    return render_template("learn/certificate_status.html", certificate=found), 202 if is_waiting else 200


@signed_in
def certificate_file(number: str) -> Response:
    """The PDF, unless the certificate is revoked."""
    found = _own(number)
    if found.is_revoked:
        raise NotFound(f"the file of {number}")
    return certificate_pdf(found.id, name=f"{found.course_title} - certificate {found.number}.pdf")
