"""Each opening of a list of names, in the audit trail: whoever may act on names is known to have seen them."""

from app.platform.access import who
from app.platform.work import unit_of_work
from kernel.audit import record
from kernel.clock import utc_now

LISTED = "names-listed"


def note_names_opened(which: str, **about: str | int | None) -> None:
    """Write down that the person who is signed in opens a list of names. ``about`` says of whom, and names nobody."""
    with unit_of_work() as work:
        record(
            work.session,
            action=LISTED,
            subject_type="list-of-names",
            subject_id=which,
            actor_account_id=who().account_id,
            now=utc_now(),
            detail={key: value for key, value in about.items() if value is not None},
        )
