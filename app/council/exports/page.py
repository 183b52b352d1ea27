"""The page of exports: keys, the newest exports, and the file for those who hold the right to download rows."""

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length, ValidationError

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.requests import number_in
from app.platform.input.text_line import line
from app.platform.pages.downloads import stored_download
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.kinds import TaskState
from people.organisations import Organisation
from people.roles import Role
from people.row_downloads.right import may_download_rows
from people.visibility import hr_scope
from privacy.leaving.recipients import ExportRecipient, add_recipient, read_key, recipients_of, remove_recipient
from privacy.leaving.record import (
    MAKE_EXPORTS,
    ask_for_export,
    exports_of,
    get_export,
    note_download,
)

MOST_SHOWN = 20
# A key of 62 characters, with room for spaces and line ends that come along when it is copied.
LONGEST_TYPED = 200
STATE_WORDS = {
    TaskState.PENDING: ("Waiting", ""),
    TaskState.WORKING: ("Being made", ""),
    TaskState.FAILED: ("Tried again", "due"),
    TaskState.PARKED: ("Could not be made", "due"),
    TaskState.PAUSED: ("Paused", "quiet"),
    TaskState.DONE: ("Ready", "done"),
    TaskState.CANCELLED: ("Given up", "quiet"),
    TaskState.EXPIRED: ("Deleted", "quiet"),
}


def _is_public_key(_form: FlaskForm, field: StringField) -> None:
    try:
        read_key(field.data or "")
    except RuleBroken as problem:
        field.data = ""  # should it be a private one, it does not go back over the line
        raise ValidationError(problem.message) from problem


class KeyForm(FlaskForm):
    """One more public key."""

    key = StringField(
        "Public key",
        description="It begins with “age1”. Never enter a private key, which begins with “AGE-SECRET-KEY-1”",
        widget=GovTextInput(),
        validators=[
            DataRequired("Enter the public key"),
            Length(max=LONGEST_TYPED, message="This is too long for a public key of age"),
            _is_public_key,
        ],
    )
    label = line(
        "Whose key is it?",
        "Enter whose key it is",
        ExportRecipient.label,
        "Such as “Information governance, in the safe”",
    )


def _authority(slug: str) -> Organisation:
    """The authority, for those who act for all of its people. Raises ``NotFound``."""
    return hr_scope(db.session(), who(), slug=slug)


def _may_take_out(organisation_id: int) -> bool:
    account_id, today = who().account_id, local_day(utc_now())
    return may_download_rows(db.session(), account_id=account_id, organisation_id=organisation_id, on=today)


@allow(Role.HR_LEAD, Role.ADMIN)
def exports(slug: str) -> str | tuple[str, int] | Response:
    """The keys, the exports, and adding a key."""
    organisation, form = _authority(slug), KeyForm()
    if form.validate_on_submit() and _added(form, organisation.id):
        flash("The key is added. Exports from now on are encrypted for it")
        return redirect(url_for("council.exports", slug=slug))
    shown = render_template(
        "council/exports.html",
        organisation=organisation,
        form=form,
        keys=recipients_of(db.session(), organisation_id=organisation.id),
        exports=exports_of(db.session(), organisation_id=organisation.id, limit=MOST_SHOWN),
        may_take_out=_may_take_out(organisation.id),
        state_words=STATE_WORDS,
        is_admin=who().has(Role.ADMIN),
    )
    return shown, 422 if form.errors else 200


def _added(form: KeyForm, organisation_id: int) -> bool:
    try:
        with unit_of_work() as work:
            add_recipient(
                work.session,
                organisation_id=organisation_id,
                typed=form.key.data or "",
                label=form.label.data or "",
                account_id=who().account_id,
                now=utc_now(),
            )
    except RuleBroken as problem:
        form.key.errors = [problem.message]
        return False
    return True


@allow(Role.HR_LEAD, Role.ADMIN)
def export_key_removed(slug: str) -> Response:
    """Let exports from now on not be opened with a key."""
    organisation_id = _authority(slug).id
    with unit_of_work() as work:
        remove_recipient(
            work.session,
            recipient_id=number_in(request.form, "key", 0),
            organisation_id=organisation_id,
            account_id=who().account_id,
            now=utc_now(),
        )
    flash("The key is removed. It still opens the exports that were made for it")
    return redirect(url_for("council.exports", slug=slug))


@allow(Role.HR_LEAD, Role.ADMIN)
def export_asked(slug: str) -> Response:
    """Have one made now."""
    organisation_id = _authority(slug).id
    with unit_of_work() as work:
        ask_for_export(work.session, organisation_id=organisation_id, account_id=who().account_id, now=utc_now())
        work.ring_after_commit(MAKE_EXPORTS)
    flash("An export is being made. It stands in the table below")
    return redirect(url_for("council.exports", slug=slug))


@allow(Role.HR_LEAD, Role.ADMIN)
def export_file(slug: str, export_id: int) -> Response:
    """The encrypted archive, sent piece by piece, for who may download rows; who takes it out is on record."""
    organisation = _authority(slug)
    organisation_id = organisation.id
    if not _may_take_out(organisation_id):
        raise NotFound(f"file of export {export_id}")
    with unit_of_work() as work:
        export = get_export(work.session, export_id=export_id, organisation_id=organisation_id)
        note_download(work.session, export, account_id=who().account_id, now=utc_now())
        day = local_day(export.ready_at or utc_now())
        stream = file_store().open(export.storage_key)  # one that is not there was not taken out
    name = f"everything-{slug}-{day.isoformat()}.zip.age"
    return stored_download(stream, mimetype="application/octet-stream", name=name)
