"""One certificate as an admin sees it, and what can be done to it: issue anew, revoke, restore. Names stay masked."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField

from app.manage.certificates.files import states_of_files
from app.manage.certificates.queue import STATE_WORDS
from app.platform.access import allow, who
from app.platform.badge_settings import ring_for_ended_badges
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.work import unit_of_work
from app.wiring import promise_file
from certificates.changes.reissuing import reissue
from certificates.changes.revoking import restore, revoke
from certificates.making.announcing import announcements_of
from certificates.making.queue_status import get_any_certificate
from certificates.record.history import LONGEST_WORDS, REASONS, WITHDRAWS_COMPLETION, EventKind, Reason
from certificates.record.issuing import Certificate
from certificates.record.masking import mask_name
from certificates.record.numbers import numbers_in
from certificates.record.validity_status import EditionHistory, ValidityStatus, edition_history, events_of
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.accounts import accounts_of
from people.actors import names_of_accounts
from people.roles import Role
from typesetting.coverage import undrawn_scripts


@dataclass(frozen=True)
class Change:
    """What an admin can do to a certificate, in words."""

    kind: EventKind
    heading: str
    button: str
    tone: str
    done: str


CHANGES = {
    "reissue": Change(
        EventKind.SUPERSEDED, "Issue this certificate anew", "Issue anew", "", "A new certificate is on its way"
    ),
    "revoke": Change(
        EventKind.REVOKED, "Revoke this certificate", "Revoke", "warning", "The certificate is revoked from now on"
    ),
    "restore": Change(EventKind.RESTORED, "Restore this certificate", "Restore", "", "The certificate is valid again"),
}
OPEN_TO = {
    ValidityStatus.VALID: ("reissue", "revoke"),
    ValidityStatus.EXPIRED: ("reissue", "revoke"),
    ValidityStatus.REVOKED: ("restore",),
    ValidityStatus.SUPERSEDED: (),
}


class ChangeForm(FlaskForm):
    """Why, from a list, and in words for the holder."""

    reason = RadioField("Why?", widget=GovRadioInput(), validate_choice=False)
    words = TextAreaField(
        "What should the holder know? (optional)",
        description="The holder reads this; whoever checks the certificate does not. Needed for another reason. "
        f"Up to {LONGEST_WORDS} characters",
        widget=GovTextArea(),
    )


@allow(Role.ADMIN)
def certificate(certificate_number: str) -> tuple[str, int]:
    """One certificate: what it is worth, the state of its file, its editions and everything that happened."""
    session = db.session()
    try:
        found = get_any_certificate(
            session, certificate_number=next(iter(numbers_in(certificate_number)), certificate_number)
        )
    except NotFound:
        return render_template("manage/certificate.html", number=certificate_number[:40], found=None), 404
    history = _history(found)
    events = [
        event for edition in history.editions for event in events_of(session, certificate_id=edition.certificate_id)
    ]
    return render_template(
        "manage/certificate.html",
        number=found.number,
        found=found,
        history=history,
        masked_name=mask_name(found.holder_name),
        scripts=undrawn_scripts([found.holder_name]),
        events=events,
        numbers={edition.certificate_id: edition.number for edition in history.editions},
        holders=accounts_of(session, person_id=found.person_id),
        names=names_of_accounts(session, account_ids=[event.actor_account_id for event in events]),
        state_words=STATE_WORDS,
        files=states_of_files(found.id),
        announcement=announcements_of(session, certificate_ids=[found.id]).get(found.id),
        open_to=OPEN_TO[history.this.validity],
        changes=CHANGES,
    ), 200


def _history(found: Certificate) -> EditionHistory:
    return edition_history(db.session(), found, today=local_day(utc_now()))


@allow(Role.ADMIN)
def certificate_change(certificate_number: str, act: str) -> str | tuple[str, int] | Response:
    """Ask why, then do it."""
    found, change = get_any_certificate(db.session(), certificate_number=certificate_number), CHANGES.get(act)
    history = _history(found)
    if change is None:
        raise NotFound(f"{act} for a certificate")
    form = ChangeForm()
    form.reason.choices = [SelectChoice(reason.value, words) for reason, words in REASONS[change.kind].items()]
    if form.validate_on_submit():
        try:
            certificate_number = _do(act, certificate_number, form)
        except RuleBroken as refusal:
            form[refusal.field or "reason"].errors = [refusal.message]
        else:
            flash(change.done)
            return redirect(url_for("manage.certificate", certificate_number=certificate_number))
    page = render_template(
        "manage/certificate_change.html",
        found=found,
        history=history,
        change=change,
        form=form,
        act=act,
        withdrawing=[words for reason, words in REASONS[EventKind.REVOKED].items() if reason in WITHDRAWS_COMPLETION],
    )
    return page, 422 if form.errors else 200


def _do(act: str, certificate_number: str, form: ChangeForm) -> str:
    """Do it; returns the number of the certificate to show next."""
    if form.reason.data not in set(Reason):
        raise RuleBroken("Select a reason", "reason")
    account_id, now = who().account_id, utc_now()
    reason, words = Reason(form.reason.data), form.words.data or ""
    with unit_of_work() as work:
        if act == "reissue":
            outcome = reissue(
                work.session,
                certificate_number=certificate_number,
                reason=reason,
                words=words,
                account_id=account_id,
                now=now,
            )
            promise_file(outcome, work, now=now)
            ring_for_ended_badges(work)
            return outcome.number
        act_on = revoke if act == "revoke" else restore
        act_on(
            work.session,
            certificate_number=certificate_number,
            reason=reason,
            words=words,
            account_id=account_id,
            now=now,
        )
        ring_for_ended_badges(work)
    return certificate_number
