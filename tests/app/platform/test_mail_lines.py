"""The lines of a mail, read by the letter of RFC 5322 and RFC 2047: not by what mail programs put up with."""

import re
from base64 import b64decode
from email import message_from_bytes, policy
from quopri import decodestring

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.platform.mail.rendering import one_line, render_mail
from messages.ledger import Message, MessageContent
from people.persons import Person
from tests.app.platform.test_mail_rendering import CONTENT, NAMES, context
from tests.builders.region import NOON

__all__ = ["context"]

ENCODED = re.compile(r"=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=")
# RFC 2047, section 5, rule 3: what may stand for itself in a word that is part of a name.
IN_A_NAME = re.compile(r"[A-Za-z0-9!*+\-/=_]*")
SPECIALS = set('()<>[]:;@\\,."')  # RFC 5322, section 3.2.3
LONG_NAMES = [
    "Ọláyínká " * 11,
    "王芳" * 50,
    "Ann, Marie " * 9,
    "محمد بن عبد الله " * 6,
    "a" * 99,
    "e\u0301" * 50,
    "“Bo” " * 20,
]
LONG_TITLES = [name * 3 for name in LONG_NAMES]


def sent(name: str, title: str, email: str = "sian@halton.example") -> bytes:
    content = MessageContent(
        subject=title, paragraphs=(title, *CONTENT.paragraphs), link_words=title, link_path="/courses/look-back",
        why="Because.", can_stop=True,
    )  # fmt: skip
    person = Person(id=7, chosen_name=name, email=email, created_at=NOON)
    message = Message(id=3, person_id=7, kind="follow-up-open", subject_id=1, noted_at=NOON)
    return render_mail(content, message=message, person=person).as_bytes()


def headers_of(raw: bytes) -> list[tuple[str, str]]:
    """Names and unfolded values, of lines that may be as they are. Fails where one may not."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    for line in lines:
        # RFC 5322, section 2.2: headers are US-ASCII, but for an address with other letters (RFC 6532)
        assert line.isascii() or "siân@halton.example" in line
        assert len(line) <= 998  # section 2.1.1: must
        assert line.strip(" \t")  # section 3.2.2: no folded line of nothing but space
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line)
        # Section 2.1.1: a line should have no more than 78. What has no space in it cannot be folded.
        assert len(line) <= 78 or re.fullmatch(r" \S+", line)
        words = list(ENCODED.finditer(line))
        assert not words or len(line) <= 76  # RFC 2047, section 2
        for word in words:
            read_word(word)
    unfolded = re.sub(r"\r\n(?=[ \t])", "", "\r\n".join(lines))
    found = [tuple(line.split(":", 1)) for line in unfolded.split("\r\n")]
    return [(name, value.strip()) for name, value in found]


def read_word(word: re.Match[str]) -> str:
    """What an encoded word says: at most 75 characters that hold whole letters."""
    assert len(word[0]) <= 75
    assert word[1].lower() == "utf-8"
    text = b64decode(word[3], validate=True) if word[2] in "Bb" else decodestring(word[3].replace("_", " "))
    return text.decode("utf-8")


def read(value: str) -> str:
    """The words of a header without quotes: space between two encoded words is none (RFC 2047, section 6.2)."""
    return ENCODED.sub(read_word, re.sub(r"(\?=)\s+(?==\?)", r"\1", value))


def read_name(value: str) -> str:
    """The name before an address: words, encoded words and quoted strings, as RFC 5322 and RFC 2047 allow them."""
    phrase = value[: value.rindex("<")].strip()
    if phrase.startswith('"'):
        quoted = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', phrase)
        assert quoted, phrase
        assert not ENCODED.search(phrase)  # RFC 2047, section 5: never inside quotes
        return re.sub(r"\\(.)", r"\1", quoted[1])
    for atom in re.split(r"\s+", phrase):
        word = ENCODED.fullmatch(atom)
        assert not (word and word[2] in "Qq") or IN_A_NAME.fullmatch(word[3])
        assert word or not set(atom) & SPECIALS
    return read(phrase)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("name", [*NAMES, *LONG_NAMES])
def test_a_name_of_any_length_and_script_is_within_the_lines_and_says_what_it_says(name: str) -> None:
    found = dict(headers_of(sent(name, "Now open")))
    assert read_name(found["To"]) == name.strip()[:100].strip()
    assert found["To"].endswith("<sian@halton.example>")


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("title", [*NAMES, *LONG_TITLES])
def test_a_subject_of_any_length_and_script_does_so_too(title: str) -> None:
    assert read(dict(headers_of(sent("Siân", title)))["Subject"]) == title.strip()


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("email", [f"{'long.' * 12}name@{'halton.' * 20}example", "siân@halton.example"])
@pytest.mark.parametrize("name", ["Siân", "Nur, Amina", "Amina Nur of the Department for Everything Else"])
def test_a_long_address_and_one_with_other_letters_stay_whole(name: str, email: str) -> None:
    found = dict(headers_of(sent(name, "Now open", email)))
    assert found["To"].endswith(f"<{email}>")
    assert read_name(found["To"]) == name


@pytest.mark.usefixtures("context")
def test_any_name_and_title_pass_the_reader_and_pythons_strictest_one() -> None:
    words = st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=8).map(" ".join).map(one_line).filter(bool)
    awkward = st.text('ab é王,".()<>@;:\\=?_', min_size=1, max_size=140).map(
        lambda text: f"a {' '.join(text.split())}".strip()
    )

    @settings(deadline=None)
    @given(name=st.one_of(words, awkward), title=st.one_of(words, awkward))
    def check(name: str, title: str) -> None:
        raw = sent(name, title)
        found = dict(headers_of(raw))
        assert read(found["Subject"]) == title
        assert read_name(found["To"]) == name[:100].strip()
        strict = message_from_bytes(raw, policy=policy.strict)
        assert [one.addr_spec for one in strict["To"].addresses] == ["sian@halton.example"]

    check()


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("host", ["learn.example.org", f"{'learn.' * 25}example.org"])
def test_the_link_that_stops_messages_is_never_encoded_or_broken(app: Flask, host: str) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"public_url": f"https://{host}"})
    found = dict(headers_of(sent("Siân", "Now open")))
    assert re.fullmatch(rf"<https://{re.escape(host)}/messages/stop/[\w.-]+>", found["List-Unsubscribe"])
    assert re.fullmatch(rf"<follow-up-open-3-\d+\.[0-9a-f]{{16}}@{re.escape(host)}>", found["Message-ID"])


@pytest.mark.usefixtures("context")
def test_the_body_has_short_lines_whatever_stands_in_it() -> None:
    raw = sent("王" * 100, "x" * 3000)
    _, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
