"""A worker that makes hundreds of certificates stays as small as it was."""

import json
import subprocess
import sys

import pytest

from tests.services.processes import ROOT

pytestmark = pytest.mark.slow

MOST_MIB = 250
MOST_GROWTH_MIB = 10  # a leak of one picture or page for each certificate would be several times this


@pytest.mark.parametrize("words", [(), ("signed",)], ids=["unsigned", "signed"])
def test_three_hundred_more_certificates_take_no_more_memory(words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "bench.leak", "600", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=600)
    found = json.loads(done.stdout)
    assert found["end_mib"] < MOST_MIB
    assert found["end_mib"] - found["warm_mib"] < MOST_GROWTH_MIB
