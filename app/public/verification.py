"""Anybody may check a certificate by its number. Guessing is slowed down."""

import re

from flask import redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import Form, StringField, SubmitField
from wtforms.validators import DataRequired, Length, ValidationError

from app.platform.access import public
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.public.limits import slowed_down
from certificates.record.numbers import EXAMPLE, LONGEST_INPUT, is_example, numbers_in, unquoted
from certificates.record.validity_status import ValidityStatus
from certificates.verification import Verification
from certificates.verification import verify as find_certificate
from kernel.clock import utc_now

HEADINGS = {
    ValidityStatus.VALID: "This certificate is valid",
    ValidityStatus.EXPIRED: "This certificate has expired",
    ValidityStatus.SUPERSEDED: "This certificate was replaced",
    ValidityStatus.REVOKED: "This certificate was revoked",
}


NOT_OURS = "We did not issue this certificate"
NO_NUMBER = "This is not a certificate number"
IS_EXAMPLE = "This is the example. Enter the number that is printed on the certificate"
_HOLDERS_LINK = re.compile(r"/verify/([^/\s]+)/name/([\w-]+)")


def _number_is_there(_form: Form, field: StringField) -> None:
    if not numbers_in(field.data or ""):
        raise ValidationError(IS_EXAMPLE if is_example(field.data or "") else f"{NO_NUMBER}. Check it letter by letter")


class NumberForm(FlaskForm):
    """A certificate number, however it is typed, or what it stands in: a link, or a line of the certificate."""

    number = StringField(
        "Certificate number",
        description=f"It is at the bottom of the certificate, for example {EXAMPLE}",
        widget=GovTextInput(),
        validators=[
            DataRequired("Enter a certificate number"),
            Length(max=LONGEST_INPUT, message="Enter the number alone, without so many other words"),
            _number_is_there,
        ],
    )
    submit = SubmitField("Check this number", widget=GovSubmitInput())


@public
def verify_form() -> str | tuple[str, int] | Response:
    """Ask for a number."""
    form = NumberForm()
    if form.validate_on_submit():
        typed = form.number.data or ""
        link = _HOLDERS_LINK.search(unquoted(typed))
        if link and (named := numbers_in(link[1])):
            return redirect(url_for("public.verify_holder", certificate_number=named[0], secret=link[2]))
        return redirect(url_for("public.verify", certificate_number=" ".join(numbers_in(typed))))
    return render_template("public/verify_form.html", form=form), 422 if form.errors else 200


@public
@slowed_down
def verify(certificate_number: str) -> tuple[str, int]:
    """Whether it counts, and the public facts."""
    found = find_certificate(db.session(), certificate_number=certificate_number, now=utc_now())
    page = render_template("public/verify.html", **_values(found, certificate_number, is_link=False))
    return page, 200 if found else 404


@public
@slowed_down
def verify_holder(certificate_number: str, secret: str) -> tuple[str, int]:
    """The same with the full name, by a link that the holder made."""
    found = find_certificate(db.session(), certificate_number=certificate_number, now=utc_now(), secret=secret)
    page = render_template("public/verify_holder.html", **_values(found, certificate_number, is_link=True))
    return page, 200 if found else 404


def _values(found: Verification | None, certificate_number: str, *, is_link: bool) -> dict[str, object]:
    read = numbers_in(certificate_number)
    heading = HEADINGS[found.validity] if found else NOT_OURS if read else NO_NUMBER
    return {
        "found": found,
        "number": read[0] if read else certificate_number[:40],
        "heading": heading,
        "is_number": bool(read),
        "is_example": is_example(certificate_number),
        "example": EXAMPLE,
        "is_link": is_link,
    }
