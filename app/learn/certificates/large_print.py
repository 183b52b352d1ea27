"""A certificate in other shapes: as a page, and as a PDF in large print by its holder's choice."""

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.certificate_pages.file import certificate_pdf
from app.certificate_pages.page import are_colours, certificate_page, css_of, verify_address
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.work import unit_of_work
from certificates.looks.branding import Colours
from certificates.making.derived_files import MAKE_DERIVED_FILES, ask_for_large_print, find_large_print
from certificates.making.rendering import facts_of
from certificates.record.issuing import Certificate, get_certificate
from kernel.clock import utc_now
from kernel.errors import NotFound

ONE_YEAR = 365 * 24 * 60 * 60


def large_print_values(certificate: Certificate) -> dict[str, object]:
    """What the page of a certificate shows beside its PDF."""
    session = db.session()
    return {
        "certificate_page": certificate_page(facts_of(session, certificate, verify_address)),
        "large_print": find_large_print(session, certificate_id=certificate.id),
    }


def _own(certificate_number: str) -> Certificate:
    return get_certificate(db.session(), certificate_number=certificate_number, person_id=who().person_id)


@signed_in
def large_print(certificate_number: str) -> Response:
    """Ask for the large print; asking twice makes one."""
    certificate_id = _own(certificate_number).id
    with unit_of_work() as work:
        ask_for_large_print(work.session, certificate_id=certificate_id, account_id=who().account_id, now=utc_now())
        work.ring_after_commit(MAKE_DERIVED_FILES)
    return redirect(url_for("learn.certificate", certificate_number=certificate_number, _anchor="large-print"))


@signed_in
def large_print_status(certificate_number: str) -> tuple[str, int]:
    """The part of the page that changes: 202 until there is news."""
    certificate = _own(certificate_number)
    found = find_large_print(db.session(), certificate_id=certificate.id)
    is_waiting = found is not None and found.is_on_its_way
    page = render_template("learn/large_print_status.html", certificate=certificate, large_print=found)
    return page, 202 if is_waiting else 200


@signed_in
def large_print_file(certificate_number: str) -> Response:
    """The PDF in large print, unless the certificate is revoked."""
    certificate = _own(certificate_number)
    if certificate.is_revoked:
        raise NotFound(f"the large print of {certificate_number}")
    name = f"{certificate.course_title} - certificate {certificate.number} - large print.pdf"
    return certificate_pdf(certificate.id, name=name, is_large=True)


@signed_in
def certificate_colours() -> Response:
    """Three colours as a style sheet: pages may not carry styles of their own. Anything but colours is not found."""
    colours = Colours(**{name: f"#{request.args.get(name, '')}" for name in ("main", "second", "accent")})
    if not are_colours(colours):
        raise NotFound("colours")
    response = FlaskResponse(css_of(colours), mimetype="text/css")
    response.headers["Cache-Control"] = f"private, max-age={ONE_YEAR}, immutable"
    return response
