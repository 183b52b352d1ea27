"""Something for many people of the list: who is included, who is left out and why; then one decision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.council.people.acting_forms import form_for, terms_from
from app.council.people.filters import AskedList, asked_list
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.requests import number_of
from app.platform.pages.opened_names import note_names_opened
from app.platform.texts.carriers import ways_here
from app.platform.work import unit_of_work
from assignments.for_many.decided_words import Said, decided_text
from assignments.for_many.doing import AT_ONCE, Decision, decide_for_many
from assignments.for_many.previewing import ActPreview, Terms, preview
from assignments.for_many.record import WHY_WORDS, WORK_OFF_ACTS, ActKind
from assignments.for_many.telling import who_are_told
from assignments.wording_previews import fillable_for
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from messages.ledger import SEND_MESSAGES, MessageContent
from messages.templates.texts import Text
from messages.templates.versions import worded
from people.persons import Person
from people.roles import Role
from reports.listing.people_states import ids_of_people

HEADINGS: Mapping[ActKind, str] = {
    ActKind.NUDGE: "Nudge people of this list",
    ActKind.MORE_TIME: "Give people of this list more time",
    ActKind.EXEMPT: "Exempt people of this list",
}
# So many names of people who are left out stand behind each reason.
MOST_NAMES = 50


@allow(Role.HR_LEAD, Role.ADMIN)
def people_act_new(slug: str, kind: str) -> str | tuple[str, int] | Response:
    """Fill in what is to be done, look for whom, and decide."""
    now, act_kind = utc_now(), _kind(kind)
    asked = asked_list(slug, now=now)
    of, chosen = asked.of, chosen_people()
    if not asked.scope.shows_started or of.plan is None:
        raise NotFound(f"acts for many of {slug}")
    if chosen is not None and not chosen:
        return redirect(url_for("council.people", slug=slug, choose="nobody", **asked.kept))  # type: ignore[arg-type]
    ids = ids_of_people(db.session(), of, replace(asked.wanted, only=chosen))
    form = form_for(act_kind, today=of.on)
    terms = terms_from(form, act_kind, organisation_id=of.organisation_id, course_id=of.course_id, today=of.on)
    is_decided = form.is_submitted() and not form.errors and "decide" in request.form
    if is_decided and (done := _decided(asked, terms, ids, chosen)):
        return done
    found = preview(db.session(), terms, ids, by=who().account_id, ways=ways_here(), now=now)
    shown = _page(asked, terms, form, found, chosen, gone=len(chosen or ids) - len(ids))
    note_names_opened("people-act", authority=slug, people=len(ids))
    return shown, 422 if form.errors or is_decided else 200


def _kind(word: str) -> ActKind:
    try:
        return ActKind(word)
    except ValueError:
        raise NotFound(f"act for many: {word}") from None


def chosen_people() -> frozenset[int] | None:
    """Those who were chosen one by one; ``None`` where all of the list are meant."""
    if "person" not in request.args and "choose" not in request.args:
        return None
    return frozenset(number_of(one, 0) for one in request.args.getlist("person"))


def _address(asked: AskedList, kind: ActKind, chosen: frozenset[int] | None) -> str:
    people = {"person": sorted(chosen)} if chosen else {}
    slug = asked.scope.organisation.slug
    return url_for("council.people_act_new", slug=slug, kind=kind.value, **asked.kept, **people)  # type: ignore[arg-type]


def _decided(asked: AskedList, terms: Terms, ids: list[int], chosen: frozenset[int] | None) -> Response | None:
    """Decide it and go to its page; ``None`` where it cannot be, which is said above the page."""
    whom = asked.words if chosen is None else f"Chosen one by one: {len(ids):,} of a list"
    try:
        with unit_of_work() as work:
            act = decide_for_many(
                work.session,
                terms,
                ids,
                Decision(who().account_id, whom, request.form.get("seen", "")),
                ways=ways_here(),
                now=utc_now(),
            )
            act_id = act.id
            if act.is_going_on:
                work.ring_after_commit(WORK_OFF_ACTS)
            else:
                work.ring_after_commit(SEND_MESSAGES)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
        return None
    return redirect(url_for("council.people_act", slug=asked.scope.organisation.slug, act_id=act_id))


def _page(
    asked: AskedList, terms: Terms, form: FlaskForm, found: ActPreview, chosen: frozenset[int] | None, *, gone: int
) -> str:
    session, organisation = db.session(), asked.scope.organisation
    is_ready = terms.kind is ActKind.NUDGE or (form.is_submitted() and not form.errors)
    told = _told(session, terms, found, asked.of.on)
    return render_template(
        "council/people_act_new.html",
        organisation=organisation,
        courses=asked.choice,
        asked=asked,
        kind=terms.kind,
        terms=terms,
        heading=HEADINGS[terms.kind],
        form=form,
        found=found,
        is_ready=is_ready,
        told=len(told),
        goes_into_queue=len(found.person_ids) > AT_ONCE,
        names=_names(session, found),
        why_words=WHY_WORDS,
        sample=_sample(session, asked, terms, told) if told and is_ready else None,
        address=_address(asked, terms.kind, chosen),
        chosen=chosen,
        gone=gone,
        most=MOST_NAMES,
    )


def _names(session: Session, found: ActPreview) -> Mapping[int, str]:
    """The names of those who are left out, as many as stand on the page."""
    ids = [one for some in found.left_out.values() for one in some[:MOST_NAMES]]
    return dict(session.execute(select(Person.id, Person.chosen_name).where(Person.id.in_(ids))).all())


def _told(session: Session, terms: Terms, found: ActPreview, on: date) -> Sequence[int]:
    """Those of them who get a message, in the order of the list: of a nudge all, since others are left out."""
    if terms.kind is ActKind.NUDGE:
        return found.person_ids
    told = who_are_told(session, found.person_ids, organisation_id=terms.organisation_id, ways=ways_here(), on=on)
    return [one for one in found.person_ids if one in told]


def _sample(session: Session, asked: AskedList, terms: Terms, told: Sequence[int]) -> MessageContent | None:
    """The message as the first of them would get it; ``None`` where there is nothing to say to them."""
    if terms.kind is not ActKind.NUDGE:
        said = decided_text(session, session.get_one(Person, told[0]), [Said(terms)], on=asked.of.on)
        return worded(session, said)
    try:
        said = fillable_for(
            session,
            Text.NUDGE,
            organisation_id=terms.organisation_id,
            person_id=told[0],
            who_asks=who().name,
            on=asked.of.on,
        )
    except RuleBroken:
        return None
    return worded(session, said)
