"""Delivery reports of every usual shape say which mail, which address, and how bad it is."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.bounces.reports import Weight, reports_in
from tests.builders.delivery_reports import (
    a_letter,
    an_automatic_reply,
    beyond_ascii,
    from_exchange,
    from_gmail,
    from_postfix,
)

ID, ADDRESS = "<nudge-7-1796000000.x_y-Z@learn.example.org>", "sian.nguyen@council.example"


@pytest.mark.parametrize("server", [from_postfix, from_exchange, from_gmail])
def test_an_address_that_is_none_is_told_by_every_server(server: Callable[[str, str], bytes]) -> None:
    (found,) = reports_in(server(ID, ADDRESS))
    assert (found.address, found.message_ids[0], found.weight) == (ADDRESS, ID, Weight.HARD)
    assert found.words == "There is no such mailbox"


@pytest.mark.parametrize(
    ("status", "words", "weight", "said"),
    [
        ("5.2.2", "552 5.2.2 Mailbox full", Weight.SOFT, "The mailbox is full"),
        ("4.2.2", "452 4.2.2 The email account is over quota", Weight.SOFT, "The mailbox is full"),
        ("5.0.0", "550 No such user here", Weight.HARD, "There is no such mailbox"),
        ("5.0.0", "550 5.2.1 disabled", Weight.HARD, "The mailbox is switched off"),
        ("5.4.4", "X-Postfix; Host or domain name not found", Weight.HARD, "There is no mail server for this address"),
        ("5.1.2", "550 5.1.2 bad domain", Weight.HARD, "There is no mail server for this address"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", Weight.HARD, "There is no such mailbox"),
        ("5.7.1", "550 5.7.1 taken for spam", Weight.SOFT, "The mail server refused the mail"),
        ("5.3.4", "552 5.3.4 too large", Weight.SOFT, "The mail server refused the mail"),
        ("4.4.1", "connection timed out", Weight.SOFT, "The mail server did not take it for now"),
        ("", "451 try later", Weight.SOFT, "The mail server did not take it for now"),
    ],
)
def test_what_is_said_decides_what_follows(status: str, words: str, weight: Weight, said: str) -> None:
    (found,) = reports_in(from_postfix(ID, ADDRESS, status, words))
    assert (found.weight, found.words) == (weight, said)


@pytest.mark.parametrize("server", [from_postfix, from_exchange, from_gmail])
@pytest.mark.parametrize(
    "address", [ADDRESS, "siân.nguyễn@council.example", "محمد@council.example", "王芳@council.example"]
)
def test_a_report_for_addresses_beyond_ascii_is_read_like_any_other(
    server: Callable[[str, str], bytes], address: str
) -> None:
    (found,) = reports_in(beyond_ascii(server(ID, address)))
    assert (found.address, found.message_ids[0], found.weight) == (address, ID, Weight.HARD)
    assert reports_in(beyond_ascii(server(ID, address)).replace(b"Content-Type:", b"content-TYPE:")) == (found,)
    assert reports_in(server(ID, address)) == (found,)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("si\\x{E2}n@council.example", "siân@council.example"),
        ("\\x{738B}\\x{82B3}@council.example", "王芳@council.example"),
        ("a\\x{D800}\\x{FFFFFF}b@council.example", "ab@council.example"),
    ],
)
def test_letters_written_as_numbers_are_letters(written: str, address: str) -> None:
    (found,) = reports_in(beyond_ascii(from_postfix(ID, written)))
    assert found.address == address


def test_a_delay_is_no_failure_and_success_is_nothing() -> None:
    (found,) = reports_in(from_postfix(ID, ADDRESS, "4.4.1", "timed out", action="delayed"))
    assert found.weight is Weight.DELAYED
    assert reports_in(from_postfix(ID, ADDRESS, "2.0.0", "250 ok", action="delivered")) == ()


def test_people_and_their_absences_are_no_reports() -> None:
    assert reports_in(an_automatic_reply(ID, ADDRESS)) == ()
    assert reports_in(a_letter()) == ()


@settings(max_examples=60)
@given(st.binary(max_size=200), st.integers(0, 900))
def test_damage_raises_nothing(junk: bytes, at: int) -> None:
    for whole in (from_exchange(ID, ADDRESS), beyond_ascii(from_exchange(ID, "siân@council.example"))):
        reports_in(whole[:at] + junk + whole[at:])
        reports_in(whole[:at])
