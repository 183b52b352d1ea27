"""Whether mail can leave, and what could not be sent. A site without mail is in order."""

from sqlalchemy.orm import Session

from app.doctor.check import Check, ok, problem
from app.mail import PostOffice, ServerAway
from people.message_sending import counts_by_state
from people.messages import MessageState


def check_mail(office: PostOffice | None) -> Check:
    """The mail server takes our call, or nobody asked for mail."""
    if office is None:
        return ok("mail", "No mail is sent, because COMMON_GROUND_MAIL_URL is not set. Everything else works without.")
    try:
        office.check()
    except ServerAway as error:
        return problem("mail", f"{error}. Check the settings that begin with COMMON_GROUND_MAIL_.")
    return ok("mail", f"It can leave through {office.place}.")


def check_messages(session: Session) -> Check:
    """No message failed to be sent."""
    counts = counts_by_state(session)
    failed, parked = counts[MessageState.FAILED], counts[MessageState.PARKED]
    if failed or parked:
        return problem("messages", f"{failed} failed and are tried again, {parked} parked: see /manage/messages.")
    return ok("messages", f"None has failed; {counts[MessageState.SENT]} sent.")
