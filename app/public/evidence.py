"""Anybody may check an evidence pack: by its number, by its hash, or by the file itself, which is not kept."""

import hashlib

from flask import redirect, render_template, url_for
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSubmitInput, GovTextInput
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import StringField, SubmitField
from wtforms.validators import Length

from app.platform.access import public
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.pages.upload_limits import takes_up_to
from app.public.limits import slowed_down, slowed_down_posts
from certificates.record.numbers import LONGEST_INPUT
from reports.evidence.packs import SealedPack, find_sealed

MOST_MEGABYTES = 20
_PIECE = 64 * 1024
_HEADING = "Check an evidence pack"
NOTHING_GIVEN = "Enter the number of the pack or its hash, or select its file"


class EvidenceForm(FlaskForm):
    """A number or a hash, or a file. One of them is enough; with both, the file must be the pack of the number."""

    number = StringField(
        "Number or SHA-256 hash",
        description="The number is on the first page, for example EVID-7K4M-29QX-C",
        widget=GovTextInput(),
        validators=[Length(max=LONGEST_INPUT, message="Enter the number alone, without so many other words")],
    )
    file = FileField(
        "The file, if you have it",
        description=f"A PDF of up to {MOST_MEGABYTES} MB. We look at it and do not keep it",
        widget=GovFileInput(),
    )
    submit = SubmitField("Check", widget=GovSubmitInput())


@public
@slowed_down_posts
@takes_up_to(MOST_MEGABYTES)
def check_evidence() -> tuple[str, int] | Response:
    """Ask for a number, a hash or a file, and say what is known of it."""
    form = EvidenceForm()
    if not form.validate_on_submit():
        return _form(form)
    typed, digest = (form.number.data or "").strip(), _digest(form.file.data)
    if digest:
        return _checked(typed, digest)
    if not typed:
        form.number.errors = [NOTHING_GIVEN]
        return _form(form)
    found = find_sealed(db.session(), typed)
    if found is None:
        form.number.errors = ["No evidence pack has this number or this hash. Check it letter by letter"]
        return _form(form)
    return redirect(url_for("public.sealed_evidence", evidence_number=found.number))


def _form(form: EvidenceForm) -> tuple[str, int]:
    page = render_template("public/check_evidence.html", form=form, heading=_HEADING)
    return page, 422 if form.errors else 200


def _digest(file: FileStorage | None) -> str:
    """The SHA-256 of a file; empty for none."""
    if file is None or not file.filename:
        return ""
    digest = hashlib.sha256()
    while piece := file.stream.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _checked(typed: str, digest: str) -> tuple[str, int]:
    """What is said of a file. With a number beside it, it must be the file of that number."""
    session = db.session()
    found = find_sealed(session, digest)
    of_number = find_sealed(session, typed) if typed else None
    is_other = bool(typed) and found is not None and (of_number is None or of_number.number != found.number)
    return _page(found or of_number, is_file=True, is_unchanged=found is not None and not is_other, is_other=is_other)


@public
@slowed_down
def sealed_evidence(evidence_number: str) -> tuple[str, int]:
    """What is known of the pack with this number."""
    found = find_sealed(db.session(), evidence_number)
    return _page(found, typed=evidence_number[:40], status=200 if found else 404)


def _page(
    found: SealedPack | None,
    *,
    is_file: bool = False,
    is_unchanged: bool = False,
    is_other: bool = False,
    typed: str = "",
    status: int = 200,
) -> tuple[str, int]:
    page = render_template(
        "public/evidence_checked.html",
        found=found,
        is_file=is_file,
        is_unchanged=is_unchanged,
        is_other=is_other,
        typed=typed,
    )
    return page, status
