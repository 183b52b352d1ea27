"""QR codes that are put together are those that the library makes."""

import zlib
from collections import Counter

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.document import qr_codes
from certificates.document.qr_codes import ENOUGH, PIXELS_A_MODULE, code_pixels

STEMS = ("https://learn.example.org/verify", "http://localhost:5000/verify", "https://a.example/" + "x" * 60)
NUMBER = "RE-7K4M-29QX-C"
ANY_NUMBER = st.text("0123456789ACDEFGHJKMNPQRTUVWXY-", min_size=len(NUMBER), max_size=len(NUMBER))


def modules(address: str) -> list[str]:
    """The rows of a code as we make it, one character a module."""
    code = code_pixels(address)
    rows, width = zlib.decompress(code.data), (code.side + 7) // 8
    lines = [f"{int.from_bytes(rows[at : at + width], 'big'):0{width * 8}b}" for at in range(0, len(rows), width)]
    return [line[: code.side : PIXELS_A_MODULE] for line in lines[::PIXELS_A_MODULE]]


def modules_of_segno(address: str) -> list[str]:
    matrix = segno.make_qr(address, error="m", mask=3).matrix
    return ["".join("0" if is_dark else "1" for is_dark in row) for row in matrix]


@pytest.fixture(autouse=True)
def nothing_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr_codes, "_prepared", {})
    monkeypatch.setattr(qr_codes, "_asked", Counter())


def ask_often(address: str) -> None:
    """As often as it takes until the codes of addresses like this one are put together."""
    stem, number = qr_codes._parted(address)
    for _ in range(ENOUGH - qr_codes._asked[stem, len(number)]):
        code_pixels(address)


@settings(max_examples=60, deadline=None)
@given(stem=st.sampled_from(STEMS), number=ANY_NUMBER)
def test_a_code_put_together_is_the_one_that_the_library_makes(stem: str, number: str):
    ask_often(f"{stem}/{NUMBER}")
    assert qr_codes._prepared
    assert modules(f"{stem}/{number}") == modules_of_segno(f"{stem}/{number}")


def test_the_picture_is_the_same_the_first_and_the_hundredth_time():
    address = f"{STEMS[0]}/{NUMBER}"
    before = code_pixels(address)
    ask_often(address)
    assert code_pixels(address) == before


@pytest.mark.parametrize(
    "address", ["HTTPS://LEARN.EXAMPLE.ORG/VERIFY/RE-7K4M-29QX-C", "https://lërn.example/v/RE-1", "x"]
)
def test_addresses_of_another_kind_are_drawn_as_ever(address: str):
    ask_often(address)
    assert modules(address) == modules_of_segno(address)


def test_another_length_is_drawn_as_ever():
    ask_often(f"{STEMS[0]}/{NUMBER}")
    assert modules(f"{STEMS[0]}/SAMPLE-0000-0000-0") == modules_of_segno(f"{STEMS[0]}/SAMPLE-0000-0000-0")
