"""The settings of the demo: worked out at each start, with a secret key that is drawn once and kept."""

import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from tools import address, embedded_redis
from tools.console import Stop
from tools.places import Places

PREFIX = "COMMON_GROUND_"
HEADER = """\
# Written by `make run`. The secret key is kept; the rest is worked out again at each start.
# To change a setting, set it in the environment: it wins over this file. All settings: docs/running.md
# To use these in a shell: set -a; . var/demo.env; set +a
"""


def ensure(places: Places, environ: Mapping[str, str]) -> dict[str, str]:
    """The demo's settings on this machine, which are written to var/demo.env too."""
    settings = settings_for(
        places,
        url=address.wanted(environ).url,
        redis_socket=embedded_redis.socket_path(places),
        environ=environ,
    )
    write(places, settings)
    return settings


def settings_for(places: Places, *, url: str, redis_socket: Path, environ: Mapping[str, str]) -> dict[str, str]:
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
        "SECRET_KEY": _kept_secret(places) or f"demo-{secrets.token_urlsafe(48)}",
        "DATABASE_URL": f"sqlite:///{places.database}",
        "REDIS_URL": f"unix://{redis_socket}",
        "STORAGE_URL": str(places.var / "files"),
        "PUBLIC_URL": url,
        "BADGE_KEY_FILE": str(places.badge_key),
        "MAIL_URL": str(places.mail),
        "MAIL_FROM": "Common Ground <common-ground@localhost.example>",
        "SIGNING_KEY_FILE": str(places.signing_key),
    }
    return {PREFIX + name: environ.get(PREFIX + name, value) for name, value in ours.items()}


def write(places: Places, settings: Mapping[str, str]) -> None:
    """Keep the settings in var/demo.env, readable by this user only and usable by a shell."""
    places.var.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items())
    descriptor = os.open(places.settings, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(HEADER + lines)


def _kept_secret(places: Places) -> str | None:
    if not places.settings.is_file():
        return None
    for line in places.settings.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        if name == f"{PREFIX}SECRET_KEY":
            return "".join(shlex.split(value)) or None
    return None
