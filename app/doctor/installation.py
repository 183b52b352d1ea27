"""What stands on this machine: settings, the built front end, time zones, disk space, the file store."""

import json
import secrets
import shlex
import shutil
from datetime import UTC, datetime
from pathlib import Path

from app.doctor.check import Check, ok, problem
from config import Environment, Settings
from kernel.clock import LOCAL
from kernel.errors import StorageError
from kernel.files import FileStore
from kernel.settings.weak_secrets import weakness_of

FEWEST_CHARACTERS = 32
LEAST_FREE_BYTES = 2 * 1024**3  # bytes: 22,000 certificates take about one GiB


def check_secret(settings: Settings) -> Check:
    """The secret key is long, not the demo's, and looks random."""
    name, secret = "secret key", settings.secret_key.get_secret_value()
    advice = "Make one with: openssl rand -base64 48, and set COMMON_GROUND_SECRET_KEY to it."
    if len(secret) < FEWEST_CHARACTERS:
        return problem(name, f"The secret key has {len(secret)} characters and needs {FEWEST_CHARACTERS}. {advice}")
    if settings.env is not Environment.PRODUCTION:
        return ok(name, f"{len(secret)} characters.")
    if weakness := weakness_of(secret):
        return problem(name, f"The secret key {weakness}, so it can be guessed. {advice}")
    return ok(name, f"{len(secret)} characters, and it looks random.")


def check_public_url(settings: Settings) -> Check:
    """Certificates print this address, and cookies are safe only over HTTPS."""
    name, url = "public address", settings.public_url
    if settings.env is Environment.PRODUCTION and not url.startswith("https://"):
        return problem(name, f"{url} is not safe. Set COMMON_GROUND_PUBLIC_URL to the https:// address of the site.")
    if settings.env is Environment.PRODUCTION and ("//localhost" in url or "//127." in url):
        return problem(
            name, f"Nobody else can open {url}. Set COMMON_GROUND_PUBLIC_URL to the address that people type."
        )
    return ok(name, f"{url} ({settings.env}).")


def check_front_end(static: Path) -> Check:
    """The style sheet and scripts are built, and every file that the manifest names is there."""
    name, advice = "front end", "Run: make frontend"
    manifest = static / "build" / "manifest.json"
    try:
        files: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return problem(name, f"The style sheet and scripts are not built. {advice}")
    except ValueError:
        return problem(name, f"{manifest.name} is damaged. {advice}")
    missing = [file for file in files.values() if not (manifest.parent / file).is_file()]
    if missing:
        return problem(name, f"{missing[0]} and {len(missing) - 1} more built files are missing. {advice}")
    return ok(name, f"{len(files)} built files.")


def check_time_zone() -> Check:
    """Days are the city region's own, so the rules of its clock must be known."""
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(LOCAL)
    if summer.hour != 13:
        return problem("time zone", "Europe/London has no summer time here. Install the package tzdata.")
    return ok("time zone", "Europe/London is known.")


def check_storage(store: FileStore) -> Check:
    """A file can be written, read back unchanged and removed."""
    name, key, data = "file store", f"probes/doctor-{secrets.token_hex(8)}", secrets.token_bytes(4096)
    advice = "Check COMMON_GROUND_STORAGE_URL and who may write there."
    try:
        store.put(key, data)
        with store.open(key) as file:
            is_same = file.read() == data
        store.delete(key)
        is_gone = not store.exists(key)
    except StorageError as error:
        return problem(name, f"{error}. {advice}")
    if not is_same:
        return problem(name, f"A file that was read back had changed. {advice}")
    if not is_gone:
        return problem(name, f"A file that was removed is still there. {advice}")
    return ok(name, "A file can be written, read back and removed.")


def check_privacy_of_files(storage_url: str) -> Check:
    """Nobody else on this machine can open the certificates: they hold names."""
    name = "file privacy"
    if (folder := _folder(storage_url)) is None:
        return ok(name, "Files are kept in a bucket, whose own rules say who may read them.")
    if not folder.exists():
        return ok(name, f"{folder} is made when the first file is stored.")
    mode = folder.stat().st_mode & 0o777
    if mode & 0o007:
        return problem(
            name, f"Everybody on this machine may open {folder}. Run: chmod o-rwx {shlex.quote(str(folder))}"
        )
    return ok(name, f"{folder} is closed to other users ({mode:o}).")


def _folder(storage_url: str) -> Path | None:
    """The folder of files; ``None`` for a bucket, or another store that is not on this machine."""
    path = storage_url.removeprefix("file://")
    return None if "://" in path else Path(path).resolve()


def check_disk_space(storage_url: str) -> Check:
    """There is room for the certificates of a whole workforce."""
    name = "disk space"
    if (folder := _folder(storage_url)) is None:
        return ok(name, "Files are kept in a bucket.")
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    words = f"{free / 1024**3:.1f} GiB are free at {existing}"
    if free < LEAST_FREE_BYTES:
        return problem(name, f"{words}. Make room: at least {LEAST_FREE_BYTES / 1024**3:.0f} GiB.")
    return ok(name, f"{words}.")
