"""The list of questions with their dates, and noting one."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.council.enquiries.forms import EnquiryForm
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation
from people.roles import Role
from people.visibility import hr_scope
from reports.enquiries.record import ASKERS, AskerKind, NewEnquiry, enquiries_page, note_enquiry

PAGE_SIZE = 25


def authority(slug: str) -> Organisation:
    """The authority, for those who act for all of its people. Raises ``NotFound``."""
    return hr_scope(db.session(), who(), slug=slug)


@allow(Role.HR_LEAD, Role.ADMIN)
def questions(slug: str) -> str:
    """Open ones by their date, or those that were answered."""
    organisation, is_sent, page = authority(slug), request.args.get("show") == "sent", number_in(request.args, "page")
    session = db.session()
    found, states = enquiries_page(
        session, organisation_id=organisation.id, is_sent=is_sent, page=page or 1, size=PAGE_SIZE
    )
    pages = max(1, -(-found // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of questions")
    return render_template(
        "council/questions.html",
        organisation=organisation,
        states=states,
        found=found,
        is_sent=is_sent,
        page=page,
        pages=pages,
        askers=ASKERS,
        today=local_day(utc_now()),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def question_new(slug: str) -> tuple[str, int] | Response:
    """Write a question down."""
    organisation, form = authority(slug), EnquiryForm()
    if form.validate_on_submit():
        enquiry_id = _noted(form, organisation.id)
        if enquiry_id:
            flash("The question is noted")
            return redirect(url_for("council.question", slug=slug, enquiry_id=enquiry_id))
    shown = render_template("council/question_new.html", organisation=organisation, form=form)
    return shown, 422 if form.errors else 200


def _noted(form: EnquiryForm, organisation_id: int) -> int | None:
    new = NewEnquiry(
        organisation_id,
        AskerKind(form.kind.data),
        form.reference.data or "",
        form.question.data or "",
        form.received_on.data or local_day(utc_now()),
        form.due_on.data,
    )
    try:
        with unit_of_work() as work:
            return note_enquiry(work.session, new, account_id=who().account_id, now=utc_now()).id
    except RuleBroken as problem:
        form[problem.field or "reference"].errors = [problem.message]
        return None
