"""Certificates filled in and signed: the bytes of a drawn one signed with the same key, and valid."""

from datetime import timedelta
from pathlib import Path

import pytest

from certificates.document.documents import CertificateDocument, certificate_document
from certificates.drawing.reuse import draw_with_shared_fonts
from certificates.looks.branding import Branding, Design
from certificates.pdf import render_pdf
from certificates.signing.opening import open_signer
from certificates.signing.pades import PadesSigner
from certificates.signing.signer import SigningSetup, make_file
from tests.certificates.drawing.test_hard_names import BRANDINGS
from tests.certificates.drawing.test_pdf import failures
from tests.certificates.facts_for_tests import facts
from tests.certificates.signing.keys_for_tests import NOON, judged, pem_file

pytestmark = pytest.mark.usefixtures("no_kinds")
KINDS = ("rsa-2048", "rsa-3072", "p-256", "ed25519")
NAMES = ("Ada Okafor", "Siân Nguyễn", "Zoë Łukasz-Siân", "Ọláyínká Adébáyọ̀", "Дмитро", "Siân Nguyễn")


def document(place: int, name: str, look: Branding | None = None) -> CertificateDocument:
    number = f"RE-{place:04}-29QX-C"
    return certificate_document(
        facts(
            holder_name=name,
            number=number,
            verify_url=f"https://learn.example.org/verify/{number}",
            issued_at=NOON + timedelta(minutes=place),
            branding=look or Branding(),
        )
    )


def opened(path: Path) -> PadesSigner:
    return open_signer(SigningSetup(key_file=str(path)), now=lambda: NOON)


def filled_in(wanted: CertificateDocument, signer: PadesSigner) -> bytes:
    return make_file(wanted, render_pdf=render_pdf, signer=signer).data


def drawn_anew(wanted: CertificateDocument, path: Path) -> bytes:
    """By a signer that has signed nothing before: no pattern of an earlier file helps it."""
    return make_file(wanted, render_pdf=draw_with_shared_fonts, signer=opened(path)).data


@pytest.mark.parametrize("kind", KINDS)
def test_with_every_kind_of_key_the_bytes_are_those_of_a_drawn_one(kind: str, tmp_path: Path, filled: list[str]):
    path = pem_file(tmp_path, kind)
    signer = opened(path)
    assert signer.is_repeatable
    for place, name in enumerate(NAMES):
        wanted = document(place, name)
        made = filled_in(wanted, signer)
        assert made == drawn_anew(wanted, path), name
        assert judged(made).summary() == "INTACT:TRUSTED,UNTOUCHED"
    assert set(filled) >= set(NAMES[1:])


@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize("looks", BRANDINGS, ids=["plain", "signed", "full"])
def test_every_design_is_filled_in_and_signed_to_both_standards(
    design: Design, looks: dict, tmp_path: Path, filled: list[str]
):
    path, look = pem_file(tmp_path), Branding(design=design, **looks)
    signer = opened(path)
    for place, name in enumerate(NAMES[:4]):
        wanted = document(place, name, look)
        made = filled_in(wanted, signer)
        assert made == drawn_anew(wanted, path), name
    assert filled[-1] == NAMES[3]
    assert judged(made).bottom_line
    assert failures(made, tmp_path / "certificate.pdf") == []


def test_a_template_that_was_made_for_one_key_serves_another(tmp_path: Path, filled: list[str]):
    paths = [pem_file(tmp_path, kind) for kind in ("rsa-3072", "ed25519")]
    signers = [opened(path) for path in paths]
    for place in range(3):
        for path, signer in zip(paths, signers, strict=True):
            wanted = document(place, NAMES[place])
            assert filled_in(wanted, signer) == drawn_anew(wanted, path)
    assert len(filled) >= 4


def test_a_signed_kind_and_an_unsigned_one_do_not_share_a_template(tmp_path: Path, filled: list[str]):
    path = pem_file(tmp_path)
    signer = opened(path)
    for place, name in enumerate(NAMES):
        wanted = document(place, name)
        assert filled_in(wanted, signer) == drawn_anew(wanted, path)
        assert render_pdf(wanted) == draw_with_shared_fonts(wanted)
    assert len(filled) >= 2 * (len(NAMES) - 2)
