"""One question: the figures that answer it, the answer, sending it, and what was done."""

from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.council.enquiries.forms import AnswerForm, FigureForm, SentForm
from app.council.enquiries.listing import authority
from app.council.figures.course_choice import course_choice
from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from kernel.unit_of_work import UnitOfWork
from people.actors import names_of_accounts
from people.roles import Role
from reports.answers.published import Published, find_published, get_published, publish
from reports.enquiries.drafting import draft
from reports.enquiries.record import ASKERS, EnquiryAct, EnquiryState, NewAct, add_event, get_enquiry
from reports.figures.definition import By, Cut, FigureDefinition

Shown = tuple[str, int]
ACT_WORDS = {
    EnquiryAct.FIGURE_ADDED: "added figure",
    EnquiryAct.FIGURE_REMOVED: "removed figure",
    EnquiryAct.DRAFTED: "had the answer drafted from the figures",
    EnquiryAct.EDITED: "changed the answer",
    EnquiryAct.SENT: "marked the answer as sent on",
}
CHANGED = (
    "Somebody has changed the answer since you opened this page. Theirs stands below yours; save again to keep yours"
)


@dataclass
class QuestionPage:
    """A question with everything that its page shows."""

    slug: str
    state: EnquiryState
    figures: list[Published]
    figure_form: FigureForm = field(default_factory=FigureForm)
    answer_form: AnswerForm = field(default_factory=AnswerForm)
    sent_form: SentForm = field(default_factory=SentForm)


def _asked(slug: str, enquiry_id: int) -> QuestionPage:
    session, organisation = db.session(), authority(slug)
    state = get_enquiry(session, enquiry_id=enquiry_id, organisation_id=organisation.id)
    asked = QuestionPage(slug, state, [get_published(session, number) for number in state.figures])
    options = course_choice(session, organisation_id=organisation.id).options
    asked.figure_form.course.choices = [SelectChoice(one.slug, one.title) for one in options]
    return asked


def _page(asked: QuestionPage, form: FlaskForm | None = None, *, theirs: str = "") -> Shown:
    """The page; ``form`` is the one that was sent and is not right."""
    if form is not asked.answer_form:
        asked.answer_form.words.data, asked.answer_form.version.data = asked.state.answer, str(asked.state.version)
    events = asked.state.events
    actors = {one.actor_account_id for one in events if one.actor_account_id}
    shown = render_template(
        "council/question.html",
        asked=asked,
        organisation=authority(asked.slug),
        sent=form if form is not None else asked.figure_form,
        has_errors=form is not None,
        theirs=theirs,
        askers=ASKERS,
        act_words=ACT_WORDS,
        names=names_of_accounts(db.session(), account_ids=actors),
        today=local_day(utc_now()),
    )
    return shown, 422 if form is not None else 200


def _back(asked: QuestionPage, words: str) -> Response:
    flash(words)
    return redirect(url_for("council.question", slug=asked.slug, enquiry_id=asked.state.enquiry.id))


def _refuse(form: FlaskForm, problem: RuleBroken, field_name: str) -> None:
    name = problem.field if problem.field and problem.field in form else field_name
    form[name].errors = [problem.message]


@allow(Role.HR_LEAD, Role.ADMIN)
def question(slug: str, enquiry_id: int) -> Shown:
    """The question and everything about it."""
    return _page(_asked(slug, enquiry_id))


@allow(Role.HR_LEAD, Role.ADMIN)
def question_figure(slug: str, enquiry_id: int) -> Shown | Response:
    """Publish a figure for it, or take one that was published."""
    asked = _asked(slug, enquiry_id)
    form = asked.figure_form
    if not form.validate_on_submit():
        return _page(asked, form)
    try:
        with unit_of_work() as work:
            number = _number(work, asked)
            added = NewAct(EnquiryAct.FIGURE_ADDED, figure_number=number)
            add_event(work.session, asked.state, added, account_id=who().account_id, now=utc_now())
    except (RuleBroken, NotFound) as problem:
        refused = problem if isinstance(problem, RuleBroken) else RuleBroken("There is no such figure", field="number")
        _refuse(form, refused, "on")
        return _page(_with_form(slug, enquiry_id, form), form)
    return _back(asked, f"Figure {number} answers the question now")


def _with_form(slug: str, enquiry_id: int, form: FigureForm) -> QuestionPage:
    asked = _asked(slug, enquiry_id)
    form.course.choices = asked.figure_form.course.choices
    asked.figure_form = form
    return asked


def _number(work: UnitOfWork, asked: QuestionPage) -> str:
    form, session = asked.figure_form, work.session
    if form.number.data:
        found = find_published(session, form.number.data)
        if found is None or found.authority != asked.slug:
            raise RuleBroken("This authority has published no figure with this number", field="number")
        return found.number
    day = form.on.data or local_day(utc_now())
    definition = FigureDefinition(asked.slug, form.course.data, day, Cut(By(form.by.data)))
    return publish(
        session,
        definition,
        is_public=bool(form.is_public.data),
        account_id=who().account_id,
        now=utc_now(),
        smallest_shown=current_settings().smallest_group,
    ).number


@allow(Role.HR_LEAD, Role.ADMIN)
def question_figure_removed(slug: str, enquiry_id: int) -> Response:
    """A figure does not answer it after all; it stays published."""
    asked, number = _asked(slug, enquiry_id), request.form.get("number", "")
    _add(asked, NewAct(EnquiryAct.FIGURE_REMOVED, figure_number=number))
    return _back(asked, f"Figure {number} is removed from the answer. It stays published")


@allow(Role.HR_LEAD, Role.ADMIN)
def question_drafted(slug: str, enquiry_id: int) -> Response:
    """Have the answer drafted anew; the one before stays in the history."""
    asked = _asked(slug, enquiry_id)
    if not asked.figures:
        raise RuleBroken("Add a figure first: an answer is drafted from published figures")
    _add(asked, NewAct(EnquiryAct.DRAFTED, words=draft(asked.state.enquiry.kind, asked.figures)))
    return _back(asked, "The answer is drafted. Read it, and change what has to be changed")


@allow(Role.HR_LEAD, Role.ADMIN)
def question_answer(slug: str, enquiry_id: int) -> Shown | Response:
    """Keep the answer as it was edited."""
    asked = _asked(slug, enquiry_id)
    form = asked.answer_form
    if not form.validate_on_submit():
        return _page(asked, form)
    if form.version.data != str(asked.state.version):
        form.words.errors, form.version.data = [CHANGED], str(asked.state.version)
        return _page(asked, form, theirs=asked.state.answer)
    _add(asked, NewAct(EnquiryAct.EDITED, words=form.words.data))
    return _back(asked, "The answer is saved")


@allow(Role.HR_LEAD, Role.ADMIN)
def question_sent(slug: str, enquiry_id: int) -> Shown | Response:
    """Say on which day it was sent."""
    asked = _asked(slug, enquiry_id)
    form = asked.sent_form
    if not form.validate_on_submit():
        return _page(asked, form)
    try:
        with unit_of_work() as work:
            sent = NewAct(EnquiryAct.SENT, sent_on=form.sent_on.data)
            add_event(work.session, asked.state, sent, account_id=who().account_id, now=utc_now())
    except RuleBroken as problem:
        asked = _asked(slug, enquiry_id)
        asked.sent_form = form
        _refuse(form, problem, "sent_on")
        return _page(asked, form)
    return _back(asked, "The answer is marked as sent")


@allow(Role.HR_LEAD, Role.ADMIN)
def question_printed(slug: str, enquiry_id: int) -> str:
    """The question and the answer alone, for paper or to be copied."""
    asked = _asked(slug, enquiry_id)
    return render_template("council/question_printed.html", asked=asked, organisation=authority(slug), askers=ASKERS)


def _add(asked: QuestionPage, act: NewAct) -> None:
    with unit_of_work() as work:
        add_event(work.session, asked.state, act, account_id=who().account_id, now=utc_now())
