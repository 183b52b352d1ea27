"""What authorities brought in of what people completed before it was recorded here."""

from privacy.register.entries import FOR_GOOD, Fate, Holding, Section

_OF_AN_AUTHORITY = "HR leads of the authority, admins"
_TO_COUNT = "To count what people completed before it was recorded here, and to say where each fact comes from"

PAST_LEARNING = (
    Holding(
        table="history_run",
        title="Files of past learning",
        purpose=_TO_COUNT,
        kept=FOR_GOOD,
        seen_by=_OF_AN_AUTHORITY,
        acted=("planned_by_account_id", "wanted_by_account_id"),
        columns={
            "organisation_id": "Authority",
            "file_name": "Name of the file",
            "rows": "How many rows it has",
            "how_read": "How it was read, in sentences",
            "figures": "Which figures of past days it changes",
            "planned_at": "When it was planned",
            "planned_by_account_id": "By whom",
            "stage": "How far it is",
            "wanted_at": "When somebody asked for it to be applied or undone",
            "wanted_by_account_id": "By whom",
            "wanted": "How many rows are to be worked on",
            "done": "How many are done",
            "handled_id": "The last row that was worked on",
            "applied_at": "When it was applied",
            "undone_at": "When it was undone",
        },
    ),
    Holding(
        table="history_row",
        title="What files said that you completed",
        purpose=_TO_COUNT,
        kept="For good, without evidence once the person is erased. A row that belongs to nobody keeps the name that"
        " the file gave, until somebody says whose it is",
        seen_by="The person, HR leads of the authority, admins",
        section=Section.LEARNING,
        whose="person_id",
        acted=("matched_by_account_id",),
        fate=Fate.EMPTIED,
        columns={
            "run_id": "In which file",
            "row_number": "Which row of it",
            "outcome": "What became of it",
            "person_id": "Whose",
            "course_id": "Course",
            "completed_on": "The day",
            "source": "Where the file has it from",
            "evidence": "The evidence that it names",
            "said": "How the file names the person and the course, while the row belongs to nobody",
            "problems": "Why it cannot be used, or belongs to nobody",
            "suggested": "Whose it may be",
            "completion_id": "Which completion came of it",
            "undone_at": "When that was undone",
            "matched_at": "When somebody said whose it is",
            "matched_by_account_id": "Who said so",
        },
        emptied={"evidence": "", "said": {}},
    ),
    Holding(
        table="earlier_training_rule",
        title="By which rule an authority accepts earlier training",
        purpose="To say whether training from before somebody joined counts, on each day by the rule of that day",
        kept=FOR_GOOD,
        seen_by=_OF_AN_AUTHORITY,
        acted=("set_by_account_id",),
        columns={
            "organisation_id": "Authority",
            "course_id": "For which course; for every course without a rule of its own where it is empty",
            "accepts": "What counts",
            "months": "How old training may be on the first day",
            "holds_from": "From which day on",
            "set_at": "When it was set",
            "set_by_account_id": "By whom",
        },
    ),
    Holding(
        table="history_course_name",
        title="What an authority calls courses in its files of past learning",
        purpose="To know which course a file means",
        kept=FOR_GOOD,
        seen_by=_OF_AN_AUTHORITY,
        columns={
            "organisation_id": "Authority",
            "called": "Its name for the course",
            "course_id": "Course",
        },
    ),
)
