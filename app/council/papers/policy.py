"""The policy of an authority, in its own words and in versions, as it goes into evidence packs."""

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.roles import Role
from people.visibility import hr_scope
from reports.evidence.policy import LONGEST, policy_versions, word_policy

_LONGEST_NUMBER = 9


class PolicyForm(FlaskForm):
    """The text, and the number of the version that it follows."""

    text = TextAreaField(
        "What the policy says",
        description="Leave an empty line between two paragraphs. Do not name people",
        widget=GovTextArea(),
        filters=[lambda typed: (typed or "").replace("\r\n", "\n").strip()],
        validators=[
            DataRequired("Enter what the policy says"),
            Length(max=LONGEST, message=f"The policy must have {LONGEST:,} characters or fewer"),
        ],
    )
    follows = HiddenField()

    @property
    def follows_number(self) -> int:
        """The version that was on the page; -1 for what is no number, which no version has."""
        typed = self.follows.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= _LONGEST_NUMBER else -1


@allow(Role.HR_LEAD, Role.ADMIN)
def evidence_policy(slug: str) -> tuple[str, int] | Response:
    """What it says now, wording it anew, and the versions before."""
    session = db.session()
    organisation = hr_scope(session, who(), slug=slug)
    versions = policy_versions(session, organisation_id=organisation.id)
    newest = versions[0] if versions else None
    form = PolicyForm(data={"text": newest.text if newest else "", "follows": str(newest.number if newest else 0)})
    if form.validate_on_submit():
        try:
            _keep(organisation.id, form)
        except RuleBroken as refusal:
            form.text.errors = [refusal.message]
        else:
            return redirect(url_for("council.evidence", slug=slug))
    page = render_template("council/evidence_policy.html", organisation=organisation, form=form, versions=versions)
    return page, 422 if form.errors else 200


def _keep(organisation_id: int, form: PolicyForm) -> None:
    with unit_of_work() as work:
        number = word_policy(
            work.session,
            organisation_id=organisation_id,
            text=form.text.data or "",
            follows=form.follows_number,
            account_id=who().account_id,
            now=utc_now(),
        )
    flash(f"The policy is kept. It is version {number}")
