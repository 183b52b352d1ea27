"""Time-stamps: in the file and good, and a server that is silent is not asked again and again."""

from pathlib import Path

import pytest

from certificates.document.documents import certificate_document
from certificates.pdf import render_pdf
from certificates.signing.opening import open_signer
from certificates.signing.signer import SigningFailed, SigningSetup, make_file
from certificates.signing.time_stamps import PAUSE_SECONDS, TimeStampServer
from tests.certificates.drawing.test_pdf import failures
from tests.certificates.facts_for_tests import facts
from tests.certificates.signing.keys_for_tests import NOON, judged, pem_file, stamp_server


def test_a_stamped_file_is_valid_and_still_both_standards(tmp_path: Path):
    with stamp_server() as (address, server):
        setup = SigningSetup(key_file=str(pem_file(tmp_path)), time_stamp_url=address)
        signer = open_signer(setup, now=lambda: NOON)
        document = certificate_document(facts(issued_at=NOON))
        first, second = (make_file(document, render_pdf=render_pdf, signer=signer) for _ in range(2))
        assert server.asked == 3  # once to see how long its stamps are
    assert not signer.is_repeatable
    assert first.data != second.data
    assert first.key_from("a.pdf") != second.key_from("a.pdf")
    found = judged(first.data)
    assert found.bottom_line
    assert found.timestamp_validity.intact
    assert found.timestamp_validity.valid
    assert failures(first.data, tmp_path / "certificate.pdf") == []


def test_a_silent_server_is_left_alone_for_a_while_and_then_asked_again():
    seconds = [0.0]
    with stamp_server() as (address, server):
        server.is_silent = True
        stamps = TimeStampServer(address, can_do_without=False, clock=lambda: seconds[0])
        for _ in range(5):
            with pytest.raises(SigningFailed, match="time-stamp server"):
                stamps.space("sha256")
        assert server.asked == 1
        server.is_silent, seconds[0] = False, PAUSE_SECONDS + 1.0
        assert stamps.space("sha256") > 0
        assert server.asked == 2


def test_an_address_without_a_server_is_no_surprise():
    with pytest.raises(SigningFailed, match="gave no time-stamp"):
        TimeStampServer("http://127.0.0.1:9/", can_do_without=False).space("sha256")
    assert TimeStampServer("http://127.0.0.1:9/", can_do_without=True).space("sha256") == 0
