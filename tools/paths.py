"""Where set-up puts things inside the project's folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True)
class Paths:
    """The paths that set-up and supervision share; `root` is the project's folder."""

    root: Path

    @property
    def var(self) -> Path:
        """Everything that belongs to this machine only: data, secrets, logs. Git ignores it."""
        return self.root / "var"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def stamps(self) -> Path:
        return self.var / "stamps"

    @property
    def programs(self) -> Path:
        """Programs that set-up puts together itself."""
        return self.var / "bin"

    def with_caches(self, environ: Mapping[str, str]) -> dict[str, str]:
        """`environ` with a place for the caches of pip, npm and fontconfig, where the home folder has none.

        The user of a service has a home that does not exist, or that is not theirs to write to.
        """
        home = environ.get("HOME") or os.path.expanduser("~")
        if os.path.isdir(home) and os.access(home, os.W_OK | os.X_OK):
            return dict(environ)
        caches = self.var / "cache"
        ours = {"XDG_CACHE_HOME": str(caches), "npm_config_cache": str(caches / "npm")}
        return {**ours, **environ}

    @property
    def environment(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The virtual environment's Python."""
        return self.environment / "bin" / "python"

    @property
    def settings(self) -> Path:
        return self.var / "demo.env"

    @property
    def accounts(self) -> Path:
        """Who may sign in to the demo, as `flask prepare` writes it."""
        return self.var / "demo-accounts.json"

    @property
    def badge_key(self) -> Path:
        """The key that signs the demo's badges, as `flask prepare` makes it."""
        return self.var / "demo-badge-key.pem"

    @property
    def texts(self) -> Path:
        """Where the demo's text messages end: one file for each."""
        return self.var / "texts"

    @property
    def mail(self) -> Path:
        """Where the demo's mail ends: one file for each, which mail programs can open."""
        return self.var / "mail"

    @property
    def signing_key(self) -> Path:
        """The key that signs the demo's certificates, as `flask prepare` makes it."""
        return self.var / "demo-signing-key.pem"

    @property
    def database(self) -> Path:
        return self.var / "common-ground.sqlite3"

    @property
    def database_url(self) -> str:
        """The demo's database as SQLAlchemy reads it: a `?` or `%` in the path would end or change it."""
        return f"sqlite:///{quote(str(self.database))}"


HERE = Paths(Path(__file__).resolve().parent.parent)
