"""Make sign-in cards and invitations, batch by batch, and delete the sheets whose days are over."""

from flask import current_app

from app.jobs.task_loop import work_off
from app.platform.current_settings import current_settings
from app.platform.mail.transport import find_mail_transport
from app.platform.sealed.files import seal
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.tasks.claims import Claim, drop, finish, hold
from messages.invitations import note_invitations
from messages.ledger import SEND_MESSAGES
from people.ways_in.choices import FirstWay
from people.ways_in.keeping import delete_sheet, mark_sheet_ready, sheets_to_delete
from people.ways_in.making import CardSheet, make_cards, make_leaves, way_of
from people.ways_in.rounds import MAKE_WAYS_IN, ROUNDS, WAYS_IN, WayInBatch, WayInRound
from people.ways_in.starting import begin_round
from reports.card_sheet import running_words, sheet_html
from reports.pdf import render_handout

CARD_PATH = "/card"


def begin_rounds() -> None:
    """Find the people of every round that was asked for. Raises ``TasksFailed`` at the end."""
    work_off(ROUNDS, _begin)


def _begin(claimed: Claim[WayInRound]) -> None:
    with unit_of_work() as work:
        if begin_round(work.session, claimed, now=utc_now()):
            work.ring_after_commit(MAKE_WAYS_IN)


def make_ways_in() -> None:
    """Make every batch that is wanted. One that cannot be made keeps no other. Raises ``TasksFailed`` at the end."""
    work_off(WAYS_IN, make_batch)


def make_batch(claimed: Claim[WayInBatch]) -> None:
    """Make the accounts of one batch, and its sheet or its invitations. Raises ``ClaimLost``."""
    with unit_of_work() as work:
        batch = hold(work.session, claimed)
        if way_of(work.session, batch) is FirstWay.INVITATION:
            leaves = make_leaves(work.session, batch, now=utc_now())
            note_invitations(work.session, leaves=leaves, now=utc_now())
            finish(work.session, claimed, done=len(leaves), ready_at=utc_now())
            if leaves and find_mail_transport() is not None:
                work.ring_after_commit(SEND_MESSAGES)
            return
        sheet, key = make_cards(work.session, batch, now=utc_now()), batch.storage_key
        if not sheet.cards:
            drop(work.session, claimed)
    if not sheet.cards:
        file_store().delete(key)  # of a sheet that grew before anybody took it out, there is one from before
        return
    drawn = seal(_draw(sheet))
    with unit_of_work() as work:
        # Held while it is stored: a worker that was too slow stores no sheet of codes that another one has ended.
        hold(work.session, claimed)
        file = file_store().put(key, drawn)
        mark_sheet_ready(work.session, claimed, file=file, cards=len(sheet.cards), now=utc_now())


def _draw(sheet: CardSheet) -> bytes:
    address = current_settings().public_url.rstrip("/") + CARD_PATH
    return render_handout(sheet_html(sheet, address=address), running=running_words(sheet), style="cards")


def delete_old_sheets() -> None:
    """Delete the sheets whose days are over; one that the store does not let go of stays for the next time."""
    with unit_of_work() as work:
        old = sheets_to_delete(work.session, now=utc_now())
    for batch_id in old:
        try:
            with unit_of_work() as work:
                delete_sheet(work.session, file_store(), batch_id=batch_id, now=utc_now())
        except StorageError as problem:
            current_app.logger.warning("Sheet of cards %s is still there: %s", batch_id, problem)
