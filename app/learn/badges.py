"""A holder's own badge: made when they ask, carried elsewhere, taken back. And the way to LinkedIn."""

from io import BytesIO
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from werkzeug.wrappers import Response
from wtforms import BooleanField

from app.access import signed_in, who
from app.badges import FILE_POLICY, are_badges_made, badge_addresses, ring_for_ended_badges
from app.extensions import db
from app.work import unit_of_work
from certificates.badges.making import SIGN_BADGES, ask_for_badge, find_badge, withdraw_badge
from certificates.badges.picture import baked_picture
from certificates.badges.records import Badge, BadgeState
from certificates.issuing import Certificate, get_certificate
from certificates.standing import chain_of
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


class BadgeForm(FlaskForm):  # type: ignore[misc]
    """Whether the badge names its holder's e-mail address, hashed."""

    has_email = BooleanField(
        "Let services where I keep badges recognise my work email address",
        widget=GovCheckboxInput(),
    )


def _own(number: str) -> Certificate:
    return get_certificate(db.session(), number=number, person_id=who().person_id)


@signed_in
def certificate_badge(number: str) -> str | tuple[str, int] | Response:
    """Show it elsewhere: what a badge is, what others see, and the badge itself."""
    form, refusal = BadgeForm(), ""
    if form.validate_on_submit():
        try:
            _ask(number, bool(form.has_email.data))
        except RuleBroken as problem:
            refusal = problem.message
        else:
            return redirect(url_for("learn.certificate_badge", number=number, _anchor="badge"))
    found = _own(number)
    today = local_day(utc_now())
    page = render_template(
        "learn/certificate_badge.html",
        certificate=found,
        chain=chain_of(db.session(), found, today=today),
        badge=find_badge(db.session(), certificate_id=found.id),
        are_badges_made=are_badges_made(),
        has_address=db.session().get_one(Person, found.person_id).email is not None,
        linkedin=linkedin_address(found),
        form=form,
        refusal=refusal,
    )
    return page, 422 if refusal else 200


def _ask(number: str, has_email: bool) -> None:
    if not are_badges_made():
        raise RuleBroken("Badges are not made here at the moment")
    with unit_of_work() as work:
        ask_for_badge(
            work.session,
            number=number,
            person_id=who().person_id,
            account_id=who().account_id,
            has_email=has_email,
            now=utc_now(),
        )
        work.ring_after_commit(SIGN_BADGES)


@signed_in
def certificate_badge_status(number: str) -> tuple[str, int]:
    """The part of the page that changes: 202 until there is news."""
    certificate = _own(number)
    found = find_badge(db.session(), certificate_id=certificate.id)
    is_waiting = found is not None and found.state is BadgeState.PENDING
    return render_template(
        "learn/certificate_badge_status.html", certificate=certificate, badge=found
    ), 202 if is_waiting else 200


@signed_in
def certificate_badge_withdraw(number: str) -> Response:
    """Take the badge back: its address says nothing any more, and its status says that it ended."""
    with unit_of_work() as work:
        withdraw_badge(
            work.session, number=number, person_id=who().person_id, account_id=who().account_id, now=utc_now()
        )
        ring_for_ended_badges(work)
    flash("You took the badge back")
    return redirect(url_for("learn.certificate_badge", number=number))


@signed_in
def certificate_badge_file(number: str, kind: str) -> Response:
    """The badge as a picture with the credential inside, as JSON, or as a token. Only while it counts."""
    certificate = _own(number)
    found = find_badge(db.session(), certificate_id=certificate.id)
    if kind not in KINDS or found is None or found.state is not BadgeState.READY:
        raise NotFound(f"the {kind} of {number}'s badge")
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
