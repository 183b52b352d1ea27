"""Whether mail can leave, and what could not be sent. A site without mail is in order."""

from sqlalchemy.orm import Session

from app.doctor.check import Check, ok, problem
from app.platform.mail.bounce_boxes import BoxUnavailable, ImapBox, MailFolderBox
from app.platform.mail.transport import MailTransport, MailUnavailable
from kernel.tasks.control import counts_by_state
from kernel.tasks.kinds import TaskState
from messages.bounces.looks import BounceLook
from messages.by_text.carrying import TextCarrier, TextsUnavailable
from messages.sending import MAIL


def check_mail(transport: MailTransport | None) -> Check:
    """The mail server takes our call, or nobody asked for mail."""
    if transport is None:
        return ok("mail", "No mail is sent, because COMMON_GROUND_MAIL_URL is not set. Everything else works without.")
    try:
        transport.check()
    except MailUnavailable as error:
        return problem("mail", f"{error}. Check the settings that begin with COMMON_GROUND_MAIL_.")
    return ok("mail", f"It can leave through {transport.place}.")


def check_texts(carrier: TextCarrier | None) -> Check:
    """The service that carries texts takes our call, or nobody asked for texts."""
    if carrier is None:
        return ok("texts", "No texts are sent, because COMMON_GROUND_TEXTS_URL is not set.")
    try:
        carrier.check()
    except TextsUnavailable as error:
        return problem("texts", f"{error}. Check the settings that begin with COMMON_GROUND_TEXTS_.")
    return ok("texts", f"They can leave through {carrier.place}.")


def check_bounces(box: MailFolderBox | ImapBox | None, look: BounceLook | None) -> Check:
    """Mail that comes back can be read, all of it, or nobody said where it is. ``look`` is the last one at this box."""
    if box is None:
        return ok("bounces", "Nobody reads mail that comes back, because COMMON_GROUND_BOUNCES_URL is not set.")
    try:
        with box.open():
            pass
    except BoxUnavailable as error:
        return problem("bounces", f"{error}. Check the settings that begin with COMMON_GROUND_BOUNCES_.")
    if look is not None and look.unreadable:
        mails = "1 mail" if look.unreadable == 1 else f"{look.unreadable:,} mails"
        return problem(
            "bounces", f"{mails} in {box.place} could not be read. Look at them, and take them out of there."
        )
    return ok("bounces", f"Mail that comes back is read in {box.place}.")


def check_messages(session: Session) -> Check:
    """No message failed to be sent."""
    counts = counts_by_state(session, MAIL)
    failed, parked = counts[TaskState.FAILED], counts[TaskState.PARKED]
    if failed or parked:
        return problem("messages", f"{failed} failed and are tried again, {parked} parked: see /manage/messages.")
    return ok("messages", f"None has failed; {counts[TaskState.DONE]} sent.")
