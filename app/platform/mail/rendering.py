"""A message as a mail: headers that nobody can add to, plain text, and the same as an accessible page."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from app.platform.current_settings import current_settings
from app.platform.mail.lines import MAIL_POLICY, UNSUBSCRIBE
from app.platform.mail.message_ids import message_id_of
from kernel.clock import utc_now
from messages.ledger import Message, MessageContent, Part
from people.persons import Person

SETTINGS_PATH = "/messages"
ONE_CLICK = (UNSUBSCRIBE, "One-Click")
_LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, with its brackets
_NAMELESS = "Common Ground"


class BadAddress(Exception):
    """An address that no mail can go to; the text says why and does not repeat it."""


def render_mail(content: MessageContent, *, message: Message, person: Person, to: str | None = None) -> EmailMessage:
    """The mail for one person, at ``to`` or the address on their record. Sent again, it has the same Message-ID.

    Raises ``BadAddress``.
    """
    settings = current_settings()
    stop_url = page_url(f"{SETTINGS_PATH}/stop/{stop_token(person.id)}") if content.can_stop else None
    mail = EmailMessage(policy=MAIL_POLICY)
    mail["From"] = _sender(settings.mail_from or "")
    mail["To"] = recipient(person.chosen_name, to or person.email or "")
    mail["Subject"] = one_line(content.subject)
    mail["Date"] = format_datetime(utc_now())
    host = urlsplit(settings.public_url).hostname or "localhost"
    mail["Message-ID"] = message_id_of(message, host)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"  # Exchange would answer with out-of-office notes
    if stop_url:
        # Mail programs then show a button of their own: RFC 2369 and, for one click, RFC 8058.
        mail[UNSUBSCRIBE] = f"<{stop_url}>"
        mail[f"{UNSUBSCRIBE}-Post"] = "=".join(ONE_CLICK)
    values = _values(content, person, stop_url)
    # Not every server takes the bare bytes of other alphabets.
    mail.set_content(_as_text(**values), cte="quoted-printable")
    # Rendered without Flask's own help: that wants a request, and a worker has none.
    html = current_app.jinja_env.get_template("mail/message.html").render(values)
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    if content.calendar is not None:
        mail.add_attachment(
            content.calendar.data,
            maintype="text",
            subtype="calendar",
            filename="time-for-a-course.ics",
            params={"method": content.calendar.method, "charset": "utf-8"},
        )
    mail["Content-Language"] = "en-GB"  # last: what makes the parts takes such headers away
    return mail


def _values(content: MessageContent, person: Person, stop_url: str | None) -> dict[str, Any]:
    return {
        "content": content,
        "name": one_line(person.addressed_as),
        "link_url": page_url(content.link_path),
        "settings_url": page_url(SETTINGS_PATH) if content.can_choose else None,
        "stop_url": stop_url,
    }


def text_of(content: MessageContent, person: Person) -> str:
    """The message in plain text, as it would go to somebody."""
    return _as_text(**_values(content, person, None))


def page_url(path: str) -> str:
    """The address of a page, as people reach it."""
    return current_settings().public_url.rstrip("/") + path


def _as_text(content: MessageContent, name: str, link_url: str, settings_url: str | None, stop_url: str | None) -> str:
    parts = [f"Hello {name},"]
    for part, words in content.blocks:
        if part == Part.ITEMS:
            parts.append("\n".join(f"- {one_line(item)}" for item in content.items))
        else:
            parts.append(f"{content.link_words}:\n{link_url}" if part == Part.LINK else one_line(words))
    foot = [one_line(content.why)]
    if settings_url:
        foot.append(f"Choose which messages you get: {settings_url}")
    if stop_url:
        foot.append(f"Stop messages about follow-ups: {stop_url}")
    # The line that mail programs know as the beginning of a signature.
    return "\n\n".join([*parts, "-- \nCommon Ground\n" + "\n".join(foot)]) + "\n"


def one_line(words: str) -> str:
    """Words without line breaks, control characters and what turns the direction of writing for the rest of a line."""
    kept = "".join(" " if character.isspace() or not _is_harmless(character) else character for character in words)
    return " ".join(kept.split())


def _is_harmless(character: str) -> bool:
    # Joiners belong to names in Persian, Hindi and many more; other invisible signs do not.
    return character.isprintable() or character in "\u200c\u200d"


def recipient(name: str, email: str) -> Address:
    """A person as the header ``To`` holds them. Raises ``BadAddress``."""
    address = email.strip()
    user, _, domain = address.rpartition("@")
    if not user or not domain or "." not in domain.strip("."):
        raise BadAddress("The address on record is not complete")
    if len(address) > _LONGEST_ADDRESS or re.search(r'[\s<>()\[\],;:\\"]', address) or not address.isprintable():
        raise BadAddress("The address on record has signs that no address may have")
    try:
        host = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        return Address(display_name=one_line(name)[:100], username=user, domain=host)
    except (UnicodeError, ValueError) as problem:
        raise BadAddress("The address on record cannot be read") from problem


def _sender(words: str) -> Address:
    name, address = parseaddr(words)
    user, _, domain = address.rpartition("@")
    return Address(display_name=name or _NAMELESS, username=user, domain=domain)


def _stops() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="stop-messages")


def stop_token(person_id: int) -> str:
    """What a link holds by which somebody stops their messages without signing in."""
    return str(_stops().dumps(person_id))


def find_person_of(token: str) -> int | None:
    """Whose messages such a link stops; ``None`` for a link that is not ours."""
    try:
        person_id = _stops().loads(token)
    except BadData:
        return None
    return person_id if isinstance(person_id, int) else None
