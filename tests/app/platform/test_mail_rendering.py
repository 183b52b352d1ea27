"""Mails as they are read: headers nobody can add to, every script, links that lead somewhere, no more than needed."""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.platform.mail.rendering import BadAddress, find_person_of, recipient, render_mail, stop_token
from config import Settings
from messages.ledger import Message, MessageContent
from people.persons import Person
from tests.builders.mail_server import html_of, text_of
from tests.builders.region import NOON

NAMES = ["Siân Nguyễn", "محمد", "王芳", "Ọláyínká", "O’Neill-Smith", 'Ann "Annie" Lee', "Nur, Amina", "ليلى Müller"]
CONTENT = MessageContent(
    subject="Now open: Look back",
    paragraphs=("Two weeks on. Look back is open.", "A <b>second</b> & last part."),
    items=("One", "Two"),
    link_words="Open it",
    link_path="/courses/look-back",
    why="You get this message because you completed the course.",
    can_stop=True,
)
EVERY_LINK = ("/courses/look-back", "/messages", "/messages/stop/")


@pytest.fixture
def context(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings: Settings = app.config["SETTINGS"]
    from_us = {"mail_from": "Common Ground <learning@example.org>", "public_url": "https://learn.example.org/"}
    monkeypatch.setitem(app.config, "SETTINGS", settings.model_copy(update=from_us))
    with app.app_context():
        yield


def a_mail(
    name: str = "Siân Nguyễn", email: str = "sian@halton.example", content: MessageContent = CONTENT
) -> EmailMessage:
    person = Person(id=7, chosen_name=name, email=email, created_at=NOON)
    message = Message(id=3, person_id=7, kind="follow-up-open", subject_id=1, noted_at=NOON)
    sent = render_mail(content, message=message, person=person)
    read = message_from_bytes(sent.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


@pytest.mark.usefixtures("context")
def test_its_headers_say_what_it_is_and_where_to_stop_it() -> None:
    mail = a_mail()
    assert str(mail["From"]) == "Common Ground <learning@example.org>"
    assert re.fullmatch(r"<follow-up-open-3-1795262400\.[0-9a-f]{16}@learn\.example\.org>", mail["Message-ID"])
    assert mail["Content-Language"] == "en-GB"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert isinstance(mail["Date"].datetime, datetime)
    assert mail["List-Unsubscribe"].strip() == f"<https://learn.example.org/messages/stop/{stop_token(7)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert a_mail()["Message-ID"] == mail["Message-ID"]


@pytest.mark.usefixtures("context")
def test_the_page_and_the_text_say_the_same_and_load_nothing() -> None:
    mail = a_mail()
    page = BeautifulSoup(html_of(mail), "html.parser")
    assert page.html is not None
    assert page.html["lang"] == "en-GB"
    assert page.title is not None
    assert page.title.string == "Now open: Look back"
    assert page.find_all(["img", "link", "script", "table", "style"]) == []
    words = text_of(mail)
    for part in (*CONTENT.paragraphs, *CONTENT.items, CONTENT.why, "Hello Siân Nguyễn,"):
        assert part in words
        assert part in page.get_text()
    assert page.b is None


@pytest.mark.usefixtures("context")
def test_every_link_begins_with_the_public_address() -> None:
    mail = a_mail()
    links = [str(link["href"]) for link in BeautifulSoup(html_of(mail), "html.parser").find_all("a")]
    links += [word for word in text_of(mail).split() if "://" in word]
    assert len(links) == 6
    assert all(link.startswith("https://learn.example.org/") for link in links)
    paths = [link.removeprefix("https://learn.example.org") for link in links]
    assert all(path.startswith(EVERY_LINK) for path in paths)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script_arrive_as_they_are(name: str) -> None:
    mail = a_mail(name)
    assert mail["To"].addresses[0].display_name == name
    assert mail["To"].addresses[0].addr_spec == "sian@halton.example"
    assert f"Hello {name}," in text_of(mail)


HOSTILE = [
    "a\nBcc: other@example.org",
    "a\r\nSubject: won\r\n\r\nbody",
    "a\x00b",
    "x\u2028Bcc: y@example.org",
    "\u202eevil",
]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("words", HOSTILE)
def test_nobody_adds_a_header_by_a_name_or_a_title(words: str) -> None:
    content = MessageContent(
        subject=words, paragraphs=(words,), link_words="Open", link_path="/", why=words, items=(words,)
    )
    mail = a_mail(words, content=content)
    assert mail["Bcc"] is None
    assert [header for header in mail.keys() if header.lower() == "subject"] == ["Subject"]  # noqa: SIM118 - twice counts
    assert len(mail["To"].addresses) == 1
    assert "\u202e" not in text_of(mail)


@pytest.mark.usefixtures("context")
def test_any_name_and_any_title_make_one_mail_for_one_person() -> None:
    anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)

    @given(name=anything, title=anything)
    def make(name: str, title: str) -> None:
        content = MessageContent(subject=title, paragraphs=(title,), link_words="Open", link_path="/", why="Because.")
        mail = a_mail(name, content=content)
        assert [one.addr_spec for one in mail["To"].addresses] == ["sian@halton.example"]
        assert (mail["Bcc"], mail["Cc"]) == (None, None)

    make()


@pytest.mark.parametrize(
    "address",
    [
        "", "nobody", "@example.org", "a@", "a@b", "a b@example.org", "a@example.org, b@example.org",
        "a@example.org\nBcc: c@example.org", "<a@example.org>", 'a"b@example.org', "a@ex ample.org",
        "a@example.org;b@example.org", "a\u202e@example.org", "x" * 250 + "@example.org", "a@exam..ple.öorg" + "ö" * 70,
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_one_is_refused_in_words_that_do_not_repeat_it(address: str) -> None:
    with pytest.raises(BadAddress) as refusal:
        recipient("Siân", address)
    assert str(refusal.value).startswith("The address on record")
    assert not address or address not in str(refusal.value)


def test_addresses_with_other_letters_are_kept_and_their_hosts_are_encoded() -> None:
    assert recipient("王芳", "fang@bücher.example").addr_spec == "fang@xn--bcher-kva.example"
    assert recipient("Siân", " siân@halton.example ").addr_spec == "siân@halton.example"


@pytest.mark.usefixtures("context")
def test_a_stopping_link_is_ours_alone() -> None:
    token = stop_token(7)
    assert find_person_of(token) == 7
    for other in (token[:-1], token + "x", "7", "", token.replace("N", "M", 1) + "."):
        assert find_person_of(other) is None
