"""A certificate in other shapes: as a page, and as a PDF in large print by its holder's choice."""

from flask import Response as FlaskResponse
from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.certificate_file import certificate_pdf
from app.certificate_twin import are_colours, css_of, twin_of
from app.extensions import db
from app.work import unit_of_work
from certificates.branding import Colours
from certificates.extras import RENDER_EXTRAS, ExtraState, ask_for_large_print, find_large_print
from certificates.issuing import Certificate, get_certificate
from certificates.rendering import facts_of
from kernel.clock import utc_now
from kernel.errors import NotFound

ONE_YEAR = 365 * 24 * 60 * 60


def beside(certificate: Certificate) -> dict[str, object]:
    """What the page of a certificate shows beside its PDF."""
    session = db.session()
    return {
        "twin": twin_of(facts_of(session, certificate, verify_address)),
        "large_print": find_large_print(session, certificate_id=certificate.id),
    }


def verify_address(number: str) -> str:
    """The address printed on a certificate."""
    return current_app.config["SETTINGS"].public_url.rstrip("/") + f"/verify/{number}"


def _own(number: str) -> Certificate:
    return get_certificate(db.session(), number=number, person_id=who().person_id)


@signed_in
def large_print(number: str) -> Response:
    """Ask for the large print; asking twice makes one."""
    certificate_id = _own(number).id
    with unit_of_work() as work:
        ask_for_large_print(work.session, certificate_id=certificate_id, account_id=who().account_id, now=utc_now())
        work.ring_after_commit(RENDER_EXTRAS)
    return redirect(url_for("learn.certificate", number=number, _anchor="large-print"))


@signed_in
def large_print_status(number: str) -> tuple[str, int]:
    """The part of the page that changes: 202 until there is news."""
    certificate = _own(number)
    found = find_large_print(db.session(), certificate_id=certificate.id)
    is_waiting = found is not None and found.state is ExtraState.PENDING
    page = render_template("learn/large_print_status.html", certificate=certificate, large_print=found)
    return page, 202 if is_waiting else 200


@signed_in
def large_print_file(number: str) -> Response:
    """The PDF in large print, unless the certificate is revoked."""
    certificate = _own(number)
    if certificate.is_revoked:
        raise NotFound(f"the large print of {number}")
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
