"""Whether badges can be signed here. Without a key there are none, and nothing else is the worse for it."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.doctor.check import Check, ok, problem
from app.platform.badge_settings import read_key_file
from certificates.badges.keys import BadKey, checked_key, is_demo_key
from certificates.badges.status import stale_lists
from config import Environment, Settings


def check_badge_key(settings: Settings) -> Check:
    """There is a key for badges that only this user can read, or nobody wants any."""
    name, path = "badges", settings.badge_key_file
    advice = "Set COMMON_GROUND_BADGE_KEY_FILE to where the key shall be, then run: flask --app wsgi badge-key"
    if path is None:
        return ok(name, f"Off: there is no key to sign them with. {advice}")
    try:
        text = read_key_file(path)
        checked_key(text)
    except BadKey as error:
        return problem(name, f"The key in {path} is of no use: {error}. {advice}")
    if settings.env is Environment.PRODUCTION and is_demo_key(text):
        return problem(name, f"The key in {path} is the demo's. {advice}")
    if Path(path).stat().st_mode & 0o077:
        return problem(name, f"Others can read the key in {path}. Run: chmod 600 {path}")
    return ok(name, "There is a key to sign them with.")


def check_badge_lists(session: Session, *, now: datetime) -> Check:
    """No status list has run out: verifiers would refuse every badge in it."""
    name = "badge lists"
    stale = stale_lists(session, now=now)
    if stale:
        return problem(
            name, f"List {stale[0]} has run out, so its badges are refused. See the key for badges, and the worker."
        )
    return ok(name, "None has run out.")
