"""What a person has completed, and putting that right: with a preview of the figures, and a way back."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import AnyOf

from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.day_field import DayField, not_far
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.text_line import line
from app.platform.work import unit_of_work
from certificates.changes.revoking import restore, revoke
from certificates.record.history import CertificateEvent, Reason
from certificates.record.issuing import find_for_completion
from courses.amending.amending import (
    CHANGED,
    NewAmendment,
    amend,
    faults_in,
    get_amendment,
    has_been_amended,
    undo,
)
from courses.amending.listing import amended_lines, done_lines, get_completion_to_amend
from courses.amending.record import FAULT_WORDS, CompletionAmendment, Fault
from courses.catalogue.versions import titles_of
from courses.records.completion import Completion
from kernel.audit import record
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.directory import get_person, get_person_named
from people.jobs.employment import Employment
from people.jobs.reading import jobs_on
from people.roles import Role
from people.visibility import people_scope
from reports.corrections.effect import Effect, effect_on_figures

# Why the certificate goes, in the reasons that its holder reads.
_REVOKED = {
    Fault.IN_ERROR: (Reason.ISSUED_IN_ERROR, ""),
    Fault.WRONG_DAY: (Reason.OTHER, "The day on it was wrong"),
    Fault.WRONG_PERSON: (Reason.WRONG_PERSON, ""),
}
_TAKEN_BACK = "The correction that led to it was taken back"


class AmendForm(FlaskForm):
    """What is wrong, the right day or the right person, and why that is known."""

    fault = RadioField(
        "What is wrong?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, words) for one, words in FAULT_WORDS.items()],
        validate_choice=False,
        validators=[AnyOf([one.value for one in Fault], "Select what is wrong")],
    )
    completed_on = DayField(
        "Day on which they completed it",
        name_in_errors="The day",
        description="Only where the day is wrong",
        validators=[not_far],
    )
    person = line(
        "Payroll number or username of whose it is",
        "",
        Employment.payroll_number,
        "Only where it belongs to somebody else",
    )
    reason = line(
        "Why do you correct it?",
        "Enter why you correct it",
        CompletionAmendment.reason,
        "Such as “The register of 3 March names Bo Li”. Those who look after the record read it",
    )


@allow(Role.ADMIN, Role.HR_LEAD)
def person_completions(person_id: int) -> str:
    """Each completion with what was corrected of it. Each opening is on record."""
    session, now, scope = db.session(), utc_now(), people_scope(who())
    found = get_person(session, person_id=person_id, scope=scope, on=local_day(now))
    lines = done_lines(session, person_id=person_id, organisation_ids=scope.organisation_ids)
    amended = amended_lines(session, person_id=person_id, organisation_ids=scope.organisation_ids)
    with unit_of_work() as work:
        record(
            work.session,
            action="person-opened",
            subject_type="person",
            subject_id=person_id,
            actor_account_id=who().account_id,
            now=now,
        )
    is_oneself = person_id == who().person_id
    return render_template(
        "people/person_completions.html", person=found, lines=lines, amended=amended, is_oneself=is_oneself
    )


@dataclass(frozen=True)
class Preview:
    """What would change: whose it is before and after, the figures, and the certificate that goes."""

    after_name: str
    effects: tuple[Effect, ...]
    certificate_number: str


@allow(Role.ADMIN, Role.HR_LEAD)
def completion_amended(person_id: int, completion_id: int) -> str | tuple[str, int] | Response:
    """Say what is wrong, see what would change, and save it."""
    session, now, scope = db.session(), utc_now(), people_scope(who())
    person = get_person(session, person_id=person_id, scope=scope, on=local_day(now))
    if has_been_amended(session, completion_id=completion_id, person_id=person_id):
        flash(CHANGED, "important")  # by somebody else, or by pressing twice
        return redirect(url_for("people.person_completions", person_id=person_id))
    only = scope.organisation_ids
    completion = get_completion_to_amend(
        session, completion_id=completion_id, person_id=person_id, organisation_ids=only
    )
    form, preview = AmendForm(), None
    is_valid = form.validate_on_submit()
    new = _wanted(session, form) if form.is_submitted() else None
    if new is not None:
        faults = faults_in(session, completion, new, by=who().account_id, on=local_day(now))
        _show(form, faults)
    if is_valid and new is not None and not form.errors:
        if request.form.get("confirmed") == "yes" and (done := _save(form, completion, new)):
            return done
        preview = _preview(session, completion, new) if not form.errors else None
    title = titles_of(session, course_ids=[completion.course_id])[completion.course_id]
    page = render_template(
        "people/completion_amended.html", form=form, person=person, done=completion, title=title, preview=preview
    )
    return page, 422 if form.errors else 200


def _show(form: AmendForm, faults: dict[str, str]) -> None:
    for field, message in faults.items():
        if not form[field].errors:
            form[field].errors = [message]


def _wanted(session: Session, form: AmendForm) -> NewAmendment | None:
    """What is asked for; ``None`` where nobody said what is wrong. Whoever is not found is an error of the form."""
    if form.fault.data not in {one.value for one in Fault}:
        return None
    fault, person_id = Fault(form.fault.data), None
    if fault is Fault.WRONG_PERSON and form.person.data:
        today = local_day(utc_now())
        try:
            typed = get_person_named(session, typed=form.person.data, on=today)
            person_id = get_person(session, person_id=typed, scope=people_scope(who()), on=today).id
        except NotFound:
            form.person.errors = ["Nobody whom you look after has this number or username"]
        except RuleBroken as refusal:
            form.person.errors = [refusal.message]
    day = form.completed_on.data if fault is Fault.WRONG_DAY else None
    return NewAmendment(fault, form.reason.data or "", day, person_id)


def _preview(session: Session, completion: Completion, new: NewAmendment) -> Preview:
    """Nothing of it is kept: the trial is taken back before the transaction ends."""
    now, by = utc_now(), who().account_id
    people = [one for one in (completion.person_id, new.person_id) if one is not None]
    jobs = jobs_on(local_day(now), Employment.person_id.in_(people))
    employers = set(session.scalars(select(jobs.c.organisation_id).where(jobs.c.is_held)))
    only, completion_id, course_id = people_scope(who()).organisation_ids, completion.id, completion.course_id
    with unit_of_work() as work:
        effects = effect_on_figures(
            work.session,
            lambda: amend(work.session, work.session.get_one(Completion, completion_id), new, by=by, now=now),
            organisation_ids=employers if only is None else employers & only,
            course_id=course_id,
            on=local_day(now),
            smallest_shown=current_settings().smallest_group,
        )
    whose = new.person_id or completion.person_id
    name = get_person(session, person_id=whose, scope=people_scope(who()), on=local_day(now)).chosen_name
    certificate = find_for_completion(session, completion_id=completion_id)
    is_held = certificate is not None and not certificate.is_revoked
    return Preview(name, effects, certificate.number if certificate is not None and is_held else "")


def _save(form: AmendForm, completion: Completion, new: NewAmendment) -> Response | None:
    now, by, person_id = utc_now(), who().account_id, completion.person_id
    try:
        with unit_of_work() as work:
            outcome = amend(work.session, work.session.get_one(Completion, completion.id), new, by=by, now=now)
            _revoke(work.session, outcome.completion_id, *_REVOKED[new.fault])
    except RuleBroken as refusal:
        form[refusal.field or "reason"].errors = [refusal.message]
        return None
    flash("The completion is corrected")
    return redirect(url_for("people.person_completions", person_id=person_id))


def _revoke(session: Session, completion_id: int, reason: Reason, words: str) -> None:
    certificate = find_for_completion(session, completion_id=completion_id)
    if certificate is not None and not certificate.is_revoked:
        revoke(
            session,
            certificate_number=certificate.number,
            reason=reason,
            words=words,
            account_id=who().account_id,
            now=utc_now(),
        )


@allow(Role.ADMIN, Role.HR_LEAD)
def completion_amendment_undone(person_id: int, amendment_id: int) -> Response:
    """Take a correction back: the completion counts again, and its certificate too."""
    session, scope, now = db.session(), people_scope(who()), utc_now()
    get_person(session, person_id=person_id, scope=scope, on=local_day(now))
    lines = amended_lines(session, person_id=person_id, organisation_ids=scope.organisation_ids)
    if not any(one.id == amendment_id and (one.can_undo or one.undone_at) for one in lines):
        raise NotFound(f"amendment {amendment_id} of person {person_id}")
    try:
        with unit_of_work() as work:
            row = get_amendment(work.session, amendment_id=amendment_id, person_id=person_id)
            undo(work.session, row, by=who().account_id, now=now)
            if row.replacement_id is not None:
                _revoke(work.session, row.replacement_id, Reason.OTHER, _TAKEN_BACK)
            _restore(work.session, row)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("The correction is taken back")
    return redirect(url_for("people.person_completions", person_id=person_id))


def _restore(session: Session, row: CompletionAmendment) -> None:
    """The certificate that went with the amendment, if it was that which ended it."""
    certificate = find_for_completion(session, completion_id=row.completion_id)
    if certificate is None or not certificate.is_revoked:
        return
    newest = session.scalars(
        select(CertificateEvent)
        .where(CertificateEvent.certificate_id == certificate.id)
        .order_by(CertificateEvent.id.desc())
        .limit(1)
    ).one()
    # Whoever revoked it since, for another reason, meant it.
    if newest.happened_at >= row.amended_at and (newest.reason, newest.words) == _REVOKED[row.fault]:
        restore(
            session,
            certificate_number=certificate.number,
            reason=Reason.REVOKED_IN_ERROR,
            words=_TAKEN_BACK,
            account_id=who().account_id,
            now=utc_now(),
        )
