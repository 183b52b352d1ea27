"""Anybody may check a certificate by its number. Guessing is slowed down."""

from flask import current_app, redirect, render_template, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField, SubmitField
from wtforms.validators import DataRequired, Length

from app.access import public
from app.extensions import db, limiter
from certificates.standing import Standing
from certificates.verification import Verification
from certificates.verification import verify as find_certificate
from kernel.clock import utc_now

CHECKS = "checks"  # numbers, links and files are counted together
HEADINGS = {
    Standing.VALID: "This certificate is valid",
    Standing.EXPIRED: "This certificate has expired",
    Standing.SUPERSEDED: "This certificate was replaced",
    Standing.REVOKED: "This certificate was revoked",
}


class NumberForm(FlaskForm):  # type: ignore[misc]
    """A certificate number, however it is typed."""

    number = StringField(
        "Certificate number",
        description="It is at the bottom of the certificate, for example RE-7K4M-29QX-C",
        widget=GovTextInput(),
        validators=[
            DataRequired("Enter a certificate number"),
            Length(max=40, message="That is too long to be a number"),
        ],
    )
    submit = SubmitField("Check this number", widget=GovSubmitInput())


def verify_limit() -> str:
    """How often anybody may check."""
    limit: str = current_app.config["SETTINGS"].verify_limit
    return limit


@public
def verify_form() -> str | tuple[str, int] | Response:
    """Ask for a number."""
    form = NumberForm()
    if form.validate_on_submit():
        return redirect(url_for("public.verify", number=form.number.data.strip().replace("/", "-")))
    return render_template("public/verify_form.html", form=form), 422 if form.errors else 200


@public
@limiter.shared_limit(verify_limit, scope=CHECKS)
def verify(number: str) -> tuple[str, int]:
    """Whether it counts, and the public facts."""
    found = find_certificate(db.session(), number=number, now=utc_now())
    page = render_template("public/verify.html", **_values(found, number, is_link=False))
    return page, 200 if found else 404


@public
@limiter.shared_limit(verify_limit, scope=CHECKS)
def verify_holder(number: str, secret: str) -> tuple[str, int]:
    """The same with the full name, by a link that the holder made."""
    found = find_certificate(db.session(), number=number, now=utc_now(), secret=secret)
    page = render_template("public/verify_holder.html", **_values(found, number, is_link=True))
    return page, 200 if found else 404


def _values(found: Verification | None, number: str, *, is_link: bool) -> dict[str, object]:
    heading = HEADINGS[found.standing] if found else "We did not issue this certificate"
    return {"found": found, "number": number[:40], "heading": heading, "is_link": is_link}
