"""What set-up remembers, and what it says when something stands in its way."""

import socket
from pathlib import Path

import pytest

from tools import address, debian, setup
from tools.address import Address
from tools.console import Stop, finish, run_quietly
from tools.places import Places
from tools.stamps import Stamp, files_under, fingerprint


def test_a_step_is_skipped_until_one_of_its_inputs_changes(tmp_path: Path) -> None:
    source, stamp_file = tmp_path / "source", tmp_path / "stamps" / "step"
    source.write_text("one")
    before = Stamp(stamp_file, fingerprint(files=[source]))
    assert not before.is_fresh()

    before.write()
    assert Stamp(stamp_file, fingerprint(files=[source])).is_fresh()

    source.write_text("two")
    assert not Stamp(stamp_file, fingerprint(files=[source])).is_fresh()


def test_a_file_that_appears_later_counts_as_a_change(tmp_path: Path) -> None:
    missing = tmp_path / "later"
    before = fingerprint(files=[missing])
    missing.write_bytes(b"")
    assert fingerprint(files=[missing]) != before


def test_what_python_leaves_behind_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").touch()
    (tmp_path / "a.py").touch()
    assert files_under(tmp_path) == [tmp_path / "a.py"]


def test_a_failed_command_is_told_in_one_sentence_that_names_its_log(tmp_path: Path) -> None:
    log = tmp_path / "var" / "log" / "false.log"
    with pytest.raises(Stop, match=r"^It did not work: try again \(what happened is in var/log/false\.log\)\.$"):
        run_quietly(["sh", "-c", "echo why; exit 3"], log=log, otherwise="It did not work: try again", cwd=tmp_path)
    assert log.read_text() == "why\n"


def test_a_program_that_is_not_there_is_told_the_same_way(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="Install it"):
        run_quietly(["no-such-program"], log=tmp_path / "log", otherwise="Install it", cwd=tmp_path)


def test_a_folder_that_cannot_be_written_to_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def main() -> int:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    with pytest.raises(SystemExit) as ending:
        finish(main)
    assert ending.value.code == 1
    assert "put it in a folder that belongs to you" in capsys.readouterr().err


def test_libraries_that_are_there_are_not_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "PDF_LIBRARIES", {"libc6": "libc.so.6"})
    monkeypatch.setattr(debian, "install", lambda *_args, **_kwargs: pytest.fail("nothing is missing"))
    debian.ensure_pdf_libraries(Places(tmp_path))


def test_without_the_right_to_install_the_exact_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian, "_as_root", lambda: None)
    monkeypatch.setattr(debian, "PDF_LIBRARIES", {"libpango-1.0-0": "no-such-library.so"})
    monkeypatch.setattr(debian.shutil, "which", lambda _name: "/usr/bin/apt-get")
    with pytest.raises(Stop, match=r"run 'sudo apt-get install libpango-1\.0-0' and then the same command again"):
        debian.ensure_pdf_libraries(Places(tmp_path))


def test_a_browser_without_windows_is_preferred_and_any_other_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"google-chrome": "/opt/google-chrome", "chromium": "/usr/bin/chromium"}
    monkeypatch.setattr(debian.shutil, "which", there.get)
    assert debian.find_browser() == "/usr/bin/chromium"
    there["chromium-headless-shell"] = "/usr/bin/chromium-headless-shell"
    assert debian.find_browser() == "/usr/bin/chromium-headless-shell"


@pytest.mark.parametrize(
    ("can_be_had", "asked"),
    [
        ("chromium-headless-shell", ["chromium-headless-shell"]),
        ("chromium", ["chromium-headless-shell", "chromium"]),
    ],
)
def test_a_missing_browser_is_installed_under_the_name_that_the_system_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_be_had: str, asked: list[str]
) -> None:
    tried: list[str] = []

    def install(_places: Places, packages: list[str], *, purpose: str) -> None:
        tried.extend(packages)
        if packages != [can_be_had]:
            raise Stop("There is no such package.")

    monkeypatch.setattr(debian, "find_browser", lambda: None)
    monkeypatch.setattr(debian, "install", install)
    debian.ensure_browser(Places(tmp_path))
    assert tried == asked


def test_where_no_browser_can_be_had_the_way_without_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian, "find_browser", lambda: None)
    monkeypatch.setattr(debian, "_as_root", lambda: None)
    monkeypatch.setattr(debian.shutil, "which", lambda _name: "/usr/bin/apt-get")
    with pytest.raises(Stop, match=r"Any Chromium or Chrome will do; make test BROWSER=no goes without\.$"):
        debian.ensure_browser(Places(tmp_path))


def test_set_up_makes_its_own_folder(tmp_path: Path) -> None:
    setup.check_can_write(Places(tmp_path))
    assert (tmp_path / "var" / "log").is_dir()


@pytest.mark.parametrize("port", ["", "eighty", "0", "65536", "-1", "²"])
def test_a_port_that_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(Stop, match="must be a number from 1 to 65535"):
        address.wanted({"PORT": port})


def test_a_port_in_use_is_named_together_with_another() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Stop, match=rf"^Port {port} is in use .* make run PORT=\d+\.$"):
            address.check_is_free(Address("127.0.0.1", port))


def test_a_server_on_every_address_is_reached_on_this_machine() -> None:
    assert Address("0.0.0.0", 8000).url == "http://127.0.0.1:8000"  # noqa: S104 - nothing is bound
    assert Address("::", 8000).url == "http://[::1]:8000"


def test_what_fails_once_on_a_poor_network_is_tried_again(tmp_path: Path) -> None:
    script = "test -e tried || { touch tried; exit 1; }"
    run_quietly(["sh", "-c", script], log=tmp_path / "log", otherwise="", cwd=tmp_path, attempts=2)
