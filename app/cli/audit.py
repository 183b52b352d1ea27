"""``audit``: read the whole chain of the audit trail again."""

import json

import click
from flask.cli import AppGroup

from app.platform.audit.broken_links import broken_words
from app.platform.work import long_reading
from kernel.audit_seals.seals import is_noted_seal
from kernel.audit_seals.verifying import TrailState, verify_trail

audit = AppGroup("audit", help="Look after the audit trail.")


@audit.command("verify")
@click.option("--json", "is_json", is_flag=True, help="Print JSON for programs.")
@click.option("--noted", metavar="SEAL", help="A seal that was written down earlier; it must still be in the chain.")
def verify(is_json: bool, noted: str | None) -> None:
    """Read every entry with its seal; exit 1 at the first link that does not hold, and name it."""
    with long_reading() as session:
        found = verify_trail(session)
        is_noted = noted is None or is_noted_seal(session, noted.strip().lower())
    click.echo(json.dumps(_as_json(found, is_noted)) if is_json else _as_words(found, is_noted))
    if found.broken is not None or not is_noted:
        raise SystemExit(1)


def _as_words(found: TrailState, is_noted: bool) -> str:
    lines = [f"{found.sealed:,} entries are as they were sealed; {found.unsealed:,} wait for their seal."]
    if found.last_seal is not None:
        lines.append(f"The last seal is of entry {found.last_entry_id}: {found.last_seal}")
    if found.broken is not None:
        lines = [f"{broken_words(found.broken)}.", f"The {found.sealed:,} entries before it are as they were sealed."]
    if not is_noted:
        lines.append("The seal that was noted is not in the chain: it was made anew, or its end was cut off.")
    return "\n".join(lines)


def _as_json(found: TrailState, is_noted: bool) -> dict[str, object]:
    link = found.broken
    return {
        "is_whole": link is None and is_noted,
        "sealed": found.sealed,
        "unsealed": found.unsealed,
        "last_entry": found.last_entry_id,
        "last_seal": found.last_seal,
        "is_noted_seal_there": is_noted,
        "broken": link
        and {
            "entry": link.entry_id,
            "what": link.what.value,
            "happened_at": link.happened_at and link.happened_at.isoformat(),
            "action": link.action,
            "subject_type": link.subject_type,
            "subject_id": link.subject_id,
            "sentence": f"{broken_words(link)}.",
        },
    }
