"""A certificate that is drawn whole needs nothing of the package that fills certificates in."""

import hashlib
import os
import subprocess
import sys
from functools import cache

import pytest

from certificates.document.documents import certificate_document
from certificates.drawing.build_info import Drawn
from certificates.looks.branding import Branding, Design
from certificates.pdf import render_pdf
from tests.certificates.drawing.test_hard_names import BRANDINGS
from tests.certificates.facts_for_tests import facts

NAME = "Siân 王芳 محمد"


@cache
def hashes(drawn: Drawn) -> list[str]:
    """The SHA-256 of a full certificate in each design, of its large print and of one that may be filled in."""
    looks = [Branding(design=design, **BRANDINGS[-1]) for design in Design]
    documents = [certificate_document(facts(branding=look, holder_name=NAME)) for look in looks]
    documents += [certificate_document(facts(branding=looks[0], holder_name=NAME), is_large=True)]
    documents += [certificate_document(facts(holder_name=name)) for name in ("Amina Okafor", "Zoë", "Łukasz", "Siân")]
    return [hashlib.sha256(render_pdf(document, drawn=drawn)).hexdigest() for document in documents]


@pytest.mark.parametrize("drawn", Drawn)
def test_another_process_makes_the_same_bytes_in_every_design(drawn: Drawn):
    assert in_another_process(drawn, "pass") == hashes(drawn)


def test_a_certificate_is_drawn_whole_where_the_fast_way_cannot_even_be_loaded():
    blocked = "sys.modules['certificates.drawing.reuse'] = None"
    assert in_another_process(Drawn.WHOLE, blocked) == hashes(Drawn.WHOLE)


def in_another_process(drawn: Drawn, first: str) -> list[str]:
    script = (
        f"import sys; {first}\n"
        "from certificates.drawing.build_info import Drawn\n"
        "from tests.certificates.drawing.test_whole_pdf import hashes\n"
        f"print(*hashes(Drawn({drawn.value!r})))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "11"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True, text=True)
    return done.stdout.split()


def test_each_way_has_its_own_bytes_and_the_large_print_has_one():
    whole, filled_in = hashes(Drawn.WHOLE), hashes(Drawn.FILLED_IN)
    large = len(Design)
    assert [one == other for one, other in zip(whole, filled_in, strict=True)] == [
        place == large for place in range(len(whole))
    ]
