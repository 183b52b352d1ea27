"""How messages read: an authority words them itself, looks at them as one of its people, and can go back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.requests import number_in
from app.platform.mail.rendering import page_url, text_of
from app.platform.texts.stopping import stop_url
from app.platform.work import unit_of_work
from app.requirements.refusals import field_of
from assignments.wording_previews import fillable_for
from kernel.audit import record
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from kernel.typed import composed
from messages.by_text.writing import parts_of, text_for
from messages.ledger import MessageContent
from messages.templates.checking import faults_in, in_sentences
from messages.templates.texts import TEXTS, Text, Words
from messages.templates.versions import SOMEBODY_ELSE, current_words, restore_words, save_words, versions_of
from people.actors import names_of_accounts
from people.directory import get_person_named, unit_in
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from people.visibility import requirements_scope


@dataclass(frozen=True)
class Preview:
    """A message as somebody would get it: as a page, in plain text, and as a text of so many parts."""

    content: MessageContent
    person: Person
    plain: str
    as_text: str
    parts: int


class WordingForm(FlaskForm):
    """The words of one text, and as whom to look at them."""

    subject = StringField("Subject", widget=GovTextInput(), filters=[lambda typed: " ".join((typed or "").split())])
    body = TextAreaField(
        "Message",
        description="Leave an empty line between two paragraphs",
        widget=GovTextArea(),
        filters=[lambda typed: (typed or "").replace("\r\n", "\n").strip()],
    )
    short = StringField(
        "Text message",
        description="One sentence, for people whom no email reaches. The link and how to stop follow by themselves",
        widget=GovTextInput(),
        filters=[lambda typed: " ".join((typed or "").split())],
    )
    person = StringField(
        "As whom do you want to see it?",
        description="A username or a payroll number of somebody of your authority. That you look is on record",
        widget=GovTextInput(),
        filters=[lambda typed: composed(typed or "")],
    )

    def words(self) -> Words:
        """What was typed."""
        return Words(self.subject.data or "", self.body.data or "", self.short.data or "")


@allow(Role.HR_LEAD, Role.ADMIN)
def wordings(slug: str) -> str:
    """Every text that may be worded, and whose words it has."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    own = {
        text: current_words(session, organisation_id=organisation.id, text=text) != kind.ours
        for text, kind in TEXTS.items()
    }
    return render_template("requirements/wordings.html", organisation=organisation, texts=TEXTS, own=own)


@allow(Role.HR_LEAD, Role.ADMIN)
def wording(slug: str, text_name: str) -> str | tuple[str, int] | Response:
    """Word one text: look at it as one of the people, then save it."""
    session, text = db.session(), _text(text_name)
    organisation = requirements_scope(session, who(), slug=slug)
    now_held = current_words(session, organisation_id=organisation.id, text=text)
    form = WordingForm(data={"subject": now_held.subject, "body": now_held.body, "short": now_held.short})
    preview: Preview | None = None
    faults: Mapping[str, list[str]] = {}
    if form.validate_on_submit():
        faults, is_look = faults_in(text, form.words()), "preview" in request.form
        for field, of_field in faults.items():
            form[field].errors = [in_sentences(of_field)]
        try:
            if is_look:
                preview = _preview(session, form, organisation, text)
            elif not form.errors:
                return _saved(form, organisation, text)
        except RuleBroken as refusal:
            field_of(form, refusal, "person" if is_look else "body").errors = [refusal.message]
    # In the summary each fault is a line of its own.
    errors = [(one, f"#{field.id}") for field in form for one in faults.get(field.name, field.errors)]
    return _page(session, form, organisation, text, preview, errors), 422 if form.errors else 200


def _text(name: str) -> Text:
    try:
        return Text(name)
    except ValueError:
        raise NotFound(f"text {name}") from None


def _preview(session: Session, form: WordingForm, organisation: Organisation, text: Text) -> Preview | None:
    """The message as somebody would get it, and the same in plain text; ``None`` while the words are not right."""
    today = local_day(utc_now())
    person = _person(session, form.person.data or "", organisation)
    asks = session.get_one(Person, who().person_id).chosen_name
    fillable = fillable_for(
        session, text, organisation_id=organisation.id, person_id=person.id, who_asks=asks, on=today
    )
    if form.errors:
        return None
    with unit_of_work() as work:
        record(
            work.session,
            action="message-words-previewed",
            subject_type="person",
            subject_id=person.id,
            actor_account_id=who().account_id,
            now=utc_now(),
            detail={"text": text.value},
        )
    content = fillable.filled(form.words())
    as_text = text_for([content.text], link_url=page_url(content.link_path), stop_url=stop_url(0))
    return Preview(content, person, text_of(content, person), as_text, parts_of(as_text))


def _person(session: Session, typed: str, organisation: Organisation) -> Person:
    """Whom somebody of the authority named. Raises ``RuleBroken``."""
    if not typed:
        raise RuleBroken("Enter a username or a payroll number", field="person")
    today, nobody = (
        local_day(utc_now()),
        f"Nobody who works for {organisation.name} has that name or number",
    )
    try:
        person_id = get_person_named(session, typed=typed, on=today)
    except (NotFound, RuleBroken) as problem:
        words = problem.message if isinstance(problem, RuleBroken) else nobody
        raise RuleBroken(words, field="person") from None
    if unit_in(session, person_id=person_id, organisation_id=organisation.id, on=today) is None:
        raise RuleBroken(nobody, field="person")
    return session.get_one(Person, person_id)


def _saved(form: WordingForm, organisation: Organisation, text: Text) -> Response:
    with unit_of_work() as work:
        save_words(
            work.session,
            organisation_id=organisation.id,
            text=text,
            words=form.words(),
            seen=number_in(request.form, "seen", 0),
            account_id=who().account_id,
            now=utc_now(),
        )
    flash("Saved. The next messages read like this")
    return redirect(url_for("requirements.wording", slug=organisation.slug, text_name=text.value))


def _page(
    session: Session,
    form: WordingForm,
    organisation: Organisation,
    text: Text,
    preview: Preview | None,
    errors: Sequence[tuple[str, str]],
) -> str:
    versions = versions_of(session, organisation_id=organisation.id, text=text)
    # After a clash the page shows theirs, and the next save follows it.
    is_clash = any(SOMEBODY_ELSE in field.errors for field in form)
    newest = versions[0].number if versions else 0
    savers = [one.saved_by_account_id for one in versions if one.saved_by_account_id is not None]
    return render_template(
        "requirements/wording.html",
        form=form,
        organisation=organisation,
        text=text,
        kind=TEXTS[text],
        versions=versions,
        names=names_of_accounts(session, account_ids=savers),
        seen=newest if is_clash else number_in(request.form, "seen", newest),
        preview=preview,
        errors=errors,
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def wording_restored(slug: str, text_name: str, version_number: int) -> Response:
    """Let an earlier version hold again; 0 is our own words."""
    text, organisation = _text(text_name), requirements_scope(db.session(), who(), slug=slug)
    try:
        with unit_of_work() as work:
            restore_words(
                work.session,
                organisation_id=organisation.id,
                text=text,
                version_number=version_number,
                account_id=who().account_id,
                now=utc_now(),
            )
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("The earlier words hold again, as a new version")
    return redirect(url_for("requirements.wording", slug=slug, text_name=text_name))
