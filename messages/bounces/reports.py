"""What a mail server reports of a mail that it could not deliver: RFC 3464 and, for addresses beyond ASCII, RFC 6533.

Read with the standard library. Pure.
Out-of-office notes, questions and everything else that people send are no reports.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import Header, decode_header
from email.message import Message as Mail
from enum import StrEnum

_ENHANCED = re.compile(r"\b([45])\.(\d{1,3})\.(\d{1,3})\b")
_SMTP = re.compile(r"\b(4\d\d|5\d\d)\b")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,300}@[^<>\s]{1,255}>")
_ADDRESS = re.compile(r"[^\s;<>]+@[^\s;<>]+")
# How RFC 6533 writes a letter of an address where only ASCII may pass.
_LETTER = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
# Its kinds of parts have the form of the older ones, but the library knows only those: it would take the first fields
# of a report for the header of a mail, and the addresses for its text.
_OLDER_KINDS = {
    b"message/global-delivery-status": b"message/delivery-status",
    b"message/global-headers": b"text/rfc822-headers",
    b"message/global": b"message/rfc822",
}
_NEWER_KIND = re.compile(rb"(?im)^(content-type:\s*)(message/global(?:-delivery-status|-headers)?)(?=[\s;]|$)")
# Says that there is nobody, or nothing that takes mail: RFC 3463, and what Exchange and Gmail use beside it.
_NOBODY = {"1.1", "1.10", "1.3", "1.6"}
_NO_HOST = {"1.2", "4.4", "1.8"}
_NO_MAILBOX_WORDS = re.compile(
    r"user unknown|unknown user|no such user|does ?n[o']t exist|recipient ?(not found|rejected)|RecipientNotFound"
    r"|mailbox unavailable|invalid recipient|Recipient address rejected: Access denied",
    re.IGNORECASE,
)


class Weight(StrEnum):
    """What follows from a report: the address does not work, the mail is tried again, or nothing."""

    HARD = "hard"
    SOFT = "soft"
    DELAYED = "delayed"


@dataclass(frozen=True)
class Report:
    """One address in a report. ``message_ids`` are those that it names as the mail it is about, most likely first."""

    address: str
    message_ids: tuple[str, ...]
    weight: Weight
    status: str
    words: str


def reports_in(data: bytes) -> tuple[Report, ...]:
    """What a mail says of mails that could not be delivered; empty for one that is no report, or is damaged."""
    data = _NEWER_KIND.sub(lambda found: found[1] + _OLDER_KINDS[found[2].lower()], data)
    mail = message_from_bytes(data, policy=policy.compat32)
    parts = [part for part in mail.walk() if part.get_content_type() == "message/delivery-status"]
    if not parts:
        return ()
    ids = tuple(dict.fromkeys(_message_ids(mail)))
    return tuple(report for part in parts for report in _of_part(part, ids))


def _of_part(part: Mail, ids: tuple[str, ...]) -> Iterator[Report]:
    for group in _inside(part):
        address, action = _address_of(group), _plain(group.get("Action")).lower()
        if not address or action not in ("failed", "delayed"):
            continue
        said = _plain(group.get("Diagnostic-Code"))
        status = _status_of(_plain(group.get("Status")), said)
        if action == "delayed":
            yield Report(address, ids, Weight.DELAYED, status, "The mail server still tries")
            continue
        weight, words = _meaning(status, said)
        yield Report(address, ids, weight, status, words)


def _inside(part: Mail) -> Iterator[Mail]:
    """The mails, or the groups of fields, of which a part consists; none where it is damaged."""
    inner = part.get_payload()
    yield from (one for one in (inner if isinstance(inner, list) else []) if isinstance(one, Mail))


def _address_of(group: Mail) -> str:
    """The address as we wrote it, where the report says so: mail may have been sent on to another one."""
    for name in ("Original-Recipient", "Final-Recipient"):
        written = _plain(group.get(name)).partition(";")[2]
        found = _ADDRESS.search(_LETTER.sub(lambda code: _letter(int(code[1], 16)), written))
        if found:
            return found.group()
    return ""


def _letter(code: int) -> str:
    """The letter of a number; nothing for a number that is none."""
    return "" if code > sys.maxunicode or 0xD800 <= code <= 0xDFFF else chr(code)


def _status_of(status: str, said: str) -> str:
    """The status code; a general one gives way to that of the other server, which knows more."""
    own, other = _ENHANCED.search(status), _ENHANCED.search(said)
    if own and not (own.group(2) == "0" and other):
        return own.group()
    if other:
        return other.group()
    code = _SMTP.search(said)
    return f"{code.group()[0]}.0.0" if code else "5.0.0"


def _meaning(status: str, said: str) -> tuple[Weight, str]:
    detail = status[2:]
    if detail == "2.2":
        return Weight.SOFT, "The mailbox is full"
    if status.startswith("4"):
        return Weight.SOFT, "The mail server did not take it for now"
    if detail in _NOBODY or _NO_MAILBOX_WORDS.search(said):
        return Weight.HARD, "There is no such mailbox"
    if detail in _NO_HOST:
        return Weight.HARD, "There is no mail server for this address"
    if detail == "2.1":
        return Weight.HARD, "The mailbox is switched off"
    if detail == "0.0" and re.search(r"\b55[013]\b", said):
        return Weight.HARD, "There is no such mailbox"
    # Too large, taken for spam, not allowed: the address may well be right.
    return Weight.SOFT, "The mail server refused the mail"


def _message_ids(mail: Mail) -> Iterator[str]:
    """Ids of the mail that came back: from its headers in the report, from fields of the report, from its thread."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            for one in _inside(part):
                yield from _MESSAGE_ID.findall(_plain(one.get("Message-ID")))
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            text = part.get_payload(decode=True)
            headers = message_from_bytes(text if isinstance(text, bytes) else b"", policy=policy.compat32)
            yield from _MESSAGE_ID.findall(_plain(headers.get("Message-ID")))
        elif kind == "message/delivery-status":
            for group in _inside(part):
                yield from _MESSAGE_ID.findall(_plain(group.get("X-Original-Message-ID")))
    for name in ("In-Reply-To", "References", "X-MS-Exchange-Parent-Message-Id"):
        yield from _MESSAGE_ID.findall(_plain(mail.get(name)))


def _plain(value: object) -> str:
    """A field on one line. The library keeps what is beyond ASCII as bytes of an unknown kind: they are UTF-8."""
    if isinstance(value, Header):
        chunks = (part if isinstance(part, bytes) else part.encode() for part, _ in decode_header(value))
        value = b"".join(chunks).decode("utf-8", "replace")
    return " ".join(str(value or "").split())
