"""A holder's own badge: made when they ask, carried elsewhere, taken back. And the way to LinkedIn."""

from io import BytesIO
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, send_file, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from werkzeug.wrappers import Response
from wtforms import BooleanField

from app.platform.access import signed_in, who
from app.platform.badge_settings import FILE_POLICY, are_badges_made, badge_addresses, ring_for_ended_badges
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from certificates.badges.making import SIGN_BADGES, ask_for_badge, find_badge, withdraw_badge
from certificates.badges.picture import baked_picture
from certificates.badges.records import Badge
from certificates.record.issuing import Certificate, get_certificate
from certificates.record.validity_status import edition_history
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.persons import Person

LINKEDIN = "https://www.linkedin.com/profile/add"
# What a holder may take along: content type and the ending of the file's name.
KINDS = {
    "picture": ("image/svg+xml", "svg"),
    "credential": ("application/vc", "json"),
    "jwt": ("application/vc+jwt", "jwt"),
}


class BadgeForm(FlaskForm):
    """Whether the badge names its holder's e-mail address, hashed."""

    has_email = BooleanField(
        "Let services where I keep badges recognise my work email address",
        widget=GovCheckboxInput(),
    )


def _own(certificate_number: str) -> Certificate:
    return get_certificate(db.session(), certificate_number=certificate_number, person_id=who().person_id)


@signed_in
def certificate_badge(certificate_number: str) -> str | tuple[str, int] | Response:
    """Show it elsewhere: what a badge is, what others see, and the badge itself."""
    form, refusal = BadgeForm(), ""
    if form.validate_on_submit():
        try:
            _ask(certificate_number, bool(form.has_email.data))
        except RuleBroken as problem:
            refusal = problem.message
        else:
            return redirect(url_for("learn.certificate_badge", certificate_number=certificate_number, _anchor="badge"))
    found = _own(certificate_number)
    today = local_day(utc_now())
    page = render_template(
        "learn/certificate_badge.html",
        certificate=found,
        history=edition_history(db.session(), found, today=today),
        badge=find_badge(db.session(), certificate_id=found.id),
        are_badges_made=are_badges_made(),
        has_address=db.session().get_one(Person, found.person_id).email is not None,
        linkedin=linkedin_address(found),
        form=form,
        refusal=refusal,
    )
    return page, 422 if refusal else 200


def _ask(certificate_number: str, has_email: bool) -> None:
    if not are_badges_made():
        raise RuleBroken("Badges are not made here at the moment")
    with unit_of_work() as work:
        ask_for_badge(
            work.session,
            certificate_number=certificate_number,
            person_id=who().person_id,
            account_id=who().account_id,
            has_email=has_email,
            now=utc_now(),
        )
        work.ring_after_commit(SIGN_BADGES)


@signed_in
def certificate_badge_status(certificate_number: str) -> tuple[str, int]:
    """The part of the page that changes: 202 until there is news."""
    certificate = _own(certificate_number)
    found = find_badge(db.session(), certificate_id=certificate.id)
    is_waiting = found is not None and found.is_on_its_way
    return render_template(
        "learn/certificate_badge_status.html", certificate=certificate, badge=found
    ), 202 if is_waiting else 200


@signed_in
def certificate_badge_withdraw(certificate_number: str) -> Response:
    """Take the badge back: its address says nothing any more, and its status says that it ended."""
    with unit_of_work() as work:
        withdraw_badge(
            work.session,
            certificate_number=certificate_number,
            person_id=who().person_id,
            account_id=who().account_id,
            now=utc_now(),
        )
        ring_for_ended_badges(work)
    flash("You took the badge back")
    return redirect(url_for("learn.certificate_badge", certificate_number=certificate_number))


@signed_in
def certificate_badge_file(certificate_number: str, kind: str) -> Response:
    """The badge as a picture with the credential inside, as JSON, or as a token. Only while it counts."""
    certificate = _own(certificate_number)
    found = find_badge(db.session(), certificate_id=certificate.id)
    if kind not in KINDS or found is None or not found.is_ready:
        raise NotFound(f"the {kind} of {certificate_number}'s badge")
    content_type, ending = KINDS[kind]
    response = send_file(
        BytesIO(_body(kind, certificate, found).encode()),
        mimetype=content_type,
        as_attachment="look" not in request.args,
        download_name=f"{certificate.course_title} - badge {certificate.number}.{ending}",
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def _body(kind: str, certificate: Certificate, found: Badge) -> str:
    if kind == "picture":
        return baked_picture(certificate.course_title, str(certificate.course_version), found.credential or "")
    return (found.credential if kind == "credential" else found.jwt) or ""


def linkedin_address(certificate: Certificate) -> str:
    """LinkedIn's own form for a certificate, filled in. It learns nothing until its holder opens it and saves."""
    values: dict[str, str | int] = {
        "startTask": "CERTIFICATION_NAME",
        "name": certificate.course_title,
        "organizationName": certificate.organisation_name,
        "issueYear": certificate.completed_on.year,
        "issueMonth": certificate.completed_on.month,
    }
    if certificate.valid_until is not None:
        values |= {
            "expirationYear": certificate.valid_until.year,
            "expirationMonth": certificate.valid_until.month,
        }
    values |= {"certUrl": badge_addresses().verify(certificate.number), "certId": certificate.number}
    return f"{LINKEDIN}?{urlencode(values)}"
