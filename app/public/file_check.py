"""Anybody may drop a PDF here and learn whether it is the file that was issued, byte for byte. Nothing is kept."""

import hashlib

from flask import render_template
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSubmitInput
from werkzeug.datastructures import FileStorage
from wtforms import SubmitField

from app.platform.access import public
from app.platform.extensions import db
from app.platform.field_states import MustBeGiven
from app.platform.forms import FlaskForm
from app.platform.pages.upload_limits import takes_up_to
from app.public.limits import slowed_down_posts
from app.public.verification import HEADINGS
from certificates.verification import Verification, find_by_file
from kernel.clock import utc_now

# Ours have well under one.
MOST_MEGABYTES = 5
_PIECE = 64 * 1024
# A reader of PDF looks for its first words this far into a file (ISO 32000-1, annex H).
_HEAD = 1024


class FileForm(FlaskForm):
    """One PDF. Its errors are set by the view, after reading it."""

    certificate = FileField(
        "Certificate file",
        description=f"A PDF of up to {MOST_MEGABYTES} MB",
        widget=GovFileInput(),
        validators=[MustBeGiven()],
    )
    submit = SubmitField("Check this file", widget=GovSubmitInput())


def _digest(file: FileStorage | None) -> tuple[str, str]:
    """The SHA-256 of the file and no error, or an error."""
    if file is None or not file.filename:
        return "", "Select a certificate file"
    head = file.stream.read(_HEAD)
    if not head:
        return "", "The selected file is empty"
    if b"%PDF-" not in head:
        return "", "The selected file must be a PDF"
    digest = hashlib.sha256(head)
    while piece := file.stream.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest(), ""


@public
@slowed_down_posts
@takes_up_to(MOST_MEGABYTES)
def verify_file() -> tuple[str, int]:
    """Ask for a file; then say whether it is one that was issued, and what its certificate is worth now."""
    form = FileForm()
    if not form.is_submitted():
        return _page(form, "Check a certificate file")
    sha256, problem = _digest(form.certificate.data)
    if problem:
        form.certificate.errors = [problem]
        return _page(form, "Check a certificate file", status=422)
    found = find_by_file(db.session(), sha256=sha256, now=utc_now())
    heading = "This is the file that we issued" if found else "This is not a file that we issued"
    return _page(form, heading, found, is_checked=True)


def _page(
    form: FileForm, heading: str, found: Verification | None = None, *, is_checked: bool = False, status: int = 200
) -> tuple[str, int]:
    page = render_template(
        "public/verify_file.html",
        form=form,
        heading=heading,
        found=found,
        is_checked=is_checked,
        validity=HEADINGS[found.validity] if found else "",
    )
    return page, status
