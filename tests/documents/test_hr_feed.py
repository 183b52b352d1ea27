"""The worked examples of docs/hr-feed.md, command by command, on a fresh demo."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.platform.extensions import db
from tests.architecture.source import ROOT
from tests.conftest import ListeningBell, settings_for

_BLOCKS = re.findall(
    r"^```console\n(.*?)^```$", (ROOT / "docs/hr-feed.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
_COMMAND = "$ flask --app wsgi "
_FIGURES = re.compile(r"\d[\d,]*")


def steps() -> Iterator[tuple[str, list[str]]]:
    """Each command of the document, and the lines that it prints there."""
    for block in _BLOCKS:
        for part in block.split(_COMMAND)[1:]:
            command, *lines = part.splitlines()
            yield command, lines


def without_figures(text: str) -> str:
    """The words alone: a smaller demo has other numbers."""
    return _FIGURES.sub("#", text)


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A small demo, in whose folder the commands are given."""
    monkeypatch.chdir(tmp_path)
    made = create_app(settings_for(f"sqlite:///{tmp_path}/own.db", tmp_path / "files", env="demo"))
    made.extensions["common-ground-bell"] = ListeningBell()
    built = made.test_cli_runner().invoke(
        args=["prepare", "--people", "6000", "--accounts-file", "var/demo-accounts.json"]
    )
    assert built.exit_code == 0, built.output
    assert "Wrote made-up HR files into var/feeds/" in built.output
    yield made
    with made.app_context():
        db.engine.dispose()


def test_the_worked_examples_do_what_the_document_says(demo: Flask) -> None:
    walked = list(steps())
    assert len(walked) >= 7
    for command, lines in walked:
        result = demo.test_cli_runner().invoke(args=shlex.split(command))
        assert result.exception is None or isinstance(result.exception, SystemExit), command
        printed = [without_figures(line) for line in result.output.splitlines()]
        assert lines, command
        for line in lines:
            assert without_figures(line) in printed, (command, line, result.output)
        if runs := [line for line in lines if line.startswith("Run ")]:
            assert runs[-1] in result.output.splitlines(), command
