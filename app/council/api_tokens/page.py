"""The page of tokens: those that stand, one more, and revoking one."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import InputRequired, ValidationError

from app.platform.access import allow, who
from app.platform.day_field import DayField, not_past
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.requests import number_in
from app.platform.input.text_line import line
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.actors import names_of_accounts
from people.api_tokens.tokens import NEEDS_REASON, ApiToken, NewToken, make_token, revoke_token, tokens_of
from people.organisations import Organisation
from people.roles import Role
from people.row_downloads.right import may_download_rows
from people.visibility import hr_scope, who_may_see

FIGURES, PEOPLE = "figures", "people"


class TokenForm(FlaskForm):
    """One more token."""

    label = line("What is it for?", "Enter what it is for", ApiToken.label, "Such as “Power BI of the finance team”")
    reads = RadioField(
        "What may it read?",
        choices=[
            SelectChoice(FIGURES, "Figures, with small groups hidden"),
            SelectChoice(PEOPLE, "Figures, and rows of people: only if you may download rows"),
        ],
        default=FIGURES,
        widget=GovRadioInput(),
        validate_choice=True,
    )
    reason = line("Why are rows of people needed?", "", ApiToken.reason, "Only for rows of people. It stays on record")
    ends_on = DayField(
        "Last day",
        name_in_errors="Last day",
        description="At most a year ahead",
        validators=[InputRequired("Enter the last day"), not_past],
    )

    def validate_reason(self, field: RadioField) -> None:
        """Rows of people need one."""
        if self.reads.data == PEOPLE and not field.data:
            raise ValidationError(NEEDS_REASON)


def _authority(slug: str) -> Organisation:
    return hr_scope(db.session(), who(), slug=slug)


@allow(Role.HR_LEAD, Role.ADMIN)
def api_tokens(slug: str) -> tuple[str, int]:
    """The tokens, and making one: its secret is shown this once."""
    organisation, form = _authority(slug), TokenForm()
    organisation_id = organisation.id
    secret = _made(form, organisation_id) if form.validate_on_submit() else ""
    session = db.session()
    tokens, today = tokens_of(session, organisation_id=organisation_id), local_day(utc_now())
    may_see = who_may_see(session, organisation_id=organisation_id, on=today)
    stopped = {one.id for one in tokens if one.made_by_account_id not in may_see}
    shown = render_template(
        "council/api_tokens.html",
        organisation=_authority(slug),
        form=TokenForm(formdata=None) if secret else form,
        secret=secret,
        tokens=tokens,
        valid=sum(one.ends_on >= today and one.id not in stopped for one in tokens),
        makers=names_of_accounts(session, account_ids={one.made_by_account_id for one in tokens}),
        stopped=stopped,
        without_rows=_without_rows(session, tokens, organisation_id, today) - stopped,
        today=today,
    )
    return shown, 422 if form.errors else 200


def _without_rows(session: Session, tokens: Sequence[ApiToken], organisation_id: int, on: date) -> set[int]:
    """Those that read rows of people, of which whoever made them may download none any more."""
    reading = [one for one in tokens if one.reads_people and one.ends_on >= on]
    may = {
        account_id: may_download_rows(session, account_id=account_id, organisation_id=organisation_id, on=on)
        for account_id in {one.made_by_account_id for one in reading}
    }
    return {one.id for one in reading if not may[one.made_by_account_id]}


def _made(form: TokenForm, organisation_id: int) -> str:
    new = NewToken(
        organisation_id,
        form.label.data or "",
        form.ends_on.data or local_day(utc_now()),
        reads_people=form.reads.data == PEOPLE,
        reason=(form.reason.data or "") if form.reads.data == PEOPLE else "",
    )
    try:
        with unit_of_work() as work:
            return make_token(work.session, new, account_id=who().account_id, now=utc_now())
    except RuleBroken as problem:
        form[problem.field or "label"].errors = [problem.message]
        return ""


@allow(Role.HR_LEAD, Role.ADMIN)
def api_token_revoked(slug: str) -> Response:
    """End a token at once."""
    organisation_id = _authority(slug).id
    with unit_of_work() as work:
        revoke_token(
            work.session,
            token_id=number_in(request.form, "token", 0),
            organisation_id=organisation_id,
            account_id=who().account_id,
            now=utc_now(),
        )
    flash("The token is revoked. Nothing is read with it any more")
    return redirect(url_for("council.api_tokens", slug=slug))
