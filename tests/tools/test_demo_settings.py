"""The settings that `make run` works out."""

import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import demo_settings
from tools.console import Stop
from tools.paths import Paths
from tools.supervising import embedded_redis


@pytest.fixture(autouse=True)
def short_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """pytest's own folder, which must exist first, is too deep for a socket."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield


def test_the_secret_key_is_drawn_once_and_kept(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    first = demo_settings.ensure(paths, {})
    again = demo_settings.ensure(paths, {"PORT": "8001"})
    assert len(first["COMMON_GROUND_SECRET_KEY"]) > 40
    assert again["COMMON_GROUND_SECRET_KEY"] == first["COMMON_GROUND_SECRET_KEY"]
    assert again["COMMON_GROUND_PUBLIC_URL"] == "http://127.0.0.1:8001"


def test_a_command_beside_it_leaves_the_site_where_it_was_started(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    demo_settings.ensure(paths, {"PORT": "8214"})
    large_print_values = demo_settings.ensure(paths, {"PORT": "8000"}, is_start=False)
    assert large_print_values["COMMON_GROUND_PUBLIC_URL"] == "http://127.0.0.1:8214"
    assert "8214" in paths.settings.read_text()


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, other = (demo_settings.ensure(Paths(tmp_path / name), {}) for name in ("one", "other"))
    assert one["COMMON_GROUND_SECRET_KEY"] != other["COMMON_GROUND_SECRET_KEY"]


def test_only_this_user_may_read_the_settings(tmp_path: Path) -> None:
    demo_settings.ensure(Paths(tmp_path), {})
    assert Paths(tmp_path).settings.stat().st_mode & 0o077 == 0


def test_a_shell_reads_the_settings_even_in_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "it's $HOME & more")
    settings = demo_settings.ensure(paths, {})
    script = f'. {shlex.quote(str(paths.settings))}; printf %s "$COMMON_GROUND_STORAGE_URL"'
    read = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert read.stdout == settings["COMMON_GROUND_STORAGE_URL"] == str(paths.var / "files")


def test_a_setting_in_the_environment_wins(tmp_path: Path) -> None:
    settings = demo_settings.ensure(Paths(tmp_path), {"COMMON_GROUND_REDIS_URL": "redis://queue.example"})
    assert settings["COMMON_GROUND_REDIS_URL"] == "redis://queue.example"


def test_the_demo_is_never_put_into_a_production_database(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="make run starts a demo"):
        demo_settings.ensure(Paths(tmp_path), {"COMMON_GROUND_ENV": "production"})


def test_redis_listens_inside_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_redis, "LONGEST_SOCKET_PATH", 4096)
    assert embedded_redis.socket_path(Paths(tmp_path)) == tmp_path / "var" / "redis.sock"


def test_a_deep_folder_gets_a_private_short_one_for_its_socket(tmp_path: Path) -> None:
    paths = Paths(tmp_path / ("deep" * 30))
    chosen = embedded_redis.socket_path(paths)
    assert len(str(chosen)) <= embedded_redis.LONGEST_SOCKET_PATH
    assert chosen.parent.stat().st_mode & 0o077 == 0
    assert embedded_redis.socket_path(paths) == chosen
    assert embedded_redis.socket_path(Paths(tmp_path / ("else" * 30))) != chosen


def test_a_socket_folder_that_others_can_open_is_refused(tmp_path: Path) -> None:
    paths = Paths(tmp_path / ("deep" * 31))
    folder = embedded_redis.socket_path(paths).parent
    folder.chmod(0o755)
    with pytest.raises(Stop, match="belongs to somebody else"):
        embedded_redis.socket_path(paths)
