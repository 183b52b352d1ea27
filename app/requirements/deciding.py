"""Answering one request of a learner."""

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import AnyOf, Length

from app.platform.access import allow, who
from app.platform.day_field import DayField
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.work import unit_of_work
from app.requirements.refusals import field_of
from assignments.requests.deciding import Decision, decide, decided_in_words, faults_in_decision
from assignments.requests.listing import ListedRequest, RequestsScope, get_request
from assignments.requests.record import KIND_WORDS, LearnerRequest, Outcome, RequestKind
from assignments.requests.settling import settle
from assignments.standing.explaining import Reader, explain
from kernel.clock import local_day, utc_now
from kernel.columns import length_of
from kernel.errors import RuleBroken
from people.roles import Role
from people.visibility import FiguresScope, requests_scope

_LONGEST = length_of(LearnerRequest.answer)
_CHOICES = {Outcome.GRANTED: "Give them time until this day", Outcome.REFUSED: "Refuse"}


class DecisionForm(FlaskForm):
    """What is decided about more time, and the words that the learner reads."""

    outcome = RadioField(
        "What do you decide?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, words) for one, words in _CHOICES.items()],
        validate_choice=False,
        validators=[AnyOf([one.value for one in _CHOICES], "Select what you decide")],
    )
    until = DayField("Until when?", name_in_errors="The day", description="The day that they asked for, or another")
    answer = TextAreaField(
        "Your answer",
        description="They read it in these words. You can leave it empty if you give them time",
        widget=GovTextArea(),
        validators=[Length(max=_LONGEST, message="Your answer must be %(max)d characters or fewer")],
    )

    def decision(self) -> Decision:
        """What was filled in."""
        outcome = Outcome(self.outcome.data) if "outcome" in self else Outcome.ANSWERED
        until = self.until.data if outcome is Outcome.GRANTED else None
        return Decision(outcome, self.answer.data or "", until)


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def request_decided(slug: str, request_id: int) -> str | tuple[str, int] | Response:
    """What somebody asks and how they stand; then the answer."""
    scope = requests_scope(db.session(), who(), slug=slug)
    found = _found(scope, request_id)
    form = _form(found)
    if form.is_submitted() and found.row.decided_at is None and _is_right(form, found):
        try:
            with unit_of_work() as work:
                decide(
                    work.session, request_id=request_id, decision=form.decision(), by=who().account_id, now=utc_now()
                )
        except RuleBroken as refusal:
            field_of(form, refusal, "answer").errors = [refusal.message]
        else:
            flash("They are told")
            is_from_team = request.form.get("back") == "team"
            return redirect(url_for("managing.team") if is_from_team else url_for("requirements.requests", slug=slug))
    return _page(form, found, scope), 422 if form.errors else 200


def _found(scope: FiguresScope, request_id: int) -> ListedRequest:
    """The request as it stands now: it may close by itself. Raises ``NotFound``."""
    now = utc_now()
    with unit_of_work() as work:
        settle(work.session, LearnerRequest.id == request_id, now=now)
    within = RequestsScope(scope.organisation.id, scope.unit_ids, local_day(now))
    return get_request(db.session(), within, request_id=request_id)


def _form(found: ListedRequest) -> DecisionForm:
    form = DecisionForm(data={"until": found.row.wanted_on})
    if found.row.kind is not RequestKind.MORE_TIME:
        del form.outcome
        del form.until
        form.answer.description = "They read it in these words"
    return form


def _is_right(form: DecisionForm, found: ListedRequest) -> bool:
    is_valid = form.validate_on_submit()
    if "outcome" not in form.errors:
        today = local_day(utc_now())
        for field, message in faults_in_decision(db.session(), found.row, form.decision(), on=today).items():
            form[field].errors = form[field].errors or [message]
    return is_valid and not form.errors


def _page(form: DecisionForm, found: ListedRequest, scope: FiguresScope) -> str:
    session, row = db.session(), found.row
    reader = Reader(is_manager=not scope.shows_started, organisation_ids=frozenset({scope.organisation.id}))
    on = local_day(utc_now())
    stands = explain(session, person_id=row.person_id, course_id=row.course_id, on=on, reader=reader)
    return render_template(
        "requirements/request_decided.html",
        form=form,
        found=found,
        kind=KIND_WORDS[row.kind],
        stands=stands,
        decided=decided_in_words(session, row) if row.decided_at else "",
        organisation=scope.organisation,
        can_exempt=scope.shows_started and row.kind is not RequestKind.MORE_TIME,
    )
