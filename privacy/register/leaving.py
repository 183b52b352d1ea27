"""What authorities take with them: for which keys exports are encrypted, and the exports themselves."""

from privacy.register.entries import FOR_GOOD, Holding

LEAVING = (
    Holding(
        table="export_recipient",
        title="Public keys for which the exports of an authority are encrypted",
        purpose="So that an authority can leave with everything, and nobody else opens what it takes with it",
        kept=FOR_GOOD,
        seen_by="HR leads of the authority, admins",
        acted=("added_by_account_id",),
        columns={
            "organisation_id": "Authority",
            "public_key": "The public key",
            "label": "Whose key it is, in words",
            "added_at": "When it was added",
            "added_by_account_id": "By whom",
            "removed_at": "When it was removed",
        },
    ),
    Holding(
        table="authority_export",
        title="Exports of everything, one each night",
        purpose="So that an authority can leave with everything, whatever becomes of the platform",
        kept="The row for good; its file for 14 days, and the newest until there is a newer one",
        seen_by="HR leads of the authority who may download rows, admins who may",
        acted=("asked_by_account_id",),
        columns={
            "organisation_id": "Authority",
            "night": "For which night it was made by itself",
            "asked_at": "When it was asked for",
            "asked_by_account_id": "By whom, where somebody asked",
            "keys": "Which public keys open it",
            "rows": "How many rows are in it",
            "files": "How many files are in it",
            "missing": "How many certificates have no file",
            "ready_at": "When it was ready",
            "ends_at": "Until when its file is kept",
        },
    ),
)
