"""The name on a certificate was corrected in the record: its holder asks for a certificate that says so."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.platform.access import signed_in, who
from app.platform.badge_settings import ring_for_ended_badges
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from app.wiring import promise_file
from certificates.changes.reissuing import MOST_OWN_CORRECTIONS, correct_own_name, own_corrections
from certificates.record.issuing import get_certificate
from certificates.record.validity_status import edition_history
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken


class ConfirmForm(FlaskForm):
    """Nothing to fill in: the name comes from the record."""


@signed_in
def certificate_name(certificate_number: str) -> str | tuple[str, int] | Response:
    """The name on the certificate beside the one on record, and a button where they differ."""
    session, person, form, refusal = db.session(), who(), ConfirmForm(), ""
    if form.validate_on_submit():
        try:
            return redirect(_corrected(certificate_number))
        except RuleBroken as problem:
            refusal = problem.message
    found = get_certificate(session, certificate_number=certificate_number, person_id=person.person_id)
    history = edition_history(session, found, today=local_day(utc_now()))
    done = own_corrections(session, completion_id=found.completion_id, account_id=person.account_id)
    page = render_template(
        "learn/certificate_name.html",
        certificate=found,
        history=history,
        name=person.name,
        left=max(0, MOST_OWN_CORRECTIONS - done),
        refusal=refusal,
    )
    return page, 422 if refusal else 200


def _corrected(certificate_number: str) -> str:
    now = utc_now()
    with unit_of_work() as work:
        outcome = correct_own_name(
            work.session,
            certificate_number=certificate_number,
            person_id=who().person_id,
            account_id=who().account_id,
            now=now,
        )
        promise_file(outcome, work, now=now)
        ring_for_ended_badges(work)
    flash("Your new certificate has the corrected name")
    return url_for("learn.certificate", certificate_number=outcome.number)
