"""Certificate looks of the demo's authorities, so that all three designs are there to be seen. Who signs is made up."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.looks.branding import Branding, Colours, Design, Signatory
from certificates.looks.branding_versions import save_branding
from people.accounts import Account

LOOKS = {
    "halton": Branding(
        design=Design.HORIZON,
        colours=Colours(main="#123c69", second="#8a3324", accent="#e9b44c"),
        signatories=(Signatory("Jordan Ashcroft", "Chief Executive"),),
    ),
    "liverpool": Branding(
        design=Design.FRAME,
        colours=Colours(main="#5b1247", second="#1d4d4f", accent="#d8973c"),
        signatories=(
            Signatory("Amara Whitfield", "Chief Executive"),
            Signatory("Nasreen O’Hare", "Leader of the Council"),
        ),
    ),
    "sefton": Branding(
        signatories=(
            Signatory("Siân Pritchard-Jones", "Chief Executive"),
            Signatory("Tunde Halloran", "Leader of the Council"),
        ),
    ),
    "wirral": Branding(
        design=Design.HORIZON,
        signatories=(Signatory("Mei Lin Fairclough", "Chief Executive"),),
    ),
}


def add_looks(session: Session, *, organisation_ids: Mapping[str, int], admin: str, now: datetime) -> None:
    """Store the looks as the first versions, saved by the account with the username ``admin``."""
    account_id = session.scalars(select(Account.id).where(Account.username == admin)).one()
    for slug, branding in LOOKS.items():
        save_branding(
            session,
            organisation_id=organisation_ids[slug],
            branding=branding,
            seen=0,
            account_id=account_id,
            now=now,
        )
