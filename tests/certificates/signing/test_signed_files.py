"""Signed certificates as files: valid to another's eyes, still both standards, the same bytes, changed by nobody."""

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.status import SignatureCoverageLevel

from certificates.document.documents import CertificateDocument, certificate_document
from certificates.drawing.build_info import Drawn
from certificates.looks.branding import Branding, Design
from certificates.pdf import render_pdf
from certificates.signing.opening import open_signer
from certificates.signing.signer import MadeFile, SigningSetup, make_file
from certificates.signing.trial_keys import new_test_key
from tests.certificates.drawing.test_hard_names import BRANDINGS
from tests.certificates.drawing.test_pdf import failures
from tests.certificates.facts_for_tests import facts
from tests.certificates.signing.keys_for_tests import NOON, judged, pem_file

FULL = BRANDINGS[-1]
KINDS = ("rsa-2048", "rsa-3072", "p-256", "ed25519")


def document(*, is_large: bool = False, **changes) -> CertificateDocument:
    return certificate_document(facts(issued_at=NOON, **changes), is_large=is_large)


def signed(path: Path, wanted: CertificateDocument | None = None, drawn: Drawn = Drawn.FILLED_IN) -> MadeFile:
    signer = open_signer(SigningSetup(key_file=str(path)), now=lambda: NOON)
    return make_file(wanted or document(), render_pdf=partial(render_pdf, drawn=drawn), signer=signer)


@pytest.mark.parametrize("kind", KINDS)
def test_a_validator_finds_the_signature_intact_trusted_and_the_file_untouched(kind: str, tmp_path: Path):
    found = judged(signed(pem_file(tmp_path, kind)).data)
    assert (found.intact, found.valid, found.trusted, found.bottom_line) == (True, True, True, True)
    assert found.summary() == "INTACT:TRUSTED,UNTOUCHED"
    assert found.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert found.modification_level is ModificationLevel.NONE
    assert found.docmdp_ok


@pytest.mark.parametrize("place", [0.2, 0.5, 0.95])
def test_one_changed_byte_is_not_intact(place: float, tmp_path: Path):
    data = bytearray(signed(pem_file(tmp_path)).data)
    data[int(len(data) * place)] ^= 1
    try:
        is_intact = judged(bytes(data)).intact
    except Exception:
        is_intact = False  # so changed that it cannot even be read
    assert not is_intact


def test_a_key_that_nobody_vouches_for_is_intact_and_not_trusted(tmp_path: Path):
    (tmp_path / "test.pem").write_text(new_test_key(now=NOON))
    made = signed(tmp_path / "test.pem")
    assert made.signature is not None
    assert made.signature.key.is_for_tests
    found = judged(made.data)
    assert (found.intact, found.trusted) == (True, False)


@pytest.mark.parametrize("drawn", Drawn)
@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize("looks", BRANDINGS, ids=["plain", "signed", "full"])
def test_every_design_is_still_both_standards_when_it_is_signed(
    design: Design, looks: dict, drawn: Drawn, tmp_path: Path
):
    wanted = document(branding=Branding(design=design, **looks), holder_name="Siân 王芳 محمد")
    made = signed(pem_file(tmp_path), wanted, drawn)
    assert made.signature is not None
    assert failures(made.data, tmp_path / "certificate.pdf") == []
    assert judged(made.data).summary() == "INTACT:TRUSTED,UNTOUCHED"


def test_the_large_print_is_still_both_standards_when_it_is_signed(tmp_path: Path):
    made = signed(pem_file(tmp_path), document(is_large=True, branding=Branding(**FULL)))
    assert failures(made.data, tmp_path / "certificate.pdf") == []
    assert judged(made.data).bottom_line


def test_the_field_says_what_it_is_and_shows_nothing(tmp_path: Path):
    with pikepdf.open(BytesIO(signed(pem_file(tmp_path)).data)) as file:
        (field,) = file.Root.AcroForm.Fields
        assert str(field.TU) == "Digital signature of the issuer"
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
        assert str(field.V.M) == "D:20261121120000+00'00'"


@pytest.mark.parametrize("drawn", Drawn)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_facts_and_key_give_the_same_bytes(kind: str, drawn: Drawn, tmp_path: Path):
    path = pem_file(tmp_path, kind)
    files = {signed(path, drawn=drawn).data for _ in range(3)}
    signer = open_signer(SigningSetup(key_file=str(path)), now=lambda: NOON)
    assert signer.is_repeatable
    # The second and later files of one signer are made by the pattern of the first.
    draw = partial(render_pdf, drawn=drawn)
    files |= {make_file(document(), render_pdf=draw, signer=signer).data for _ in range(8)}
    assert len(files) == 1


def test_another_process_makes_the_same_bytes(tmp_path: Path):
    path = pem_file(tmp_path, "rsa-2048")
    script = (
        "import sys, hashlib; from pathlib import Path\n"
        "from tests.certificates.signing.test_signed_files import signed\n"
        "print(hashlib.sha256(signed(Path(sys.argv[1])).data).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "11"}
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == hashlib.sha256(signed(path).data).hexdigest()


def test_what_was_signed_before_a_change_of_keys_stays_valid(tmp_path: Path):
    old, new = signed(pem_file(tmp_path, "p-256")), signed(pem_file(tmp_path, "rsa-2048"))
    assert old.signature is not None
    assert new.signature is not None
    assert old.signature.key.fingerprint != new.signature.key.fingerprint
    assert judged(old.data).bottom_line
    assert judged(new.data).bottom_line
    assert old.key_from("a/b.pdf") != new.key_from("a/b.pdf")


def test_a_certificate_from_before_the_key_is_signed_for_the_first_time_that_it_could_be(tmp_path: Path):
    early = certificate_document(facts(issued_at=NOON - timedelta(days=90)))
    made = signed(pem_file(tmp_path), early)
    assert made.signature is not None
    with pikepdf.open(BytesIO(made.data)) as file:
        assert str(file.Root.AcroForm.Fields[0].V.M).startswith("D:20261022")


def test_a_sample_is_not_signed(tmp_path: Path):
    made = signed(pem_file(tmp_path), certificate_document(facts()))
    assert made.signature is None
    assert made.data == render_pdf(certificate_document(facts()))
