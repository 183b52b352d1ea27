"""Links by which a holder shows their full name: making one, seeing one's own, withdrawing one."""

from flask import flash, redirect, render_template, session, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField

from app.platform.access import signed_in, who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.work import unit_of_work
from certificates.record.issuing import get_certificate
from certificates.record.links import LASTS, LONGEST_LABEL, links_of, make_link, withdraw_link
from certificates.record.validity_status import edition_history
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken

NEW_LINK = "new_certificate_link"


class LinkForm(FlaskForm):
    """How long a link works, and a note that only its holder sees."""

    days = RadioField(
        "How long does the link work?",
        choices=[SelectChoice(str(days), words) for days, words in LASTS.items()],
        widget=GovRadioInput(),
        validate_choice=False,
    )
    label = StringField(
        "Who is it for? (optional)",
        description=f"Only you see this. It helps you to tell your links apart. Up to {LONGEST_LABEL} characters",
        widget=GovTextInput(),
    )


@signed_in
def certificate_links(certificate_number: str) -> str | tuple[str, int] | Response:
    """Make a link to one's own certificate, and see those that were made."""
    form = LinkForm()
    if form.validate_on_submit():
        try:
            _make(certificate_number, form)
        except RuleBroken as refusal:
            field = form.label if refusal.field == "label" else form.days
            field.errors = [refusal.message]
        else:
            return redirect(url_for("learn.certificate_links", certificate_number=certificate_number))
    now = utc_now()
    found = get_certificate(db.session(), certificate_number=certificate_number, person_id=who().person_id)
    page = render_template(
        "learn/certificate_links.html",
        certificate=found,
        history=edition_history(db.session(), found, today=local_day(now)),
        form=form,
        links=links_of(db.session(), certificate_id=found.id),
        new_link=_taken(found.number),
        now=now,
    )
    return page, 422 if form.errors else 200


def _make(certificate_number: str, form: LinkForm) -> None:
    days = form.days.data or ""
    with unit_of_work() as work:
        outcome = make_link(
            work.session,
            certificate_number=certificate_number,
            person_id=who().person_id,
            account_id=who().account_id,
            days=int(days) if days.isdecimal() and len(days) < 5 else 0,
            label=form.label.data or "",
            now=utc_now(),
        )
    # Shown once, on the page that comes next: we keep only its hash.
    session[NEW_LINK] = [outcome.number, outcome.secret]


def _taken(certificate_number: str) -> str | None:
    """The address of the link that was made a moment ago, once."""
    made = session.get(NEW_LINK)
    if not made or made[0] != certificate_number:
        return None
    del session[NEW_LINK]
    public_url = current_settings().public_url.rstrip("/")
    return public_url + url_for("public.verify_holder", certificate_number=certificate_number, secret=made[1])


@signed_in
def certificate_link_withdraw(certificate_number: str, link_id: int) -> Response:
    """Let one link show the name no longer."""
    with unit_of_work() as work:
        withdraw_link(
            work.session,
            certificate_number=certificate_number,
            link_id=link_id,
            person_id=who().person_id,
            account_id=who().account_id,
            now=utc_now(),
        )
    flash("The link no longer shows your name")
    return redirect(url_for("learn.certificate_links", certificate_number=certificate_number))
