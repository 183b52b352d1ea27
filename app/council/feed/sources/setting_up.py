"""A source set up or changed by an admin, and what an admin can do with one that is there."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.council.feed.sources.form import secret_from, settings_from, source_form
from app.council.feed.sources.page import read_source_page
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from kernel.unit_of_work import UnitOfWork
from people.feed.mapping.stored import mappings_of
from people.feed.sources.looks import want_look
from people.feed.sources.record import FETCH_FEEDS, FeedSource, SourceKind, Wish
from people.feed.sources.setting_up import add_source, change_source, confirm_host_key, get_source, switch
from people.organisations import Organisation
from people.roles import Role
from people.visibility import feed_scope

SAID = {
    "look": "A worker looks there now. What it finds stands here in a moment.",
    "fetch": "A worker looks there now. A new file is read once it has stood still for half a minute.",
    "on": "The source is switched on",
    "off": "The source is switched off. Nothing is fetched from there any more.",
    "confirm": "The key is confirmed. A worker looks there now.",
}


@allow(Role.ADMIN)
def feed_source_new(slug: str, kind: str) -> str | tuple[str, int] | Response:
    """Set up a source of a kind."""
    organisation = feed_scope(db.session(), who(), slug=slug)
    chosen = next((one for one in SourceKind if one == kind), None)
    if chosen is None:
        raise NotFound(f"a source of the kind {kind}")
    mappings = mappings_of(db.session(), organisation_id=organisation.id)
    if not mappings:
        flash("Send a first file by hand and keep its mapping: then a source can use it.", "important")
        return redirect(url_for("council.feed", slug=slug))
    form = source_form(chosen, mappings)
    if form.validate_on_submit():
        try:
            source_id = _add(organisation, form, chosen)
        except RuleBroken as refusal:
            form[refusal.field or "name"].errors = [refusal.message]
        else:
            flash("The source is set up. A worker looks there now; nothing is read yet.")
            return redirect(url_for("council.feed_source", slug=slug, source_id=source_id))
    return _page(organisation, form, chosen, None)


@allow(Role.ADMIN)
def feed_source_change(slug: str, source_id: int) -> str | tuple[str, int] | Response:
    """Change a source."""
    page = read_source_page(slug, source_id)
    source, organisation = page.source, page.organisation
    form = source_form(source.kind, mappings_of(db.session(), organisation_id=organisation.id), source)
    if form.validate_on_submit():
        try:
            _change(source_id, organisation, form)
        except RuleBroken as refusal:
            form[refusal.field or "name"].errors = [refusal.message]
        else:
            flash("The source is changed. A worker looks there now; nothing is read yet.")
            return redirect(url_for("council.feed_source", slug=slug, source_id=source_id))
    return _page(organisation, form, source.kind, source)


@allow(Role.ADMIN)
def feed_source_act(slug: str, source_id: int, act: str) -> Response:
    """Look there, fetch, switch on or off, or confirm the key of the server."""
    page = read_source_page(slug, source_id)
    if act not in SAID:
        raise NotFound(f"{act} of a source")
    if not FlaskForm().validate_on_submit():
        abort(400)
    try:
        with unit_of_work() as work:
            source = get_source(work.session, source_id=source_id, organisation_id=page.organisation.id)
            _act(work, source, act)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash(SAID[act])
    return redirect(url_for("council.feed_source", slug=slug, source_id=source_id))


def _act(work: UnitOfWork, source: FeedSource, act: str) -> None:
    by, now = who().account_id, utc_now()
    if act in ("on", "off"):
        switch(work.session, source, is_on=act == "on", by=by, now=now)
        return
    if act == "confirm":
        confirm_host_key(work.session, source, host_key=request.form.get("host_key", ""), by=by, now=now)
    _ask(work, source, Wish.ASKED if act == "fetch" else Wish.LOOK)


def _ask(work: UnitOfWork, source: FeedSource, wish: Wish) -> None:
    want_look(work.session, source, wish=wish, by=who().account_id, now=utc_now())
    work.ring_after_commit(FETCH_FEEDS)


def _add(organisation: Organisation, form: Any, kind: SourceKind) -> int:
    secret = secret_from(form, kind, is_needed=True)
    with unit_of_work() as work:
        source = add_source(
            work.session,
            organisation_id=organisation.id,
            settings=settings_from(form, kind),
            secret=secret,
            by=who().account_id,
            now=utc_now(),
        )
        _ask(work, source, Wish.LOOK)
        return source.id


def _change(source_id: int, organisation: Organisation, form: Any) -> None:
    with unit_of_work() as work:
        source = get_source(work.session, source_id=source_id, organisation_id=organisation.id)
        secret = secret_from(form, source.kind, is_needed=source.secret is None)
        settings = settings_from(form, source.kind)
        change_source(work.session, source, settings=settings, secret=secret, by=who().account_id, now=utc_now())
        if source.is_on:
            _ask(work, source, Wish.LOOK)


def _page(organisation: Organisation, form: Any, kind: SourceKind, source: FeedSource | None) -> str | tuple[str, int]:
    shown = render_template(
        "council/feed_source_form.html", organisation=organisation, form=form, kind=kind.value, source=source
    )
    return (shown, 422) if form.errors else shown
