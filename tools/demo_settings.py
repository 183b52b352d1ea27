"""The settings of the demo: worked out at each start, with a secret key that is drawn once and kept."""

import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from tools import address
from tools.console import Stop
from tools.paths import Paths
from tools.supervising import embedded_redis

PREFIX = "COMMON_GROUND_"
HEADER = """\
# Written by `make run`. The secret key is kept; the rest is worked out again at each start.
# To change a setting, set it in the environment: it wins over this file. All settings: docs/running.md
# To use these in a shell: set -a; . var/demo.env; set +a
"""


def ensure(paths: Paths, environ: Mapping[str, str], *, is_start: bool = True) -> dict[str, str]:
    """The demo's settings on this machine, which are written to var/demo.env too.

    A start says where the site is; a command beside it (not ``is_start``) leaves it where it was started last.
    """
    kept = "" if is_start else _kept(paths, "PUBLIC_URL")
    settings = settings_for(
        paths,
        url=kept or address.wanted(environ).url,
        redis_socket=embedded_redis.socket_path(paths),
        environ=environ,
    )
    write(paths, settings)
    return settings


def settings_for(paths: Paths, *, url: str, redis_socket: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The demo's settings; one that is set in `environ` wins.

    Raises `Stop` when the environment speaks of production: the demo must never be put into a real database.
    """
    if environ.get(f"{PREFIX}ENV", "demo") != "demo":
        raise Stop(
            f"make run starts a demo, and {PREFIX}ENV is {environ[PREFIX + 'ENV']!r}: "
            "unset it, or see docs/running.md for how to run Common Ground in earnest."
        )
    ours = {
        "ENV": "demo",
        "SECRET_KEY": _kept(paths, "SECRET_KEY") or f"demo-{secrets.token_urlsafe(48)}",
        "DATABASE_URL": paths.database_url,
        "REDIS_URL": f"unix://{redis_socket}",
        "STORAGE_URL": str(paths.var / "files"),
        "FEED_FOLDERS": str(paths.var / "feeds"),
        "PUBLIC_URL": url,
        "BADGE_KEY_FILE": str(paths.badge_key),
        "MAIL_URL": str(paths.mail),
        "MAIL_FROM": "Common Ground <common-ground@localhost.example>",
        "TEXTS_URL": str(paths.texts),
        "SIGNING_KEY_FILE": str(paths.signing_key),
    }
    return {PREFIX + name: environ.get(PREFIX + name, value) for name, value in ours.items()}


def write(paths: Paths, settings: Mapping[str, str]) -> None:
    """Keep the settings in var/demo.env, readable by this user only and usable by a shell."""
    paths.var.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items())
    descriptor = os.open(paths.settings, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(HEADER + lines)


def _kept(paths: Paths, setting: str) -> str:
    """What an earlier start wrote down; nothing when there was none."""
    if not paths.settings.is_file():
        return ""
    for line in paths.settings.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        if name == f"{PREFIX}{setting}":
            return "".join(shlex.split(value))
    return ""
