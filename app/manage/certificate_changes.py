"""One certificate as an admin sees it, and what can be done to it: issue anew, revoke, restore. Names stay masked."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.access import allow, who
from app.badges import ring_for_ended_badges
from app.extensions import db
from app.manage.certificate_files import states_of_files
from app.manage.certificate_queue import STATE_WORDS
from app.wiring import promise_file
from app.work import unit_of_work
from certificates.announcing import announcements_of
from certificates.backlog import get_any_certificate
from certificates.history import LONGEST_WORDS, REASONS, EventKind, Reason
from certificates.issuing import Certificate
from certificates.masking import mask_name
from certificates.numbers import normalise
from certificates.reissuing import reissue
from certificates.revoking import restore, revoke
from certificates.standing import Chain, Standing, chain_of, events_of
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.accounts import accounts_of
from people.actors import names_of_accounts
from people.roles import Role


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
    Standing.VALID: ("reissue", "revoke"),
    Standing.EXPIRED: ("reissue", "revoke"),
    Standing.REVOKED: ("restore",),
    Standing.SUPERSEDED: (),
}


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """Why, from a list, and in words for the holder."""

    reason = RadioField("Why?", widget=GovRadioInput(), validate_choice=False)
    words = TextAreaField(
        "What should the holder know? (optional)",
        description="The holder reads this; whoever checks the certificate does not. Needed for another reason. "
        f"Up to {LONGEST_WORDS} characters",
        widget=GovTextArea(),
    )


@allow(Role.ADMIN)
def certificate(number: str) -> tuple[str, int]:
    """One certificate: what it is worth, the state of its file with times, its chain and everything that happened."""
    session = db.session()
    try:
        found = get_any_certificate(session, number=normalise(number) or number)
    except NotFound:
        return render_template("manage/certificate.html", number=number[:40], found=None), 404
    chain = _chain(found)
    events = [
        event for edition in chain.editions for event in events_of(session, certificate_id=edition.certificate_id)
    ]
    page = render_template(
        "manage/certificate.html",
        number=found.number,
        found=found,
        chain=chain,
        masked_name=mask_name(found.holder_name),
        events=events,
        numbers={edition.certificate_id: edition.number for edition in chain.editions},
        holders=accounts_of(session, person_id=found.person_id),
        names=names_of_accounts(session, account_ids=[event.actor_account_id for event in events]),
        state_words=STATE_WORDS,
        files=states_of_files(found.id),
        announcement=announcements_of(session, certificate_ids=[found.id]).get(found.id),
        open_to=OPEN_TO[chain.this.standing],
        changes=CHANGES,
    )
    return page, 200


def _chain(found: Certificate) -> Chain:
    return chain_of(db.session(), found, today=local_day(utc_now()))


@allow(Role.ADMIN)
def certificate_change(number: str, act: str) -> str | tuple[str, int] | Response:
    """Ask why, then do it."""
    found, change = get_any_certificate(db.session(), number=number), CHANGES.get(act)
    chain = _chain(found)
    if change is None:
        raise NotFound(f"{act} for a certificate")
    form = ChangeForm()
    form.reason.choices = [SelectChoice(reason.value, words) for reason, words in REASONS[change.kind].items()]
    if form.validate_on_submit():
        try:
            number = _do(act, number, form)
        except RuleBroken as refusal:
            form[refusal.field or "reason"].errors = [refusal.message]
        else:
            flash(change.done)
            return redirect(url_for("manage.certificate", number=number))
    page = render_template(
        "manage/certificate_change.html", found=found, chain=chain, change=change, form=form, act=act
    )
    return page, 422 if form.errors else 200


def _do(act: str, number: str, form: ChangeForm) -> str:
    """Do it; returns the number of the certificate to show next."""
    if form.reason.data not in set(Reason):
        raise RuleBroken("Select a reason", "reason")
    account_id, now = who().account_id, utc_now()
    reason, words = Reason(form.reason.data), form.words.data or ""
    with unit_of_work() as work:
        if act == "reissue":
            outcome = reissue(work.session, number=number, reason=reason, words=words, account_id=account_id, now=now)
            promise_file(outcome, work)
            ring_for_ended_badges(work)
            return outcome.number
        act_on = revoke if act == "revoke" else restore
        act_on(work.session, number=number, reason=reason, words=words, account_id=account_id, now=now)
        ring_for_ended_badges(work)
    return number
