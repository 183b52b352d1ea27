"""How the headers of a mail are put into lines: by RFC 5322, and words of other alphabets by RFC 2047.

Python's own folding drops the quotes of a long name (“Ann, Marie” then counts as two people), drops spaces between
encoded words, and encodes addresses of pages, which no mail program can open then (3.11.7).
"""

import textwrap
from base64 import b64encode
from collections.abc import Iterator
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any

UNSUBSCRIBE = "List-Unsubscribe"
_AS_THEY_ARE = frozenset({UNSUBSCRIBE, f"{UNSUBSCRIBE}-Post", "Message-ID"})
_LINE = 76  # a line with an encoded word may have no more (RFC 2047, section 2)
_LONGEST_PLAIN_NAME = 60  # with quotes, it then stands in one line


class MailPolicy(EmailPolicy):
    """The usual policy for mail that is sent, with lines of our own folding."""

    def fold(self, name: str, value: Any) -> str:
        """A header as it is sent, with its line ends."""
        if name in _AS_THEY_ARE:
            parts = [str(value)]
        elif hasattr(value, "addresses"):
            parts = [part for address in value.addresses for part in _address(address)]
        elif name == "Subject":
            parts = list(_words(str(value), _LINE - len("Subject: ")))
        else:
            return str(super().fold(name, value))
        return _lines(name, parts, self.linesep)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same in bytes. Only an address with other letters has any but ASCII (RFC 6532)."""
        return self.fold(name, value).encode("utf-8")


MAIL_POLICY = MailPolicy(linesep="\r\n", max_line_length=_LINE)


def _lines(name: str, parts: list[str], line_end: str) -> str:
    """The parts behind the name, each on a new line that does not fit on the one before."""
    lines = [f"{name}:"]
    for part in parts:
        if len(lines[-1]) + 1 + len(part) <= _LINE:
            lines[-1] += f" {part}"
        else:
            lines.append(f" {part}")
    return "".join(line + line_end for line in lines)


def _address(address: Address) -> Iterator[str]:
    name = address.display_name
    if name and (not _is_plain(name) or len(name) > _LONGEST_PLAIN_NAME):
        yield from _encoded(name, _LINE - len("Sender: "))
        yield f"<{address.addr_spec}>"
    else:
        yield from str(address).rsplit(" ", 1)  # with quotes where they are needed


def _words(text: str, first: int) -> Iterator[str]:
    lines = textwrap.wrap(text, first, break_long_words=False, break_on_hyphens=False)
    if _is_plain(text) and " ".join(lines) == text and all(len(line) <= first for line in lines):
        yield from lines
    else:
        yield from _encoded(text, first)


def _is_plain(text: str) -> bool:
    # What looks like an encoded word would be read as one.
    return text.isascii() and text.isprintable() and "=?" not in text


def _encoded(text: str, first: int) -> Iterator[str]:
    """Encoded words of whole letters, which readers join without a space between them."""
    room, held = first, ""
    for letter in text:
        if len(_encoded_word(held + letter)) > room:
            yield _encoded_word(held)
            room, held = _LINE - 1, ""
        held += letter
    if held:
        yield _encoded_word(held)


def _encoded_word(text: str) -> str:
    return f"=?utf-8?b?{b64encode(text.encode('utf-8')).decode('ascii')}?="
