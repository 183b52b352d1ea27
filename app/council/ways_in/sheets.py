"""One sheet: its file, whose cards are on it, and cards that are lost."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.council.certificates.progress import begun_by
from app.council.ways_in.overview import BATCH_WORDS, ROLES, Here, here_of
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.downloads import data_download
from app.platform.pages.opened_names import note_names_opened
from app.platform.pages.templating import plural
from app.platform.sealed.files import unseal
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from kernel.files import read_unchanged
from kernel.tasks.kinds import TaskState
from people.organisations import Unit
from people.ways_in.choices import FirstWay
from people.ways_in.keeping import take_sheet
from people.ways_in.members import MemberState, end_cards, members_of, units_in_reach
from people.ways_in.needs import Reach
from people.ways_in.rounds import MAKE_WAYS_IN, WayInBatch, WayInRound, get_batch
from people.ways_in.starting import start_again

STATE_WORDS = {
    MemberState.COMING: ("Being made", ""),
    MemberState.OPEN: ("Not used yet", "quiet"),
    MemberState.SIGNED_IN: ("Has signed in", "done"),
    MemberState.OVER: ("Over", "due"),
}
END, AGAIN = "end", "again"


def _found(session: Session, slug: str, batch_id: int) -> tuple[Here, WayInBatch, WayInRound]:
    """The sheet, if it is this person’s to see. Raises ``NotFound``."""
    here = here_of(session, slug)
    batch, begun = get_batch(session, batch_id=batch_id, organisation_id=here.reach.organisation_id)
    within = units_in_reach(session, here.reach)
    if within is not None and batch.unit_id not in within:
        raise NotFound(f"batch {batch_id} of {slug}")
    return here, batch, begun


@allow(*ROLES)
def way_in_sheet(slug: str, batch_id: int) -> str | tuple[str, int] | Response:
    """Whose cards are on it. A lost one is ended, or made anew on a sheet of its own."""
    session = db.session()
    here, batch, begun = _found(session, slug, batch_id)
    errors = []
    if request.method == "POST":
        chosen = request.form.getlist("person")
        if chosen and _change(here.reach, batch, chosen, request.form.get("act", "")):
            return redirect(url_for("council.way_in_sheet", slug=slug, batch_id=batch_id))
        errors = ["Choose at least one person"] if not chosen else []
    members = members_of(session, batch, now=utc_now())
    note_names_opened("sign-in-sheet", authority=slug, unit=batch.unit_id, people=batch.wanted)
    page = render_template(
        "council/way_in_sheet.html",
        slug=slug,
        here=here,
        batch=batch,
        is_card=begun.way is FirstWay.CARD,
        unit=session.get_one(Unit, batch.unit_id),
        starters_on=begun.starters_on,
        asked_by=begun_by(begun.asked_by_account_id),
        members=members,
        state_words=STATE_WORDS,
        batch_words=BATCH_WORDS,
        has_file=_has_file(batch),
        errors=[(words, f"#person-{members[0].person_id}" if members else "#people") for words in errors],
    )
    return page, 422 if errors else 200


def _has_file(batch: WayInBatch) -> bool:
    is_kept = batch.ends_at is not None and batch.ends_at > utc_now()
    return batch.state is TaskState.DONE and batch.sha256 is not None and is_kept


def _change(reach: Reach, batch: WayInBatch, chosen: list[str], act: str) -> bool:
    """End some cards, or have them made anew; says so, or why it cannot be."""
    now, by = utc_now(), who().account_id
    try:
        with unit_of_work() as work:
            members = members_of(work.session, batch, now=now)
            people = [one.person_id for one in members if str(one.person_id) in chosen]
            ended = end_cards(work.session, batch, person_ids=people, by=by, now=now)
            if act == AGAIN:
                start_again(work.session, reach, person_ids=people, by=by, now=now)
                work.ring_after_commit(MAKE_WAYS_IN)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
        return True
    what = plural(ended, "code opens", "codes open")
    more = " New cards are on a sheet of their own, under “First sign-in”." if act == AGAIN else ""
    flash(f"{what} nothing any more.{more}")
    return True


@allow(*ROLES)
def way_in_sheet_file(slug: str, batch_id: int) -> Response:
    """The sheet; who takes it out is on record."""
    _, batch, _ = _found(db.session(), slug, batch_id)
    key = batch.storage_key
    with unit_of_work() as work:
        held = take_sheet(work.session, batch_id=batch_id, by=who().account_id, now=utc_now())
        sealed = read_unchanged(file_store(), key=key, sha256=held.sha256 or "")  # one that is lost was not taken out
    return data_download(unseal(sealed), mimetype="application/pdf", name=f"sign-in-cards-{slug}-{batch_id}.pdf")
