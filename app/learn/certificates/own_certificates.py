"""A person's own certificates: on their way, ready to download, delayed, replaced or revoked, with the reason."""

from flask import render_template
from werkzeug.wrappers import Response

from app.certificate_pages.file import certificate_pdf
from app.learn.certificates.large_print import large_print_values
from app.platform.access import signed_in, who
from app.platform.extensions import db
from certificates.making.announcing import mailed_times
from certificates.record.history import WHAT_NOW
from certificates.record.issuing import Certificate, certificates_for, get_certificate
from certificates.record.validity_status import edition_history
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound


@signed_in
def certificates() -> str:
    """All of them, newest first."""
    found = certificates_for(db.session(), person_id=who().person_id)
    return render_template("learn/certificates.html", certificates=found, today=local_day(utc_now()))


def _own(certificate_number: str) -> Certificate:
    return get_certificate(db.session(), certificate_number=certificate_number, person_id=who().person_id)


@signed_in
def certificate(certificate_number: str) -> str:
    """One certificate; while it is being made the page says so, and a reload shows the download."""
    found = _own(certificate_number)
    history = edition_history(db.session(), found, today=local_day(utc_now()))
    return render_template(
        "learn/certificate.html",
        certificate=found,
        history=history,
        mailed_at=mailed_times(db.session(), certificate_ids=[found.id]).get(found.id),
        what_now=WHAT_NOW,
        **large_print_values(found),
    )


@signed_in
def certificate_status(certificate_number: str) -> tuple[str, int]:
    """The part of the page that changes, for the script that waits: 202 until there is news."""
    found = _own(certificate_number)
    page = render_template("learn/certificate_status.html", certificate=found)
    return page, 202 if found.is_on_its_way else 200


@signed_in
def certificate_file(certificate_number: str) -> Response:
    """The PDF, unless the certificate is revoked."""
    found = _own(certificate_number)
    if found.is_revoked:
        raise NotFound(f"the file of {certificate_number}")
    return certificate_pdf(found.id, name=f"{found.course_title} - certificate {found.number}.pdf")
