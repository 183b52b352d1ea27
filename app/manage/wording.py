"""Local wording: what an authority’s people read where a course says ``{{staff_network}}`` and the like."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.access import allow, who
from app.extensions import db
from app.manage.token_words import LABELS
from app.work import unit_of_work
from courses.catalogue import current_versions, document_of
from courses.content.tokens import STANDARD, values_for
from courses.local_text import change_text, overrides_of
from kernel.audit import record
from kernel.clock import utc_now
from people.organisations import Organisation, get_organisation, organisations
from people.roles import Role

MOST_CHARACTERS = 2000
FIELD = "token_"


@dataclass(frozen=True)
class TokenField:
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
        organisation.id: len(overrides_of(session, organisation_id=organisation.id))
        for organisation in organisations(session)
    }
    return render_template("manage/local_texts.html", organisations=organisations(session), own=own)


@allow(Role.ADMIN)
def local_text(slug: str) -> str | tuple[str, int] | Response:
    """One authority's wording, all tokens on one page."""
    session = db.session()
    organisation = get_organisation(session, slug=slug)
    tokens = _tokens(session, organisation)
    stored = overrides_of(session, organisation_id=organisation.id)
    form = _form_class(tokens)(data={"seen": _seal(stored), **{FIELD + name: text for name, text in stored.items()}})
    conflict = form.is_submitted() and form.seen.data != _seal(stored)
    if form.validate_on_submit() and not conflict:
        count = _save(organisation, _typed(form, tokens))
        flash(_saved_words(count, organisation))
        return redirect(url_for("manage.local_texts"))
    form.seen.data = _seal(stored)
    page = render_template(
        "manage/local_text.html",
        organisation=organisation,
        tokens=tokens,
        form=form,
        stored=stored,
        conflict=conflict,
    )
    return page, 422 if form.errors or conflict else 200


def _tokens(session: Session, organisation: Organisation) -> list[TokenField]:
    """Standard tokens first, then those of each course, with what this authority's people read by default."""
    general = values_for({}, organisation_slug=organisation.slug, overrides={})
    found = {name: TokenField(name, *LABELS[name], default=general[name]) for name in STANDARD if name in LABELS}
    for _, version in current_versions(session):
        document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
        values = values_for(document.tokens, organisation_slug=organisation.slug, overrides={})
        # One text for an authority would hide the texts of every example set.
        for name in (name for name, token in document.tokens.items() if not token.sets):
            label = name.replace("_", " ").capitalize()
            found.setdefault(name, TokenField(name, label, f"Used in {version.title}", values[name]))
    return list(found.values())


def _form_class(tokens: list[TokenField]) -> type[FlaskForm]:
    fields: dict[str, object] = {"seen": HiddenField()}
    for token in tokens:
        too_long = f"{token.label} must be {MOST_CHARACTERS:,} characters or fewer"
        fields[FIELD + token.name] = TextAreaField(
            token.label, widget=GovTextArea(), validators=[Length(max=MOST_CHARACTERS, message=too_long)]
        )
    return type("WordingForm", (FlaskForm,), fields)


def _seal(stored: Mapping[str, str]) -> str:
    """What the person saw when the form was opened, so that nobody's change is undone unseen."""
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:16]


def _typed(form: FlaskForm, tokens: list[TokenField]) -> dict[str, str]:
    return {token.name: _clean(form[FIELD + token.name].data or "") for token in tokens}


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _save(organisation: Organisation, texts: Mapping[str, str]) -> int:
    """Store what differs; returns how many texts changed."""
    account_id, now, identity = who().account_id, utc_now(), organisation.id
    with unit_of_work() as work:
        changed = [
            token
            for token, text in texts.items()
            if change_text(
                work.session, organisation_id=identity, token=token, text=text, account_id=account_id, now=now
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
