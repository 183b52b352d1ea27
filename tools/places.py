"""Where set-up puts things inside the project's folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
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


HERE = Places(Path(__file__).resolve().parent.parent)
