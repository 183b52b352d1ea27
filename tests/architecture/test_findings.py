"""Findings have the form that findings/README.md states. They are run by hand: each needs the network."""

import os
import re
from pathlib import Path

import pytest

from tests.architecture.source import PRODUCT, ROOT, relative

FOLDER = ROOT / "findings"
FINDINGS = sorted(FOLDER.glob("*.sh"))
PINNED = re.compile(r'"[@A-Za-z0-9/._-]+(?:\[[a-z0-9,_-]+\])?(?:==|@)[0-9][\w.+-]*"')
INSTALLS = re.compile(r"^.*(?:pip install|npm (?:install|i|ci)|npx)\b(.*)$", re.MULTILINE)
ROOMS = "|".join((*PRODUCT, "tools", "bench", "tests"))
OURS = re.compile(rf"\.\./|BASH_SOURCE|dirname|\$0|\b(?:{ROOMS})[./]\w|wsgi\.py|config\.py")
INDEX = re.compile(r"index-url|registry|find-links|trusted-host|https?://(?!127\.0\.0\.1|localhost)")


@pytest.fixture(params=FINDINGS, ids=lambda path: path.stem)
def finding(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_a_finding_says_what_was_run_what_was_seen_and_why_it_surprises(finding: Path) -> None:
    first, *lines = finding.read_text(encoding="utf-8").splitlines()
    comment = lines[: lines.index("set -euo pipefail")]
    parts = re.findall(r"^# (What|Seen|Why it surprises): \S", "\n".join(comment), re.MULTILINE)
    assert first == "#!/usr/bin/env bash"
    assert parts == ["What", "Seen", "Why it surprises"]
    assert all(line.startswith("# ") for line in comment)
    assert re.search(r"^# What: .*\d+\.\d+", "\n".join(comment), re.MULTILINE)
    assert re.search(r"^# Seen: \d{4}-\d\d-\d\d, (?:Python|Node) \d", "\n".join(comment), re.MULTILINE)


def test_a_finding_can_be_run_and_leaves_nothing_behind(finding: Path) -> None:
    text = finding.read_text(encoding="utf-8")
    assert os.access(finding, os.X_OK)
    assert "folder=$(mktemp -d)\n" in text
    assert re.search(r"""^trap '.*rm -rf "\$folder"' EXIT$""", text, re.MULTILINE)
    assert 'cd "$folder"\n' in text


def test_a_finding_installs_exact_versions_from_whatever_index_the_machine_uses(finding: Path) -> None:
    text = finding.read_text(encoding="utf-8")
    installed = [re.sub(r"\s-\S+", "", f" {words}").split() for words in INSTALLS.findall(text)]
    assert installed
    assert [word for words in installed for word in words if not PINNED.fullmatch(word)] == []
    assert INDEX.findall(text) == []


def test_a_finding_uses_nothing_of_ours(finding: Path) -> None:
    assert OURS.findall(finding.read_text(encoding="utf-8")) == []


def test_a_finding_fails_when_something_else_is_seen(finding: Path) -> None:
    last = finding.read_text(encoding="utf-8").splitlines()[-1]
    assert last == "diff expected seen"


def test_the_list_of_findings_names_each_in_alphabetical_order() -> None:
    listed = re.findall(r"^\| \[(.+?)\]\((.+?)\)", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    assert listed == [(path.stem, path.name) for path in FINDINGS]


def test_the_folder_of_findings_holds_nothing_else() -> None:
    assert sorted(relative(path) for path in FOLDER.iterdir() if path not in FINDINGS) == ["findings/README.md"]
