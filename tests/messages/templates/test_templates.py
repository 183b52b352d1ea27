"""Words of an authority: everything that is wrong is said at once, and what is filled in is taken as it is."""

import pytest
from sqlalchemy.orm import Session

from kernel.errors import RuleBroken
from messages.ledger import MessageContent, Part
from messages.templates.checking import LONGEST_BODY, faults_in
from messages.templates.filling import fill_in
from messages.templates.texts import TEXTS, Text, Words
from messages.templates.versions import SOMEBODY_ELSE, current_words, restore_words, save_words, versions_of
from tests.builders.region import NOON, an_organisation

CONTENT = MessageContent("", (), "Open the course", "/courses/x", "Because of this.", items=("One", "Two"))
MINE = Words("Please: ((course))", "Dear ((name)),\n\n((how it stands))\n\n((Link))\n\nYour HR team")


@pytest.mark.parametrize("text", list(Text))
def test_our_own_words_are_without_fault(text: Text) -> None:
    assert faults_in(text, TEXTS[text].ours) == {}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    words = Words("See ((link))\n", "<b>Now</b> ((corse)) ((soon)) (( and ((how it stands" + "x" * LONGEST_BODY)
    found = faults_in(Text.NUDGE, words)
    assert found["subject"] == ["Take ((link)) out of the subject: it can stand in the message alone"]
    body = found["body"]
    assert body[0].startswith("The message must be 2,000 characters or fewer")
    assert body[1:3] == [
        "Take out “<b>”, “</b>”: the message is made of plain words, without HTML",
        "((corse)) stands for nothing here. Did you mean ((course))?",
    ]
    assert body[3].startswith("((soon)) stands for nothing here. You can use ((who asks)), ((course))")
    assert body[4] == "Each (( needs its )), with a name from the list between them"
    assert [one.split(".")[0] for one in body[5:]] == [
        "Put ((who asks)) into the message",
        "Put ((link)) into the message",
    ]


def test_the_link_stands_in_a_paragraph_of_its_own_once() -> None:
    assert "paragraph of its own" in faults_in(Text.REMINDER, Words("A", "Go to ((link)) now"))["body"][0]
    assert faults_in(Text.REMINDER, Words("A", "((link))\n \n((link))"))["body"] == ["Use ((link)) once"]
    assert faults_in(Text.REMINDER, Words("A < B & C", "Ask ❤ 王芳: 3 < 4\r\n\r\n((  LINK ))")) == {}


def test_values_are_taken_as_they_are_and_the_reason_stays() -> None:
    values = {"course": "A & B", "name": "((link))", "how it stands": "Finish <b> it."}
    found = fill_in(CONTENT, MINE, values)
    assert found.subject == "Please: A & B"
    assert found.paragraphs == ("Dear ((link)),", "Finish <b> it.", Part.LINK, "Your HR team")
    assert [part for part, _ in found.blocks] == ["words", "words", "link", "words", "items"]
    assert (found.why, found.link_path) == (CONTENT.why, CONTENT.link_path)


def test_versions_are_kept_and_an_earlier_one_or_ours_can_hold_again(session: Session) -> None:
    halton = an_organisation(session).id
    ids = {"organisation_id": halton, "text": Text.REMINDER}
    by = {"account_id": None, "now": NOON}
    assert current_words(session, **ids) == TEXTS[Text.REMINDER].ours
    assert save_words(session, **ids, **by, words=MINE, seen=0) == 1
    assert save_words(session, **ids, **by, words=MINE, seen=1) == 1, "the same words are no version"
    with pytest.raises(RuleBroken, match=SOMEBODY_ELSE[:20]):
        save_words(session, **ids, **by, words=Words("B", "((link))"), seen=0)
    assert restore_words(session, **ids, **by, version_number=0) == 2
    assert current_words(session, **ids) == TEXTS[Text.REMINDER].ours
    assert restore_words(session, **ids, **by, version_number=1) == 3
    assert current_words(session, **ids) == MINE
    assert [one.is_ours for one in versions_of(session, **ids)] == [False, True, False]
    with pytest.raises(RuleBroken, match="Enter a subject"):
        save_words(session, **ids, **by, words=Words("", "((link))"), seen=3)
