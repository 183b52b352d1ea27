"""How people come in for the first time, and records of one person that were two."""

from privacy.register.entries import FOR_GOOD, UNTIL_ERASED, Fate, Holding, Section

_OF_AN_AUTHORITY = "HR leads of the authority, admins"
_TO_LET_IN = "To let everybody in who has never signed in"

WAYS_IN = (
    Holding(
        table="way_in_choice",
        title="How the people of an authority come in for the first time",
        purpose=_TO_LET_IN,
        kept=FOR_GOOD,
        seen_by=_OF_AN_AUTHORITY,
        columns={
            "organisation_id": "Authority",
            "way": "Card or invitation",
            "usernames": "What new usernames are made of",
            "prefix": "What stands before payroll numbers",
            "changed_at": "When it was chosen",
        },
    ),
    Holding(
        table="way_in_round",
        title="Rounds of sign-in cards and invitations",
        purpose=_TO_LET_IN,
        kept=FOR_GOOD,
        seen_by=_OF_AN_AUTHORITY,
        acted=("asked_by_account_id",),
        columns={
            "organisation_id": "Authority",
            "way": "Cards or invitations",
            "asked_by_account_id": "Who asked for it",
            "asked_at": "When",
            "wanted": "For how many people",
        },
    ),
    Holding(
        table="way_in_batch",
        title="Sheets of sign-in cards, and invitations, by unit",
        purpose=_TO_LET_IN,
        kept=FOR_GOOD + "; the sheet itself for seven days",
        seen_by=_OF_AN_AUTHORITY + ", managers of the unit",
        columns={
            "round_id": "In which round",
            "unit_id": "Unit",
            "asked_at": "When it was asked for",
            "wanted": "For how many people",
            "done": "How many have got one",
            "ready_at": "When it was ready",
            "ends_at": "Until when the sheet is kept",
        },
    ),
    Holding(
        table="way_in_member",
        title="Sign-in cards and invitations that were made for you",
        purpose=_TO_LET_IN,
        kept=UNTIL_ERASED,
        seen_by=_OF_AN_AUTHORITY + ", managers of the unit",
        section=Section.SIGNING_IN,
        whose="person_id",
        fate=Fate.DELETED,
        columns={"batch_id": "On which sheet, or in which round", "person_id": "For whom"},
    ),
    Holding(
        table="person_merge",
        title="Records of yours that were made one",
        purpose="To bring together two records of one person, and to separate them again if they were not",
        kept=UNTIL_ERASED,
        seen_by="Admins, and HR leads of every authority that either record is of",
        section=Section.YOU,
        whose="kept_person_id",
        acted=("merged_by_account_id", "separated_by_account_id"),
        others=("merged_person_id", "account_switched_off"),
        fate=Fate.DELETED,
        columns={
            "kept_person_id": "The record that stayed",
            "merged_person_id": "The number of the record that went into it",
            "moved": "The numbers of the rows that moved",
            "account_switched_off": "The account that was switched off",
            "merged_at": "When",
            "merged_by_account_id": "By whom",
            "separated_at": "When they were separated again",
            "separated_by_account_id": "By whom they were separated",
        },
    ),
)
