"""Local wording: what an authority’s people read where a course says ``{{staff_network}}`` and the like."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.manage.platform.local_wording_labels import LABELS
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from courses.catalogue.local_wording import LocalWording, change_local_wording, hold_local_wording, local_wording_of
from courses.catalogue.versions import current_versions, document_of
from courses.content.model.local_wording import STANDARD, token_values
from kernel.audit import record
from kernel.clock import utc_now
from kernel.columns import length_of
from kernel.seen import ChangedMeanwhile, marks_of, names_to_write
from people.organisations import Organisation, get_organisation, organisations
from people.roles import Role

FIELD = "token_"
COMPARE = "Your words are still below, unsaved. Compare them and save again"


@dataclass(frozen=True)
class LocalWordingField:
    """One token: its name, its label, where it is used, and what stands there without local wording."""

    name: str
    label: str
    where: str
    default: str


@allow(Role.ADMIN)
def local_texts() -> str:
    """Every authority, and how much of the wording is its own."""
    session = db.session()
    own = {
        organisation.id: len(local_wording_of(session, organisation_id=organisation.id))
        for organisation in organisations(session)
    }
    return render_template("manage/local_texts.html", organisations=organisations(session), own=own)


@allow(Role.ADMIN)
def local_text(slug: str) -> str | tuple[str, int] | Response:
    """One authority's wording, all tokens on one page."""
    session = db.session()
    organisation = get_organisation(session, slug=slug)
    tokens = _tokens(session, organisation)
    stored = local_wording_of(session, organisation_id=organisation.id)
    form = _form_class(tokens)(data={FIELD + name: text for name, text in stored.items()})
    changed_elsewhere: tuple[str, ...] = ()
    if form.validate_on_submit():
        try:
            count = _save(organisation, _typed(form, tokens), form["seen"].data or "")
        except ChangedMeanwhile as refusal:
            changed_elsewhere, stored = refusal.names, local_wording_of(session, organisation_id=organisation.id)
            for name in refusal.names:
                field = form[FIELD + name]
                field.errors = [f"{field.label.text} was changed while you had it open. {COMPARE}"]
        else:
            flash(_saved_words(count, organisation))
            return redirect(url_for("manage.local_texts"))
    form["seen"].data = marks_of(stored)
    page = render_template(
        "manage/local_text.html",
        organisation=organisation,
        tokens=tokens,
        form=form,
        stored=stored,
        changed_elsewhere=changed_elsewhere,
    )
    return page, 409 if changed_elsewhere else 422 if form.errors else 200


def _tokens(session: Session, organisation: Organisation) -> list[LocalWordingField]:
    """Standard tokens first, then those of each course, with what this authority's people read by default."""
    general = token_values({}, organisation_slug=organisation.slug, local_wording={})
    found = {name: LocalWordingField(name, *LABELS[name], default=general[name]) for name in STANDARD if name in LABELS}
    for _, version in current_versions(session):
        document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
        values = token_values(document.tokens, organisation_slug=organisation.slug, local_wording={})
        # One text for an authority would hide the texts of every example set.
        for name in (name for name, token in document.tokens.items() if not token.sets):
            label = name.replace("_", " ").capitalize()
            found.setdefault(name, LocalWordingField(name, label, f"Used in {version.title}", values[name]))
    return list(found.values())


def _form_class(tokens: list[LocalWordingField]) -> type[FlaskForm]:
    fields: dict[str, object] = {"seen": HiddenField()}
    for token in tokens:
        fields[FIELD + token.name] = TextAreaField(
            token.label, widget=GovTextArea(), validators=[Length(max=length_of(LocalWording.text))]
        )
    return type("WordingForm", (FlaskForm,), fields)


def _typed(form: FlaskForm, tokens: list[LocalWordingField]) -> dict[str, str]:
    return {token.name: _clean(form[FIELD + token.name].data or "") for token in tokens}


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _save(organisation: Organisation, texts: Mapping[str, str], seen: str) -> int:
    """Store what differs; returns how many texts changed. Raises ``ChangedMeanwhile``."""
    account_id, now, identity = who().account_id, utc_now(), organisation.id
    with unit_of_work() as work:
        stored = hold_local_wording(work.session, organisation_id=identity)
        changed = [
            token
            for token in names_to_write(seen, stored=stored, typed=texts)
            if change_local_wording(
                work.session, organisation_id=identity, token=token, text=texts[token], account_id=account_id, now=now
            )
        ]
        if changed:
            record(
                work.session,
                action="local-wording-changed",
                subject_type="organisation",
                subject_id=identity,
                actor_account_id=account_id,
                now=now,
                detail={"tokens": changed},
            )
    return len(changed)


def _saved_words(count: int, organisation: Organisation) -> str:
    if not count:
        return f"{organisation.name}: nothing was different, so nothing changed"
    return f"{organisation.name}: {count} {'text is' if count == 1 else 'texts are'} changed"
