"""The name on a certificate was corrected in the record: its holder asks for a certificate that says so."""

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.badges import ring_for_ended_badges
from app.extensions import db
from app.wiring import promise_file
from app.work import unit_of_work
from certificates.issuing import get_certificate
from certificates.reissuing import MOST_OWN_CORRECTIONS, correct_own_name, own_corrections
from certificates.standing import chain_of
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Nothing to fill in: the name comes from the record."""


@signed_in
def certificate_name(number: str) -> str | tuple[str, int] | Response:
    """The name on the certificate beside the one on record, and a button where they differ."""
    session, person, form, refusal = db.session(), who(), ConfirmForm(), ""
    if form.validate_on_submit():
        try:
            return redirect(_corrected(number))
        except RuleBroken as problem:
            refusal = problem.message
    found = get_certificate(session, number=number, person_id=person.person_id)
    chain = chain_of(session, found, today=local_day(utc_now()))
    done = own_corrections(session, completion_id=found.completion_id, account_id=person.account_id)
    page = render_template(
        "learn/certificate_name.html",
        certificate=found,
        chain=chain,
        name=person.name,
        left=max(0, MOST_OWN_CORRECTIONS - done),
        refusal=refusal,
    )
    return page, 422 if refusal else 200


def _corrected(number: str) -> str:
    with unit_of_work() as work:
        outcome = correct_own_name(
            work.session, number=number, person_id=who().person_id, account_id=who().account_id, now=utc_now()
        )
        promise_file(outcome, work)
        ring_for_ended_badges(work)
    flash("Your new certificate has the corrected name")
    return url_for("learn.certificate", number=outcome.number)
